"""The board: every open ticket of the vendor, sorted by the promise that falls due next.

Sorting, groups and clocks are tickets.queries'; here they become rows, and a filter or a search narrows them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from pomost.console.guard import technician_page
from pomost.console.next_steps import STEP_WORDS
from pomost.console.shell import face_of, page
from pomost.contracts.calendar_years import years_due
from pomost.contracts.queries import local_day
from pomost.people import formats
from pomost.people.models import Technician
from pomost.people.requests import DeskRequest
from pomost.tickets import queries
from pomost.tickets.models import Ticket
from pomost.tickets.queries import BoardRow, DeckDay, Group
from pomost.tickets.restricted import refusal_words
from pomost.ui.parts import ClockView, DayView, EmptyView, FaceView, PinView, Risk, SeverityView
from pomost.ui.ticket_parts import clock_view, severity_view

ROWS_MAX: Final = 100
"""Rows shown at once: those that fall due first."""
NEW_FOR: Final = timedelta(minutes=15)
"""How long a ticket that nobody took is marked as new."""
LABEL_EVERY_HOURS: Final = 4
"""On the later days' decks only each fourth hour has its number."""

NOW_COVERS_PERCENT: Final = 5
"""Of a day's deck: the time of now would be written over an hour nearer than that."""

GROUP_WORDS: Final[dict[Group, Promise]] = {
    Group.LATE: gettext_lazy("Late"),
    Group.TODAY: gettext_lazy("Today"),
    Group.LATER: gettext_lazy("Later"),
    Group.PAUSED: gettext_lazy("Paused: waiting for the customer"),
    Group.NONE: gettext_lazy("No promise running"),
}
GROUP_NOTES: Final[dict[Group, Promise]] = {
    Group.LATE: gettext_lazy("counted in working time"),
    Group.NONE: gettext_lazy("what was promised is kept, or the terms name no time"),
}


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of the board, ready to be shown."""

    number: str
    subject: str
    customer: str
    version: str
    is_outdated: bool
    url: str
    take_url: str
    clock: ClockView
    severity: SeverityView | None
    package: str
    package_shown: bool
    next_step: str
    told: str
    """That staff were warned, or that it was passed on, and when; empty: not yet."""
    who: FaceView | None
    restricted: str
    """For whom, why and until when support is restricted; empty: it is not."""
    is_late: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class GroupView:
    """Rows under one heading."""

    key: str
    title: str
    count: int
    note: str
    rows: list[RowView]


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice above the board and how many rows it leaves."""

    key: str
    label: str
    count: int
    url: str
    is_chosen: bool


@technician_page()
@require_safe
def board(request: DeskRequest) -> HttpResponse:
    """Show the board with everything around it; the owner is reminded of holidays that are not confirmed."""
    is_owner = request.technician.role == Technician.Role.OWNER
    due = years_due(request.vendor, local_day(request.vendor, request.now)) if is_owner else ()
    return page(request, "console/board.html", "board", {**board_context(request), "years_due": due})


@technician_page()
@require_safe
def board_part(request: DeskRequest) -> HttpResponse:
    """Answer with the board alone, for the page that is open and heard that something changed."""
    return render(request, "console/_board.html", board_context(request))


def board_context(request: DeskRequest) -> dict[str, object]:
    """Gather what the board shows, narrowed by `whose` and `q` of the address."""
    shown = queries.board(request.vendor, request.now, language=request.technician.person.language)
    whose, words = request.GET.get("whose", "all"), request.GET.get("q", "").strip()
    found = [row for row in shown.rows if _matches(row, words)]
    choices = {
        "all": found,
        "mine": [row for row in found if row.who is not None and row.who.pk == request.technician.pk],
        "nobody": [row for row in found if row.who is None],
    }
    chosen = choices.get(whose, found)
    return {
        "groups": _groups(chosen[:ROWS_MAX], chosen, request),
        "filters": _filters(choices, whose, words, request),
        "days": [_day(day, place, request) for place, day in enumerate(shown.deck)],
        "kept": shown.kept,
        "words": words,
        "whose": whose,
        "too_many": _too_many(len(chosen)),
        "nothing": _nothing(words, request),
        "updated": formats.clock_time(request.now),
    }


def _matches(row: BoardRow, words: str) -> bool:
    """Say whether each word stands in the number, the subject or the customer's name."""
    text = f"{row.ticket.number} {row.ticket.subject} {row.ticket.customer.name}".casefold()
    return all(word in text for word in words.casefold().split())


def _filters(
    choices: dict[str, list[BoardRow]], whose: str, words: str, request: DeskRequest
) -> list[Filter]:
    labels = {"all": gettext("All"), "mine": gettext("Mine"), "nobody": gettext("Nobody's")}
    address = reverse("console:board", args=[request.vendor.slug])
    chosen = whose if whose in choices else "all"
    return [
        Filter(
            key,
            labels[key],
            len(rows),
            f"{address}?{urlencode({'whose': key} | ({'q': words} if words else {}))}",
            key == chosen,
        )
        for key, rows in choices.items()
    ]


