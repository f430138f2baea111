"""What a customer keeps: invoices with their corrections, and every yes and no they gave, with the words that were shown."""

from django.db.models import Prefetch
from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from pomost.billing import access as billing_access
from pomost.billing.actions import render_correction_pdf, render_pdf
from pomost.billing.models import Correction
from pomost.people.errors import NotFound
from pomost.people.requests import DeskRequest
from pomost.portal.guard import contact_page
from pomost.portal.shell import page
from pomost.tickets.models import Consent

SHOWN_MAX = 200
"""Rows of a list; a customer of a small vendor has fewer in years."""


@contact_page
@require_safe
def documents(request: DeskRequest) -> HttpResponse:
    """List the customer's invoices, newest first, each with its corrections."""
    invoices = billing_access.invoices_for_contact(request.contact).prefetch_related(
        Prefetch("corrections", queryset=Correction.objects.defer("pdf").order_by("pk"))
    )[:SHOWN_MAX]
    return page(request, "portal/documents.html", "documents", {"invoices": invoices})


@contact_page
@require_safe
def invoice_pdf(request: DeskRequest, invoice: int) -> HttpResponse:
    """Answer with an invoice as it was issued, byte for byte."""
    found = billing_access.invoices_for_contact(request.contact).filter(pk=invoice).first()
    if found is None:
        raise NotFound(gettext("There is no such invoice here. Look for it under “Documents”."))
    return _pdf(found.number, render_pdf(found))


@contact_page
@require_safe
def correction_pdf(request: DeskRequest, correction: int) -> HttpResponse:
    """Answer with a correction as it was issued, byte for byte."""
    found = billing_access.corrections_for_contact(request.contact).filter(pk=correction).first()
    if found is None:
        raise NotFound(gettext("There is no such correction here. Look for it under “Documents”."))
    return _pdf(found.number, render_correction_pdf(found))


def _pdf(number: str, content: bytes) -> HttpResponse:
    name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in number)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )


@contact_page
@require_safe
def consents(request: DeskRequest) -> HttpResponse:
    """List what was agreed to and refused, newest first, each with its exact words and their fingerprint."""
    given = (
        Consent.objects.filter(ticket__customer=request.contact.customer)
        .select_related("ticket", "contact")
        .order_by("-at", "-pk")[:SHOWN_MAX]
    )
    return page(request, "portal/consents.html", "consents", {"consents": given})
