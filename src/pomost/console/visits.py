"""The visits of a request: what the terms say, the day, the customer's word, what was made of it.

One page shows it and takes each step; what may be done is decided by tickets and worklog, and a refusal comes back onto the
page with what was typed. The calendar of all technicians is calendar.py.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from pomost.console.answers import CONFLICT, UNPROCESSABLE, actor
from pomost.console.forms import DeskForm
from pomost.console.guard import technician_page
from pomost.console.shell import page
from pomost.console.ticket import OVER, contacts_of
from pomost.contracts.queries import terms_of
from pomost.people import access as people
from pomost.people.errors import NotFound, Refused
from pomost.people.queries import names_of
from pomost.people.requests import DeskRequest
from pomost.rules.decision import Decision, Subject
from pomost.rules.terms.parts import TravelTerms
from pomost.rules.visits import CITY_CHARACTERS_MAX
from pomost.tickets import access, actions, queries
from pomost.tickets.actions.visits import REASON_CHARACTERS_MAX, TEXT_CHARACTERS_MAX
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Consent, Ticket, Visit
from pomost.tickets.queries import Explained
from pomost.tickets.visiting import judged, open_visit, visit_words
from pomost.ui.decision_parts import actors_in, why_view
from pomost.ui.parts import WhyView
from pomost.worklog.visits import Made, finish_visit, way_of

CONTROL: Final = {"class": "form-control"}
WHEN_FORMAT: Final = "%Y-%m-%dT%H:%M"


def _when(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={**CONTROL, "type": "datetime-local"}, format=WHEN_FORMAT)
    return forms.DateTimeField(label=label, widget=widget)


def _minutes(initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Minutes"),
        min_value=5,
        max_value=24 * 60,
        initial=initial,
        widget=forms.NumberInput(attrs=CONTROL),
    )


class ProposeForm(DeskForm):
    """Where, who and when; and why, where a person is asked."""

    city = forms.CharField(
        label=_("City"), max_length=CITY_CHARACTERS_MAX, widget=forms.TextInput(attrs=CONTROL)
    )
    address = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=TEXT_CHARACTERS_MAX,
        widget=forms.TextInput(attrs=CONTROL),
    )
    technician = forms.ChoiceField(label=_("Who"), widget=forms.Select(attrs={"class": "form-select"}))
    starts_at = _when(_("When"))
    minutes = _minutes(120)
    reason = forms.CharField(
        label=_("Why it is made nevertheless"),
        required=False,
        max_length=REASON_CHARACTERS_MAX,
        help_text=_("Only where the terms or the contract ask a person. The reason is kept."),
        widget=forms.Textarea(attrs={**CONTROL, "rows": "2"}),
    )

    def __init__(self, *args: Any, technicians: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technician"].choices = technicians  # type: ignore[attr-defined]


class AgreeForm(DeskForm):
    """Who said yes on the phone."""

    who = forms.ChoiceField(label=_("Who said it"), widget=forms.Select(attrs={"class": "form-select"}))

    def __init__(self, *args: Any, contacts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = contacts  # type: ignore[attr-defined]


class CallOffForm(DeskForm):
    """Why a visit is called off."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.TextInput(attrs=CONTROL),
        error_messages={"required": _("Say why: the customer reads it.")},
    )


