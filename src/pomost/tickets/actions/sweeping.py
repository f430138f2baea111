"""What time alone does to tickets: a promise is about to break, breaks, was missed for long; a silence or a restriction ends.

These moments are columns with an index, so a sweep that was missed is made up by the next one. Each ticket is swept in a
transaction of its own, and one that cannot be swept holds up none of the others.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import transaction

from pomost.tickets.actions.hold import hold
from pomost.tickets.actions.restricting import pass_time
from pomost.tickets.actions.solution import keep_confirmation
from pomost.tickets.clockwork import recompute, tell
from pomost.tickets.models import Clock, Restriction, Ticket

BATCH = 200
"""Tickets of each kind at most in one sweep, so that a long outage does not hold the loop; the next sweep goes on."""
ASIDE_FOR: Final = timedelta(minutes=5)
"""How long a ticket whose sweep failed is left alone, so that it neither floods the log nor fills the batch."""

log = logging.getLogger(__name__)


class Sweeper:
    """Sweeps again and again, and remembers which tickets to leave alone for a while. One a loop."""

    def __init__(self) -> None:
        self._aside: dict[int, datetime] = {}

    def run_once(self, now: datetime) -> int:
        """Do what has fallen due by `now`; return how many tickets changed."""
        self._aside = {key: until for key, until in self._aside.items() if until > now}
        late = (
            Clock.objects.filter(met=None, stopped_at=None, due_at__lt=now)
            .exclude(ticket_id__in=self._aside)
            .order_by("due_at")
            .values_list("ticket_id", flat=True)[:BATCH]
        )
        changed = {
            each for each in dict.fromkeys(late) if self._swept(partial(_promise_broken, each), each, now)
        }
        to_tell = (
            Clock.objects.filter(tell_at__lte=now)
            .exclude(ticket_id__in=self._aside)
            .order_by("tell_at")
            .values_list("ticket_id", flat=True)[:BATCH]
        )
        changed |= {
            each for each in dict.fromkeys(to_tell) if self._swept(partial(_staff_told, each), each, now)
        }
        silent = (
            Ticket.objects.filter(state=Ticket.State.SOLVED, silence_ends_at__lte=now)
            .exclude(pk__in=self._aside)
            .order_by("silence_ends_at")
            .values_list("pk", flat=True)[:BATCH]
        )
        changed |= {each for each in list(silent) if self._swept(partial(_silence_ended, each), each, now)}
        over = (
            Restriction.objects.filter(next_at__lte=now)
            .exclude(occasion_id__in=self._aside)
            .order_by("next_at")
            .values_list("pk", "occasion_id")[:BATCH]
        )
        for key, occasion in list(over):
            if self._swept(partial(pass_time, key), occasion, now):
                changed.add(occasion)
        return len(changed)

    def _swept(self, work: Callable[[datetime], bool], ticket_id: int, now: datetime) -> bool:
        try:
            return work(now)
        except Exception:
            log.exception("Ticket %s cannot be swept; it is tried again in %s", ticket_id, ASIDE_FOR)
            self._aside[ticket_id] = now + ASIDE_FOR
            return False


def sweep(now: datetime) -> int:
    """Sweep once, remembering nothing; return how many tickets changed."""
    return Sweeper().run_once(now)


@transaction.atomic
def _promise_broken(ticket_id: int, now: datetime) -> bool:
    return recompute(hold(ticket_id), now)


@transaction.atomic
def _staff_told(ticket_id: int, now: datetime) -> bool:
    return tell(hold(ticket_id), now)


@transaction.atomic
def _silence_ended(ticket_id: int, now: datetime) -> bool:
    ticket = hold(ticket_id)
    if ticket.state != Ticket.State.SOLVED or ticket.silence_ends_at is None or ticket.silence_ends_at > now:
        return False  # the customer spoke in the meantime
    keep_confirmation(ticket, how="silence", by="desk", at=now)
    return True
