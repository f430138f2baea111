"""A yes or no of the customer, kept with the exact words that were shown.

A consent is never changed and never deleted (triggers hold that); another answer is another row, and the last counts.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.people.models import Contact
from pomost.tickets.actions.hold import fact, given, hold
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Consent, Ticket


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """What a customer answered to which words."""

    kind: str
    """Key of a gate or part in the terms, or "estimate", "severity", "solution", "level:act"."""
    accepted: bool
    text: str
    """As it was shown, with the price filled in."""
    language: str


@transaction.atomic
def record_consent(
    ticket: Ticket,
    consent: ConsentGiven,
    *,
    contact: Contact,
    channel: str,
    session: str = "",
    by: str,
    at: datetime,
) -> Consent:
    """Keep an answer of the customer; return it.

    Raises:
        TicketRefused: the words are missing, or the contact is at another customer.
    """
    return keep_consent(
        hold(ticket), consent, contact=contact, channel=channel, session=session, by=by, at=at
    )


def keep_consent(
    ticket: Ticket,
    consent: ConsentGiven,
    *,
    contact: Contact,
    channel: str,
    session: str = "",
    given_at: datetime | None = None,
    by: str,
    at: datetime,
) -> Consent:
    """Write an answer on a ticket that is held; `given_at` is when it was given, where that is noted afterwards.

    Raises:
        TicketRefused: as in `record_consent`.
    """
    if contact.customer_id != ticket.customer_id:
        raise TicketRefused(_("%(name)s cannot answer for this customer.") % {"name": contact.name})
    text = given(consent.text)
    kept = Consent.objects.create(
        vendor=ticket.vendor,
        ticket=ticket,
        contact=contact,
        kind=consent.kind,
        accepted=consent.accepted,
        text=text,
        text_sha256=sha256(text.encode()).hexdigest(),
        text_version=ticket.terms.version,
        language=consent.language,
        channel=Consent.Channel(channel),
        by=by,
        session=session,
        at=given_at or at,
    )
    fact(ticket, "consent", by=by, at=at, consent=kept.pk, kind=kept.kind, accepted=kept.accepted)
    return kept
