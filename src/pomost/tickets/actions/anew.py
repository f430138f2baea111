"""Judge a request anew by the terms it stands under, when something it was judged by turns out otherwise.

Owns what follows from another verdict: it is kept with its reasons, the quota is drawn or given back, and the clocks are
recomputed from the same start. What changed, and the fact about it, is the caller's (packages.py, versions.py).
"""

from datetime import datetime

from pomost.contracts.queries import local_day, terms_of
from pomost.rules.entitlement import Verdict
from pomost.tickets.actions.explained import keep_verdict
from pomost.tickets.actions.use import keep_use
from pomost.tickets.clockwork import recompute
from pomost.tickets.judgement import Claim, Wanted, judge, verdict_as_json
from pomost.tickets.models import Ticket


def judged_anew(ticket: Ticket) -> Verdict:
    """Write the verdict on a ticket that is held, by what its row says now and the day of its receipt.

    Raises:
        TicketRefused: the terms do not know the package.
    """
    wanted = Wanted(ticket.service, ticket.family, ticket.severity, ticket.outdated)
    claim = Claim(ticket.package_claimed, ticket.package_shown)
    verdict = judge(terms_of(ticket.terms), wanted, claim, local_day(ticket.vendor, ticket.received_at))
    ticket.package, ticket.verdict = verdict.package or "", verdict_as_json(verdict)
    ticket.save(update_fields=["package", "verdict"])
    return verdict


def follow(ticket: Ticket, verdict: Verdict, *, by: str, at: datetime) -> None:
    """Keep the new verdict and bring what the ticket uses and when it is due to it."""
    keep_verdict(ticket, verdict, by=by, at=at)
    keep_use(ticket, by=by, at=at)
    recompute(ticket, at)
