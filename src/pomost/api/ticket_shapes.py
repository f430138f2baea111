"""A ticket as programs read it: short in lists, whole after a change, with its story when it is asked for.

Owns how rows become these shapes. A list needs no query beyond its own; a whole ticket a few, however long its story is.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import Field

from pomost.api.shapes import ClauseTold, DecisionTold, clause_told, decision_told
from pomost.api.values import Instant, Seconds, Told
from pomost.contracts.queries import terms_of
from pomost.people.models import Technician
from pomost.tickets.models import Booking, Clock, Ticket
from pomost.tickets.queries import FreeDay, TimelineItem, decisions_in_force, row, timeline


class Who(Told):
    """Somebody or some firm, by id and name."""

    id: int
    name: str


class TicketTold(Told):
    """A request, as lists show it."""

    number: str = Field(examples=["2026-0017"])
    state: str = Field(description="incomplete, open, waiting, solved, confirmed or closed.")
    subject: str
    channel: str = Field(description="portal, phone or mail.")
    customer: Who
    contact: Who
    assigned_to: Who | None
    service: str
    family: str
    product_version: str
    outdated: bool
    package_claimed: str
    package_shown: bool
    package: str = Field(description="Key of the package by which it is served.")
    severity: str
    severity_proposed: str = Field(description="Waits for the customer's agreement; empty: nothing waits.")
    outcome: str = Field(description="What the terms, or a person, say: included, paid, refused …")
    missing: list[str] = Field(description="Keys of the parts that the terms still demand.")
    notice: str = Field(
        description="How far the customer was told the number: sending, delayed, refused, by-hand, told."
    )
    received_at: Instant
    registered_at: Instant
    told_at: Instant | None
    began_at: Instant | None = Field(description="Null: nobody works on it now.")
    waiting_since: Instant | None
    due_at: Instant | None = Field(description="The next promise that can be broken; null: none runs.")
    solved_at: Instant | None
    silence_ends_at: Instant | None = Field(description="When silence counts as confirmation.")
    confirmed_at: Instant | None
    terms_version: str


class TicketList(Told):
    """A page of requests, the newest first."""

    items: list[TicketTold]
    next: str | None = Field(description="Give it as `after` for the next page; null: there is none.")


class ClockTold(Told):
    """A promise of the terms and where it stands."""

    key: str
    clause: ClauseTold
    amount_seconds: Seconds
    used_seconds: Seconds = Field(
        description="Counted until it stopped or paused; while it runs, until the last change."
    )
    started_at: Instant | None
    due_at: Instant | None
    paused_since: Instant | None
    stopped_at: Instant | None
    met: bool | None = Field(description="Null while it runs or has not begun.")
    unpromised: str = Field(description="Why nothing is due although it runs; empty: it is due.")


class DecisionKeptTold(DecisionTold):
    """A decision that was kept with a request."""

    by: str = Field(description="Who decided, or whose act made the desk decide.", examples=["technician:3"])
    at: Instant


class TicketWhole(TicketTold):
    """A request with its decisions and clocks."""

    level: str = Field(description="How far a session may go: none, look, point, act, change-many.")
    decisions: list[DecisionKeptTold] = Field(description="The last on each subject.")
    clocks: list[ClockTold]
    next_step: str = Field(examples=["begin-work"])


class StoryItem(Told):
    """One thing that was said or done."""

    at: Instant
    kind: str = Field(
        description="Of a fact, like `ticket.registered`, or of a message: request, reply, note, call."
    )
    is_fact: bool
    who: str
    side: str = Field(description="customer, vendor or desk.")
    text: str


class TicketStory(TicketWhole):
    """A request with everything that was said and done about it."""

    timeline: list[StoryItem]


def told(ticket: Ticket) -> TicketTold:
    """Return a ticket for a list; customer, contact, technician and terms are loaded with it."""
    return TicketTold(**_fields(ticket))


def whole(ticket: Ticket, now: datetime, language: str) -> TicketWhole:
    """Return a ticket with its decisions and clocks, read anew."""
    return TicketWhole(**_whole_fields(ticket, now, language))


def story(ticket: Ticket, now: datetime, language: str) -> TicketStory:
    """Return a ticket with its timeline, notes among staff included."""
    items = timeline(ticket, internal=True, language=language)
    return TicketStory(**_whole_fields(ticket, now, language), timeline=[_item(each) for each in items])


def _whole_fields(ticket: Ticket, now: datetime, language: str) -> dict[str, Any]:
    board = row(ticket, now, language=language)
    fresh = board.ticket
    terms = terms_of(fresh.terms)
    return {
        **_fields(fresh),
        "level": fresh.verdict["level"],
        "decisions": [
            DecisionKeptTold(
                **dict(decision_told(each.terms, each.decision, language)), by=each.by, at=each.at
            )
            for each in decisions_in_force(fresh)
        ],
        "clocks": [_clock(each, clause_told(terms, each.clause, language)) for each in fresh.clocks.all()],
        "next_step": board.next_step.value,
    }


def _fields(ticket: Ticket) -> dict[str, Any]:
    same = (
        "number",
        "state",
        "subject",
        "channel",
        "service",
        "family",
        "product_version",
        "outdated",
        "package_claimed",
        "package_shown",
        "package",
        "severity",
        "severity_proposed",
        "missing",
        "notice",
        "received_at",
        "registered_at",
        "told_at",
        "began_at",
        "waiting_since",
        "due_at",
        "solved_at",
        "silence_ends_at",
        "confirmed_at",
    )
    return {
        **{name: getattr(ticket, name) for name in same},
        "customer": Who(id=ticket.customer_id, name=ticket.customer.name),
        "contact": Who(id=ticket.contact_id, name=ticket.contact.name),
        "assigned_to": who(ticket.assigned_to) if ticket.assigned_to else None,
        "outcome": ticket.verdict["outcome"],
        "terms_version": ticket.terms.version,
    }


def who(technician: Technician) -> Who:
    """Return a technician, whose person is loaded."""
    return Who(id=technician.pk, name=technician.person.name)


def _clock(clock: Clock, clause: ClauseTold) -> ClockTold:
    return ClockTold(
        key=clock.key,
        clause=clause,
        amount_seconds=clock.amount_seconds,
        used_seconds=clock.used_seconds,
        started_at=clock.started_at,
        due_at=clock.due_at,
        paused_since=clock.paused_since,
        stopped_at=clock.stopped_at,
        met=clock.met,
        unpromised=clock.unpromised,
    )


def _item(item: TimelineItem) -> StoryItem:
    return StoryItem(
        at=item.at, kind=item.kind, is_fact=item.is_fact, who=item.who, side=item.side, text=item.text
    )


class TimeTold(Told):
    """A time of a technician; the beginning included, the end not."""

    starts_at: Instant
    ends_at: Instant
    technician: Who


class FreeTimeTold(TimeTold):
    """A time that can be agreed on."""

    is_own: bool = Field(description="It is the customer's own technician; others stand in.")


class FreeTimes(Told):
    """What is agreed for a request and what could be."""

    agreed: TimeTold | None
    free: list[FreeTimeTold] = Field(
        description="In order. Empty: nobody is free within two weeks, or the terms do not say how times are agreed."
    )


def free_times_told(agreed: Booking | None, days: Iterable[FreeDay]) -> FreeTimes:
    """Return the agreed time and the free ones as programs read them."""
    return FreeTimes(
        agreed=TimeTold(starts_at=agreed.starts_at, ends_at=agreed.ends_at, technician=who(agreed.technician))
        if agreed
        else None,
        free=[
            FreeTimeTold(
                starts_at=each.starts_at,
                ends_at=each.ends_at,
                technician=who(each.technician),
                is_own=each.is_own,
            )
            for day in days
            for each in day.slots
        ],
    )
