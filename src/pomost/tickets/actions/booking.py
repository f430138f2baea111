"""An agreed time of a technician for a ticket. Nobody can be in two places: the technician's row is the lock.

The row is what is agreed now; what was agreed before is told by the facts. Staff move and cancel at any time; the customer
does until the lead that the terms name.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pomost.contracts.queries import terms_of
from pomost.people import formats
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
    """Agree on a time for the ticket; a time agreed before is given up for it. Saying it twice is harmless.

    Raises:
        TicketRefused: the technician is taken or away then or works elsewhere, the time is past or reversed, or the
            ticket is over.
    """
    ticket = hold(ticket, NOT_OVER)
    keep_slot(ticket, slot, by=by, at=at)
    return ticket


@transaction.atomic
def customer_books(ticket: Ticket, slot: Slot, *, by: str, at: datetime) -> Ticket:
    """Agree on a time that the customer chose, or move theirs to it.

    Raises:
        TicketRefused: as in `book`; or it is too late to move the time that is agreed.
    """
    ticket = hold(ticket, NOT_OVER)
    _refuse_late(ticket, at)
    keep_slot(ticket, slot, by=by, at=at)
    return ticket


def keep_slot(ticket: Ticket, slot: Slot, *, by: str, at: datetime) -> Booking:
    """Write the agreed time of a ticket that is held.

    Raises:
        TicketRefused: as in `book`.
    """
    technician = hold_technician(slot.technician)
    before = Booking.objects.filter(ticket=ticket).first()
    if before is not None and (before.technician_id, before.starts_at, before.ends_at) == (
        technician.pk,
        slot.starts_at,
        slot.ends_at,
    ):
        return before
    _refuse_unfit(ticket, technician, slot, by=by, at=at)
    booking, _made = Booking.objects.update_or_create(
        ticket=ticket,
        defaults={"technician": technician, "starts_at": slot.starts_at, "ends_at": slot.ends_at},
    )
    if before is not None and before.technician_id != technician.pk and before.ends_at > at:
        _tell(ticket, "booking-handed-over", before, by=by, at=at)
    _tell(ticket, "booked", booking, by=by, at=at)
    return booking


def _refuse_unfit(ticket: Ticket, technician: Technician, slot: Slot, *, by: str, at: datetime) -> None:
    name = {"name": technician.person.name}
    if technician.vendor_id != ticket.vendor_id:
        raise TicketRefused(_("%(name)s does not work for this vendor.") % name)
    if slot.ends_at <= slot.starts_at:
        raise TicketRefused(_("The agreed time would end before it begins. Check both."))
    if slot.starts_at < at:
        raise TicketRefused(_("The agreed time is past. Choose a later one."))
    try:
        refuse_filled(technician, slot, but_booking_of=ticket)
    except TicketRefused as refused:
        if not by.startswith("contact:"):
            raise
        # Whose request it is, or why a technician is away, is no other customer's to read.
        raise TicketRefused(_("This time is not free any more. Choose another one.")) from refused


def refuse_filled(
    technician: Technician, slot: Slot, *, but_booking_of: Ticket | None = None, but_visit: int | None = None
) -> None:
    """Refuse a time of a technician who is held that something fills, what it is to replace aside.

    Raises:
        TicketRefused: booked, away or on a visit then.
    """
    name = {"name": technician.person.name}
    meanwhile = {"technician": technician, "starts_at__lt": slot.ends_at, "ends_at__gt": slot.starts_at}
    booked = Booking.objects.select_related("ticket").filter(**meanwhile)
    taken = (booked if but_booking_of is None else booked.exclude(ticket=but_booking_of)).first()
    if taken is not None:
        raise TicketRefused(
            _("%(name)s is booked then for request %(number)s. Choose another time or technician.")
            % {**name, "number": taken.ticket.number}
        )
    if Absence.objects.filter(**meanwhile).exists():
        raise TicketRefused(_("%(name)s is away then. Choose another time or technician.") % name)
    visit = visit_in_the_way(technician.pk, slot.starts_at, slot.ends_at, but=but_visit)
    if visit is not None:
        raise TicketRefused(
            _("%(name)s is on a visit then for request %(number)s. Choose another time or technician.")
            % {**name, "number": visit.ticket.number}
        )


@transaction.atomic
def cancel_booking(ticket: Ticket, *, by: str, at: datetime) -> Ticket:
    """Give up the agreed time. Harmless if there is none."""
    ticket = hold(ticket)
    give_up(ticket, by=by, at=at)
    return ticket


@transaction.atomic
def customer_cancels(ticket: Ticket, *, by: str, at: datetime) -> Ticket:
    """Give up the agreed time because the customer asks for it. Harmless if there is none.

    Raises:
        TicketRefused: it is too late: they have to call.
    """
    ticket = hold(ticket)
    _refuse_late(ticket, at)
    give_up(ticket, by=by, at=at)
    return ticket


def give_up(ticket: Ticket, *, by: str, at: datetime) -> None:
    """Give up the agreed time of a ticket that is held. Harmless if there is none."""
    booking = Booking.objects.filter(ticket=ticket).first()
    if booking is not None:
        _tell(ticket, "booking-cancelled", booking, by=by, at=at)
        booking.delete()


def give_up_ahead(ticket: Ticket, *, by: str, at: datetime) -> None:
    """Give up an agreed time of a ticket that is over, unless it has begun: then it is what happened."""
    if Booking.objects.filter(ticket=ticket, starts_at__gt=at).exists():
        give_up(ticket, by=by, at=at)


def change_until(ticket: Ticket, booking: Booking) -> datetime | None:
    """Return until when the customer may move or cancel an agreed time; None where the terms do not say."""
    rule = terms_of(ticket.terms).booking_for(ticket.service)
    return booking.starts_at - timedelta(seconds=rule.lead_seconds) if rule else None


def _refuse_late(ticket: Ticket, at: datetime) -> None:
    booking = Booking.objects.filter(ticket=ticket).first()
    if booking is None or booking.ends_at <= at:
        return
    until = change_until(ticket, booking)
    if until is None or at > until:
        with timezone.override(ticket.vendor.zone):
            moment = formats.moment(booking.starts_at, at)
        raise TicketRefused(
            _(
                "It is too late to change the time here (%(moment)s). Call us, and we will agree on another one."
            )
            % {"moment": moment}
        )


def _tell(ticket: Ticket, verb: str, booking: Booking, *, by: str, at: datetime) -> None:
    """Record what became of an agreed time; `technicians` are those who hear of it by mail."""
    fact(
        ticket,
        verb,
        by=by,
        at=at,
        technician=booking.technician_id,
        starts_at=iso(booking.starts_at),
        ends_at=iso(booking.ends_at),
        technicians=[booking.technician_id],
    )
