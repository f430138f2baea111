"""Which terms hold on a day, and what a customer has agreed to.

Owns the reading of a published text into `Terms`, done once a text and kept by its SHA-256. Refuses to guess: a day
without terms is an error, not the nearest version. What the terms mean is in `pomost.rules`.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from pomost.contracts.errors import NoTermsInForce
from pomost.contracts.holiday_years import kept_source
from pomost.contracts.models import Contract, TermsVersion
from pomost.people.models import Customer, Vendor
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parse import parse_terms

_parsed: Final[dict[tuple[int, str], Terms]] = {}
"""Terms by the vendor and the SHA-256 of their text. Versions are few and never change, so nothing leaves it."""


def terms_of(version: TermsVersion) -> Terms:
    """Return a published version as values, with the public holidays that were taken with it; parsed once, then kept.

    Years that were confirmed since are in the `CalendarBook`, as all that the desk changed.
    """
    key = (version.vendor_id, version.sha256)
    if key not in _parsed:
        _parsed[key] = parse_terms(version.text, file_of(version), kept_source(version.vendor_id))
    return _parsed[key]


def terms_called(vendor: Vendor, version: str) -> Terms | None:
    """Return the vendor's version of that name, in force or not; None where there never was one."""
    found = TermsVersion.objects.select_related("vendor").filter(vendor=vendor, version=version).first()
    return terms_of(found) if found is not None else None


def file_of(version: TermsVersion) -> str:
    """Return the name by which messages speak of a version's text."""
    return f"{version.vendor.slug}.toml"


def local_day(vendor: Vendor, at: datetime) -> date:
    """Return the date that the vendor's wall calendar shows at `at`."""
    return at.astimezone(ZoneInfo(vendor.zone)).date()


def terms_in_force(vendor: Vendor, day: date) -> tuple[TermsVersion, Terms]:
    """Return the version that holds on the vendor's local `day`, and what it says.

    Raises:
        NoTermsInForce: none had begun, or the last one has ended.
    """
    version = (
        TermsVersion.objects.select_related("vendor")
        .filter(vendor=vendor, valid_from__lte=day)
        .order_by("-valid_from")
        .first()
    )
    terms = terms_of(version) if version is not None else None
    if version is None or terms is None or not terms.is_in_force(day):
        raise _no_terms(vendor, day)
    return version, terms


def versions_of(vendor: Vendor) -> list[TermsVersion]:
    """Return every published version of a vendor's terms, the first one first, without their texts."""
    found = TermsVersion.objects.select_related("vendor").defer("text")
    return list(found.filter(vendor=vendor).order_by("valid_from"))


def _no_terms(vendor: Vendor, day: date) -> NoTermsInForce:
    return NoTermsInForce(
        _("%(vendor)s has no terms in force on %(day)s. The owner publishes them under “Terms”.")
        % {"vendor": vendor.name, "day": day.isoformat()}
    )


def terms_on_days(vendor: Vendor, days: Collection[date]) -> dict[date, Terms]:
    """Return what the vendor's terms said on each of many days, in one query.

    Raises:
        NoTermsInForce: as terms_in_force, for the first day without terms.
    """
    versions = list(
        TermsVersion.objects.select_related("vendor")
        .defer("text")
        .filter(vendor=vendor)
        .order_by("-valid_from")
    )
    found: dict[date, Terms] = {}
    for day in days:
        version = next((each for each in versions if each.valid_from <= day), None)
        terms = terms_of(version) if version is not None else None
        if terms is None or not terms.is_in_force(day):
            raise _no_terms(vendor, day)
        found[day] = terms
    return found


def contract_of(customer: Customer, day: date) -> Contract | None:
    """Return the contract that a customer has on a day, or None."""
    return (
        Contract.objects.filter(
            Q(valid_until=None) | Q(valid_until__gte=day), customer=customer, valid_from__lte=day
        )
        .order_by("-valid_from")
        .first()
    )
