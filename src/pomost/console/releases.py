"""The releases of the product: the list by which versions are judged, one to come, and its publishing with what it mends.

Publishing writes to every customer whose request is about an error that the release mends, so it asks for a dispatcher.
"""

from collections.abc import Callable
from typing import Any, Final

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from pomost.console.answers import CONFLICT, UNPROCESSABLE, actor
from pomost.console.guard import technician_page
from pomost.console.known_errors import languages_of, terms_today
from pomost.console.product_forms import OutdateForm, PublishForm, ReleaseForm
from pomost.console.shell import page
from pomost.contracts.queries import local_day
from pomost.people.errors import NotFound, Refused
from pomost.people.models import Technician
from pomost.people.requests import DeskRequest
from pomost.rules.terms.model import said
from pomost.tickets import access, actions, queries
from pomost.tickets.models import ErrorLink, KnownError, Release
from pomost.ui.product_parts import error_view, family_name

PLACE: Final = "known_errors"


@technician_page()
@require_safe
def releases(request: DeskRequest) -> HttpResponse:
    """List the releases: what is to come, then the highest version first."""
    return _list(request)


@technician_page(Technician.Role.DISPATCHER)
@require_POST
def release_new(request: DeskRequest) -> HttpResponse:
    """Add a release that is to come, or one that is out already."""
    form = ReleaseForm(request.POST, families=_families(request))
    if not form.is_valid():
        return _list(request, form=form, status=UNPROCESSABLE)
    try:
        release = _add(request, form.cleaned_data)
    except Refused as refused:
        return _list(request, form=form, refused=str(refused), status=CONFLICT)
    return redirect("console:release", request.vendor.slug, release.pk)


@transaction.atomic
def _add(request: DeskRequest, given: dict[str, Any]) -> Release:
    by, at = actor(request), request.now
    release = actions.plan_release(
        request.vendor,
        version=given["version"],
        family=given.get("family", ""),
        planned_for=given["planned_for"],
        by=by,
        at=at,
    )
    if given["released_on"] is None:
        return release
    return actions.publish_release(release, released_on=given["released_on"], by=by, at=at)


@technician_page()
@require_safe
def release(request: DeskRequest, release_id: int) -> HttpResponse:
    """Show one release."""
    return _page(request, access.release(request.technician, release_id))


@technician_page(Technician.Role.DISPATCHER)
@require_POST
def release_publish(request: DeskRequest, release_id: int) -> HttpResponse:
    """Publish a release; everybody whom an error of it concerns is told."""
    found = access.release(request.technician, release_id)
    form = _publishing(request, found, typed=True)
    if not form.is_valid():
        return _page(request, found, publish=form, status=UNPROCESSABLE)
    given = form.cleaned_data
    mends = [access.known_error(request.technician, int(key)) for key in given["mends"]]
    return _do(
        request,
        found,
        lambda: actions.publish_release(
            found,
            mends=mends,
            released_on=given["released_on"],
            notes=form.notes(),
            by=actor(request),
            at=request.now,
        ),
        publish=form,
    )


@technician_page(Technician.Role.DISPATCHER)
@require_POST
def release_outdate(request: DeskRequest, release_id: int) -> HttpResponse:
    """Say from which day a release is outdated."""
    found = access.release(request.technician, release_id)
    form = OutdateForm(request.POST)
    if not form.is_valid():
        return _page(request, found, outdate=form, status=UNPROCESSABLE)
    day = form.cleaned_data["outdated_from"]
    return _do(
        request,
        found,
        lambda: actions.outdate_release(found, day, by=actor(request), at=request.now),
        outdate=form,
    )


def _families(request: DeskRequest) -> list[tuple[str, str]]:
    language = request.technician.person.language
    return [(each.id, said(each.name, language)) for each in terms_today(request).families]


def _list(
    request: DeskRequest, *, form: ReleaseForm | None = None, refused: str = "", status: int = 200
) -> HttpResponse:
    language, today = request.technician.person.language, local_day(request.vendor, request.now)
    terms = terms_today(request)
    found = queries.in_order(access.releases(request.technician).prefetch_related("errors"))
    rows = [
        {
            "release": each,
            "family": family_name(terms, each.family, language),
            "errors": len(each.errors.all()),
            "is_outdated": each.outdated_from is not None and each.outdated_from <= today,
        }
        for each in found
    ]
    context: dict[str, object] = {
        "rows": rows,
        "form": form or ReleaseForm(families=_families(request)),
        "is_open": form is not None,
        "refused": refused,
    }
    return page(request, "console/releases.html", PLACE, context, status=status)


def _publishing(request: DeskRequest, release: Release, *, typed: bool = False) -> PublishForm:
    language = request.technician.person.language
    open_errors = [
        each
        for each in access.known_errors(request.technician).filter(family=release.family)
        if each.state != KnownError.State.MENDED
    ]
    languages = languages_of(request)
    return PublishForm(
        request.POST if typed else None,
        languages=languages,
        errors=[
            (str(each.sequence), f"{each.sequence} · {error_view(each, language).title}")
            for each in open_errors
        ],
        initial={
            "mends": [str(each.sequence) for each in open_errors if each.release_id == release.pk],
            "released_on": local_day(request.vendor, request.now),
            **{f"notes_{each}": release.notes.get(each, "") for each in languages},
        },
    )


def _do(
    request: DeskRequest, release: Release, act: Callable[[], object], **typed: PublishForm | OutdateForm
) -> HttpResponse:
    try:
        act()
    except NotFound:
        raise
    except Refused as refused:
        fresh = access.release(request.technician, release.pk)
        return _page(request, fresh, refused=str(refused), status=CONFLICT, **typed)
    return redirect("console:release", request.vendor.slug, release.pk)


def _page(
    request: DeskRequest,
    release: Release,
    *,
    refused: str = "",
    status: int = 200,
    publish: PublishForm | OutdateForm | None = None,
    outdate: PublishForm | OutdateForm | None = None,
) -> HttpResponse:
    language = request.technician.person.language
    is_out = release.published_at is not None
    errors = list(release.errors.select_related("release").order_by("sequence"))
    concerned = ErrorLink.objects.filter(error__in=errors).values("ticket__contact").distinct().count()
    context: dict[str, object] = {
        "release": release,
        "family": family_name(terms_today(request), release.family, language),
        "errors": [error_view(each, language) for each in errors],
        "concerned": concerned,
        "told": release.told.count(),
        "notes": queries.in_language(release.notes, language),
        "publish": None if is_out else publish or _publishing(request, release),
        "outdate": (outdate or OutdateForm(initial={"outdated_from": release.outdated_from}))
        if is_out
        else None,
        "refused": refused,
    }
    return page(request, "console/release.html", PLACE, context, status=status)
