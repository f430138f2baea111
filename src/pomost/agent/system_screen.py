"""The screen of the system this runs on: `SystemScreen` is `screen_x11.X11Screen` or `screen_windows.WindowsScreen`.

It owns the choice, made once at the import, and nothing else. There is none for macOS yet; the import then finds no X server to ask.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    from pomost.agent.screen_windows import WindowsScreen as SystemScreen
else:
    from pomost.agent.screen_x11 import X11Screen as SystemScreen

__all__ = ("SystemScreen",)
