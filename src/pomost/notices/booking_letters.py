"""What customers and technicians are told of an agreed time, each with a calendar file that their mail program offers.

Owns the words and whose event the file holds. The event keeps its name for as long as it is agreed, so a calendar moves or
removes what it has; what stands in the file is people/calendar_file.py's.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from pomost.journal.models import Fact
from pomost.notices.letter import Attachment, Letter
from pomost.notices.letters import Writer
from pomost.people import formats
from pomost.people.calendar_file import Agreed, Method, calendar_file, media_type
from pomost.people.models import Technician
from pomost.tickets import actions
from pomost.tickets.models import Booking, Ticket
from pomost.tickets.queries import EventName, booking_of, event_for_customer, event_for_staff, event_name
from pomost.tickets.queries.sentences import moment_words

Eventful = Callable[[Ticket, EventName, tuple[datetime, datetime], Technician, str], Agreed]
FILE_NAME: Final = "invite.ics"


def booked(fact: Fact, ticket: Ticket) -> Letter | None:
    """Confirm an agreed time to the customer, or the new one; nothing once another was agreed."""
    technician, booking = _technician(fact), booking_of(ticket)
    if technician is None or booking is None or not _is_as_told(booking, fact):
        return None
    name = event_name(ticket, fact)
    if name.sequence:
        title = _("Request %(number)s: a new time") % {"number": ticket.number}
    else:
        title = _("Request %(number)s: the agreed time") % {"number": ticket.number}
    return Letter(
        title=title,
        paragraphs=[_("Agreed: %(moment)s.") % {"moment": _span_words(fact)}],
        rows=[(_("Technician"), technician.person.name)],
        closing=[_how_to_change(ticket, booking)],
        button=_("Open the request"),
        attachment=_file(fact, ticket, technician, name, Method.REQUEST, event_for_customer),
    )


def cancelled(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell the customer that an agreed time was given up."""
    technician = _technician(fact)
    if technician is None:
        return None
    return Letter(
        title=_("Request %(number)s: the agreed time is given up") % {"number": ticket.number},
        paragraphs=[_("Not any more: %(moment)s.") % {"moment": _span_words(fact)}],
        rows=[(_("Technician"), technician.person.name)],
        button=_("Open the request"),
        attachment=_file(
            fact, ticket, technician, event_name(ticket, fact), Method.CANCEL, event_for_customer
        ),
    )


def booked_for_staff(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell the technician of an agreed time; nothing once another was agreed."""
    technician, booking = _technician(fact), booking_of(ticket)
    if technician is None or booking is None or not _is_as_told(booking, fact):
        return None
    name = event_name(ticket, fact)
    title = _("New time: request %(number)s") if name.sequence else _("Booked: request %(number)s")
    return _to_staff(fact, ticket, technician, name, title, Method.REQUEST)


def cancelled_for_staff(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell the technician that an agreed time is not theirs any more: given up, or a colleague's now."""
    technician = _technician(fact)
    if technician is None:
        return None
    name, title = event_name(ticket, fact), _("Given up: request %(number)s")
    return _to_staff(fact, ticket, technician, name, title, Method.CANCEL)


def _to_staff(
    fact: Fact, ticket: Ticket, technician: Technician, name: EventName, title: str, method: Method
) -> Letter:
    return Letter(
        title=title % {"number": ticket.number},
        paragraphs=[f"{_span_words(fact)}."],
        rows=[
            (_("Subject"), ticket.subject),
            (_("Customer"), ticket.customer.name),
            (_("Contact"), ", ".join(each for each in (ticket.contact.name, ticket.contact.phone) if each)),
        ],
        button=_("Open the request"),
        address=_console(ticket),
        attachment=_file(fact, ticket, technician, name, method, event_for_staff),
    )


def _file(
    fact: Fact, ticket: Ticket, technician: Technician, name: EventName, method: Method, event: Eventful
) -> Attachment:
    if event is event_for_customer:
        address = reverse("portal:request", args=[ticket.vendor.slug, ticket.number])
    else:
        address = _console(ticket)
    agreed = event(ticket, name, _span(fact), technician, f"{settings.PUBLIC_URL}{address}")
    return Attachment(FILE_NAME, calendar_file([agreed], method, at=fact.at), media_type(method))


def _how_to_change(ticket: Ticket, booking: Booking) -> str:
    until = actions.change_until(ticket, booking)
    if until is None or ticket.contact.person_id is None:
        return _("If you cannot make it, call us or answer this mail.")
    return _("You can move or cancel it on the page of the request until %(moment)s.") % {
        "moment": moment_words(until)
    }


def _technician(fact: Fact) -> Technician | None:
    key = fact.data.get("technician")  # facts of the first version told only that something was given up
    return Technician.objects.select_related("person").filter(pk=key).first()


def _is_as_told(booking: Booking, fact: Fact) -> bool:
    return (booking.technician_id, booking.starts_at, booking.ends_at) == (
        fact.data["technician"],
        *_span(fact),
    )


def _span(fact: Fact) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(fact.data["starts_at"]), datetime.fromisoformat(fact.data["ends_at"])


def _span_words(fact: Fact) -> str:
    starts_at, ends_at = _span(fact)
    return f"{moment_words(starts_at)}–{formats.clock_time(ends_at)}"


def _console(ticket: Ticket) -> str:
    return reverse("console:ticket", args=[ticket.vendor.slug, ticket.number])


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
