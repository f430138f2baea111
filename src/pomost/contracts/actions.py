"""Publish terms, and note what a customer has agreed to.

Published terms are never edited: a newer version takes their place from a day on (a trigger holds that). Whether `by`
may do it has been decided before, by the page's guard.
"""

from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from pomost.contracts.errors import ContractRefused, TermsRefused
from pomost.contracts.holiday_actions import first_and_last, take_years
from pomost.contracts.holiday_years import draft_source
from pomost.contracts.models import Contract, TermsVersion
from pomost.contracts.queries import local_day, terms_in_force
from pomost.journal.actions import record
from pomost.journal.models import Fact
from pomost.people.models import Customer, Vendor
from pomost.rules.terms.model import Terms, Unknown
from pomost.rules.terms.parse import parse_terms
from pomost.rules.terms.problems import TermsInvalid

VISITS_MAX: Final = 99
"""For one request; more is a slip of the hand."""


@transaction.atomic
def publish_terms(vendor: Vendor, text: str, *, file: str = "", by: str, at: datetime) -> TermsVersion:
    """Put a version of the vendor's terms in force from the day that it names.

    Publishing what is published already, unchanged, is harmless and records nothing. `file` is the text's name in
    messages.

    Raises:
        TermsRefused: the text is not terms (all problems at once), is another vendor's, collides with a version, or
            would begin before work that was decided already.
    """
    try:
        terms = parse_terms(text, file or f"{vendor.slug}.toml", draft_source(vendor.pk))
    except TermsInvalid as invalid:
        raise TermsRefused(
            _("These terms cannot be published. Mend the places below and publish them again."),
            invalid.problems,
        ) from invalid
    foreign = other_desk(vendor, terms)
    if foreign:
        raise TermsRefused(foreign)
    known = TermsVersion.objects.filter(vendor=vendor, version=terms.version).first()
    if known is not None:
        if known.sha256 == terms.sha256:
            return known
        raise TermsRefused(
            _("Version %(version)s is published with another text. Give the changed terms a new version.")
            % {"version": terms.version}
        )
    last = (
        TermsVersion.objects.filter(vendor=vendor, valid_from__gte=terms.in_force_from)
        .order_by("-valid_from")
        .first()
    )
    if last is not None:
        raise TermsRefused(
            _("Version %(version)s holds from %(day)s already. Let the new one begin on a later day.")
            % {"version": last.version, "day": last.valid_from.isoformat()}
        )
    _leave_the_past_alone(vendor, terms)
    version = TermsVersion.objects.create(
        vendor=vendor,
        version=terms.version,
        valid_from=terms.in_force_from,
        text=text,
        sha256=terms.sha256,
        published_at=at,
    )
    taken = take_years(vendor, terms, by=by, at=at)
    record(
        "terms.published",
        vendor=vendor.slug,
        subject=f"terms:{version.pk}",
        by=by,
        at=at,
        data={
            "version": version.version,
            "valid_from": version.valid_from.isoformat(),
            "sha256": version.sha256,
            "holiday_years": first_and_last(taken),
        },
    )
    return version


def _leave_the_past_alone(vendor: Vendor, terms: Terms) -> None:
    """Refuse a version that would begin before something that was decided already: old work keeps its prices."""
    begins = datetime.combine(terms.in_force_from, time(), ZoneInfo(vendor.zone))
    decided = Fact.objects.filter(vendor=vendor.slug, subject__startswith="ticket:", at__gte=begins)
    last = decided.order_by("-at").first()
    if last is not None:
        raise TermsRefused(
            _(
                "Requests were handled up to %(day)s by the terms in force. Let the new ones begin on a later day."
            )
            % {"day": local_day(vendor, last.at).isoformat()}
        )


