"""What a customer keeps: invoices, and every yes and no they gave, with the words that were shown."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from pomost.billing.models import Invoice
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
    invoices = Invoice.objects.filter(customer=request.contact.customer).order_by("-issued_at")[:SHOWN_MAX]
    return page(request, "portal/documents.html", "documents", {"invoices": invoices})


@contact_page
@require_safe
def invoice_pdf(request: DeskRequest, invoice: int) -> HttpResponse:
    """Answer with an invoice as it was issued, byte for byte."""
    found = get_object_or_404(Invoice, pk=invoice, customer=request.contact.customer)
    if found.pdf is None:
        raise Http404(f"Invoice {found.number} has no PDF yet.")
    name = found.number.replace("/", "-")
    return HttpResponse(
        bytes(found.pdf),
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
