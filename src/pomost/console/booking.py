"""Agreeing on a time with the customer on the phone: the next free times as buttons, one click each.

Any other time is booked by hand on the request's page (verbs.py): staff may book sooner than the terms let customers.
"""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from pomost.console.answers import CONFLICT, actor
from pomost.console.guard import technician_page
from pomost.console.shell import page
from pomost.contracts.queries import terms_of
from pomost.people.errors import NotFound, Refused
from pomost.people.requests import DeskRequest
from pomost.rules.terms.model import said
from pomost.tickets import access, actions, queries
from pomost.tickets.errors import TicketRefused
from pomost.ui.ticket_parts import clause_view


@technician_page()
@require_http_methods(["GET", "HEAD", "POST"])
def times(request: DeskRequest, number: str) -> HttpResponse:
    """Show what is agreed and the next free times; on a POST agree on one of them."""
    ticket = access.ticket(request.technician, number)
    terms, language = terms_of(ticket.terms), request.technician.person.language
    days = queries.free_times(ticket.customer, terms, ticket.service, request.now, moving=ticket)
    refused = ""
    if request.method == "POST":
        try:
            slot = queries.chosen_time(request.POST.get("slot", ""), days)
            if slot is None:
                raise TicketRefused(gettext("Choose one of the times."))
            actions.book(ticket, slot, by=actor(request), at=request.now)
        except NotFound:
            raise
        except Refused as refusal:
            refused = str(refusal)
        else:
            return redirect("console:ticket", request.vendor.slug, ticket.number)
    rule, booking = terms.booking_for(ticket.service), queries.booking_of(ticket)
    context: dict[str, object] = {
        "ticket": ticket,
        "service": said(terms.service(ticket.service).name, language),
        "rule_clause": clause_view(terms, rule.clause, language=language) if rule else None,
        "booking": booking,
        "days": queries.other_times(days, booking),
        "refused": refused,
    }
    return page(request, "console/times.html", "board", context, status=CONFLICT if refused else 200)


@technician_page()
@require_POST
def cancel(request: DeskRequest, number: str) -> HttpResponse:
    """Give up the agreed time; the customer and the technician hear of it."""
    ticket = access.ticket(request.technician, number)
    actions.cancel_booking(ticket, by=actor(request), at=request.now)
    return redirect("console:times", request.vendor.slug, ticket.number)
