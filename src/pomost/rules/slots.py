"""Which times can be agreed on beforehand: a technician's free slots within the vendor's hours.

Owns who is offered when. A slot lies whole within one stretch of opening hours and begins a whole number of slots after
that stretch does; it overlaps nothing that the technician is taken by, and begins no sooner than the lead from now. A
customer's own technician comes first: on a day on which they are free, nobody else is offered; on the others, and without
one, the line stands in (docs/explain/bookings.md). Refuses days that the calendar does not confirm: nobody knows yet
whether they are holidays. Keeps nothing for anybody: the action that books has the last word. Read next: calendar.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pomost.rules.calendar import Calendar, Span

Taken = Mapping[int, Sequence[Span]]
"""By technician's key, the times at which they cannot be booked: other bookings, visits, absences."""


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A time of one technician; the beginning included, the end not."""

    starts_at: datetime
    ends_at: datetime
    technician: int


@dataclass(frozen=True, slots=True)
class Line:
    """Whom a customer can have: their own technician, and those who stand in, in the order in which they are asked."""

    own: int | None
    others: tuple[int, ...]


def free_days(
    calendar: Calendar,
    slot: timedelta,
    lead: timedelta,
    line: Line,
    taken: Taken,
    *,
    now: datetime,
    days: int,
    look_ahead: int,
) -> tuple[tuple[date, tuple[FreeSlot, ...]], ...]:
    """Return the next days with free slots, by the local date of the calendar.

    Args:
        calendar: hours within which times are agreed.
        slot: length of one; above zero.
        lead: nobody is booked sooner than this from now.
        line: who is offered.
        taken: what fills their days.
        now: aware.
        days: how many days with a free slot are enough.
        look_ahead: how many days from today on are looked at.

    Raises:
        ValueError: `slot` is nothing or `now` is naive.
    """
    if slot <= timedelta(0):
        raise ValueError(f"A slot of {slot} is no time at all. Give a length above zero.")
    found: list[tuple[date, tuple[FreeSlot, ...]]] = []
    first = calendar.local_date(now)
    for place in range(look_ahead):
        day = first + timedelta(days=place)
        if calendar.confirmed_until is not None and day > calendar.confirmed_until:
            break
        starts = [start for start in _starts(calendar.hours_on(day), slot) if start >= now + lead]
        free = _of_day(starts, slot, line, taken)
        if free:
            found.append((day, free))
        if len(found) == days:
            break
    return tuple(found)


def is_free(busy: Sequence[Span], start: datetime, end: datetime) -> bool:
    """Whether nothing in `busy` overlaps the time from `start` to `end`; what only touches does not."""
    return all(each.end <= start or each.start >= end for each in busy)


def _of_day(starts: Sequence[datetime], slot: timedelta, line: Line, taken: Taken) -> tuple[FreeSlot, ...]:
    own = () if line.own is None else (line.own,)
    for group in (own, line.others):
        free = tuple(each for start in starts if (each := _first_free(start, slot, group, taken)) is not None)
        if free:
            return free
    return ()


def _first_free(
    start: datetime, slot: timedelta, technicians: Sequence[int], taken: Taken
) -> FreeSlot | None:
    for each in technicians:
        if is_free(taken.get(each, ()), start, start + slot):
            return FreeSlot(start, start + slot, each)
    return None


def _starts(hours: Sequence[Span], slot: timedelta) -> Iterator[datetime]:
    """Yield where slots can begin, in UTC: there an hour is an hour also in the night of a change of clocks."""
    for span in hours:
        start = span.start.astimezone(UTC)
        while start + slot <= span.end:
            yield start
            start += slot
