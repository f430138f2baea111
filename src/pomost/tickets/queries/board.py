"""The board: every open ticket with the promise that falls due next, late ones first.

Owns the order of the board and what one of its rows shows. A row says both when something falls due and how much
working time is left until then, counted by the calendar of the promise itself.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet, prefetch_related_objects

from pomost.contracts.calendars import CalendarBook
from pomost.contracts.errors import NoTermsInForce
from pomost.contracts.queries import local_day, terms_in_force, terms_of
from pomost.people.models import Customer, Technician, Vendor
from pomost.rules.calendar import Calendar, Span
from pomost.rules.terms.model import Terms, said
from pomost.tickets.models import AlertTold, Booking, Clock, Restriction, Ticket, Visit
from pomost.tickets.queries.deck import DeckDay, Due, deck
from pomost.tickets.queries.kept import PromisesKept, promises_kept
from pomost.tickets.queries.next_step import Group, NextStep, Risk, next_step
from pomost.tickets.restricted import standing_among, standing_for
from pomost.tickets.visiting import joined_visit, with_open_visit

SOON: Final = timedelta(minutes=30)
ORDER: Final = {group: place for place, group in enumerate(Group)}
BESIDE: Final = ("clocks", "alerts_told")
"""What is read beside the tickets, a query each."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One ticket on the board; customer, contact and technician are loaded with it."""

    ticket: Ticket
    group: Group
    risk: Risk
    due_at: datetime | None
    """When the promise breaks, or the agreed time; None where nothing runs."""
    left: timedelta | None
    """Working time until then; below zero: late by so much."""
    used_percent: int | None
    """How much of the promised time is used, 0 to 100."""
    promise: str
    """Key of the promise that falls due next; empty where there is none."""
    promise_label: str
    clause: str
    clause_text: str
    paused_since: datetime | None
    severity_label: str
    severity_rank: int
    """1 is the mildest; 0 where the terms know no severity."""
    severity_count: int
    package_label: str
    package_shown: bool
    next_step: NextStep
    next_at: datetime | None
    """The moment that belongs to the next step: the next try, the agreed time, the end of the silence."""
    who: Technician | None
    is_outdated: bool
    told: AlertTold | None = None
    """What staff were told last about the promise that falls due next, or was missed."""
    unpromised: str = ""
    """Why nothing is due although a clock runs: the calendar is not confirmed that far."""
    restriction: Restriction | None = None
    """What keeps support from it now, with the names that its words need."""


@dataclass(frozen=True, slots=True)
class Board:
    """The whole board."""

    rows: tuple[BoardRow, ...]
    """Late, today, later, paused, nothing promised; within each by the moment."""
    deck: tuple[DeckDay, ...]
    kept: PromisesKept
    """In the vendor's present month."""
    counts: dict[Group, int]


def board(vendor: Vendor, now: datetime, *, language: str, customer: Customer | None = None) -> Board:
    """Return the open tickets of a vendor, or of one of its customers, in a fixed number of queries."""
    tickets = _loaded(Ticket.objects.filter(vendor=vendor)).exclude(
        state__in=(Ticket.State.CONFIRMED, Ticket.State.CLOSED)
    )
    if customer is not None:
        tickets = tickets.filter(customer=customer)
    book, found = CalendarBook.of(vendor.pk), list(tickets)
    restricted = standing_among(found, now)
    rows = sorted((_row(each, book, now, language, restricted.get(each.pk)) for each in found), key=_place)
    today = local_day(vendor, now)
    due = [Due(each.due_at, each.risk, each.ticket.number, each.ticket.pk) for each in rows if each.due_at]
    return Board(
        rows=tuple(rows),
        deck=deck(_desk_hours(vendor, book, now), due, now),
        kept=promises_kept(vendor, today.replace(day=1), today),
        counts=dict(Counter(each.group for each in rows)),
    )


