"""Counts the time of a session: from the first grant to the end, breaks and holds left out.

Pure: every call is told the time, in monotonic milliseconds, and time that goes back is refused.
Which states count is decided in wire/life.py; what the time costs, by the desk.
"""

from .errors import LocalProtocolError


class Meter:
    """A stopwatch that never loses or doubles a millisecond."""

    def __init__(self) -> None:
        self._counted_ms = 0
        self._since_ms: int | None = None
        self._last_ms: int | None = None

    @property
    def running(self) -> bool:
        """Whether time is being counted."""
        return self._since_ms is not None

    def run(self, counting: bool, now_ms: int) -> None:
        """Start or stop counting at `now_ms`; saying the same twice changes nothing.

        Raises:
            LocalProtocolError: `now_ms` lies before an earlier call.
        """
        counted = self.counted_ms(now_ms)
        if counting is not self.running:
            self._counted_ms = counted
            self._since_ms = now_ms if counting else None

    def counted_ms(self, now_ms: int) -> int:
        """Return all that was counted until `now_ms`, in milliseconds.

        Raises:
            LocalProtocolError: `now_ms` lies before an earlier call.
        """
        if self._last_ms is not None and now_ms < self._last_ms:
            raise LocalProtocolError(
                f"The meter was told {now_ms} ms after {self._last_ms} ms: time went back."
            )
        self._last_ms = now_ms
        return self._counted_ms + (0 if self._since_ms is None else now_ms - self._since_ms)
