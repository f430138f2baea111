"""What the letters of agreed times and those of visits share: whose time it is, when, what staff read, the calendar file.

The facts of both name a technician, a beginning and an end. The words that differ are booking_letters.py and
visit_letters.py.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from pomost.journal.models import Fact
from pomost.notices.letter import Attachment, Letter
from pomost.people import formats
from pomost.people.calendar_file import Agreed, Method, calendar_file, media_type
from pomost.people.models import Technician
from pomost.tickets.models import Ticket
from pomost.tickets.queries import EventName, event_for_customer, event_for_staff
from pomost.tickets.queries.sentences import moment_words

FILE_NAME: Final = "invite.ics"


def technician_of(fact: Fact) -> Technician | None:
    """Return whose time it is; None where the fact names nobody, as those of the first version did."""
    return Technician.objects.select_related("person").filter(pk=fact.data.get("technician")).first()


def span_of(fact: Fact) -> tuple[datetime, datetime]:
    """Return when it begins and ends."""
    return datetime.fromisoformat(fact.data["starts_at"]), datetime.fromisoformat(fact.data["ends_at"])


def span_words(fact: Fact) -> str:
    """Write when it begins and ends: `Wed 17 June, 10:00–12:00`."""
    starts_at, ends_at = span_of(fact)
    return f"{moment_words(starts_at)}\N{EN DASH}{formats.clock_time(ends_at)}"


def letter_to_staff(
    fact: Fact,
    ticket: Ticket,
    title: str,
    attachment: Attachment,
    *,
    address: str,
    words: Sequence[str] = (),
    place: str = "",
) -> Letter:
    """Return what a technician reads: when, for whom, and where; `title` has a place for the number."""
    rows = [
        (_("Subject"), ticket.subject),
        (_("Customer"), ticket.customer.name),
        (_("Contact"), ", ".join(each for each in (ticket.contact.name, ticket.contact.phone) if each)),
    ]
    return Letter(
        title=title % {"number": ticket.number},
        paragraphs=[f"{span_words(fact)}.", *words],
        rows=[*rows, (_("Place"), place)] if place else rows,
        button=_("Open the request"),
        address=address,
        attachment=attachment,
    )


def file_for_customer(
    fact: Fact, ticket: Ticket, technician: Technician, name: EventName, method: Method, place: str = ""
) -> Attachment:
    """Return the calendar file for the contact of the request; its event leads to the portal."""
    address = reverse("portal:request", args=[ticket.vendor.slug, ticket.number])
    event = event_for_customer(
        ticket, name, span_of(fact), technician, f"{settings.PUBLIC_URL}{address}", place
    )
    return _file(event, method, fact)


def file_for_staff(
    fact: Fact,
    ticket: Ticket,
    technician: Technician,
    name: EventName,
    method: Method,
    place: str = "",
    *,
    address: str,
) -> Attachment:
    """Return the calendar file for the technician; its event leads to `address`."""
    event = event_for_staff(ticket, name, span_of(fact), technician, f"{settings.PUBLIC_URL}{address}", place)
    return _file(event, method, fact)


def _file(event: Agreed, method: Method, fact: Fact) -> Attachment:
    return Attachment(FILE_NAME, calendar_file([event], method, at=fact.at), media_type(method))
