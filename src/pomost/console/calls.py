"""Noting a call: the dispatcher registers what somebody says on the phone, and sees at once what follows from it.

The number is told on the same call: with the box ticked, that stops the reaction clock in the same moment.
"""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from pomost.console.answers import CONFLICT, UNPROCESSABLE, actor
from pomost.console.choices import Choices, choices_of
from pomost.console.guard import technician_page
from pomost.console.phone_consents import agreed
from pomost.console.shell import page
from pomost.contracts.queries import local_day, terms_in_force
from pomost.people import access as people
from pomost.people.errors import NotFound, Refused
from pomost.people.models import Contact
from pomost.people.requests import DeskRequest
from pomost.rules.terms.model import Terms
from pomost.tickets import actions, queries
from pomost.tickets.models import Ticket
from pomost.tickets.restricted import refusal_words, standing_for_new
from pomost.ui.ticket_parts import clause_view

DIGITS_MAX = 18
"""Of the key of a row."""


class CallForm(forms.Form):
    """What somebody says on the phone. Services, products and severities are checked by the terms, not here."""

    contact = forms.IntegerField(label=_("Who calls"), error_messages={"required": _("Choose who calls.")})
    subject = forms.CharField(
        label=_("In one line"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        error_messages={"required": _("Say in one line what it is about.")},
    )
    text = forms.CharField(
        label=_("What happens"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": "4"}),
    )
    service = forms.CharField(
        label=_("What is asked for"),
        max_length=60,
        error_messages={"required": _("Choose what is asked for.")},
    )
    family = forms.CharField(required=False, max_length=60)
    severity = forms.CharField(required=False, max_length=40)
    package = forms.CharField(required=False, max_length=60)
    product_version = forms.CharField(
        label=_("Version of the program"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    outdated = forms.BooleanField(label=_("This version is outdated"), required=False)
    told = forms.BooleanField(label=_("The number is told on this call"), required=False, initial=True)


@technician_page()
@require_http_methods(["GET", "HEAD", "POST"])
def call_new(request: DeskRequest) -> HttpResponse:
    """Show the form; on a POST register the request and go to its page."""
    _version, terms = terms_in_force(request.vendor, local_day(request.vendor, request.now))
    if request.method != "POST":
        return _form_page(request, terms, CallForm(initial={"contact": request.GET.get("contact", "")}))
    form = CallForm(request.POST)
    if not form.is_valid():
        return _form_page(request, terms, form, status=UNPROCESSABLE)
    try:
        ticket = _register(request, terms, form.cleaned_data)
    except NotFound:
        raise
    except Refused as refused:
        return _form_page(request, terms, form, refused=str(refused), status=CONFLICT)
    return redirect("console:ticket", request.vendor.slug, ticket.number)


def _register(request: DeskRequest, terms: Terms, given: dict[str, Any]) -> Ticket:
    contact = people.contact_at(request.technician, given["contact"])
    by, now = actor(request), request.now
    parts = request.POST.getlist("parts")
    ticket = actions.register(
        vendor=request.vendor,
        contact=contact,
        channel=Ticket.Channel.PHONE,
        subject=given["subject"],
        text=given["text"],
        service=given["service"],
        family=_family(terms, given),
        severity=given["severity"],
        product_version=given["product_version"] or contact.customer.product_version,
        outdated=given["outdated"],
        package_claimed=given["package"],
        parts=parts,
        consents=agreed(
            terms,
            request.POST.getlist("consents"),
            language=contact.language,
            day=local_day(request.vendor, now),
            service=given["service"],
            family=_family(terms, given),
        ),
        received_at=now,
        by=by,
        at=now,
    )
    if given["told"]:
        ticket = actions.number_told(ticket, how="phone", at_told=now, by=by, at=now)
    return ticket


def _family(terms: Terms, given: dict[str, Any]) -> str:
    """Return the product only where the service asks for one: a choice made before another service was picked is dropped."""
    service = next((each for each in terms.services if each.id == given["service"]), None)
    family: str = given["family"]
    return family if service is not None and service.families else ""


def _form_page(
    request: DeskRequest, terms: Terms, form: CallForm, refused: str = "", status: int = 200
) -> HttpResponse:
    language = request.technician.person.language
    choices: Choices = choices_of(terms, language, local_day(request.vendor, request.now))
    contacts = (
        Contact.objects.filter(customer__vendor=request.vendor)
        .select_related("customer")
        .order_by("customer__name", "name")
    )
    context: dict[str, object] = {
        "form": form,
        "choices": choices,
        "contacts": list(contacts),
        "picked": {
            key: form[key].value() or "" for key in ("contact", "service", "family", "severity", "package")
        },
        "ticked": request.POST.getlist("parts") + request.POST.getlist("consents"),
        "refused": refused,
        **_preview(request),
    }
    return page(request, "console/call_new.html", "board", context, status=status)


@technician_page()
@require_safe
def call_preview(request: DeskRequest) -> HttpResponse:
    """Answer with what would follow from what is chosen so far; nothing is written."""
    return render(request, "console/_preview.html", {**_preview(request), "now": request.now})


def _preview(request: DeskRequest) -> dict[str, object]:
    asked = request.POST if request.method == "POST" else request.GET
    contact_id, service = asked.get("contact", ""), asked.get("service", "")
    if not contact_id.isdecimal() or len(contact_id) > DIGITS_MAX:
        return {"preview": None, "preview_refused": ""}
    contact = people.contact_at(request.technician, int(contact_id))
    restriction = standing_for_new(contact, request.now)
    restricted = refusal_words(restriction, request.now) if restriction is not None else ""
    if not service:
        return {"preview": None, "preview_refused": "", "preview_restricted": restricted}
    language = request.technician.person.language
    _version, terms = terms_in_force(request.vendor, local_day(request.vendor, request.now))
    try:
        found = queries.preview(
            request.vendor,
            contact.customer,
            service=service,
            family=_family(terms, {"service": service, "family": asked.get("family", "")}),
            severity=asked.get("severity", ""),
            package_claimed=asked.get("package", ""),
            product_version=asked.get("product_version", ""),
            outdated=bool(asked.get("outdated")),
            text=asked.get("text", "x"),
            phone=contact.phone,
            parts=asked.getlist("parts"),
            agreed=asked.getlist("consents"),
            received_at=request.now,
            now=request.now,
            language=language,
        )
    except Refused as refused:
        return {"preview": None, "preview_refused": str(refused), "preview_restricted": restricted}
    return {
        "preview": found,
        "preview_refused": "",
        "preview_restricted": restricted,
        "preview_clause": clause_view(terms, found.verdict.clause, language=language, with_date=False),
    }
