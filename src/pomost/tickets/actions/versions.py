"""Which version of the product a request is about, when that is named later or decided by a person (product.md C6)."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.contracts.queries import local_day, terms_of
from pomost.rules.decision import Decision, Subject
from pomost.rules.releases import CURRENT, OUTDATED, VERSION_CHARACTERS_MAX, judged_by_hand
from pomost.tickets.actions.anew import follow, judged_anew
from pomost.tickets.actions.explained import keep_decision
from pomost.tickets.actions.hold import UNSOLVED, bounded, fact, given, hold
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import DecisionKept, Ticket
from pomost.tickets.versions import judge_named

REASON_CHARACTERS_MAX: Final = 500


@transaction.atomic
def name_version(ticket: Ticket, version: str, *, by: str, at: datetime) -> Ticket:
    """Keep the version that the customer names and judge it by the list of releases, as of the day of receipt.

    Naming the same one again asks the list again: it may know the version by now. What changes nothing records nothing.

    Raises:
        TicketRefused: no version is given, it is too long, or the ticket is solved or over.
    """
    ticket = hold(ticket, UNSOLVED)
    named = " ".join(given(version).split())
    if len(named) > VERSION_CHARACTERS_MAX:
        raise TicketRefused(
            _("A version has at most %(most)s characters, not %(count)s.")
            % {"most": VERSION_CHARACTERS_MAX, "count": len(named)}
        )
    day = local_day(ticket.vendor, ticket.received_at)
    decision = judge_named(ticket.vendor, terms_of(ticket.terms), ticket.family, named, day)
    if named == ticket.product_version and (
        decision is None or decision == _last(ticket) or decision.outcome not in (CURRENT, OUTDATED)
    ):
        return ticket
    outdated = ticket.outdated if decision is None else decision.outcome == OUTDATED
    return _keep(ticket, named, outdated, decision, by=by, at=at)


@transaction.atomic
def decide_version(ticket: Ticket, *, outdated: bool, reason: str, by: str, at: datetime) -> Ticket:
    """Decide by hand whether the version is outdated, whatever the list says.

    Raises:
        TicketRefused: there is no reason or too long a one, the terms treat all versions alike, or the ticket is solved
            or over.
    """
    ticket = hold(ticket, UNSOLVED)
    kept = bounded(given(reason), REASON_CHARACTERS_MAX)
    outcome = OUTDATED if outdated else CURRENT
    decision = judged_by_hand(terms_of(ticket.terms), ticket.product_version, outcome, by=by, reason=kept)
    if decision is None:
        raise TicketRefused(_("The terms treat all versions alike, so nothing has to be decided."))
    return _keep(ticket, ticket.product_version, outdated, decision, by=by, at=at)


def _last(ticket: Ticket) -> Decision | None:
    row = DecisionKept.objects.filter(ticket=ticket, subject=Subject.VERSION.value).order_by("-id").first()
    return Decision.from_json(row.body) if row is not None else None


def _keep(
    ticket: Ticket, version: str, outdated: bool, decision: Decision | None, *, by: str, at: datetime
) -> Ticket:
    """Write it down; where it changes what holds for the request, judge that anew and recompute its clocks."""
    changes = outdated != ticket.outdated
    ticket.product_version, ticket.outdated = version, outdated
    ticket.save(update_fields=["product_version", "outdated"])
    outcome = decision.outcome if decision else ""
    fact(ticket, "version-set", by=by, at=at, version=version, outdated=outdated, outcome=outcome)
    if decision is not None:
        keep_decision(ticket, decision, by=by, at=at)
    if changes:
        follow(ticket, judged_anew(ticket), by=by, at=at)
    return ticket
