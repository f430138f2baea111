"""By which package a ticket is served, when that turns out otherwise than at its registration."""

from datetime import datetime

from django.db import transaction

from pomost.tickets.actions.anew import follow, judged_anew
from pomost.tickets.actions.hold import UNSOLVED, fact, hold
from pomost.tickets.models import Ticket


@transaction.atomic
def set_package_shown(ticket: Ticket, *, package: str, shown: bool, by: str, at: datetime) -> Ticket:
    """Judge the ticket anew, because the customer could show a package, or could not.

    Clocks are recomputed from the same start. Saying the same again changes and records nothing.

    Raises:
        TicketRefused: the terms do not know the package, or the ticket is solved or over.
    """
    ticket = hold(ticket, UNSOLVED)
    if (ticket.package_claimed, ticket.package_shown) == (package, shown):
        return ticket
    before = ticket.package
    ticket.package_claimed, ticket.package_shown = package, shown
    ticket.save(update_fields=["package_claimed", "package_shown"])
    verdict = judged_anew(ticket)
    fact(
        ticket,
        "package-changed",
        by=by,
        at=at,
        before=before,
        after=ticket.package,
        claimed=package,
        shown=shown,
        outcome=verdict.outcome.value,
        clause=verdict.clause,
    )
    follow(ticket, verdict, by=by, at=at)
    return ticket
