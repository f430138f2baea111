"""What was decided about a ticket, and why."""

from dataclasses import dataclass
from datetime import datetime

from pomost.contracts.queries import terms_called, terms_of
from pomost.rules.decision import Decision, Subject
from pomost.rules.terms.model import Terms
from pomost.tickets.models import DecisionKept, Ticket


@dataclass(frozen=True, slots=True)
class Explained:
    """A decision as it was kept."""

    decision: Decision
    terms: Terms
    """The version that it was judged by."""
    by: str
    """As in the journal; `decided-by` among the facts where a person decided it."""
    at: datetime


def decisions_of(ticket: Ticket, subject: Subject | None = None) -> tuple[Explained, ...]:
    """Return every decision on a ticket, or those on one subject, in their order: of one subject the last counts."""
    rows = DecisionKept.objects.filter(ticket=ticket).order_by("id")
    if subject is not None:
        rows = rows.filter(subject=subject.value)
    versions = {ticket.terms.version: terms_of(ticket.terms)}
    found = []
    for row in rows:
        if row.version not in versions:
            called = terms_called(ticket.vendor, row.version)
            if called is None:
                raise ValueError(f"{ticket.vendor.slug} has no terms {row.version!r}, which decided {row}.")
            versions[row.version] = called
        found.append(Explained(Decision.from_json(row.body), versions[row.version], row.by, row.at))
    return tuple(found)


def decisions_in_force(ticket: Ticket) -> tuple[Explained, ...]:
    """Return the last decision on each subject: what is covered first, then in the order in which they came up."""
    last: dict[Subject, Explained] = {}
    for each in decisions_of(ticket):
        last[each.decision.subject] = each
    return tuple(sorted(last.values(), key=lambda each: each.decision.subject is not Subject.ENTITLEMENT))
