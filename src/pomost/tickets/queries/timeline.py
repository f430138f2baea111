"""What was said and done about a ticket, in the order of time: messages in full, facts as sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from pomost.contracts.calendars import is_year
from pomost.contracts.models import CalendarEdit
from pomost.contracts.queries import terms_of
from pomost.journal.models import Fact
from pomost.people import formats
from pomost.people.models import Contact, Technician
from pomost.people.queries import names_of
from pomost.rules.terms.model import Terms, said
from pomost.tickets.models import Message, MovedClock, Ticket
from pomost.tickets.queries.sentences import Told, moment_words, sentence

Side = Literal["customer", "vendor", "desk"]

SHOWN_OTHERWISE: Final = (
    "ticket.replied",
    "ticket.customer-wrote",
    "ticket.noted",
    "ticket.call-noted",
    "ticket.answer-proposed",
    "ticket.decision-kept",
    "ticket.clock-event",
)
"""Facts that the message itself shows, the part of the page that says why, or the chain of clocks."""

FOR_STAFF: Final = (
    "ticket.taken",
    "ticket.assigned",
    "ticket.notice-delayed",
    "ticket.notice-refused",
    "ticket.notice-bounced",
    "ticket.notice-again",
    "mail.refused",
    "ticket.promise-missed",
    "ticket.promise-warned",
    "ticket.promise-escalated",
    "ticket.consent",
    "ticket.work-stopped",
    "ticket.settled",
    "ticket.decided",
    "ticket.overrun-decided",
    "restriction.imposed",
    "restriction.extended",
    "restriction.lifted",
    "restriction.lapsed",
    "restriction.review-due",
    "restriction.appealed",
    "restriction.upheld",
    "session.ended-by-terms",
    "ticket.error-linked",
    "ticket.error-unlinked",
    "file.upload-cancelled",
    "file.upload-expired",
)
"""Facts about how the desk works; a customer sees what comes of them."""


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One thing said or done."""

    at: datetime
    is_fact: bool
    kind: str
    """Kind of the fact, or of the message."""
    who: str
    side: Side
    text: str
    icon: str
    """Name of a Lucide icon; empty for a message."""
    is_bad: bool
    data: Mapping[str, Any]
    message: Message | None = None
    """The message itself; None for a fact."""


def timeline(
    ticket: Ticket, *, internal: bool, language: str, known: Iterable[Technician | Contact] = ()
) -> tuple[TimelineItem, ...]:
    """Return the ticket's timeline; `internal` adds notes and what only staff may see; `known` as for names_of."""
    facts = list(
        Fact.objects.filter(subject=f"ticket:{ticket.pk}").exclude(kind__in=SHOWN_OTHERWISE).order_by("id")
    )
    # What was written on requests that were merged into this one is read here as well.
    merged = Ticket.objects.filter(merged_into=ticket).values("pk")
    messages = list(Message.objects.filter(Q(ticket=ticket) | Q(ticket__in=merged)).order_by("at", "id"))
    if not internal:
        facts = [fact for fact in facts if fact.kind not in FOR_STAFF]
        messages = [message for message in messages if message.kind != Message.Kind.NOTE]
    assigned = {f"technician:{key}" for fact in facts if (key := fact.data.get("technician"))}
    assigned |= {f"technician:{key}" for fact in facts for key in fact.data.get("technicians", ())}
    names = names_of(
        {fact.by for fact in facts} | {message.author for message in messages} | assigned, known=known
    )
    terms = terms_of(ticket.terms)
    with translation.override(language):
        told = [
            (fact, shown)
            for fact in facts
            if (shown := sentence(fact.kind, fact.data, ticket, terms, names, language)) is not None
        ]
    items = [_of_fact(fact, shown, names) for fact, shown in told] + [
        _of_message(message) for message in messages
    ]
    with translation.override(language):
        items += _moved(ticket, terms, language)
    return tuple(sorted(items, key=lambda item: (item.at, not item.is_fact)))


def _moved(ticket: Ticket, terms: Terms, language: str) -> list[TimelineItem]:
    """Return what edits of a calendar made of the due times, at the moments of the edits."""
    rows = list(MovedClock.objects.filter(ticket=ticket).select_related("recomputation__edit").order_by("pk"))
    names = names_of({row.recomputation.edit.by for row in rows}) if rows else {}
    return [
        TimelineItem(
            row.recomputation.edit.at,
            True,
            "clock.moved",
            names.get(row.recomputation.edit.by, ""),
            "desk",
            _moved_words(row, terms, language),
            "calendar",
            False,
            {"clock": row.key, "edit": row.recomputation.edit_id},
        )
        for row in rows
    ]


def _moved_words(row: MovedClock, terms: Terms, language: str) -> str:
    named = next((each.name for each in terms.promises if each.id == row.key), None)
    before, after = (
        moment_words(at) if at else _("nothing promised") for at in (row.due_before, row.due_after)
    )
    return _("%(promise)s: due time moved from %(before)s to %(after)s (%(calendar)s).") % {
        "promise": said(named, language) if named else row.key,
        "before": before,
        "after": after,
        "calendar": _edit_words(row.recomputation.edit, terms, language),
    }


def _edit_words(edit: CalendarEdit, terms: Terms, language: str) -> str:
    """Return which calendar was changed and why, or which year was confirmed."""
    if is_year(edit):
        return _("the public holidays of %(year)s were confirmed") % {"year": edit.first_day.year}
    named = next((each.name for each in terms.hours if each.id == edit.calendar), None)
    calendar = said(named, language) if named else edit.calendar
    return f"{calendar}: {edit.note or formats.day(edit.first_day, edit.at)}"


def _of_fact(fact: Fact, shown: Told, names: Mapping[str, str]) -> TimelineItem:
    who = names.get(fact.by, "")
    return TimelineItem(
        fact.at, True, fact.kind, who, _side(fact.by), shown.text, shown.icon, shown.is_bad, fact.data
    )


def _of_message(message: Message) -> TimelineItem:
    return TimelineItem(
        message.at,
        False,
        message.kind,
        message.author_name,
        _side(message.author),
        message.text,
        "",
        False,
        {},
        message,
    )


def _side(actor: str) -> Side:
    kind = actor.partition(":")[0]
    return "customer" if kind == "contact" else "vendor" if kind in ("technician", "token") else "desk"
