"""The customer learns the number, or does not: that, not the registration, is what the reaction clock waits for.

A notice has been given when the receiving mail server accepted it, or when a call is noted; a bounce reopens the clock
from the same start (decision A11).
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.tickets.actions.hold import fact, hold, iso
from pomost.tickets.clockwork import note, recompute
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Ticket

Notice = Ticket.Notice

ANSWER_CHARACTERS_MAX = 300


@transaction.atomic
def number_told(ticket: Ticket, *, how: str, at_told: datetime, by: str, at: datetime) -> Ticket:
    """Note that the customer knows the number: "mail" when the server took the notice, "phone" when they were called.

    The first time counts; saying it again changes and records nothing.

    Raises:
        TicketRefused: `at_told` lies before the registration or after `at`.
    """
    ticket = hold(ticket)
    if ticket.notice == Notice.TOLD:
        return ticket
    if not ticket.registered_at <= at_told <= at:
        raise TicketRefused(
            _("The number can be told only between its registration and now. Check the time of the call.")
        )
    ticket.notice, ticket.notice_next_try_at = Notice.TOLD, None
    ticket.told_at, ticket.told_how = at_told, Ticket.ToldHow(how)
    ticket.save(update_fields=["notice", "notice_next_try_at", "told_at", "told_how"])
    note(ticket, "notice.accepted", at_told, at)
    fact(ticket, "number-told", by=by, at=at, how=how, at_told=iso(at_told))
    recompute(ticket, at)
    return ticket


@transaction.atomic
def notice_delayed(ticket: Ticket, *, answer: str, next_try_at: datetime, by: str, at: datetime) -> Ticket:
    """Note that the receiving server put the notice off; the clock runs on. Harmless once the number is told."""
    ticket = hold(ticket)
    if ticket.notice == Notice.TOLD:
        return ticket
    ticket.notice, ticket.notice_next_try_at = Notice.DELAYED, next_try_at
    ticket.save(update_fields=["notice", "notice_next_try_at"])
    fact(
        ticket,
        "notice-delayed",
        by=by,
        at=at,
        answer=answer[:ANSWER_CHARACTERS_MAX],
        next_try_at=iso(next_try_at),
    )
    return ticket


@transaction.atomic
def notice_refused(ticket: Ticket, *, answer: str, by: str, at: datetime) -> Ticket:
    """Note that the receiving server will not take the notice: somebody has to call. Harmless once the number is told."""
    ticket = hold(ticket)
    if ticket.notice == Notice.TOLD:
        return ticket
    ticket.notice, ticket.notice_next_try_at = Notice.REFUSED, None
    ticket.save(update_fields=["notice", "notice_next_try_at"])
    fact(ticket, "notice-refused", by=by, at=at, answer=answer[:ANSWER_CHARACTERS_MAX])
    return ticket


@transaction.atomic
def notice_bounced(ticket: Ticket, *, answer: str, by: str, at: datetime) -> Ticket:
    """Note that the accepted notice came back undelivered: the clock runs again, from its old start.

    A number that was told by phone stays told, whatever a mail does. Saying it twice is harmless.
    """
    ticket = hold(ticket)
    if ticket.notice == Notice.REFUSED or ticket.told_how == Ticket.ToldHow.PHONE:
        return ticket
    ticket.notice, ticket.notice_next_try_at = Notice.REFUSED, None
    ticket.told_at, ticket.told_how = None, ""
    ticket.save(update_fields=["notice", "notice_next_try_at", "told_at", "told_how"])
    note(ticket, "notice.bounced", at, at)
    fact(ticket, "notice-bounced", by=by, at=at, answer=answer[:ANSWER_CHARACTERS_MAX])
    recompute(ticket, at)
    return ticket


@transaction.atomic
def send_notice_again(ticket: Ticket, *, by: str, at: datetime) -> Ticket:
    """Let the mail with the number be tried again at once, because it was put off or refused.

    Raises:
        TicketRefused: the number is told already, or there is no mail address to try.
    """
    ticket = hold(ticket)
    if ticket.notice == Notice.TOLD:
        raise TicketRefused(_("The customer knows the number already."))
    if not ticket.contact.email:
        raise TicketRefused(_("%(name)s has no mail address. Call them.") % {"name": ticket.contact.name})
    if ticket.notice == Notice.SENDING:
        return ticket
    ticket.notice, ticket.notice_next_try_at = Notice.SENDING, None
    ticket.save(update_fields=["notice", "notice_next_try_at"])
    fact(ticket, "notice-again", by=by, at=at)
    return ticket
