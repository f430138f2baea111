"""Enter worked time: what a session measured, and what was done by phone or on the customer's data.

An entry is never changed or deleted, and a session is entered once (triggers hold both). Seconds are whole: of a
session's last second only a full one counts, so nobody pays for time that was not measured. What work uses of a quota is
drawn with its entry.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from pomost.journal.actions import record
from pomost.people.models import Technician
from pomost.remote.models import RemoteSession
from pomost.tickets.actions import count_use
from pomost.tickets.models import Ticket
from pomost.tickets.overrun import working_service
from pomost.worklog.errors import EntryRefused
from pomost.worklog.models import Entry

ENTRY_SECONDS_MAX: Final = 24 * 3600
"""Longer work is entered day by day."""
MS: Final = 1000


@transaction.atomic
def enter_session(session: RemoteSession, *, by: str = "desk", at: datetime) -> Entry | None:
    """Enter what an ended session measured; None where it measured less than a second, or was never answered.

    Entering the same session again returns its entry and records nothing.

    Raises:
        EntryRefused: the session still runs.
    """
    session = RemoteSession.objects.select_for_update(of=("self",), no_key=True).get(pk=session.pk)
    if session.state != RemoteSession.State.ENDED:
        raise EntryRefused(_("The session still runs. Its time is entered when it has ended."))
    entered = Entry.objects.filter(session=session).first()
    if entered is not None:
        return entered
    seconds = session.metered_ms // MS
    if session.ticket is None or session.first_grant_at is None or seconds == 0:
        return None
    entry = Entry.objects.create(
        ticket=session.ticket,
        technician=session.technician,
        source=Entry.Source.SESSION,
        session=session,
        service=working_service(session.ticket),
        family=session.ticket.family,
        started_at=session.first_grant_at,
        worked_seconds=seconds,
        recorded_at=at,
    )
    return _recorded(entry, by=by, at=at)


@transaction.atomic
def enter_call(
    ticket: Ticket,
    *,
    technician: Technician,
    service: str = "",
    worked_seconds: int,
    started_at: datetime,
    note: str = "",
    by: str,
    at: datetime,
) -> Entry:
    """Enter work done on the phone. `service` is its key in the terms; empty: what is worked on.

    Raises:
        EntryRefused: the request is over, or the time cannot be.
    """
    return _by_hand(
        ticket, Entry.Source.CALL, technician, service, worked_seconds, started_at, note, by=by, at=at
    )


@transaction.atomic
def enter_data_work(
    ticket: Ticket,
    *,
    technician: Technician,
    service: str = "",
    worked_seconds: int,
    started_at: datetime,
    note: str = "",
    by: str,
    at: datetime,
) -> Entry:
    """Enter work done on data that the customer sent. `service` is its key in the terms; empty: what is worked on.

    Raises:
        EntryRefused: the request is over, or the time cannot be.
    """
    return _by_hand(
        ticket, Entry.Source.DATA, technician, service, worked_seconds, started_at, note, by=by, at=at
    )


def _by_hand(
    ticket: Ticket,
    source: Entry.Source,
    technician: Technician,
    service: str,
    worked_seconds: int,
    started_at: datetime,
    note: str,
    *,
    by: str,
    at: datetime,
) -> Entry:
    ticket = (
        Ticket.objects.select_for_update(of=("self",), no_key=True).select_related("vendor").get(pk=ticket.pk)
    )
    if technician.vendor_id != ticket.vendor_id:
        raise EntryRefused(_("%(name)s does not work for this vendor.") % {"name": technician.person.name})
    if ticket.state == Ticket.State.INCOMPLETE:
        raise EntryRefused(
            _("Request %(number)s is not complete yet: ask for what is missing first.")
            % {"number": ticket.number}
        )
    if ticket.state in (Ticket.State.CONFIRMED, Ticket.State.CLOSED):
        raise EntryRefused(
            _("Request %(number)s is over, so no more work is entered on it.") % {"number": ticket.number}
        )
    if not 0 < worked_seconds <= ENTRY_SECONDS_MAX:
        raise EntryRefused(_("Enter more than no time and at most 24 hours; longer work day by day."))
    if started_at + timedelta(seconds=worked_seconds) > at:
        raise EntryRefused(_("That work would end in the future. Check when it began and how long it took."))
    entry = Entry.objects.create(
        ticket=ticket,
        technician=technician,
        source=source,
        service=service or working_service(ticket),
        family=ticket.family,
        started_at=started_at,
        worked_seconds=worked_seconds,
        note=note.strip(),
        recorded_at=at,
    )
    return _recorded(entry, by=by, at=at)


def _recorded(entry: Entry, *, by: str, at: datetime) -> Entry:
    data = {
        "entry": entry.pk,
        "source": entry.source,
        "worked_seconds": entry.worked_seconds,
        "note": entry.note,
    }
    ticket = entry.ticket
    record("work.entered", vendor=ticket.vendor.slug, subject=f"ticket:{ticket.pk}", by=by, at=at, data=data)
    own = Entry.objects.filter(ticket=ticket, service=ticket.service).aggregate(all=Sum("worked_seconds"))
    count_use(ticket, worked_seconds=own["all"] or 0, by=by, at=at)
    return entry
