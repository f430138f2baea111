"""What is known of a ticket, turned into the parts of look.md.

The console and the portal show the same clocks, chains and timelines; they are drawn here once. Reads values that
tickets.queries has already gathered; no query is made.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext

from pomost.people import formats
from pomost.rules.terms.model import Terms, Unknown, said
from pomost.tickets.models import Ticket
from pomost.tickets.queries import BoardRow, ChainLink, Kin, TimelineItem
from pomost.ui.parts import (
    ClauseView,
    ClockView,
    FaceView,
    KinView,
    MessageView,
    PostState,
    PostView,
    Risk,
    SeverityView,
)
from pomost.ui.terms.values import anchor_of

CHAIN_ICONS: Final = {
    "request.received": "circle-dot",
    "request.registered": "hash",
    "notice.accepted": "mail-check",
    "notice.bounced": "mail-x",
    "work.began": "play",
    "work.stopped": "pause",
    "answer.proposed": "message-square",
    "solution.proposed": "flag",
    "solution.confirmed": "check",
    "solution.rejected": "undo-2",
    "estimate.proposed": "wallet",
    "estimate.accepted": "check",
    "estimate.declined": "x",
    "request.closed": "archive",
}
GAP_ICONS: Final = {"pause": "pause", "holiday": "moon", "weekend": "moon", "night": "moon"}


def clause_view(terms: Terms, clause: str, *, language: str, with_date: bool = True) -> ClauseView | None:
    """Return a clause as a chip; None where the verdict names none, or the terms do not know it."""
    try:
        found = terms.clause(clause)
    except Unknown:
        return None
    source = gettext("%(title)s, version %(version)s") % {
        "title": said(terms.title, language),
        "version": terms.version,
    }
    return ClauseView(
        label=found.label,
        sentence=said(found.sentence, language),
        source=source,
        since=terms.in_force_from if with_date else None,
        url=clause_url(terms, found.id),
    )


def clause_url(terms: Terms, clause: str) -> str:
    """Return the address of a clause on the public page of its version."""
    day = terms.in_force_from.isoformat()
    return f"{reverse('portal:terms_version', args=[terms.vendor.slug, day])}#{anchor_of(clause)}"


def clock_view(row: BoardRow, now: datetime) -> ClockView:
    """Return a ticket's next promise as it stands on the board and in the portal's lists."""
    risk = Risk(row.risk.value)
    if risk is Risk.PAUSED:
        since = (
            gettext("since %(moment)s") % {"moment": formats.moment(row.paused_since, now)}
            if row.paused_since
            else ""
        )
        return ClockView(risk, gettext("Pause"), since, row.used_percent or 0)
    if risk is Risk.AGREED and row.next_at is not None:
        until = max(row.next_at - now, timedelta(0))
        return ClockView(
            risk,
            formats.hours(until),
            gettext("at %(moment)s") % {"moment": formats.moment(row.next_at, now)},
        )
    if row.due_at is None or row.left is None:
        return ClockView(Risk.NONE, gettext("Not promised"))
    if row.left < timedelta(0) or risk is Risk.LATE:
        return ClockView(Risk.LATE, formats.late(abs(row.left)), formats.moment(row.due_at, now), 100)
    return ClockView(risk, formats.hours(row.left), formats.by(row.due_at, now), row.used_percent or 0)


def severity_view(row: BoardRow) -> SeverityView | None:
    """Return the severity as one to three bars, whatever the number of severities in the terms."""
    if not row.severity_label:
        return None
    top = max(row.severity_count, 1)
    bars = 3 if row.severity_rank >= top else 1 if row.severity_rank <= 1 else 2
    return SeverityView(bars, row.severity_label)


def chain_views(links: Iterable[ChainLink], terms: Terms, now: datetime, *, language: str) -> list[PostView]:
    """Return the chain of clocks as posts, in the order of time."""
    return [_post(link, terms, now, language) for link in links]


def _post(link: ChainLink, terms: Terms, now: datetime, language: str) -> PostView:
    risk = Risk(link.risk.value) if link.risk is not None else None
    at = formats.moment(link.at, now) if link.at is not None else ""
    clause = clause_view(terms, link.clause, language=language, with_date=False) if link.clause else None
    if link.kind == "gap":
        reason = link.reasons[0].partition(":")[0] if link.reasons else "night"
        return PostView(
            at, link.reason_text, GAP_ICONS.get(reason, "moon"), PostState.GAP, risk=risk, is_quiet=True
        )
    if link.kind == "resume":
        counted = gettext("The clock runs on, %(used)s used") % {
            "used": formats.hours(link.counted or timedelta(0))
        }
        return PostView(at, counted, "sun", PostState.PAST, risk=risk, is_quiet=True)
    if link.kind == "none":
        return PostView(
            gettext("no term"), link.label, "circle-dashed", PostState.PLAIN, risk=Risk.NONE, is_quiet=True
        )
    if link.kind == "open":
        icon = risk.icon if risk is not None else "hourglass"
        return PostView(at, link.label, icon, PostState.OPEN, risk=risk, is_next=True, clause=clause)
    icon = CHAIN_ICONS.get(link.event, "circle-dot")
    return PostView(
        at, link.label, icon, PostState.PAST, detail=_margin(link.margin), risk=risk, clause=clause
    )


def _margin(margin: timedelta | None) -> str:
    """Say by how much a promise was kept or broken: a stopped clock keeps its post."""
    if margin is None:
        return ""
    if margin < timedelta(0):
        return gettext("%(length)s late") % {"length": formats.hours(-margin)}
    return gettext("%(length)s early") % {"length": formats.hours(margin)}


def kin_views(kin: Kin, url: Callable[[Ticket], str]) -> list[KinView]:
    """Return the requests that were split off or merged, each with its address."""
    found = []
    if kin.merged_into is not None:
        found.append((gettext("Goes on as"), kin.merged_into))
    if kin.split_from is not None:
        found.append((gettext("Split off from"), kin.split_from))
    found += [(gettext("Second task"), each) for each in kin.split_off]
    found += [(gettext("Handled here as well"), each) for each in kin.merged]
    return [KinView(text, each.number, url(each)) for text, each in found]


def message_views(items: Iterable[TimelineItem], now: datetime) -> list[MessageView]:
    """Return the timeline: what people wrote as bubbles, what happened as lines."""
    return [_message(item, now) for item in items]


def _message(item: TimelineItem, now: datetime) -> MessageView:
    when = formats.moment(item.at, now)
    if item.is_fact:
        return MessageView("bad" if item.is_bad else "", item.at, when, item.text, icon=item.icon)
    kinds = {"note": "note", "request": "in", "reply": "out", "call": "call"}
    roles = {"note": gettext("internal note"), "call": gettext("phone call"), "reply": gettext("reply")}
    # One colour a side: the customer's people and ours are told apart before a name is read.
    face = FaceView(item.who, {"customer": 4, "vendor": 0, "desk": 2}[item.side])
    return MessageView(
        kinds.get(item.kind, "in"), item.at, when, item.text, author=face, role=roles.get(item.kind, "")
    )
