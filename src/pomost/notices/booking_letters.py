"""What customers and technicians are told of an agreed time, each with a calendar file that their mail program offers.

Owns the words. The event keeps its name for as long as it is agreed, so a calendar moves or removes what it has; what these
letters share with those of visits is appointments.py.
"""

from collections.abc import Mapping
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from pomost.journal.models import Fact
from pomost.notices.appointments import (
    file_for_customer,
    file_for_staff,
    letter_to_staff,
    span_of,
    span_words,
    technician_of,
)
from pomost.notices.letter import Letter
from pomost.notices.letters import Writer
from pomost.people.calendar_file import Method
from pomost.people.models import Technician
from pomost.tickets import actions
from pomost.tickets.models import Booking, Ticket
from pomost.tickets.queries import EventName, booking_of, event_name
from pomost.tickets.queries.sentences import moment_words


def booked(fact: Fact, ticket: Ticket) -> Letter | None:
    """Confirm an agreed time to the customer, or the new one; nothing once another was agreed."""
    technician, booking = technician_of(fact), booking_of(ticket)
    if technician is None or booking is None or not _is_as_told(booking, fact):
        return None
    name = event_name(ticket, fact)
    if name.sequence:
        title = _("Request %(number)s: a new time") % {"number": ticket.number}
    else:
        title = _("Request %(number)s: the agreed time") % {"number": ticket.number}
    return Letter(
        title=title,
        paragraphs=[_("Agreed: %(moment)s.") % {"moment": span_words(fact)}],
        rows=[(_("Technician"), technician.person.name)],
        closing=[_how_to_change(ticket, booking)],
        button=_("Open the request"),
        attachment=file_for_customer(fact, ticket, technician, name, Method.REQUEST),
    )


def cancelled(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell the customer that an agreed time was given up."""
    technician = technician_of(fact)
    if technician is None:
        return None
    return Letter(
        title=_("Request %(number)s: the agreed time is given up") % {"number": ticket.number},
        paragraphs=[_("Not any more: %(moment)s.") % {"moment": span_words(fact)}],
        rows=[(_("Technician"), technician.person.name)],
        button=_("Open the request"),
        attachment=file_for_customer(fact, ticket, technician, event_name(ticket, fact), Method.CANCEL),
    )


def booked_for_staff(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell the technician of an agreed time; nothing once another was agreed."""
    technician, booking = technician_of(fact), booking_of(ticket)
    if technician is None or booking is None or not _is_as_told(booking, fact):
        return None
    name = event_name(ticket, fact)
    title = _("New time: request %(number)s") if name.sequence else _("Booked: request %(number)s")
    return _to_staff(fact, ticket, technician, name, title, Method.REQUEST)


def cancelled_for_staff(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell the technician that an agreed time is not theirs any more: given up, or a colleague's now."""
    technician = technician_of(fact)
    if technician is None:
        return None
    name, title = event_name(ticket, fact), _("Given up: request %(number)s")
    return _to_staff(fact, ticket, technician, name, title, Method.CANCEL)


def _to_staff(
    fact: Fact, ticket: Ticket, technician: Technician, name: EventName, title: str, method: Method
) -> Letter:
    address = reverse("console:ticket", args=[ticket.vendor.slug, ticket.number])
    file = file_for_staff(fact, ticket, technician, name, method, address=address)
    return letter_to_staff(fact, ticket, title, file, address=address)


def _how_to_change(ticket: Ticket, booking: Booking) -> str:
    until = actions.change_until(ticket, booking)
    if until is None or ticket.contact.person_id is None:
        return _("If you cannot make it, call us or answer this mail.")
    return _("You can move or cancel it on the page of the request until %(moment)s.") % {
        "moment": moment_words(until)
    }


def _is_as_told(booking: Booking, fact: Fact) -> bool:
    return (booking.technician_id, booking.starts_at, booking.ends_at) == (
        fact.data["technician"],
        *span_of(fact),
    )


BOOKING_WRITERS: Final[Mapping[str, tuple[str, Writer]]] = {
    "ticket.booked": ("booked", booked),
    "ticket.booking-cancelled": ("booking-cancelled", cancelled),
}
"""Kind of fact to the kind of mail and its writer, for the customer."""

BOOKING_STAFF_WRITERS: Final[Mapping[str, tuple[str, Writer]]] = {
    "ticket.booked": ("booked", booked_for_staff),
    "ticket.booking-handed-over": ("booking-cancelled", cancelled_for_staff),
    "ticket.booking-cancelled": ("booking-cancelled", cancelled_for_staff),
}
"""And for the technicians whom the fact names."""
