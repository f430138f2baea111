"""What stands around every console page: the places, the shift, the call that rings.

Three queries, whatever the page shows.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext

from pomost.console.guard import ROLE_WORDS, may
from pomost.people import formats
from pomost.people.models import Technician, Vendor
from pomost.people.queries import on_call
from pomost.people.requests import DeskRequest
from pomost.remote.models import RemoteSession
from pomost.tickets.models import Ticket
from pomost.ui.parts import FaceView, PlaceView, Presence, Shell, ShiftView

OPEN_STATES = (Ticket.State.INCOMPLETE, Ticket.State.OPEN, Ticket.State.WAITING, Ticket.State.SOLVED)

DOTS = {
    Technician.Presence.FREE: Presence.FREE,
    Technician.Presence.CALL: Presence.BUSY,
    Technician.Presence.BUSY: Presence.CALL,
    Technician.Presence.OFF: Presence.OFF,
}


def face_of(technician: Technician) -> FaceView:
    """Return a technician's face; the same colour on every page."""
    return FaceView(technician.person.name, technician.pk)


def page(
    request: DeskRequest,
    template: str,
    place: str,
    context: dict[str, object],
    *,
    staff: Sequence[Technician] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a console page with everything that stands around it; `staff` is who is on call, where the page knows."""
    sessions = open_sessions(request.vendor)
    around = {
        "shell": shell_of(request, on_call(request.vendor) if staff is None else staff, len(sessions)),
        "place": place,
        "ringing": ringing_for(request, sessions),
        "now": request.now,
        "technician": request.technician,
        "desk": request.vendor.slug,
    }
    return render(request, template, {**around, **context}, status=status)


def open_sessions(vendor: Vendor) -> list[RemoteSession]:
    """Return the vendor's sessions that ring or run, the oldest first, without their signed offers."""
    ended = RemoteSession.State.ENDED
    found = RemoteSession.objects.filter(vendor=vendor).exclude(state=ended).order_by("rung_at")
    return list(found.defer("offer", "offer_signature"))


def ringing_for(request: DeskRequest, sessions: Sequence[RemoteSession]) -> RemoteSession | None:
    """Return the call among the open sessions that rings for this technician, the oldest first."""
    ringing = RemoteSession.State.RINGING
    mine = request.technician.pk
    return next((each for each in sessions if (each.technician_id, each.state) == (mine, ringing)), None)


def shell_of(request: DeskRequest, staff: Sequence[Technician], sessions: int) -> Shell:
    """Return the navigation of one vendor's console: what is open in each place, who of the staff is there."""
    vendor = request.vendor
    tickets = Ticket.objects.filter(vendor=vendor, state__in=OPEN_STATES).count()
    there = [person for person in staff if person.presence != Technician.Presence.OFF]

    def place(key: str, label: str, icon: str, count: int | None = None) -> PlaceView:
        return PlaceView(key, label, reverse(f"console:{key}", args=[vendor.slug]), icon, count)

    return Shell(
        vendor_name=vendor.name,
        vendor_mark=vendor.mark,
        home_url=reverse("console:board", args=[vendor.slug]),
        places=(
            place("board", pgettext("place", "Board"), "list-checks", tickets),
            place("tickets", pgettext("place", "Requests"), "inbox"),
            place("calendar", pgettext("place", "Calendar"), "calendar"),
            place("sessions", pgettext("place", "Sessions"), "monitor", sessions or None),
            place("absences", pgettext("place", "Absences"), "calendar"),
            place("customers", pgettext("place", "Customers"), "building-2"),
            place("known_errors", pgettext("place", "Known errors"), "bug"),
            place("invoices", pgettext("place", "Invoices"), "receipt-text"),
            *(
                [
                    place("terms", pgettext("place", "Terms"), "scale"),
                    place("opening_hours", pgettext("place", "Opening hours"), "clock"),
                    place("programs", pgettext("place", "Programs"), "external-link"),
                ]
                if may(request.technician, Technician.Role.OWNER)
                else []
            ),
        ),
        me=face_of(request.technician),
        role=str(ROLE_WORDS[Technician.Role(request.technician.role)]),
        sign_out_url=reverse("sign_out"),
        terms_url=reverse("portal:terms", args=[vendor.slug]),
        shift=[
            ShiftView(face_of(person), DOTS[Technician.Presence(person.presence)], _doing(person, request))
            for person in there
        ],
        shift_of=len(staff),
    )


def presence_word(presence: str) -> str:
    """Return what a presence means, short enough for the list of the shift."""
    words = {
        Technician.Presence.FREE: pgettext("presence", "can help"),
        Technician.Presence.BUSY: pgettext("presence", "on a call"),
        Technician.Presence.CALL: pgettext("presence", "in a session"),
        Technician.Presence.OFF: pgettext("presence", "away"),
    }
    return words[Technician.Presence(presence)]


def _doing(person: Technician, request: DeskRequest) -> str:
    word = presence_word(person.presence)
    if person.presence_at is None or person.presence == Technician.Presence.FREE:
        return word
    return gettext("%(doing)s, %(length)s") % {
        "doing": word,
        "length": formats.hours(max(request.now - person.presence_at, timedelta(0))),
    }
