"""Read the facts that are to be told, write each as a mail, and hand it to the receiving server until it answers.

The journal is the outbox: facts are read in the order of the chain, and each mail is a row that waits for its next try.
A server that took the notice with the number stops the reaction clock in the same transaction that notes it (decision
A11); one that puts it off (4xx) is tried again while the clock runs; one that refuses it (5xx) makes calling the next
step. A row that cannot be written is put aside for an hour and logged: it never holds up the others.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from pomost.journal.actions import record, seal_next
from pomost.journal.models import Fact
from pomost.notices.carrier import ANSWER_CHARACTERS_MAX, NotTaken, deliver
from pomost.notices.compose import compose, message_id
from pomost.notices.models import Cursor, Mail
from pomost.notices.writers import TO_CONTACTS, TO_NAMED_CONTACTS, TO_STAFF
from pomost.people.models import Contact, Technician
from pomost.tickets import actions as tickets
from pomost.tickets.models import Ticket

FACTS_AT_ONCE: Final = 500
MAILS_AT_ONCE: Final = 50
LEASE: Final = timedelta(minutes=5)
"""How long a mail belongs to who tries it: longer than an SMTP exchange can take. A crash costs as much."""
WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 30, 60))
"""Between the first tries; the last one goes on repeating."""
GIVE_UP_AFTER: Final = timedelta(hours=48)
"""A server that puts a mail off for so long will not take it: somebody has to call."""
POISON_WAIT: Final = timedelta(hours=1)
STALE_AFTER: Final = timedelta(days=3)
"""News of this age is no news: only numbers that nobody was told yet are still sent."""

log = logging.getLogger(__name__)


def run_once(now: datetime, *, moment: Callable[[], datetime] | None = None) -> int:
    """Queue what the journal has to tell and try the mails that are due; return how many were tried.

    `moment` gives the time at which a server answered, which may be seconds after the pass began; without it, `now`.
    """
    seal_next()
    while _queue_next(now):
        pass
    due = list(
        Mail.objects.filter(state=Mail.State.WAITING, next_try_at__lte=now)
        .order_by("next_try_at", "pk")
        .values_list("pk", "next_try_at")[:MAILS_AT_ONCE]
    )
    return sum(_try(pk, planned, now, moment or (lambda: now)) for pk, planned in due if planned is not None)


@transaction.atomic
def _queue_next(now: datetime) -> int:
    """Make mails of the next facts of the chain; return how many facts were read."""
    Cursor.objects.get_or_create(pk=1)
    cursor = Cursor.objects.select_for_update(no_key=True).get(pk=1)
    facts = list(Fact.objects.filter(sequence__gt=cursor.sequence).order_by("sequence")[:FACTS_AT_ONCE])
    for fact in facts:
        if fact.kind in TO_NAMED_CONTACTS:
            _queue_for_named_contact(fact, now)  # first: one address hears of one fact once
        if fact.kind in TO_CONTACTS:
            _queue(fact, now)
        if fact.kind in TO_STAFF:
            _queue_for_staff(fact, now)
    if facts:
        cursor.sequence = facts[-1].sequence or cursor.sequence
        cursor.save(update_fields=["sequence"])
    return len(facts)


def _queue(fact: Fact, now: datetime) -> None:
    kind, _write = TO_CONTACTS[fact.kind]
    subject, _colon, key = fact.subject.partition(":")
    if (
        subject != "ticket"
        or not key.isdigit()
        or (fact.kind == "ticket.waiting" and not fact.data.get("message"))
        or (fact.kind == "ticket.error-mended" and not fact.data["tell"])
    ):
        return
    ticket = Ticket.objects.select_related("vendor", "contact").filter(pk=int(key)).first()
    if ticket is None or not ticket.contact.email:
        return
    if ticket.notice == Ticket.Notice.TOLD if kind == "number" else fact.at < now - STALE_AFTER:
        return
    Mail.objects.get_or_create(
        fact=fact,
        to=ticket.contact.email,
        defaults={
            "ticket": ticket,
            "kind": kind,
            "language": ticket.contact.language,
            "message_id": message_id(ticket, fact.sequence or 0),
            "next_try_at": now,
        },
    )


def _queue_for_named_contact(fact: Fact, now: datetime) -> None:
    """Make a mail for the contact that the fact names, in their language; none of what is old news."""
    kind, _write = TO_NAMED_CONTACTS[fact.kind]
    contact = Contact.objects.filter(pk=fact.data.get("contact")).exclude(email="").first()
    if contact is None or fact.at < now - STALE_AFTER:
        return
    ticket = Ticket.objects.select_related("vendor").get(pk=int(fact.subject.removeprefix("ticket:")))
    Mail.objects.get_or_create(
        fact=fact,
        to=contact.email,
        defaults={
            "ticket": ticket,
            "contact": contact,
            "kind": kind,
            "language": contact.language,
            "message_id": message_id(ticket, fact.sequence or 0, contact),
            "next_try_at": now,
        },
    )


def _queue_for_staff(fact: Fact, now: datetime) -> None:
    """Make a mail for each of the staff that the fact names, in their own language; none of what is old news."""
    kind, _write = TO_STAFF[fact.kind]
    if fact.at < now - STALE_AFTER:
        return
    ticket = Ticket.objects.select_related("vendor").get(pk=int(fact.subject.removeprefix("ticket:")))
    whom = Technician.objects.select_related("person").filter(
        pk__in=fact.data.get("technicians", ()), person__is_active=True
    )
    for technician in whom:
        Mail.objects.get_or_create(
            fact=fact,
            to=technician.person.email,
            defaults={
                "ticket": ticket,
                "technician": technician,
                "kind": kind,
                "language": technician.person.language,
                "message_id": message_id(ticket, fact.sequence or 0, technician),
                "next_try_at": now,
            },
        )


def _try(pk: int, planned: datetime, now: datetime, moment: Callable[[], datetime]) -> bool:
    """Try one mail; return False when somebody else has it already."""
    if not Mail.objects.filter(pk=pk, state=Mail.State.WAITING, next_try_at=planned).update(
        next_try_at=now + LEASE
    ):
        return False
    mail = Mail.objects.select_related(
        "fact",
        "ticket__vendor",
        "ticket__customer",
        "ticket__contact__person",
        "ticket__terms",
        "ticket__assigned_to__person",
        "technician__person",
        "contact",
    ).get(pk=pk)
    try:
        message = compose(mail, max(now, mail.fact.at))
    except Exception as broken:
        log.exception(
            "Mail %s about %s cannot be written; it is tried again in %s", mail.pk, mail.fact, POISON_WAIT
        )
        _put_off(mail, f"{type(broken).__name__}: {broken}", now + POISON_WAIT)
        return True
    if message is None:
        _nothing_to_tell(mail)
        return True
    try:
        answer = deliver(message, sender=mail.ticket.vendor.sender, to=mail.to)
    except NotTaken as not_taken:
        _not_taken(mail, not_taken, moment())
    else:
        _taken(mail, answer, moment())
    return True


@transaction.atomic
def _taken(mail: Mail, answer: str, at: datetime) -> None:
    at = max(at, mail.fact.at)  # a fact may be younger than the pass that tells it
    _close(mail, Mail.State.ACCEPTED, answer, at)
    if mail.kind == "number":
        tickets.number_told(mail.ticket, how="mail", at_told=at, by="desk", at=at)


@transaction.atomic
def _not_taken(mail: Mail, not_taken: NotTaken, at: datetime) -> None:
    at = max(at, mail.fact.at)
    answer = str(not_taken)
    if not_taken.is_permanent or at - mail.fact.at >= GIVE_UP_AFTER:
        _close(mail, Mail.State.REFUSED, answer, None)
        if mail.kind == "number":
            tickets.notice_refused(mail.ticket, answer=answer, by="desk", at=at)
        else:
            record(
                "mail.refused",
                vendor=mail.ticket.vendor.slug,
                subject=f"ticket:{mail.ticket.pk}",
                by="desk",
                at=at,
                data={"mail": mail.pk, "kind": mail.kind, "to": mail.to, "answer": answer},
            )
        return
    next_try_at = at + WAITS[min(mail.tries, len(WAITS) - 1)]
    _put_off(mail, answer, next_try_at)
    if mail.kind == "number":
        tickets.notice_delayed(mail.ticket, answer=answer, next_try_at=next_try_at, by="desk", at=at)


def _put_off(mail: Mail, answer: str, next_try_at: datetime) -> None:
    mail.tries, mail.next_try_at, mail.answer = mail.tries + 1, next_try_at, answer[:ANSWER_CHARACTERS_MAX]
    mail.save(update_fields=["tries", "next_try_at", "answer"])


def _close(mail: Mail, state: Mail.State, answer: str, sent_at: datetime | None) -> None:
    mail.state, mail.next_try_at, mail.sent_at = state, None, sent_at
    mail.tries, mail.answer = mail.tries + 1, answer[:ANSWER_CHARACTERS_MAX]
    mail.save(update_fields=["state", "next_try_at", "sent_at", "tries", "answer"])


def _nothing_to_tell(mail: Mail) -> None:
    mail.state, mail.next_try_at = Mail.State.DROPPED, None
    mail.save(update_fields=["state", "next_try_at"])
