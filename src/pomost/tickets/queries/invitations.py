"""An agreed time as calendars know it: the same event as long as it is agreed, with a higher number for each change.

Owns the event's identity, which is read from the facts: what is cancelled, or over when the next time is agreed, is
another event. Who is invited, in whose words, is the caller's; how a file of it is written, people/calendar_file.py's.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pomost.contracts.queries import terms_of
from pomost.journal.models import Fact
from pomost.people.calendar_file import Agreed, Party
from pomost.people.models import Technician
from pomost.rules.terms.model import said
from pomost.tickets.models import Booking, Ticket

BOOKED: Final = "ticket.booked"
CANCELLED: Final = "ticket.booking-cancelled"
HANDED_OVER: Final = "ticket.booking-handed-over"


@dataclass(frozen=True, slots=True)
class EventName:
    """By what calendars know an agreed time, and how many changes they have heard of."""

    uid: str
    sequence: int


def event_name(ticket: Ticket, until: Fact | None = None) -> EventName:
    """Return the name of the agreed time as of a fact; None: as of now."""
    facts = Fact.objects.filter(subject=f"ticket:{ticket.pk}", kind__in=(BOOKED, CANCELLED)).order_by("pk")
    if until is not None:
        facts = facts.filter(pk__lte=until.pk)
    event, sequence, ended = 1, -1, False
    ends_at: datetime | None = None
    for fact in facts:
        if ended or (ends_at is not None and ends_at <= fact.at):
            event, sequence = event + 1, -1
        sequence += 1
        ended = fact.kind == CANCELLED
        ends_at = datetime.fromisoformat(fact.data["ends_at"]) if "ends_at" in fact.data else None
    if until is not None and until.kind == HANDED_OVER:
        sequence += 1  # the change itself follows in the same breath, with this number
    domain = ticket.vendor.sender.rpartition("@")[2]
    return EventName(f"{ticket.vendor.slug}.{ticket.pk}.{event}@{domain}", max(sequence, 0))


def event_for_customer(
    ticket: Ticket, name: EventName, slot: tuple[datetime, datetime], technician: Technician, url: str
) -> Agreed:
    """Return the agreed time as the customer's calendar shows it, in the current language."""
    lines = [_service(ticket), _("Technician: %(name)s") % {"name": technician.person.name}]
    if ticket.vendor.phone:
        lines.append(_("Phone: %(phone)s") % {"phone": ticket.vendor.phone})
    contact = ticket.contact
    return _event(
        ticket,
        name,
        slot,
        title=f"{ticket.vendor.name}: {ticket.subject}",
        lines=lines,
        url=url,
        attendee=Party(contact.name, contact.email) if contact.email else None,
    )


def event_for_staff(
    ticket: Ticket, name: EventName, slot: tuple[datetime, datetime], technician: Technician, url: str
) -> Agreed:
    """Return the agreed time as the technician's calendar shows it, in the current language."""
    contact = ticket.contact
    lines = [
        _service(ticket),
        ", ".join(each for each in (contact.name, contact.phone, contact.email) if each),
    ]
    return _event(
        ticket,
        name,
        slot,
        title=f"{ticket.customer.name}: {ticket.subject}",
        lines=lines,
        url=url,
        attendee=Party(technician.person.name, technician.person.email),
    )


def booking_of(ticket: Ticket) -> Booking | None:
    """Return what is agreed now, with its technician."""
    return Booking.objects.select_related("technician__person").filter(ticket=ticket).first()


def _event(
    ticket: Ticket,
    name: EventName,
    slot: tuple[datetime, datetime],
    *,
    title: str,
    lines: list[str],
    url: str,
    attendee: Party | None,
) -> Agreed:
    text = "\n".join([*lines, _("Request %(number)s") % {"number": ticket.number}, *([url] if url else [])])
    return Agreed(
        uid=name.uid,
        sequence=name.sequence,
        starts_at=slot[0],
        ends_at=slot[1],
        zone=ticket.vendor.zone,
        title=title,
        text=text,
        url=url,
        organizer=Party(ticket.vendor.name, ticket.vendor.sender),
        attendees=(attendee,) if attendee else (),
    )


def _service(ticket: Ticket) -> str:
    return said(terms_of(ticket.terms).service(ticket.service).name, get_language() or "en")
