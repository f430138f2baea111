"""The customer's start and the list of requests: what is promised next, what waits for an answer, what is open.

The accountant who opens it wants one of three things: report something (one click), answer something (one click on the
amber line), or see when something happens (no click).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext
from django.views.decorators.http import require_safe

from pomost.billing.models import Estimate
from pomost.contracts.calendars import CalendarBook
from pomost.contracts.queries import contract_of, local_day, terms_in_force, terms_of
from pomost.people import formats
from pomost.people.requests import DeskRequest
from pomost.portal.afterwards import AfterView, afterwards
from pomost.portal.guard import contact_page
from pomost.portal.restrictions import notices
from pomost.portal.shell import page
from pomost.portal.usage import UsedView, use_of
from pomost.portal.waiting import Ask, asks_of
from pomost.rules.terms.model import said
from pomost.tickets import access, queries
from pomost.tickets.models import Ticket, Visit
from pomost.tickets.queries import BoardRow
from pomost.ui.parts import ClauseView, ClockView, EmptyView, FaceView, PostView, Risk
from pomost.ui.ticket_parts import chain_views, clause_view, clock_view

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

    number: str
    subject: str
    text: str
    action: str
    url: str


@dataclass(frozen=True, slots=True)
class NextView:
    """The promise that falls due next."""

    line: LineView
    promise: str
    posts: Sequence[PostView]
    who: FaceView | None


@dataclass(frozen=True, slots=True)
class PackageView:
    """What the customer has agreed to."""

    title: str
    text: str
    clause: ClauseView | None
    used: Sequence[UsedView]


@dataclass(frozen=True, slots=True)
class LastView:
    """The last work, while guarantee or complaint still hold."""

    subject: str
    url: str
    holds: Sequence[AfterView]


@dataclass(frozen=True, slots=True)
class PastView:
    """One request that is over."""

    subject: str
    number: str
    url: str
    how: str


@contact_page
@require_safe
def home(request: DeskRequest) -> HttpResponse:
    """Show what is next, what waits and what is open."""
    rows, asks = _open(request)
    return page(
        request,
        "portal/home.html",
        "home",
        {
            "restrictions": notices(request),
            "calls": _calls(request, rows, asks),
            "lines": [_line(row, asks[row.ticket.pk], request) for row in rows],
            "next": _next(rows, asks, request),
            "package": _package(request),
            "last": _last_work(request),
            "nothing": _nothing(request),
        },
    )


@contact_page
@require_safe
def requests(request: DeskRequest) -> HttpResponse:
    """List all requests of the customer: the open ones by their next promise, then the ended ones, newest first."""
    rows, asks = _open(request)
    past = access.for_contact(request.contact).filter(state__in=OVER).order_by("-sequence")[:PAST_MAX]
    return page(
        request,
        "portal/requests.html",
        "requests",
        {
            "lines": [_line(row, asks[row.ticket.pk], request) for row in rows],
            "past": [
                PastView(ticket.subject, ticket.number, _url(request, ticket), _ended(ticket, request))
                for ticket in past
            ],
            "nothing": _nothing(request),
        },
    )


def _open(request: DeskRequest) -> tuple[Sequence[BoardRow], dict[int, list[Ask]]]:
    """Return the open requests by their next promise, and what each of them waits for."""
    rows = queries.board(
        request.vendor, request.now, language=request.LANGUAGE_CODE or "", customer=request.contact.customer
    ).rows
    tickets = {row.ticket.pk: row.ticket for row in rows}
    estimates: dict[int, list[Estimate]] = {}
    for each in Estimate.objects.filter(ticket__in=list(tickets), state=Estimate.State.PROPOSED):
        estimates.setdefault(each.ticket_id, []).append(each)
    proposed = Visit.objects.filter(ticket__in=list(tickets), state=Visit.State.PROPOSED)
    days = set(proposed.values_list("ticket_id", flat=True))
    return rows, {
        key: asks_of(ticket, estimates.get(key, []), has_day=key in days) for key, ticket in tickets.items()
    }


def _url(request: DeskRequest, ticket: Ticket) -> str:
    return reverse("portal:request", args=[request.vendor.slug, ticket.number])


def _line(row: BoardRow, asks: list[Ask], request: DeskRequest) -> LineView:
    about = [
        row.promise_label,
        gettext("%(name)s answers") % {"name": row.who.person.name} if row.who is not None else "",
    ]
    waits = ClockView(Risk.PAUSED, gettext("Waits for you"), _short(asks[0])) if asks else None
    return LineView(
        subject=row.ticket.subject,
        number=row.ticket.number,
        url=_url(request, row.ticket),
        about=" · ".join(each for each in about if each),
        clock=waits or clock_view(row, request.now),
    )


def _short(ask: Ask) -> str:
    words = {
        Ask.PARTS: gettext("something is missing"),
        Ask.SEVERITY: gettext("about the severity"),
        Ask.ESTIMATE: gettext("about the price"),
        Ask.SOLUTION: gettext("is it solved"),
        Ask.QUESTION: gettext("a question"),
        Ask.VISIT: gettext("the day of the visit"),
    }
    return words[ask]


def _next(rows: Sequence[BoardRow], asks: dict[int, list[Ask]], request: DeskRequest) -> NextView | None:
    """Return the first promise that is ours to keep; None where none runs."""
    language = request.LANGUAGE_CODE or ""
    for row in rows:
        if row.due_at is None or asks[row.ticket.pk]:
            continue
        links = queries.chain(
            row.ticket, request.now, book=CalendarBook.of(request.vendor.pk), language=language
        )
        posts = chain_views(links, terms_of(row.ticket.terms), request.now, language=language)
        who = FaceView(row.who.person.name, row.who.pk) if row.who is not None else None
        return NextView(_line(row, [], request), row.promise_label, posts, who)
    return None


def _calls(request: DeskRequest, rows: Sequence[BoardRow], asks: dict[int, list[Ask]]) -> list[CallView]:
    """Return an amber line for each question that is open, the oldest request first."""
    texts = {
        Ask.PARTS: gettext("Something is missing, so the work has not begun."),
        Ask.SEVERITY: gettext("Another severity is proposed."),
        Ask.ESTIMATE: gettext("A price waits for your answer."),
        Ask.SOLUTION: gettext("A solution is there. Is it solved?"),
        Ask.QUESTION: gettext("We asked you something and wait for the answer."),
        Ask.VISIT: gettext("A day of the visit waits for your answer."),
    }
    actions = {
        Ask.PARTS: gettext("Add it"),
        Ask.SEVERITY: pgettext("verb", "Answer"),
        Ask.ESTIMATE: gettext("See the price"),
        Ask.SOLUTION: pgettext("verb", "Answer"),
        Ask.QUESTION: pgettext("verb", "Answer"),
        Ask.VISIT: pgettext("verb", "Answer"),
    }
    return [
        CallView(ticket.number, ticket.subject, texts[ask], actions[ask], _url(request, ticket))
        for ticket in sorted((row.ticket for row in rows), key=lambda each: each.sequence)
        for ask in asks[ticket.pk]
    ]


def _package(request: DeskRequest) -> PackageView | None:
    """Return the customer's package; None where the terms know only a price list."""
    language = request.LANGUAGE_CODE or ""
    day = local_day(request.vendor, request.now)
    _version, terms = terms_in_force(request.vendor, day)
    contract = contract_of(request.contact.customer, day)
    package = terms.package(contract.package) if contract and contract.package else terms.default_package
    if package is None or len(terms.packages) == 1:
        return None
    if contract is None:
        text = gettext("Without a contract.")
    elif contract.valid_until is None:
        text = gettext("Contract %(number)s") % {"number": contract.number}
    else:
        until = formats.date_words(contract.valid_until)
        text = gettext("Contract %(number)s, until %(day)s") % {"number": contract.number, "day": until}
    return PackageView(
        said(package.name, language),
        text,
        clause_view(terms, package.clause, language=language),
        use_of(request, terms, contract) if contract else [],
    )


def _last_work(request: DeskRequest) -> LastView | None:
    """Return the request that was confirmed last, while something still holds after it."""
    confirmed = access.for_contact(request.contact).filter(state=Ticket.State.CONFIRMED)
    ticket = confirmed.order_by("-confirmed_at").first()
    if ticket is None:
        return None
    holds = afterwards(ticket, request)
    if all(each.is_over for each in holds):
        return None
    return LastView(ticket.subject, _url(request, ticket), holds)


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
