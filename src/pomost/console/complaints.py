"""Complaints about the work on a request, and the way of a technician to the customer.

One page shows what was complained of, how it stands by the terms, and what can be decided; another takes the travel of a
request in work. What may be done is billing's and worklog's decision; a refusal comes back onto the page.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pomost.billing import actions
from pomost.billing.actions.complaints import REASON_CHARACTERS_MAX
from pomost.billing.complained import complaints_about, judged, liability
from pomost.billing.costs import complaint_of
from pomost.billing.errors import BillingRefused
from pomost.billing.models import Complaint
from pomost.console.answers import CONFLICT, UNPROCESSABLE, actor
from pomost.console.forms import TEXT_MAX, DeskForm
from pomost.console.guard import technician_page
from pomost.console.shell import page
from pomost.contracts.queries import local_day, terms_in_force, terms_of
from pomost.people.errors import NotFound, Refused
from pomost.people.queries import names_of
from pomost.people.requests import DeskRequest
from pomost.rules.decision import Decision
from pomost.rules.terms.model import Terms, said
from pomost.tickets import access
from pomost.tickets.models import Consent, Ticket
from pomost.tickets.queries import Explained
from pomost.ui.decision_parts import actors_in, why_view
from pomost.ui.parts import WhyView
from pomost.worklog.actions import TravelAgreed, enter_travel


class ComplainForm(DeskForm):
    """What the customer said on the phone."""

    text = forms.CharField(
        label=_("What is wrong with the work"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": "3"}),
    )


class AcceptForm(DeskForm):
    """Why a complaint is accepted; the action asks for it where the terms do not."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": "2"}),
    )


class RejectForm(DeskForm):
    """Why, and by which clause."""

    clause = forms.ChoiceField(label=_("Clause"), widget=forms.Select(attrs={"class": "form-select"}))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": "2"}),
        error_messages={"required": _("Say why: the customer reads it.")},
    )

    def __init__(self, *args: Any, clauses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].choices = clauses  # type: ignore[attr-defined]


class TravelForm(DeskForm):
    """A way that was travelled, and the sum that was agreed to where the price list states none."""

    key = forms.ChoiceField(label=_("Price of travel"), widget=forms.Select(attrs={"class": "form-select"}))
    quantity = forms.DecimalField(
        label=_("How much: visits, km or hours"),
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        initial=1,
        widget=forms.NumberInput(attrs={"class": "form-control", "step": "0.01"}),
    )
    travelled_on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )
    agreed_net = forms.DecimalField(
        label=_("Sum agreed to by phone, net"),
        required=False,
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=2,
        help_text=_("Only where the price list states no price."),
        widget=forms.NumberInput(attrs={"class": "form-control", "step": "0.01"}),
    )
    note = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args: Any, travels: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = travels  # type: ignore[attr-defined]
        self.fields["key"].required = bool(travels[0][0])


@technician_page()
@require_safe
def complaints(request: DeskRequest, number: str) -> HttpResponse:
    """Show what was complained of about a request."""
    return _page(request, access.ticket(request.technician, number))


def _page(
    request: DeskRequest, ticket: Ticket, *, refused: str = "", status: int = 200, **typed: DeskForm
) -> HttpResponse:
    terms = terms_of(ticket.terms)
    language = request.technician.person.language
    found = complaints_about(ticket)
    waiting = next((each for each in found if each.state == Complaint.State.OPEN), None)
    verdict = judged(ticket, waiting.received_at if waiting else request.now) if ticket.confirmed_at else None
    cap = liability(ticket)
    context: dict[str, object] = {
        "ticket": ticket,
        "complaints": found,
        "waiting": waiting,
        "verdict": _why(request, terms, verdict, language) if verdict else None,
        "cap": _why(request, terms, cap, language) if cap else None,
        "may_complain": ticket.state == Ticket.State.CONFIRMED and waiting is None,
        "complain": typed.get("complain") or ComplainForm(),
        "accept": typed.get("accept") or AcceptForm(),
        "reject": typed.get("reject") or RejectForm(clauses=clauses_of(terms, language)),
        "opens": next(iter(typed), ""),
        "refused": refused,
    }
    return page(request, "console/complaints.html", "board", context, status=status)


def _why(request: DeskRequest, terms: Terms, decision: Decision, language: str) -> WhyView:
    shown = Explained(decision, terms, actor(request), request.now)
    return why_view(shown, names_of(actors_in([shown])), now=request.now, language=language, internal=True)


def clauses_of(terms: Terms, language: str) -> list[tuple[str, str]]:
    """Return the clauses by which a complaint may be rejected: the terms' refusals, then those of the warranty."""
    found = {each.clause: said(each.name, language) for each in terms.refusals}
    rule = terms.warranty
    others = (rule.clause, *rule.liability_clauses) if rule else tuple(each.id for each in terms.clauses)
    for key in others:
        found.setdefault(key, said(terms.clause(key).sentence, language))
    return [(key, f"§ {key}: {words}"[:160]) for key, words in found.items()]


