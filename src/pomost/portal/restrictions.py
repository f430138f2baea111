"""The customer's side of a restriction: why, by which clause, until when; and the appeal, with or without sign-in.

The link of a mail stands for one contact and one restriction. Opening it changes nothing; only the press of the button
appeals. A colleague's own restriction is nobody else's to see.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from pomost.people.errors import NotFound, Refused
from pomost.people.models import Contact
from pomost.people.requests import DeskRequest
from pomost.portal.guard import contact_page
from pomost.portal.shell import page
from pomost.rules.restriction import MayAppeal
from pomost.tickets import access, actions
from pomost.tickets.actions.appealing import may_appeal_now
from pomost.tickets.links import RestrictionLink, restriction_link
from pomost.tickets.models import Restriction, Ticket
from pomost.tickets.restricted import reason_words, standing_for, until_words, value_of, who_words
from pomost.ui.restriction_parts import restriction_view

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class RestrictedNotice:
    """One line: support is restricted, and where to read why."""

    words: str
    url: str


@contact_page
@require_http_methods(["GET", "HEAD", "POST"])
def restriction(request: DeskRequest, restriction_id: int) -> HttpResponse:
    """Show a restriction; a POST appeals against it."""
    row = access.restriction_of_contact(request.contact, restriction_id)
    refused = ""
    if request.method == "POST":
        refused = _appeal(request, row, request.contact)
        if not refused:
            return redirect("portal:restriction", request.vendor.slug, row.pk)
    context = _context(request, row, refused)
    return page(
        request, "portal/restriction.html", "requests", context, status=UNPROCESSABLE if refused else 200
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def restriction_link_page(request: DeskRequest, vendor: str, token: str) -> HttpResponse:
    """Show the restriction behind a mail's link; a POST appeals against it."""
    try:
        link = restriction_link(token, request.vendor)
    except NotFound as unknown:
        context = {"sentence": str(unknown), "title": _("This link does not work"), "vendor": request.vendor}
        return render(request, "portal/severity_link_over.html", context, status=404)
    _speak(request, link)
    refused = ""
    if request.method == "POST":
        refused = _appeal(request, link.restriction, link.contact)
        if not refused:
            return redirect("portal:restriction_link", request.vendor.slug, token)
    shown = {**_context(request, link.restriction, refused), "vendor": request.vendor, "who": link.contact}
    return render(request, "portal/restriction_link.html", shown, status=UNPROCESSABLE if refused else 200)


def _appeal(request: DeskRequest, row: Restriction, contact: Contact) -> str:
    """Appeal, and return the sentence of a refusal; empty: it was registered."""
    try:
        actions.appeal_restriction(
            row, request.POST.get("text", ""), contact=contact, by=f"contact:{contact.pk}", at=request.now
        )
    except NotFound:
        raise
    except Refused as refused:
        return str(refused)
    return ""


def _context(request: DeskRequest, row: Restriction, refused: str) -> dict[str, object]:
    row.refresh_from_db(fields=["until_at", "review_at", "ended_at"])
    may = may_appeal_now(row, request.now)
    return {
        "restriction": restriction_view(
            row, now=request.now, language=request.LANGUAGE_CODE or "", internal=False
        ),
        "may_appeal": may is MayAppeal.YES,
        "waits": may is MayAppeal.WAITS,
        "typed": request.POST.get("text", "") if refused else "",
        "refused": refused,
        "now": request.now,
    }


def _speak(request: HttpRequest, link: RestrictionLink) -> None:
    """Use the contact's language, unless another one was picked in this browser."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(link.contact.language)
        request.LANGUAGE_CODE = link.contact.language


def notices(request: DeskRequest) -> list[RestrictedNotice]:
    """Return a line for each restriction of the contact, or of their firm, that stands now."""
    rows = access.restrictions_of_contact(request.contact).filter(ended_at=None)
    found = rows.exclude(scope=Restriction.Scope.REQUEST).order_by("pk")
    return [_notice(request, row) for row in found if value_of(row).holds(request.now)]


def notice_for(request: DeskRequest, ticket: Ticket) -> RestrictedNotice | None:
    """Return the line of the restriction that holds for a request now; None: nothing does."""
    row = standing_for(ticket, request.now)
    if row is None:
        return None
    return _notice(request, row)


def _notice(request: DeskRequest, row: Restriction) -> RestrictedNotice:
    if row.scope == Restriction.Scope.CONTACT and row.contact_id != request.contact.pk:
        words = _("Support is restricted for who reported this request, %(until)s.")
        return RestrictedNotice(words % {"until": until_words(row, request.now)}, "")
    words = _("Support is restricted for %(who)s, %(until)s: %(reason)s (§ %(clause)s).") % {
        "who": who_words(row),
        "until": until_words(row, request.now),
        "reason": reason_words(row),
        "clause": row.clause,
    }
    return RestrictedNotice(words, reverse("portal:restriction", args=[request.vendor.slug, row.pk]))
