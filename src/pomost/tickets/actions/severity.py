"""How badly it hurts is the customer's word: staff propose, the customer agrees, and only then the clocks are asked anew.

Where the terms let staff set it freely, a proposal takes effect at once.
"""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from pomost.contracts.queries import terms_of
from pomost.people.models import Contact
from pomost.rules.terms.model import Unknown, said
from pomost.tickets.actions.consents import ConsentGiven, keep_consent
from pomost.tickets.actions.hold import UNSOLVED, fact, hold
from pomost.tickets.clockwork import recompute
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Ticket


@transaction.atomic
def propose_severity(ticket: Ticket, severity: str, *, by: str, at: datetime) -> Ticket:
    """Propose another severity. Nothing changes until the customer agrees, unless the terms leave it to staff.

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
    ticket.severity_proposed = severity
    ticket.save(update_fields=["severity_proposed"])
    fact(ticket, "severity-proposed", by=by, at=at, before=ticket.severity, after=severity)
    return ticket


@transaction.atomic
def agree_severity(
    ticket: Ticket, *, contact: Contact, channel: str, language: str = "", by: str, at: datetime
) -> Ticket:
    """Let the proposed severity hold, because the customer agreed; the clocks are recomputed from the same receipt.

    `language` is that of the words the contact read; empty: their own.

    Raises:
        TicketRefused: nothing is proposed, or the ticket is solved or over.
    """
    ticket = _with_answer(ticket, True, language, contact=contact, channel=channel, by=by, at=at)
    return _change(ticket, ticket.severity_proposed, by=by, at=at)


@transaction.atomic
def refuse_severity(
    ticket: Ticket, *, contact: Contact, channel: str, language: str = "", by: str, at: datetime
) -> Ticket:
    """Keep the present severity, because the customer said no; `language` as in `agree_severity`.

    Raises:
        TicketRefused: nothing is proposed, or the ticket is solved or over.
    """
    ticket = _with_answer(ticket, False, language, contact=contact, channel=channel, by=by, at=at)
    proposed, ticket.severity_proposed = ticket.severity_proposed, ""
    ticket.save(update_fields=["severity_proposed"])
    fact(ticket, "severity-refused", by=by, at=at, before=ticket.severity, after=proposed)
    return ticket


def severity_question(ticket: Ticket, language: str) -> str:
    """Return the words to which the customer says yes or no, in their language."""
    terms = terms_of(ticket.terms)
    with translation.override(language):
        return _("Change the severity of request %(number)s from “%(before)s” to “%(after)s”?") % {
            "number": ticket.number,
            "before": said(terms.severity(ticket.severity).name, language),
            "after": said(terms.severity(ticket.severity_proposed).name, language),
        }


def _with_answer(
    ticket: Ticket, accepted: bool, language: str, *, contact: Contact, channel: str, by: str, at: datetime
) -> Ticket:
    ticket = hold(ticket, UNSOLVED)
    if not ticket.severity_proposed:
        raise TicketRefused(_("No other severity is proposed for this request."))
    spoken = language or contact.language
    asked = ConsentGiven("severity", accepted, severity_question(ticket, spoken), spoken)
    keep_consent(ticket, asked, contact=contact, channel=channel, by=by, at=at)
    return ticket


def _change(ticket: Ticket, severity: str, *, by: str, at: datetime) -> Ticket:
    before, ticket.severity, ticket.severity_proposed = ticket.severity, severity, ""
    ticket.save(update_fields=["severity", "severity_proposed"])
    fact(ticket, "severity-changed", by=by, at=at, before=before, after=severity)
    recompute(ticket, at)
    return ticket
