"""From a request to the product: which version it is about, which known error it is, a new error found in it."""

from collections.abc import Callable

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from pomost.console.answers import CONFLICT, UNPROCESSABLE, actor
from pomost.console.guard import technician_page
from pomost.console.known_errors import STATE_WORDS, row_key
from pomost.console.product_forms import ReportForm, VersionDecisionForm, VersionForm
from pomost.console.shell import page
from pomost.contracts.queries import local_day, terms_of
from pomost.people.errors import NotFound, Refused
from pomost.people.queries import names_of
from pomost.people.requests import DeskRequest
from pomost.rules.decision import Subject
from pomost.tickets import access, actions, queries
from pomost.tickets.actions.hold import UNSOLVED
from pomost.tickets.models import KnownError, Ticket
from pomost.ui.decision_parts import actors_in, why_view
from pomost.ui.parts import WhyView
from pomost.ui.product_parts import advice_view, error_view


@technician_page()
@require_safe
def ticket_errors(request: DeskRequest, number: str) -> HttpResponse:
    """Show what is known about the product that fits a request."""
    return _page(request, access.ticket(request.technician, number))


@technician_page()
@require_POST
def error_report(request: DeskRequest, number: str) -> HttpResponse:
    """Keep a new error that was found in the request."""
    ticket = access.ticket(request.technician, number)
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _page(request, ticket, status=UNPROCESSABLE, report=form)
    given, language = form.cleaned_data, request.technician.person.language
    return _do(
        request,
        ticket,
        lambda: actions.report_error(
            ticket,
            title={language: given["title"]},
            symptom={language: given["symptom"]},
            workaround={language: given["workaround"]},
            found_in=given["found_in"],
            by=actor(request),
            at=request.now,
        ),
        report=form,
    )


@technician_page()
@require_POST
def error_link(request: DeskRequest, number: str) -> HttpResponse:
    """Note that the request is about a known error."""
    ticket = access.ticket(request.technician, number)
    error = access.known_error(request.technician, row_key(request.POST.get("error", "")))
    return _do(request, ticket, lambda: actions.link_error(ticket, error, by=actor(request), at=request.now))


@technician_page()
@require_POST
def error_unlink(request: DeskRequest, number: str) -> HttpResponse:
    """Take that back."""
    ticket = access.ticket(request.technician, number)
    error = access.known_error(request.technician, row_key(request.POST.get("error", "")))
    return _do(
        request, ticket, lambda: actions.unlink_error(ticket, error, by=actor(request), at=request.now)
    )


@technician_page()
@require_POST
def version_name(request: DeskRequest, number: str) -> HttpResponse:
    """Keep the version that the customer names; the list of releases judges it."""
    ticket = access.ticket(request.technician, number)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _page(request, ticket, status=UNPROCESSABLE, version=form)
    named: str = form.cleaned_data["version"]
    return _do(
        request,
        ticket,
        lambda: actions.name_version(ticket, named, by=actor(request), at=request.now),
        version=form,
    )


@technician_page()
@require_POST
def version_decide(request: DeskRequest, number: str) -> HttpResponse:
    """Decide by hand whether the version is outdated."""
    ticket = access.ticket(request.technician, number)
    form = VersionDecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, ticket, status=UNPROCESSABLE, decide=form)
    given = form.cleaned_data
    return _do(
        request,
        ticket,
        lambda: actions.decide_version(
            ticket,
            outdated=given["outdated"] == "yes",
            reason=given["reason"],
            by=actor(request),
            at=request.now,
        ),
        decide=form,
    )


def _do(request: DeskRequest, ticket: Ticket, act: Callable[[], object], **typed: Form) -> HttpResponse:
    try:
        act()
    except NotFound:
        raise
    except Refused as refused:
        fresh = access.ticket(request.technician, ticket.number)
        return _page(request, fresh, refused=str(refused), status=CONFLICT, **typed)
    return redirect("console:ticket_errors", request.vendor.slug, ticket.number)


def _page(
    request: DeskRequest, ticket: Ticket, *, refused: str = "", status: int = 200, **typed: Form
) -> HttpResponse:
    language = request.technician.person.language
    linked = queries.errors_of(ticket)
    known = {each.pk for each in linked}
    others = [each for each in access.known_errors(request.technician) if each.pk not in known]
    fitting = queries.suggested(ticket, others)
    shown = {each.pk for each in fitting}
    rest = [
        each
        for each in others
        if each.pk not in shown and each.family == ticket.family and each.state != KnownError.State.MENDED
    ]
    today = local_day(request.vendor, request.now)
    context: dict[str, object] = {
        "ticket": ticket,
        "linked": [_row(each, language) for each in linked],
        "fitting": [_row(each, language) for each in fitting],
        "rest": [_row(each, language) for each in rest],
        "advice": advice_view(queries.advice_for(ticket, today), language),
        "verdict": _verdict(request, ticket, language),
        "asks_version": terms_of(ticket.terms).version_rule is not None,
        "may_judge": ticket.state in UNSOLVED,
        "newest": queries.newest_release(ticket.vendor, ticket.family, today),
        "report": ReportForm(initial={"found_in": ticket.product_version}),
        "version": VersionForm(initial={"version": ticket.product_version}),
        "decide": VersionDecisionForm(),
        **typed,
        "opens": next(iter(typed), ""),
        "refused": refused,
    }
    return page(request, "console/ticket_errors.html", "board", context, status=status)


def _row(error: KnownError, language: str) -> dict[str, object]:
    return {"shown": error_view(error, language), "state": STATE_WORDS[KnownError.State(error.state)]}


def _verdict(request: DeskRequest, ticket: Ticket, language: str) -> WhyView | None:
    """Return what was decided last about the version."""
    kept = queries.decisions_of(ticket, Subject.VERSION)[-1:]
    names = names_of(actors_in(kept))
    return next(
        (why_view(each, names, now=request.now, language=language, internal=True) for each in kept), None
    )
