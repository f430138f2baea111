"""Write new due times of many clocks in one short transaction, each only where nothing else has changed it meanwhile.

Owns the statements of a batch in the words of both databases: Django's own bulk update costs twenty times as much.
Refuses nothing: a clock that is not as it was read is left alone, and whoever changed it has computed it anew.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.db.models import F, OuterRef, Subquery

from pomost.tickets.models import Clock, Recomputation, Ticket


@dataclass(frozen=True, slots=True)
class Move:
    """One clock, its due time as it was read, and the one that it shall have."""

    clock: int
    ticket: int
    key: str
    left_seconds: int
    before: datetime
    after: datetime


@transaction.atomic
def move(moves: Sequence[Move], work: Recomputation) -> int:
    """Give clocks and their tickets new due times, and keep both values; return how many clocks there were.

    A ticket that somebody holds just now is left alone, as is a clock that is not what it was when it was read.
    """
    moves = _free(moves)
    done = _move_clocks(moves, work.edit_id)
    kept = [each for each in moves if each.clock in done]
    earliest = Clock.objects.filter(ticket=OuterRef("pk"), stopped_at=None, due_at__isnull=False)
    Ticket.objects.filter(pk__in={each.ticket for each in kept}).update(
        due_at=Subquery(earliest.order_by("due_at").values("due_at")[:1])
    )
    _wake_earlier(kept)
    _keep(kept, work)
    Recomputation.objects.filter(pk=work.pk).update(clocks=F("clocks") + len(kept))
    return len(kept)


def _wake_earlier(moves: Sequence[Move]) -> None:
    """Let alerts of clocks that are due earlier now be looked at earlier by as much.

    That may be too early, never too late; the sweep that finds nothing to tell then sets the true moment. One that is
    due later is left to that sweep altogether.
    """
    earlier = {each.clock: each.before - each.after for each in moves if each.after < each.before}
    clocks = list(Clock.objects.filter(pk__in=earlier, tell_at__isnull=False))
    for clock in clocks:
        if clock.tell_at is not None:
            clock.tell_at -= earlier[clock.pk]
    Clock.objects.bulk_update(clocks, ["tell_at"])


def _free(moves: Sequence[Move]) -> Sequence[Move]:
    """Lock the tickets that nobody holds, in the order in which every action locks: ticket first, then its clocks."""
    if not connection.features.has_select_for_update:
        return moves  # the one writer at a time is us
    free = set(
        Ticket.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(pk__in={each.ticket for each in moves})
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return [each for each in moves if each.ticket in free]


def _move_clocks(moves: Sequence[Move], edition: int) -> Collection[int]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE tickets_clock AS clock SET due_at = new.due_after, edition = %s"
                " FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS new(id, due_before, due_after)"
                " WHERE clock.id = new.id AND clock.due_at = new.due_before"
                " AND clock.met IS NULL AND clock.stopped_at IS NULL RETURNING clock.id",
                [
                    edition,
                    [each.clock for each in moves],
                    [each.before for each in moves],
                    [each.after for each in moves],
                ],
            )
            return {int(row[0]) for row in cursor.fetchall()}
    before = transaction.savepoint()
    if _moved_on_sqlite(moves, edition) < len(moves):
        transaction.savepoint_rollback(before)
        moves = _as_read(moves)
        _moved_on_sqlite(moves, edition)
    else:
        transaction.savepoint_commit(before)
    return {each.clock for each in moves}


def _moved_on_sqlite(moves: Sequence[Move], edition: int) -> int:
    """Move the clocks that are as they were read; SQLite says how many these were, but not which."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE tickets_clock SET due_at = %s, edition = %s"
            " WHERE id = %s AND due_at = %s AND met IS NULL AND stopped_at IS NULL",
            [(_text(each.after), edition, each.clock, _text(each.before)) for each in moves],
        )
        return int(cursor.rowcount)


@lru_cache(maxsize=4 * 2_000)
def _text(at: datetime) -> str:
    """Return a moment as SQLite keeps it; each is written twice."""
    return str(connection.ops.adapt_datetimefield_value(at))


def _as_read(moves: Sequence[Move]) -> list[Move]:
    ids = [each.clock for each in moves]
    due = dict(Clock.objects.filter(pk__in=ids, met=None, stopped_at=None).values_list("pk", "due_at"))
    return [each for each in moves if due.get(each.clock) == each.before]


def _keep(moves: Sequence[Move], work: Recomputation) -> None:
    columns = "recomputation_id, ticket_id, key, left_seconds, due_before, due_after"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            values: list[Any] = [
                [each.ticket for each in moves],
                [each.key for each in moves],
                [each.left_seconds for each in moves],
                [each.before for each in moves],
                [each.after for each in moves],
            ]
            cursor.execute(
                f"INSERT INTO tickets_movedclock ({columns}) SELECT %s, new.* FROM"  # noqa: S608 (our own column names)
                " unnest(%s::bigint[], %s::text[], %s::int[], %s::timestamptz[], %s::timestamptz[]) AS new",
                [work.pk, *values],
            )
            return
        cursor.executemany(
            f"INSERT INTO tickets_movedclock ({columns}) VALUES (%s, %s, %s, %s, %s, %s)",  # noqa: S608
            [
                (work.pk, each.ticket, each.key, each.left_seconds, _text(each.before), _text(each.after))
                for each in moves
            ],
        )
