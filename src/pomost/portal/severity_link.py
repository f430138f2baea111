"""The page behind the link of a mail that proposes another severity: read without sign-in, answer once.

Opening it changes nothing, because mail programs open links by themselves; only the press of a button answers. The link
stands for one contact and one proposal, so the page shows that question and nothing else of the request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from pomost.contracts.queries import terms_of
from pomost.people import formats
from pomost.people.errors import NotFound, Refused
from pomost.people.requests import DeskRequest
from pomost.tickets import actions
from pomost.tickets.actions import SeverityAnswer
from pomost.tickets.foreseen import SeverityChange, severity_change, severity_question
from pomost.tickets.links import LinkExpired, SeverityLink, severity_link
from pomost.tickets.models import Consent, SeverityProposal, Ticket
from pomost.ui.parts import ClauseView
from pomost.ui.ticket_parts import clause_view

State = SeverityProposal.State
UNSOLVED = (Ticket.State.INCOMPLETE, Ticket.State.OPEN, Ticket.State.WAITING)


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One promise, in words, as it is and as it would be."""

    label: str
    now: str
    then: str
    clause: ClauseView | None


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def severity_link_page(request: DeskRequest, vendor: str, token: str) -> HttpResponse:
    """Show the question with both due moments; a POST answers it."""
    try:
        link = severity_link(token, request.vendor, request.now)
    except NotFound as unknown:
        return _sentence(request, str(unknown), 404)
    except LinkExpired as expired:
        return _sentence(request, str(expired), 410)
    _speak(request, link)
    if request.method == "POST":
        return _answer(request, link, token)
    return _show(request, link)


def _speak(request: HttpRequest, link: SeverityLink) -> None:
    """Use the contact's language, unless another one was picked in this browser."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(link.contact.language)
        request.LANGUAGE_CODE = link.contact.language


def _answer(request: DeskRequest, link: SeverityLink, token: str) -> HttpResponse:
    said = request.POST.get("answer")
    if said not in ("yes", "no"):
        return _show(request, link, refused=_("Choose yes or no."), status=422)
    answer = SeverityAnswer(
        agreed=said == "yes",
        contact=link.contact,
        channel=Consent.Channel.MAIL,
        language=request.LANGUAGE_CODE or "",
        proposal=link.proposal.pk,
        words_sha256=request.POST.get("words", "-") or "-",
    )
    try:
        actions.answer_severity(link.proposal.ticket, answer, by=f"contact:{link.contact.pk}", at=request.now)
    except Refused as refused:
        link.proposal.refresh_from_db()
        link.proposal.ticket.refresh_from_db()
        return _show(request, link, refused=str(refused), status=409)
    return redirect("portal:severity_link", request.vendor.slug, token)


def _show(request: DeskRequest, link: SeverityLink, *, refused: str = "", status: int = 200) -> HttpResponse:
    proposal, ticket, language = link.proposal, link.proposal.ticket, request.LANGUAGE_CODE or ""
    if proposal.state != State.OPEN or ticket.state not in UNSOLVED:
        answered = proposal.state in (State.AGREED, State.REFUSED)
        return _sentence(
            request, _over(proposal, request), status if answered else 410, title=_answered(proposal)
        )
    change = severity_change(ticket, proposal.after, request.now, language)
    words = severity_question(ticket, request.now, language)
    context = {
        "ticket": ticket,
        "change": change,
        "changes": _views(request, change, ticket, language),
        "words": words,
        "words_sha256": sha256(words.encode()).hexdigest(),
        "title": _("“%(after)s” instead of “%(before)s”?") % {"after": change.after, "before": change.before},
        "answers_as": _(
            "You answer as %(who)s. The words, the answer and the moment are kept. "
            "Without an answer nothing changes."
        )
        % {"who": link.contact.name},
        "refused": refused,
        "vendor": request.vendor,
    }
    return render(request, "portal/severity_link.html", context, status=status)


def _views(
    request: DeskRequest, change: SeverityChange, ticket: Ticket, language: str
) -> Sequence[ChangeView]:
    terms = terms_of(ticket.terms)
    return [
        ChangeView(
            each.label,
            _moment(each.due_before, each.amount_before, request.now),
            _moment(each.due_after, each.amount_after, request.now),
            clause_view(terms, each.clause, language=language),
        )
        for each in change.promises
    ]


def _moment(due_at: datetime | None, amount: timedelta | None, now: datetime) -> str:
    if due_at is not None:
        return _("by %(moment)s") % {"moment": f"{formats.day(due_at, now)}, {formats.clock_time(due_at)}"}
    return formats.length_words(amount) if amount is not None else _("no promise")


def _answered(proposal: SeverityProposal) -> str:
    if proposal.state == State.AGREED:
        return _("You agreed to the other severity")
    if proposal.state == State.REFUSED:
        return _("The severity stays as it was")
    return _("This question is over")


def _over(proposal: SeverityProposal, request: DeskRequest) -> str:
    """Say why nothing is asked any more."""
    if proposal.consent is not None:
        moment = f"{formats.day(proposal.consent.at, request.now)}, {formats.clock_time(proposal.consent.at)}"
        return _(
            "Request %(number)s: the answer came on %(moment)s. It counts, and this link is used up."
        ) % {
            "number": proposal.ticket.number,
            "moment": moment,
        }
    if proposal.state == State.SUPERSEDED:
        return _(
            "Request %(number)s: another severity was proposed since. Nothing has changed by this link; "
            "answer the newer mail."
        ) % {"number": proposal.ticket.number}
    return _("Request %(number)s is solved or over, so its severity is not asked about any more.") % {
        "number": proposal.ticket.number
    }


def _sentence(request: DeskRequest, sentence: str, status: int, title: str = "") -> HttpResponse:
    context = {"sentence": sentence, "title": title or _("This link does not work"), "vendor": request.vendor}
    return render(request, "portal/severity_link_over.html", context, status=status)
