"""Promises as clocks: what starts, pauses, stops and reopens them, and where they stand at a given moment.

Owns the closed list of events that a terms file may name and the reading of a ticket's events into the state of
each clock. A state is always computed from the events, never stored and adjusted, so that a corrected fact, a new
severity or a bounce needs no bookkeeping. Refuses event names outside the list. Working time is `calendar.py`'s.
Read on: docs/explain/clocks.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from pomost.rules.calendar import Calendar

EVENTS: Final[Mapping[str, str]] = {
    "request.received": "the request reached the desk, by whatever channel",
    "request.registered": "it was given its unique number",
    "request.completed": "everything that the terms ask a request to carry has arrived",
    "notice.accepted": "the customer was told the number: the receiving mail server took the notice, or a call was noted",
    "notice.bounced": "that notice came back undelivered",
    "work.began": "a technician began to work on the request",
    "work.stopped": "work was put aside, by the terms or by a person",
    "answer.proposed": "a first answer was proposed to the customer",
    "solution.proposed": "the vendor declared a solution and told the customer",
    "solution.confirmed": "the customer confirmed the solution, or the wait for it ran out",
    "solution.rejected": "the customer said that it does not solve the problem",
    "customer.asked": "the desk waits for the customer",
    "customer.answered": "the customer answered",
    "meter.started": "the meter of a session began to run",
    "meter.stopped": "the meter of a session stood still: the session ended or its link broke",
    "estimate.proposed": "a price was put before the customer",
    "estimate.accepted": "the customer accepted it",
    "estimate.declined": "the customer declined it",
    "next.ordered": "the next service that the customer ordered began",
    "request.closed": "nothing more is to be done",
}
"""Every event a clock may listen to, with its meaning. The list is closed: a terms file naming another is refused."""

CLOCK_PREFIX: Final = "clock:"
"""In `Promise.starts`, "clock:KEY" is the moment at which the clock KEY stopped."""

Time = Literal["working", "elapsed", "metered"]
"""What a clock counts: the calendar's hours, all time, or only time during which a session's meter runs."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise of the terms: an amount of time between events.

    Raises:
        ValueError: an event outside `EVENTS`, no start, no stop, a pause that nothing ends, an amount of zero or
            less, or "metered" time with pauses of its own.
    """

    key: str
    clause: str
    starts: tuple[str, ...]
    """The first of these starts the clock: event names, or "clock:KEY" for the stop of another clock."""
    stops: tuple[str, ...]
    amount: timedelta
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    reopens: tuple[str, ...] = ()
    """Events that undo a stop: the clock then runs on from the same start, as if it had not stopped."""
    time: Time = "working"
    then: str | None = None
    """What the terms say happens when the time runs out, such as "stop-work"; None: the promise is merely broken."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a ticket, and when.

    Raises:
        ValueError: a name outside `EVENTS`, or a naive datetime.
    """

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ClockState:
    """Where a clock stands at the moment it was asked about."""

    started_at: datetime | None = None
    due_at: datetime | None = None
    """When the promise breaks. None: not started, paused with time left, or not promised (see `unpromised`)."""
    stopped_at: datetime | None = None
    paused_since: datetime | None = None
    used: timedelta = timedelta(0)
    """Counted time between the start and the stop (or now), pauses left out."""
    left: timedelta | None = None
    """`amount - used`: negative once overdue. None: not started."""
    met: bool | None = None
    """True: stopped in time, the due instant included. False: broken, stopped or not. None: still open."""
    unpromised: str | None = None
    """Why there is no due time although the clock runs: the calendar is not confirmed that far."""


def run(
    promise: Promise,
    calendar: Calendar,
    events: Iterable[Event],
    now: datetime,
    others: Mapping[str, ClockState] | None = None,
) -> ClockState:
    """Return where the clock of `promise` stands at `now`; events after `now` are left out.

    `others` holds the states of clocks that this one is chained to ("clock:KEY" in `starts`). `due_at` is always
    in the calendar's zone. Changing the severity is asking again with another promise: the start stays the same.
    """
    raise NotImplementedError


def run_all(
    promises: Iterable[Promise], calendar: Calendar, events: Iterable[Event], now: datetime
) -> dict[str, ClockState]:
    """Return the state of each clock by its key, chained clocks after those they wait for.

    Raises:
        ValueError: a chain that names a clock that is not there, or goes round in a circle.
    """
    raise NotImplementedError
