"""One year of a calendar as people read it: which days are open, which are not, and why; and what an owner has to look at.

Owns the order in which reasons hold (the desk's own exception, an exception of the terms, a public holiday, the week), what
is not known yet, which year is to be confirmed soon, and the days of which the catalogue of holidays says something else by
now. Reads only. Read next: calendars.py, calendar_edits.py, holiday_actions.py.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from pomost.contracts.calendars import CalendarBook, days_of, hours_of
from pomost.contracts.errors import NoTermsInForce
from pomost.contracts.holiday_years import Difference, Differs, differences, holidays_in
from pomost.contracts.models import CalendarEdit, HolidayYear
from pomost.contracts.public_holidays import CATALOGUE, proposed_year
from pomost.contracts.queries import terms_in_force
from pomost.people.models import Vendor
from pomost.rules.calendar import Calendar
from pomost.rules.hours import Hours
from pomost.rules.terms.parts import Hours as TermsHours
from pomost.rules.terms.parts import hours_by_transfer

REMIND: Final = timedelta(weeks=8)
"""How long before the confirmed time ends the owner is reminded: longer than the longest promise counts ahead."""


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


@dataclass(frozen=True, slots=True)
class YearDue:
    """A year that is to be confirmed, because the confirmed time ends soon or has ended."""

    calendar: str
    """Key of a calendar that waits for it; others may follow the same country."""
    year: int
    last_day: date
    """The last day whose holidays are known."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A day of which the catalogue says something else than the desk took, and what would follow for this calendar."""

    difference: Difference
    hours: Hours
    """Empty: closed."""


def years_due(vendor: Vendor, today: date) -> tuple[YearDue, ...]:
    """Return the years that the owner should look through by now, one for each country that calendars in force follow."""
    try:
        _version, terms = terms_in_force(vendor, today)
    except NoTermsInForce:
        return ()
    found: dict[tuple[str, str], YearDue] = {}
    for hours in CalendarBook.of(vendor.pk).applied_to(terms).hours:
        last = hours.calendar.confirmed_until
        if hours.country and last is not None and last - today <= REMIND:
            found.setdefault((hours.country, hours.subdivision), YearDue(hours.id, last.year + 1, last))
    return tuple(found.values())


def suggestions(
    published: TermsHours, book: CalendarBook, vendor: Vendor, year: int, today: date
) -> tuple[Suggestion, ...]:
    """Return where the catalogue of holidays differs from what was taken for a year, in days that are still to come.

    Only a newer catalogue than the one that proposed the year says anything. Days that the terms or the desk named otherwise
    are left out, and those whose hours would stay as they are.
    """
    taken = HolidayYear.objects.filter(
        vendor=vendor, country=published.country, subdivision=published.subdivision, year=year
    ).first()
    if taken is None or year < today.year or taken.proposed_by == CATALOGUE:
        return ()  # what the same catalogue says otherwise was left out or added by whoever confirmed the year
    try:
        proposed = proposed_year(published.country, published.subdivision or None, year)
    except LookupError:
        return ()  # a catalogue that forgot the country says nothing of it
    kept, days = holidays_in([taken]), {each.day: each for each in year_of(published, book, year)}
    found = (
        Suggestion(each, _suggested(published.calendar, each))
        for each in differences(kept, proposed.holidays)
    )
    return tuple(
        each
        for each in found
        if each.difference.day >= today
        and days[each.difference.day].hours != each.hours
        and days[each.difference.day].reason != Reason.DESK
        and (days[each.difference.day].reason != Reason.TERMS or each.difference.how == Differs.RESTS)
    )


def _suggested(calendar: Calendar, difference: Difference) -> Hours:
    if difference.how == Differs.NEW:
        return ()
    if difference.how == Differs.WORKS:
        return hours_by_transfer(difference.day, calendar.week)
    return calendar.week.get(difference.day.weekday(), ())


def year_of(published: TermsHours, book: CalendarBook, year: int) -> tuple[CalendarDay, ...]:
    """Return each day of a year by a calendar of the terms, the years that were confirmed and the exceptions that hold now."""
    published = book.knowing(published)
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
