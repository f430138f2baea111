"""After a calendar was edited: every clock that it concerns gets its new due time, while everybody goes on writing.

Owns the order of the work: batch by batch look, which locks nothing, then write, which takes a fraction of a second, with a
pause half as long (moving.py). A clock knows the last edit that it was computed with, so work that was killed goes on
where it stood, and two runs do no harm. What time was used stays (rules/edits.py); a clock that no stretch covers is
recomputed whole. Many clocks leave one fact; the values are rows (`MovedClock`).
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import F, Q

from pomost.contracts.calendars import CalendarBook, concerns, is_year
from pomost.contracts.models import CalendarEdit
from pomost.journal.actions import record
from pomost.rules.calendar import NeverDue
from pomost.rules.terms.model import Terms
from pomost.tickets.actions.hold import hold
from pomost.tickets.actions.solution import silence_ends
from pomost.tickets.clockwork import recompute
from pomost.tickets.concerned import Concerned
from pomost.tickets.models import Clock, MovedClock, Recomputation, Ticket
from pomost.tickets.moving import Mover, going_on

BATCH_LEAST: Final = 2_000
"""Fewer would be mostly commits: one waits for the disk as long as for many rows."""
BATCH_MOST: Final = 40_000
BATCH_NS: Final = 150_000_000
"""How long a batch may hold the database's lock: the batches grow and shrink towards it."""
SETTLE: Final = timedelta(seconds=30)
"""Longer than any action takes: by then every clock that was computed without the edit is there to be seen."""

log = logging.getLogger(__name__)


def sleep(pause: timedelta) -> None:
    """Wait that long."""
    time.sleep(pause.total_seconds())


