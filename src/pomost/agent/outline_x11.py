"""Gives a window of the guard an outline that is no rectangle, and lets every click through it: X11's SHAPE extension, which Tk lacks.

It owns a connection of its own. Where the server has no SHAPE the window stays a rectangle.
"""

from __future__ import annotations

import sys
import tkinter as tk
from collections.abc import Sequence

assert sys.platform != "win32", "SHAPE is X11's; see outline_windows."

from Xlib import X, display
from Xlib.ext import shape

from pomost.agent.picture import Rect


class Outline:
    """Cuts windows out on the X server of $DISPLAY."""

    def __init__(self) -> None:
        """Connect."""
        self._display = display.Display()

    def cut(self, top: tk.Toplevel, rectangles: Sequence[Rect]) -> None:
        """Give `top` this outline and let clicks through."""
        if not self._display.has_extension("SHAPE"):
            return
        window = self._display.create_resource_object("window", int(top.wm_frame(), 16))
        outline = [tuple(rectangle) for rectangle in rectangles]
        for kind, parts in ((shape.SK.Bounding, outline), (shape.SK.Input, [])):
            shape.Rectangles(
                display=self._display.display,
                opcode=self._display.display.get_extension_major(shape.extname),
                operation=shape.SO.Set,
                destination_kind=kind,
                ordering=X.Unsorted,
                destination_window=window,
                x_offset=0,
                y_offset=0,
                rectangles=parts,
            )
        self._display.flush()
