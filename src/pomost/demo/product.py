"""The vendor's product in the demo: its releases, and the errors that are found in requests.

Owns: what `[[releases]]` and `[[errors]]` of `data/vendors/*.toml` mean. Days count from the demo's own day, so that an old
version is outdated and the next release is to come whenever the demo starts. Does not own: when an error is found
(story.py).
"""

from datetime import datetime, timedelta

from pomost.contracts.queries import local_day
from pomost.demo.roster import ErrorSpec, ReleaseSpec
from pomost.people.models import Vendor
from pomost.tickets import actions
from pomost.tickets.models import KnownError, Release, Ticket


class Product:
    """The errors of one vendor as they come up in the story."""

    def __init__(self, vendor: Vendor, errors: tuple[ErrorSpec, ...]) -> None:
        self.vendor = vendor
        self._specs = {each.key: each for each in errors}
        self._found: dict[str, KnownError] = {}

    def meet(self, key: str, ticket: Ticket, *, by: str, at: datetime) -> None:
        """Let a request be about an error: the first one finds and confirms it, the others join it.

        Raises:
            KeyError: the file has no such error.
        """
        if key in self._found:
            actions.link_error(ticket, self._found[key], by=by, at=at)
            return
        spec = self._specs[key]
        error = actions.report_error(
            ticket,
            title=spec.title,
            symptom=spec.symptom,
            workaround=spec.workaround,
            found_in=spec.found_in,
            by=by,
            at=at,
        )
        self._found[key] = error = actions.confirm_error(error, by=by, at=at)
        if spec.release:
            release = Release.objects.get(vendor=self.vendor, version=spec.release)
            actions.mend_in(error, release, by=by, at=at)


def enter_releases(
    vendor: Vendor, specs: tuple[ReleaseSpec, ...], now: datetime, *, by: str, at: datetime
) -> None:
    """Write down the releases, as of `at`; their days are told from `now`.

    Raises:
        Refused: one is no version, or is there twice.
    """
    today = local_day(vendor, now)
    for spec in specs:
        planned_for = today + timedelta(days=spec.due) if spec.due else None
        release = actions.plan_release(
            vendor,
            version=spec.version,
            family=spec.family,
            planned_for=planned_for,
            notes=spec.notes,
            by=by,
            at=at,
        )
        if spec.out:
            day = today - timedelta(days=spec.out)
            release = actions.publish_release(release, released_on=day, by=by, at=at)
        if spec.outdated:
            actions.outdate_release(release, today - timedelta(days=spec.outdated), by=by, at=at)
