"""Which open clocks an edit of a calendar concerns, and by how much those that were due at one time move.

Owns the way from edits to the steps of rules/edits.py, for each version of the terms, each promise and each edition that a
clock was computed with. Writes nothing. Read next: moving.py, actions/recomputing.py, queries/ahead.py.
"""

from array import array
from datetime import datetime
from itertools import product

from django.db.models import Max

from pomost.contracts.calendars import CalendarBook, is_year
from pomost.contracts.models import CalendarEdit, TermsVersion
from pomost.contracts.queries import terms_of
from pomost.rules.calendar import Calendar
from pomost.rules.edits import shifts
from pomost.rules.terms.parts import Hours
from pomost.tickets.models import Clock
from pomost.tickets.moving import Alike, Step


class Concerned:
    """The open clocks that an edit may move, and the steps by which they do.

    `book` holds the edit as its last. An edit that is only proposed has a `pk` higher than all others, and is not kept.
    """

    def __init__(self, edit: CalendarEdit, book: CalendarBook) -> None:
        self.edit = edit
        self.book = book
        self.terms = {
            version.pk: terms_of(version)
            for version in TermsVersion.objects.select_related("vendor").filter(vendor=edit.vendor_id)
        }
        found = Clock.objects.filter(
            met=None,
            stopped_at=None,
            due_at__gt=edit.at,
            edition__lt=edit.pk,
            ticket__vendor=edit.vendor_id,
        )
        if is_year(edit):
            found = found.none()  # all that has a due time lies before the year that was unknown
        self.clocks = array("q")
        """The vendor's that may move, in the order in which the database keeps them."""
        editions = set[int]()
        for clock, edition in found.order_by("pk").values_list("pk", "edition").iterator(20_000):
            self.clocks.append(clock)
            editions.add(edition)
        self._editions = sorted(editions)
        self._until = found.aggregate(until=Max("due_at"))["until"] or edit.at

    def steps(self) -> dict[Alike, Step]:
        """Return how clocks move, by terms, promise and edition; those that are not named stay."""
        laid_out: dict[tuple[datetime, Calendar, Calendar], Step] = {}
        steps: dict[Alike, Step] = {}
        for terms_id, terms in self.terms.items():
            for promise, edition in product(terms.promises, self._editions):
                if promise.hours is None:
                    continue  # it counts elapsed time, which nobody edits
                between = self._between(terms.hours_called(promise.hours), edition)
                if between is None:
                    continue
                if between not in laid_out:
                    laid_out[between] = Step(between[0], tuple(shifts(*between, self._until)))
                steps[terms_id, promise.id, edition] = laid_out[between]
        return steps

    def _between(self, hours: Hours, edition: int) -> tuple[datetime, Calendar, Calendar] | None:
        """Return since when two calendars differ, and both; None: no edit after the edition touched this one."""
        new_to_it = [each for each in self.book.edits if each.pk > edition and each.calendar == hours.id]
        if not new_to_it:
            return None
        old = self.book.before(new_to_it[0]).calendar(hours)
        return new_to_it[0].at, old, self.book.calendar(hours)
