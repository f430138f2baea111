"""The clocks of a ticket: from its events, by the terms, to rows that the board can sort by.

Owns the one computation of clocks. Every change to a ticket that could matter notes an event or changes a fact, and
then has all clocks computed anew; nothing is ever added to or taken from a due time. Working time and pauses are
rules/clocks.py; whom of the staff is told, alerting.py.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from pomost.contracts.calendars import CalendarBook
from pomost.contracts.queries import terms_of
from pomost.journal.actions import record
from pomost.journal.models import Fact
from pomost.rules.clocks import Event, in_order
from pomost.rules.terms.parts import Remedy
from pomost.tickets.alerting import keep_told, next_alert, told_of, untold
from pomost.tickets.models import Clock, ClockEvent, Overrun, Ticket
from pomost.tickets.running import Running, Standing, promises_of, states


def events_of(ticket: Ticket) -> list[Event]:
    """Return the ticket's events in the order in which clocks read them."""
    return in_order(Event(row.name, row.at) for row in ticket.clock_events.all())


def note(ticket: Ticket, name: str, at: datetime, recorded_at: datetime, once: str = "") -> bool:
    """Write down an event of rules.clocks.EVENTS; return whether it was new. Call `recompute` after the last one.

    The same event at the same moment, or under the same `once`, is the same happening told twice: it leaves one row.
    """
    event = Event(name, at)
    known = Q(name=event.name, at=event.at) | (Q(once=once) if once else Q())
    if ClockEvent.objects.filter(known, ticket=ticket).exists():
        return False
    ClockEvent.objects.create(
        ticket=ticket, name=event.name, at=event.at, recorded_at=recorded_at, once=once or None
    )
    return True


def recompute(ticket: Ticket, now: datetime) -> bool:
    """Compute all clocks of the ticket anew and keep them; return whether a promise turned out broken by it.

    A promise that breaks leaves a fact of its own, whoever came upon it. Where the terms let work go on only at an
    agreed price, or a person has to decide, it stops with the promise (overrun.py).
    """
    broken_before = set(ticket.clocks.filter(met=False).values_list("key", flat=True))
    broken = [
        clock for clock in _compute(ticket, now) if clock.met is False and clock.key not in broken_before
    ]
    for clock in broken:
        if _is_known(ticket, clock):
            continue
        data = {"clock": clock.key, "due_at": _iso(clock.due_at), "clause": clock.clause, "then": clock.then}
        _fact(ticket, "promise-missed", now, data)
    stopping = next((clock for clock in broken if _stops_work(clock)), None)
    if stopping is not None:
        _stop(ticket, stopping, now)
    return bool(broken)


def _is_known(ticket: Ticket, clock: Clock) -> bool:
    """Say whether the journal has this miss already: a fact that came late may mend it and another break it again."""
    return Fact.objects.filter(
        subject=f"ticket:{ticket.pk}",
        kind="ticket.promise-missed",
        data__clock=clock.key,
        data__due_at=_iso(clock.due_at),
    ).exists()


def _stops_work(clock: Clock) -> bool:
    return bool(clock.then) and clock.stopped_at is None


def _stop(ticket: Ticket, clock: Clock, now: datetime) -> None:
    """Put work aside because the promised time is over, at the moment at which it was, however late that is noticed."""
    over_at = clock.due_at or now
    terms = terms_of(ticket.terms).aftermath_of(clock.key, ticket.package)
    asks_price = clock.then == Remedy.AGREE_PAID_WORK
    Overrun.objects.get_or_create(
        ticket=ticket,
        defaults={
            "clock": clock.key,
            "clause": terms.clause if terms else clock.clause,
            "service": (terms.service if terms else None) or "",
            "state": Overrun.State.PRICE_DUE if asks_price else Overrun.State.PERSON_DUE,
            "stopped_at": over_at,
        },
    )
    if ticket.began_at is None:
        return
    stopped_at = max(over_at, ticket.began_at)
    ticket.began_at = None
    ticket.save(update_fields=["began_at"])
    note(ticket, "work.stopped", stopped_at, now)
    _fact(ticket, "work-stopped", now, {"reason": clock.clause, "stopped_at": _iso(stopped_at)})
    _compute(ticket, now)


def tell(ticket: Ticket, now: datetime) -> bool:
    """Tell staff whatever about the clocks is to be told by `now`; return whether there was anything."""
    found, told = standing(ticket, now, CalendarBook.of(ticket.vendor_id)), told_of(ticket)
    ripe = [
        (running, due)
        for running in found.clocks
        for due in untold(running, found, told, now)
        if due.at <= now
    ]
    for running, due in ripe:
        data = keep_told(ticket, running, due, now)
        if due.alert.kind == "warning":
            _fact(ticket, "promise-warned", now, data)
        else:
            _fact(ticket, "promise-escalated", now, data)
    recompute(ticket, now)
    return bool(ripe)


def standing(ticket: Ticket, now: datetime, book: CalendarBook) -> Standing:
    """Return where all clocks of a ticket stand, by its rows and the calendars as the desk keeps them."""
    terms, events = book.applied_to(terms_of(ticket.terms)), events_of(ticket)
    return Standing(events, states(promises_of(terms, ticket.package, ticket.severity), events, now))


def _compute(ticket: Ticket, now: datetime) -> list[Clock]:
    book = CalendarBook.of(ticket.vendor_id)
    found = standing(ticket, now, book)
    told = told_of(ticket)
    Clock.objects.filter(ticket=ticket).delete()
    rows = [
        _row(ticket, running, book.edition, next_alert(ticket, running, found, told, now))
        for running in found.clocks
    ]
    is_over = ticket.state == Ticket.State.CLOSED
    if is_over:
        # Nothing more is done, so nothing more falls due; what was kept or broken before stays so.
        for row in rows:
            row.due_at = row.due_at if row.met is not None else None
    Clock.objects.bulk_create(rows)
    return rows


def _fact(ticket: Ticket, verb: str, at: datetime, data: Mapping[str, object]) -> None:
    record(
        f"ticket.{verb}",
        vendor=ticket.vendor.slug,
        subject=f"ticket:{ticket.pk}",
        by="desk",
        at=at,
        data=data,
    )


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _row(ticket: Ticket, running: Running, edition: int, tell_at: datetime | None) -> Clock:
    promise, state = running.promise.promise, running.state
    return Clock(
        ticket=ticket,
        key=promise.key,
        clause=promise.clause,
        amount_seconds=int(promise.amount.total_seconds()),
        then=promise.then or "",
        started_at=state.started_at,
        due_at=state.due_at,
        stopped_at=state.stopped_at,
        paused_since=state.paused_since,
        used_seconds=int(state.used.total_seconds()),
        met=state.met,
        unpromised=state.unpromised or "",
        edition=edition,
        tell_at=tell_at,
    )
