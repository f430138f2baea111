"""What fills the days of a vendor's technicians: bookings, visits and absences, in the order in which they begin.

A fixed number of queries, whatever the span and however many technicians.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pomost.people.models import Vendor
from pomost.tickets.models import Absence, Booking, Ticket, Visit
from pomost.tickets.visiting import HOLDING

Whose = Mapping[str, Vendor | int]
"""Which technicians' rows are read: a condition of Django's."""


class Filled(StrEnum):
    """What takes a technician's time."""

    BOOKING = "booking"
    VISIT = "visit"
    PROPOSED = "proposed"
    """A visit that waits for the customer's word."""
    MADE = "made"
    """A visit that was made."""
    ABSENCE = "absence"


@dataclass(frozen=True, slots=True)
class DiaryEntry:
    """One thing in the day of one technician."""

    kind: Filled
    technician_id: int
    starts_at: datetime
    ends_at: datetime
    ticket: Ticket | None
    """With its customer; None where no request is the reason."""
    place: str = ""
    note: str = ""
    """Why somebody is away; for colleagues."""
    key: int = 0
    """Of its row."""
    sequence: int = 0
    """How often it was changed, as its calendar file says."""


def diary(
    vendor: Vendor, since: datetime, until: datetime, technician_id: int | None = None
) -> Sequence[DiaryEntry]:
    """Return what lies in the span, at least in part; of one technician, or of all of the vendor's."""
    whose: Whose = {"technician__vendor": vendor}
    if technician_id is not None:
        whose = {**whose, "technician": technician_id}
    found = [
        *_bookings(whose, since, until),
        *_visits(whose, since, until),
        *_absences(whose, since, until),
    ]
    return sorted(found, key=lambda each: (each.starts_at, each.technician_id, each.kind, each.key))


def _bookings(whose: Whose, since: datetime, until: datetime) -> list[DiaryEntry]:
    rows = (
        Booking.objects.select_related("ticket__customer")
        .filter(**whose, starts_at__lt=until, ends_at__gt=since)
        .exclude(ticket__state=Ticket.State.CLOSED)
    )
    return [
        DiaryEntry(Filled.BOOKING, each.technician_id, each.starts_at, each.ends_at, each.ticket, key=each.pk)
        for each in rows
    ]


def _visits(whose: Whose, since: datetime, until: datetime) -> list[DiaryEntry]:
    kinds = {
        Visit.State.AGREED: Filled.VISIT,
        Visit.State.PROPOSED: Filled.PROPOSED,
        Visit.State.DONE: Filled.MADE,
    }
    rows = Visit.objects.select_related("ticket__customer").filter(
        **whose, state__in=(*HOLDING, Visit.State.DONE), starts_at__lt=until, ends_at__gt=since
    )
    return [
        DiaryEntry(
            kinds[Visit.State(each.state)],
            each.technician_id,
            each.starts_at,
            each.ends_at,
            each.ticket,
            f"{each.city}, {each.address}" if each.address else each.city,
            key=each.pk,
            sequence=each.sequence,
        )
        for each in rows
        if each.technician_id is not None and each.starts_at is not None and each.ends_at is not None
    ]


def _absences(whose: Whose, since: datetime, until: datetime) -> list[DiaryEntry]:
    rows = Absence.objects.filter(**whose, starts_at__lt=until, ends_at__gt=since)
    return [
        DiaryEntry(
            Filled.ABSENCE,
            each.technician_id,
            each.starts_at,
            each.ends_at,
            None,
            note=each.reason,
            key=each.pk,
        )
        for each in rows
    ]
