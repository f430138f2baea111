"""Keep what was decided about a ticket together with its reasons.

A decision is never changed and never deleted (triggers hold that); a later one on the same subject is another row, and
the last counts.
"""

from datetime import datetime

from pomost.contracts.queries import terms_called, terms_of
from pomost.rules.decision import Decision
from pomost.rules.entitlement import Verdict
from pomost.rules.terms.model import Unknown
from pomost.tickets.actions.hold import fact
from pomost.tickets.models import DecisionKept, Ticket


def keep_decision(ticket: Ticket, decision: Decision, *, by: str, at: datetime) -> DecisionKept:
    """Write down a decision on a ticket that is held, inside the transaction of what was decided.

    Raises:
        ValueError: its version is none of the vendor's, or that version has no such clause.
    """
    if decision.version == ticket.terms.version:
        terms = terms_of(ticket.terms)
    else:
        called = terms_called(ticket.vendor, decision.version)
        if called is None:
            raise ValueError(
                f"{ticket.vendor.slug} has no terms {decision.version!r}. Decide by a version it published."
            )
        terms = called
    for clause in decision.clauses:
        try:
            terms.clause(clause)
        except Unknown as unknown:
            raise ValueError(
                f"A decision on {decision.subject} names a clause that is not there. {unknown}"
            ) from None
    kept = DecisionKept.objects.create(
        ticket=ticket,
        subject=decision.subject.value,
        outcome=decision.outcome,
        clause=decision.clause,
        version=decision.version,
        body=decision.as_json(),
        by=by,
        at=at,
    )
    fact(
        ticket,
        "decision-kept",
        by=by,
        at=at,
        decision=kept.pk,
        subject=kept.subject,
        outcome=kept.outcome,
        clause=kept.clause,
        version=kept.version,
    )
    return kept


def keep_verdict(ticket: Ticket, verdict: Verdict, *, by: str, at: datetime) -> None:
    """Write down what the terms say to a ticket that is held, and by which package if that is, or was, in question."""
    package = verdict.package_decision
    if package is not None and (
        package.outcome != "as-claimed"
        or DecisionKept.objects.filter(ticket=ticket, subject=package.subject.value).exists()
    ):
        keep_decision(ticket, package, by=by, at=at)
    keep_decision(ticket, verdict.decision, by=by, at=at)
