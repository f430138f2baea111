"""Has work done in Tk's thread when another thread asks for it.

It owns the queue and the waking. On POSIX Tk waits on a pipe. On Windows Tk can wait on none, and to call Tk from another thread means to wait for it;
there the queue is looked into every `LOOK_EVERY_MS`.
"""

from __future__ import annotations

import os
import queue
import sys
import tkinter as tk
from collections.abc import Callable
from contextlib import suppress

LOOK_EVERY_MS = 15


class TkWake:
    """One per Tk root. Work may be posted before `attach`; it is done after it."""

    def __init__(self) -> None:
        """Prepare."""
        self._to_do: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        if sys.platform != "win32":
            self._wake_read, self._wake_write = os.pipe()
            os.set_blocking(self._wake_read, False)
            os.set_blocking(self._wake_write, False)

    def attach(self, root: tk.Tk) -> None:
        """Do the work in the thread that calls this, which runs `root`'s loop."""
        self._root = root
        if sys.platform == "win32":
            self._look()
        else:
            root.createfilehandler(self._wake_read, tk.READABLE, self._woken)

    def post(self, action: Callable[[], None]) -> None:
        """Have `action` done in Tk's thread. Thread-safe; returns at once."""
        self._to_do.put(action)
        if sys.platform != "win32":
            with suppress(BlockingIOError):  # so many wakings wait already that one more means nothing
                os.write(self._wake_write, b"\0")

    if sys.platform == "win32":

        def _look(self) -> None:
            self._root.after(LOOK_EVERY_MS, self._look)
            self._do_what_waits()

    else:

        @property
        def signal_fd(self) -> int:
            """For `signal.set_wakeup_fd`: Tk sleeps in C, and this lets Python see a signal."""
            return self._wake_write

        def _woken(self, *_unused: object) -> None:
            with suppress(BlockingIOError):
                os.read(self._wake_read, 4096)
            self._do_what_waits()

    def _do_what_waits(self) -> None:
        while not self._to_do.empty():
            self._to_do.get()()
