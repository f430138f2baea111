"""Promises as clocks: what starts, pauses, stops and reopens them, and where they stand at a given moment.

Owns the closed list of events that a terms file may name and the reading of a ticket's events into the state of
each clock. A state is always computed from the events, never stored and adjusted, so that a corrected fact, a new
severity or a bounce needs no bookkeeping. Refuses event names outside the list. Working time is `calendar.py`'s.
Read on: docs/explain/clocks.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from pomost.rules.calendar import Calendar, NotPromised

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

_PLACE: Final[Mapping[str, int]] = {name: place for place, name in enumerate(EVENTS)}

CLOCK_PREFIX: Final = "clock:"
"""In `Promise.starts`, "clock:KEY" is the moment at which the clock KEY stopped."""

METER_PAUSES: Final[tuple[str, ...]] = ("meter.stopped",)
METER_RESUMES: Final[tuple[str, ...]] = ("meter.started",)

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

    def __post_init__(self) -> None:
        named = {"starts": self.starts, "stops": self.stops, "pauses": self.pauses}
        named |= {"resumes": self.resumes, "reopens": self.reopens}
        for field, names in named.items():
            for name in names:
                if name not in EVENTS and not (field == "starts" and name.startswith(CLOCK_PREFIX)):
                    raise ValueError(
                        f"{self.key}: {field} names {name!r}, which is no event. Events: {', '.join(EVENTS)}."
                    )
        if not self.starts or not self.stops:
            raise ValueError(f"{self.key}: a clock needs an event that starts it and one that stops it.")
        if bool(self.pauses) != bool(self.resumes):
            raise ValueError(
                f"{self.key}: give pauses and resumes together, or a paused clock would never run again."
            )
        for one, other in (("starts", "stops"), ("stops", "reopens"), ("pauses", "resumes")):
            if both := set(named[one]) & set(named[other]):
                raise ValueError(
                    f"{self.key}: {min(both)!r} is in both {one} and {other}. It can mean only one of them."
                )
        if self.amount <= timedelta(0):
            raise ValueError(f"{self.key}: an amount of {self.amount} promises nothing. Give more than zero.")
        if self.time == "metered" and self.pauses:
            raise ValueError(
                f"{self.key}: metered time stands still with the meter. Leave pauses and resumes out."
            )


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a ticket, and when.

    Raises:
        ValueError: a name outside `EVENTS`, or a naive datetime.
    """

    name: str
    at: datetime

    def __post_init__(self) -> None:
        if self.name not in EVENTS:
            raise ValueError(f"{self.name!r} is no event. Events: {', '.join(EVENTS)}.")
        if self.at.tzinfo is None:
            raise ValueError(f"{self.name} at {self.at!r} has no time zone. Give an aware datetime.")


