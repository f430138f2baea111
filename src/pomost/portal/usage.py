"""What a customer has used of the package this month, where the terms count use: in hours or in requests.

How much there is altogether stands in no terms file and in no contract, so nothing is said of what is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from pomost.contracts.queries import local_day
from pomost.people import formats
from pomost.people.requests import DeskRequest
from pomost.rules.entitlement import Outcome
from pomost.rules.tariff import quota_used
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import Quota
from pomost.tickets.models import Ticket
from pomost.ui.parts import ClauseView, MeterView, PlankView
from pomost.ui.ticket_parts import clause_view

PLANKS_MAX: Final = 24
ROWS_MAX: Final = 5


@dataclass(frozen=True, slots=True)
class UsedRow:
    """One request and what it used."""

    day: str
    subject: str
    url: str
    amount: str


@dataclass(frozen=True, slots=True)
class UsedView:
    """The month so far."""

    meter: MeterView
    rows: Sequence[UsedRow]


def used_this_month(request: DeskRequest, terms: Terms, package: str) -> UsedView | None:
    """Return what was used since the first of the vendor's month, in one query; None where use is not counted."""
    quota = terms.quota(package)
    if quota is None:
        return None
    language = request.LANGUAGE_CODE or ""
    first = local_day(request.vendor, request.now).replace(day=1)
    since = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(request.vendor.zone))
    found = [
        (ticket, used) for ticket in _counted(request, since) if (used := _used(quota, ticket, since)) > 0
    ]
    total = sum((used for _ticket, used in found), Decimal(0))
    meter = MeterView(
        big=_amount(quota, total),
        side=gettext("used, %(month)s") % {"month": date_format(first, "F").lower()},
        planks=tuple(PlankView(100) for _unit in range(min(PLANKS_MAX, int(total / quota.multiple)))),
        note=_plank_says(quota) if total else "",
        clause=_clause(quota, terms, language),
    )
    rows = [
        UsedRow(
            formats.day(ticket.registered_at, request.now),
            ticket.subject,
            reverse("portal:request", args=[request.vendor.slug, ticket.number]),
            _amount(quota, used),
        )
        for ticket, used in found[:ROWS_MAX]
    ]
    return UsedView(meter, rows)


def _counted(request: DeskRequest, since: datetime) -> Sequence[Ticket]:
    return list(
        Ticket.objects.filter(customer=request.contact.customer, verdict__outcome=Outcome.FROM_QUOTA.value)
        .filter(Q(registered_at__gte=since) | Q(entries__started_at__gte=since))
        .annotate(seconds=Sum("entries__worked_seconds", filter=Q(entries__started_at__gte=since)))
        .order_by("-sequence")
    )


def _used(quota: Quota, ticket: Ticket, since: datetime) -> Decimal:
    tasks = int(ticket.registered_at >= since)
    seconds: int = getattr(ticket, "seconds", None) or 0
    return quota_used(quota.multiple, quota.counts, seconds, tasks)


def _amount(quota: Quota, used: Decimal) -> str:
    if quota.counts == "hours":
        return gettext("%(amount)s h") % {"amount": formats.number(used)}
    return ngettext("%(count)d request", "%(count)d requests", int(used)) % {"count": int(used)}


def _plank_says(quota: Quota) -> str:
    if quota.counts == "hours":
        return gettext("One plank is %(amount)s h.") % {"amount": formats.number(quota.multiple)}
    return gettext("One plank is one request.")


def _clause(quota: Quota, terms: Terms, language: str) -> ClauseView | None:
    return clause_view(terms, quota.clause, language=language, with_date=False)
