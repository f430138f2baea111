"""What a customer says against work that was done: a complaint, and an appeal against its rejection."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from pomost.billing import actions
from pomost.billing.errors import BillingRefused
from pomost.billing.models import Complaint
from pomost.people.errors import Refused
from pomost.people.requests import DeskRequest
from pomost.portal.guard import contact_page
from pomost.portal.request_page import show
from pomost.tickets import access
from pomost.tickets.models import Consent


@contact_page
@require_POST
def complain(request: DeskRequest, number: str) -> HttpResponse:
    """Complain about the work; what comes late is registered all the same."""
    ticket = access.ticket_of_contact(request.contact, number)
    text = request.POST.get("text", "")
    try:
        actions.complain(
            ticket,
            text,
            contact=request.contact,
            channel=Consent.Channel.PORTAL,
            by=f"contact:{request.contact.pk}",
            at=request.now,
        )
    except Refused as refused:
        return show(request, ticket, refused=refused, complaining=text)
    return redirect("portal:request", request.vendor.slug, number)


@contact_page
@require_POST
def appeal(request: DeskRequest, number: str) -> HttpResponse:
    """Say why the last rejection is wrong."""
    ticket = access.ticket_of_contact(request.contact, number)
    last = (
        Complaint.objects.filter(ticket=ticket, state=Complaint.State.REJECTED)
        .order_by("-received_at", "-pk")
        .first()
    )
    if last is None:
        raise BillingRefused(gettext("No complaint about this request was rejected."))
    text = request.POST.get("text", "")
    try:
        actions.appeal_complaint(
            last, text, contact=request.contact, by=f"contact:{request.contact.pk}", at=request.now
        )
    except Refused as refused:
        return show(request, ticket, refused=refused, complaining=text)
    return redirect("portal:request", request.vendor.slug, number)
