"""What the guard needs of the system this runs on: the injector, the customer's own hands, the outline of a window.

It owns the choice, made once at the import, and nothing else: `…_x11` modules or `…_windows` ones. Only the guard's process imports it.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    from pomost.agent.hands_windows import Hands
    from pomost.agent.input_windows import WindowsInjector as SystemInjector
    from pomost.agent.outline_windows import Outline
else:
    from pomost.agent.hands_x11 import Hands
    from pomost.agent.input_x11 import X11Injector as SystemInjector
    from pomost.agent.outline_x11 import Outline

__all__ = ("Hands", "Outline", "SystemInjector")