class Recomputer:
    """Does what edits of calendars have left to do. One a loop; after each batch `pause` is called with half its length."""

    def __init__(
        self, pause: Callable[[timedelta], object] = sleep, is_stopped: Callable[[], bool] = lambda: False
    ) -> None:
        self._pause = pause
        self._is_stopped = is_stopped
        self._batch = BATCH_LEAST

    def run_once(self, now: datetime) -> int:
        """Recompute after the oldest edit that needs it; return how many clocks got another due time."""
        edit = _next(now)
        if edit is None:
            return 0
        work, _made = Recomputation.objects.get_or_create(edit=edit, defaults={"started_at": now})
        concerned = Concerned(edit, CalendarBook.of(edit.vendor_id).through(edit))
        going_on(work).update(looked_at=0, to_look_at=len(concerned.clocks))
        with Mover(edit.pk, concerned.steps()) as mover:
            moved, is_whole = self._moved(mover, concerned.clocks, work, now)
        if self._is_stopped():
            return moved
        others = _Others(edit, concerned.terms)
        moved += sum(_recomputed(ticket, work, now) for ticket in others.unpromised())
        for ticket in others.silent():
            _silence_again(ticket)
        _passed(work, now, is_whole=is_whole)
        return moved

    def _moved(
        self, mover: Mover, clocks: Sequence[int], work: Recomputation, now: datetime
    ) -> tuple[int, bool]:
        """Take clocks to their new due times; return how many moved, and whether all did that were found to."""
        moved, is_whole, place, rested_at = 0, True, 0, 0
        while place < len(clocks) and not self._is_stopped():
            batch = clocks[place : place + self._batch]
            found = mover.look(batch[0], batch[-1])
            if (rest := rested_at - time.perf_counter_ns()) > 0:
                self._pause(timedelta(microseconds=rest // 1000))
            begun = time.perf_counter_ns()
            written = mover.write(work, len(batch))
            ended = time.perf_counter_ns()
            is_whole = is_whole and written == found.moves
            moved += written + sum(_recomputed(ticket, work, now) for ticket in found.hard)
            place += len(batch)
            if not connection.features.has_select_for_update:
                rested_at = ended + (ended - begun) // 2
            if len(batch) == self._batch:
                fits = min(BATCH_MOST, self._batch * BATCH_NS // (ended - begun + 1), self._batch * 2)
                self._batch = max(BATCH_LEAST, fits)
        return moved, is_whole


def _next(now: datetime) -> CalendarEdit | None:
    """Return the oldest edit whose clocks are not all recomputed; one that only settles waits its time."""
    waiting = (
        CalendarEdit.objects.select_related("vendor")
        .filter(Q(recomputation=None) | Q(recomputation__finished_at=None))
        .annotate(swept_at=F("recomputation__swept_at"))
        .order_by("at", "pk")
    )
    return next((edit for edit in waiting if edit.swept_at is None or now >= edit.at + SETTLE), None)


class _Others:
    """What an edit concerns besides due times: promises that had none, and waits for the customer's word."""

    def __init__(self, edit: CalendarEdit, terms: Mapping[int, Terms]) -> None:
        self.edit = edit
        self.terms = terms

    def unpromised(self) -> list[int]:
        """Return the tickets with a clock that has no due time, because its holidays are not confirmed.

        A clock that stopped in such a time was not judged; a year that is confirmed then judges it.
        """
        found = Clock.objects.filter(
            met=None, due_at=None, edition__lt=self.edit.pk, ticket__vendor=self.edit.vendor_id
        ).exclude(unpromised="")
        if not is_year(self.edit):
            found = found.filter(stopped_at=None)
        return list(found.values_list("ticket_id", flat=True).distinct())

    def silent(self) -> list[int]:
        """Return the solved tickets in which the wait for the customer's word counts by this calendar."""
        by_it = [
            pk
            for pk, terms in self.terms.items()
            if terms.confirmation is not None
            and concerns(self.edit, terms.hours_called(terms.confirmation.hours))
        ]
        waits = Q(silence_ends_at=None) | Q(silence_ends_at__gte=self.edit.at)
        found = Ticket.objects.filter(
            waits, vendor=self.edit.vendor_id, state=Ticket.State.SOLVED, terms__in=by_it
        )
        return list(found.values_list("pk", flat=True))


@transaction.atomic
def _recomputed(ticket_id: int, work: Recomputation, now: datetime) -> int:
    """Recompute a ticket whole; return how many of its clocks got another due time."""
    ticket = hold(ticket_id)
    before = dict(ticket.clocks.values_list("key", "due_at"))
    try:
        with transaction.atomic():
            recompute(ticket, now)
    except NeverDue:
        log.exception("Ticket %s cannot be recomputed; its clocks stay as they are", ticket_id)
        return 0
    moved = [clock for clock in ticket.clocks.all() if clock.due_at != before.get(clock.key)]
    MovedClock.objects.bulk_create(
        MovedClock(
            recomputation=work,
            ticket=ticket,
            key=clock.key,
            left_seconds=max(0, clock.amount_seconds - clock.used_seconds),
            due_before=before.get(clock.key),
            due_after=clock.due_at,
        )
        for clock in moved
    )
    going_on(work).update(clocks=F("clocks") + len(moved))
    return len(moved)


@transaction.atomic
def _silence_again(ticket_id: int) -> None:
    ticket = hold(ticket_id)
    if ticket.state != Ticket.State.SOLVED or ticket.solved_at is None:
        return  # the customer spoke in the meantime
    ticket.silence_ends_at = silence_ends(ticket, ticket.solved_at)
    ticket.save(update_fields=["silence_ends_at"])


@transaction.atomic
def _passed(work: Recomputation, now: datetime, *, is_whole: bool) -> None:
    """Note that a pass reached its end; the work is over when nothing can have slipped through it."""
    edit = work.edit
    held = Recomputation.objects.select_for_update(no_key=True).filter(pk=work.pk, finished_at=None).first()
    if held is None:
        return  # another run finished it
    held.swept_at = now
    may_slip = connection.features.has_select_for_update and now < edit.at + SETTLE
    if is_whole and not may_slip:
        held.finished_at = now
        record(
            "calendar.recomputed",
            vendor=edit.vendor.slug,
            subject=f"calendar-edit:{edit.pk}",
            by="desk",
            at=now,
            data={"calendar": edit.calendar, "clocks": held.clocks, "recomputation": held.pk},
        )
    held.save(update_fields=["swept_at", "finished_at"])
