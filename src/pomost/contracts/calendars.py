"""The calendars of the terms as the desk keeps them: with the exceptions it made, each from its moment on.

Owns the way from the published calendar and its edits to the one that clocks count by. What was counted before an edit
stays as it was (rules/calendar.py, `Calendar.changed`). Terms are read whole by `terms_of`; whoever counts time
takes them through a `CalendarBook`. Written only by: `contracts.calendar_edits`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from pomost.contracts.models import CalendarEdit
from pomost.rules.calendar import Calendar
from pomost.rules.hours import Hours
from pomost.rules.terms.model import Terms

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
        return cls(vendor_id, tuple(CalendarEdit.objects.filter(vendor_id=vendor_id).order_by("at", "pk")))

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
                {hours.id: self.calendar(hours.id, hours.calendar) for hours in terms.hours},
                {hours.id: dict(self._names(hours.id)) for hours in terms.hours},
            )
            _applied[key] = (content, known)
        return known

    def _content(self) -> Content:
        return tuple(
            (edit.pk, edit.at, edit.calendar, edit.first_day, edit.last_day, str(edit.hours), edit.note)
            for edit in self.edits
        )

    def calendar(self, key: str, published: Calendar) -> Calendar:
        """Return a calendar of the terms with the edits of its key, each from its moment on."""
        calendar, held = published, dict[date, Hours]()
        for edit in self.edits:
            if edit.calendar != key:
                continue
            if edit.kind == CalendarEdit.Kind.EXCEPTION:
                held |= dict.fromkeys(days_of(edit), hours_of(edit))
            else:
                for day in days_of(edit):
                    del held[day]
            now = replace(published, overrides={**published.overrides, **held})
            calendar = calendar.changed(edit.at, now)
        return calendar

    def exceptions(self, key: str) -> tuple[CalendarEdit, ...]:
        """Return the exceptions to a calendar that hold, in the order of their days."""
        gone = {edit.withdraws_id for edit in self.edits}
        held = [
            edit
            for edit in self.edits
            if edit.calendar == key and edit.kind == CalendarEdit.Kind.EXCEPTION and edit.pk not in gone
        ]
        return tuple(sorted(held, key=lambda edit: edit.first_day))

    def _names(self, key: str) -> Iterator[tuple[date, str]]:
        for edit in self.exceptions(key):
            for day in days_of(edit):
                if edit.note:
                    yield day, edit.note


def days_of(edit: CalendarEdit) -> Iterator[date]:
    """Yield the days of an edit."""
    for n in range((edit.last_day - edit.first_day).days + 1):
        yield edit.first_day + timedelta(days=n)


def hours_of(edit: CalendarEdit) -> Hours:
    """Return the hours that an exception gives to each of its days."""
    return tuple((int(opens), int(closes)) for opens, closes in edit.hours)
