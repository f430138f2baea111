"""What a free time of the calendar is used for: a booking of a request at once, or the way to its visit.

Owns the form behind a free place. What is free is drawn by calendar.py and decided by the action.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from pomost.console.answers import CONFLICT, UNPROCESSABLE, actor
from pomost.console.calendar import week_url
from pomost.console.forms import BookForm
from pomost.console.guard import technician_page
from pomost.console.shell import page
from pomost.console.ticket import OVER
from pomost.console.visits import at_of
from pomost.contracts.queries import local_day
from pomost.people import access as people
from pomost.people.errors import NotFound, Refused
from pomost.people.requests import DeskRequest
from pomost.tickets import access, actions


class NewForm(BookForm):
    """A free time, and what it is for."""

    field_order = ("number", "kind", "technician", "starts_at", "minutes")

    number = forms.CharField(
        label=_("Request"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "form-control", "list": "requests", "autocomplete": "off"}),
        error_messages={"required": _("Name the number of a request.")},
    )
    kind = forms.ChoiceField(
        label=_("What for"),
        choices=[("booking", _("A time for a session or a call")), ("visit", _("A visit"))],
        widget=forms.Select(attrs={"class": "form-select"}),
    )


@technician_page()
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Use a free time: agree on it for a request at once, or go on to its visit."""
    staff = [(str(each.pk), each.person.name) for each in people.colleagues(request.technician)]
    form = NewForm(
        request.POST if request.method == "POST" else None,
        technicians=staff,
        initial={
            "technician": request.GET.get("technician", ""),
            "starts_at": at_of(request.GET.get("at", "")),
        },
    )
    refused, status = "", 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                return _used(request, form.cleaned_data)
            except NotFound as unknown:
                form.add_error("number", str(unknown))
            except Refused as sentence:
                refused, status = str(sentence), CONFLICT
    context: dict[str, object] = {
        "form": form,
        "refused": refused,
        "open_tickets": list(
            access.for_technician(request.technician).exclude(state__in=OVER).order_by("-sequence")[:50]
        ),
    }
    return page(request, "console/calendar_new.html", "calendar", context, status=status)


def _used(request: DeskRequest, given: dict[str, Any]) -> HttpResponse:
    ticket = access.ticket(request.technician, given["number"].strip())
    if given["kind"] == "visit":
        wanted = {
            "technician": given["technician"],
            "at": given["starts_at"].astimezone(ZoneInfo(request.vendor.zone)).strftime("%Y-%m-%dT%H:%M"),
        }
        address = reverse("console:visits", args=[request.vendor.slug, ticket.number])
        return redirect(f"{address}?{urlencode(wanted)}")
    who = people.colleague(request.technician, int(given["technician"]))
    until = given["starts_at"] + timedelta(minutes=given["minutes"])
    actions.book(
        ticket,
        actions.Slot(who, given["starts_at"], until),
        by=actor(request),
        at=request.now,
    )
    day = local_day(request.vendor, given["starts_at"])
    return redirect(week_url(request, day))
