"""What an edit of a calendar does to clocks that run: the time used so far stays, only the rest is counted anew.

Owns the step from the due time before an edit to the one after it, for all clocks of a calendar at once and without
their events: a clock that has a due time is not paused, so between the edit and that time lies exactly what was left, and
all clocks that were due in one stretch of opening hours move by as much. A clock asked whole (`clocks.run`) with the
edited calendar gives the same. Read on: docs/explain/clocks.md, "When a calendar is edited".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from pomost.rules.calendar import LAST_YEAR, Calendar
from pomost.rules.timetable import us_of

REACH: Final = timedelta(days=5 * 366)
"""How far from the edit stretches are laid out. A clock that is due later is asked whole."""


class Shift(NamedTuple):
    """A stretch of due times by the calendar before the edit, which all move by as much; in microseconds since 1970."""

    after_us: int
    """A clock due at this very moment does not belong to it."""
    through_us: int
    """One due at this moment does."""
    by_us: int
    """How much later they are due now; negative: earlier."""
    left_us: int
    """Working time from the edit to `through_us`, by the calendar before: what was left of a clock due then."""


def shifts(edited_at: datetime, old: Calendar, new: Calendar, until: datetime) -> list[Shift]:
    """Return how due times after `edited_at` move, in order, for clocks that had started by then.

    `new` is `old` with what was changed at `edited_at` and after; no clock is due later than `until`. A due time in none
    of the stretches cannot be moved this way: `new` promises nothing there, or `old` has no working time at it.
    """
    last = min(until, edited_at + REACH)
    were, are = _openings(old, edited_at, last), _openings(new, edited_at, edited_at + REACH)
    found: list[Shift] = []
    was, now, left = next(were, None), next(are, None), 0
    while was and now:
        (was_from, was_to), (now_from, now_to) = was, now
        both = min(was_to - was_from, now_to - now_from)
        left += both
        found.append(Shift(was_from, was_from + both, now_from - was_from, left))
        was = (was_from + both, was_to) if was_from + both < was_to else next(were, None)
        now = (now_from + both, now_to) if now_from + both < now_to else next(are, None)
    return found


def _openings(calendar: Calendar, since: datetime, until: datetime) -> Iterator[tuple[int, int]]:
    """Yield the opening hours from `since` through the day of `until`, as far as their holidays are confirmed."""
    start, day, last = us_of(since), calendar.local_date(since), calendar.local_date(until)
    if calendar.confirmed_until is not None:
        last = min(last, calendar.confirmed_until)
    while day <= last and day.year <= LAST_YEAR:
        for opens, closes in calendar.hours_on(day):
            if start < us_of(closes):
                yield max(start, us_of(opens)), us_of(closes)
        day += timedelta(days=1)
