"""From a first answer to the customer's word that it is solved.

A solution counts as confirmed when the customer says so, or after a silence as long as the terms say (decision A12).
A rejection opens the ticket again; so it was never solved.
"""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from pomost.contracts.calendars import CalendarBook
from pomost.contracts.queries import terms_of
from pomost.people.models import Contact, Technician
from pomost.rules.calendar import NotPromised
from pomost.rules.decision import Fact
from pomost.rules.warranty import complaint_until
from pomost.tickets.actions.booking import give_up_ahead
from pomost.tickets.actions.consents import ConsentGiven, keep_consent
from pomost.tickets.actions.hold import NOT_OVER, OPEN, fact, given, hold, iso
from pomost.tickets.actions.talk import keep_message
from pomost.tickets.actions.use import keep_return
from pomost.tickets.actions.visits import give_up_visit_ahead
from pomost.tickets.actions.work import keep_beginning
from pomost.tickets.clockwork import note, recompute
from pomost.tickets.models import Message, Ticket
from pomost.tickets.overrun import holding, not_held
from pomost.tickets.restricted import not_restricted, standing_for

State = Ticket.State


@transaction.atomic
def propose_answer(ticket: Ticket, text: str, *, technician: Technician, by: str, at: datetime) -> Ticket:
    """Propose a first answer to the customer; whoever answers has begun to work.

    Raises:
        TicketRefused: there is no text, support is restricted, or the ticket is incomplete, solved or over.
    """
    ticket = hold(ticket, OPEN)
    if ticket.began_at is None:
        not_held(ticket)
        not_restricted(ticket, at)
    message = keep_message(ticket, Message.Kind.REPLY, technician, text, at)
    if ticket.began_at is None:
        keep_beginning(ticket, by=by, at=at)
    note(ticket, "answer.proposed", at, at)
    fact(ticket, "answer-proposed", by=by, at=at, message=message.pk)
    recompute(ticket, at)
    return ticket


@transaction.atomic
def propose_solution(ticket: Ticket, text: str, *, technician: Technician, by: str, at: datetime) -> Ticket:
    """Declare a solution and ask the customer to confirm it.

    One that was found before work stopped may still be given: it stops the clock, late as it is.

    Raises:
        TicketRefused: there is no text, or the ticket is incomplete, solved already or over.
    """
    ticket = hold(ticket, OPEN)
    message = keep_message(ticket, Message.Kind.REPLY, technician, text, at)
    if ticket.began_at is None and holding(ticket) is None and standing_for(ticket, at) is None:
        keep_beginning(ticket, by=by, at=at)
    ticket.state, ticket.solved_at, ticket.waiting_since = State.SOLVED, at, None
    ticket.silence_ends_at = silence_ends(ticket, at)
    ticket.save(update_fields=["state", "solved_at", "waiting_since", "silence_ends_at"])
    note(ticket, "answer.proposed", at, at)  # a solution is an answer
    note(ticket, "solution.proposed", at, at)
    fact(ticket, "solved", by=by, at=at, message=message.pk, silence_ends_at=iso(ticket.silence_ends_at))
    recompute(ticket, at)
    return ticket


def silence_ends(ticket: Ticket, solved_at: datetime) -> datetime | None:
    """Return when silence counts as a yes: the midnight that ends the last working day of the wait.

    None where the terms do not say, or its calendar is not confirmed that far: then only the customer can confirm.
    """
    terms = CalendarBook.of(ticket.vendor_id).applied_to(terms_of(ticket.terms))
    if terms.confirmation is None:
        return None
    calendar = terms.calendar(terms.confirmation.hours)
    try:
        return complaint_until(solved_at, calendar, terms.confirmation.silence_working_days)
    except NotPromised:
        return None


@transaction.atomic
def confirm_solution(
    ticket: Ticket, *, contact: Contact, channel: str, language: str = "", by: str, at: datetime
) -> Ticket:
    """Note that the customer says it is solved. Saying it twice is harmless.

    `language` is that of the words the contact read; empty: their own.

    Raises:
        TicketRefused: no solution was given, or the ticket is closed.
    """
    ticket = hold(ticket, (State.SOLVED, State.CONFIRMED))
    if ticket.state == State.CONFIRMED:
        return ticket
    _answer(ticket, True, language or contact.language, contact=contact, channel=channel, by=by, at=at)
    return keep_confirmation(ticket, how=channel, by=by, at=at)


def keep_confirmation(ticket: Ticket, *, how: str, by: str, at: datetime) -> Ticket:
    """Note on a solved ticket that is held that its solution is confirmed."""
    ticket.state, ticket.confirmed_at, ticket.silence_ends_at = State.CONFIRMED, at, None
    ticket.save(update_fields=["state", "confirmed_at", "silence_ends_at"])
    note(ticket, "solution.confirmed", at, at)
    fact(ticket, "confirmed", by=by, at=at, how=how)
    give_up_ahead(ticket, by=by, at=at)
    give_up_visit_ahead(ticket, by=by, at=at)
    recompute(ticket, at)
    return ticket


@transaction.atomic
def reject_solution(
    ticket: Ticket, reason: str, *, contact: Contact, channel: str, language: str = "", by: str, at: datetime
) -> Ticket:
    """Note that the customer says it is not solved, and why; the ticket is open again.

    `language` as in `confirm_solution`.

    Raises:
        TicketRefused: there is no reason, no solution, or the customer confirmed it before.
    """
    ticket = hold(ticket, (State.SOLVED,))
    message = keep_message(ticket, Message.Kind.REPLY, contact, reason, at)
    _answer(ticket, False, language or contact.language, contact=contact, channel=channel, by=by, at=at)
    ticket.state, ticket.solved_at, ticket.silence_ends_at = State.OPEN, None, None
    ticket.save(update_fields=["state", "solved_at", "silence_ends_at"])
    note(ticket, "solution.rejected", at, at)
    fact(ticket, "rejected", by=by, at=at, message=message.pk)
    recompute(ticket, at)
    return ticket


def solution_question(ticket: Ticket, language: str) -> str:
    """Return the words to which the customer says yes or no, in their language."""
    with translation.override(language):
        return _("Is request %(number)s solved?") % {"number": ticket.number}


def _answer(
    ticket: Ticket, accepted: bool, language: str, *, contact: Contact, channel: str, by: str, at: datetime
) -> None:
    asked = ConsentGiven("solution", accepted, solution_question(ticket, language), language)
    keep_consent(ticket, asked, contact=contact, channel=channel, by=by, at=at)


@transaction.atomic
def close(ticket: Ticket, reason: str, *, by: str, at: datetime) -> Ticket:
    """Close a ticket that will not be solved: refused, withdrawn, or its estimate declined. It uses no quota then.

    Raises:
        TicketRefused: there is no reason, or the ticket is over already.
    """
    ticket = hold(ticket, NOT_OVER)
    kept = given(reason)
    ticket.state, ticket.waiting_since, ticket.silence_ends_at = State.CLOSED, None, None
    ticket.save(update_fields=["state", "waiting_since", "silence_ends_at"])
    note(ticket, "request.closed", at, at)
    give_up_visit_ahead(ticket, kept, by=by, at=at)
    fact(ticket, "closed", by=by, at=at, reason=kept)
    give_up_ahead(ticket, by=by, at=at)
    keep_return(ticket, Fact.of("closed-unsolved", True), by=by, at=at)
    recompute(ticket, at)
    return ticket
