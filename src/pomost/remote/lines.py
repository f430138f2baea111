"""The desk's way to the running sessions: what an action has decided is told to the engine, which tells the two ends.

Owns the shape that the engine's hub has and the one place where the application connects it. Refuses to know the
engine: pages import this, `config` imports both. Call these after the transaction, with what it has stored.
"""

from typing import Protocol

from pomost.wire.control import AskEstimate


class Lines(Protocol):
    """What can be told to running sessions. Every call returns at once and is safe from any thread."""

    def answered(self, session: str, offer: bytes, signature: bytes) -> None:
        """A technician took the call; both ends may have the signed offer."""
        ...

    def declined(self, session: str, why: str) -> None:
        """Nobody takes the call; `why` is shown to the caller."""
        ...

    def estimate_asked(self, session: str, estimate: AskEstimate) -> None:
        """The customer is to answer a price; until then no time is counted."""
        ...

    def estimate_decided(self, session: str, estimate: str, *, accepted: bool, go_on: bool, why: str) -> None:
        """The customer answered a price elsewhere than in the app; `why` is shown where it ends the session."""
        ...

    def end(self, session: str, why: str) -> None:
        """End a session for good; `why` is shown to both ends."""
        ...

    def board_changed(self, vendor: str) -> None:
        """Something on the vendor's board changed; its open pages ask again."""
        ...

    def people_changed(self, vendor: str) -> None:
        """A technician's presence or description changed; waiting apps get the new list."""
        ...


class NoLines:
    """No engine runs in this process (a command, a test of actions), so no session runs either and nobody is told."""

    def answered(self, session: str, offer: bytes, signature: bytes) -> None:
        """Tell nobody."""

    def declined(self, session: str, why: str) -> None:
        """Tell nobody."""

    def estimate_asked(self, session: str, estimate: AskEstimate) -> None:
        """Tell nobody."""

    def estimate_decided(self, session: str, estimate: str, *, accepted: bool, go_on: bool, why: str) -> None:
        """Tell nobody."""

    def end(self, session: str, why: str) -> None:
        """Tell nobody."""

    def board_changed(self, vendor: str) -> None:
        """Tell nobody."""

    def people_changed(self, vendor: str) -> None:
        """Tell nobody."""


_connected: Lines = NoLines()


def connect(lines: Lines) -> None:
    """Tell everything to `lines` from now on. The application does it once, when it starts."""
    global _connected
    _connected = lines


def lines() -> Lines:
    """Return what is connected; before that, lines that tell nobody."""
    return _connected
