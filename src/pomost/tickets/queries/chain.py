"""The chain of a ticket: posts for what happened, hatching where time did not count and why, the posts still to come.

Owns the drawing order and the reasons. Where a clock stands is rules/clocks.py; when the desk is open, its calendar.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from babel.dates import format_date
from django.utils import translation
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pomost.contracts.calendars import CalendarBook
from pomost.contracts.queries import terms_of
from pomost.people import formats
from pomost.rules.calendar import Calendar
from pomost.rules.clocks import Event
from pomost.rules.terms.model import Terms, said
from pomost.rules.terms.parts import RunningPromise
from pomost.tickets.clockwork import events_of
from pomost.tickets.models import Ticket
from pomost.tickets.queries.board import SOON
from pomost.tickets.queries.next_step import Risk
from pomost.tickets.running import Running, promises_of, states

Kind = Literal["post", "gap", "resume", "open", "missed", "none"]

ORDER: Final[dict[Kind, int]] = {"post": 0, "gap": 1, "resume": 2, "missed": 3, "open": 4, "none": 5}

LABELS: Final[Mapping[str, LazyText]] = {
    "request.received": gettext_lazy("Received"),
    "request.registered": gettext_lazy("Registered"),
    "request.completed": gettext_lazy("Complete"),
    "notice.accepted": gettext_lazy("Number told"),
    "notice.bounced": gettext_lazy("The notice came back"),
    "work.began": gettext_lazy("Work began"),
    "work.stopped": gettext_lazy("Work was put aside"),
    "answer.proposed": gettext_lazy("Answer proposed"),
    "solution.proposed": gettext_lazy("Solution given"),
    "solution.rejected": gettext_lazy("Not solved, says the customer"),
    "solution.confirmed": gettext_lazy("Solution confirmed"),
    "estimate.proposed": gettext_lazy("Price named"),
    "estimate.accepted": gettext_lazy("Price accepted"),
    "estimate.declined": gettext_lazy("Price declined"),
    "request.closed": gettext_lazy("Closed"),
}
"""Events that get a post. Meters, questions and later orders show in other places."""

QUIET: Final = ("request.registered", "request.completed")
"""Events that get a post only where a clock begins or ends with them."""


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One link of the chain."""

    kind: Kind
    at: datetime | None
    until: datetime | None
    """The end of a gap; None while it lasts."""
    event: str
    """Name of the event, or key of the promise that is still to be kept."""
    label: str
    reasons: tuple[str, ...] = ()
    """Of a gap: "holiday:2026-06-12", "weekend", "night", "pause"."""
    reason_text: str = ""
    risk: Risk | None = None
    margin: timedelta | None = None
    """Working time by which a promise was kept early, or below zero, broken."""
    clause: str = ""
    counted: timedelta | None = None
    """Working time used when the clock went on after a gap."""


def chain(ticket: Ticket, now: datetime, *, book: CalendarBook, language: str) -> tuple[ChainLink, ...]:
    """Return the chain of a ticket in the order of time, in one query and one more for the terms' text if new."""
    terms = book.applied_to(terms_of(ticket.terms))
    events = events_of(ticket)
    running = states(promises_of(terms, ticket.package, ticket.severity), events, now)
    with translation.override(language):
        links = [*_posts(events, running, now)]
        for each in running:
            links += _gaps(each, events, terms, now)
            links += _ahead(each, language, now)
        still_runs = any(link.kind in ("open", "missed", "none") for link in links)
        if not _is_over(ticket) and not still_runs and not any(each.state.paused_since for each in running):
            links.append(ChainLink("none", None, None, "", _("Nothing more is promised"), risk=Risk.NONE))
    end = max((link.at for link in links if link.at), default=now)
    return tuple(
        sorted(dict.fromkeys(links), key=lambda link: (link.at or end, link.at is None, ORDER[link.kind]))
    )


def _is_over(ticket: Ticket) -> bool:
    return ticket.state in (Ticket.State.CONFIRMED, Ticket.State.CLOSED)


def _posts(events: list[Event], running: Iterable[Running], now: datetime) -> Iterator[ChainLink]:
    """Yield a post for each event that is shown; a clock that it stopped says by how much."""
    clocks = list(running)
    solved = {event.at for event in events if event.name == "solution.proposed"}
    named = {name for each in clocks for name in (*each.promise.promise.starts, *each.promise.promise.stops)}
    for event in events:
        if event.name not in LABELS or event.at > now:
            continue
        if event.name in QUIET and event.name not in named:
            continue
        if event.name == "answer.proposed" and event.at in solved:
            continue
        stopped = [
            each
            for each in clocks
            if each.state.stopped_at == event.at and event.name in each.promise.promise.stops
        ]
        margins = [margin for each in stopped if (margin := _margin(each)) is not None]
        margin = min(margins, default=None)
        risk = None if margin is None else Risk.ONTIME if margin >= timedelta() else Risk.LATE
        clause = stopped[0].promise.promise.clause if stopped else ""
        yield ChainLink(
            "post",
            event.at,
            None,
            event.name,
            str(LABELS[event.name]),
            risk=risk,
            margin=margin,
            clause=clause,
        )


