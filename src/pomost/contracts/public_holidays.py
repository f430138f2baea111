"""Public holidays of countries, for the calendars of terms files.

Owns the one use of the package `holidays`: days off, weekend days that an
official transfer makes working days, and how far the calendar is official.
Where a country's calendar is decreed each year (Russia), nothing is promised
past the last decreed year; where the law fixes the days (Poland), past the last
year asked for. Does not own regional days off and other exceptions: those
stand in the terms file as overrides. Read next: terms/README.md, "calendar".
"""

from collections.abc import Sequence
from datetime import date

import holidays

from pomost.rules.terms.parts import PublicHolidays


def public_holidays(country: str, subdivision: str | None, years: Sequence[int]) -> PublicHolidays:
    """Return the public holidays of a country (ISO 3166-1 code) in some years.

    `years` rise and are not empty. The days have the names that the country gives them, whatever language this process runs in. `subdivision` adds the days of a part of the country, by the second half of its ISO 3166-2 code.

    Raises:
        LookupError: the country or the subdivision is not known.
    """
    try:
        own_language = holidays.country_holidays(country).default_language
        found = holidays.country_holidays(country, subdiv=subdivision, years=years, language=own_language)
    except NotImplementedError:
        part = f" with the subdivision “{subdivision}”" if subdivision else ""
        raise LookupError(f"No public holidays are known for “{country}”{part}.") from None
    decreed = found.special_public_holidays if found.has_substituted_holidays else {}
    last_year = min(years[-1], max(decreed, default=years[-1]))
    confirmed_until = date(last_year, 12, 31)
    return PublicHolidays(
        days_off={day: name for day, name in sorted(found.items()) if day <= confirmed_until},
        working_days=frozenset(day for day in found.weekend_workdays if day <= confirmed_until),
        confirmed_until=confirmed_until,
    )
