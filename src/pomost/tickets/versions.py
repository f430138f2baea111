"""What the version that a customer names is by the vendor's list of releases.

Owns the way from the rows of releases to rules/releases.py and back. A vendor that keeps no list of a product decides by
hand, as before; where the list knows a version, it decides, and a person may decide otherwise with a reason.
"""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from pomost.people.models import Vendor
from pomost.rules import releases
from pomost.rules.decision import Decision
from pomost.rules.releases import CURRENT, OUTDATED
from pomost.rules.terms.model import Terms
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Release


def releases_of(vendor: Vendor, family: str) -> tuple[releases.Release, ...]:
    """Return the releases of a product that are out, as the rules read them."""
    return as_rules(Release.objects.filter(vendor=vendor, family=family).exclude(published_at=None))


def as_rules(rows: Iterable[Release]) -> tuple[releases.Release, ...]:
    """Return rows as the rules read them; what is still to come is left out."""
    return tuple(
        releases.Release(each.version, each.released_on, each.outdated_from)
        for each in rows
        if each.released_on is not None
    )


def judge_named(vendor: Vendor, terms: Terms, family: str, version: str, on: date) -> Decision | None:
    """Return what the vendor's list says of a version on a day; None where nothing hangs on it."""
    return releases.judge_version(terms, releases_of(vendor, family), version, on)


def judge_on_receipt(
    vendor: Vendor, terms: Terms, family: str, version: str, on: date, *, said_outdated: bool, by: str
) -> tuple[bool, Decision | None]:
    """Return whether the version of a new request is outdated, and the decision to keep.

    `said_outdated` is what staff ticked; it counts where the list does not know the version.

    Raises:
        TicketRefused: the list knows the version as one that is kept alive, and outdated was ticked.
    """
    found = judge_named(vendor, terms, family, version, on)
    if found is None:
        return said_outdated, None
    if found.outcome == OUTDATED:
        return True, found
    if not said_outdated:
        return False, found
    if found.outcome == CURRENT:
        raise TicketRefused(
            _(
                "The list of releases says that %(version)s is not outdated. Register it as it is; on the "
                "request's page you can decide otherwise with a reason."
            )
            % {"version": version.strip()}
        )
    return True, releases.judged_by_hand(terms, version, OUTDATED, by=by, reason="")
