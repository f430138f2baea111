"""How badly it hurts is the customer's word: staff propose, the customer agrees, and only then the clocks are asked anew.

The answer comes by the portal, by the link of a mail or on the phone; the first one counts. Where the terms let staff
set it freely, a proposal takes effect at once.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.contracts.queries import terms_of
from pomost.people.models import Contact
from pomost.rules.terms.model import Unknown
from pomost.tickets.actions.consents import ConsentGiven, keep_consent
from pomost.tickets.actions.hold import UNSOLVED, fact, hold
from pomost.tickets.clockwork import recompute
from pomost.tickets.errors import TicketRefused
from pomost.tickets.foreseen import severity_question
from pomost.tickets.models import SeverityProposal, Ticket

State = SeverityProposal.State


@dataclass(frozen=True, slots=True)
class SeverityAnswer:
    """What a customer said to a proposed severity, who said it, and by which way."""

    agreed: bool
    contact: Contact
    channel: str
    language: str = ""
    """Of the words the contact read or heard; empty: their own."""
    proposal: int | None = None
    """Key of the proposal that was answered; None: the open one."""
    words_sha256: str = ""
    """Hash of the words that were shown; empty: they were read out."""
    said_at: datetime | None = None
    """When it was said, where that is noted afterwards; None: now."""


@transaction.atomic
def propose_severity(ticket: Ticket, severity: str, *, by: str, at: datetime) -> Ticket:
    """Propose another severity. Nothing changes until the customer agrees, unless the terms leave it to staff.

    Proposing a third one takes the second back; proposing the same again changes and records nothing.

    Raises:
        TicketRefused: the terms do not know it, it is the present one, or the ticket is solved or over.
    """
    ticket = hold(ticket, UNSOLVED)
    terms = terms_of(ticket.terms)
    try:
        terms.severity(severity)
    except Unknown as unknown:
        raise TicketRefused(str(unknown)) from unknown
    if severity == ticket.severity:
        raise TicketRefused(_("The request has this severity already."))
    if severity == ticket.severity_proposed:
        return ticket
    if terms.severity_rule is not None and terms.severity_rule.change == "freely":
        return _change(ticket, severity, by=by, at=at)
    SeverityProposal.objects.filter(ticket=ticket, state=State.OPEN).update(state=State.SUPERSEDED)
    proposal = SeverityProposal.objects.create(
        ticket=ticket, before=ticket.severity, after=severity, proposed_by=by, proposed_at=at
    )
    ticket.severity_proposed = severity
    ticket.save(update_fields=["severity_proposed"])
    fact(
        ticket,
        "severity-proposed",
        by=by,
        at=at,
        before=ticket.severity,
        after=severity,
        proposal=proposal.pk,
    )
    return ticket


@transaction.atomic
def answer_severity(ticket: Ticket, answer: SeverityAnswer, *, by: str, at: datetime) -> Ticket:
    """Keep the customer's answer to the proposed severity as a consent; after a yes it holds.

    The clocks are then recomputed from the same start. Of two answers at once the first counts.

    Raises:
        TicketRefused: nothing is proposed, it was answered or superseded, the words were others, the moment lies before
            the proposal or after now, or the ticket is solved or over.
    """
    ticket = hold(ticket, UNSOLVED)
    proposal = _open_proposal(ticket, answer.proposal)
    language = answer.language or answer.contact.language
    words = severity_question(ticket, at, language)
    if answer.words_sha256 and answer.words_sha256 != sha256(words.encode()).hexdigest():
        raise TicketRefused(
            _("Something has changed since the question was shown. Read it again, then answer.")
        )
    said_at = answer.said_at or at
    if not proposal.proposed_at <= said_at <= at:
        raise TicketRefused(
            _("The answer can be given only between the proposal and now. Check the time of the call.")
        )
    proposal.consent = keep_consent(
        ticket,
        ConsentGiven("severity", answer.agreed, words, language),
        contact=answer.contact,
        channel=answer.channel,
        given_at=said_at,
        by=by,
        at=at,
    )
    proposal.state = State.AGREED if answer.agreed else State.REFUSED
    proposal.save(update_fields=["consent", "state"])
    if answer.agreed:
        return _change(ticket, ticket.severity_proposed, by=by, at=at)
    proposed, ticket.severity_proposed = ticket.severity_proposed, ""
    ticket.save(update_fields=["severity_proposed"])
    fact(ticket, "severity-refused", by=by, at=at, before=ticket.severity, after=proposed)
    return ticket


def agree_severity(ticket: Ticket, *, contact: Contact, channel: str, by: str, at: datetime) -> Ticket:
    """Answer the open proposal with yes.

    Raises:
        TicketRefused: as in `answer_severity`.
    """
    return answer_severity(ticket, SeverityAnswer(True, contact, channel), by=by, at=at)


def refuse_severity(ticket: Ticket, *, contact: Contact, channel: str, by: str, at: datetime) -> Ticket:
    """Answer the open proposal with no.

    Raises:
        TicketRefused: as in `answer_severity`.
    """
    return answer_severity(ticket, SeverityAnswer(False, contact, channel), by=by, at=at)


def _open_proposal(ticket: Ticket, wanted: int | None) -> SeverityProposal:
    found = SeverityProposal.objects.filter(ticket=ticket, state=State.OPEN).first()
    if found is not None and wanted in (None, found.pk):
        return found
    if wanted is None:
        raise TicketRefused(_("No other severity is proposed for this request."))
    asked = SeverityProposal.objects.filter(ticket=ticket, pk=wanted).first()
    if asked is not None and asked.state == State.SUPERSEDED:
        raise TicketRefused(_("Another severity was proposed since. Answer that one."))
    raise TicketRefused(_("This was answered before. The first answer holds."))


def open_proposal(ticket: Ticket) -> SeverityProposal | None:
    """Return the proposal that waits for the customer's answer, or None."""
    return SeverityProposal.objects.filter(ticket=ticket, state=State.OPEN).first()


def _change(ticket: Ticket, severity: str, *, by: str, at: datetime) -> Ticket:
    before, ticket.severity, ticket.severity_proposed = ticket.severity, severity, ""
    ticket.save(update_fields=["severity", "severity_proposed"])
    fact(ticket, "severity-changed", by=by, at=at, before=before, after=severity)
    recompute(ticket, at)
    return ticket
