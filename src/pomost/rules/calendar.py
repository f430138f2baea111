"""Working time: when a vendor's desk is open, and what adding hours to an instant gives.

Owns opening hours by weekday with holidays, overrides and pauses, in one IANA time zone, correct under daylight
saving; eight conventions decide every edge (docs/explain/clocks.md). Refuses naive datetimes, promises past the
last confirmed day (`NotPromised`) and amounts that no opening hours can hold (`NeverDue`). It knows no events:
those are in `clocks.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

Hours = Sequence[tuple[int, int]]
"""Intervals of one local day in minutes from midnight: opening included, closing excluded; 1440 ends the day."""


class NotPromised(ValueError):
    """The answer lies past the last day whose holidays are confirmed."""


class NeverDue(ValueError):
    """The calendar has not enough working time within the horizon."""


class Span(NamedTuple):
    """A stretch of time between two instants, the first included and the last not."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """The opening hours of one desk.

    Raises:
        ValueError: an unknown zone; a weekday outside 0-6; an interval that is empty, reversed, outside the day or
            overlaps another of its day.
    """

    zone: str
    """IANA name, such as "Europe/Warsaw"."""
    week: Mapping[int, Hours] = field(hash=False)
    """Weekday (0 = Monday) to its hours; a missing weekday is closed."""
    holidays: Collection[date] = ()
    """Local dates without working time, unless `overrides` says otherwise."""
    overrides: Mapping[date, Hours] = field(default_factory=dict, hash=False)
    """Local dates with exactly these hours, holiday or not."""
    confirmed_until: date | None = None
    """The last local date whose holidays are known; None: no bound."""

    @classmethod
    def always(cls, zone: str) -> Calendar:
        """Return the calendar that is never closed: working time is elapsed time."""
        raise NotImplementedError

    def add(
        self,
        start: datetime,
        amount: timedelta,
        pauses: Iterable[tuple[datetime, datetime]] = (),
        backward: bool = False,
    ) -> datetime:
        """Return the instant at which `amount` of working time since `start` is used up, in the calendar's zone.

        Ends at the closing instant when the amount ends there; a zero amount moves to the next opening (or, with
        `backward`, to the last closing) if `start` is outside working time. A negative amount goes backward.

        Raises:
            NotPromised: the answer lies past `confirmed_until`.
            NeverDue: there is not enough working time within the horizon.
            ValueError: a naive datetime.
        """
        raise NotImplementedError

    def add_many(self, starts: Sequence[datetime], amounts: Sequence[timedelta]) -> list[datetime]:
        """Return `add(start, amount)` for each pair; faster than a loop over `add`."""
        raise NotImplementedError

    def worked(
        self, start: datetime, end: datetime, pauses: Iterable[tuple[datetime, datetime]] = ()
    ) -> timedelta:
        """Return the working time from `start` to `end`; zero when `end` is before `start`."""
        raise NotImplementedError

    def is_open(self, at: datetime) -> bool:
        """Return whether `at` is working time; the closing instant is not."""
        raise NotImplementedError

    def next_opening(self, at: datetime) -> datetime:
        """Return `at` if the desk is open then, else the next opening."""
        raise NotImplementedError

    def is_working_day(self, day: date) -> bool:
        """Return whether the local date has any working hours."""
        raise NotImplementedError

    def working_day_after(self, day: date, days: int) -> date:
        """Return the `days`-th working day after `day` (1 = the next one); 0 gives `day` itself.

        Raises:
            NotPromised, NeverDue: as in `add`.
        """
        raise NotImplementedError

    def working_days(self, first: date, last: date) -> int:
        """Return the number of working days from `first` to `last`, both included."""
        raise NotImplementedError

    def hours_on(self, day: date) -> tuple[Span, ...]:
        """Return the opening hours of a local date as instants, in order."""
        raise NotImplementedError
