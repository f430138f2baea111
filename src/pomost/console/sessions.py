"""Remote sessions: the call that rings, its answer with a request, the viewer, the record.

The page decides nothing about levels: the ceiling comes with the signed offer, and every level is the customer's click
in their own app. What the viewer does in the browser is static/ui/session/ (the protocol) and static/console/session.js.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from pomost.billing import actions as billing
from pomost.billing.costs import fees_paid
from pomost.billing.queries import question
from pomost.console.answers import CONFLICT, UNPROCESSABLE, actor
from pomost.console.forms import EstimateForm
from pomost.console.guard import technician_page
from pomost.console.session_ending import ending_form
from pomost.console.shell import OPEN_STATES, face_of, open_sessions, page, ringing_for
from pomost.contracts.queries import terms_of
from pomost.people import formats
from pomost.people.errors import NotFound, Refused
from pomost.people.requests import DeskRequest
from pomost.remote import access, actions
from pomost.remote.errors import SessionRefused
from pomost.remote.lines import lines
from pomost.remote.models import RemoteSession, SessionEvent
from pomost.remote.offers import Proposal, proposal
from pomost.remote.queries import record_sha256
from pomost.rules.levels import LEVELS_BY_WORD, Level
from pomost.tickets.access import for_technician
from pomost.tickets.access import ticket as ticket_of
from pomost.tickets.models import Ticket
from pomost.ui.parts import LEVEL_WORDS, LEVELS, FaceView, RungState, RungView
from pomost.ui.ticket_parts import clause_view

CANDIDATES_MAX: Final = 30
"""Requests offered for a call: the technician's own first, then those of the firm that calls."""
SHOWN_MAX: Final = 50
"""Ended sessions in the list, the newest first."""

EVENT_WORDS: Final[dict[str, Promise]] = {
    "answered": _("The call is taken"),
    "viewer.joined": _("The viewer is open"),
    "consent.answered": _("The customer answers a question"),
    "backup.kept": _("The backup that was sent opens its gate"),
    "level.asked": _("A level is asked for"),
    "level.granted": _("The customer allows a level"),
    "level.withdrawn": _("A level is taken back"),
    "words.compared": _("The four words are compared"),
    "link.lost": _("The link breaks"),
    "link.back": _("The link is back"),
    "meter.started": _("The meter runs"),
    "meter.stopped": _("The meter stands still"),
    "meter.held": _("The meter is held for an estimate"),
    "meter.released": _("The meter runs on"),
    "inputs.counted": _("Inputs are counted"),
    "declined": _("The call is declined"),
    "hung-up": _("The caller hangs up"),
    "ended-by-terms": _("The terms let the technician end it"),
    "ended": _("The session ends"),
}


@technician_page()
@require_safe
def sessions(request: DeskRequest) -> HttpResponse:
    """List what rings and runs, and what has ended lately."""
    mine = access.for_technician(request.technician)
    context: dict[str, object] = {
        "running": list(mine.exclude(state=RemoteSession.State.ENDED).order_by("rung_at")),
        "ended": list(mine.filter(state=RemoteSession.State.ENDED).order_by("-ended_at")[:SHOWN_MAX]),
    }
    return page(request, "console/sessions.html", "sessions", context)


@technician_page()
@require_safe
def ringing(request: DeskRequest) -> HttpResponse:
    """Answer with the panel of the call that rings for this technician; empty where none does."""
    return render(
        request,
        "console/_ringing.html",
        {
            "ringing": ringing_for(request, open_sessions(request.vendor)),
            "desk": request.vendor.slug,
            "now": request.now,
        },
    )


@technician_page()
@require_safe
def session(request: DeskRequest, session_id: UUID) -> HttpResponse:
    """Show a session as it stands: the call to answer, the viewer, or the record."""
    found = access.session(request.technician, session_id)
    if found.state == RemoteSession.State.RINGING:
        return _call_page(request, found)
    if found.state == RemoteSession.State.ANSWERED and found.technician_id == request.technician.pk:
        return _viewer_page(request, found)
    return _record_page(request, found)


