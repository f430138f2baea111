"""Time entered by hand on a ticket's page, and the warning before it reaches beyond what the customer agreed to.

The desk decides whether it does (`billing/by_hand.py`); the hint while one types is the same answer, and writes nothing.
"""

from datetime import timedelta
from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from pomost.billing.actions import GoOn, Worked, enter_and_estimate, enter_by_hand
from pomost.billing.by_hand import BeyondAgreed, beyond_agreed
from pomost.console.forms import MINUTES_MAX, WorkForm
from pomost.console.guard import technician_page
from pomost.console.ticket import ticket_page
from pomost.people.errors import Refused
from pomost.people.requests import DeskRequest
from pomost.tickets import access
from pomost.tickets.models import Ticket

CONFLICT: Final = 409
UNPROCESSABLE: Final = 422
ESTIMATE: Final = "estimate"
"""The button that enters what fits and names a price for the rest."""


@technician_page()
@require_safe
def work_fit(request: DeskRequest, number: str) -> HttpResponse:
    """Answer with what of so many minutes the customer agreed to; nothing is written."""
    ticket = access.ticket(request.technician, number)
    typed = request.GET.get("minutes", "")
    minutes = (
        int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= len(str(MINUTES_MAX)) else 0
    )
    beyond = beyond_agreed(ticket, min(minutes, MINUTES_MAX) * 60) if minutes else None
    return render(request, "console/_work_fit.html", {"beyond": beyond})


@technician_page()
@require_POST
def work(request: DeskRequest, number: str) -> HttpResponse:
    """Enter time that was worked without a session; what nobody agreed to is asked about first."""
    ticket = access.ticket(request.technician, number)
    form = WorkForm(request.POST)
    if not form.is_valid():
        return ticket_page(request, ticket, typed={"work": form}, status=UNPROCESSABLE)
    seconds = form.cleaned_data["minutes"] * 60
    worked = Worked(
        form.cleaned_data["source"],
        seconds,
        request.now - timedelta(seconds=seconds),
        form.cleaned_data["note"],
    )
    try:
        _enter(request, ticket, worked, request.POST.get("go_on", ""))
    except BeyondAgreed as asked:
        fresh = access.ticket(request.technician, number)
        return ticket_page(request, fresh, typed={"work": form}, beyond=asked.beyond, status=CONFLICT)
    except Refused as refused:
        fresh = access.ticket(request.technician, number)
        return ticket_page(request, fresh, refused=str(refused), typed={"work": form}, status=CONFLICT)
    return redirect("console:ticket", request.vendor.slug, number)


def _enter(request: DeskRequest, ticket: Ticket, worked: Worked, chosen: str) -> None:
    who, by = request.technician, f"technician:{request.technician.pk}"
    if chosen == ESTIMATE:
        enter_and_estimate(ticket, worked, technician=who, by=by, at=request.now)
        return
    go_on = GoOn(chosen) if chosen in set(GoOn) else GoOn.ASK
    enter_by_hand(ticket, worked, technician=who, go_on=go_on, by=by, at=request.now)
