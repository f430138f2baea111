"""What is said about a ticket: to the customer, by the customer, among staff, on the phone; and waiting for an answer."""

from datetime import datetime

from django.db import transaction

from pomost.people.models import Contact, Technician
from pomost.tickets.actions.hold import NOT_OVER, OPEN, fact, given, hold
from pomost.tickets.clockwork import note as note_event
from pomost.tickets.clockwork import recompute
from pomost.tickets.models import Message, Ticket

Kind = Message.Kind


@transaction.atomic
def reply(ticket: Ticket, text: str, *, technician: Technician, by: str, at: datetime) -> Ticket:
    """Write to the customer. It stops no clock: only telling the number does that.

    Raises:
        TicketRefused: there is no text.
    """
    ticket = hold(ticket)
    message = keep_message(ticket, Kind.REPLY, technician, text, at)
    fact(ticket, "replied", by=by, at=at, message=message.pk)
    return ticket


@transaction.atomic
def customer_wrote(ticket: Ticket, text: str, *, contact: Contact, by: str, at: datetime) -> Ticket:
    """Keep what the customer wrote; if the desk waited for them, it waits no longer.

    Raises:
        TicketRefused: there is no text.
    """
    ticket = hold(ticket)
    message = keep_message(ticket, Kind.REPLY, contact, text, at)
    fact(ticket, "customer-wrote", by=by, at=at, message=message.pk)
    if ticket.state == Ticket.State.WAITING:
        _answered(ticket, by=by, at=at)
    return ticket


@transaction.atomic
def note(ticket: Ticket, text: str, *, technician: Technician, by: str, at: datetime) -> Ticket:
    """Write a note that the customer never sees.

    Raises:
        TicketRefused: there is no text.
    """
    ticket = hold(ticket)
    message = keep_message(ticket, Kind.NOTE, technician, text, at)
    fact(ticket, "noted", by=by, at=at, message=message.pk)
    return ticket


@transaction.atomic
def note_call(ticket: Ticket, text: str, *, technician: Technician, by: str, at: datetime) -> Ticket:
    """Write down what was said on the phone; the customer can read it.

    Raises:
        TicketRefused: there is no text.
    """
    ticket = hold(ticket)
    message = keep_message(ticket, Kind.CALL, technician, text, at)
    fact(ticket, "call-noted", by=by, at=at, message=message.pk)
    return ticket


@transaction.atomic
def wait_for_customer(
    ticket: Ticket, *, question: str = "", technician: Technician, by: str, at: datetime
) -> Ticket:
    """Wait for the customer, asking them `question` if there is one; clocks pause where the terms say so.

    Saying it twice is harmless: the second call changes and records nothing.

    Raises:
        TicketRefused: the ticket is incomplete, solved or over.
    """
    ticket = hold(ticket, OPEN)
    if ticket.state == Ticket.State.WAITING:
        return ticket
    message = keep_message(ticket, Kind.REPLY, technician, question, at) if question.strip() else None
    ticket.state, ticket.waiting_since = Ticket.State.WAITING, at
    ticket.save(update_fields=["state", "waiting_since"])
    note_event(ticket, "customer.asked", at, at)
    fact(ticket, "waiting", by=by, at=at, message=message.pk if message else None)
    recompute(ticket, at)
    return ticket


@transaction.atomic
def customer_answered(ticket: Ticket, *, by: str, at: datetime) -> Ticket:
    """Go on after the customer answered, by whatever way. Harmless if nobody waits.

    Raises:
        TicketRefused: the ticket is over.
    """
    ticket = hold(ticket, NOT_OVER)
    if ticket.state == Ticket.State.WAITING:
        _answered(ticket, by=by, at=at)
    return ticket


def _answered(ticket: Ticket, *, by: str, at: datetime) -> None:
    ticket.state, ticket.waiting_since = Ticket.State.OPEN, None
    ticket.save(update_fields=["state", "waiting_since"])
    note_event(ticket, "customer.answered", at, at)
    fact(ticket, "customer-answered", by=by, at=at)
    recompute(ticket, at)


def keep_message(
    ticket: Ticket, kind: Message.Kind, author: Technician | Contact, text: str, at: datetime
) -> Message:
    """Write a message on a ticket that is held.

    Raises:
        TicketRefused: there is no text.
    """
    is_staff = isinstance(author, Technician)
    return Message.objects.create(
        ticket=ticket,
        kind=kind,
        author=f"{'technician' if is_staff else 'contact'}:{author.pk}",
        author_name=author.person.name if isinstance(author, Technician) else author.name,
        text=given(text),
        at=at,
    )