def _call_page(
    request: DeskRequest, call: RemoteSession, refused: str = "", status: int = 200
) -> HttpResponse:
    """Show who calls and what a session about the chosen request can be: the ceiling stands before any question."""
    candidates = _candidates(request, call)
    number = request.POST.get("ticket") or request.GET.get("ticket", "") or _likely(candidates, request, call)
    ticket = ticket_of(request.technician, number) if number else None
    offered: Proposal | None = None
    if ticket is not None:
        try:
            offered = _proposal(request, call, ticket)
        except SessionRefused as refusal:
            refused = refused or str(refusal)
    context: dict[str, object] = {
        "call": call,
        "candidates": candidates,
        "ticket": ticket,
        "offered": offered,
        "ladder": _ceiling_ladder(offered.ceiling) if offered is not None else [],
        "clause": clause_view(offered.terms, offered.clause, language=request.technician.person.language)
        if offered
        else None,
        "refused": refused,
        "reason": request.POST.get("reason", ""),
        "decided": request.POST.get("decided", ""),
        "noted": request.POST.getlist("noted"),
        "ringing": None,
    }
    return page(request, "console/call.html", "sessions", context, status=status)


def _proposal(request: DeskRequest, call: RemoteSession, ticket: Ticket) -> Proposal:
    return proposal(ticket, language=call.language, fees_paid=fees_paid(ticket.customer), at=request.now)


def _candidates(request: DeskRequest, call: RemoteSession) -> list[Ticket]:
    """Return the open requests that the call may be about: those of the firm that calls first, then the technician's own."""
    open_tickets = list(for_technician(request.technician).filter(state__in=OPEN_STATES))

    def likeliness(ticket: Ticket) -> tuple[bool, bool, bool, int]:
        no_session = ticket.verdict["level_if_agreed"] == Level.NONE.word
        mine = ticket.assigned_to_id == request.technician.pk
        return (not _same_firm(ticket, call), no_session, not mine, -ticket.sequence)

    return sorted(open_tickets, key=likeliness)[:CANDIDATES_MAX]


def _same_firm(ticket: Ticket, call: RemoteSession) -> bool:
    """Say whether the caller named this customer; nobody has proved it, so it only sorts."""
    company, name = call.caller_company.casefold().strip(), ticket.customer.name.casefold()
    return bool(company) and (company in name or name in company)


def _likely(candidates: list[Ticket], request: DeskRequest, call: RemoteSession) -> str:
    """Return the number of the request that is shown at once; none where nothing speaks for one."""
    first = candidates[0] if candidates else None
    if first is None or not (_same_firm(first, call) or first.assigned_to_id == request.technician.pk):
        return ""
    return first.number


def _ceiling_ladder(ceiling: Level) -> list[RungView]:
    return [
        RungView(
            level,
            RungState.FREE if place <= ceiling else RungState.LOCKED,
            "" if place <= ceiling else pgettext("level", "not in the terms"),
        )
        for place, level in enumerate(LEVELS, start=1)
    ]


@technician_page()
@require_POST
def answer(request: DeskRequest, session_id: UUID) -> HttpResponse:
    """Take the call for a request and open the viewer."""
    call = access.session(request.technician, session_id)
    number = request.POST.get("ticket", "")
    if not number:
        return _call_page(request, call, gettext("Choose the request that the call is about."), UNPROCESSABLE)
    ticket = ticket_of(request.technician, number)
    try:
        answered = actions.answer(
            call,
            ticket,
            technician=request.technician,
            fees_paid=fees_paid(ticket.customer),
            noted=request.POST.getlist("noted"),
            decided=request.POST.get("decided", ""),
            reason=request.POST.get("reason", "").strip(),
            by=actor(request),
            at=request.now,
        )
    except NotFound:
        raise
    except Refused as refusal:
        return _call_page(request, call, str(refusal), CONFLICT)
    lines().answered(str(answered.pk), bytes(answered.offer or b""), bytes(answered.offer_signature or b""))
    return redirect("console:session", request.vendor.slug, answered.pk)


