"""One year of a calendar as people read it: which days are open, which are not, and why.

Owns the order in which reasons hold (the desk's own exception, an exception of the terms, a public holiday, the week) and
what is not known yet. Reads only. Read next: calendars.py, calendar_edits.py.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pomost.contracts.calendars import CalendarBook, days_of, hours_of
from pomost.contracts.models import CalendarEdit
from pomost.rules.hours import Hours
from pomost.rules.terms.parts import Hours as TermsHours


class Reason(StrEnum):
    """Why a day has the hours that it has."""

    WEEK = "week"
    HOLIDAY = "holiday"
    """A public holiday of the country."""
    TERMS = "terms"
    """The terms name this day."""
    DESK = "desk"
    """The desk made an exception."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of a calendar."""

    day: date
    hours: Hours
    """Empty: closed."""
    reason: Reason
    name: str
    """Of the holiday or the exception; empty where nobody named it."""
    is_confirmed: bool
    """False: the holidays of that day are not known, so nothing is promised there."""
    is_shortened: bool
    """Open, and shorter than its weekday."""


def year_of(published: TermsHours, book: CalendarBook, year: int) -> tuple[CalendarDay, ...]:
    """Return each day of a year by a calendar of the terms and the exceptions that hold now."""
    made = {day: edit for edit in book.exceptions(published.id) for day in days_of(edit)}
    return tuple(_day(published, made, day) for day in _days(year))


def _days(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def _day(published: TermsHours, made: Mapping[date, CalendarEdit], day: date) -> CalendarDay:
    calendar, name = published.calendar, published.holiday_names.get(day, "")
    usual = calendar.week.get(day.weekday(), ())
    if day in made:
        hours, reason, name = hours_of(made[day]), Reason.DESK, made[day].note or name
    elif day in calendar.overrides:
        hours, reason = calendar.overrides[day], Reason.TERMS
    elif day in calendar.holidays:
        hours, reason = (), Reason.HOLIDAY
    else:
        hours, reason, name = usual, Reason.WEEK, ""
    last = calendar.confirmed_until
    return CalendarDay(
        day,
        hours,
        reason,
        name,
        is_confirmed=last is None or day <= last,
        is_shortened=bool(hours) and _minutes(hours) < _minutes(usual),
    )


def _minutes(hours: Hours) -> int:
    return sum(closes - opens for opens, closes in hours)