def _groups(rows: Iterable[BoardRow], all_rows: list[BoardRow], request: DeskRequest) -> list[GroupView]:
    groups: dict[Group, list[RowView]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(_row(row, request))
    return [
        GroupView(
            key=group.value,
            title=_group_title(group, request.now),
            count=sum(row.group is group for row in all_rows),
            note=str(GROUP_NOTES.get(group, "")),
            rows=shown,
        )
        for group, shown in groups.items()
    ]


def _group_title(group: Group, now: datetime) -> str:
    if group is Group.TODAY:
        return f"{GROUP_WORDS[group]}, {formats.day(now, now)}"
    return str(GROUP_WORDS[group])


def _row(row: BoardRow, request: DeskRequest) -> RowView:
    ticket = row.ticket
    address = [request.vendor.slug, ticket.number]
    return RowView(
        number=ticket.number,
        subject=ticket.subject,
        customer=ticket.customer.name,
        version=ticket.product_version,
        is_outdated=row.is_outdated,
        url=reverse("console:ticket", args=address),
        take_url=reverse("console:take", args=address),
        clock=clock_view(row, request.now),
        severity=severity_view(row),
        package=row.package_label,
        package_shown=row.package_shown,
        next_step=_next_step(row, request.now),
        told=_told(row, request.now),
        who=face_of(row.who) if row.who is not None else None,
        restricted=refusal_words(row.restriction, request.now) if row.restriction is not None else "",
        is_late=row.risk is queries.Risk.LATE,
        is_new=_is_new(ticket, row, request.now),
    )


def _is_new(ticket: Ticket, row: BoardRow, now: datetime) -> bool:
    return row.who is None and now - ticket.registered_at < NEW_FOR


def _next_step(row: BoardRow, now: datetime) -> str:
    words = str(STEP_WORDS[row.next_step])
    if row.next_at is None:
        return words
    return f"{words}, {formats.moment(row.next_at, now)}"


def _told(row: BoardRow, now: datetime) -> str:
    if row.told is None:
        return ""
    moment = formats.moment(row.told.told_at, now)
    if row.told.step.startswith("warning"):
        return gettext("warned: %(moment)s") % {"moment": moment}
    return gettext("passed on: %(moment)s") % {"moment": moment}


def _day(day: DeckDay, place: int, request: DeskRequest) -> DayView:
    named = formats.day(day.day, request.now)
    near = {0: gettext("Today"), 1: gettext("Tomorrow")}.get(
        (day.day - timezone.localtime(request.now).date()).days
    )
    pins = [
        PinView(
            percent=post.percent,
            risk=Risk(post.risk.value),
            label=f"{post.number}, {formats.by(post.at, request.now)}",
            url=reverse("console:ticket", args=[request.vendor.slug, post.number]),
        )
        for post in day.posts
    ]
    return DayView(
        title=f"{near}, {named}" if near else named[:1].upper() + named[1:],
        ticks=_ticks(day, every=1 if place == 0 else LABEL_EVERY_HOURS),
        pins=pins,
        note=_day_note(len(day.posts), day.late) if place == 0 else "",
        now_percent=day.now_percent.quantize(Decimal("0.01")) if day.now_percent is not None else None,
        now=formats.clock_time(request.now),
    )


def _ticks(day: DeckDay, every: int) -> list[str]:
    """Return the hours of the day's planks and the hour at which they end; none where the present moment is written."""
    starts: list[datetime] = []
    for span in day.hours:
        at = span.start
        while at < span.end:
            starts.append(at)
            at += timedelta(hours=1)
    if not starts:
        return []
    labels = [_hour(at) if place % every == 0 else "" for place, at in enumerate(starts)]
    labels.append(_hour(day.hours[-1].end))
    if day.now_percent is not None:
        near = round(day.now_percent * len(starts) / 100)
        if abs(day.now_percent - Decimal(near * 100) / len(starts)) < NOW_COVERS_PERCENT:
            labels[near] = ""
    return labels


def _hour(at: datetime) -> str:
    return formats.clock_time(at).removesuffix(":00")


def _day_note(due: int, late: int) -> str:
    note = ngettext("%(count)d due", "%(count)d due", due) % {"count": due}
    if late:
        note += ngettext(", %(count)d late", ", %(count)d late", late) % {"count": late}
    return note


def _too_many(count: int) -> str:
    if count <= ROWS_MAX:
        return ""
    return gettext(
        "%(count)d requests. The %(shown)d that fall due first are shown. Name a customer or a word to narrow them."
    ) % {
        "count": count,
        "shown": ROWS_MAX,
    }


def _nothing(words: str, request: DeskRequest) -> EmptyView:
    if words:
        address = reverse("console:tickets", args=[request.vendor.slug])
        return EmptyView(
            gettext("Nothing found"),
            gettext("No open request has “%(words)s”.") % {"words": words},
            gettext("Search in all requests"),
            f"{address}?{urlencode({'q': words})}",
        )
    address = reverse("console:call_new", args=[request.vendor.slug])
    return EmptyView(
        gettext("Everything is answered"),
        gettext("No open request waits for you."),
        gettext("Note a call"),
        address,
    )
