"""Invoices: what may be invoiced now, what was, and the documents."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from pomost.billing import access, actions, queries
from pomost.console.answers import CONFLICT, actor
from pomost.console.guard import technician_page
from pomost.console.shell import page
from pomost.people.errors import NotFound, Refused
from pomost.people.models import Technician
from pomost.people.requests import DeskRequest
from pomost.tickets.access import ticket as ticket_of

SHOWN_MAX: Final = 100
"""Invoices in the list, the newest first."""
BOOKKEEPER = Technician.Role.BOOKKEEPER


@technician_page(BOOKKEEPER)
@require_safe
def invoices(request: DeskRequest) -> HttpResponse:
    """Show what may be invoiced, by customer, and the invoices made."""
    return _list(request)


def _list(request: DeskRequest, refused: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, object] = {
        "billable": queries.billable(request.vendor),
        "invoices": list(
            access.invoices_for_technician(request.technician).select_related("customer")[:SHOWN_MAX]
        ),
        "refused": refused,
    }
    return page(request, "console/invoices.html", "invoices", context, status=status)


@technician_page(BOOKKEEPER)
@require_POST
def invoice_new(request: DeskRequest) -> HttpResponse:
    """Make one invoice of the chosen requests of one customer."""
    tickets = [ticket_of(request.technician, number) for number in request.POST.getlist("ticket")]
    try:
        actions.make_invoice(tickets, by=actor(request), at=request.now)
    except NotFound:
        raise
    except Refused as refused:
        return _list(request, str(refused), CONFLICT)
    return redirect("console:invoices", request.vendor.slug)


@technician_page(BOOKKEEPER)
@require_safe
def invoice_pdf(request: DeskRequest, number: str) -> HttpResponse:
    """Send an invoice as it was issued."""
    found = access.invoice(request.technician, number)
    answer = HttpResponse(actions.render_pdf(found), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number.replace("/", "-")}.pdf"'
    return answer
