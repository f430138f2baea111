"""What another severity would change: for each promise that still runs, both amounts and both due moments.

Owns the words to which the customer says yes or no; they are the same in the portal, behind the link of the mail and on
the phone, and a consent keeps them. Nothing is written here. Which severity holds is actions/severity.py's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pomost.contracts.calendars import CalendarBook
from pomost.contracts.queries import terms_of
from pomost.people import formats
from pomost.rules.terms.model import said
from pomost.tickets.clockwork import events_of
from pomost.tickets.models import Ticket
from pomost.tickets.running import promises_of, states


@dataclass(frozen=True, slots=True)
class PromiseChange:
    """One promise under both severities; None: nothing is promised, or nothing is due now (it stands still)."""

    key: str
    label: str
    clause: str
    amount_before: timedelta | None
    amount_after: timedelta | None
    due_before: datetime | None
    due_after: datetime | None


@dataclass(frozen=True, slots=True)
class SeverityChange:
    """What a yes to another severity would do."""

    before: str
    """Name of the present severity."""
    after: str
    definition: str
    """Of the proposed one."""
    promises: tuple[PromiseChange, ...]
    """Those that still run and would change, in the order of the terms."""


def severity_change(ticket: Ticket, after: str, now: datetime, language: str) -> SeverityChange:
    """Return what would change if `after` held instead of the ticket's severity, from the same start.

    Raises:
        Unknown: the terms do not know the severity.
    """
    terms = CalendarBook.of(ticket.vendor_id).applied_to(terms_of(ticket.terms))
    events = events_of(ticket)
    proposed = terms.severity(after)
    old = {
        each.promise.promise.key: each
        for each in states(promises_of(terms, ticket.package, ticket.severity), events, now)
    }
    new = {
        each.promise.promise.key: each
        for each in states(promises_of(terms, ticket.package, after), events, now)
    }
    changes = []
    for promise in terms.promises:
        was, would = old.get(promise.id), new.get(promise.id)
        if any(each is not None and each.state.stopped_at is not None for each in (was, would)):
            continue
        change = PromiseChange(
            key=promise.id,
            label=said(promise.name, language),
            clause=promise.clause,
            amount_before=was.promise.promise.amount if was else None,
            amount_after=would.promise.promise.amount if would else None,
            due_before=was.state.due_at if was else None,
            due_after=would.state.due_at if would else None,
        )
        if change.amount_before != change.amount_after:
            changes.append(change)
    return SeverityChange(
        said(terms.severity(ticket.severity).name, language),
        said(proposed.name, language),
        said(proposed.definition, language),
        tuple(changes),
    )


def severity_question(ticket: Ticket, now: datetime, language: str) -> str:
    """Return the words to which the customer says yes or no, in their language and the vendor's zone.

    They name each moment that would move, so they are others once a clock stops, pauses or is reopened.
    """
    with translation.override(language), timezone.override(ticket.vendor.zone):
        change = severity_change(ticket, ticket.severity_proposed, now, language)
        asked = _("Change the severity of request %(number)s from “%(before)s” to “%(after)s”?") % {
            "number": ticket.number,
            "before": change.before,
            "after": change.after,
        }
        return " ".join([asked, *(_sentence(each) for each in change.promises)])


def _sentence(change: PromiseChange) -> str:
    words = {
        "promise": change.label,
        "before": _moment(change.due_before, change.amount_before),
        "after": _moment(change.due_after, change.amount_after),
        "clause": change.clause,
    }
    return _("%(promise)s: %(after)s; now %(before)s (§ %(clause)s).") % words


def _moment(due_at: datetime | None, amount: timedelta | None) -> str:
    if amount is None:
        return _("no promise")
    if due_at is None:
        return formats.length_words(amount)
    return _("by %(moment)s") % {"moment": f"{formats.day(due_at, due_at)}, {formats.clock_time(due_at)}"}
