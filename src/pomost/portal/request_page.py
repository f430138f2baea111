"""One request as the customer sees it: what waits for an answer, the promises, the talk, the money so far."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_safe

from pomost.billing.complained import complaints_about
from pomost.billing.models import Complaint, Estimate
from pomost.billing.queries import cost_so_far, cost_words, invoices_of
from pomost.contracts.calendars import CalendarBook
from pomost.contracts.queries import local_day, terms_of
from pomost.people import formats
from pomost.people.calendar_file import MEDIA_TYPE, Method, calendar_file
from pomost.people.errors import Refused
from pomost.people.queries import names_of
from pomost.people.requests import DeskRequest
from pomost.portal.afterwards import afterwards
from pomost.portal.foretold import reachable
from pomost.portal.guard import contact_page
from pomost.portal.restrictions import notice_for
from pomost.portal.shell import page
from pomost.portal.slots import only_name
from pomost.portal.visits import visit_view
from pomost.portal.waiting import Ask, waiting_for
from pomost.rules.entitlement import Outcome
from pomost.rules.levels import Level
from pomost.rules.terms.model import said
from pomost.tickets import access, actions, queries
from pomost.tickets.judgement import verdict_from_json
from pomost.tickets.models import Booking, Ticket
from pomost.ui.decision_parts import actors_in, why_view
from pomost.ui.file_parts import file_views
from pomost.ui.parts import LEVELS, RungState, RungView, WhyView
from pomost.ui.product_parts import advice_view, error_view
from pomost.ui.ticket_parts import chain_views, kin_views, message_views

OVER = (Ticket.State.CONFIRMED, Ticket.State.CLOSED)
CHARGED = (Outcome.PAID, Outcome.SOLD_SEPARATELY, Outcome.ASK_PERSON)


@dataclass(frozen=True, slots=True)
class CostView:
    """What the work costs, and how long it took."""

    amount: str
    length: str


@dataclass(frozen=True, slots=True)
class AgreedView:
    """The agreed time, and whether the customer may still change it here."""

    starts_at: datetime
    ends_at: datetime
    technician: str
    is_over: bool
    may_change: bool
    change_until: datetime | None


@contact_page
@require_safe
def request_page(request: DeskRequest, number: str) -> HttpResponse:
    """Show one request of the contact's own customer."""
    return show(request, access.ticket_of_contact(request.contact, number))


