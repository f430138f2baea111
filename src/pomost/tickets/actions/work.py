"""Who works on a ticket, and when work begins and stops."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.people.models import Technician
from pomost.tickets.actions.hold import NOT_OVER, OPEN, fact, hold, iso
from pomost.tickets.actions.use import keep_use
from pomost.tickets.clockwork import note, recompute
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Ticket
from pomost.tickets.overrun import not_held
from pomost.tickets.restricted import not_restricted


@transaction.atomic
def take(ticket: Ticket, technician: Technician, *, by: str, at: datetime) -> Ticket:
    """Make the ticket the technician's own. Taking one's own again changes nothing.

    Raises:
        TicketRefused: somebody else has it, or it is over.
    """
    ticket = hold(ticket, NOT_OVER)
    if ticket.assigned_to_id == technician.pk:
        return ticket
    if ticket.assigned_to is not None:
        raise TicketRefused(
            _("%(name)s has this request already. A dispatcher can assign it to you.")
            % {"name": ticket.assigned_to.person.name}
        )
    return _give(ticket, technician, "taken", by=by, at=at)


@transaction.atomic
def assign(ticket: Ticket, technician: Technician | None, *, by: str, at: datetime) -> Ticket:
    """Give the ticket to a technician, or to nobody.

    Raises:
        TicketRefused: the technician works for another vendor, or the ticket is over.
    """
    ticket = hold(ticket, NOT_OVER)
    if ticket.assigned_to_id == (technician.pk if technician else None):
        return ticket
    return _give(ticket, technician, "assigned", by=by, at=at)


def _give(ticket: Ticket, technician: Technician | None, verb: str, *, by: str, at: datetime) -> Ticket:
    if technician is not None and technician.vendor_id != ticket.vendor_id:
        raise TicketRefused(_("%(name)s does not work for this vendor.") % {"name": technician.person.name})
    ticket.assigned_to = technician
    ticket.save(update_fields=["assigned_to"])
    fact(ticket, verb, by=by, at=at, technician=technician.pk if technician else None)
    return ticket


@transaction.atomic
def begin_work(ticket: Ticket, *, by: str, at: datetime) -> Ticket:
    """Note that work on the ticket began. Saying it twice is harmless.

    Raises:
        TicketRefused: something that the terms demand is still missing, the promised time is over and nothing lets work
            go on, support is restricted, or the ticket is solved or over.
    """
    ticket = hold(ticket, OPEN)
    if ticket.began_at is not None:
        return ticket
    not_restricted(ticket, at)
    not_held(ticket)
    keep_beginning(ticket, by=by, at=at)
    recompute(ticket, at)
    return ticket


def keep_beginning(ticket: Ticket, *, by: str, at: datetime) -> None:
    """Note that work began, on a ticket that is held, and count it; its clocks still have to be computed."""
    ticket.began_at = at
    ticket.save(update_fields=["began_at"])
    note(ticket, "work.began", at, at)
    fact(ticket, "work-began", by=by, at=at)
    keep_use(ticket, by=by, at=at)


@transaction.atomic
def stop_work(ticket: Ticket, *, reason: str, by: str, at: datetime) -> Ticket:
    """Note that work was put aside, by the terms or by a person. Work that never began stays so."""
    ticket = hold(ticket, NOT_OVER)
    if ticket.began_at is None:
        return ticket
    ticket.began_at = None
    ticket.save(update_fields=["began_at"])
    note(ticket, "work.stopped", at, at)
    fact(ticket, "work-stopped", by=by, at=at, reason=reason)
    recompute(ticket, at)
    return ticket


@transaction.atomic
def record_clock_event(
    ticket: Ticket, name: str, *, happened_at: datetime, once: str = "", by: str, at: datetime
) -> Ticket:
    """Let something that happened elsewhere (a session's meter, an estimate, the next order) count for the clocks.

    Another machine's clock may be wrong, so what happened is taken to lie between the receipt of the request and now.
    Telling of the same thing twice, under the same `once` or at the same moment, changes and records nothing.

    Raises:
        ValueError: the name is not one of rules.clocks.EVENTS.
    """
    ticket = hold(ticket)
    moment = max(ticket.received_at, min(happened_at, at))
    if note(ticket, name, moment, at, once):
        fact(ticket, "clock-event", by=by, at=at, name=name, happened_at=iso(moment))
        recompute(ticket, at)
    return ticket
