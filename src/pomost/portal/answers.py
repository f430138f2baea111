"""What the customer says on a request's page: one address an answer, each one action; the page is shown again after it.

An answer that is refused changes nothing. Where something was typed, the page comes back with it (422) and the sentence;
a refused click leads back to the page, with the sentence above it.
"""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from pomost.billing import access as billing_access
from pomost.billing import actions as billing
from pomost.contracts.queries import terms_of
from pomost.people import actions as people
from pomost.people.errors import NotFound, Refused
from pomost.people.requests import DeskRequest
from pomost.portal.asked import AskedView, case_of, consents_given, parts_asked
from pomost.portal.guard import contact_page
from pomost.portal.request_page import show
from pomost.rules.terms.parts import PartKind
from pomost.tickets import access, actions, queries
from pomost.tickets.actions import SeverityAnswer
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Consent, Ticket

TEXT_MAX = 20_000
OVER = (Ticket.State.CONFIRMED, Ticket.State.CLOSED)


def _ticket(request: DeskRequest, number: str) -> tuple[Ticket, str]:
    """Return the ticket and how the journal names the one who answers."""
    return access.ticket_of_contact(request.contact, number), f"contact:{request.contact.pk}"


def _back(request: DeskRequest, number: str) -> HttpResponse:
    return redirect("portal:request", request.vendor.slug, number)


def _text(request: DeskRequest) -> str:
    """Return what was typed.

    Raises:
        TicketRefused: it is longer than a message may be.
    """
    text = request.POST.get("text", "")
    if len(text) > TEXT_MAX:
        raise TicketRefused(
            gettext("The text has %(count)s characters; %(most)s fit. Send the rest by mail.")
            % {"count": len(text), "most": TEXT_MAX}
        )
    return text


@contact_page
@require_POST
def reply(request: DeskRequest, number: str) -> HttpResponse:
    """Write to the technician."""
    ticket, by = _ticket(request, number)
    try:
        if ticket.state in OVER:
            raise TicketRefused(
                gettext("Request %(number)s is over. Report it in a new request.") % {"number": ticket.number}
            )
        actions.customer_wrote(ticket, _text(request), contact=request.contact, by=by, at=request.now)
    except Refused as refused:
        return show(request, ticket, refused=refused, replying=request.POST.get("text", ""))
    return _back(request, number)


@contact_page
@require_POST
def complete(request: DeskRequest, number: str) -> HttpResponse:
    """Give what was missing, or say that it is on its way; a consent is kept with the words that were shown."""
    ticket, by = _ticket(request, number)
    asked = parts_asked(case_of(ticket, request), request.LANGUAGE_CODE or "", only=ticket.missing)
    try:
        with transaction.atomic():
            came = _came(request, ticket, asked, by)
            actions.complete_missing(
                ticket,
                parts=came,
                consents=consents_given(asked, request.POST, request.LANGUAGE_CODE or ""),
                contact=request.contact,
                channel=Consent.Channel.PORTAL,
                by=by,
                at=request.now,
            )
    except Refused as refused:
        return show(request, ticket, refused=refused)
    return _back(request, number)


def _came(request: DeskRequest, ticket: Ticket, asked: tuple[AskedView, ...], by: str) -> list[str]:
    """Keep the description and the telephone that were given; return the keys of all that came, consents left aside."""
    ticked = set(request.POST.getlist("part"))
    came = []
    for part in asked:
        given = request.POST.get(f"given-{part.id}", "").strip()
        if part.kind == PartKind.TEXT.value and given:
            actions.customer_wrote(ticket, given, contact=request.contact, by=by, at=request.now)
        elif part.kind == PartKind.PHONE.value and given:
            people.set_contact_phone(request.contact, given, by=by, at=request.now)
        elif (
            part.kind in (PartKind.CONSENT.value, PartKind.TEXT.value, PartKind.PHONE.value)
            or part.id not in ticked
        ):
            continue
        came.append(part.id)
    return came


@contact_page
@require_POST
def severity(request: DeskRequest, number: str) -> HttpResponse:
    """Agree to the proposed severity, or not."""
    ticket, by = _ticket(request, number)
    answer = SeverityAnswer(
        agreed=_is_yes(request),
        contact=request.contact,
        channel=Consent.Channel.PORTAL,
        language=request.LANGUAGE_CODE or "",
        words_sha256=request.POST.get("words", "-") or "-",
    )
    actions.answer_severity(ticket, answer, by=by, at=request.now)
    return _back(request, number)


@contact_page
@require_POST
def estimate(request: DeskRequest, number: str, estimate: int) -> HttpResponse:
    """Accept or decline a price; the answer is final."""
    ticket, by = _ticket(request, number)
    asked = billing_access.estimate_of_contact(request.contact, estimate)
    if asked.ticket_id != ticket.pk:
        raise NotFound(gettext("There is no such estimate here."))
    billing.decide_estimate(
        asked,
        accepted=_is_yes(request),
        text_sha256=request.POST.get("words", ""),
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
        ticket,
        contact=request.contact,
        channel=Consent.Channel.PORTAL,
        language=request.LANGUAGE_CODE or "",
        by=by,
        at=request.now,
    )
    messages.info(request, gettext("Thank you. The request is solved."))
    return _back(request, number)


@contact_page
@require_POST
def reject(request: DeskRequest, number: str) -> HttpResponse:
    """Say that it is not solved, and why."""
    ticket, by = _ticket(request, number)
    try:
        actions.reject_solution(
            ticket,
            _text(request),
            contact=request.contact,
            channel=Consent.Channel.PORTAL,
            language=request.LANGUAGE_CODE or "",
            by=by,
            at=request.now,
        )
    except Refused as refused:
        return show(request, ticket, refused=refused, rejecting=request.POST.get("text", ""))
    return _back(request, number)


@contact_page
@require_POST
def book(request: DeskRequest, number: str) -> HttpResponse:
    """Agree on one of the times that are offered."""
    ticket, by = _ticket(request, number)
    offered = queries.free_times(
        ticket.customer, terms_of(ticket.terms), ticket.service, request.now, moving=ticket
    )
    slot = queries.chosen_time(request.POST.get("slot", ""), offered)
    if slot is None:
        raise TicketRefused(gettext("Choose one of the times."))
    actions.customer_books(ticket, slot, by=by, at=request.now)
    return _back(request, number)


@contact_page
@require_POST
def cancel(request: DeskRequest, number: str) -> HttpResponse:
    """Give up the agreed time."""
    ticket, by = _ticket(request, number)
    actions.customer_cancels(ticket, by=by, at=request.now)
    return _back(request, number)


def _is_yes(request: DeskRequest) -> bool:
    """Return the answer that was clicked.

    Raises:
        TicketRefused: it is neither yes nor no; nobody's silence is an answer.
    """
    answer = request.POST.get("answer")
    if answer not in ("yes", "no"):
        raise TicketRefused(gettext("Choose yes or no."))
    return answer == "yes"
