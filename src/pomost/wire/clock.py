"""The clock that desk, engine and agent are given when they are made.

Nothing below reads the time by itself. Tests pass a clock of their own; production passes
`SystemClock`, and there is no switch between the two.
"""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the date for records and a steady count for durations."""

    def now(self) -> datetime:
        """Return the date and time, aware, for what is stored and shown."""
        ...

    def monotonic_ms(self) -> int:
        """Return milliseconds that never go back, for durations only; the zero means nothing."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)

    def monotonic_ms(self) -> int:
        """Return whole milliseconds since some fixed moment; setting the date does not move them."""
        return time.monotonic_ns() // 1_000_000
