"""What an edit of a calendar would move, before it is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pomost.contracts.calendars import CalendarBook
from pomost.contracts.models import CalendarEdit
from pomost.people.models import Vendor
from pomost.tickets.concerned import Concerned
from pomost.tickets.models import Clock
from pomost.tickets.moving import Mover

LOOKED_AT_MOST: Final = 100_000
"""Open clocks that are looked at for a page that somebody waits for; a desk with more is told so."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many clocks would move."""

    earlier: int
    later: int
    asked: int
    """Requests whose clocks are asked whole, so that only saving tells: mostly those due past the confirmed holidays."""
    looked_at: int
    of: int
    """How many open clocks there are to look at. More than were looked at: the counts are of a part."""


def unpromised_requests(vendor: Vendor) -> int:
    """Return how many open requests have a promise that is not made, because the holidays of its time are not confirmed."""
    found = Clock.objects.filter(met=None, stopped_at=None, due_at=None, ticket__vendor=vendor).exclude(
        unpromised=""
    )
    return found.values("ticket").distinct().count()


def moves_ahead(edits: Sequence[CalendarEdit]) -> Ahead:
    """Return what edits of one vendor would move that are proposed, in their order, and not kept."""
    book = CalendarBook.of(edits[0].vendor_id)
    for number, edit in enumerate(edits, book.edition + 1):
        edit.pk = number
    last = edits[-1]
    concerned = Concerned(last, CalendarBook(book.vendor_id, (*book.edits, *edits)))
    clocks = concerned.clocks[:LOOKED_AT_MOST]
    if not clocks:
        return Ahead(0, 0, 0, 0, 0)
    with Mover(last.pk, concerned.steps()) as mover:
        found = mover.look(clocks[0], clocks[-1])
    return Ahead(found.earlier, found.later, len(found.hard), len(clocks), len(concerned.clocks))
