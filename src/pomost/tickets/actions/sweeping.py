"""What time alone does to tickets: a promise breaks, a silence ends.

Both moments are columns with an index, so a sweep that was missed is made up by the next one. Each ticket is swept in a
transaction of its own.
"""

from datetime import datetime

from django.db import transaction

from pomost.tickets.actions.hold import hold
from pomost.tickets.actions.solution import keep_confirmation
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
    return recompute(hold(ticket_id), now)


@transaction.atomic
def _silence_ended(ticket_id: int, now: datetime) -> bool:
    ticket = hold(ticket_id)
    if ticket.state != Ticket.State.SOLVED or ticket.silence_ends_at is None or ticket.silence_ends_at > now:
        return False  # the customer spoke in the meantime
    keep_confirmation(ticket, how="silence", by="desk", at=now)
    return True
