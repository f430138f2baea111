"""What a customer keeps: invoices, and every yes and no they gave, with the words that were shown."""

from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from pomost.billing import access as billing_access
from pomost.billing.actions import render_pdf
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
    """List the customer's invoices, newest first."""
    invoices = billing_access.invoices_for_contact(request.contact)[:SHOWN_MAX]
    return page(request, "portal/documents.html", "documents", {"invoices": invoices})


@contact_page
@require_safe
def invoice_pdf(request: DeskRequest, invoice: int) -> HttpResponse:
    """Answer with an invoice as it was issued, byte for byte."""
    found = billing_access.invoices_for_contact(request.contact).filter(pk=invoice).first()
    if found is None:
        raise NotFound(gettext("There is no such invoice here. Look for it under “Documents”."))
    name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in found.number)
    return HttpResponse(
        render_pdf(found),
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
