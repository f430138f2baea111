"""The calendars of the terms as the desk keeps them: with the exceptions it made and the years it confirmed, each from its moment on.

Owns the way from the published calendar and its edits to the one that clocks count by. What was counted before an edit
stays as it was (rules/calendar.py, `Calendar.changed`). A year that was confirmed late holds from its first day: until then
nothing was promised in it. Terms are read whole by `terms_of`; whoever counts time takes them through a `CalendarBook`.
Written only by: `contracts.calendar_edits`, `contracts.holiday_actions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from pomost.contracts.holiday_years import holidays_in
from pomost.contracts.models import CalendarEdit
from pomost.people.models import Vendor
from pomost.rules.calendar import Calendar
from pomost.rules.hours import Hours
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import Hours as TermsHours

Content = tuple[tuple[object, ...], ...]
"""What makes one list of edits another."""

_applied: Final[dict[tuple[int, str], tuple[Content, Terms]]] = {}
"""Terms with edits by vendor and text, with the edits they hold. One each: an older edition is not asked for again."""


@dataclass(frozen=True, slots=True)
class CalendarBook:
    """A vendor's edits, read in one query."""

    vendor_id: int
    edits: tuple[CalendarEdit, ...]
    """In the order in which they were made."""

    @classmethod
    def of(cls, vendor_id: int) -> CalendarBook:
        """Return the book of a vendor as it stands now."""
        found = CalendarEdit.objects.filter(vendor_id=vendor_id).select_related("holiday_year")
        return cls(vendor_id, tuple(found.order_by("at", "pk")))

    @property
    def edition(self) -> int:
        """The number of the last edit; 0 without any. Kept with what was computed by this book."""
        return max((edit.pk for edit in self.edits), default=0)

    def before(self, edit: CalendarEdit) -> CalendarBook:
        """Return the book as it was when `edit` was made."""
        return CalendarBook(self.vendor_id, self.edits[: self.edits.index(edit)])

    def through(self, edit: CalendarEdit) -> CalendarBook:
        """Return the book with `edit` as its last."""
        return CalendarBook(self.vendor_id, self.edits[: self.edits.index(edit) + 1])

    def applied_to(self, terms: Terms) -> Terms:
        """Return terms with the calendars that hold now."""
        if not self.edits:
            return terms
        key, content = (self.vendor_id, terms.sha256), self._content()
        held, known = _applied.get(key, ((), terms))
        if held != content:
            known = terms.with_calendars(
                {hours.id: self.calendar(hours) for hours in terms.hours},
                {hours.id: dict(self._names(hours)) for hours in terms.hours},
            )
            _applied[key] = (content, known)
        return known

    def _content(self) -> Content:
        return tuple((edit.pk, edit.at, edit.calendar, *_said(edit)) for edit in self.edits)

    def calendar(self, hours: TermsHours) -> Calendar:
        """Return a calendar of the terms with the edits that concern it, each from its moment on."""
        known, calendar, held = hours, hours.calendar, dict[date, Hours]()
        for moment, edit in self._in_effect(hours):
            if edit.kind == CalendarEdit.Kind.YEAR:
                known = known.knowing(holidays_in([edit.holiday_year]))
            elif edit.kind == CalendarEdit.Kind.EXCEPTION:
                held |= dict.fromkeys(days_of(edit), hours_of(edit))
            else:
                for day in days_of(edit):
                    del held[day]
            published = known.calendar
            calendar = calendar.changed(moment, replace(published, overrides={**published.overrides, **held}))
        return calendar

    def knowing(self, hours: TermsHours) -> TermsHours:
        """Return hours of the terms with the public holidays that were confirmed since, and without the exceptions."""
        for edit in self.edits:
            if is_year(edit) and concerns(edit, hours):
                hours = hours.knowing(holidays_in([edit.holiday_year]))
        return hours

    def _in_effect(self, hours: TermsHours) -> list[tuple[datetime, CalendarEdit]]:
        """Return the edits that concern a calendar with the moments from which they hold, in the order of these."""
        zone = ZoneInfo(hours.calendar.zone)
        found = [
            (min(edit.at, datetime.combine(edit.first_day, time(), zone)) if is_year(edit) else edit.at, edit)
            for edit in self.edits
            if concerns(edit, hours)
        ]
        return sorted(found, key=lambda each: each[0])

    def exceptions(self, key: str) -> tuple[CalendarEdit, ...]:
        """Return the exceptions to a calendar that hold, in the order of their days."""
        gone = {edit.withdraws_id for edit in self.edits}
        held = [
            edit
            for edit in self.edits
            if edit.calendar == key and edit.kind == CalendarEdit.Kind.EXCEPTION and edit.pk not in gone
        ]
        return tuple(sorted(held, key=lambda edit: edit.first_day))

    def _names(self, hours: TermsHours) -> Iterator[tuple[date, str]]:
        for edit in self.edits:
            if is_year(edit) and concerns(edit, hours):
                yield from holidays_in([edit.holiday_year]).days_off.items()
        for edit in self.exceptions(hours.id):
            for day in days_of(edit):
                if edit.note:
                    yield day, edit.note


def _said(edit: CalendarEdit) -> tuple[object, ...]:
    if is_year(edit):
        return str(edit.holiday_year), str(edit.holiday_year.days_off), str(edit.holiday_year.working_days)
    return edit.first_day, edit.last_day, str(edit.hours), edit.note


def edits_of(vendor: Vendor, hours: TermsHours) -> QuerySet[CalendarEdit]:
    """Return the edits that concern a calendar, the last one first, with what is shown beside them."""
    which = Q(calendar=hours.id)
    if hours.country:
        which |= Q(holiday_year__country=hours.country, holiday_year__subdivision=hours.subdivision)
    found = CalendarEdit.objects.filter(which, vendor=vendor)
    return found.select_related("holiday_year", "withdrawal").order_by("-at", "-pk")


def is_year(edit: CalendarEdit) -> bool:
    """Return whether an edit makes a further year of public holidays known."""
    return edit.kind == CalendarEdit.Kind.YEAR


def concerns(edit: CalendarEdit, hours: TermsHours) -> bool:
    """Return whether an edit changes a calendar: by its key, or a year by the country that it follows."""
    if is_year(edit):
        year = edit.holiday_year
        return (year.country, year.subdivision) == (hours.country, hours.subdivision)
    return edit.calendar == hours.id


def after_the_last(book: CalendarBook, at: datetime) -> datetime:
    """Return the moment of a new edit: edits hold one after the other, even where two machines' clocks differ."""
    return max([at, *(edit.at for edit in book.edits)])


def days_of(edit: CalendarEdit) -> Iterator[date]:
    """Yield the days of an edit."""
    for n in range((edit.last_day - edit.first_day).days + 1):
        yield edit.first_day + timedelta(days=n)


def hours_of(edit: CalendarEdit) -> Hours:
    """Return the hours that an exception gives to each of its days."""
    return tuple((int(opens), int(closes)) for opens, closes in edit.hours)
