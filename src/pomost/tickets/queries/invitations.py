"""An agreed time or a visit as calendars know it: the same event for its life, with a higher number for each change.

Owns the event's identity, by mail and in a technician's feed alike. That of an agreed time is read from the facts: what is
cancelled, or over when the next time is agreed, is another event; a visit has a row and a number of its own. Who is invited, in whose words, is the caller's; how a file of it is written, people/calendar_file.py's.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pomost.contracts.queries import terms_of
from pomost.journal.models import Fact
from pomost.people.calendar_file import Agreed, Party
from pomost.people.models import Technician, Vendor
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
    facts = _facts_of([ticket.pk]).filter(**({} if until is None else {"pk__lte": until.pk}))
    name = _name(ticket.vendor, ticket.pk, facts)
    if until is not None and until.kind == HANDED_OVER:
        return replace(name, sequence=name.sequence + 1)  # the change itself follows in the same breath
    return name


def event_names(vendor: Vendor, tickets: Collection[int]) -> Mapping[int, EventName]:
    """Return by a request's key the name of its agreed time as of now. One query."""
    by_subject: dict[str, list[Fact]] = {}
    for fact in _facts_of(tickets):
        by_subject.setdefault(fact.subject, []).append(fact)
    return {key: _name(vendor, key, by_subject.get(f"ticket:{key}", [])) for key in tickets}


def visit_name(vendor: Vendor, visit: int, sequence: int) -> EventName:
    """Return the name of a visit, by its key; the same for its life."""
    return EventName(f"visit-{visit}.{vendor.slug}@{_domain(vendor)}", sequence)


def _facts_of(tickets: Collection[int]) -> QuerySet[Fact]:
    return Fact.objects.filter(
        subject__in=[f"ticket:{key}" for key in tickets], kind__in=(BOOKED, CANCELLED)
    ).order_by("pk")


def _name(vendor: Vendor, ticket: int, facts: Iterable[Fact]) -> EventName:
    event, sequence, ended = 1, -1, False
    ends_at: datetime | None = None
    for fact in facts:
        if ended or (ends_at is not None and ends_at <= fact.at):
            event, sequence = event + 1, -1
        sequence += 1
        ended = fact.kind == CANCELLED
        ends_at = datetime.fromisoformat(fact.data["ends_at"]) if "ends_at" in fact.data else None
    return EventName(f"{vendor.slug}.{ticket}.{event}@{_domain(vendor)}", max(sequence, 0))


def _domain(vendor: Vendor) -> str:
    return vendor.sender.rpartition("@")[2]


def event_for_customer(
    ticket: Ticket,
    name: EventName,
    slot: tuple[datetime, datetime],
    technician: Technician,
    url: str,
    place: str = "",
) -> Agreed:
    """Return the agreed time, or the visit to a place, as the customer's calendar shows it, in the current language."""
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
        place=place,
        attendee=Party(contact.name, contact.email) if contact.email else None,
    )


def event_for_staff(
    ticket: Ticket,
    name: EventName,
    slot: tuple[datetime, datetime],
    technician: Technician,
    url: str,
    place: str = "",
) -> Agreed:
    """Return the agreed time, or the visit to a place, as the technician's calendar shows it, in the current language."""
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
        place=place,
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
    place: str,
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
        place=place,
        url=url,
        organizer=Party(ticket.vendor.name, ticket.vendor.sender),
        attendees=(attendee,) if attendee else (),
    )


def _service(ticket: Ticket) -> str:
    return said(terms_of(ticket.terms).service(ticket.service).name, get_language() or "en")
