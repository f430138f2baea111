"""Gives a window of the guard an outline that is no rectangle, and lets every click through it: a region and two window styles of Windows.

It owns nothing that lasts: Windows owns a region once a window has it.
"""

from __future__ import annotations

import sys

assert sys.platform == "win32", "Regions are Windows'; see outline_x11."

import tkinter as tk
from collections.abc import Sequence

from pomost.agent import win32
from pomost.agent.picture import Rect

_ROOT = 2
_OPAQUE = 255


class Outline:
    """Cuts windows out on this desktop."""

    def cut(self, top: tk.Toplevel, rectangles: Sequence[Rect]) -> None:
        """Give `top` this outline and let clicks through."""
        window = win32.user32.GetAncestor(top.winfo_id(), _ROOT)
        region = win32.gdi32.CreateRectRgn(0, 0, 0, 0)
        for rectangle in rectangles:
            part = win32.gdi32.CreateRectRgn(rectangle.x, rectangle.y, rectangle.right, rectangle.bottom)
            win32.gdi32.CombineRgn(region, region, part, win32.RGN_OR)
            win32.gdi32.DeleteObject(part)
        win32.user32.SetWindowRgn(window, region, True)
        style = win32.user32.GetWindowLongW(window, win32.GWL_EXSTYLE)
        through = win32.WS_EX_TRANSPARENT | win32.WS_EX_LAYERED | win32.WS_EX_NOACTIVATE
        win32.user32.SetWindowLongW(window, win32.GWL_EXSTYLE, style | through)
        win32.user32.SetLayeredWindowAttributes(window, 0, _OPAQUE, win32.LWA_ALPHA)
