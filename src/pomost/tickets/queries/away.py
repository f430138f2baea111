"""Who is away, what is booked meanwhile, and what fills the days of technicians."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from pomost.people.models import Technician, Vendor
from pomost.rules.calendar import Span
from pomost.tickets.models import Absence, Booking, Ticket, Visit
from pomost.tickets.visiting import HOLDING


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What stands in somebody's absence: an agreed time, or a visit that is proposed or agreed."""

    ticket: Ticket
    """With its customer."""
    starts_at: datetime
    ends_at: datetime
    is_visit: bool


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """An absence and what stands in it, by beginning."""

    absence: Absence
    collisions: tuple[Meanwhile, ...]


def absences(vendor: Vendor, since: datetime, until: datetime | None = None) -> tuple[AbsenceRow, ...]:
    """Return the absences that are not over at `since` and begin before `until`, by beginning. Three queries."""
    found = (
        Absence.objects.select_related("technician__person")
        .filter(technician__vendor=vendor, ends_at__gt=since)
        .order_by("starts_at", "technician__person__name")
    )
    if until is not None:
        found = found.filter(starts_at__lt=until)
    rows = list(found)
    standing = _standing({each.technician_id for each in rows}, since)
    return tuple(
        AbsenceRow(
            absence,
            tuple(
                each
                for technician, each in standing
                if technician == absence.technician_id
                and each.starts_at < absence.ends_at
                and each.ends_at > absence.starts_at
            ),
        )
        for absence in rows
    )


def _standing(technicians: Collection[int], since: datetime) -> list[tuple[int, Meanwhile]]:
    """Return what takes the technicians' time from `since` on, by beginning, each with whose it is."""
    booked = Booking.objects.select_related("ticket__customer").filter(
        technician__in=technicians, ends_at__gt=since
    )
    visits = Visit.objects.select_related("ticket__customer").filter(
        technician__in=technicians, state__in=HOLDING, ends_at__gt=since
    )
    found = [
        (each.technician_id, Meanwhile(each.ticket, each.starts_at, each.ends_at, is_visit=False))
        for each in booked
    ]
    for each in visits:
        if each.technician_id is not None and each.starts_at is not None and each.ends_at is not None:
            stands = Meanwhile(each.ticket, each.starts_at, each.ends_at, is_visit=True)
            found.append((each.technician_id, stands))
    return sorted(found, key=lambda pair: (pair[1].starts_at, pair[1].ticket.pk))


def filled(
    technicians: Collection[Technician], since: datetime, *, but: int | None = None
) -> Mapping[int, list[Span]]:
    """Return by technician's key the times from `since` on that are taken: bookings, absences and visits. Three queries.

    `but`: key of a ticket whose own booking does not count, as when it is to be moved.
    """
    keys = [each.pk for each in technicians]
    taken: dict[int, list[Span]] = {key: [] for key in keys}
    booked = Booking.objects.filter(technician__in=keys, ends_at__gt=since).exclude(ticket=but)
    away = Absence.objects.filter(technician__in=keys, ends_at__gt=since)
    for rows in (booked, away):
        for key, start, end in rows.values_list("technician_id", "starts_at", "ends_at"):
            taken[key].append(Span(start, end))
    for visit in Visit.objects.filter(technician__in=keys, state__in=HOLDING, ends_at__gt=since):
        if visit.technician_id is not None and visit.starts_at is not None and visit.ends_at is not None:
            taken[visit.technician_id].append(Span(visit.starts_at, visit.ends_at))
    return taken
