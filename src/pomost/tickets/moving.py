"""All due times that an edit of a calendar moves, in the words of the databases: nothing of a clock passes through here.

Clocks that were due in one stretch of opening hours move by as much (rules/edits.py). Those stretches are laid beside the
clocks as a small table of this connection, so that a batch is found by one statement that locks nothing, and written by
one or three that lock it briefly. Each clock is moved only where nothing else has changed it meanwhile: whoever
did has computed it anew. Alerts of clocks that are due earlier now are looked at earlier by as much: that may be too early, never
too late, and the sweep that finds nothing to tell then sets the true moment, as it does for those due later.
Read next: docs/decisions, "An edit moves clocks where they lie".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Final, Self

from django.db import connection, transaction
from django.db.models import F, QuerySet

from pomost.rules.edits import Shift
from pomost.rules.timetable import us_of
from pomost.tickets.models import Recomputation

Alike = tuple[int, str, int]
"""Clocks that one step takes: version of terms, key of the promise, the edition they were computed with."""


@dataclass(frozen=True, slots=True)
class Step:
    """How clocks get from one calendar to the other, and since when the two differ."""

    edited_at: datetime
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at some clocks found."""

    earlier: int
    """Clocks that are due earlier now."""
    later: int
    hard: Collection[int]
    """Tickets with a clock that no stretch covers, or which started after the edit: they must be asked whole."""

    @property
    def moves(self) -> int:
        """How many clocks move by a stretch."""
        return self.earlier + self.later


@dataclass(frozen=True, slots=True)
class _Words:
    """What the two databases say differently. Their statements know `edition`, `work`, and the clocks from `first` to `last`."""

    moment: str
    """The type of a moment."""
    settings: tuple[str, ...]
    empty: str
    """Empties what the last look found."""
    us: str
    """A moment in microseconds since 1970."""
    moved: str
    """A moment, also given in microseconds, so many microseconds later."""
    write: tuple[str, ...]
    """Moves what was found, where it is still as it was found; the last statement keeps it and counts it."""


_OPEN: Final = "clock.met IS NULL AND clock.stopped_at IS NULL AND clock.edition < %(edition)s"
_AS_FOUND: Final = f"move.due_after IS NOT NULL AND clock.due_at = move.due_before AND {_OPEN}"
_KEEP: Final = """
    INSERT INTO tickets_movedclock (recomputation_id, ticket_id, key, left_seconds, due_before, due_after)
    SELECT %(work)s, ticket_id, key, left_us / 1000000, due_before, due_after FROM"""

_POSTGRESQL_MOVED: Final = "{moment} + {by_us} * interval '1 microsecond'"
_POSTGRESQL: Final = _Words(
    moment="timestamptz",
    settings=(),
    empty="TRUNCATE moving_clock",
    us="(extract(epoch FROM {moment}) * 1000000)::bigint",
    moved=_POSTGRESQL_MOVED,
    write=(
        f"""
        WITH free AS MATERIALIZED (
            SELECT clock.id, move.* FROM moving_clock AS move JOIN tickets_clock AS clock ON clock.id = move.clock_id
            WHERE {_AS_FOUND} AND clock.id BETWEEN %(first)s AND %(last)s FOR NO KEY UPDATE OF clock SKIP LOCKED),
        moved AS (
            UPDATE tickets_clock AS clock SET due_at = free.due_after, edition = %(edition)s, tell_at = CASE
                WHEN free.by_us < 0 THEN {_POSTGRESQL_MOVED.format(moment="clock.tell_at", by_us="free.by_us")}
                ELSE clock.tell_at END
            FROM free WHERE clock.id = free.id AND clock.id BETWEEN %(first)s AND %(last)s RETURNING free.*)
        {_KEEP} moved""",  # noqa: S608 (our own words)
    ),
)

_SQLITE_US: Final = (
    "(unixepoch(substr({moment}, 1, 19)) * 1000000 + CAST(substr({moment} || '.000000', 21, 6) AS INTEGER))"
)
_SQLITE_MOVED: Final = """(SELECT datetime(us / 1000000, 'unixepoch') || CASE us %% 1000000 WHEN 0 THEN ''
    ELSE '.' || substr('00000' || us %% 1000000, -6) END FROM (SELECT {us} + {by_us} AS us))"""
_TELL_US: Final = _SQLITE_US.format(moment="tickets_clock.tell_at")
_SQLITE: Final = _Words(
    moment="text",
    settings=("PRAGMA cache_size = -65536",),  # in KiB: the index of due times has to fit in
    empty="DELETE FROM moving_clock",
    us=_SQLITE_US,
    moved=_SQLITE_MOVED,
    write=(
        f"""DELETE FROM moving_clock AS move WHERE NOT EXISTS (
            SELECT 1 FROM tickets_clock AS clock WHERE clock.id = move.clock_id AND {_AS_FOUND})""",  # noqa: S608
        """UPDATE tickets_clock SET due_at = move.due_after, edition = %(edition)s FROM moving_clock AS move
            WHERE move.clock_id = tickets_clock.id""",
        f"""UPDATE tickets_clock SET tell_at = {_SQLITE_MOVED.format(us=_TELL_US, by_us="move.by_us")}
            FROM moving_clock AS move WHERE move.clock_id = tickets_clock.id AND move.by_us < 0
            AND tickets_clock.tell_at IS NOT NULL""",  # noqa: S608
        f"{_KEEP} moving_clock",
    ),
)