def in_order(events: Iterable[Event]) -> list[Event]:
    """Return events in the one order in which they are read, each once.

    By their moments; at the same moment in the order of EVENTS, so that it makes no difference in which order the desk
    came to know of them, or how often.
    """
    return sorted(set(events), key=lambda event: (event.at, _PLACE[event.name]))


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

    Raises:
        ValueError: `others` lacks a clock that `starts` names.
        NeverDue: the calendar cannot hold the amount.
    """
    story = in_order(event for event in events if event.at <= now)
    started_at = _started_at(promise, story, others or {})
    if started_at is None:
        return ClockState()
    stopped_at = _stopped_at(promise, story, started_at)
    pauses, paused_since = _pauses(promise, story, started_at, stopped_at)
    counted = calendar if promise.time == "working" else Calendar.always(calendar.zone)
    if stopped_at is not None:
        counted = counted.known_at(stopped_at)  # a calendar changed later changes no old verdict
    due_at, unpromised = None, None
    try:
        due_at = counted.add(started_at, promise.amount, pauses)
    except NotPromised as refusal:
        unpromised = str(refusal)
    if due_at is not None and paused_since is not None and due_at > paused_since:
        due_at = None  # it moves on with every second of this pause
    until = stopped_at or now
    used = counted.worked(started_at, until, [*pauses, (paused_since, until)] if paused_since else pauses)
    met = None
    if due_at is not None and (stopped_at is not None or now > due_at):
        met = until <= due_at
    elif (
        due_at is None
        and stopped_at is not None
        and (unpromised is None or _is_confirmed(counted, paused_since or stopped_at))
    ):
        met = True  # time was left when the clock last ran
    return ClockState(
        started_at=started_at,
        due_at=due_at,
        stopped_at=stopped_at,
        paused_since=None if stopped_at else paused_since,
        used=used,
        left=promise.amount - used,
        met=met,
        unpromised=unpromised,
    )


def run_all(
    promises: Iterable[tuple[Promise, Calendar]], events: Iterable[Event], now: datetime
) -> dict[str, ClockState]:
    """Return the state of each clock by its key, in the order given; each has its own calendar.

    A clock chained to one that is not among them is never started by it: that promise was not made to this package.

    Raises:
        ValueError: a chain goes round in a circle.
        NeverDue: as in `run`.
    """
    story = tuple(events)
    clocks = {promise.key: (promise, calendar) for promise, calendar in promises}
    states: dict[str, ClockState] = {}
    while waiting := [key for key in clocks if key not in states]:
        ready = [key for key in waiting if not set(waiting) & set(_chained_to(clocks[key][0]))]
        if not ready:
            raise ValueError(
                f"The clocks {', '.join(sorted(waiting))} wait for one another, so none can start."
            )
        for key in ready:
            promise, calendar = clocks[key]
            others = dict.fromkeys(_chained_to(promise), ClockState()) | states
            states[key] = run(promise, calendar, story, now, others)
    return {key: states[key] for key in clocks}


def _chained_to(promise: Promise) -> list[str]:
    return [name.removeprefix(CLOCK_PREFIX) for name in promise.starts if name.startswith(CLOCK_PREFIX)]


def _started_at(
    promise: Promise, story: Sequence[Event], others: Mapping[str, ClockState]
) -> datetime | None:
    moments = [event.at for event in story if event.name in promise.starts]
    for key in _chained_to(promise):
        if key not in others:
            raise ValueError(f"{promise.key} starts when {key} stops, but there is no clock {key}.")
        stop = others[key].stopped_at
        if stop is not None:
            moments.append(stop)
    return min(moments, default=None)


def _stopped_at(promise: Promise, story: Sequence[Event], started_at: datetime) -> datetime | None:
    stopped_at = None
    for event in story:
        if event.at < started_at:
            continue
        if event.name in promise.reopens:
            stopped_at = None
        elif event.name in promise.stops and stopped_at is None:
            stopped_at = event.at
    return stopped_at


def _pauses(
    promise: Promise, story: Sequence[Event], started_at: datetime, stopped_at: datetime | None
) -> tuple[list[tuple[datetime, datetime]], datetime | None]:
    """Return the pauses that ended before the stop, and the start of the one that had not.

    A pause that began before the clock counts from the clock's start; one that begins with its stop changes nothing.
    """
    pauses, resumes = promise.pauses, promise.resumes
    paused_since: datetime | None = None
    if promise.time == "metered":
        pauses, resumes = METER_PAUSES, METER_RESUMES
        paused_since = started_at  # until the meter runs, no metered time passes
    ended = []
    for event in story:
        if stopped_at is not None and event.at > stopped_at:
            break
        if event.name in pauses and paused_since is None and event.at != stopped_at:
            paused_since = max(event.at, started_at)
        elif event.name in resumes and paused_since is not None:
            ended.append((paused_since, event.at))
            paused_since = None
    return ended, paused_since


def _is_confirmed(calendar: Calendar, at: datetime) -> bool:
    return calendar.confirmed_until is None or calendar.local_date(at) <= calendar.confirmed_until