def other_desk(vendor: Vendor, terms: Terms) -> str:
    """Return why terms are another desk's, as a sentence; "" where they are this vendor's."""
    wanted = {"slug": vendor.slug, "zone": vendor.zone, "currency": vendor.currency}
    for key, ours in wanted.items():
        theirs = getattr(terms.vendor, key)
        if theirs != ours:
            return _(
                "The terms say vendor.%(key)s = “%(theirs)s”, but this desk has “%(ours)s”. Publish them at their own desk."
            ) % {"key": key, "theirs": theirs, "ours": ours}
    return ""


@transaction.atomic
def add_contract(
    *,
    customer: Customer,
    number: str,
    package: str = "",
    kind: str = "",
    shown: bool = True,
    valid_from: date,
    valid_until: date | None = None,
    by: str,
    at: datetime,
) -> Contract:
    """Note that a customer has a package of the terms for a time, both days included.

    Raises:
        ContractRefused: the terms have no such package, the days are reversed, the number is taken, or another
            contract of the customer holds in that time.
        NoTermsInForce: the vendor has no terms on the first day.
    """
    _version, terms = terms_in_force(customer.vendor, valid_from)
    if package:
        try:
            terms.package(package)
        except Unknown as unknown:
            raise ContractRefused(str(unknown)) from unknown
    if valid_until is not None and valid_until < valid_from:
        raise ContractRefused(_("The contract would end before it begins. Check both days."))
    if Contract.objects.filter(customer=customer, number=number).exists():
        raise ContractRefused(_("The customer has a contract %(number)s already.") % {"number": number})
    same_time = Contract.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=valid_from), customer=customer
    )
    if valid_until is not None:
        same_time = same_time.filter(valid_from__lte=valid_until)
    other = same_time.first()
    if other is not None:
        raise ContractRefused(
            _(
                "Contract %(number)s holds in that time. A customer has one contract at a time: end that one first."
            )
            % {"number": other.number}
        )
    contract = Contract.objects.create(
        customer=customer,
        number=number,
        package=package,
        kind=kind,
        shown=shown,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    record(
        "contract.added",
        vendor=customer.vendor.slug,
        subject=f"contract:{contract.pk}",
        by=by,
        at=at,
        data={"number": number, "package": package, "customer": customer.pk, "shown": shown},
    )
    return contract


@transaction.atomic
def set_shown(contract: Contract, shown: bool, *, by: str, at: datetime) -> Contract:
    """Note whether the customer could show the contract's package. Saying the same again records nothing.

    It holds for requests registered from now on; an open one is changed by tickets.actions.set_package_shown.
    """
    contract = (
        Contract.objects.select_for_update(no_key=True).select_related("customer__vendor").get(pk=contract.pk)
    )
    if contract.shown == shown:
        return contract
    contract.shown = shown
    contract.save(update_fields=["shown"])
    record(
        "contract.shown",
        vendor=contract.customer.vendor.slug,
        subject=f"contract:{contract.pk}",
        by=by,
        at=at,
        data={"shown": shown},
    )
    return contract


@transaction.atomic
def set_visits(contract: Contract, visits: int | None, *, by: str, at: datetime) -> Contract:
    """Note how many visits the contract gives for one request; None: it does not say. The same again records nothing.

    It holds for visits that are asked for or proposed from now on.

    Raises:
        ContractRefused: a number that no contract means.
    """
    contract = (
        Contract.objects.select_for_update(no_key=True).select_related("customer__vendor").get(pk=contract.pk)
    )
    if visits is not None and not 0 <= visits <= VISITS_MAX:
        raise ContractRefused(
            _("Give a number of visits from 0 to %(most)s, or none.") % {"most": VISITS_MAX}
        )
    if contract.visits_per_incident == visits:
        return contract
    before, contract.visits_per_incident = contract.visits_per_incident, visits
    contract.save(update_fields=["visits_per_incident"])
    record(
        "contract.visits-set",
        vendor=contract.customer.vendor.slug,
        subject=f"contract:{contract.pk}",
        by=by,
        at=at,
        data={"before": before, "visits": visits},
    )
    return contract
