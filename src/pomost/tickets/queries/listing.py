"""All tickets of a desk, open or over, found by number, customer or word.

Words are compared without regard to case in every alphabet, on every database (a pattern, because SQLite's own
comparison knows only ASCII letters).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from pomost.tickets.models import Clock, Message, Ticket

PAGE: Final = 100
"""Tickets a page."""
WORDS_MAX: Final = 8
"""More words than that narrow nothing further."""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found."""

    tickets: tuple[Ticket, ...]
    """The newest first; customer and technician are loaded with them."""
    by_state: dict[str, int]
    """How many fit the words, by state; whatever state was asked for."""
    has_more: bool


def listing(
    tickets: QuerySet[Ticket], *, words: str = "", states: Collection[str] = (), page: int = 1
) -> Found:
    """Return a page of tickets that hold each of the words, in two queries.

    Args:
        tickets: those the reader may see (tickets.access).
        words: each has to stand in the number, the subject, the customer's name or what was written.
        states: only these; empty: all.
        page: from 1 on; what lies past the end is empty.
    """
    fitting = holding(tickets, words)
    by_state = dict(
        fitting.order_by().values_list("state").annotate(count=Count("pk")).values_list("state", "count")
    )
    shown = fitting.filter(state__in=states) if states else fitting
    first = (max(page, 1) - 1) * PAGE
    rows = list(
        shown.select_related(None)
        .select_related("customer", "assigned_to__person")
        .order_by("-sequence")[first : first + PAGE + 1]
    )
    return Found(tuple(rows[:PAGE]), by_state, len(rows) > PAGE)


def holding(tickets: QuerySet[Ticket], words: str) -> QuerySet[Ticket]:
    """Return those of the tickets that hold each of the words in the number, subject, customer or what was written."""
    fitting = tickets
    for word in words.replace("\x00", "").split()[:WORDS_MAX]:
        fitting = fitting.filter(_holds(word))
    return fitting


def _holds(word: str) -> Q:
    pattern = re.escape(word)
    said = Message.objects.filter(ticket=OuterRef("pk"), text__iregex=pattern)
    return (
        Q(number__iregex=pattern)
        | Q(subject__iregex=pattern)
        | Q(customer__name__iregex=pattern)
        | Q(Exists(said))
    )


def due_before(tickets: QuerySet[Ticket], moment: datetime) -> QuerySet[Ticket]:
    """Return those tickets with a promise that nothing has stopped and that falls due before `moment`."""
    due = Clock.objects.filter(ticket=OuterRef("pk"), stopped_at=None, due_at__lt=moment)
    return tickets.filter(Exists(due)).exclude(state=Ticket.State.CLOSED)
