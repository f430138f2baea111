"""Public holidays of countries, as the package `holidays` proposes them.

Owns the one use of that package: days off, weekend days that an official transfer makes working days, and how far the
calendar is official. Where a country's calendar is decreed each year (Russia), it knows nothing past the last decreed year;
where the law fixes the days (Poland), nothing past the last year asked for. A newer package may say something else: so a
desk takes the days once and keeps them (holiday_years.py), and only what has no desk reads them here each time: `pomost
terms`, `pomost audit`, the reading of a draft's new country. Does not own regional days off and other exceptions: those
stand in the terms file as overrides. Read next: terms/README.md, "calendar".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Final

import holidays

from pomost.rules.terms.parts import PublicHolidays
from pomost.rules.terms.worded import worded

CATALOGUE: Final = f"holidays {version('holidays')}"
"""What proposes the days, and its version."""


@dataclass(frozen=True, slots=True)
class ProposedYear:
    """What the package knows of one year."""

    holidays: PublicHolidays
    is_complete: bool
    """False: this country moves days by decree, and the decree for this year is not known to the package."""


def public_holidays(country: str, subdivision: str | None, years: Sequence[int]) -> PublicHolidays:
    """Return the public holidays of a country (ISO 3166-1 code) in some years.

    `years` rise and are not empty. The days have the names that the country gives them, whatever language this process runs in. `subdivision` adds the days of a part of the country, by the second half of its ISO 3166-2 code.

    Raises:
        LookupError: the country or the subdivision is not known.
    """
    found = _found(country, subdivision, years)
    last_year = min(years[-1], _last_decreed(found, years[-1]))
    return _until(found, date(last_year, 12, 31))


def proposed_year(country: str, subdivision: str | None, year: int) -> ProposedYear:
    """Return what the package knows of one year, decreed or not: for somebody to look through.

    Raises:
        LookupError: as `public_holidays`.
    """
    found = _found(country, subdivision, range(year, year + 1))
    return ProposedYear(_until(found, date(year, 12, 31)), year <= _last_decreed(found, year))


def proposed_or_nothing(country: str, subdivision: str | None, year: int) -> ProposedYear:
    """Return `proposed_year`, or a year without a day for a country that the package knows no more."""
    try:
        return proposed_year(country, subdivision, year)
    except LookupError:
        return ProposedYear(PublicHolidays({}, frozenset(), date(year, 12, 31)), is_complete=False)


def _found(country: str, subdivision: str | None, years: Sequence[int]) -> holidays.HolidayBase:
    try:
        own_language = holidays.country_holidays(country).default_language
        return holidays.country_holidays(country, subdiv=subdivision, years=years, language=own_language)
    except NotImplementedError:
        where = f"“{country}”, “{subdivision}”" if subdivision else f"“{country}”"
        raise LookupError(worded("country-unknown", where=where)) from None


def _last_decreed(found: holidays.HolidayBase, otherwise: int) -> int:
    """Return the last year whose calendar is decreed; `otherwise` where the law alone fixes the days."""
    decreed = found.special_public_holidays if found.has_substituted_holidays else {}
    return max(decreed, default=otherwise)


def _until(found: holidays.HolidayBase, last: date) -> PublicHolidays:
    return PublicHolidays(
        days_off={day: name for day, name in sorted(found.items()) if day <= last},
        working_days=frozenset(day for day in found.weekend_workdays if day <= last),
        confirmed_until=last,
    )
