"""The public pages of a vendor's terms: a whole version, what changes with it, and what something would cost.

Anybody may read them, signed in or not: a promise is for those whom it is made to. Every published version stays, under
the day from which it holds, so that a clause that an old invoice names can still be read. The words are ui/terms/.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pomost.contracts.calendars import CalendarBook
from pomost.contracts.models import TermsVersion
from pomost.contracts.queries import local_day, terms_in_force, terms_of, versions_of
from pomost.people import formats
from pomost.people.errors import Refused
from pomost.people.requests import DeskRequest
from pomost.portal.calculator import BadQuestion, Question, answered, knows, question_of
from pomost.rules.terms.model import Terms, said
from pomost.ui.terms.document import document
from pomost.ui.terms_parts import change_views


@dataclass(frozen=True, slots=True)
class VersionView:
    """One published version in the list of them."""

    name: str
    when: str
    url: str
    changes_url: str
    """What it changes; empty for the first one."""
    is_shown: bool
    is_in_force: bool


@login_not_required
@require_safe
def terms(request: DeskRequest, vendor: str, day: date | None = None) -> HttpResponse:
    """Show a version of the vendor's terms: that of `day`, else the one in force, else the first to come."""
    versions = versions_of(request.vendor)
    shown = _chosen(versions, day, local_day(request.vendor, request.now))
    found, language = terms_of(shown), request.LANGUAGE_CODE or ""
    today = local_day(request.vendor, request.now)
    context = {
        **_frame(request, found, versions, shown),
        "sections": document(found, language, on=max(today, shown.valid_from)),
        **_calculator(request, found),
    }
    return render(request, "portal/terms.html", context)


@login_not_required
@require_safe
def changes(request: DeskRequest, vendor: str, day: date) -> HttpResponse:
    """Show what a version changed for whom, against the one before it."""
    versions = versions_of(request.vendor)
    shown = _chosen(versions, day, day)
    place = versions.index(shown)
    if not place:
        raise Http404("The first version of the terms changes nothing.")
    before, after = terms_of(versions[place - 1]), terms_of(shown)
    language = request.LANGUAGE_CODE or ""
    context = {
        **_frame(request, after, versions, shown),
        "before": before.version,
        "changes": change_views(before, after, language),
    }
    return render(request, "portal/terms_changes.html", context)


@login_not_required
@require_safe
def price(request: DeskRequest, vendor: str) -> HttpResponse:
    """Answer with the calculator's result alone, for the choices in the address."""
    _version, found = terms_in_force(request.vendor, local_day(request.vendor, request.now))
    return render(request, "portal/_calculated.html", _calculator(request, found))


def _chosen(versions: list[TermsVersion], day: date | None, today: date) -> TermsVersion:
    if day is not None:
        found = next((each for each in versions if each.valid_from == day), None)
    else:
        begun = [each for each in versions if each.valid_from <= today]
        found = begun[-1] if begun else next(iter(versions), None)
    if found is None:
        raise Http404("No version of the terms holds from that day.")
    return found


def _frame(
    request: DeskRequest, found: Terms, versions: list[TermsVersion], shown: TermsVersion
) -> dict[str, object]:
    language = request.LANGUAGE_CODE or ""
    views = _versions(versions, shown, local_day(request.vendor, request.now))
    return {
        "title": said(found.title, language),
        "vendor": request.vendor,
        "terms": found,
        "version": next(each for each in views if each.is_shown),
        "versions": views,
        "terms_url": reverse("portal:terms", args=[request.vendor.slug]),
    }


def _versions(versions: list[TermsVersion], shown: TermsVersion, today: date) -> list[VersionView]:
    """Return the published versions, the newest first."""
    views = []
    for place, each in enumerate(versions):
        following = versions[place + 1] if place + 1 < len(versions) else None
        last = following.valid_from - timedelta(days=1) if following else None
        address = [each.vendor.slug, each.valid_from.isoformat()]
        views.append(
            VersionView(
                name=each.version,
                when=_when(each.valid_from, last, today),
                url=reverse("portal:terms_version", args=address),
                changes_url=reverse("portal:terms_changes", args=address) if place else "",
                is_shown=each == shown,
                is_in_force=each.valid_from <= today and (last is None or today <= last),
            )
        )
    return views[::-1]


def _when(first: date, last: date | None, today: date) -> str:
    since = formats.date_words(first)
    if last is not None:
        return _("from %(first)s to %(last)s") % {"first": since, "last": formats.date_words(last)}
    if first > today:
        return _("will hold from %(day)s") % {"day": since}
    return _("in force from %(day)s") % {"day": since}


def _calculator(request: DeskRequest, shown: Terms) -> dict[str, object]:
    """Return the fields of the calculator and its answer, judged by the version that holds on the day asked about."""
    language = request.LANGUAGE_CODE or ""
    try:
        asked = question_of(shown, request.GET, request.now)
    except BadQuestion as bad:
        return {**_fields(shown, None, request, language), "answer": None, "sentence": str(bad)}
    fields = _fields(shown, asked, request, language)
    try:
        answer = answered(_judging(request, shown, asked), asked, now=request.now, language=language)
    except (Refused, BadQuestion) as refused:
        return {**fields, "answer": None, "sentence": str(refused)}
    return {**fields, "answer": answer, "sentence": ""}


def _judging(request: DeskRequest, shown: Terms, asked: Question) -> Terms:
    """Return the terms in force on the day that is asked about, with the calendars as the desk keeps them."""
    _version, found = terms_in_force(request.vendor, asked.at.date())
    if found is not shown and not knows(found, asked):
        raise BadQuestion(_("The terms of that day do not know what you chose."))
    return CalendarBook.of(request.vendor.pk).applied_to(found)


def _fields(shown: Terms, asked: Question | None, request: HttpRequest, language: str) -> dict[str, object]:
    service = asked.service if asked else shown.services[0].id
    families = shown.service(service).families
    return {
        "asked": asked,
        "at": asked.at.strftime("%Y-%m-%dT%H:%M") if asked else request.GET.get("at", "")[:40],
        "minutes": asked.minutes if asked else request.GET.get("minutes", "")[:10],
        "services": [(each.id, said(each.name, language)) for each in shown.services],
        "packages": [(each.id, said(each.name, language)) for each in shown.packages],
        "families": [(key, said(shown.family(key).name, language)) for key in families],
        "severities": [(each.id, said(each.name, language)) for each in shown.severities],
        "asks_version": shown.version_rule is not None,
        "asks_shown": any(not each.default for each in shown.packages) and len(shown.packages) > 1,
        "zone": shown.vendor.zone,
    }
