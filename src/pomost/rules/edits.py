"""What an edit of a calendar does to clocks that run: the time used so far stays, only the rest is counted anew.

Owns the step from the due time before an edit to the one after it, for many clocks at once and without their events:
a clock that has a due time is not paused, so between the edit and that time lies exactly what was left. A clock
asked whole (`clocks.run`) with the edited calendar gives the same. Read on: docs/explain/clocks.md, "When a calendar
is edited".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from pomost.rules.calendar import Calendar, NeverDue, NotPromised

NOTHING = timedelta(0)


class Rest(NamedTuple):
    """What was left of a clock when its calendar was edited, and when that is used up."""

    left: timedelta
    due_at: datetime | None
    """None: the edited calendar promises nothing that far."""


def rest_after(
    edited_at: datetime, old: Calendar, new: Calendar, running: Sequence[tuple[datetime, datetime]]
) -> list[Rest]:
    """Return the rest of each clock, given when it started and when it was due by `old`.

    `new` is `old` with what was changed at `edited_at` and after. A clock that was due by then keeps its due time.
    """
    starts = [max(edited_at, started_at) for started_at, _ in running]
    midnight = new.end_of_day(new.local_date(edited_at))
    today = new.worked(edited_at, midnight)
    lefts = old.worked_many(starts, [due_at for _, due_at in running])
    rest = [Rest(left, due_at) for left, (_, due_at) in zip(lefts, running, strict=True)]
    places = [place for place, left in enumerate(lefts) if left > NOTHING]
    # On the day of the edit two calendars meet, and each answer is slow: what is left after it is counted from its end.
    later = [place for place in places if starts[place] == edited_at and lefts[place] > today]
    amounts = dict(zip(places, (lefts[place] for place in places), strict=True))
    for place in later:
        starts[place], amounts[place] = midnight, lefts[place] - today
    dues = _dues(new, [starts[place] for place in places], list(amounts.values()))
    for place, due_at in zip(places, dues, strict=True):
        rest[place] = Rest(lefts[place], due_at)
    return rest


def _dues(
    calendar: Calendar, starts: Sequence[datetime], amounts: Sequence[timedelta]
) -> Sequence[datetime | None]:
    try:
        return calendar.add_many(starts, amounts)
    except (NotPromised, NeverDue):
        return [_due(calendar, start, amount) for start, amount in zip(starts, amounts, strict=True)]


def _due(calendar: Calendar, start: datetime, amount: timedelta) -> datetime | None:
    try:
        return calendar.add(start, amount)
    except (NotPromised, NeverDue):
        return None
