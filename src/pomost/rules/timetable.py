"""Opening hours laid out as sorted whole numbers, so that adding working time is two binary searches.

Owns the table behind a `Calendar`: every opening and closing of a range of years in microseconds since 1970 (UTC),
with the running sum of working time. Refuses nothing and knows no conventions of promises. Read by `calendar.py` and
`walltable.py`, which takes the same sums to the wall clock.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

SECOND_US: Final = 1_000_000
DAY_US: Final = 86_400 * SECOND_US
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

BEFORE_ALL: Final = -(10**18)
"""An instant before every table (some 30,000 years back): the empty first row that spares the searches a special case."""


def us_of(at: datetime) -> int:
    """Return an aware datetime as microseconds since 1970.

    Raises:
        ValueError: it is naive.
    """
    try:
        since = at - EPOCH
    except TypeError:
        raise ValueError(
            f"{at!r} has no time zone. Give an aware datetime: the same wall clock is many instants."
        ) from None
    return (since.days * 86_400 + since.seconds) * SECOND_US + since.microseconds


def us_in(amount: timedelta) -> int:
    """Return a duration in microseconds."""
    return (amount.days * 86_400 + amount.seconds) * SECOND_US + amount.microseconds


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order, empty ones left out, touching and overlapping ones joined."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


@dataclass(frozen=True, slots=True)
class Timetable:
    """Openings and closings of whole local years; row 0 is empty and lies before all of them.

    `low_us` and `high_us` are the midnights that bound those years: outside them the table says nothing.
    """

    first_year: int
    last_year: int
    low_us: int
    high_us: int
    opens: list[int]
    closes: list[int]
    through: list[int]
    """Working time from the first opening through the closing of the row."""

    @classmethod
    def of(
        cls, first_year: int, last_year: int, low_us: int, high_us: int, spans: Iterable[tuple[int, int]]
    ) -> Timetable:
        """Return the table of these open spans, in any order."""
        opens, closes, through = [BEFORE_ALL], [BEFORE_ALL], [0]
        for start, end in merged(spans):
            opens.append(start)
            closes.append(end)
            through.append(through[-1] + end - start)
        return cls(first_year, last_year, low_us, high_us, opens, closes, through)

    def worked_until(self, at: int) -> int:
        """Return the working time from the first opening to `at`."""
        row = bisect_right(self.opens, at) - 1
        return self.through[row] - max(self.closes[row] - at, 0)

    def forward(self, at: int, amount: int) -> int | None:
        """Return when `amount` since `at` is used up, closing instants included; zero: the next opening.

        None: it is not in this table.
        """
        if not amount:
            return self._open_from(at)
        target = self.worked_until(at) + amount
        row = bisect_left(self.through, target)
        if row == len(self.through):
            return None
        return self.closes[row] - (self.through[row] - target)

    def backward(self, at: int, amount: int) -> int | None:
        """Return the instant from which `amount` passes until `at`, openings included; zero: the last closing.

        None: it is not in this table.
        """
        if not amount:
            return self._open_until(at)
        target = self.worked_until(at) - amount
        if target < 0:
            return None
        row = bisect_right(self.through, target)
        return self.opens[row] + target - self.through[row - 1]

    def is_open(self, at: int) -> bool:
        """Return whether `at` is working time; the closing instant is not."""
        return at < self.closes[bisect_right(self.opens, at) - 1]

    def _open_from(self, at: int) -> int | None:
        if self.is_open(at):
            return at
        row = bisect_right(self.opens, at)
        return self.opens[row] if row < len(self.opens) else None

    def _open_until(self, at: int) -> int | None:
        row = bisect_left(self.opens, at) - 1
        return min(self.closes[row], at) if row else None
