"""What the picture needs of a screen, and the interface each system's screen has.

It owns the shapes and the one exception; `screen_x11` and `screen_windows` capture. It decides nothing about consent: `streamer` holds a
screen only while the customer allows looking.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from PIL import Image

from pomost.agent.picture import Rect


class ScreenUnavailable(Exception):
    """The screen cannot be shown; the message says why and what to do."""


class CursorShape(NamedTuple):
    """The pointer's picture: `pixels` is RGBA, `hot_x`, `hot_y` the pixel that points."""

    width: int
    height: int
    hot_x: int
    hot_y: int
    pixels: bytes


class Noticed(NamedTuple):
    """What happened on the screen since the last call."""

    damaged: list[Rect]
    """Rectangles drawn into, clipped to the screen; they may hold the same pixels as before."""
    moved: bool
    """The pointer moved."""
    reshaped: bool
    """The pointer's picture changed."""
    resized: bool
    """The screen has another size now; everything must be sent again."""


class Screen(Protocol):
    """One screen. Used by one thread, `wake` apart; every call may raise ScreenUnavailable when the screen is gone."""

    width: int
    height: int

    def notice(self) -> Noticed:
        """What has happened, without waiting for more."""
        ...

    def settle(self) -> None:
        """Begin a new account of damage. Call before `grab`: what is drawn later than this is reported again."""
        ...

    def grab(self, rect: Rect) -> Image.Image:
        """The pixels of `rect`, RGB."""
        ...

    def layout(self) -> str:
        """The keyboard layouts, such as "pl" or "us,ru"; empty when the system does not tell."""
        ...

    def pointer(self) -> tuple[int, int]:
        """Where the pointer is, in pixels."""
        ...

    def cursor_shape(self) -> CursorShape | None:
        """The pointer's present picture; None when the system cannot tell."""
        ...

    def wait(self, timeout_s: float | None) -> None:
        """Sleep until there may be news, `wake` was called, or `timeout_s` passed."""
        ...

    def wake(self) -> None:
        """End the present or the next `wait` at once. Thread-safe until `close`."""
        ...

    def close(self) -> None:
        """Leave the screen."""
        ...
