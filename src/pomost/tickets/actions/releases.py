"""Releases of the product: one to come, one published with the errors that it mends, one that is outdated from a day.

Publishing is once: the row is locked, and so are the errors, so that of two who publish, or mend one error by two
releases, the second is refused and nobody hears twice.
"""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.contracts.queries import local_day, terms_in_force
from pomost.journal import actions as journal
from pomost.people.models import Vendor
from pomost.rules.releases import VersionInvalid, canonical
from pomost.rules.terms.model import Unknown
from pomost.tickets.actions.known_errors import Words, hold_error, words
from pomost.tickets.actions.telling import tell_of_release
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import KnownError, Release, Ticket


@transaction.atomic
def plan_release(
    vendor: Vendor,
    *,
    version: str,
    family: str = "",
    planned_for: date | None = None,
    notes: Words | None = None,
    by: str,
    at: datetime,
) -> Release:
    """Keep a release that is to come. Nobody is told, and no version is judged by it yet.

    Raises:
        TicketRefused: it is no version, the list has it already, or the terms know no such product.
    """
    vendor = Vendor.objects.select_for_update(no_key=True).get(pk=vendor.pk)
    try:
        written = canonical(version)
    except VersionInvalid:
        raise TicketRefused(
            _("“%(version)s” is no version. It begins with a number, such as 3.16.2.")
            % {"version": version.strip()[:40]}
        ) from None
    if family:
        _day, terms = terms_in_force(vendor, local_day(vendor, at))
        try:
            terms.family(family)
        except Unknown as unknown:
            raise TicketRefused(str(unknown)) from unknown
    there = Release.objects.filter(vendor=vendor, family=family, canonical=written).first()
    if there is not None:
        raise TicketRefused(_("%(version)s is in the list already.") % {"version": there.version})
    release = Release.objects.create(
        vendor=vendor,
        family=family,
        version=version.strip(),
        canonical=written,
        planned_for=planned_for,
        notes=words(notes or {}),
    )
    _record(release, "planned", by=by, at=at, version=release.version, family=family)
    return release


@transaction.atomic
def mend_in(error: KnownError, release: Release | None, *, by: str, at: datetime) -> KnownError:
    """Say which release mends an error: one to come is promised, by one that is out it is mended, None: none is known.

    Where the release is out, everybody whose request is about the error hears of it, as when it was published with it.

    Raises:
        TicketRefused: the error is mended already, or the release is of another product.
    """
    if release is not None:
        release = _hold(release)
        _fits(release, error)
    error = hold_error(error)
    _is_open(error)
    if error.release_id == (release.pk if release else None):
        return error
    is_out = release is not None and release.published_at is not None
    error.release = release
    error.state = KnownError.State.MENDED if is_out else error.state
    error.save(update_fields=["release", "state"])
    journal.record(
        "known-error.mended-in",
        vendor=error.vendor.slug,
        subject=f"known-error:{error.pk}",
        by=by,
        at=at,
        data={
            "error": error.sequence,
            "version": release.version if release else "",
            "release_is_out": is_out,
        },
    )
    if release is not None and is_out:
        tell_of_release(release, [error], _concerned([error]), by=by, at=at)
    return error


@transaction.atomic
def publish_release(
    release: Release,
    *,
    mends: Collection[KnownError] = (),
    released_on: date | None = None,
    notes: Words | None = None,
    by: str,
    at: datetime,
) -> Release:
    """Publish a release with the errors that it mends; every contact whose request is about one of them hears of it.

    `released_on` None: today. What was promised for this release and is not among `mends` stays open and loses it.

    Raises:
        TicketRefused: it is out already, its day is still to come, or an error is mended already or of another product.
    """
    release = _hold(release)
    if release.published_at is not None:
        raise TicketRefused(
            _("%(version)s was published already; the customers have been told.")
            % {"version": release.version}
        )
    today = local_day(release.vendor, at)
    day = released_on or today
    if day > today:
        raise TicketRefused(_("A release is published on its day or later. Choose a day that has come."))
    errors = [hold_error(each) for each in sorted(mends, key=lambda each: each.pk)]
    for error in errors:
        _fits(release, error)
        _is_open(error)
    release.released_on, release.published_at, release.published_by = day, at, by
    if notes is not None:
        release.notes = words(notes)
    release.save(update_fields=["released_on", "published_at", "published_by", "notes"])
    KnownError.objects.filter(release=release).exclude(pk__in=[each.pk for each in errors]).update(
        release=None
    )
    for error in errors:
        error.state, error.release = KnownError.State.MENDED, release
        error.save(update_fields=["state", "release"])
    told = tell_of_release(release, errors, _concerned(errors), by=by, at=at)
    _record(
        release,
        "published",
        by=by,
        at=at,
        version=release.version,
        family=release.family,
        released_on=day.isoformat(),
        errors=[error.sequence for error in errors],
        contacts=told,
    )
    return release


@transaction.atomic
def outdate_release(release: Release, outdated_from: date | None, *, by: str, at: datetime) -> Release:
    """Say from which day a release is outdated; None: it is kept alive. Requests that are there stay as they were judged.

    Raises:
        TicketRefused: it is not out yet, or the day is not after its release.
    """
    release = _hold(release)
    if release.released_on is None:
        raise TicketRefused(
            _("%(version)s is not out yet, so it cannot be outdated.") % {"version": release.version}
        )
    if outdated_from is not None and outdated_from <= release.released_on:
        raise TicketRefused(_("A release becomes outdated after the day on which it came out."))
    if release.outdated_from == outdated_from:
        return release
    release.outdated_from = outdated_from
    release.save(update_fields=["outdated_from"])
    since = outdated_from.isoformat() if outdated_from else None
    _record(release, "outdated-set", by=by, at=at, version=release.version, outdated_from=since)
    return release


def _concerned(errors: Collection[KnownError]) -> list[Ticket]:
    return list(
        Ticket.objects.filter(error_links__error__in=errors).select_related("vendor", "contact").distinct()
    )


def _hold(release: Release) -> Release:
    return (
        Release.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vendor")
        .get(pk=release.pk)
    )


def _fits(release: Release, error: KnownError) -> None:
    if (release.vendor_id, release.family) != (error.vendor_id, error.family):
        raise TicketRefused(
            _("Error %(error)s is of another product than %(version)s.")
            % {"error": error.sequence, "version": release.version}
        )


def _is_open(error: KnownError) -> None:
    if error.state == KnownError.State.MENDED and error.release is not None:
        raise TicketRefused(
            _("Error %(error)s is mended already, in %(version)s.")
            % {"error": error.sequence, "version": error.release.version}
        )


def _record(release: Release, verb: str, *, by: str, at: datetime, **data: object) -> None:
    journal.record(
        f"release.{verb}",
        vendor=release.vendor.slug,
        subject=f"release:{release.pk}",
        by=by,
        at=at,
        data=data,
    )
