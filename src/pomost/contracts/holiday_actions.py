"""Take public holidays into the desk: those of new terms, and each further year once somebody looked through it.

A year is taken once and never again; a day that turns out otherwise is an exception (calendar_edits.py). Whether `by` may do
it has been decided before, by the page's guard.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.contracts.calendars import CalendarBook, after_the_last
from pomost.contracts.errors import ContractRefused
from pomost.contracts.holiday_years import Place, next_year
from pomost.contracts.models import CalendarEdit, HolidayYear
from pomost.contracts.public_holidays import CATALOGUE, public_holidays
from pomost.contracts.queries import local_day, terms_in_force
from pomost.journal.actions import record
from pomost.people.models import Vendor
from pomost.rules.calendar import LAST_YEAR
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import PublicHolidays
from pomost.rules.terms.read_time import holiday_years

DAYS_MAX: Final = 120
"""Days that one year may have off, or working by transfer."""
NAME_CHARACTERS_MAX: Final = 120
SATURDAY: Final = 5


def take_years(vendor: Vendor, terms: Terms, *, by: str, at: datetime) -> list[HolidayYear]:
    """Keep the public holidays of each country that terms ask for and that the desk has no year of; return what is new.

    Called within the transaction that publishes the terms: whoever publishes them confirms the years that are official then.
    """
    vendor = Vendor.objects.select_for_update(no_key=True).get(pk=vendor.pk)
    known = set(HolidayYear.objects.filter(vendor=vendor).values_list("country", "subdivision"))
    asked = {(hours.country, hours.subdivision) for hours in terms.hours if hours.country}
    years = holiday_years(terms.in_force_from)
    made = [
        _row(vendor, (country, subdivision), year, found, CATALOGUE, by=by, at=at)
        for country, subdivision in sorted(asked - known)
        for year, found in _by_year(public_holidays(country, subdivision or None, years), years)
    ]
    return HolidayYear.objects.bulk_create(made)


def first_and_last(taken: Collection[HolidayYear]) -> dict[str, list[int]]:
    """Return years that were taken as the journal keeps them: the first and the last one of each country."""
    found: dict[str, list[int]] = {}
    for each in taken:
        found.setdefault("-".join(filter(None, (each.country, each.subdivision))), []).append(each.year)
    return {place: [min(years), max(years)] for place, years in found.items()}


@transaction.atomic
def confirm_year(
    vendor: Vendor,
    place: Place,
    year: int,
    *,
    days_off: Mapping[date, str],
    working_days: Collection[date] = (),
    proposed_by: str = "",
    by: str,
    at: datetime,
) -> CalendarEdit:
    """Take the public holidays of the year after the last confirmed one, for all calendars that follow this country.

    `days_off` have their names. What was not promised because that year was unknown is computed afterwards by `tickets`.

    Raises:
        ContractRefused: no calendar in force follows that country, it is another year's turn, or the days are no days of it.
        NoTermsInForce: the vendor has no terms today.
    """
    vendor = Vendor.objects.select_for_update(no_key=True).get(pk=vendor.pk)
    edit = proposed_confirmation(vendor, place, year, days_off=days_off, working_days=working_days, at=at)
    edit.by = by
    edit.save()
    taken = PublicHolidays(days_off, frozenset(working_days), None)
    row = _row(vendor, place, year, taken, proposed_by, by=by, at=edit.at)
    row.edit = edit
    row.save()
    record(
        "calendar.year-confirmed",
        vendor=vendor.slug,
        subject=f"calendar-edit:{edit.pk}",
        by=by,
        at=edit.at,
        data={
            "country": row.country,
            "subdivision": row.subdivision,
            "year": year,
            "days_off": row.days_off,
            "working_days": row.working_days,
        },
    )
    return edit


def proposed_confirmation(
    vendor: Vendor,
    place: Place,
    year: int,
    *,
    days_off: Mapping[date, str],
    working_days: Collection[date] = (),
    at: datetime,
) -> CalendarEdit:
    """Return what `confirm_year` would keep, checked but not kept. Raises as that."""
    _version, terms = terms_in_force(vendor, local_day(vendor, at))
    book = CalendarBook.of(vendor.pk)
    following = [
        hours
        for hours in book.applied_to(terms).hours
        if hours.country and (hours.country, hours.subdivision) == place
    ]
    if not following:
        raise ContractRefused(
            _("No calendar of the terms in force follows the public holidays of this country.")
        )
    turn = next_year(following[0])
    if year < turn:
        raise ContractRefused(
            _("%(year)s is confirmed already. Give a day of it other hours by an exception.") % {"year": year}
        )
    if year > min(turn, LAST_YEAR):
        raise ContractRefused(
            _("Years are confirmed one after the other: %(turn)s comes first.") % {"turn": turn}
        )
    _refuse_strange_days(year, days_off, working_days)
    return CalendarEdit(
        vendor=vendor,
        calendar="",
        kind=CalendarEdit.Kind.YEAR,
        first_day=date(year, 1, 1),
        last_day=date(year, 12, 31),
        at=after_the_last(book, at),
    )


def _refuse_strange_days(year: int, days_off: Mapping[date, str], working_days: Collection[date]) -> None:
    for day in sorted({*days_off, *working_days}):
        if day.year != year:
            raise ContractRefused(
                _("%(day)s is no day of %(year)s.") % {"day": day.isoformat(), "year": year}
            )
    for day in sorted(working_days):
        if day in days_off:
            raise ContractRefused(
                _("%(day)s stands there as a day off and as a working day. Leave one.")
                % {"day": day.isoformat()}
            )
        if day.weekday() < SATURDAY:
            raise ContractRefused(
                _("%(day)s is no day of a weekend: it works without being named.") % {"day": day.isoformat()}
            )
    if len(days_off) + len(working_days) > DAYS_MAX:
        raise ContractRefused(
            _("These are %(count)s days; a year has at most %(most)s public holidays.")
            % {"count": len(days_off) + len(working_days), "most": DAYS_MAX}
        )
    for day, name in days_off.items():
        if not name.strip() or len(name.strip()) > NAME_CHARACTERS_MAX:
            raise ContractRefused(
                _("Give %(day)s a name of 1 to %(most)s characters.")
                % {"day": day.isoformat(), "most": NAME_CHARACTERS_MAX}
            )


def _by_year(found: PublicHolidays, years: range) -> Iterator[tuple[int, PublicHolidays]]:
    last = found.confirmed_until.year if found.confirmed_until is not None else years[-1]
    for year in years:
        if year <= last:
            off = {day: name for day, name in found.days_off.items() if day.year == year}
            working = frozenset(day for day in found.working_days if day.year == year)
            yield year, PublicHolidays(off, working, date(year, 12, 31))


def _row(
    vendor: Vendor, place: Place, year: int, found: PublicHolidays, proposed_by: str, *, by: str, at: datetime
) -> HolidayYear:
    country, subdivision = place
    return HolidayYear(
        vendor=vendor,
        country=country,
        subdivision=subdivision,
        year=year,
        days_off=[[day.isoformat(), name.strip()] for day, name in sorted(found.days_off.items())],
        working_days=[day.isoformat() for day in sorted(found.working_days)],
        proposed_by=proposed_by,
        at=at,
        by=by,
    )
