"""What holds after the work, where the terms give it: the guarantee, and the time in which a complaint counts (A3)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext

from pomost.billing.complained import next_service_at
from pomost.contracts.calendars import CalendarBook
from pomost.contracts.queries import local_day, terms_of
from pomost.people import formats
from pomost.people.requests import DeskRequest
from pomost.rules.calendar import NotPromised
from pomost.rules.warranty import complaint_until, guarantee_last_day
from pomost.tickets.models import Ticket
from pomost.ui.parts import ClauseView
from pomost.ui.ticket_parts import clause_view


@dataclass(frozen=True, slots=True)
class AfterView:
    """Until when something can be asked for."""

    what: str
    until: str
    is_over: bool
    clause: ClauseView | None


def afterwards(ticket: Ticket, request: DeskRequest) -> list[AfterView]:
    """Return what holds after a confirmed ticket, in at most two queries; nothing where the terms give nothing."""
    terms = terms_of(ticket.terms)
    rule, confirmed_at = terms.warranty, ticket.confirmed_at
    if rule is None or confirmed_at is None:
        return []
    clause = clause_view(terms, rule.clause, language=request.LANGUAGE_CODE or "", with_date=False)
    last_day = guarantee_last_day(confirmed_at, rule.guarantee_days, zone=request.vendor.zone)
    is_past = local_day(request.vendor, request.now) > last_day
    found = [
        AfterView(
            gettext("Guarantee on the work"), _end_of(formats.day(last_day, request.now)), is_past, clause
        )
    ]
    try:
        until = complaint_until(
            confirmed_at,
            CalendarBook.of(ticket.vendor_id).applied_to(terms).calendar(rule.hours),
            rule.complaint_working_days,
            next_service_at(ticket, confirmed_at),
        )
    except NotPromised:
        return found  # its last day depends on holidays that nobody has confirmed yet
    return [
        AfterView(
            gettext("Complaint about the work"), _until(until, request.now), request.now >= until, clause
        ),
        *found,
    ]


def _until(until: datetime, now: datetime) -> str:
    """Write the first instant that is too late; a midnight as the day that it ends."""
    local = timezone.localtime(until)
    if local.time() == time(0):
        return _end_of(formats.day(local.date() - timedelta(days=1), now))
    return gettext("until %(moment)s") % {"moment": formats.moment(until, now)}


def _end_of(day: str) -> str:
    return gettext("until the end of %(day)s") % {"day": day}
