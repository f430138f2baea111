"""One request holds one task (K6): two tasks in a message become two requests, and two requests for one task become one.

Both ways the clocks stay honest: a request that is split off has the receipt and the registration of the first, and a later
request goes on as an earlier one, never the other way round, so no promise begins later than it did. Consents and entries
stay with the request they were given or made for. Draws follow the work: each request draws for itself, one that was merged
gives back what it drew, and its worked time counts for the one that goes on.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.contracts.queries import local_day, terms_of
from pomost.people.models import Vendor
from pomost.rules.decision import Fact
from pomost.rules.entitlement import Outcome
from pomost.rules.terms.parts import PartKind
from pomost.tickets.actions.booking import give_up
from pomost.tickets.actions.explained import keep_verdict
from pomost.tickets.actions.hold import UNSOLVED, fact, hold, iso
from pomost.tickets.actions.register import next_sequence, subject_line
from pomost.tickets.actions.restricting import keep_restricted
from pomost.tickets.actions.use import keep_return, keep_use, worked_on
from pomost.tickets.actions.visits import give_up_visit_ahead
from pomost.tickets.clockwork import note, recompute
from pomost.tickets.errors import TicketRefused
from pomost.tickets.judgement import (
    Claim,
    Wanted,
    judge,
    missing_parts,
    verdict_as_json,
    verdict_from_json,
)
from pomost.tickets.models import Message, Ticket
from pomost.tickets.tasks import sentences_of
from pomost.tickets.visiting import has_begun, open_visit


@transaction.atomic
def split(
    ticket: Ticket,
    message: Message,
    sentences: Collection[int],
    *,
    subject: str,
    service: str = "",
    by: str,
    at: datetime,
) -> Ticket:
    """Make a request of its own of some sentences of a customer's message; return it.

    `sentences` are places in `sentences_of(message.text)`, from 0. `service` is a key of the terms; empty: that of the
    request. The new one is judged by the same version of the terms, its clocks run from the same receipt, and the customer
    is told its number. The message itself stays whole where it was written.

    Raises:
        TicketRefused: the request is solved or over, the message is not the customer's on it, nothing or everything was
            picked, or the service does not fit.
    """
    ticket = hold(ticket, UNSOLVED)
    text = _picked(ticket, message, sentences)
    # Locked after the ticket: the next number is nobody else's until this transaction ends.
    vendor = Vendor.objects.select_for_update(no_key=True).get(pk=ticket.vendor_id)
    terms = terms_of(ticket.terms)
    wanted = Wanted(service or ticket.service, ticket.family, ticket.severity, ticket.outdated)
    claim = Claim(ticket.package_claimed, ticket.package_shown)
    verdict = judge(terms, wanted, claim, local_day(vendor, ticket.received_at))
    there = [
        part.id
        for part in terms.parts_for(ticket.service)
        if part.kind is not PartKind.CONSENT and part.id not in ticket.missing
    ]
    lacks = missing_parts(
        terms, wanted.service, text=text, phone=ticket.contact.phone, parts=there, agreed=()
    )
    sequence = next_sequence(vendor, terms)
    new = Ticket.objects.create(
        vendor=ticket.vendor,
        sequence=sequence,
        number=terms.ticket_number(sequence, local_day(vendor, at)),
        customer=ticket.customer,
        contact=ticket.contact,
        channel=ticket.channel,
        subject=subject_line(subject),
        service=wanted.service,
        family=wanted.family,
        product_version=ticket.product_version,
        outdated=ticket.outdated,
        package_claimed=ticket.package_claimed,
        package_shown=ticket.package_shown,
        package=verdict.package or "",
        severity=ticket.severity,
        terms=ticket.terms,
        verdict=verdict_as_json(verdict),
        state=Ticket.State.INCOMPLETE if lacks else Ticket.State.OPEN,
        missing=[part.id for part in lacks],
        received_at=ticket.received_at,
        registered_at=ticket.registered_at,
        assigned_to=ticket.assigned_to,
        notice=Ticket.Notice.SENDING if ticket.contact.email else Ticket.Notice.BY_HAND,
        split_from=ticket,
    )
    Message.objects.create(
        ticket=new,
        kind=Message.Kind.REQUEST,
        author=message.author,
        author_name=message.author_name,
        text=text,
        at=message.at,
    )
    fact(
        new,
        "registered",
        by=by,
        at=at,
        number=new.number,
        channel=new.channel,
        subject=new.subject,
        service=new.service,
        family=new.family,
        severity=new.severity,
        package=new.package,
        outcome=verdict.outcome.value,
        clause=verdict.clause,
        missing=new.missing,
        notice=new.notice,
        split_from=ticket.number,
        received_at=iso(new.received_at),
        registered_at=iso(new.registered_at),
    )
    fact(ticket, "split", by=by, at=at, number=new.number, message=message.pk)
    keep_verdict(new, verdict, by=by, at=at)
    keep_restricted(new, by=by, at=at)
    note(new, "request.received", ticket.received_at, at)
    note(new, "request.registered", ticket.registered_at, at)
    if not lacks:
        note(new, "request.completed", at, at)
    recompute(new, at)
    return new


def _picked(ticket: Ticket, message: Message, sentences: Collection[int]) -> str:
    said = sentences_of(message.text)
    if message.ticket_id != ticket.pk or not message.author.startswith("contact:"):
        raise TicketRefused(
            _("That is no message of the customer on request %(number)s.") % {"number": ticket.number}
        )
    places = sorted(set(sentences))
    if not places or not 0 <= places[0] <= places[-1] < len(said):
        raise TicketRefused(_("Pick the sentences of the second task."))
    if len(places) == len(said):
        raise TicketRefused(_("Leave at least one sentence to the first task."))
    return "\n".join(said[place] for place in places)


@transaction.atomic
def merge(ticket: Ticket, into: Ticket, *, by: str, at: datetime) -> Ticket:
    """Let a request go on as an earlier one of the same customer; return the earlier one.

    The later one is closed and points to the earlier. Its messages are read there; its consents and entries stay its own.
    Saying it twice is harmless.

    Raises:
        TicketRefused: they are of two customers, the same one, the wrong way round, solved or over, or the later one has
            work that is paid for.
    """
    if ticket.pk == into.pk:
        raise TicketRefused(_("A request cannot be merged with itself."))
    older, newer = sorted((ticket.pk, into.pk))
    hold(older)
    hold(newer)
    ticket = hold(ticket)
    if ticket.merged_into_id == into.pk:
        return hold(into)
    ticket, into = hold(ticket, UNSOLVED), hold(into, UNSOLVED)
    numbers = {"later": ticket.number, "earlier": into.number}
    if ticket.customer_id != into.customer_id:
        raise TicketRefused(_("%(later)s and %(earlier)s are of two customers.") % numbers)
    if (ticket.received_at, ticket.sequence) < (into.received_at, into.sequence):
        raise TicketRefused(
            _("%(later)s came before %(earlier)s, and its promises count. Merge the later into the earlier.")
            % numbers
        )
    visit = open_visit(ticket)
    is_worked_on = ticket.began_at or worked_on(ticket) or (visit is not None and has_begun(visit, at))
    if is_worked_on and verdict_from_json(ticket.verdict).outcome is Outcome.PAID:
        raise TicketRefused(_("%(later)s has work that is paid for. Finish it by itself.") % numbers)
    ticket.state, ticket.waiting_since, ticket.merged_into = Ticket.State.CLOSED, None, into
    ticket.began_at = None
    ticket.save(update_fields=["state", "waiting_since", "merged_into", "began_at"])
    give_up(ticket, by=by, at=at)
    give_up_visit_ahead(ticket, by=by, at=at)
    note(ticket, "request.closed", at, at)
    fact(ticket, "merged", by=by, at=at, into=into.number)
    fact(into, "took-over", by=by, at=at, number=ticket.number)
    keep_return(ticket, Fact("merged-into", into.number), by=by, at=at)
    keep_use(into, by=by, at=at)
    recompute(ticket, at)
    return into
