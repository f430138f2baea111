"""Fills an empty desk: five vendors with their terms and people, three of them with weeks of believable history.

Owns: the order in which everything happens. Everything is done by the apps' actions, in the order of its moments, and the
desk's own sweeps and mails run between, so that promises break and numbers are told as in life. A vendor that is
there already is left alone: a second run changes nothing.

    POMOST_DATA=var/demo POMOST_SMTP_PORT=8025 python -m pomost.demo.seed
"""

import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from pomost.config.start import bring_up_to_date  # sets Django up; what follows needs that
from pomost.demo.cast import BY, Cast, begin_draft, enter
from pomost.demo.moments import Moments
from pomost.demo.product import Product, enter_releases
from pomost.demo.roster import AbsenceSpec, VendorFile, vendor_files
from pomost.demo.session_story import session
from pomost.demo.story import VERBS, Deed, Story, deeds_of, request_of
from pomost.demo.visit_story import VISIT_VERBS
from pomost.notices import sender
from pomost.people.actions import set_presence
from pomost.people.models import Technician, Vendor
from pomost.rules.calendar import Calendar
from pomost.tickets.actions import note_absence, sweep
from pomost.wire.clock import SystemClock

HISTORY: Final = timedelta(days=45)
"""How long before now the people come onto the desk; all requests are younger."""
EVERY_VERB: Final = {**VERBS, **VISIT_VERBS, "session": session}

Post = Callable[[datetime], object]


def seed(now: datetime, *, post: Post = sender.run_once) -> list[str]:
    """Add the vendors that are not there yet, as if the last weeks had been; return their addresses.

    All or nothing: a run that was interrupted has added nobody. `post` sends the mails that are due at a moment.

    Raises:
        ValueError: a file of the demo is wrong.
        Refused: an action refused a step, with its sentence.
    """
    there = set(Vendor.objects.values_list("slug", flat=True))
    files = [file for file in vendor_files() if file.slug not in there]
    if not files:
        return []
    with transaction.atomic():
        casts = [enter(file, now - HISTORY) for file in files]
        for file, cast in zip(files, casts, strict=True):
            enter_releases(cast.vendor, file.releases, now, by=BY, at=now - HISTORY)
        deeds = [deed for file, cast in zip(files, casts, strict=True) for deed in _history(file, cast, now)]
        for deed in sorted(deeds, key=lambda deed: deed[:2]):
            deed.do(deed.at)
            if deed.tells:
                sweep(deed.at)
                post(deed.at)
        sweep(now)
        post(now)
        for file, cast in zip(files, casts, strict=True):
            begin_draft(file, cast, now)
            _go_home(cast, now)
    return [file.slug for file in files]


def _history(file: VendorFile, cast: Cast, now: datetime) -> list[Deed]:
    confirmation = cast.terms.confirmation
    calendar = cast.terms.calendar(confirmation.hours) if confirmation else Calendar.always(cast.vendor.zone)
    moments = Moments(calendar, now)
    dispatcher = cast.technicians[_dispatcher(file)]
    product = Product(cast.vendor, file.errors)
    stories = [Story(cast, moments, request_of(table), dispatcher, product) for table in file.tickets]
    away = [_absence(spec, cast, moments) for spec in file.absences]
    return away + [deed for story in stories for deed in deeds_of(story, EVERY_VERB)]


def _absence(spec: AbsenceSpec, cast: Cast, moments: Moments) -> Deed:
    """Let somebody note that they will not be there."""
    who, starts_at = cast.technicians[spec.who], moments.at(spec.starts)
    ends_at = starts_at + timedelta(days=spec.days, hours=spec.hours)

    def note(at: datetime) -> None:
        note_absence(who, starts_at, ends_at, reason=spec.reason, by=f"technician:{who.pk}", at=at)

    return Deed(moments.at(spec.at), 0, note, tells=False)


def _dispatcher(file: VendorFile) -> str:
    """Return who answers the phone: a dispatcher, else the first on the list."""
    named: Sequence[str] = [each.key for each in file.technicians if each.role == Technician.Role.DISPATCHER]
    return next(iter(named), file.technicians[0].key)


def _go_home(cast: Cast, now: datetime) -> None:
    """Let nobody be there: whoever opens the console is, and only they can be called."""
    for technician in cast.technicians.values():
        set_presence(technician, Technician.Presence.OFF, by=f"technician:{technician.pk}", at=now)


def main() -> None:
    """Bring the database up to date and seed it."""
    bring_up_to_date()
    added = seed(SystemClock().now())
    sys.stdout.write(f"Seeded: {', '.join(added) or 'nothing, everybody is there already'}\n")


if __name__ == "__main__":
    main()
