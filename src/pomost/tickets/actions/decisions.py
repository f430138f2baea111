"""What a person decides where the terms are silent, with the reason that is kept (product.md K1)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.contracts.queries import terms_of
from pomost.rules.decision import Fact
from pomost.rules.entitlement import Outcome, Verdict
from pomost.rules.levels import Level
from pomost.tickets.actions.explained import keep_decision
from pomost.tickets.actions.hold import NOT_OVER, bounded, fact, given, hold
from pomost.tickets.actions.use import keep_use
from pomost.tickets.errors import TicketRefused
from pomost.tickets.judgement import verdict_as_json, verdict_from_json
from pomost.tickets.models import Ticket

DECISIONS: Final = (Outcome.INCLUDED, Outcome.PAID, Outcome.REFUSED)
"""What can be decided, from the mildest for the customer on."""
REASON_CHARACTERS_MAX: Final = 500


@transaction.atomic
def decide(ticket: Ticket, outcome: str, reason: str, *, by: str, at: datetime) -> Ticket:
    """Decide what the terms leave open: included, paid or refused.

    What is included in a package whose use is counted, is counted, unless the quota is used up. Until work begins the decision can be taken anew;
    after that somebody may have relied on it. The cell of the matrix stays unstated: each request is its own decision.

    Raises:
        TicketRefused: the terms decide it themselves, work has begun on an earlier decision, there is no reason or too
            long a one, no such outcome, or the ticket is over.
    """
    ticket = hold(ticket, NOT_OVER)
    verdict = verdict_from_json(ticket.verdict)
    if verdict.outcome is not Outcome.ASK_PERSON and not is_decided(ticket.verdict):
        raise TicketRefused(_("The terms say what holds for this request, so nobody has to decide."))
    if verdict.outcome is not Outcome.ASK_PERSON and ticket.began_at is not None:
        raise TicketRefused(
            _("This was decided before the work began. Agree on anything else by an estimate.")
        )
    if outcome not in DECISIONS:
        raise TicketRefused(_("Choose whether it is included, paid for, or not given."))
    kept = bounded(given(reason), REASON_CHARACTERS_MAX)
    decided = Outcome(outcome)
    if decided is Outcome.INCLUDED and _is_counted(ticket, verdict):
        decided = Outcome.FROM_QUOTA
    level = Level.NONE if decided is Outcome.REFUSED else verdict.level_if_agreed
    grounds = tuple(each for each in verdict.used if each.name not in ("decided-by", "reason"))
    grounds += (Fact("decided-by", by), Fact("reason", kept))
    verdict = replace(verdict, outcome=decided, level=level, used=grounds)
    ticket.verdict = verdict_as_json(verdict) | {
        "decided_by": by,
        "decided_at": at.isoformat(),
        "reason": kept,
    }
    ticket.save(update_fields=["verdict"])
    fact(ticket, "decided", by=by, at=at, outcome=decided.value, clause=verdict.clause, reason=kept)
    keep_decision(ticket, verdict.decision, by=by, at=at)
    keep_use(ticket, by=by, at=at)
    return ticket


@transaction.atomic
def include(ticket: Ticket, *, clause: str, reason: str, by: str, at: datetime) -> Ticket:
    """Give a request free of charge by a clause, such as a repair under guarantee; nothing is counted for it.

    Raises:
        TicketRefused: there is no reason, or the ticket is over.
    """
    ticket = hold(ticket, NOT_OVER)
    verdict = verdict_from_json(ticket.verdict)
    grounds = (*verdict.used, Fact("decided-by", by), Fact("reason", given(reason)))
    verdict = replace(
        verdict,
        outcome=Outcome.INCLUDED,
        level=verdict.level_if_agreed,
        clause=clause or verdict.clause,
        used=grounds,
    )
    ticket.verdict = verdict_as_json(verdict) | {
        "decided_by": by,
        "decided_at": at.isoformat(),
        "reason": reason.strip(),
    }
    ticket.save(update_fields=["verdict"])
    fact(ticket, "included", by=by, at=at, clause=verdict.clause, reason=reason.strip())
    keep_decision(ticket, verdict.decision, by=by, at=at)
    keep_use(ticket, by=by, at=at)
    return ticket


def is_decided(verdict: Mapping[str, object]) -> bool:
    """Say whether a ticket's verdict, as it is kept, is a person's decision."""
    return "decided_by" in verdict


def _is_counted(ticket: Ticket, verdict: Verdict) -> bool:
    """Say whether what is included is counted: it is, unless the quota was used up and a person gives it nevertheless."""
    if verdict.package is None or any(each.name == "quota-exhausted" for each in verdict.used):
        return False
    return terms_of(ticket.terms).quota_for(verdict.package, ticket.service) is not None
