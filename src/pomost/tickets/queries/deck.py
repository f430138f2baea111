"""The day's deck: the hours of a day as planks, with a post for each promise that falls due in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from pomost.rules.calendar import Calendar, Span
from pomost.tickets.queries.next_step import Risk

DAYS_SHOWN = 3
DAYS_SEARCHED = 14
"""A desk that is closed for longer than this shows no further day."""


@dataclass(frozen=True, slots=True)
class DeckPost:
    """A promise on the deck."""

    at: datetime
    percent: Decimal
    """Of the day's working time, 0 to 100."""
    risk: Risk
    number: str
    ticket_id: int


@dataclass(frozen=True, slots=True)
class DeckDay:
    """One day with its hours and what falls due in it."""

    day: date
    hours: tuple[Span, ...]
    posts: tuple[DeckPost, ...]
    now_percent: Decimal | None
    """Where now is; None on other days."""
    late: int
    """How many promises are late already; counted on the first day only, and drawn at its beginning."""


@dataclass(frozen=True, slots=True)
class Due:
    """A moment of a ticket that the deck may show."""

    at: datetime
    risk: Risk
    number: str
    ticket_id: int


def deck(calendar: Calendar, due: Iterable[Due], now: datetime) -> tuple[DeckDay, ...]:
    """Return today, if it is a working day, and the next ones, three in all; what is late stands at the very left."""
    today = calendar.local_date(now)
    days = [today + timedelta(days=ahead) for ahead in range(DAYS_SEARCHED)]
    working = [day for day in days if calendar.is_working_day(day)][:DAYS_SHOWN]
    moments = sorted(due, key=lambda each: each.at)
    return tuple(_day(calendar, day, moments, now, is_first=place == 0) for place, day in enumerate(working))


def _day(calendar: Calendar, day: date, due: Sequence[Due], now: datetime, *, is_first: bool) -> DeckDay:
    hours = calendar.hours_on(day)
    here = [each for each in due if each.risk is not Risk.LATE and calendar.local_date(each.at) == day]
    late = [each for each in due if each.risk is Risk.LATE] if is_first else []
    posts = [DeckPost(each.at, Decimal(0), each.risk, each.number, each.ticket_id) for each in late]
    posts += [
        DeckPost(each.at, percent_of(hours, each.at), each.risk, each.number, each.ticket_id) for each in here
    ]
    is_today = calendar.local_date(now) == day
    return DeckDay(day, hours, tuple(posts), percent_of(hours, now) if is_today else None, len(late))


def percent_of(hours: Sequence[Span], at: datetime) -> Decimal:
    """Return how much of the hours has passed at `at`, 0 to 100, to two digits."""
    whole = sum((span.end - span.start for span in hours), timedelta())
    passed = sum((max(min(at, span.end) - span.start, timedelta()) for span in hours), timedelta())
    return (Decimal(100) * (passed // timedelta(seconds=1)) / (whole // timedelta(seconds=1))).quantize(
        Decimal("0.01")
    )