def row(ticket: Ticket, now: datetime, *, language: str) -> BoardRow:
    """Return a ticket, read anew, as the board shows it, in whatever state it is."""
    fresh = _loaded(Ticket.objects.filter(pk=ticket.pk)).get()
    return row_of(fresh, CalendarBook.of(ticket.vendor_id), now, language=language)


def row_of(ticket: Ticket, book: CalendarBook, now: datetime, *, language: str) -> BoardRow:
    """Return a ticket that was just read by access.py as the board shows it, in four queries at most."""
    prefetch_related_objects([ticket], *BESIDE)
    return _row(ticket, book, now, language, standing_for(ticket, now))


def _loaded(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    # The text of the terms is long and parsed already: it stays where it is.
    whole = tickets.select_related(
        "vendor", "customer", "contact", "terms", "assigned_to__person", "booking", "overrun"
    )
    return with_open_visit(whole).defer("terms__text").prefetch_related(*BESIDE)


def _desk_hours(vendor: Vendor, book: CalendarBook, now: datetime) -> Calendar:
    """Return the hours that the deck is drawn by: the first calendar of the terms in force, or the whole day."""
    try:
        _version, terms = terms_in_force(vendor, local_day(vendor, now))
    except NoTermsInForce:
        return Calendar.always(vendor.zone)
    return book.applied_to(terms).hours[0].calendar if terms.hours else Calendar.always(vendor.zone)


def _place(row: BoardRow) -> tuple[int, datetime, int]:
    moment = row.due_at or row.paused_since or row.ticket.registered_at
    return ORDER[row.group], moment, row.ticket.sequence


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where a ticket stands in time."""

    group: Group
    risk: Risk
    due_at: datetime | None = None
    left: timedelta | None = None
    used_percent: int | None = None
    clock: Clock | None = None
    paused_since: datetime | None = None


def _row(
    ticket: Ticket, book: CalendarBook, now: datetime, language: str, restriction: Restriction | None
) -> BoardRow:
    terms = book.applied_to(terms_of(ticket.terms))
    clocks = list(ticket.clocks.all())
    visit = joined_visit(ticket)
    agreed = _agreed(ticket, visit, now)
    step, next_at = next_step(
        ticket, clocks, terms, visit, agreed, now, is_restricted=restriction is not None
    )
    standing = _standing(ticket, clocks, terms, agreed, now)
    promise = next(
        (each for each in terms.promises if standing.clock and each.id == standing.clock.key), None
    )
    severities = [each.id for each in terms.severities]
    return BoardRow(
        ticket=ticket,
        group=standing.group,
        risk=standing.risk,
        due_at=standing.due_at,
        left=standing.left,
        used_percent=standing.used_percent,
        promise=promise.id if promise else "",
        promise_label=said(promise.name, language) if promise else "",
        clause=promise.clause if promise else "",
        clause_text=said(terms.clause(promise.clause).sentence, language) if promise else "",
        paused_since=standing.paused_since,
        severity_label=said(terms.severity(ticket.severity).name, language) if ticket.severity else "",
        severity_rank=severities.index(ticket.severity) + 1 if ticket.severity else 0,
        severity_count=len(severities),
        package_label=said(terms.package(ticket.package).name, language) if ticket.package else "",
        package_shown=ticket.package_shown
        or ticket.package == ticket.package_claimed
        or not ticket.package_claimed,
        next_step=step,
        next_at=next_at,
        who=ticket.assigned_to,
        is_outdated=ticket.outdated,
        told=_told(ticket, standing.clock),
        unpromised=next(
            (clock.unpromised for clock in clocks if clock.unpromised and not clock.stopped_at), ""
        ),
        restriction=restriction,
    )


def _agreed(ticket: Ticket, visit: Visit | None, now: datetime) -> Span | None:
    """Return the agreed time of a session or a visit that is not over and begins first; None: there is none."""
    booking: Booking | None = getattr(ticket, "booking", None)
    found = [Span(booking.starts_at, booking.ends_at)] if booking is not None else []
    if visit is not None and visit.state == Visit.State.AGREED and visit.starts_at and visit.ends_at:
        found.append(Span(visit.starts_at, visit.ends_at))
    return min((each for each in found if now < each.end), default=None)


def _told(ticket: Ticket, clock: Clock | None) -> AlertTold | None:
    """Return the last alert about a clock as it stands: one about a moment that has moved says nothing any more."""
    if clock is None:
        return None
    about = [
        each for each in ticket.alerts_told.all() if (each.clock, each.due_at) == (clock.key, clock.due_at)
    ]
    return max(about, key=lambda each: each.told_at, default=None)


def _standing(
    ticket: Ticket, clocks: Sequence[Clock], terms: Terms, agreed: Span | None, now: datetime
) -> _Standing:
    if ticket.state in (Ticket.State.CONFIRMED, Ticket.State.CLOSED):
        return _Standing(Group.NONE, Risk.NONE)
    open_clocks = [clock for clock in clocks if clock.started_at and not clock.stopped_at]
    running = min(((clock.due_at, clock.pk, clock) for clock in open_clocks if clock.due_at), default=None)
    agreed_at = agreed.start if agreed is not None else None
    if agreed_at is not None and (running is None or agreed_at < running[0]):
        group = Group.TODAY if _is_today(ticket, agreed_at, now) else Group.LATER
        return _Standing(group, Risk.AGREED, due_at=agreed_at, left=max(agreed_at - now, timedelta()))
    if running is not None:
        due_at, _pk, clock = running
        return _of_running(ticket, clock, due_at, terms, now)
    paused = next((clock for clock in open_clocks if clock.paused_since), None)
    if paused is not None:
        amount = timedelta(seconds=paused.amount_seconds)
        left = amount - timedelta(seconds=paused.used_seconds)
        percent = _percent(amount, left)
        return _Standing(
            Group.PAUSED,
            Risk.PAUSED,
            left=left,
            used_percent=percent,
            clock=paused,
            paused_since=paused.paused_since,
        )
    since = _waits_since(ticket)
    if since is not None:
        return _Standing(Group.PAUSED, Risk.PAUSED, paused_since=since)
    return _Standing(Group.NONE, Risk.NONE)


def _of_running(ticket: Ticket, clock: Clock, due_at: datetime, terms: Terms, now: datetime) -> _Standing:
    calendar = _calendar_of(terms, clock.key)
    is_late = now > due_at
    left = -calendar.worked(due_at, now) if is_late else calendar.worked(now, due_at)
    amount = timedelta(seconds=clock.amount_seconds)
    is_soon = left <= amount / 4 or left <= SOON
    risk = Risk.LATE if is_late else Risk.SOON if is_soon else Risk.ONTIME
    group = Group.LATE if is_late else Group.TODAY if _is_today(ticket, due_at, now) else Group.LATER
    return _Standing(group, risk, due_at, left, _percent(amount, left), clock)


def _is_today(ticket: Ticket, at: datetime, now: datetime) -> bool:
    return local_day(ticket.vendor, at) == local_day(ticket.vendor, now)


def _waits_since(ticket: Ticket) -> datetime | None:
    """Return since when only the customer can go on; None where it is our turn."""
    if ticket.state == Ticket.State.WAITING:
        return ticket.waiting_since
    if ticket.state == Ticket.State.SOLVED:
        return ticket.solved_at
    if ticket.state == Ticket.State.INCOMPLETE and ticket.notice == Ticket.Notice.TOLD:
        return ticket.told_at
    return None


def _calendar_of(terms: Terms, promise: str) -> Calendar:
    hours = next((each.hours for each in terms.promises if each.id == promise), None)
    return terms.calendar(hours) if hours else Calendar.always(terms.vendor.zone)


def _percent(amount: timedelta, left: timedelta) -> int:
    return max(0, min(100, round((amount - left) * 100 / amount)))
