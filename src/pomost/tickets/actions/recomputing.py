"""After a calendar was edited: every clock that it concerns gets its new due time, while everybody goes on writing.

Owns which clocks those are and the order of the work: read in chunks by the index of due times, compute, write in short
batches with a pause half as long as each took. A clock knows the last edit that it was computed with, so work that was
killed goes on where it stood, and two runs do no harm. What time was used stays (rules/edits.py); a clock that the
short step cannot judge is recomputed whole. Many clocks leave one fact; the values are rows (`MovedClock`).
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import connection, transaction
from django.db.models import F, Q

from pomost.contracts.calendars import CalendarBook
from pomost.contracts.models import CalendarEdit, TermsVersion
from pomost.contracts.queries import terms_of
from pomost.journal.actions import record
from pomost.rules.calendar import Calendar, NeverDue
from pomost.rules.edits import rest_after
from pomost.tickets.actions.hold import hold
from pomost.tickets.actions.solution import silence_ends
from pomost.tickets.clockwork import recompute
from pomost.tickets.models import Clock, MovedClock, Recomputation, Ticket
from pomost.tickets.moving import Move, move

READ_AT_ONCE: Final = 5_000
BATCH_LEAST: Final = 250
"""Fewer would be mostly commits: one waits for the disk as long as for many rows."""
BATCH_MOST: Final = 2_000
BATCH_NS: Final = 40_000_000
"""How long a batch may hold the database's lock: the batches grow and shrink towards it."""
SETTLE: Final = timedelta(seconds=30)
"""Longer than any action takes: by then every clock that was computed without the edit is there to be seen."""

log = logging.getLogger(__name__)


class _Row(NamedTuple):
    """An open clock as it was read."""

    clock: int
    ticket: int
    key: str
    started_at: datetime
    due_at: datetime
    edition: int


