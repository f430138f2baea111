"""Take a ticket in hand: locked, read anew, and in a state that fits what is to be done."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pomost.journal import actions as journal
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Ticket

State = Ticket.State

OPEN: Final = (State.OPEN, State.WAITING)
"""Work can go on."""
UNSOLVED: Final = (State.INCOMPLETE, State.OPEN, State.WAITING)
NOT_OVER: Final = (State.INCOMPLETE, State.OPEN, State.WAITING, State.SOLVED)

_WHY_NOT: Final = {
    State.INCOMPLETE: gettext_lazy("Request %(number)s is not complete yet: ask for what is missing first."),
    State.OPEN: gettext_lazy("Request %(number)s is open: this fits only once a solution was given."),
    State.WAITING: gettext_lazy(
        "Request %(number)s waits for the customer: this fits only once a solution was given."
    ),
    State.SOLVED: gettext_lazy("Request %(number)s has a solution that waits for the customer's word."),
    State.CONFIRMED: gettext_lazy("Request %(number)s is solved and confirmed. Register a new one."),
    State.CLOSED: gettext_lazy("Request %(number)s is closed. Register a new one."),
}


def hold(ticket: Ticket | int, states: Collection[str] | None = None) -> Ticket:
    """Return the ticket, or the one with this key, locked and read anew; the copy that was given may be stale.

    Joined is only what a ticket keeps for life: on PostgreSQL who has waited for the lock gets the row as it is now, beside
    what was joined to it before.

    Raises:
        TicketRefused: its state is not among `states`. None: any state will do.
    """
    held = (
        Ticket.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vendor", "customer", "contact", "terms__vendor")
        .get(pk=ticket if isinstance(ticket, int) else ticket.pk)
    )
    if states is not None and held.state not in states:
        raise TicketRefused(_WHY_NOT[State(held.state)] % {"number": held.number})
    return held


def fact(ticket: Ticket, verb: str, /, *, by: str, at: datetime, **data: object) -> None:
    """Record what happened to the ticket: "ticket." and `verb`, with `data`."""
    journal.record(
        f"ticket.{verb}", vendor=ticket.vendor.slug, subject=f"ticket:{ticket.pk}", by=by, at=at, data=data
    )


def given(text: str) -> str:
    """Return the text without blank edges.

    Raises:
        TicketRefused: nothing is left of it.
    """
    kept = text.strip()
    if not kept:
        raise TicketRefused(_("There is no text. Write what the other side has to know."))
    return kept


def bounded(text: str, most: int) -> str:
    """Return the text without blank edges.

    Raises:
        TicketRefused: it has more characters than `most`.
    """
    kept = text.strip()
    if len(kept) > most:
        raise TicketRefused(
            _("The text has %(count)s characters; %(most)s fit.") % {"count": len(kept), "most": most}
        )
    return kept


def iso(at: datetime | None) -> str | None:
    """Return a moment as a fact carries it."""
    return at.isoformat() if at else None
