"""What of time entered by hand the customer has agreed to: the free minutes that the terms grant, or the accepted sum.

Owns the warning before such an entry is kept. The rule is `rules/estimate.py`; the entry itself, and the ways to go on, are
actions/by_hand.py. Refuses nothing. Read on: docs/explain/estimates.md.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from pomost.billing.costs import agreed_of, complaint_of, estimate_rule, work_entered
from pomost.billing.errors import BillingRefused
from pomost.billing.queries import open_estimate, running_seconds
from pomost.contracts.queries import terms_of
from pomost.people.formats import length_words
from pomost.rules.estimate import agreed_share
from pomost.tickets.models import Ticket

IN_WORK: Final = (Ticket.State.OPEN, Ticket.State.WAITING, Ticket.State.SOLVED)


@dataclass(frozen=True, slots=True)
class Beyond:
    """An entry that reaches beyond what the customer agreed to."""

    left_seconds: int
    """Of it, what lies within: it may be entered and priced. 0: nothing."""
    beyond_seconds: int
    """Of it, what costs nothing until a price is accepted."""
    clause: str
    """Id of the clause that demands the estimate."""
    label: str
    """The clause as a person reads it: `§ 5.1`."""
    estimate_waits: bool
    """The customer has been asked and has not answered yet."""
    sum_accepted: bool
    """The bound is that of an accepted sum, not that of the free minutes."""

    def __str__(self) -> str:
        """Say it in the active language: what is left, what lies beyond, what the terms demand."""
        left = length_words(timedelta(seconds=self.left_seconds))
        beyond = length_words(timedelta(seconds=self.beyond_seconds))
        said = {"left": left, "beyond": beyond, "clause": self.label}
        if not self.left_seconds:
            words = _(
                "Nothing is left of what the customer agreed to. Beyond it: %(beyond)s, free of charge until they "
                "accept an estimate (%(clause)s)."
            )
        elif self.sum_accepted:
            words = _(
                "Left of the accepted estimate: %(left)s. Beyond it: %(beyond)s, free of charge until the customer "
                "accepts another (%(clause)s)."
            )
        else:
            words = _(
                "Left before the customer must accept an estimate: %(left)s. Beyond it: %(beyond)s, free of charge "
                "until they do (%(clause)s)."
            )
        return words % said


class BeyondAgreed(BillingRefused):
    """Time by hand reaches beyond what the customer agreed to, and nobody said how to go on. Nothing was entered."""

    def __init__(self, beyond: Beyond) -> None:
        super().__init__(str(beyond))
        self.beyond = beyond


def beyond_agreed(ticket: Ticket, seconds: int) -> Beyond | None:
    """Return how far `seconds` more work would reach beyond what was agreed to; None: not at all.

    A running session counts as worked. Work about a complaint costs nothing and is never beyond; nor is work on a
    request that is not in work, because none is entered there.
    """
    rule = estimate_rule(ticket)
    if rule is None or complaint_of(ticket) is not None or ticket.state not in IN_WORK:
        return None
    agreed = agreed_of(ticket)
    worked = sum(part.seconds for part in work_entered(ticket)) + running_seconds(ticket)
    share = agreed_share(rule.rule, worked, seconds, agreed.answer, agreed.covers_seconds)
    if not share.beyond_seconds:
        return None
    return Beyond(
        left_seconds=share.within_seconds,
        beyond_seconds=share.beyond_seconds,
        clause=rule.rule.clause,
        label=terms_of(ticket.terms).clause(rule.rule.clause).label,
        estimate_waits=open_estimate(ticket) is not None,
        sum_accepted=agreed.answer == "accepted",
    )
