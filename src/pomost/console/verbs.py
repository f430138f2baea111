"""What the buttons and forms of a ticket's page do: one POST, one action, then back to the page.

A refusal is shown on the same page with what was typed, so nothing has to be written twice.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from pomost.billing import actions as billing
from pomost.billing.queries import open_estimate, question
from pomost.console.answers import CONFLICT, UNPROCESSABLE, actor
from pomost.console.forms import (
    BookForm,
    CloseForm,
    DecisionForm,
    EstimateForm,
    OverrunForm,
    SeverityAnswerForm,
    SeverityForm,
    ToldForm,
    WordsForm,
)
from pomost.console.guard import technician_page
from pomost.console.phone_consents import agreed
from pomost.console.ticket import contacts_of, paid_choices, ticket_page
from pomost.contracts.queries import local_day, terms_of
from pomost.people import access as people
from pomost.people.errors import NotFound, Refused
from pomost.people.queries import on_call
from pomost.people.requests import DeskRequest
from pomost.rules.terms.model import said
from pomost.tickets import access, actions
from pomost.tickets.actions.severity import open_proposal
from pomost.tickets.models import Ticket

PHONE = Ticket.Channel.PHONE
"""What staff notes here was said on the phone."""

Act = Callable[[Ticket], object]


def _do(
    request: DeskRequest, ticket: Ticket, act: Act, typed: Mapping[str, Form] | None = None
) -> HttpResponse:
    """Act, then show the ticket; if it is refused, show why beside what was typed."""
    try:
        act(ticket)
    except NotFound:
        raise
    except Refused as refused:
        fresh = access.ticket(request.technician, ticket.number)
        return ticket_page(request, fresh, refused=str(refused), typed=typed, status=CONFLICT)
    return redirect("console:ticket", request.vendor.slug, ticket.number)


def _write(request: DeskRequest, number: str, key: str, act: Callable[[Ticket, str], object]) -> HttpResponse:
    """Do what needs a text; without one, say so beside the field."""
    ticket = access.ticket(request.technician, number)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return ticket_page(request, ticket, typed={key: form}, status=UNPROCESSABLE)
    text: str = form.cleaned_data["text"]
    return _do(request, ticket, lambda held: act(held, text), {key: form})


@technician_page()
@require_POST
def take(request: DeskRequest, number: str) -> HttpResponse:
    """Make the ticket the technician's own."""
    ticket = access.ticket(request.technician, number)
    return _do(
        request,
        ticket,
        lambda held: actions.take(held, request.technician, by=actor(request), at=request.now),
    )


@technician_page()
@require_POST
def begin(request: DeskRequest, number: str) -> HttpResponse:
    """Note that work began."""
    ticket = access.ticket(request.technician, number)
    return _do(request, ticket, lambda held: actions.begin_work(held, by=actor(request), at=request.now))


@technician_page()
@require_POST
def told(request: DeskRequest, number: str) -> HttpResponse:
    """Note that the customer was told the number by phone: that stops the reaction clock at the moment of the call."""
    ticket = access.ticket(request.technician, number)
    form = ToldForm(request.POST)
    if not form.is_valid():
        return ticket_page(request, ticket, typed={"told": form}, status=UNPROCESSABLE)
    at_told = _moment_of_call(form.cleaned_data["told_at"], ticket.registered_at, request.now)
    return _do(
        request,
        ticket,
        lambda held: actions.number_told(
            held, how="phone", at_told=at_told, by=actor(request), at=request.now
        ),
        {"told": form},
    )


def _moment_of_call(typed: datetime | None, begins: datetime, now: datetime) -> datetime:
    """Return when it was said; the field knows whole minutes, and the one in which it could first be said counts."""
    if typed is None:
        return now
    return begins if typed == begins.replace(second=0, microsecond=0) else typed


@technician_page()
@require_POST
def mail_again(request: DeskRequest, number: str) -> HttpResponse:
    """Let the mail with the number be tried again at once."""
    ticket = access.ticket(request.technician, number)
    return _do(
        request,
        ticket,
        lambda held: actions.send_notice_again(held, by=actor(request), at=request.now),
    )


@technician_page()
@require_POST
def package(request: DeskRequest, number: str) -> HttpResponse:
    """Note that the customer could show the package they named."""
    ticket = access.ticket(request.technician, number)
    claimed = request.POST.get("package", "") or ticket.package_claimed
    return _do(
        request,
        ticket,
        lambda held: actions.set_package_shown(
            held, package=claimed, shown=True, by=actor(request), at=request.now
        ),
    )