@technician_page()
@require_POST
def decline(request: DeskRequest, session_id: UUID) -> HttpResponse:
    """Do not take the call; the caller is told why."""
    call = access.session(request.technician, session_id)
    why = request.POST.get("why", "").strip() or gettext("Nobody can take the call now. We will call back.")
    try:
        actions.decline(call, why=why, by=actor(request), at=request.now)
    except SessionRefused as refusal:
        return _call_page(request, call, str(refusal), CONFLICT)
    lines().declined(str(call.pk), why)
    return redirect("console:board", request.vendor.slug)


@technician_page()
@require_POST
def end(request: DeskRequest, session_id: UUID) -> HttpResponse:
    """End a session for good, also from a page that has lost its line."""
    running = access.session(request.technician, session_id)
    lines().end(str(running.pk), gettext("The technician ended the session."))
    return redirect("console:session", request.vendor.slug, running.pk)


def _viewer_page(
    request: DeskRequest,
    running: RemoteSession,
    form: EstimateForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    ticket = running.ticket
    if ticket is None:  # the table's constraint holds that an answered session has one
        raise SessionRefused(gettext("This session has no request. End it and call again."))
    language = request.technician.person.language
    ceiling = LEVELS_BY_WORD[running.ceiling]
    terms = terms_of(ticket.terms)
    context: dict[str, object] = {
        "session": running,
        "ticket": ticket,
        "customer_face": FaceView(running.caller_name, 4),
        "ladder": [_rung(level, place, ceiling) for place, level in enumerate(LEVELS, start=1)],
        "ceiling": running.ceiling,
        "clause": clause_view(terms, str(ticket.verdict["clause"]), language=language, with_date=False),
        "estimate_form": form or EstimateForm(),
        "ending": ending_form(ticket, language),
        "refused": refused,
        "texts": viewer_texts(),
        "desk": request.vendor.slug,
        "now": request.now,
    }
    return render(request, "console/viewer.html", context, status=status)


def _rung(level: str, place: int, ceiling: Level) -> RungView:
    if place > ceiling:
        return RungView(level, RungState.LOCKED, pgettext("level", "not in the terms"))
    return RungView(level, RungState.FREE, can_ask=True)


@technician_page()
@require_POST
def estimate(request: DeskRequest, session_id: UUID) -> HttpResponse:
    """Name a price for going on; the meter is held until the customer answers."""
    running = access.session(request.technician, session_id)
    form = EstimateForm(request.POST)
    if not form.is_valid() or running.ticket is None:
        return _estimate_part(request, running, form, status=UNPROCESSABLE)
    hours = form.cleaned_data["more_hours"]
    try:
        proposed = billing.propose_estimate(
            running.ticket,
            technician=request.technician,
            more_seconds=int(hours * 3600),
            reason=form.cleaned_data["reason"],
            by=actor(request),
            at=request.now,
        )
    except Refused as refusal:
        return _estimate_part(request, running, form, refused=str(refusal), status=CONFLICT)
    lines().estimate_asked(str(running.pk), question(proposed))
    return _estimate_part(request, running, EstimateForm(), sent=True)


def _estimate_part(
    request: DeskRequest,
    running: RemoteSession,
    form: EstimateForm,
    *,
    refused: str = "",
    sent: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "estimate_form": form,
        "refused": refused,
        "sent": sent,
        "session": running,
        "desk": request.vendor.slug,
    }
    return render(request, "console/_estimate.html", context, status=status)


def _record_page(request: DeskRequest, found: RemoteSession) -> HttpResponse:
    events = [
        (
            formats.moment(event.at, request.now),
            str(EVENT_WORDS.get(event.kind, event.kind)),
            _level_word(event),
        )
        for event in found.events.order_by("at", "pk")
    ]
    context: dict[str, object] = {
        "session": found,
        "face": face_of(found.technician),
        "events": events,
        "metered": formats.stopwatch(timedelta(milliseconds=found.metered_ms)),
        "sha256": record_sha256(found) if found.state == RemoteSession.State.ENDED else "",
    }
    return page(request, "console/record.html", "sessions", context)


def _level_word(event: SessionEvent) -> str:
    """Return the level that an event is about, in words; empty for events about none."""
    level = str(event.data.get("level", ""))
    return str(LEVEL_WORDS.get(level, "")) if event.kind.startswith("level.") else ""


@technician_page()
@require_POST
def presence(request: DeskRequest) -> HttpResponse:
    """Say whether one can be called."""
    wanted = request.POST.get("presence", "")
    actions.choose_presence(request.technician, wanted, by=actor(request), at=request.now)
    lines().people_changed(request.vendor.slug)
    return redirect("console:board", request.vendor.slug)


def viewer_texts() -> dict[str, str]:
    """Return the words that the viewer's module writes itself, in the language of the page.

    The reasons why a session ends or is refused have the names that wire/control.py gives them.
    """
    return {
        "waiting": gettext("Waiting for the customer's app"),
        "there": gettext("The customer's app is here"),
        "gone": gettext("The customer's app is gone"),
        "compare_first": gettext("first the words"),
        "compare": gettext("compare them by phone"),
        "matched": gettext("the words were compared by phone"),
        "customer_matched": gettext("The customer says that the words are the same"),
        "customer_differed": gettext("The customer says that the words differ"),
        "ask_first": gettext("Ask the customer to show the screen"),
        "looking": gettext("The customer has been asked"),
        "refused": gettext("The customer said no."),
        "asked": pgettext("level", "asked, waiting for the click"),
        "level_now": gettext("Level now:"),
        "exact": gettext("To the pixel"),
        "moving": gettext("Picture in motion"),
        "masked": gettext("The customer hides a window"),
        "age": pgettext("picture", "{time} old"),
        "stale": gettext("This picture is {time} old: wait before you click"),
        "ms": pgettext("unit", "{n} ms"),
        "s": pgettext("unit", "{n} s"),
        "kb": pgettext("unit", "{n} kB"),
        "both": gettext("both sides see the meter"),
        "held": gettext("the meter is held"),
        "lost": gettext("The link is broken; it is being mended"),
        "ended": gettext("The session has ended. Nobody can return without the customer's consent."),
        "end_why": gettext("The technician ended the session."),
        "none": pgettext("level", "Nothing yet"),
        "look": pgettext("level", "Look"),
        "point": pgettext("level", "Point"),
        "act": pgettext("level", "Act"),
        "change-many": pgettext("level", "Change many"),
        "estimate_asked": gettext("The customer has the estimate."),
        "estimate_accepted": gettext("The estimate was accepted."),
        "estimate_declined": gettext("The estimate was declined."),
        "hung_up": gettext("The caller hung up."),
        "not_taken": gettext("Nobody took the call in time."),
        "page_did_not_open": gettext("This page did not open in time."),
        "app_lost": gettext("The customer's app did not come back."),
        "technician_lost": gettext("This page was away for too long."),
        "words_differ": gettext(
            "The words differ: somebody may be listening in between. The session is closed."
        ),
        "broken_protocol": gettext("One end said what the protocol does not allow. The session is closed."),
        "not_stored": gettext(
            "The desk could not store what happened. The session is closed; ask for a new call."
        ),
        "restarted": gettext("The desk was restarted. The session is closed; ask for a new call."),
        "is_over": gettext("The session is over"),
        "over": gettext("This session is over. The customer can call anew."),
        "insecure": gettext(
            "Keys can be made on https and localhost only. Open the desk by its https address."
        ),
        "tampered": gettext("What came was not what the customer's app sent. The session is closed."),
        "link_gone": gettext("The link is gone."),
    }
