"""An agreed time of a technician for a ticket. Nobody can be in two places: the technician's row is the lock."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.people.models import Technician
from pomost.tickets.actions.absences import hold_technician
from pomost.tickets.actions.hold import NOT_OVER, fact, hold, iso
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Absence, Booking, Ticket
from pomost.tickets.visiting import visit_in_the_way


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of a technician: the beginning included, the end not."""

    technician: Technician
    starts_at: datetime
    ends_at: datetime


@transaction.atomic
def book(ticket: Ticket, slot: Slot, *, by: str, at: datetime) -> Ticket:
    """Agree on a time for the ticket; a time agreed before is given up for it.

    Raises:
        TicketRefused: the technician is taken then or works elsewhere, the time is past or reversed, or the ticket is
            over.
    """
    ticket = hold(ticket, NOT_OVER)
    keep_slot(ticket, slot, by=by, at=at)
    return ticket


def keep_slot(ticket: Ticket, slot: Slot, *, by: str, at: datetime) -> Booking:
    """Write the agreed time of a ticket that is held.

    Raises:
        TicketRefused: as in `book`.
    """
    technician = hold_technician(slot.technician)
    if technician.vendor_id != ticket.vendor_id:
        raise TicketRefused(_("%(name)s does not work for this vendor.") % {"name": technician.person.name})
    if slot.ends_at <= slot.starts_at:
        raise TicketRefused(_("The agreed time would end before it begins. Check both."))
    if slot.starts_at < at:
        raise TicketRefused(_("The agreed time is past. Choose a later one."))
    taken = (
        Booking.objects.select_related("ticket")
        .filter(technician=technician, starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at)
        .exclude(ticket=ticket)
        .first()
    )
    if taken is not None:
        raise TicketRefused(
            _("%(name)s is booked then for request %(number)s. Choose another time or technician.")
            % {"name": technician.person.name, "number": taken.ticket.number}
        )
    if Absence.objects.filter(
        technician=technician, starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at
    ).exists():
        raise TicketRefused(
            _("%(name)s is away then. Choose another time or technician.") % {"name": technician.person.name}
        )
    away = visit_in_the_way(technician.pk, slot.starts_at, slot.ends_at)
    if away is not None:
        raise TicketRefused(
            _("%(name)s is on a visit then for request %(number)s. Choose another time or technician.")
            % {"name": technician.person.name, "number": away.ticket.number}
        )
    booking, _made = Booking.objects.update_or_create(
        ticket=ticket,
        defaults={"technician": technician, "starts_at": slot.starts_at, "ends_at": slot.ends_at},
    )
    fact(
        ticket,
        "booked",
        by=by,
        at=at,
        technician=technician.pk,
        starts_at=iso(slot.starts_at),
        ends_at=iso(slot.ends_at),
    )
    return booking


@transaction.atomic
def cancel_booking(ticket: Ticket, *, by: str, at: datetime) -> Ticket:
    """Give up the agreed time. Harmless if there is none."""
    ticket = hold(ticket)
    deleted, _kinds = Booking.objects.filter(ticket=ticket).delete()
    if deleted:
        fact(ticket, "booking-cancelled", by=by, at=at)
    return ticket
