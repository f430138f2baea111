"""What may be done to the customer's mouse and keyboard, and the interface each system's injector has.

It owns the list of messages that are input at all (`INPUTS`) and the injector's shape. It refuses nothing itself: `guard`
decides who may, `input_x11` carries out on X11. The messages and their bounds are those of `pomost.wire.peer`.
"""

from __future__ import annotations

from typing import Protocol, TypeAlias

from pomost.wire import peer

Event: TypeAlias = peer.Move | peer.Button | peer.Wheel | peer.KeyStroke | peer.TypedText | peer.ReleaseAll

INPUTS = (peer.Move, peer.Button, peer.Wheel, peer.KeyStroke, peer.TypedText, peer.ReleaseAll)
"""The messages an injector understands."""


class InputUnavailable(Exception):
    """This computer takes no input from programs; the message says why."""


class Injector(Protocol):
    """Carries events out on one system. Not thread-safe: the guard calls it under its lock."""

    def inject(self, event: Event, now_ms: int) -> int:
        """Carry `event` out and return 0, or return in how many ms it can be (nothing was done then; ask again).

        A `TypedText` must hold one character; the guard cuts a text into characters, so that a stop falls between two.
        """
        ...

    def release_all(self) -> None:
        """Let go of every key and button this injector holds; done when it returns."""
        ...

    def close(self) -> None:
        """Release everything and leave the keyboard as it was found."""
        ...