def _margin(each: Running) -> timedelta | None:
    state = each.state
    if state.stopped_at is None or state.due_at is None:
        return None
    hours = _hours_of(each.promise)
    if state.stopped_at <= state.due_at:
        return hours.worked(state.stopped_at, state.due_at)
    return -hours.worked(state.due_at, state.stopped_at)


def _hours_of(promise: RunningPromise) -> Calendar:
    return promise.calendar if promise.promise.time == "working" else Calendar.always(promise.calendar.zone)


def _ahead(each: Running, language: str, now: datetime) -> Iterator[ChainLink]:
    """Yield the post of a promise that is still to be kept, or was not."""
    state, promise = each.state, each.promise
    label = said(promise.terms.name, language)
    if state.stopped_at is None and state.unpromised:
        why = _("%(promise)s: no moment yet, the working days of that year are not confirmed") % {
            "promise": label
        }
        yield ChainLink("none", None, None, promise.promise.key, why, risk=Risk.NONE)
    if state.stopped_at is not None or state.due_at is None:
        return
    hours, clause = _hours_of(promise), promise.promise.clause
    if now > state.due_at:
        margin = -hours.worked(state.due_at, now)
        yield ChainLink(
            "missed",
            state.due_at,
            None,
            promise.promise.key,
            label,
            risk=Risk.LATE,
            margin=margin,
            clause=clause,
        )
        return
    left = hours.worked(now, state.due_at)
    risk = Risk.SOON if left <= SOON or left <= promise.promise.amount / 4 else Risk.ONTIME
    yield ChainLink("open", state.due_at, None, promise.promise.key, label, risk=risk, clause=clause)


def _gaps(each: Running, events: list[Event], terms: Terms, now: datetime) -> Iterator[ChainLink]:
    """Yield the stretches of a clock's life in which no time counted, and where it last went on."""
    state, promise = each.state, each.promise
    if state.started_at is None or promise.promise.time != "working":
        return
    end = state.stopped_at or state.due_at or now
    pauses = list(_pauses(each, events, end))
    for since, until in pauses:
        yield ChainLink(
            "gap",
            since,
            until,
            promise.promise.key,
            "",
            ("pause",),
            _("Waiting for the customer"),
            risk=Risk.PAUSED,
        )
    if state.paused_since is not None:
        return
    names = next((hours.holiday_names for hours in terms.hours if hours.id == promise.terms.hours), {})
    last: datetime | None = None
    for since, until in _closed(promise.calendar, state.started_at, end):
        reasons, text = _reasons(promise.calendar, names, since, until)
        yield ChainLink("gap", since, until, "", "", reasons, text)
        last = until
    if last is not None and last <= now and state.stopped_at is None:
        ended = [(since, until) for since, until in pauses if until is not None]
        counted = promise.calendar.worked(state.started_at, last, ended)
        yield ChainLink("resume", last, None, promise.promise.key, "", counted=counted)


def _pauses(each: Running, events: list[Event], end: datetime) -> Iterator[tuple[datetime, datetime | None]]:
    """Yield the pauses of a clock; the last one has no end while it lasts."""
    since: datetime | None = None
    started_at = each.state.started_at
    for event in events:
        if event.name in each.promise.promise.pauses and since is None and event.at <= end:
            since = max(event.at, started_at) if started_at else event.at
        elif event.name in each.promise.promise.resumes and since is not None:
            yield since, event.at
            since = None
    if since is not None and each.state.paused_since is not None:
        yield since, None


def _closed(calendar: Calendar, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the stretches from `start` to `end` in which the desk is closed."""
    at, day = start, calendar.local_date(start)
    while at < end:
        for span in calendar.hours_on(day):
            if span.start > at:
                yield calendar.in_zone(at), min(span.start, end)
                if span.start >= end:
                    return
            at = max(at, span.end)
        day += timedelta(days=1)
        if day > calendar.local_date(end) and at < end:
            yield calendar.in_zone(at), end
            return


def _reasons(
    calendar: Calendar, names: Mapping[date, str], since: datetime, until: datetime
) -> tuple[tuple[str, ...], str]:
    """Return why the desk was closed: for the page's choice of a picture, and in words."""
    first, last = calendar.local_date(since), calendar.local_date(until)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    shut = [day for day in days if not calendar.is_working_day(day)]
    if not shut:
        return ("night",), _("Night") if first != last else _("Break")
    reasons, words = [], []
    for day in shut:
        if day in names or calendar.week.get(day.weekday()):
            reasons.append(f"holiday:{day.isoformat()}")
            words.append(
                _("holiday %(day)s") % {"day": format_date(day, "dd.MM", locale=formats.current_locale())}
            )
        else:
            reasons.append("weekend")
            words.append(format_date(day, "EEE", locale=formats.current_locale()))
    text = ", ".join(words)
    return tuple(dict.fromkeys(reasons)), text[0].upper() + text[1:]
