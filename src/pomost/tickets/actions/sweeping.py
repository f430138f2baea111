"""What time alone does to tickets: a promise breaks, a silence ends.

Both moments are columns with an index, so a sweep that was missed is made up by the next one. Each ticket is swept in a
transaction of its own.
"""

from datetime import datetime

from django.db import transaction

from pomost.rules.terms.parts import Remedy
from pomost.tickets.actions.hold import fact, hold, iso
from pomost.tickets.actions.solution import keep_confirmation
from pomost.tickets.actions.work import keep_stop
from pomost.tickets.clockwork import recompute
from pomost.tickets.models import Clock, Ticket

BATCH = 200
"""Tickets of each kind at most in one sweep, so that a long outage does not hold the loop; the next sweep goes on."""


def sweep(now: datetime) -> int:
    """Do what has fallen due by `now`; return how many tickets changed."""
    late = (
        Clock.objects.filter(met=None, stopped_at=None, due_at__lt=now)
        .order_by("due_at")
        .values_list("ticket_id", flat=True)[:BATCH]
    )
    changed = [_promise_broken(ticket_id, now) for ticket_id in dict.fromkeys(late)]
    silent = (
        Ticket.objects.filter(state=Ticket.State.SOLVED, silence_ends_at__lte=now)
        .order_by("silence_ends_at")
        .values_list("pk", flat=True)[:BATCH]
    )
    changed += [_silence_ended(ticket_id, now) for ticket_id in list(silent)]
    return sum(changed)


@transaction.atomic
def _promise_broken(ticket_id: int, now: datetime) -> bool:
    ticket = hold(ticket_id)
    open_before = set(ticket.clocks.filter(met=None).values_list("key", flat=True))
    recompute(ticket, now)
    broken = [clock for clock in ticket.clocks.filter(met=False) if clock.key in open_before]
    for clock in broken:
        fact(
            ticket,
            "promise-missed",
            by="desk",
            at=now,
            clock=clock.key,
            due_at=iso(clock.due_at),
            clause=clock.clause,
            then=clock.then,
        )
    if ticket.began_at is not None and any(clock.then == Remedy.AGREE_PAID_WORK for clock in broken):
        # The terms let work go on only once its price is agreed.
        keep_stop(ticket, reason=broken[0].clause, by="desk", at=now)
    return bool(broken)


@transaction.atomic
def _silence_ended(ticket_id: int, now: datetime) -> bool:
    ticket = hold(ticket_id)
    if ticket.state != Ticket.State.SOLVED or ticket.silence_ends_at is None or ticket.silence_ends_at > now:
        return False  # the customer spoke in the meantime
    keep_confirmation(ticket, how="silence", by="desk", at=now)
    return True
