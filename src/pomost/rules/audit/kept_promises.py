"""Which promises of a case were kept, and which were missed by how much.

Owns the reading of a case's moments against its clocks. A moment that the table does not have is never made up: a
blank cell of a finished ticket is “not judged”, and only a ticket that is still open at the end of the table can be
late without an end. Read next: ../clocks.py.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pomost.rules.audit.findings import Finding, Value
from pomost.rules.audit.history import COLUMN_OF, Case, Column
from pomost.rules.calendar import NeverDue
from pomost.rules.clocks import CLOCK_PREFIX, ClockState
from pomost.rules.promises import clock_states
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import RunningPromise

ENDS = frozenset({"solution.proposed", "solution.confirmed", "request.closed"})
"""A ticket with one of these is finished."""
END_COLUMNS = frozenset({Column.SOLVED, Column.CONFIRMED, Column.CLOSED})


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise that was kept, or is not yet due."""

    running: bool


def judge_promises(
    terms: Terms, case: Case, package: str, columns: frozenset[Column], until: datetime
) -> Iterator[Finding | Kept]:
    """Yield what became of each promise to `package`, in the order of the terms; `until` is the end of the table."""
    try:
        promises = terms.promises_for(package, case.severity)
    except ValueError:  # it depends on the severity, and none is given
        clause = terms.severities[0].clause if terms.severities else None
        yield _open(case, "severity-missing", clause, {"column": Column.SEVERITY.value})
        return
    sound: list[RunningPromise] = []
    for running in promises:
        if running.promise.time == "metered":
            facts: dict[str, Value] = {"promise": running.terms.name}
            yield _open(case, "metered", running.promise.clause, facts)
        else:
            sound.append(running)
    try:
        states = clock_states(sound, case.events, until)
    except (NeverDue, ValueError):
        for running in sound:
            never: dict[str, Value] = {"promise": running.terms.name}
            yield _open(case, "never-due", running.promise.clause, never)
        return
    for running in sound:
        found = _judged(case, running, states, columns, until)
        if found is not None:
            yield found


def _judged(
    case: Case,
    running: RunningPromise,
    states: Mapping[str, ClockState],
    columns: frozenset[Column],
    until: datetime,
) -> Finding | Kept | None:
    """Return what became of one promise; None: it never started, since the one before it has not stopped."""
    promise, state = running.promise, states[running.promise.key]
    facts: dict[str, Value] = {"promise": running.terms.name}
    if state.started_at is None:
        if any(start.startswith(CLOCK_PREFIX) for start in promise.starts):
            return None
        return _lacking(case, running, promise.starts, columns)
    if state.unpromised is not None and state.met is None:
        return _open(case, "unconfirmed", promise.clause, facts)
    if state.stopped_at is not None:
        if state.met or state.due_at is None:
            return Kept(running=False)
        late = _late(running, state.due_at, state.stopped_at)
        facts |= {"due": state.due_at, "happened": state.stopped_at, "late": late}
        return Finding("late", case.rows, case.number, case.customer, promise.clause, facts)
    finished = any(event.name in ENDS for event in case.events) or not END_COLUMNS & columns
    if finished or not any(COLUMN_OF.get(stop) in columns for stop in promise.stops):
        return _lacking(case, running, promise.stops, columns)
    if state.due_at is None or state.due_at >= until:
        return Kept(running=True)
    facts |= {"due": state.due_at, "until": until, "late": _late(running, state.due_at, until)}
    return Finding("still-open", case.rows, case.number, case.customer, promise.clause, facts)


def _late(running: RunningPromise, due: datetime, happened: datetime) -> timedelta:
    """Return by how much it was late: in working time where the promise counts that."""
    return running.calendar.worked(due, happened) if running.promise.time == "working" else happened - due


def _lacking(
    case: Case, running: RunningPromise, events: tuple[str, ...], columns: frozenset[Column]
) -> Finding:
    """Return which moment is not in the table: no column for it, or a blank cell."""
    clause, name = running.promise.clause, running.terms.name
    wanted = [COLUMN_OF[event] for event in events if event in COLUMN_OF]
    if not wanted:
        return _open(case, "event-unknown", clause, {"promise": name, "event": events[0]})
    there = [column for column in wanted if column in columns]
    reason = "cell-blank" if there else "column-missing"
    return _open(case, reason, clause, {"promise": name, "column": (there or wanted)[0].value})


def _open(case: Case, reason: str, clause: str | None, facts: Mapping[str, Value]) -> Finding:
    return Finding(reason, case.rows, case.number, case.customer, clause, facts)
