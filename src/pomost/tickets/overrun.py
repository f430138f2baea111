"""Work whose promised time is over: whether it is held, by what, and under which service it goes on.

Owns the reading of `Overrun`. It holds only while its clock is broken and still open: a solution, however late, or a
clock that turns out not to be broken (a package shown later, a noted call) frees the work by itself. Read on: docs/explain/
clocks.md. What is done about it is actions/overrun.py.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _

from pomost.contracts.queries import terms_of
from pomost.rules.entitlement import Outcome, Verdict, decide
from pomost.rules.terms.model import said
from pomost.tickets.errors import TicketRefused
from pomost.tickets.judgement import verdict_from_json
from pomost.tickets.models import Clock, Overrun, Ticket

HOLDING: Final = frozenset(
    {
        Overrun.State.PRICE_DUE,
        Overrun.State.PRICE_ASKED,
        Overrun.State.PRICE_DECLINED,
        Overrun.State.PERSON_DUE,
    }
)
"""States in which nobody may work on the ticket."""


def holds(overrun: Overrun, clocks: Iterable[Clock]) -> bool:
    """Say whether work is held, by the ticket's clocks as they stand."""
    return overrun.state in HOLDING and any(
        clock.key == overrun.clock and clock.met is False and clock.stopped_at is None for clock in clocks
    )


def overrun_of(ticket: Ticket) -> Overrun | None:
    """Return what became of the promised time of a ticket, or None: it never ran out in a way that stops work."""
    return Overrun.objects.filter(ticket=ticket).first()


def holding(ticket: Ticket) -> Overrun | None:
    """Return what holds the work on a ticket now, or None."""
    found = overrun_of(ticket)
    return found if found is not None and holds(found, ticket.clocks.filter(met=False)) else None


def working_service(ticket: Ticket) -> str:
    """Return the key of the service that is worked under, or would be once its price is agreed."""
    found = overrun_of(ticket)
    if found is None or not found.service or found.state == Overrun.State.GOES_ON:
        return ticket.service
    return found.service


def verdict_of_work(ticket: Ticket) -> Verdict:
    """Return the verdict on what is worked now: that of the request, or of the paid service whose price was accepted."""
    found = overrun_of(ticket)
    if found is None or found.state != Overrun.State.PRICE_AGREED:
        return verdict_from_json(ticket.verdict)
    verdict = decide(terms_of(ticket.terms), ticket.package or None, True, found.service)
    level = verdict.level_if_agreed if verdict.outcome is Outcome.ASK_PERSON else verdict.level
    return replace(verdict, outcome=Outcome.PAID, clause=found.clause, level=level)


def not_held(ticket: Ticket) -> None:
    """Refuse work on a ticket whose promised time is over.

    Raises:
        TicketRefused: with the clause and what to do.
    """
    found = holding(ticket)
    if found is None:
        return
    names = {"clause": found.clause}
    if found.state == Overrun.State.PERSON_DUE:
        raise TicketRefused(_("The promised time is over (§ %(clause)s). Decide first how to go on.") % names)
    names["service"] = said(terms_of(ticket.terms).service(found.service).name, ticket.vendor.language)
    raise TicketRefused(
        _(
            "The promised time is over (§ %(clause)s). Work goes on once the price of “%(service)s” is accepted."
        )
        % names
    )
