"""A complaint about confirmed work: registered in time or late, looked at, accepted as a free repair, or rejected.

What the terms say to it is kept as a decision; whether the fault comes from the work is a person's to say, with a reason
and a clause that the customer reads. A complaint is looked at and repaired in a request of its own, whose work costs
nothing (a trigger holds it); only the travel is charged, and only after a rejection (D9).
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from pomost.billing.complained import judged, liability
from pomost.billing.errors import BillingRefused
from pomost.billing.models import Complaint
from pomost.contracts.queries import local_day, terms_in_force, terms_of
from pomost.journal.actions import record
from pomost.people.models import Contact, Technician
from pomost.rules.decision import Decision, Fact, Subject
from pomost.rules.terms.model import Unknown
from pomost.tickets.actions import close, include, keep_decision, propose_solution, register
from pomost.tickets.models import Consent, Ticket

State = Complaint.State
TEXT_CHARACTERS_MAX: Final = 20_000
REASON_CHARACTERS_MAX: Final = 1000


@transaction.atomic
def complain(
    ticket: Ticket, text: str, *, contact: Contact, channel: str, by: str, at: datetime
) -> Complaint:
    """Register a complaint about confirmed work; one that comes late is registered all the same.

    Args:
        ticket: confirmed.
        text: what is wrong, in the customer's words.
        contact: of the same customer.
        channel: "portal", "mail" or "phone".
        by: the contact, or the technician who notes the call.
        at: when it came; aware.

    Raises:
        BillingRefused: the work is not confirmed, there is no text, or a complaint about it waits for its decision.
    """
    ticket = _held(ticket)
    if ticket.state != Ticket.State.CONFIRMED or ticket.confirmed_at is None:
        raise BillingRefused(
            _("The solution of %(number)s is not confirmed. Say on the request itself what is not solved.")
            % {"number": ticket.number}
        )
    if contact.customer_id != ticket.customer_id:
        raise BillingRefused(_("%(name)s cannot answer for this customer.") % {"name": contact.name})
    if not text.strip() or len(text) > TEXT_CHARACTERS_MAX:
        raise BillingRefused(
            _("Describe what is wrong with the work, in at most %(most)s characters.")
            % {"most": TEXT_CHARACTERS_MAX}
        )
    if Complaint.objects.filter(ticket=ticket, state=State.OPEN).exists():
        raise BillingRefused(
            _("A complaint about %(number)s waits for its decision.") % {"number": ticket.number}
        )
    verdict = judged(ticket, at)
    complaint = Complaint.objects.create(
        ticket=ticket,
        contact=contact,
        channel=Consent.Channel(channel),
        text=text.strip(),
        received_at=at,
        outcome=verdict.outcome,
        clause=verdict.clause,
    )
    keep_decision(ticket, verdict, by=by, at=at)
    capped = liability(ticket)
    if capped is not None:
        keep_decision(ticket, capped, by=by, at=at)
    _fact(complaint, "registered", by=by, at=at, outcome=verdict.outcome)
    return complaint


@transaction.atomic
def examine_complaint(complaint: Complaint, *, by: str, at: datetime) -> Ticket:
    """Register the request in which a complaint is looked at; return it. Doing it twice is harmless.

    Raises:
        BillingRefused: the complaint was decided already.
        TicketRefused: the terms of today do not know the service or the product any more.
    """
    complaint = _held_open(complaint)
    return complaint.follow_up or _follow_up(complaint, by=by, at=at)


def _follow_up(complaint: Complaint, *, by: str, at: datetime) -> Ticket:
    about = complaint.ticket
    _version, terms = terms_in_force(about.vendor, local_day(about.vendor, at))
    rule = terms.warranty
    language = complaint.contact.language
    with translation.override(language):
        subject = _("Complaint: %(subject)s") % {"subject": about.subject}
        why = _("It is looked at because of the complaint about %(number)s.") % {"number": about.number}
    ticket = register(
        vendor=about.vendor,
        contact=complaint.contact,
        channel=complaint.channel,
        subject=subject[:200],
        text=complaint.text,
        service=rule.service if rule and rule.service else about.service,
        family=about.family,
        severity=about.severity,
        product_version=about.product_version,
        package_claimed=about.package_claimed,
        received_at=complaint.received_at,
        by=by,
        at=at,
    )
    complaint.follow_up = ticket
    complaint.save(update_fields=["follow_up"])
    ticket = include(ticket, clause=rule.clause if rule else "", reason=why, by=by, at=at)
    _fact(complaint, "examined", by=by, at=at, follow_up=ticket.number)
    return ticket


@transaction.atomic
def accept_complaint(complaint: Complaint, *, reason: str = "", by: str, at: datetime) -> Complaint:
    """Accept a complaint: the repair is free. Beyond what the terms ask for it is goodwill and needs a reason.

    Raises:
        BillingRefused: it was decided already, or it came late (or the terms are silent) and no reason is given.
        TicketRefused: as in examine_complaint.
    """
    complaint = _held_open(complaint)
    is_goodwill = complaint.outcome in (Complaint.Outcome.LATE, Complaint.Outcome.UNSTATED)
    if is_goodwill and not reason.strip():
        raise BillingRefused(_("The terms do not ask for it: say why it is accepted as goodwill."))
    if complaint.follow_up is None:
        _follow_up(complaint, by=by, at=at)
    _decide(
        complaint,
        State.ACCEPTED,
        "goodwill" if is_goodwill else "free-repair",
        complaint.clause,
        reason,
        by=by,
        at=at,
    )
    return complaint


@transaction.atomic
def reject_complaint(
    complaint: Complaint, *, reason: str, clause: str, technician: Technician, by: str, at: datetime
) -> Complaint:
    """Reject a complaint, by a clause and with a reason that the customer reads.

    Where a technician travelled for it, the request in which it was looked at gets the reason as its solution: once that
    is confirmed, by the customer or by silence, the travel is charged by the price list. Otherwise it is closed.

    Raises:
        BillingRefused: it was decided already, there is no reason, or the terms have no such clause.
    """
    complaint = _held_open(complaint)
    if not reason.strip() or len(reason) > REASON_CHARACTERS_MAX:
        raise BillingRefused(
            _("Say why it is rejected, in at most %(most)s characters.") % {"most": REASON_CHARACTERS_MAX}
        )
    try:
        terms_of(complaint.ticket.terms).clause(clause)
    except Unknown as unknown:
        raise BillingRefused(_("Choose the clause by which it is rejected.")) from unknown
    _decide(complaint, State.REJECTED, "rejected", clause, reason, by=by, at=at)
    looked_at = complaint.follow_up
    if looked_at is not None and looked_at.state not in (Ticket.State.CONFIRMED, Ticket.State.CLOSED):
        if looked_at.travels.exists():
            propose_solution(looked_at, reason, technician=technician, by=by, at=at)
        else:
            close(looked_at, reason, by=by, at=at)
    return complaint


@transaction.atomic
def appeal_complaint(
    complaint: Complaint, text: str, *, contact: Contact, by: str, at: datetime
) -> Complaint:
    """Keep what the customer says against a rejection, once; staff read it on the request.

    Raises:
        BillingRefused: nothing was rejected, there was an appeal before, there is no text, or it is another customer's.
    """
    complaint = _locked(complaint)
    if contact.customer_id != complaint.ticket.customer_id:
        raise BillingRefused(_("%(name)s cannot answer for this customer.") % {"name": contact.name})
    if complaint.state != State.REJECTED or complaint.appealed_at is not None:
        raise BillingRefused(_("Only a rejection can be appealed against, and once."))
    if not text.strip() or len(text) > TEXT_CHARACTERS_MAX:
        raise BillingRefused(_("Say why the rejection is wrong."))
    complaint.appeal, complaint.appealed_at = text.strip(), at
    complaint.save(update_fields=["appeal", "appealed_at"])
    _fact(complaint, "appealed", by=by, at=at)
    return complaint


def _decide(
    complaint: Complaint,
    state: Complaint.State,
    outcome: str,
    clause: str,
    reason: str,
    *,
    by: str,
    at: datetime,
) -> None:
    complaint.state, complaint.decided_at = state, at
    complaint.reason, complaint.decision_clause = reason.strip(), clause
    complaint.goodwill = outcome == "goodwill"
    complaint.save(update_fields=["state", "decided_at", "reason", "decision_clause", "goodwill"])
    grounds = [Fact.of("decided-by", by)]
    if reason.strip():
        grounds.append(Fact.of("reason", reason.strip()))
    if clause:
        version = complaint.ticket.terms.version
        keep_decision(
            complaint.ticket,
            Decision(Subject.GUARANTEE, outcome, clause, tuple(grounds), version),
            by=by,
            at=at,
        )
    _fact(complaint, state.value, by=by, at=at, reason=complaint.reason, clause=clause)


def _held(ticket: Ticket) -> Ticket:
    return (
        Ticket.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vendor", "customer", "contact", "terms__vendor")
        .get(pk=ticket.pk)
    )


def _locked(complaint: Complaint) -> Complaint:
    return (
        Complaint.objects.select_for_update(of=("self",), no_key=True)
        .select_related("contact", "ticket__vendor", "ticket__terms__vendor", "ticket__customer")
        .get(pk=complaint.pk)
    )


def _held_open(complaint: Complaint) -> Complaint:
    found = _locked(complaint)
    if found.state != State.OPEN:
        raise BillingRefused(_("This complaint was decided before. The decision stays."))
    return found


def _fact(complaint: Complaint, verb: str, *, by: str, at: datetime, **data: object) -> None:
    ticket = complaint.ticket
    record(
        f"complaint.{verb}",
        vendor=ticket.vendor.slug,
        subject=f"ticket:{ticket.pk}",
        by=by,
        at=at,
        data={"complaint": complaint.pk, **data},
    )
