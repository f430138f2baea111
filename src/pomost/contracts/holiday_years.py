"""Public holidays as a desk keeps them: taken once, with the first terms that ask for the country, then year by year.

Owns the reading of those years and what the package of public holidays says beside them: the next year to look
through, and where it differs today from what was taken. What the package says changes nothing by itself. Written only by:
`contracts.holiday_actions`. Read next: calendars.py.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pomost.contracts.models import HolidayYear
from pomost.contracts.public_holidays import public_holidays
from pomost.rules.terms.parts import HolidaySource, Hours, PublicHolidays

Place = tuple[str, str]
"""A country and a part of it, or ""."""


def holidays_in(years: Iterable[HolidayYear]) -> PublicHolidays:
    """Return years that a desk keeps as holidays of the terms; `years` rise and are not empty."""
    days_off: dict[date, str] = {}
    working: set[date] = set()
    last = 0
    for each in years:
        days_off |= {date.fromisoformat(day): name for day, name in each.days_off}
        working |= {date.fromisoformat(day) for day in each.working_days}
        last = each.year
    return PublicHolidays(days_off, frozenset(working), date(last, 12, 31))


def kept_source(vendor_id: int) -> HolidaySource:
    """Return the holidays that the desk took with its terms; of a country that it never took, no day is known."""
    taken = _taken(vendor_id)

    def source(country: str, subdivision: str | None, years: Sequence[int]) -> PublicHolidays:
        found = taken.get((country, subdivision or ""))
        return holidays_in(found) if found else PublicHolidays({}, frozenset(), date(years[0] - 1, 12, 31))

    return source


def draft_source(vendor_id: int) -> HolidaySource:
    """Return the holidays by which the desk reads a text that is not published: its own where it has them, else proposed."""
    taken = _taken(vendor_id)

    def source(country: str, subdivision: str | None, years: Sequence[int]) -> PublicHolidays:
        found = taken.get((country, subdivision or ""))
        return holidays_in(found) if found else public_holidays(country, subdivision, years)

    return source


def _taken(vendor_id: int) -> Mapping[Place, list[HolidayYear]]:
    found: dict[Place, list[HolidayYear]] = {}
    for each in HolidayYear.objects.filter(vendor_id=vendor_id, edit=None).order_by("year"):
        found.setdefault((each.country, each.subdivision), []).append(each)
    return found


def next_year(hours: Hours) -> int:
    """Return the year after the last confirmed one of hours that follow a country's holidays."""
    last = hours.calendar.confirmed_until
    if last is None:
        raise ValueError(f"The calendar {hours.id} follows no country, so it has no year to confirm.")
    return last.year + 1


class Differs(StrEnum):
    """How the package's word on a day differs from what the desk took."""

    NEW = "new"
    """It is a public holiday now."""
    GONE = "gone"
    """It is none any more."""
    WORKS = "works"
    """A day of a weekend that works now by transfer."""
    RESTS = "rests"
    """It works no more."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A day of which the package says something else than the desk took."""

    day: date
    how: Differs
    name: str
    """Of the holiday; empty where there is none."""


def differences(taken: PublicHolidays, now: PublicHolidays) -> tuple[Difference, ...]:
    """Return where the package's word differs from what was taken, in the order of days. Other names are no difference."""
    return tuple(sorted(_differences(taken, now), key=lambda each: (each.day, each.how)))


def _differences(taken: PublicHolidays, now: PublicHolidays) -> Iterator[Difference]:
    for day in now.days_off.keys() - taken.days_off.keys():
        yield Difference(day, Differs.NEW, now.days_off[day])
    for day in taken.days_off.keys() - now.days_off.keys():
        yield Difference(day, Differs.GONE, taken.days_off[day])
    for day in now.working_days - taken.working_days:
        yield Difference(day, Differs.WORKS, "")
    for day in taken.working_days - now.working_days:
        yield Difference(day, Differs.RESTS, "")
