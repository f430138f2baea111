"""What the customer says on a request's page: one address an answer, each one action; the page is shown again after it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from pomost.billing import actions as billing
from pomost.billing.models import Estimate
from pomost.contracts.queries import terms_of
from pomost.people.requests import DeskRequest
from pomost.portal.guard import contact_page
from pomost.rules.terms.model import said
from pomost.rules.terms.parts import PartKind
from pomost.tickets import access, actions
from pomost.tickets.actions.consents import ConsentGiven
from pomost.tickets.models import Consent, Ticket


def _ticket(request: DeskRequest, number: str) -> tuple[Ticket, str]:
    """Return the ticket and how the journal names the one who answers."""
    return access.ticket_of_contact(request.contact, number), f"contact:{request.contact.pk}"


def _back(request: DeskRequest, number: str) -> HttpResponse:
    return redirect("portal:request", request.vendor.slug, number)


@contact_page
@require_POST
def reply(request: DeskRequest, number: str) -> HttpResponse:
    """Write to the technician."""
    ticket, by = _ticket(request, number)
    actions.customer_wrote(
        ticket, request.POST.get("text", ""), contact=request.contact, by=by, at=request.now
    )
    return _back(request, number)


@contact_page
@require_POST
def complete(request: DeskRequest, number: str) -> HttpResponse:
    """Say that missing parts are on their way or given; a consent is kept with the words that were shown."""
    ticket, by = _ticket(request, number)
    language = request.LANGUAGE_CODE or ""
    named = set(request.POST.getlist("part"))
    parts = [part for part in terms_of(ticket.terms).parts_for(ticket.service) if part.id in named]
    consents = [
        ConsentGiven(part.id, True, said(part.ask, language), language)
        for part in parts
        if part.kind is PartKind.CONSENT
    ]
    others = [part.id for part in parts if part.kind is not PartKind.CONSENT]
    actions.complete_missing(
        ticket, parts=others, consents=consents, channel=Consent.Channel.PORTAL, by=by, at=request.now
    )
    return _back(request, number)


@contact_page
@require_POST
def severity(request: DeskRequest, number: str) -> HttpResponse:
    """Agree to the proposed severity, or not."""
    ticket, by = _ticket(request, number)
    answer = actions.agree_severity if request.POST.get("answer") == "yes" else actions.refuse_severity
    answer(ticket, contact=request.contact, channel=Consent.Channel.PORTAL, by=by, at=request.now)
    return _back(request, number)


@contact_page
@require_POST
def estimate(request: DeskRequest, number: str, estimate: int) -> HttpResponse:
    """Accept or decline a price; the answer is final."""
    ticket, by = _ticket(request, number)
    asked = get_object_or_404(Estimate, pk=estimate, ticket=ticket)
    billing.decide_estimate(
        asked,
        accepted=request.POST.get("answer") == "yes",
        contact=request.contact,
        channel=Consent.Channel.PORTAL,
        by=by,
        at=request.now,
    )
    return _back(request, number)


@contact_page
@require_POST
def confirm(request: DeskRequest, number: str) -> HttpResponse:
    """Say that it is solved."""
    ticket, by = _ticket(request, number)
    actions.confirm_solution(
        ticket, contact=request.contact, channel=Consent.Channel.PORTAL, by=by, at=request.now
    )
    messages.info(request, gettext("Thank you. The request is solved."))
    return _back(request, number)


@contact_page
@require_POST
def reject(request: DeskRequest, number: str) -> HttpResponse:
    """Say that it is not solved, and why."""
    ticket, by = _ticket(request, number)
    actions.reject_solution(
        ticket,
        request.POST.get("text", ""),
        contact=request.contact,
        channel=Consent.Channel.PORTAL,
        by=by,
        at=request.now,
    )
    return _back(request, number)