@contact_page
@require_safe
def invitation(request: DeskRequest, number: str) -> HttpResponse:
    """Give the agreed time as a file that calendars read; where none is agreed any more, go back and say so."""
    ticket = access.ticket_of_contact(request.contact, number)
    booking = queries.booking_of(ticket)
    if booking is None:
        messages.error(request, gettext("No time is agreed for this request. Look at its page."))
        return redirect("portal:request", request.vendor.slug, ticket.number)
    event = queries.event_for_customer(
        ticket,
        queries.event_name(ticket),
        (booking.starts_at, booking.ends_at),
        booking.technician,
        request.build_absolute_uri(reverse("portal:request", args=[request.vendor.slug, number])),
    )
    content = calendar_file([replace(event, attendees=())], Method.PUBLISH, at=request.now)
    answer = HttpResponse(content, content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = 'attachment; filename="invite.ics"'
    return answer


def show(
    request: DeskRequest,
    ticket: Ticket,
    *,
    refused: Refused | None = None,
    replying: str = "",
    rejecting: str = "",
    complaining: str = "",
) -> HttpResponse:
    """Show a request; after a refused answer with its sentence and what was typed, as 422."""
    if refused is not None:
        messages.error(request, str(refused))
    typed = request.POST if refused else QueryDict()
    context = {
        **_context(request, ticket, typed),
        "replying": replying,
        "rejecting": rejecting,
        "complaining": complaining,
    }
    return page(request, "portal/request.html", "requests", context, status=422 if refused else 200)


def agreed_view(ticket: Ticket, booking: Booking | None, request: DeskRequest) -> AgreedView | None:
    """Return the agreed time as the customer reads it; None where there is none."""
    if booking is None:
        return None
    until, is_over = actions.change_until(ticket, booking), booking.ends_at <= request.now
    return AgreedView(
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        technician=booking.technician.person.name,
        is_over=is_over,
        may_change=ticket.state not in OVER and (is_over or (until is not None and request.now <= until)),
        change_until=None if is_over else until,
    )


def _context(request: DeskRequest, ticket: Ticket, typed: QueryDict) -> dict[str, object]:
    language = request.LANGUAGE_CODE or ""
    terms = terms_of(ticket.terms)
    verdict = verdict_from_json(ticket.verdict)
    open_estimates = list(ticket.estimates.filter(state=Estimate.State.PROPOSED).order_by("pk"))
    waiting = waiting_for(ticket, open_estimates, request, typed)
    is_over = ticket.state in OVER
    booking = queries.booking_of(ticket)
    service = terms.service(ticket.service)
    about = [
        said(terms.family(ticket.family).name, language) if ticket.family else "",
        said(terms.package(ticket.package).name, language) if ticket.package else "",
        said(terms.severity(ticket.severity).name, language) if ticket.severity else "",
    ]
    level = reachable(verdict)
    agreed = agreed_view(ticket, booking, request)
    days = (
        ()
        if is_over or (agreed is not None and not agreed.may_change)
        else queries.other_times(
            queries.free_times(ticket.customer, terms, ticket.service, request.now, moving=ticket), booking
        )
    )
    return {
        "ticket": ticket,
        "state_text": _state(ticket, request),
        "waiting": waiting,
        "restricted": notice_for(request, ticket),
        "is_asked": any(each.ask is Ask.QUESTION for each in waiting),
        "posts": chain_views(
            queries.chain(ticket, request.now, book=CalendarBook.of(ticket.vendor_id), language=language),
            terms,
            request.now,
            language=language,
        ),
        "talk": message_views(queries.timeline(ticket, internal=False, language=language), request.now),
        "service": said(service.name, language),
        "about": " · ".join(each for each in about if each),
        "decisions": _decisions(ticket, request, language),
        "kin": kin_views(
            queries.kin_of(ticket),
            lambda each: reverse("portal:request", args=[request.vendor.slug, each.number]),
        ),
        "known_errors": [
            error_view(each, language) for each in queries.errors_of(ticket) if each.state in queries.PUBLIC
        ],
        "advice": advice_view(queries.advice_for(ticket, local_day(request.vendor, request.now)), language),
        "rungs": _rungs(level) if level > Level.NONE and not is_over else [],
        "is_over": is_over,
        "agreed": agreed,
        "visit": visit_view(request, ticket),
        "days": days,
        "slots_with": only_name(days),
        "cost": _cost(ticket, request) if verdict.outcome in CHARGED else None,
        "afterwards": afterwards(ticket, request),
        "complaints": (said_against := complaints_about(ticket)),
        "may_complain": ticket.state == Ticket.State.CONFIRMED
        and not any(each.state == Complaint.State.OPEN for each in said_against),
        "files": file_views(actions.subject_of(ticket)),
        "invoices": invoices_of(ticket),
        "consents": ticket.consents.order_by("pk"),
        "ticked": typed.getlist("part"),
        "slot": "",
    }


def _decisions(ticket: Ticket, request: DeskRequest, language: str) -> list[WhyView]:
    """Return what holds for the request now, the entitlement first, each with its reasons."""
    me = f"contact:{request.contact.pk}"
    kept = [
        each
        for each in queries.decisions_in_force(ticket)
        if each.decision.value("restricted-contact") in (None, me)  # a colleague's is nobody else's to read
    ]
    names = names_of(actors_in(kept))
    return [why_view(each, names, now=request.now, language=language, internal=False) for each in kept]


def _cost(ticket: Ticket, request: DeskRequest) -> CostView | None:
    """Return what the work costs so far; None before any work."""
    cost = cost_so_far(ticket, now=request.now)
    if not cost.worked_seconds:
        return None
    return CostView(cost_words(cost), formats.hours(timedelta(seconds=cost.worked_seconds)))


def _state(ticket: Ticket, request: DeskRequest) -> str:
    words = {
        Ticket.State.INCOMPLETE: gettext("Something is missing"),
        Ticket.State.OPEN: pgettext("state", "Open"),
        Ticket.State.WAITING: gettext("Waits for you"),
        Ticket.State.SOLVED: gettext("A solution is there"),
        Ticket.State.CONFIRMED: pgettext("state", "Solved"),
        Ticket.State.CLOSED: gettext("Closed without a solution"),
    }
    if ticket.merged_into is not None:
        return gettext("Goes on as %(number)s") % {"number": ticket.merged_into.number}
    word = words[Ticket.State(ticket.state)]
    if ticket.state == Ticket.State.SOLVED and ticket.silence_ends_at is not None:
        last_day = formats.day(ticket.silence_ends_at - timedelta(seconds=1), request.now)
        return gettext("%(state)s. Without an answer by the end of %(day)s it counts as solved.") % {
            "state": word,
            "day": last_day,
        }
    return word


def _rungs(ceiling: Level) -> list[RungView]:
    """Return the ladder as it can be granted: what the service allows, nothing given yet."""
    return [
        RungView(level, RungState.FREE if place <= ceiling else RungState.LOCKED)
        for place, level in enumerate(LEVELS, 1)
    ]