_LOOK: Final = """
    INSERT INTO moving_clock
    WITH clock AS MATERIALIZED (
        SELECT clock.id, clock.ticket_id, clock.key, clock.due_at, {due_us} AS due_us, {started_us} AS started_us,
            step.step, step.edited_us
        FROM tickets_clock AS clock
        JOIN tickets_ticket AS ticket ON ticket.id = clock.ticket_id
        JOIN moving_step AS step
            ON step.terms_id = ticket.terms_id AND step.key = clock.key AND step.edition = clock.edition
        WHERE clock.id BETWEEN %(first)s AND %(last)s AND {open} AND clock.due_at IS NOT NULL)
    SELECT clock.id, clock.ticket_id, clock.key, shift.left_us - shift.through_us + clock.due_us, shift.by_us,
        clock.due_at, {moved}
    FROM clock
    LEFT JOIN moving_shift AS shift ON shift.step = clock.step AND shift.after_us < clock.due_us
        AND shift.through_us = (
            SELECT min(other.through_us) FROM moving_shift AS other
            WHERE other.step = clock.step AND other.through_us >= clock.due_us)
        AND clock.started_us <= clock.edited_us
    WHERE clock.due_us > clock.edited_us AND (shift.by_us IS NULL OR shift.by_us <> 0)"""

_TABLES: Final = {
    "moving_step": "terms_id bigint, key varchar(60), edition bigint, edited_us bigint, step integer",
    "moving_shift": "step integer, after_us bigint, through_us bigint, by_us bigint, left_us bigint",
    "moving_clock": "clock_id bigint, ticket_id bigint, key varchar(60), left_us bigint, by_us bigint,"
    " due_before {moment}, due_after {moment}",
}
_INDEXES: Final = (
    "CREATE UNIQUE INDEX moving_step_of ON moving_step (terms_id, key, edition)",
    "CREATE UNIQUE INDEX moving_shift_of ON moving_shift (step, through_us)",
)


def going_on(work: Recomputation) -> QuerySet[Recomputation]:
    """Return the row of a work to count in; none where another run has finished it, for then nothing moves any more."""
    return Recomputation.objects.filter(pk=work.pk, finished_at=None)


class Mover:
    """The steps of one edit, laid beside the clocks on this connection while the context lasts."""

    def __init__(self, edition: int, steps: Mapping[Alike, Step]) -> None:
        self._edition = edition
        self._steps = steps
        self._first = self._last = 0
        words = self._words = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
        self._look = _LOOK.format(
            moved=words.moved.format(moment="clock.due_at", us="clock.due_us", by_us="shift.by_us"),
            due_us=words.us.format(moment="clock.due_at"),
            started_us=words.us.format(moment="clock.started_at"),
            open=_OPEN,
        )

    def __enter__(self) -> Self:
        numbers: dict[Step, int] = {}
        for step in self._steps.values():
            numbers.setdefault(step, len(numbers))
        rows = [(*at, us_of(step.edited_at), numbers[step]) for at, step in self._steps.items()]
        stretches = [(number, *shift) for step, number in numbers.items() for shift in step.shifts]
        with connection.cursor() as cursor:
            for setting in self._words.settings:
                cursor.execute(setting)
            for name, columns in _TABLES.items():
                cursor.execute(f"DROP TABLE IF EXISTS {name}")
                cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns.format(moment=self._words.moment)})")
            for index in _INDEXES:
                cursor.execute(index)
            cursor.executemany("INSERT INTO moving_step VALUES (%s, %s, %s, %s, %s)", rows)
            cursor.executemany("INSERT INTO moving_shift VALUES (%s, %s, %s, %s, %s)", stretches)
            cursor.execute("ANALYZE moving_step")
            cursor.execute("ANALYZE moving_shift")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if connection.needs_rollback or not connection.is_usable():
            return  # they go with the transaction, or with the connection
        with connection.cursor() as cursor:
            for name in _TABLES:
                cursor.execute(f"DROP TABLE IF EXISTS {name}")

    def look(self, first: int, last: int) -> Found:
        """Find which clocks from `first` to `last` move, and where to; only a table of this connection is written."""
        self._first, self._last = first, last
        with connection.cursor() as cursor:
            cursor.execute(self._words.empty)
            cursor.execute(self._look, self._values())
            cursor.execute("ANALYZE moving_clock")
            cursor.execute(
                "SELECT count(CASE WHEN by_us < 0 THEN 1 END), count(CASE WHEN by_us > 0 THEN 1 END) FROM moving_clock"
            )
            earlier, later = cursor.fetchone()
            cursor.execute("SELECT DISTINCT ticket_id FROM moving_clock WHERE by_us IS NULL")
            return Found(earlier, later, [row[0] for row in cursor.fetchall()])

    @transaction.atomic
    def write(self, work: Recomputation, looked_at: int) -> int:
        """Move the clocks that the last look found, keep both values of each, and return how many there were.

        On PostgreSQL a clock that somebody holds just now is left alone, so that we never wait for anybody who may wait for
        us; on SQLite the one writer at a time is us. `looked_at` clocks are counted as done.
        """
        with connection.cursor() as cursor:
            for statement in self._words.write:
                cursor.execute(statement, {**self._values(), "work": work.pk})
            moved = int(cursor.rowcount)
        going_on(work).update(clocks=F("clocks") + moved, looked_at=F("looked_at") + looked_at)
        return moved

    def _values(self) -> dict[str, int]:
        return {"first": self._first, "last": self._last, "edition": self._edition}