@technician_page()
@require_POST
def decide(request: DeskRequest, number: str) -> HttpResponse:
    """Decide what the terms leave open; the reason is kept."""
    ticket = access.ticket(request.technician, number)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return ticket_page(request, ticket, typed={"decide": form}, status=UNPROCESSABLE)
    chosen = form.cleaned_data
    return _do(
        request,
        ticket,
        lambda held: actions.decide(
            held, chosen["outcome"], chosen["reason"], by=actor(request), at=request.now
        ),
        {"decide": form},
    )


@technician_page()
@require_POST
def overrun(request: DeskRequest, number: str) -> HttpResponse:
    """Decide how to go on when the promised time is over and the terms do not say; the reason is kept."""
    ticket = access.ticket(request.technician, number)
    form = OverrunForm(request.POST, services=paid_choices(request, ticket))
    if not form.is_valid():
        return ticket_page(request, ticket, typed={"overrun": form}, status=UNPROCESSABLE)
    chosen = form.cleaned_data
    return _do(
        request,
        ticket,
        lambda held: actions.decide_overrun(
            held,
            chosen["way"],
            chosen["reason"],
            service=chosen["service"],
            by=actor(request),
            at=request.now,
        ),
        {"overrun": form},
    )


@technician_page()
@require_POST
def reply(request: DeskRequest, number: str) -> HttpResponse:
    """Write to the customer; with the box ticked, wait for their answer."""
    who, at = request.technician, request.now

    def act(ticket: Ticket, text: str) -> None:
        if request.POST.get("wait"):
            actions.wait_for_customer(ticket, question=text, technician=who, by=actor(request), at=at)
        else:
            actions.reply(ticket, text, technician=who, by=actor(request), at=at)

    return _write(request, number, "reply", act)


@technician_page()
@require_POST
def note(request: DeskRequest, number: str) -> HttpResponse:
    """Write what only colleagues read."""
    return _write(
        request,
        number,
        "note",
        lambda ticket, text: actions.note(
            ticket, text, technician=request.technician, by=actor(request), at=request.now
        ),
    )


@technician_page()
@require_POST
def call(request: DeskRequest, number: str) -> HttpResponse:
    """Note what was said on the phone."""
    return _write(
        request,
        number,
        "call",
        lambda ticket, text: actions.note_call(
            ticket, text, technician=request.technician, by=actor(request), at=request.now
        ),
    )


@technician_page()
@require_POST
def solve(request: DeskRequest, number: str) -> HttpResponse:
    """Propose a solution and ask the customer to confirm it."""
    return _write(
        request,
        number,
        "solve",
        lambda ticket, text: actions.propose_solution(
            ticket, text, technician=request.technician, by=actor(request), at=request.now
        ),
    )


@technician_page()
@require_POST
def answer(request: DeskRequest, number: str) -> HttpResponse:
    """Propose a first answer."""
    return _write(
        request,
        number,
        "answer",
        lambda ticket, text: actions.propose_answer(
            ticket, text, technician=request.technician, by=actor(request), at=request.now
        ),
    )


@technician_page()
@require_POST
def severity(request: DeskRequest, number: str) -> HttpResponse:
    """Propose another severity; nothing changes until the customer agrees."""
    ticket = access.ticket(request.technician, number)
    language = request.technician.person.language
    known = [(each.id, said(each.name, language)) for each in terms_of(ticket.terms).severities]
    form = SeverityForm(request.POST, severities=known)
    if not form.is_valid():
        return ticket_page(request, ticket, typed={"severity": form}, status=UNPROCESSABLE)
    wanted: str = form.cleaned_data["severity"]
    return _do(
        request,
        ticket,
        lambda held: actions.propose_severity(held, wanted, by=actor(request), at=request.now),
        {"severity": form},
    )


