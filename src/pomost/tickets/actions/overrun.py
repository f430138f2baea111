"""The promised time is over and work stands still: a price is named and answered, or a person decides.

The price itself is billing's; here it only lets work go on, or not. Where the terms say what follows, nobody decides
otherwise.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.contracts.queries import local_day, terms_of
from pomost.rules.decision import Decision, Fact, Subject
from pomost.tickets.actions.explained import keep_decision
from pomost.tickets.actions.hold import OPEN, bounded, fact, given, hold
from pomost.tickets.actions.solution import close
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Overrun, Ticket
from pomost.tickets.overrun import holding

State = Overrun.State

GO_ON: Final = "go-on"
PAID: Final = "paid"
CLOSE: Final = "close"
WAYS: Final = (GO_ON, PAID, CLOSE)
"""What a person can decide, from the mildest for the customer on."""
REASON_CHARACTERS_MAX: Final = 500
_OUTCOMES: Final = {GO_ON: "goes-on", PAID: "agree-price", CLOSE: "ended"}


@transaction.atomic
def price_named(ticket: Ticket, *, by: str, at: datetime) -> None:
    """Note that the price of going on is before the customer. Harmless where no price is due."""
    found = holding(hold(ticket))
    if found is not None and found.state in (State.PRICE_DUE, State.PRICE_DECLINED):
        _move(found, State.PRICE_ASKED)


@transaction.atomic
def price_answered(ticket: Ticket, *, accepted: bool, by: str, at: datetime) -> bool:
    """Let work go on under the paid service after a yes, and leave it standing after a no.

    Return whether the price was that of going on after the promised time; otherwise nothing happens.
    """
    ticket = hold(ticket)
    found = Overrun.objects.filter(ticket=ticket, state=State.PRICE_ASKED).first()
    if found is None:
        return False
    _move(found, State.PRICE_AGREED if accepted else State.PRICE_DECLINED)
    if accepted:
        fact(ticket, "work-may-go-on", by=by, at=at, service=found.service, clause=found.clause)
    return True


@transaction.atomic
def decide_overrun(
    ticket: Ticket, way: str, reason: str, *, service: str = "", by: str, at: datetime
) -> Ticket:
    """Decide how to go on when the promised time is over and the terms do not say: the reason is kept.

    "go-on": as before · "paid": under `service`, once its price is accepted · "close": not at all.

    Raises:
        TicketRefused: nothing is to be decided here, no such way, no or too long a reason, or a service without a price.
    """
    ticket = hold(ticket, OPEN)
    found = holding(ticket)
    if found is None:
        raise TicketRefused(_("The promised time is not over, so nobody has to decide how to go on."))
    if found.state != State.PERSON_DUE:
        raise TicketRefused(_("The terms say what follows here (§ %(clause)s).") % {"clause": found.clause})
    if way not in WAYS:
        raise TicketRefused(_("Choose how to go on: as before, for a price, or not at all."))
    kept = bounded(given(reason), REASON_CHARACTERS_MAX)
    facts = [
        Fact("promise", found.clock),
        Fact.of("due-at", found.stopped_at),
        Fact("reason", kept),
        Fact("decided-by", by),
    ]
    if way == PAID:
        if service not in paid_services(ticket, at):
            raise TicketRefused(
                _("Choose the service under which work goes on; it needs a price in the terms.")
            )
        facts.insert(1, Fact("service", service))
        found.service = service
    keep_decision(
        ticket,
        Decision(Subject.CLOCK, _OUTCOMES[way], found.clause, tuple(facts), ticket.terms.version),
        by=by,
        at=at,
    )
    if way != CLOSE:
        _move(found, State.GOES_ON if way == GO_ON else State.PRICE_DUE)
    fact(
        ticket,
        "overrun-decided",
        by=by,
        at=at,
        way=way,
        service=found.service,
        clause=found.clause,
        reason=kept,
    )
    return close(ticket, kept, by=by, at=at) if way == CLOSE else ticket


def paid_services(ticket: Ticket, at: datetime) -> tuple[str, ...]:
    """Return the services of the terms that some tariff prices on this day, for the ticket's package."""
    terms, day = terms_of(ticket.terms), local_day(ticket.vendor, at)
    package = ticket.package or None
    return tuple(
        service.id
        for service in terms.services
        if any(terms.tariffs(day, service=service.id, package=package))
    )


def _move(found: Overrun, state: State) -> None:
    found.state = state
    found.save(update_fields=["state", "service"])
