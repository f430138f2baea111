"""A new request: the customer says what happened and how much it hurts, and sees before sending what will happen and what it costs.

Two fields and one choice where the terms ask for no more. What stands beside the form is the decision that registration
will make (foretold.py); a module asks for it anew when a choice changes, and without one every refused sending shows it.
"""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pomost.billing.queries import fees_paid
from pomost.contracts.queries import local_day, terms_in_force
from pomost.people import actions as people
from pomost.people.errors import PersonRefused, Refused
from pomost.people.requests import DeskRequest
from pomost.portal import choices
from pomost.portal.asked import AskedView, Case, consents_given, gates_asked, parts_asked
from pomost.portal.choices import Chosen
from pomost.portal.foretold import foretold
from pomost.portal.guard import contact_page
from pomost.portal.restrictions import notices
from pomost.portal.shell import page
from pomost.portal.slots import only_name
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import PartKind
from pomost.tickets import actions, queries
from pomost.tickets.errors import TicketRefused
from pomost.tickets.judgement import claim_of
from pomost.tickets.models import Ticket
from pomost.tickets.queries import FreeDay, Preview, chosen_time, free_times
from pomost.ui.restriction_parts import while_restricted
from pomost.ui.ticket_parts import clause_view

SUBJECT_MAX = 200
TEXT_MAX = 20_000
TICKED = (PartKind.FILE.value, PartKind.CHOICE.value, PartKind.CONSENT.value)
"""Parts that are a box to mark; text and telephone have their own fields."""


