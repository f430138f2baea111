"""One request as the customer sees it: what waits for an answer, the promises, the talk, the money so far."""

from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from pomost.billing.models import Estimate, InvoiceLine
from pomost.contracts.queries import terms_of
from pomost.people import formats
from pomost.people.requests import DeskRequest
from pomost.portal.guard import contact_page
from pomost.portal.shell import page
from pomost.portal.waiting import waiting_for
from pomost.rules.terms.model import said
from pomost.tickets import access, queries
from pomost.tickets.judgement import verdict_from_json
from pomost.tickets.models import Ticket
from pomost.ui.parts import LEVELS, RungState, RungView
from pomost.ui.ticket_parts import chain_views, clause_view, message_views


@contact_page
@require_safe
def request_page(request: DeskRequest, number: str) -> HttpResponse:
    """Show one request of the contact's own customer."""
    ticket = access.ticket_of_contact(request.contact, number)
    return page(request, "portal/request.html", "requests", context_of(request, ticket))


def context_of(request: DeskRequest, ticket: Ticket) -> dict[str, object]:
    """Gather what the page shows of a ticket."""
    language = request.LANGUAGE_CODE or ""
    terms = terms_of(ticket.terms)
    verdict = verdict_from_json(ticket.verdict)
    estimates = list(ticket.estimates.order_by("pk"))
    lines = InvoiceLine.objects.filter(settlement__ticket=ticket).select_related("invoice")
    package = terms.package(ticket.package) if ticket.package else None
    return {
        "ticket": ticket,
        "state_text": _state(ticket, request),
        "waiting": waiting_for(
            ticket, [each for each in estimates if each.state == Estimate.State.PROPOSED], language
        ),
        "posts": chain_views(
            queries.chain(ticket, request.now, language=language), terms, request.now, language=language
        ),
        "messages_": message_views(queries.timeline(ticket, internal=False, language=language), request.now),
        "service": said(terms.service(ticket.service).name, language),
        "package": said(package.name, language) if package else "",
        "outcome": verdict.outcome.value,
        "outcome_clause": clause_view(terms, verdict.clause, language=language),
        "rungs": _rungs(verdict.level.word, verdict.clause, terms, language),
        "severity": said(terms.severity(ticket.severity).name, language) if ticket.severity else "",
        "can_reply": ticket.state != Ticket.State.CLOSED,
        "invoices": {line.invoice_id: line.invoice for line in lines}.values(),
        "consents": ticket.consents.order_by("pk"),
        "estimates": estimates,
    }


def _state(ticket: Ticket, request: DeskRequest) -> str:
    words = {
        Ticket.State.INCOMPLETE: gettext("Something is missing"),
        Ticket.State.OPEN: gettext("Open"),
        Ticket.State.WAITING: gettext("Waits for you"),
        Ticket.State.SOLVED: gettext("A solution is there"),
        Ticket.State.CONFIRMED: gettext("Solved"),
        Ticket.State.CLOSED: gettext("Closed without a solution"),
    }
    word = words[Ticket.State(ticket.state)]
    if ticket.state == Ticket.State.SOLVED and ticket.silence_ends_at is not None:
        until = formats.moment(ticket.silence_ends_at, request.now)
        return gettext("%(state)s; without an answer it counts as solved at %(moment)s") % {
            "state": word,
            "moment": until,
        }
    return word


def _rungs(ceiling: str, clause: str, terms: object, language: str) -> list[RungView]:
    """Return the ladder as it can be granted: what the service allows, nothing given yet."""
    top = ("none", *LEVELS).index(ceiling.replace("-", "_"))
    return [
        RungView(level, RungState.FREE if place <= top else RungState.LOCKED)
        for place, level in enumerate(LEVELS, 1)
    ]
