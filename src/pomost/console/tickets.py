"""The list of all requests, open or over: what the board no longer shows is found here."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from pomost.console.board import Filter
from pomost.console.guard import technician_page
from pomost.console.shell import face_of, page
from pomost.people import formats
from pomost.people.requests import DeskRequest
from pomost.tickets import access
from pomost.tickets.models import Ticket
from pomost.tickets.queries import PAGE, listing
from pomost.ui.parts import EmptyView, FaceView

State = Ticket.State
PAGES_MAX: Final = 10_000

CHOICES: Final[dict[str, tuple[Promise, tuple[State, ...]]]] = {
    "all": (_("All"), ()),
    "open": (pgettext_lazy("requests", "Open"), (State.INCOMPLETE, State.OPEN, State.WAITING)),
    "solved": (pgettext_lazy("requests", "Solved"), (State.SOLVED, State.CONFIRMED)),
    "closed": (pgettext_lazy("requests", "Closed"), (State.CLOSED,)),
}

STATE_WORDS: Final[dict[State, Promise]] = {
    State.INCOMPLETE: pgettext_lazy("request", "incomplete"),
    State.OPEN: pgettext_lazy("request", "open"),
    State.WAITING: pgettext_lazy("request", "waits for the customer"),
    State.SOLVED: pgettext_lazy("request", "solved, not confirmed yet"),
    State.CONFIRMED: pgettext_lazy("request", "solved and confirmed"),
    State.CLOSED: pgettext_lazy("request", "closed without a solution"),
}


@dataclass(frozen=True, slots=True)
class FoundView:
    """One line of the list."""

    number: str
    subject: str
    customer: str
    url: str
    registered: str
    state: str
    who: FaceView | None


@technician_page()
@require_safe
def tickets(request: DeskRequest) -> HttpResponse:
    """List the requests that fit `q` and `state`, a hundred a page."""
    words, state, number = (
        request.GET.get("q", "").strip()[:200],
        request.GET.get("state", ""),
        _page(request),
    )
    chosen = state if state in CHOICES else "all"
    found = listing(
        access.for_technician(request.technician), words=words, states=CHOICES[chosen][1], page=number
    )

    def address(**query: object) -> str:
        asked = {"q": words, "state": chosen, "page": number} | query
        kept = {key: value for key, value in asked.items() if value not in {"", "all", 1}}
        return reverse("console:tickets", args=[request.vendor.slug]) + (
            f"?{urlencode(kept)}" if kept else ""
        )

    counts = {
        key: sum(count for each, count in found.by_state.items() if not states or each in states)
        for key, (_label, states) in CHOICES.items()
    }
    context: dict[str, object] = {
        "rows": [_row(ticket, request) for ticket in found.tickets],
        "filters": [
            Filter(key, str(label), counts[key], address(state=key, page=1), key == chosen)
            for key, (label, _states) in CHOICES.items()
        ],
        "words": words,
        "state": chosen,
        "newer_url": address(page=number - 1) if number > 1 else "",
        "older_url": address(page=number + 1) if found.has_more else "",
        "range": _range(number, len(found.tickets), counts[chosen]),
        "nothing": _nothing(words, request),
    }
    return page(request, "console/tickets.html", "tickets", context)


def _page(request: DeskRequest) -> int:
    asked = request.GET.get("page", "")
    return min(max(int(asked), 1), PAGES_MAX) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1


def _row(ticket: Ticket, request: DeskRequest) -> FoundView:
    return FoundView(
        number=ticket.number,
        subject=ticket.subject,
        customer=ticket.customer.name,
        url=reverse("console:ticket", args=[request.vendor.slug, ticket.number]),
        registered=formats.moment(ticket.registered_at, request.now),
        state=str(STATE_WORDS[State(ticket.state)]),
        who=face_of(ticket.assigned_to) if ticket.assigned_to is not None else None,
    )


def _range(number: int, shown: int, total: int) -> str:
    if shown == total:
        return ngettext("%(count)d request", "%(count)d requests", total) % {"count": total}
    first = (number - 1) * PAGE
    return gettext("%(first)d to %(last)d of %(count)d requests") % {
        "first": first + 1,
        "last": first + shown,
        "count": total,
    }


def _nothing(words: str, request: DeskRequest) -> EmptyView:
    address = reverse("console:tickets", args=[request.vendor.slug])
    if words:
        text = gettext("No request has “%(words)s”.") % {"words": words}
        return EmptyView(gettext("Nothing found"), text, gettext("Show all"), address)
    return EmptyView(
        gettext("No requests here"),
        gettext("They appear as soon as somebody asks."),
        gettext("Note a call"),
        reverse("console:call_new", args=[request.vendor.slug]),
    )
