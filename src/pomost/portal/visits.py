"""Visits as the customer sees them: ask for one, answer the proposed day, want another one, call it off.

Which visits are possible is decided by tickets; a refusal leads back to the request's page, with its sentence above it.
"""

from dataclasses import dataclass
from hashlib import sha256

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from pomost.contracts.queries import terms_of
from pomost.people.requests import DeskRequest
from pomost.portal.guard import contact_page
from pomost.rules.terms.parts import Channel
from pomost.tickets import access, actions
from pomost.tickets.actions.hold import UNSOLVED
from pomost.tickets.actions.visits import NOT_GIVEN
from pomost.tickets.errors import TicketRefused
from pomost.tickets.judgement import verdict_from_json
from pomost.tickets.models import Consent, Ticket, Visit
from pomost.tickets.visiting import has_begun, open_visit, visit_words


@dataclass(frozen=True, slots=True)
class VisitView:
    """The visit of a request, and what the customer can do about it."""

    visit: Visit | None
    """That is open; None: there is none."""
    question: str
    """The words that a yes is given to; empty unless a day waits for it."""
    words_sha256: str
    may_ask: bool
    may_change: bool
    """Another day can be wanted, or the visit called off."""
    made: int
    """Visits made so far."""


def visit_view(request: DeskRequest, ticket: Ticket) -> VisitView | None:
    """Return what to show of visits, or None: the request has none and can have none."""
    visit = open_visit(ticket)
    made = ticket.visits.filter(state=Visit.State.DONE).count()
    service = terms_of(ticket.terms).service(ticket.service)
    may_ask = (
        visit is None
        and ticket.state in UNSOLVED
        and Channel.VISIT in service.channels
        and verdict_from_json(ticket.verdict).outcome not in NOT_GIVEN
    )
    if visit is None and not may_ask and not made:
        return None
    is_asked = visit is not None and visit.state == Visit.State.PROPOSED
    question = visit_words(visit, request.LANGUAGE_CODE or "") if visit is not None and is_asked else ""
    return VisitView(
        visit,
        question,
        sha256(question.encode()).hexdigest() if question else "",
        may_ask,
        visit is not None and not has_begun(visit, request.now),
        made,
    )


def _back(request: DeskRequest, number: str) -> HttpResponse:
    return redirect("portal:request", request.vendor.slug, number)


@contact_page
@require_POST
def ask(request: DeskRequest, number: str) -> HttpResponse:
    """Ask for a visit."""
    ticket = access.ticket_of_contact(request.contact, number)
    place = actions.Place(request.POST.get("city", ""), request.POST.get("address", ""))
    actions.ask_for_visit(
        ticket,
        place,
        wish=request.POST.get("wish", ""),
        by=f"contact:{request.contact.pk}",
        at=request.now,
    )
    messages.info(request, gettext("We propose a day and write to you."))
    return _back(request, number)


@contact_page
@require_POST
def answer(request: DeskRequest, number: str) -> HttpResponse:
    """Agree to the proposed day, or want another one."""
    ticket = access.ticket_of_contact(request.contact, number)
    by, given = f"contact:{request.contact.pk}", request.POST.get("answer")
    if given == "yes":
        actions.agree_visit(
            ticket,
            contact=request.contact,
            channel=Consent.Channel.PORTAL,
            language=request.LANGUAGE_CODE or "",
            words_sha256=request.POST.get("words", "-") or "-",
            by=by,
            at=request.now,
        )
    elif given == "another":
        actions.ask_for_another_day(ticket, request.POST.get("wish", ""), by=by, at=request.now)
    else:
        raise TicketRefused(gettext("Agree to the day, or ask for another one."))
    return _back(request, number)


@contact_page
@require_POST
def cancel(request: DeskRequest, number: str) -> HttpResponse:
    """Call the visit off."""
    ticket = access.ticket_of_contact(request.contact, number)
    actions.cancel_visit(
        ticket, request.POST.get("reason", ""), by=f"contact:{request.contact.pk}", at=request.now
    )
    return _back(request, number)
