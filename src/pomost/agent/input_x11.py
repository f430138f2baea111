"""Mouse and keyboard of an X11 screen, moved by XTEST.

It owns the X connection that can inject, and the buttons it holds; only the guard's process makes one. It refuses to start
without XTEST. It does not judge events; see `guard` for who may, `keyboard_x11` for how text is typed.
"""

from __future__ import annotations

import sys

assert sys.platform != "win32", "X11 is not what Windows listens to; see input_windows."

from Xlib import X, display, error
from Xlib.ext import xtest

from pomost.agent.input import Event, InputUnavailable
from pomost.agent.keyboard_x11 import Keyboard
from pomost.wire import peer

WHEEL_NOTCH = 120
"""Units of the protocol's wheel that make one X11 wheel click."""

WHEEL_NOTCHES_MAX = 30
"""Most clicks of one message: a stuck wheel must not scroll for minutes."""

_BUTTONS = {0: 1, 1: 2, 2: 3, 3: 8, 4: 9}
_WHEEL_UP, _WHEEL_DOWN, _WHEEL_LEFT, _WHEEL_RIGHT = 4, 5, 6, 7


class X11Injector:
    """Carries events out on the X server `display_name` (None means $DISPLAY). Not thread-safe."""

    def __init__(self, display_name: str | None = None) -> None:
        """Connect.

        Raises:
            InputUnavailable: no X server answers, or it lacks XTEST.
        """
        try:
            self._display = display.Display(display_name)
        except (error.DisplayError, error.XauthError, OSError) as refused:
            raise InputUnavailable(
                f"The X server {display_name or '($DISPLAY)'} does not answer: {refused}"
            ) from refused
        if not self._display.has_extension("XTEST"):
            self._display.close()
            raise InputUnavailable(
                "This X server has no XTEST extension, so nobody can help with mouse and keyboard."
            )
        self._keyboard = Keyboard(self._display)
        self._held: set[int] = set()
        self._turned_x = self._turned_y = 0
        self._let_go_of_leftovers()

    def _let_go_of_leftovers(self) -> None:
        """Release what an injector that was killed still held.

        Whatever is down is released on XTEST's own devices; what the customer holds is held on another device and stays down.
        """
        for place, byte in enumerate(self._display.query_keymap()):
            for bit in range(8):
                if byte >> bit & 1:
                    xtest.fake_input(self._display, X.KeyRelease, 8 * place + bit)
        mask = self._display.screen().root.query_pointer().mask
        for button in range(1, 6):
            if mask & X.Button1Mask << (button - 1):
                xtest.fake_input(self._display, X.ButtonRelease, button)
        self._display.sync()

    def inject(self, event: Event, now_ms: int) -> int:
        """Carry `event` out; returns 0, or the ms to wait before asking again (see `input.Injector`)."""
        wait_ms = 0
        match event:
            case peer.Move(x=x, y=y):
                self._move(x, y)
            case peer.Button(button=button, down=down, x=x, y=y):
                self._move(x, y)
                self._button(_BUTTONS[button], down)
            case peer.Wheel(dx=dx, dy=dy, x=x, y=y):
                self._move(x, y)
                self._turned_x = self._turn(self._turned_x + dx, _WHEEL_LEFT, _WHEEL_RIGHT)
                self._turned_y = self._turn(self._turned_y + dy, _WHEEL_UP, _WHEEL_DOWN)
            case peer.KeyStroke():
                wait_ms = self._keyboard.key(event, now_ms)
            case peer.TypedText(text=text):
                if len(text) != 1:
                    raise ValueError(
                        f"{len(text)} characters in one event; the guard hands them over one by one"
                    )
                wait_ms = self._keyboard.character(text, now_ms)
            case peer.ReleaseAll():
                self.release_all()
        self._display.flush()
        return wait_ms

    def release_all(self) -> None:
        """Let go of every button and modifier, and have it done before returning."""
        for button in sorted(self._held):
            xtest.fake_input(self._display, X.ButtonRelease, button)
        self._held.clear()
        self._keyboard.release_all()
        self._display.sync()

    def close(self) -> None:
        """Release everything, give borrowed keycodes back and leave the X server."""
        self.release_all()
        self._keyboard.give_back()
        self._display.close()

    def _move(self, x: int, y: int) -> None:
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)

    def _button(self, button: int, down: bool) -> None:
        if down == (button in self._held):
            return
        xtest.fake_input(self._display, X.ButtonPress if down else X.ButtonRelease, button)
        self._held.symmetric_difference_update({button})

    def _turn(self, turned: int, back: int, forth: int) -> int:
        """Click the wheel for every whole notch; returns what is left over for the next turn."""
        notches = int(turned / WHEEL_NOTCH)
        for _ in range(min(abs(notches), WHEEL_NOTCHES_MAX)):
            for kind in (X.ButtonPress, X.ButtonRelease):
                xtest.fake_input(self._display, kind, forth if notches > 0 else back)
        return turned - notches * WHEEL_NOTCH