def _doing(
    request: DeskRequest,
    ticket: Ticket,
    act: Callable[[], object],
    name: str = "",
    form: DeskForm | None = None,
) -> HttpResponse:
    """Act and go back to the page; a refusal comes with what was typed."""
    try:
        act()
    except NotFound:
        raise
    except Refused as refused:
        typed = {name: form} if form is not None else {}
        return _page(request, ticket, refused=str(refused), status=CONFLICT, **typed)
    return redirect("console:complaints", request.vendor.slug, ticket.number)


def _waiting(request: DeskRequest, number: str) -> Complaint:
    """Return the complaint that waits for its decision.

    Raises:
        NotFound: no such request.
        BillingRefused: no complaint about it waits.
    """
    ticket = access.ticket(request.technician, number)
    found = Complaint.objects.filter(ticket=ticket, state=Complaint.State.OPEN).first()
    if found is None:
        raise BillingRefused(gettext("No complaint about this request waits for a decision."))
    return found


@technician_page()
@require_POST
def complain(request: DeskRequest, number: str) -> HttpResponse:
    """Note a complaint that came by phone."""
    ticket = access.ticket(request.technician, number)
    form = ComplainForm(request.POST)
    if not form.is_valid():
        return _page(request, ticket, status=UNPROCESSABLE, complain=form)
    text: str = form.cleaned_data["text"]
    return _doing(
        request,
        ticket,
        lambda: actions.complain(
            ticket,
            text,
            contact=ticket.contact,
            channel=Consent.Channel.PHONE,
            by=actor(request),
            at=request.now,
        ),
        "complain",
        form,
    )


@technician_page()
@require_POST
def examine(request: DeskRequest, number: str) -> HttpResponse:
    """Register the request in which the complaint is looked at."""
    found = _waiting(request, number)
    return _doing(
        request, found.ticket, lambda: actions.examine_complaint(found, by=actor(request), at=request.now)
    )


@technician_page()
@require_POST
def accept(request: DeskRequest, number: str) -> HttpResponse:
    """Accept the complaint: a free repair, or goodwill."""
    found = _waiting(request, number)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return _page(request, found.ticket, status=UNPROCESSABLE, accept=form)
    reason: str = form.cleaned_data["reason"]
    return _doing(
        request,
        found.ticket,
        lambda: actions.accept_complaint(found, reason=reason, by=actor(request), at=request.now),
        "accept",
        form,
    )


@technician_page()
@require_POST
def reject(request: DeskRequest, number: str) -> HttpResponse:
    """Reject the complaint."""
    found = _waiting(request, number)
    language = request.technician.person.language
    form = RejectForm(request.POST, clauses=clauses_of(terms_of(found.ticket.terms), language))
    if not form.is_valid():
        return _page(request, found.ticket, status=UNPROCESSABLE, reject=form)
    given = form.cleaned_data
    return _doing(
        request,
        found.ticket,
        lambda: actions.reject_complaint(
            found,
            reason=given["reason"],
            clause=given["clause"],
            technician=request.technician,
            by=actor(request),
            at=request.now,
        ),
        "reject",
        form,
    )


@technician_page()
@require_http_methods(["GET", "HEAD", "POST"])
def travel(request: DeskRequest, number: str) -> HttpResponse:
    """Enter a technician's way to the customer."""
    ticket = access.ticket(request.technician, number)
    today = local_day(request.vendor, request.now)
    _version, terms = terms_in_force(request.vendor, today)
    language = request.technician.person.language
    travels = [(each.travel.key, said(each.name, language)) for each in terms.travels(today, ticket.service)]
    choices = travels or [("", str(_("The price list has none")))]
    form = TravelForm(
        request.POST if request.method == "POST" else None, travels=choices, initial={"travelled_on": today}
    )
    refused, status = "", 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                _enter(request, ticket, form.cleaned_data)
            except NotFound:
                raise
            except Refused as sentence:
                refused, status = str(sentence), CONFLICT
            else:
                return redirect("console:ticket", request.vendor.slug, ticket.number)
    context: dict[str, object] = {
        "ticket": ticket,
        "form": form,
        "refused": refused,
        "entered": ticket.travels.order_by("pk"),
        "is_complaint": complaint_of(ticket) is not None,
    }
    return page(request, "console/travel.html", "board", context, status=status)


def _enter(request: DeskRequest, ticket: Ticket, given: dict[str, Any]) -> None:
    net = given["agreed_net"]
    enter_travel(
        ticket,
        technician=request.technician,
        key=given["key"],
        quantity=given["quantity"],
        travelled_on=given["travelled_on"],
        agreed=None if net is None else TravelAgreed(net, ticket.contact, Consent.Channel.PHONE),
        note=given["note"],
        by=actor(request),
        at=request.now,
    )
