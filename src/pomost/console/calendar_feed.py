"""A technician's own calendar for other programs: the page that makes and revokes its address, and the file behind it.

The file is read without sign-in by whoever has the address, as calendar programs do; it holds the technician's own bookings,
visits and absences, a month back and a year ahead, and nothing of colleagues. An event has the name that it has by mail, so
who takes both has it once.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from pomost.console.answers import actor
from pomost.console.calendar import ENTRY_WORDS
from pomost.console.guard import technician_page
from pomost.console.shell import page
from pomost.people.calendar_file import MEDIA_TYPE, Agreed, Method, calendar_file
from pomost.people.calendar_keys import make_calendar_key, revoke_calendar_key, technician_of_key
from pomost.people.errors import NotFound
from pomost.people.models import CalendarKey, Technician
from pomost.people.requests import DeskRequest
from pomost.tickets.queries import DiaryEntry, EventName, Filled, diary, event_names, visit_name

BACK: Final = timedelta(days=31)
AHEAD: Final = timedelta(days=366)
NOT_FOUND: Final = 404


@technician_page()
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: DeskRequest) -> HttpResponse:
    """Say whether there is an address; on a POST make a new one and show it this once, or revoke it."""
    by, made = actor(request), ""
    if request.method == "POST":
        if request.POST.get("what") == "revoke":
            revoke_calendar_key(request.technician, by=by, at=request.now)
            return redirect("console:calendar_address", request.vendor.slug)
        secret = make_calendar_key(request.technician, by=by, at=request.now)
        where = reverse("console:calendar_feed", args=[request.vendor.slug, secret])
        made = f"{settings.PUBLIC_URL}{where}"
    context: dict[str, object] = {
        "made": made,
        "key": CalendarKey.objects.filter(technician=request.technician).first(),
    }
    answer = page(request, "console/calendar_address.html", "calendar", context)
    answer["Cache-Control"] = "no-store"
    return answer


@login_not_required
@never_cache
@require_safe
def feed(request: DeskRequest, vendor: str, secret: str) -> HttpResponse:
    """Give the calendar of the technician whose secret the address holds."""
    try:
        technician = technician_of_key(request.vendor, secret)
    except NotFound as unknown:
        return HttpResponse(str(unknown), status=NOT_FOUND, content_type="text/plain; charset=utf-8")
    found = diary(request.vendor, request.now - BACK, request.now + AHEAD, technician.pk)
    booked = [each.ticket.pk for each in found if each.kind is Filled.BOOKING and each.ticket is not None]
    names = event_names(request.vendor, booked)
    with translation.override(technician.person.language):
        name = f"{request.vendor.name}: {technician.person.name}"
        events = [_event(request, technician, each, names) for each in found]
        content = calendar_file(events, Method.PUBLISH, at=request.now, name=name)
    return HttpResponse(content, content_type=f"{MEDIA_TYPE}; charset=utf-8")


def _event(
    request: DeskRequest, technician: Technician, each: DiaryEntry, booked: Mapping[int, EventName]
) -> Agreed:
    words = str(ENTRY_WORDS[each.kind])
    ticket = each.ticket
    if ticket is None:
        domain = request.vendor.sender.rpartition("@")[2]
        name = EventName(
            f"absence-{each.key}.of-{technician.pk}.{request.vendor.slug}@{domain}", each.sequence
        )
    elif each.kind is Filled.BOOKING:
        name = booked[ticket.pk]
    else:
        name = visit_name(request.vendor, each.key, each.sequence)
    url = reverse("console:ticket", args=[request.vendor.slug, ticket.number]) if ticket else ""
    return Agreed(
        uid=name.uid,
        sequence=name.sequence,
        starts_at=each.starts_at,
        ends_at=each.ends_at,
        zone=request.vendor.zone,
        title=f"{words}: {ticket.number}, {ticket.customer.name}" if ticket else words,
        text=ticket.subject if ticket else each.note,
        place=each.place,
        url=f"{settings.PUBLIC_URL}{url}" if url else "",
    )