@technician_page()
@require_POST
def severity_answer(request: DeskRequest, number: str) -> HttpResponse:
    """Note what the customer said on the phone about the proposed severity."""
    ticket = access.ticket(request.technician, number)
    form = SeverityAnswerForm(request.POST, contacts=contacts_of(ticket))
    if not form.is_valid():
        return ticket_page(request, ticket, typed={"severity_answer": form}, status=UNPROCESSABLE)
    given = form.cleaned_data
    contact = ticket.customer.contacts.get(pk=int(given["who"]))
    proposal = open_proposal(ticket)
    begins = proposal.proposed_at if proposal else ticket.registered_at
    answer = actions.SeverityAnswer(
        given["agreed"] == "yes",
        contact,
        PHONE,
        said_at=_moment_of_call(given["said_at"], begins, request.now),
    )
    return _do(
        request,
        ticket,
        lambda held: actions.answer_severity(held, answer, by=actor(request), at=request.now),
        {"severity_answer": form},
    )


@technician_page()
@require_POST
def confirm(request: DeskRequest, number: str) -> HttpResponse:
    """Note that the customer confirmed the solution on the phone."""
    ticket = access.ticket(request.technician, number)
    return _do(
        request,
        ticket,
        lambda held: actions.confirm_solution(
            held, contact=held.contact, channel=PHONE, by=actor(request), at=request.now
        ),
    )


@technician_page()
@require_POST
def complete(request: DeskRequest, number: str) -> HttpResponse:
    """Note that what was missing has come."""
    ticket = access.ticket(request.technician, number)

    def act(held: Ticket) -> None:
        keys = request.POST.getlist("parts")
        consents = agreed(
            terms_of(held.terms),
            keys,
            language=held.contact.language,
            day=local_day(request.vendor, request.now),
            service=held.service,
            family=held.family,
        )
        actions.complete_missing(
            held, parts=keys, consents=consents, channel=PHONE, by=actor(request), at=request.now
        )

    return _do(request, ticket, act)


@technician_page()
@require_POST
def estimate_answer(request: DeskRequest, number: str) -> HttpResponse:
    """Note what the customer said on the phone about the estimate; the answer is final."""
    ticket = access.ticket(request.technician, number)

    def act(held: Ticket) -> None:
        estimate = open_estimate(held)
        if estimate is None:
            raise Refused(gettext("No estimate waits for an answer."))
        billing.decide_estimate(
            estimate,
            accepted=request.POST.get("agreed") == "yes",
            text_sha256=question(estimate).text_sha256,
            contact=held.contact,
            channel=PHONE,
            by=actor(request),
            at=request.now,
        )

    return _do(request, ticket, act)


@technician_page()
@require_POST
def estimate(request: DeskRequest, number: str) -> HttpResponse:
    """Name a price for going on, outside a session."""
    ticket = access.ticket(request.technician, number)
    form = EstimateForm(request.POST)
    if not form.is_valid():
        return ticket_page(request, ticket, typed={"estimate": form}, status=UNPROCESSABLE)

    def act(held: Ticket) -> None:
        billing.propose_estimate(
            held,
            technician=request.technician,
            more_seconds=int(form.cleaned_data["more_hours"] * 3600),
            reason=form.cleaned_data["reason"],
            quoted_net=form.cleaned_data["quoted_net"],
            by=actor(request),
            at=request.now,
        )

    return _do(request, ticket, act, {"estimate": form})


@technician_page()
@require_POST
def book(request: DeskRequest, number: str) -> HttpResponse:
    """Agree on a time with the customer."""
    ticket = access.ticket(request.technician, number)
    staff = [(str(each.pk), each.person.name) for each in on_call(request.vendor)]
    form = BookForm(request.POST, technicians=staff)
    if not form.is_valid():
        return ticket_page(request, ticket, typed={"book": form}, status=UNPROCESSABLE)
    wanted = form.cleaned_data
    technician = people.colleague(request.technician, int(wanted["technician"]))
    slot = actions.Slot(
        technician, wanted["starts_at"], wanted["starts_at"] + timedelta(minutes=wanted["minutes"])
    )
    return _do(
        request,
        ticket,
        lambda held: actions.book(held, slot, by=actor(request), at=request.now),
        {"book": form},
    )


@technician_page()
@require_POST
def close(request: DeskRequest, number: str) -> HttpResponse:
    """Close a ticket without a solution."""
    ticket = access.ticket(request.technician, number)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return ticket_page(request, ticket, typed={"close": form}, status=UNPROCESSABLE)
    reason: str = form.cleaned_data["reason"]
    return _do(
        request,
        ticket,
        lambda held: actions.close(held, reason, by=actor(request), at=request.now),
        {"close": form},
    )
