"""The journal read back: from a ticket's facts alone to the states of its clocks, and what stands otherwise in the rows.

Owns which fact tells of which event. It reads none of the tables that it checks. A fact that is not listed changes no
clock. Read on: docs/explain/clocks.md.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pomost.contracts.calendars import CalendarBook
from pomost.contracts.queries import terms_of
from pomost.journal.models import Fact
from pomost.rules.clocks import ClockState, Event
from pomost.tickets.models import Clock, Ticket
from pomost.tickets.running import promises_of, states

Told = tuple[tuple[str, str], ...]
"""Events that a fact tells of: the name, and the key of the fact's data that holds the moment; empty: the fact's own."""

EVENTS_OF_FACTS: Final[Mapping[str, Told]] = {
    "ticket.registered": (("request.received", "received_at"), ("request.registered", "registered_at")),
    "ticket.number-told": (("notice.accepted", "at_told"),),
    "ticket.notice-bounced": (("notice.bounced", ""),),
    "ticket.work-began": (("work.began", ""),),
    "ticket.work-stopped": (("work.stopped", "stopped_at"),),
    "ticket.waiting": (("customer.asked", ""),),
    "ticket.customer-answered": (("customer.answered", ""),),
    "ticket.answer-proposed": (("answer.proposed", ""),),
    "ticket.solved": (("answer.proposed", ""), ("solution.proposed", "")),
    "ticket.confirmed": (("solution.confirmed", ""),),
    "ticket.rejected": (("solution.rejected", ""),),
    "ticket.closed": (("request.closed", ""),),
    "ticket.merged": (("request.closed", ""),),
}
COMPLETES: Final = ("ticket.registered", "ticket.completed")
"""Facts after which a request is complete where nothing is missing any more."""
HAPPENED_ELSEWHERE: Final = "ticket.clock-event"
"""Meters, estimates and later orders: it names the event itself."""


@dataclass(frozen=True, slots=True)
class Differs:
    """A clock whose row is not what the journal says."""

    key: str
    field: str
    row: object
    journal: object


def replay(ticket: Ticket, now: datetime) -> dict[str, ClockState]:
    """Return the states of a ticket's clocks at `now` by the facts up to then, by the terms of the ticket."""
    facts = list(Fact.objects.filter(subject=f"ticket:{ticket.pk}", at__lte=now).order_by("id"))
    package, severity = "", ""
    for fact in facts:
        if fact.kind == "ticket.registered":
            package, severity = fact.data["package"], fact.data["severity"]
        elif fact.kind == "ticket.package-changed":
            package = fact.data["after"]
        elif fact.kind == "ticket.severity-changed":
            severity = fact.data["after"]
    terms = CalendarBook.of(ticket.vendor_id).applied_to(terms_of(ticket.terms))
    found = states(promises_of(terms, package, severity), events_told(facts), now)
    return {each.promise.promise.key: each.state for each in found}


def events_told(facts: Iterable[Fact]) -> Iterator[Event]:
    """Yield the events that facts tell of."""
    for fact in facts:
        if fact.kind == HAPPENED_ELSEWHERE:
            yield Event(fact.data["name"], datetime.fromisoformat(fact.data["happened_at"]))
        for name, moment in EVENTS_OF_FACTS.get(fact.kind, ()):
            written = fact.data.get(moment) if moment else None
            yield Event(name, datetime.fromisoformat(written) if written else fact.at)
        if fact.kind in COMPLETES and not fact.data["missing"]:
            yield Event("request.completed", fact.at)


def differences(ticket: Ticket, now: datetime) -> list[Differs]:
    """Return where the ticket's clock rows, recomputed at `now`, are not what the journal says; empty: nowhere."""
    told = replay(ticket, now)
    rows = {clock.key: clock for clock in Clock.objects.filter(ticket=ticket)}
    found = [Differs(key, "clock", key in rows, key in told) for key in sorted(rows.keys() ^ told.keys())]
    for key in sorted(rows.keys() & told.keys()):
        row, state = rows[key], told[key]
        if ticket.state == Ticket.State.CLOSED and state.met is None:
            state = replace(state, due_at=None)  # nothing more is done, so nothing more falls due
        pairs: dict[str, tuple[object, object]] = {
            "started_at": (row.started_at, state.started_at),
            "due_at": (row.due_at, state.due_at),
            "stopped_at": (row.stopped_at, state.stopped_at),
            "paused_since": (row.paused_since, state.paused_since),
            "used_seconds": (row.used_seconds, int(state.used.total_seconds())),
            "met": (row.met, state.met),
            "unpromised": (row.unpromised, state.unpromised or ""),
        }
        found += [Differs(key, field, *pair) for field, pair in pairs.items() if pair[0] != pair[1]]
    return found
