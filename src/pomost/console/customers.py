"""Customers, their contacts and contracts: a list, and one page each."""

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from pomost.console.guard import technician_page
from pomost.console.shell import page
from pomost.contracts.models import Contract
from pomost.contracts.queries import local_day, terms_in_force
from pomost.people import access, actions
from pomost.people.errors import NotFound, Refused
from pomost.people.queries import contacts
from pomost.people.requests import DeskRequest
from pomost.rules.terms.model import Terms, Unknown, said
from pomost.tickets.access import for_technician

CONFLICT = 409
UNPROCESSABLE = 422
TICKETS_SHOWN = 20
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
                    by=f"technician:{request.technician.pk}",
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
                    by=f"technician:{request.technician.pk}",
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
    _version, terms = terms_in_force(request.vendor, local_day(request.vendor, request.now))
    language = request.technician.person.language
    held = Contract.objects.filter(customer=found).order_by("-valid_from")
    context: dict[str, object] = {
        "customer": found,
        "contacts": contacts(found),
        "contracts": [(each, _package(terms, each.package, language)) for each in held],
        "tickets": list(
            for_technician(request.technician).filter(customer=found).order_by("-sequence")[:TICKETS_SHOWN]
        ),
        "form": form,
        "refused": refused,
    }
    return page(request, "console/customer.html", "customers", context, status=status)


def _package(terms: Terms, key: str, language: str) -> str:
    """Return a package's name; of one that the present terms no longer know, its key."""
    try:
        return said(terms.package(key).name, language) if key else ""
    except Unknown:
        return key
