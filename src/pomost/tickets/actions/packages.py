"""By which package a ticket is served, when that turns out otherwise than at its registration."""

from datetime import datetime

from django.db import transaction

from pomost.contracts.queries import local_day, terms_of
from pomost.tickets.actions.explained import keep_verdict
from pomost.tickets.actions.hold import UNSOLVED, fact, hold
from pomost.tickets.actions.use import keep_use
from pomost.tickets.clockwork import recompute
from pomost.tickets.judgement import Claim, Wanted, judge, verdict_as_json
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
    wanted = Wanted(ticket.service, ticket.family, ticket.severity, ticket.outdated)
    day = local_day(ticket.vendor, ticket.received_at)
    verdict = judge(terms_of(ticket.terms), wanted, Claim(package, shown), day)
    before = ticket.package
    ticket.package_claimed, ticket.package_shown = package, shown
    ticket.package, ticket.verdict = verdict.package or "", verdict_as_json(verdict)
    ticket.save(update_fields=["package_claimed", "package_shown", "package", "verdict"])
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
    keep_verdict(ticket, verdict, by=by, at=at)
    keep_use(ticket, by=by, at=at)
    recompute(ticket, at)
    return ticket