class MadeForm(DeskForm):
    """What was worked, and the way where the price list has one."""

    started_at = _when(_("Began at"))
    minutes = _minutes(60)
    note = forms.CharField(
        label=_("What was done"), max_length=TEXT_CHARACTERS_MAX, widget=forms.TextInput(attrs=CONTROL)
    )
    travelled = forms.DecimalField(
        label=_("How far: km or hours"),
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        widget=forms.NumberInput(attrs={**CONTROL, "step": "0.01"}),
    )
    agreed_net = forms.DecimalField(
        label=_("Sum agreed to for the way, net"),
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=2,
        help_text=_("The price list states none, so the customer agreed to a sum."),
        widget=forms.NumberInput(attrs={**CONTROL, "step": "0.01"}),
    )

    def __init__(self, *args: Any, way: TravelTerms | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if way is None or way.travel.per == "visit":
            del self.fields["travelled"]
        if way is None or way.travel.rate is not None:
            del self.fields["agreed_net"]


@technician_page()
@require_safe
def visits(request: DeskRequest, number: str) -> HttpResponse:
    """Show the visits of a request; `technician` and `at` of the address come from a free slot of the calendar."""
    return _page(request, access.ticket(request.technician, number))


def _page(
    request: DeskRequest, ticket: Ticket, *, refused: str = "", status: int = 200, **typed: DeskForm
) -> HttpResponse:
    visit = open_visit(ticket)
    city = visit.city if visit is not None else _city_of(ticket)
    context: dict[str, object] = {
        "ticket": ticket,
        "visit": visit,
        "question": visit_words(visit, ticket.contact.language) if visit and visit.starts_at else "",
        "why": _why(request, ticket, city),
        "earlier": list(
            Visit.objects.select_related("technician__person")
            .filter(ticket=ticket, state__in=(Visit.State.DONE, Visit.State.CANCELLED))
            .order_by("-pk")
        ),
        "is_over": ticket.state in OVER,
        "may_finish": visit is not None
        and visit.state == Visit.State.AGREED
        and visit.starts_at is not None
        and visit.starts_at <= request.now,
        "propose": typed.get("propose") or _propose_form(request, ticket, visit, city),
        "agree": typed.get("agree")
        or AgreeForm(contacts=contacts_of(ticket), initial={"who": str(ticket.contact_id)}),
        "call_off": typed.get("call_off") or CallOffForm(),
        "made": typed.get("made") or _made_form(request, ticket, visit),
        "opens": next(iter(typed), ""),
        "refused": refused,
    }
    return page(request, "console/visits.html", "board", context, status=status)


def _why(request: DeskRequest, ticket: Ticket, city: str) -> WhyView | None:
    """Return what was decided about the visit; before the first word, what the terms say to the customer's address."""
    kept = queries.decisions_of(ticket, Subject.VISIT)[-1:]
    if kept:
        return _shown(request, kept[0])
    try:
        first = judged(ticket, city or "…")
    except TicketRefused:
        return None
    return _shown(request, _as_kept(request, ticket, first))


def _as_kept(request: DeskRequest, ticket: Ticket, decision: Decision) -> Explained:
    return Explained(decision, terms_of(ticket.terms), actor(request), request.now)


def _shown(request: DeskRequest, each: Explained) -> WhyView:
    language = request.technician.person.language
    return why_view(each, names_of(actors_in([each])), now=request.now, language=language, internal=True)


def _city_of(ticket: Ticket) -> str:
    """Return the city of the last visit to the customer, to begin with."""
    found = Visit.objects.filter(ticket__customer_id=ticket.customer_id).order_by("-pk").first()
    return found.city if found is not None else ""


def _propose_form(request: DeskRequest, ticket: Ticket, visit: Visit | None, city: str) -> ProposeForm:
    wanted = request.GET
    initial: dict[str, object] = {
        "city": city,
        "address": visit.address if visit else ticket.customer.address[:TEXT_CHARACTERS_MAX],
        "technician": wanted.get("technician", "") or str(ticket.assigned_to_id or ""),
        "starts_at": at_of(wanted.get("at", "")) or (visit.starts_at if visit else None),
    }
    if visit is not None and visit.technician_id is not None and not wanted.get("technician"):
        initial["technician"] = str(visit.technician_id)
    return ProposeForm(technicians=_staff(request), initial=initial)


def at_of(text: str) -> datetime | None:
    """Return the moment that an address names by the vendor's wall clock, or None: it names none."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return make_aware(found) if found is not None and is_naive(found) else None


def _staff(request: DeskRequest) -> list[tuple[str, str]]:
    return [(str(each.pk), each.person.name) for each in people.colleagues(request.technician)]


def _made_form(request: DeskRequest, ticket: Ticket, visit: Visit | None) -> MadeForm | None:
    if visit is None or visit.starts_at is None or visit.ends_at is None:
        return None
    planned = (visit.ends_at - visit.starts_at) // timedelta(minutes=1)
    return MadeForm(
        way=way_of(ticket, visit.starts_at), initial={"started_at": visit.starts_at, "minutes": planned}
    )


def _doing(
    request: DeskRequest, ticket: Ticket, act: Callable[[], object], name: str, form: DeskForm
) -> HttpResponse:
    """Act and go back to the page; a refusal comes with what was typed."""
    try:
        act()
    except NotFound:
        raise
    except Refused as refused:
        return _page(request, ticket, refused=str(refused), status=CONFLICT, **{name: form})
    return redirect("console:visits", request.vendor.slug, ticket.number)


@technician_page()
@require_POST
def propose(request: DeskRequest, number: str) -> HttpResponse:
    """Propose a day, the first or another one."""
    ticket = access.ticket(request.technician, number)
    form = ProposeForm(request.POST, technicians=_staff(request))
    if not form.is_valid():
        return _page(request, ticket, status=UNPROCESSABLE, propose=form)
    given = form.cleaned_data
    who = people.colleague(request.technician, int(given["technician"]))
    until = given["starts_at"] + timedelta(minutes=given["minutes"])
    return _doing(
        request,
        ticket,
        lambda: actions.propose_visit(
            ticket,
            actions.Place(given["city"], given["address"]),
            actions.Slot(who, given["starts_at"], until),
            reason=given["reason"],
            by=actor(request),
            at=request.now,
        ),
        "propose",
        form,
    )


@technician_page()
@require_POST
def agree(request: DeskRequest, number: str) -> HttpResponse:
    """Note that the customer agreed to the day on the phone."""
    ticket = access.ticket(request.technician, number)
    form = AgreeForm(request.POST, contacts=contacts_of(ticket))
    if not form.is_valid():
        return _page(request, ticket, status=UNPROCESSABLE, agree=form)
    who = people.contact_at(request.technician, int(form.cleaned_data["who"]))
    return _doing(
        request,
        ticket,
        lambda: actions.agree_visit(
            ticket, contact=who, channel=Consent.Channel.PHONE, by=actor(request), at=request.now
        ),
        "agree",
        form,
    )


@technician_page()
@require_POST
def call_off(request: DeskRequest, number: str) -> HttpResponse:
    """Call the visit off."""
    ticket = access.ticket(request.technician, number)
    form = CallOffForm(request.POST)
    if not form.is_valid():
        return _page(request, ticket, status=UNPROCESSABLE, call_off=form)
    reason: str = form.cleaned_data["reason"]
    return _doing(
        request,
        ticket,
        lambda: actions.cancel_visit(ticket, reason, by=actor(request), at=request.now),
        "call_off",
        form,
    )


@technician_page()
@require_POST
def made(request: DeskRequest, number: str) -> HttpResponse:
    """Enter a visit that was made: its time, and the way where the terms price it."""
    ticket = access.ticket(request.technician, number)
    visit = open_visit(ticket)
    begun = visit.starts_at if visit is not None and visit.starts_at is not None else request.now
    form = MadeForm(request.POST, way=way_of(ticket, begun))
    if not form.is_valid():
        return _page(request, ticket, status=UNPROCESSABLE, made=form)
    given = form.cleaned_data
    told = Made(
        started_at=given["started_at"],
        worked_seconds=given["minutes"] * 60,
        note=given["note"],
        travelled=given.get("travelled") or Decimal(1),
        agreed_net=given.get("agreed_net"),
    )
    return _doing(
        request,
        ticket,
        lambda: finish_visit(ticket, told, contact=ticket.contact, by=actor(request), at=request.now),
        "made",
        form,
    )
