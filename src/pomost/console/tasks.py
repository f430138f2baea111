"""Two tasks in one message become two requests, two requests for one task become one: what the ticket's page posts (K6)."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from pomost.console.answers import CONFLICT, UNPROCESSABLE, actor
from pomost.console.guard import technician_page
from pomost.console.task_forms import MergeForm, split_form
from pomost.console.ticket import ticket_page
from pomost.people.errors import Refused
from pomost.people.requests import DeskRequest
from pomost.tickets import access, actions
from pomost.tickets.models import Message


@technician_page()
@require_POST
def split(request: DeskRequest, number: str) -> HttpResponse:
    """Make a request of the sentences that were picked, and show it."""
    ticket = access.ticket(request.technician, number)
    messages = ticket.messages.order_by("at", "id")
    form = split_form(ticket, messages, request.technician.person.language, request.POST)
    if form is None:
        only_one = gettext("Request %(number)s has one sentence, so it holds one task.") % {"number": number}
        return ticket_page(request, ticket, refused=only_one, status=CONFLICT)
    if not form.is_valid():
        return ticket_page(request, ticket, typed={"split": form}, status=UNPROCESSABLE)
    message, sentences = form.picked()
    try:
        new = actions.split(
            ticket,
            Message.objects.get(pk=message),
            sentences,
            subject=form.cleaned_data["subject"],
            service=form.cleaned_data["service"],
            by=actor(request),
            at=request.now,
        )
    except Refused as refused:
        return ticket_page(request, ticket, refused=str(refused), typed={"split": form}, status=CONFLICT)
    return redirect("console:ticket", request.vendor.slug, new.number)


@technician_page()
@require_POST
def merge(request: DeskRequest, number: str) -> HttpResponse:
    """Let the request go on as the one whose number was typed, and show that one."""
    ticket = access.ticket(request.technician, number)
    form = MergeForm(request.POST)
    if not form.is_valid():
        return ticket_page(request, ticket, typed={"merge": form}, status=UNPROCESSABLE)
    try:
        into = access.ticket(request.technician, form.cleaned_data["number"])
        into = actions.merge(ticket, into, by=actor(request), at=request.now)
    except Refused as refused:
        return ticket_page(request, ticket, refused=str(refused), typed={"merge": form}, status=CONFLICT)
    return redirect("console:ticket", request.vendor.slug, into.number)
