"""Customers, their contacts and contracts: a list, and one page each."""

from collections.abc import Mapping, Sequence

from django import forms
from django.conf import settings
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from pomost.console.answers import CONFLICT, UNPROCESSABLE, actor
from pomost.console.guard import may, technician_page
from pomost.console.quotas import AllowanceForm, allowance_form, contract_views
from pomost.console.restrictions import views_of
from pomost.console.shell import page
from pomost.contracts.actions import VISITS_MAX, set_visits
from pomost.contracts.errors import ContractRefused
from pomost.contracts.models import Contract
from pomost.contracts.queries import local_day, terms_in_force
from pomost.contracts.quotas import set_allowance
from pomost.people import access, actions
from pomost.people.errors import NotFound, Refused
from pomost.people.models import Customer, Technician
from pomost.people.queries import contacts
from pomost.people.requests import DeskRequest
from pomost.rules.terms.model import Terms
from pomost.tickets.access import for_technician
from pomost.tickets.access import restrictions as restrictions_of

TICKETS_SHOWN = 20
RESTRICTIONS_SHOWN = 20
"""Of one customer, the newest first."""


def _line() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control"})


class CustomerForm(forms.Form):
    """A firm that the vendor supports."""

    name = forms.CharField(label=_("Name of the firm"), max_length=160, widget=_line())
    tax_id = forms.CharField(label=_("Tax number"), required=False, max_length=20, widget=_line())
    address = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": "2"}),
    )
    product_version = forms.CharField(
        label=_("Version of the program"), required=False, max_length=40, widget=_line()
    )
    language = forms.ChoiceField(
        label=_("Language of its documents"),
        choices=settings.LANGUAGES,
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class ContactForm(forms.Form):
    """Somebody at a customer; a mail address or a phone is needed."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=_line())
    email = forms.EmailField(
        label=_("Mail address"), required=False, widget=forms.EmailInput(attrs={"class": "form-control"})
    )
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40, widget=_line())
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, widget=forms.Select(attrs={"class": "form-select"})
    )


class VisitsForm(forms.Form):
    """How many visits a contract gives for one request; empty: it does not say."""

    visits = forms.IntegerField(
        label=_("Visits for one request"),
        help_text=_("Empty: the contract does not say, and a person decides."),
        required=False,
        min_value=0,
        max_value=VISITS_MAX,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )


@technician_page()
@require_http_methods(["GET", "HEAD", "POST"])
def customers(request: DeskRequest) -> HttpResponse:
    """List the customers; on a POST note a new one."""
    form = CustomerForm(request.POST or None, initial={"language": request.vendor.language})
    status, refused = 200, ""
    if request.method == "POST":
        if form.is_valid():
            try:
                added = actions.add_customer(
                    vendor=request.vendor,
                    **form.cleaned_data,
                    by=actor(request),
                    at=request.now,
                )
            except Refused as refusal:
                status, refused = CONFLICT, str(refusal)
            else:
                return redirect("console:customer", request.vendor.slug, added.pk)
        else:
            status = UNPROCESSABLE
    words = request.GET.get("q", "").strip()
    found = [
        each
        for each in access.customers(request.technician).prefetch_related("contacts")
        if words.casefold() in each.name.casefold()
    ]
    context: dict[str, object] = {"customers": found, "form": form, "words": words, "refused": refused}
    return page(request, "console/customers.html", "customers", context, status=status)


@technician_page()
@require_http_methods(["GET", "HEAD", "POST"])
def customer(request: DeskRequest, customer_id: int) -> HttpResponse:
    """Show one customer; on a POST note a contact."""
    found = access.customer(request.technician, customer_id)
    form = ContactForm(request.POST or None, initial={"language": found.language})
    status, refused = 200, ""
    if request.method == "POST":
        if form.is_valid():
            try:
                actions.add_contact(
                    customer=found,
                    **form.cleaned_data,
                    by=actor(request),
                    at=request.now,
                )
            except NotFound:
                raise
            except Refused as refusal:
                status, refused = CONFLICT, str(refusal)
            else:
                return redirect("console:customer", request.vendor.slug, found.pk)
        else:
            status = UNPROCESSABLE
    return _show(request, found, form=form, refused=refused, status=status)


@technician_page(Technician.Role.DISPATCHER)
@require_POST
def allowance(request: DeskRequest, customer_id: int, contract_id: int) -> HttpResponse:
    """Note what a contract gives from a day on."""
    found = access.customer(request.technician, customer_id)
    contract = Contract.objects.filter(customer=found, pk=contract_id).first()
    _version, terms = terms_in_force(request.vendor, local_day(request.vendor, request.now))
    if contract is None:
        raise NotFound(_("There is no such contract here. Look at the customer's page."))
    form = allowance_form(contract, terms, request.POST)
    if form is None:
        raise ContractRefused(
            _("The terms do not count the use of this package, so there is nothing to give.")
        )
    if not form.is_valid():
        return _show(request, found, typed={contract.pk: form}, status=UNPROCESSABLE)
    by = actor(request)
    try:
        set_allowance(contract, form.grant(), by=by, at=request.now)
    except ContractRefused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, found, typed={contract.pk: form}, status=CONFLICT)
    return redirect("console:customer", request.vendor.slug, found.pk)


@technician_page(Technician.Role.DISPATCHER)
@require_POST
def contract_visits(request: DeskRequest, customer_id: int, contract_id: int) -> HttpResponse:
    """Note how many visits a contract gives for one request."""
    found = access.customer(request.technician, customer_id)
    contract = Contract.objects.filter(customer=found, pk=contract_id).first()
    if contract is None:
        raise NotFound(_("There is no such contract here. Look at the customer's page."))
    form = VisitsForm(request.POST, auto_id=f"visits-{contract.pk}-%s")
    if not form.is_valid():
        return _show(request, found, visits={contract.pk: form}, status=UNPROCESSABLE)
    set_visits(contract, form.cleaned_data["visits"], by=actor(request), at=request.now)
    return redirect("console:customer", request.vendor.slug, found.pk)


def _visits_forms(
    terms: Terms, contracts: Sequence[Contract], typed: Mapping[int, VisitsForm]
) -> dict[int, VisitsForm]:
    """Return a form for each contract; none where the terms make no visits."""
    if terms.visits is None:
        return {}
    return {
        each.pk: typed.get(each.pk)
        or VisitsForm(initial={"visits": each.visits_per_incident}, auto_id=f"visits-{each.pk}-%s")
        for each in contracts
    }


def _show(
    request: DeskRequest,
    found: Customer,
    *,
    form: ContactForm | None = None,
    refused: str = "",
    typed: Mapping[int, AllowanceForm] | None = None,
    visits: Mapping[int, VisitsForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a customer's page, with what was refused beside what was typed."""
    _version, terms = terms_in_force(request.vendor, local_day(request.vendor, request.now))
    contracts = list(Contract.objects.filter(customer=found).order_by("-valid_from"))
    forms_of_visits = _visits_forms(terms, contracts, visits or {})
    context: dict[str, object] = {
        "customer": found,
        "contacts": contacts(found),
        "contracts": [
            (each, forms_of_visits.get(each.contract.pk))
            for each in contract_views(request, terms, contracts, typed or {})
        ],
        "agrees": may(request.technician, Technician.Role.DISPATCHER),
        "tickets": list(
            for_technician(request.technician).filter(customer=found).order_by("-sequence")[:TICKETS_SHOWN]
        ),
        "restrictions": views_of(
            request,
            list(
                restrictions_of(request.technician)
                .filter(customer=found)
                .order_by(F("ended_at").desc(nulls_first=True), "-pk")[:RESTRICTIONS_SHOWN]
            ),
        ),
        "form": form or ContactForm(initial={"language": found.language}),
        "refused": refused,
    }
    return page(request, "console/customer.html", "customers", context, status=status)
