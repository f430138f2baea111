"""A request comes in: it gets its number, the verdict of the terms, its clocks, and is told what it lacks.

Numbers are unique and ordered, one vendor's at a time under the vendor's lock. A request that lacks something is
registered all the same, because the promises run from its receipt; only work on it does not begin.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from pomost.contracts.queries import local_day, terms_in_force, terms_of
from pomost.people.models import Contact, Vendor
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import PartKind
from pomost.tickets.actions.booking import Slot, keep_slot
from pomost.tickets.actions.consents import ConsentGiven, keep_consent
from pomost.tickets.actions.explained import keep_decision, keep_verdict
from pomost.tickets.actions.hold import UNSOLVED, fact, given, hold, iso
from pomost.tickets.actions.restricting import keep_restricted
from pomost.tickets.clockwork import note, recompute
from pomost.tickets.errors import TicketRefused
from pomost.tickets.judgement import Wanted, claim_of, judge, missing_parts, verdict_as_json
from pomost.tickets.models import Message, Ticket
from pomost.tickets.versions import judge_on_receipt

SUBJECT_CHARACTERS_MAX = 200


@transaction.atomic
def register(
    *,
    vendor: Vendor,
    contact: Contact,
    channel: str,
    subject: str,
    text: str,
    service: str,
    family: str = "",
    severity: str = "",
    product_version: str = "",
    outdated: bool = False,
    package_claimed: str = "",
    parts: Collection[str] = (),
    consents: Sequence[ConsentGiven] = (),
    slot: Slot | None = None,
    received_at: datetime,
    by: str,
    at: datetime,
) -> Ticket:
    """Register a request under the next number and start its clocks.

    The list of releases says whether `product_version` is outdated; `outdated` counts where it does not know the version.
    `service`, `family`, `severity` and `package_claimed` are keys of the terms, empty where the terms know none.
    `parts` are the keys of what the terms demand and is there, besides text, phone and consents; `consents` what the
    customer answered to which words. The request reached the desk at `received_at`: the terms of that day judge it.

    Raises:
        TicketRefused: something given does not fit the terms or the vendor; nothing is registered then.
        NoTermsInForce: the vendor has no terms on that day.
    """
    # Locked first: the next number is nobody else's until this transaction ends.
    vendor = Vendor.objects.select_for_update(no_key=True).get(pk=vendor.pk)
    if contact.customer.vendor_id != vendor.pk:
        raise TicketRefused(
            _("%(name)s is not at a customer of %(vendor)s.") % {"name": contact.name, "vendor": vendor.name}
        )
    if received_at > at:
        raise TicketRefused(
            _("The request cannot have come later than it is registered. Check the time of receipt.")
        )
    day = local_day(vendor, received_at)
    version, terms = terms_in_force(vendor, day)
    claim = claim_of(contact.customer, day, package_claimed)
    outdated, about_version = judge_on_receipt(
        vendor, terms, family, product_version, day, said_outdated=outdated, by=by
    )
    verdict = judge(terms, Wanted(service, family, severity, outdated), claim, day)
    agreed = [consent.kind for consent in consents if consent.accepted]
    lacks = missing_parts(terms, service, text=text, phone=contact.phone, parts=parts, agreed=agreed)
    sequence = next_sequence(vendor, terms)
    ticket = Ticket.objects.create(
        vendor=vendor,
        sequence=sequence,
        number=terms.ticket_number(sequence, local_day(vendor, at)),
        customer=contact.customer,
        contact=contact,
        channel=Ticket.Channel(channel),
        subject=subject_line(subject),
        service=service,
        family=family,
        product_version=product_version,
        outdated=outdated,
        package_claimed=claim.package,
        package_shown=claim.is_shown,
        package=verdict.package or "",
        severity=severity,
        terms=version,
        verdict=verdict_as_json(verdict),
        state=Ticket.State.INCOMPLETE if lacks else Ticket.State.OPEN,
        missing=[part.id for part in lacks],
        received_at=received_at,
        registered_at=at,
        assigned_to=contact.customer.consultant,
        notice=Ticket.Notice.SENDING if contact.email else Ticket.Notice.BY_HAND,
    )
    if text.strip():
        Message.objects.create(
            ticket=ticket,
            kind=Message.Kind.REQUEST,
            author=f"contact:{contact.pk}",
            author_name=contact.name,
            text=text.strip(),
            at=received_at,
        )
    fact(
        ticket,
        "registered",
        by=by,
        at=at,
        number=ticket.number,
        channel=ticket.channel,
        subject=ticket.subject,
        service=service,
        family=family,
        severity=severity,
        package=ticket.package,
        outcome=verdict.outcome.value,
        clause=verdict.clause,
        missing=ticket.missing,
        notice=ticket.notice,
        received_at=iso(received_at),
    )
    keep_verdict(ticket, verdict, by=by, at=at)
    keep_restricted(ticket, by=by, at=at)
    if about_version is not None:
        keep_decision(ticket, about_version, by=by, at=at)
    for consent in consents:
        keep_consent(ticket, consent, contact=contact, channel=channel, by=by, at=at)
    note(ticket, "request.received", received_at, at)
    note(ticket, "request.registered", at, at)
    if not lacks:
        note(ticket, "request.completed", at, at)
    recompute(ticket, at)
    if slot is not None:
        keep_slot(ticket, slot, by=by, at=at)
    return ticket


def next_sequence(vendor: Vendor, terms: Terms) -> int:
    """Return the next number of a vendor; the vendor must be locked."""
    last = Ticket.objects.filter(vendor=vendor).aggregate(last=Max("sequence"))["last"]
    return terms.numbering.ticket_first if last is None else int(last) + 1


def subject_line(subject: str) -> str:
    """Return a subject on one line. Raises TicketRefused where nothing is left of it, or it is too long."""
    kept = " ".join(given(subject).split())
    if len(kept) > SUBJECT_CHARACTERS_MAX:
        raise TicketRefused(
            _("The subject has %(count)s characters; %(most)s fit. Move the rest into the text.")
            % {"count": len(kept), "most": SUBJECT_CHARACTERS_MAX}
        )
    return kept


@transaction.atomic
def complete_missing(
    ticket: Ticket,
    *,
    parts: Collection[str] = (),
    consents: Sequence[ConsentGiven] = (),
    contact: Contact | None = None,
    channel: str,
    by: str,
    at: datetime,
) -> Ticket:
    """Note that parts which were missing have come; once nothing is missing, work can begin.

    `contact` is whoever gave the consents; None: the one who reported the request.

    What is not missing is passed over, so saying it twice is harmless.

    Raises:
        TicketRefused: the ticket is solved or over, or a consent is claimed without the customer's answer.
    """
    ticket = hold(ticket, UNSOLVED)
    kinds = {part.id: part.kind for part in terms_of(ticket.terms).parts_for(ticket.service)}
    agreed = {consent.kind for consent in consents if consent.accepted}
    for consent in consents:
        keep_consent(ticket, consent, contact=contact or ticket.contact, channel=channel, by=by, at=at)
    came = [
        key
        for key in ticket.missing
        if (key in agreed if kinds.get(key) is PartKind.CONSENT else key in parts)
    ]
    if not came:
        return ticket
    ticket.missing = [key for key in ticket.missing if key not in came]
    if not ticket.missing:
        ticket.state = Ticket.State.OPEN
        note(ticket, "request.completed", at, at)
    ticket.save(update_fields=["missing", "state"])
    fact(ticket, "completed", by=by, at=at, parts=came, missing=ticket.missing)
    recompute(ticket, at)
    return ticket