class RequestForm(forms.Form):
    """What a request is made of. Only its shape is checked here; what it may be, the terms decide."""

    subject = forms.CharField(
        label=pgettext_lazy("of a request", "What happened"),
        max_length=SUBJECT_MAX,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say in a few words what happened.")},
    )
    text = forms.CharField(
        label=gettext_lazy("In detail"),
        help_text=gettext_lazy("What you did, what you saw, what you expected. One task in one request."),
        max_length=TEXT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": "4"}),
    )
    product_version = forms.CharField(
        label=pgettext_lazy("of a product", "Version"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        help_text=gettext_lazy("We call before we connect."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "tel", "autocomplete": "tel"}),
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that one showing of the form depends on."""

    request: DeskRequest
    terms: Terms
    day: date
    language: str
    chosen: Chosen
    case: Case
    parts: tuple[AskedView, ...]
    gates: tuple[AskedView, ...]
    days: tuple[FreeDay, ...]
    would: Preview | None
    to_choose: str
    """What is still to be chosen before anything can be foretold."""


@contact_page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Show the form, or register what was sent."""
    desk = _desk(request, request.POST if request.method == "POST" else request.GET)
    if request.method != "POST":
        initial = {
            "product_version": request.contact.customer.product_version,
            "phone": request.contact.phone,
        }
        return _form(desk, RequestForm(initial=initial))
    form = RequestForm(request.POST)
    if "look" in request.POST:  # without a script: show what the choices mean, and judge nothing yet
        return _form(desk, RequestForm(initial=request.POST.dict()))
    if not form.is_valid():
        return _form(desk, form, gettext("Not sent yet: something is missing."))
    try:
        ticket = _register(desk, form.cleaned_data)
    except PersonRefused as refused:
        form.add_error("phone", str(refused))
        return _form(desk, form, gettext("Not sent yet: something is missing."))
    except Refused as refused:
        return _form(desk, form, str(refused))
    return redirect("portal:request", request.vendor.slug, ticket.number)


@contact_page
@require_safe
def preview_part(request: DeskRequest) -> HttpResponse:
    """Answer with what happens next alone, for the choices in the address."""
    return render(request, "portal/_preview.html", _next_steps(_desk(request, request.GET)))


def _desk(request: DeskRequest, sent: QueryDict) -> Desk:
    day = local_day(request.vendor, request.now)
    _version, terms = terms_in_force(request.vendor, day)
    language = request.LANGUAGE_CODE or ""
    chosen = choices.chosen_of(terms, sent)
    would, to_choose = None, ""
    try:
        would = queries.preview(
            request.vendor,
            request.contact.customer,
            service=chosen.service,
            family=chosen.family,
            severity=chosen.severity,
            product_version=sent.get("product_version", ""),
            received_at=request.now,
            now=request.now,
            language=language,
        )
    except Refused as refused:
        to_choose = str(refused)
    case = Case(
        terms=terms,
        prices=terms,
        day=day,
        service=chosen.service,
        package=would.verdict.package if would else None,
        family=chosen.family or None,
        fees_paid=fees_paid(request.contact.customer),
    )
    return Desk(
        request=request,
        terms=terms,
        day=day,
        language=language,
        chosen=chosen,
        case=case,
        parts=parts_asked(case, language),
        gates=gates_asked(case, would.verdict.outcome, language) if would else (),
        days=free_times(request.contact.customer, terms, chosen.service, request.now),
        would=would,
        to_choose=to_choose,
    )


def _register(desk: Desk, sent: dict[str, str]) -> Ticket:
    """Register the request, and the telephone if another one is given; both or nothing."""
    request = desk.request
    if not choices.asks_product_only(desk.terms) and request.POST.get("service") != desk.chosen.service:
        raise TicketRefused(gettext("Choose what you need."))
    ticked = set(request.POST.getlist("part"))
    by = f"contact:{request.contact.pk}"
    with transaction.atomic():
        contact = request.contact
        if sent["phone"]:
            contact = people.set_contact_phone(contact, sent["phone"], by=by, at=request.now)
        return actions.register(
            vendor=request.vendor,
            contact=contact,
            channel=Ticket.Channel.PORTAL,
            subject=sent["subject"],
            text=sent["text"],
            service=desk.chosen.service,
            family=desk.chosen.family,
            severity=desk.chosen.severity,
            product_version=sent["product_version"],
            parts=[part.id for part in desk.parts if part.id in ticked and part.kind in TICKED],
            consents=consents_given((*desk.parts, *desk.gates), request.POST, desk.language),
            slot=chosen_time(request.POST.get("slot", ""), desk.days),
            received_at=request.now,
            by=by,
            at=request.now,
        )


def _form(desk: Desk, form: RequestForm, refusal: str = "") -> HttpResponse:
    """Show the form; 422 when it answers a sending that registered nothing."""
    request, terms = desk.request, desk.terms
    rule = terms.severity_rule
    package = claim_of(request.contact.customer, desk.day, "").package
    served_by = desk.would.verdict.package if desk.would else package
    default = terms.default_package
    demanded = next((part for part in desk.parts if part.kind == PartKind.PHONE.value), None)
    if demanded is not None:  # it may be sent without, but is not called optional
        form.use_required_attribute = False
        form.fields["phone"].required = True
        form.fields["phone"].help_text = demanded.words
    services = choices.services(terms, desk.language)
    context = {
        "form": form,
        "refusal": refusal,
        "services": services,
        "services_are_cards": len(services) <= choices.CARDS_MAX,
        "chosen": desk.chosen,
        "families": choices.families(terms, desk.case.prices, desk.day, desk.chosen.service, desk.language),
        "severities": choices.severities(
            terms, served_by or package or (default.id if default else ""), desk.language
        ),
        "severity_clause": clause_view(terms, rule.clause, language=desk.language) if rule else None,
        "severity_by_consent": rule is not None and rule.change == "with-consent",
        "asks_version": terms.version_rule is not None,
        "asks_phone": choices.asks_phone(terms, desk.chosen.service),
        "demands_text": choices.asks_text(terms, desk.chosen.service),
        "parts": [part for part in desk.parts if part.kind in TICKED],
        "gates": desk.gates,
        "ticked": request.POST.getlist("part"),
        "days": desk.days,
        "slots_with": only_name(desk.days),
        "slot": request.POST.get("slot", ""),
        "restrictions": notices(request),
        "while_restricted": while_restricted(),
        **_next_steps(desk),
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "portal/new.html", "requests", context, status=status)


def _next_steps(desk: Desk) -> dict[str, object]:
    if desk.would is None:
        return {"lines": [], "to_choose": desk.to_choose}
    lines = foretold(desk.would, desk.case, now=desk.request.now, language=desk.language)
    return {"lines": lines, "to_choose": ""}
