"""Enter a visit that was made: its worked time, and the way where the terms price it.

Owns the one step that ends an agreed visit. Where the price list has a price of travel for the request's service the way is
entered with it; where it has none nothing is asked for the way. A price list that names a way and states no rate wants a sum
that the customer agreed to (`TravelAgreed`). Read on: actions.py.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.contracts.queries import local_day, terms_in_force
from pomost.people.models import Contact
from pomost.rules.terms.parts import TravelTerms
from pomost.tickets.actions import visit_made
from pomost.tickets.models import Ticket, Visit
from pomost.worklog.actions import TravelAgreed, enter_travel, enter_visit_time
from pomost.worklog.errors import EntryRefused

TRAVELLED_MAX: Final = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Made:
    """What is told of a visit afterwards."""

    started_at: datetime
    worked_seconds: int
    note: str = ""
    travelled: Decimal = Decimal(1)
    """Kilometres or hours where the price list counts so; a visit is one."""
    agreed_net: Decimal | None = None
    """A sum for the way that the customer agreed to, where the price list states no rate."""
    channel: str = "phone"
    """How they agreed to that sum."""


def way_of(ticket: Ticket, at: datetime) -> TravelTerms | None:
    """Return the price of the way to the customer on that day, or None: the price list has none for this service."""
    day = local_day(ticket.vendor, at)
    _version, terms = terms_in_force(ticket.vendor, day)
    return next(iter(terms.travels(day, ticket.service)), None)


@transaction.atomic
def finish_visit(ticket: Ticket, made: Made, *, contact: Contact, by: str, at: datetime) -> Visit:
    """Note that the agreed visit was made, enter its time and, where the terms price it, the way.

    The request may be over by then: a visit that had begun is what happened, as a session is.

    `contact` is who agreed to a sum for the way.

    Raises:
        TicketRefused: no visit is agreed, or it has not begun.
        EntryRefused: the time cannot be, or the way needs a sum that nobody agreed to.
        NoTermsInForce: the vendor had no terms on that day.
    """
    visit = visit_made(ticket, by=by, at=at)
    technician = visit.technician
    if technician is None:
        raise EntryRefused(_("Nobody was to come, so no time of a visit can be entered."))
    enter_visit_time(
        ticket,
        technician=technician,
        worked_seconds=made.worked_seconds,
        started_at=made.started_at,
        note=made.note,
        by=by,
        at=at,
    )
    if made.travelled > TRAVELLED_MAX:
        raise EntryRefused(
            _("Nobody travels %(much)s km or hours for one visit. Check the number.")
            % {"much": made.travelled}
        )
    way = way_of(ticket, made.started_at)
    if way is None and made.agreed_net is None:
        return visit
    enter_travel(
        ticket,
        technician=technician,
        key=way.travel.key if way is not None else "",
        quantity=Decimal(1) if way is None or way.travel.per == "visit" else made.travelled,
        travelled_on=local_day(ticket.vendor, made.started_at),
        agreed=None if made.agreed_net is None else TravelAgreed(made.agreed_net, contact, made.channel),
        visit=visit,
        note=visit.city,
        by=by,
        at=at,
    )
    return visit