class _Step(NamedTuple):
    """From which calendar to which one clocks are taken, and since when they differ."""

    edited_at: datetime
    old: Calendar
    new: Calendar


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
        sweep = _Sweep(edit)
        moved, is_whole = 0, True
        for rows in sweep.chunks():
            moves, hard = sweep.moves(rows)
            written = self._written(moves, work)
            is_whole = is_whole and written == len(moves)
            moved += written + sum(_recomputed(ticket, work, now) for ticket in hard)
            if self._is_stopped():
                return moved
        moved += sum(_recomputed(ticket, work, now) for ticket in sweep.unpromised())
        for ticket in sweep.silent():
            _silence_again(ticket)
        _passed(work, now, is_whole=is_whole)
        return moved

    def _written(self, moves: Sequence[Move], work: Recomputation) -> int:
        done, place = 0, 0
        while place < len(moves) and not self._is_stopped():
            batch = moves[place : place + self._batch]
            begun = time.perf_counter_ns()
            done += move(batch, work)
            took = max(1, time.perf_counter_ns() - begun)
            place += len(batch)
            if len(batch) == self._batch:
                fits = min(BATCH_MOST, self._batch * BATCH_NS // took, self._batch * 2)
                self._batch = max(BATCH_LEAST, fits)
            self._pause(timedelta(microseconds=took // 2000))
        return done


def _next(now: datetime) -> CalendarEdit | None:
    """Return the oldest edit whose clocks are not all recomputed; one that only settles waits its time."""
    waiting = (
        CalendarEdit.objects.select_related("vendor")
        .filter(Q(recomputation=None) | Q(recomputation__finished_at=None))
        .annotate(swept_at=F("recomputation__swept_at"))
        .order_by("at", "pk")
    )
    return next((edit for edit in waiting if edit.swept_at is None or now >= edit.at + SETTLE), None)


class _Sweep:
    """One pass over the open clocks of a vendor, after an edit."""

    def __init__(self, edit: CalendarEdit) -> None:
        self.edit = edit
        self.book = CalendarBook.of(edit.vendor_id).through(edit)
        self.terms = {
            version.pk: terms_of(version)
            for version in TermsVersion.objects.select_related("vendor").filter(vendor=edit.vendor_id)
        }
        self._steps: dict[tuple[int, str, int], _Step | None] = {}

    def chunks(self) -> Iterator[list[_Row]]:
        """Yield the open clocks that are due after the edit and were computed without it, the earliest first."""
        open_clocks = Clock.objects.filter(met=None, stopped_at=None, edition__lt=self.edit.pk).order_by(
            "due_at", "pk"
        )
        due_at, last = self.edit.at, 0
        while True:
            found = open_clocks.filter(due_at__gte=due_at).exclude(due_at=due_at, pk__lte=last)
            values = found.values_list("pk", "ticket_id", "key", "started_at", "due_at", "edition")
            rows = [
                _Row(clock, ticket, key, started_at or due, due, edition)
                for clock, ticket, key, started_at, due, edition in values[:READ_AT_ONCE]
                if due is not None
            ]
            if not rows:
                return
            yield rows
            due_at, last = rows[-1].due_at, rows[-1].clock

    def moves(self, rows: Sequence[_Row]) -> tuple[list[Move], list[int]]:
        """Return the clocks that get another due time, and the tickets that must be recomputed whole."""
        terms = dict(
            Ticket.objects.filter(
                pk__in={row.ticket for row in rows}, vendor=self.edit.vendor_id
            ).values_list("pk", "terms_id")
        )
        alike: defaultdict[tuple[int, str, int], list[_Row]] = defaultdict(list)
        for row in rows:
            if row.ticket in terms:
                alike[terms[row.ticket], row.key, row.edition].append(row)
        moves: list[Move] = []
        hard: list[int] = []
        for at, found in alike.items():
            step = self._step(at)
            if step is None:
                continue
            rests = rest_after(*step, [(row.started_at, row.due_at) for row in found])
            for row, rest in zip(found, rests, strict=True):
                if rest.due_at is None:
                    hard.append(row.ticket)
                elif rest.due_at != row.due_at:
                    left = int(rest.left.total_seconds())
                    moves.append(Move(row.clock, row.ticket, row.key, left, row.due_at, rest.due_at))
        return moves, hard

    def _step(self, at: tuple[int, str, int]) -> _Step | None:
        """Return the step for the clocks of terms, promise and edition; None: nothing changes for them."""
        if at not in self._steps:
            self._steps[at] = self._found_step(*at)
        return self._steps[at]

    def _found_step(self, terms: int, key: str, edition: int) -> _Step | None:
        hours = next((each.hours for each in self.terms[terms].promises if each.id == key), None)
        new_to_it = [each for each in self.book.edits if each.pk > edition and each.calendar == hours]
        if hours is None or not new_to_it:
            return None
        published = self.terms[terms].calendar(hours)
        old = self.book.before(new_to_it[0]).calendar(hours, published)
        return _Step(new_to_it[0].at, old, self.book.calendar(hours, published))

    def unpromised(self) -> list[int]:
        """Return the tickets with a clock that runs without a due time, because its holidays are not confirmed."""
        found = Clock.objects.filter(
            met=None,
            stopped_at=None,
            due_at=None,
            edition__lt=self.edit.pk,
            ticket__vendor=self.edit.vendor_id,
        ).exclude(unpromised="")
        return list(found.values_list("ticket_id", flat=True).distinct())

    def silent(self) -> list[int]:
        """Return the solved tickets in which the wait for the customer's word counts by this calendar."""
        by_it = [
            pk
            for pk, terms in self.terms.items()
            if terms.confirmation is not None and terms.confirmation.hours == self.edit.calendar
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
    Recomputation.objects.filter(pk=work.pk).update(clocks=F("clocks") + len(moved))
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
    work = Recomputation.objects.select_for_update(no_key=True).get(pk=work.pk)
    work.swept_at = now
    may_slip = connection.features.has_select_for_update and now < edit.at + SETTLE
    if is_whole and not may_slip and work.finished_at is None:
        work.finished_at = now
        record(
            "calendar.recomputed",
            vendor=edit.vendor.slug,
            subject=f"calendar-edit:{edit.pk}",
            by="desk",
            at=now,
            data={"calendar": edit.calendar, "clocks": work.clocks, "recomputation": work.pk},
        )
    work.save(update_fields=["swept_at", "finished_at"])
