"""The customer's start and the list of requests: what is promised next, what waits for an answer, what is open.

The accountant who opens it wants one of three things: report something (one click), answer something (one click on the amber line),
or see when something happens (no click).
"""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from pomost.billing.models import Estimate
from pomost.contracts.queries import contract_of, local_day, terms_in_force
from pomost.people import formats
from pomost.people.requests import DeskRequest
from pomost.portal.guard import contact_page
from pomost.portal.shell import page
from pomost.portal.waiting import Ask, waiting_for
from pomost.rules.terms.model import said
from pomost.tickets import access, queries
from pomost.tickets.models import Ticket
from pomost.tickets.queries import BoardRow
from pomost.ui.parts import ClauseView, ClockView, EmptyView, Risk
from pomost.ui.ticket_parts import clause_view, clock_view

OVER = (Ticket.State.CONFIRMED, Ticket.State.CLOSED)
PAST_MAX = 50
"""Ended requests shown in the list; older ones are found by their number."""


@dataclass(frozen=True, slots=True)
class LineView:
    """One request in a list."""

    subject: str
    number: str
    url: str
    about: str
    clock: ClockView


@dataclass(frozen=True, slots=True)
class CallView:
    """One amber line: what waits for the customer's answer."""

    text: str
    action: str
    url: str


@dataclass(frozen=True, slots=True)
class PackageView:
    """What the customer has agreed to."""

    title: str
    text: str
    clause: ClauseView | None


@contact_page
@require_safe
def home(request: DeskRequest) -> HttpResponse:
    """Show what is next, what waits and what is open."""
    rows = queries.board(
        request.vendor, request.now, language=request.LANGUAGE_CODE or "", customer=request.contact.customer
    ).rows
    running = [row for row in rows if row.due_at is not None or row.risk is queries.Risk.AGREED]
    return page(
        request,
        "portal/home.html",
        "home",
        {
            "calls": _calls(request, [row.ticket for row in rows]),
            "lines": [_line(row, request) for row in rows],
            "next": _line(running[0], request) if running else None,
            "next_row": running[0] if running else None,
            "package": _package(request),
            "nothing": _nothing(request),
        },
    )


@contact_page
@require_safe
def requests(request: DeskRequest) -> HttpResponse:
    """List all requests of the customer: the open ones by their next promise, then the ended ones, newest first."""
    rows = queries.board(
        request.vendor, request.now, language=request.LANGUAGE_CODE or "", customer=request.contact.customer
    ).rows
    past = access.for_contact(request.contact).filter(state__in=OVER).order_by("-sequence")[:PAST_MAX]
    return page(
        request,
        "portal/requests.html",
        "requests",
        {
            "lines": [_line(row, request) for row in rows],
            "past": [
                (
                    ticket,
                    reverse("portal:request", args=[request.vendor.slug, ticket.number]),
                    _ended(ticket, request),
                )
                for ticket in past
            ],
            "nothing": _nothing(request),
        },
    )


def _line(row: BoardRow, request: DeskRequest) -> LineView:
    terms = [row.promise_label] if row.promise_label else []
    who = [gettext("%(name)s answers") % {"name": row.who.person.name}] if row.who is not None else []
    waits = _waits(row.ticket)
    return LineView(
        subject=row.ticket.subject,
        number=row.ticket.number,
        url=reverse("portal:request", args=[request.vendor.slug, row.ticket.number]),
        about=" · ".join([*terms, *who]),
        clock=ClockView(Risk.PAUSED, gettext("Waits for you"), "") if waits else clock_view(row, request.now),
    )


def _waits(ticket: Ticket) -> bool:
    return (
        bool(ticket.missing)
        or bool(ticket.severity_proposed)
        or ticket.state in (Ticket.State.SOLVED, Ticket.State.WAITING)
    )


def _calls(request: DeskRequest, tickets: list[Ticket]) -> list[CallView]:
    """Return an amber line for each question that is open, the oldest request first."""
    language = request.LANGUAGE_CODE or ""
    open_estimates: dict[int, list[Estimate]] = {}
    for estimate in Estimate.objects.filter(ticket__in=tickets, state=Estimate.State.PROPOSED):
        open_estimates.setdefault(estimate.ticket_id, []).append(estimate)
    found = []
    for ticket in sorted(tickets, key=lambda each: each.sequence):
        url = reverse("portal:request", args=[request.vendor.slug, ticket.number])
        for waiting in waiting_for(ticket, open_estimates.get(ticket.pk, []), language):
            subject = {"number": ticket.number, "subject": ticket.subject}
            texts = {
                Ask.PARTS: gettext("%(number)s: something is missing, work has not begun.") % subject,
                Ask.SEVERITY: gettext("%(number)s: another severity is proposed.") % subject,
                Ask.ESTIMATE: gettext("%(number)s: a price waits for your answer.") % subject,
                Ask.SOLUTION: gettext("%(number)s: is it solved?") % subject,
            }
            actions = {
                Ask.PARTS: gettext("Add it"),
                Ask.SEVERITY: gettext("Answer"),
                Ask.ESTIMATE: gettext("See the price"),
                Ask.SOLUTION: gettext("Answer"),
            }
            found.append(CallView(texts[waiting.ask], actions[waiting.ask], url))
    return found


def _package(request: DeskRequest) -> PackageView | None:
    """Return the customer's package; None where the terms know only a price list."""
    language = request.LANGUAGE_CODE or ""
    day = local_day(request.vendor, request.now)
    _version, terms = terms_in_force(request.vendor, day)
    contract = contract_of(request.contact.customer, day)
    package = (
        terms.package(contract.package)
        if contract is not None and contract.package
        else terms.default_package
    )
    if package is None:
        return None
    if contract is None:
        text = gettext("Without a contract: the price list applies.")
    elif contract.valid_until is None:
        text = gettext("Contract %(number)s") % {"number": contract.number}
    else:
        until = formats.date_words(contract.valid_until)
        text = gettext("Contract %(number)s, until %(day)s") % {"number": contract.number, "day": until}
    return PackageView(
        said(package.name, language), text, clause_view(terms, package.clause, language=language)
    )


def _ended(ticket: Ticket, request: DeskRequest) -> str:
    if ticket.state == Ticket.State.CONFIRMED and ticket.confirmed_at is not None:
        return gettext("solved, confirmed %(moment)s") % {
            "moment": formats.moment(ticket.confirmed_at, request.now)
        }
    return gettext("closed without a solution")


def _nothing(request: DeskRequest) -> EmptyView:
    solved = access.for_contact(request.contact).filter(state=Ticket.State.CONFIRMED).count()
    text = (
        ngettext("%(count)d was solved so far.", "%(count)d were solved so far.", solved) % {"count": solved}
        if solved
        else ""
    )
    return EmptyView(
        gettext("No open requests"),
        text,
        gettext("New request"),
        reverse("portal:new", args=[request.vendor.slug]),
    )
