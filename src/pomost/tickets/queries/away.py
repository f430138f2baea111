"""Who is away, what is booked meanwhile, and what fills the days of technicians."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from pomost.people.models import Technician, Vendor
from pomost.rules.calendar import Span
from pomost.tickets.models import Absence, Booking, Visit
from pomost.tickets.visiting import HOLDING


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """An absence and the bookings that stand in it; each with its ticket and customer."""

    absence: Absence
    collisions: tuple[Booking, ...]


def absences(vendor: Vendor, since: datetime, until: datetime | None = None) -> tuple[AbsenceRow, ...]:
    """Return the absences that are not over at `since` and begin before `until`, by beginning. Two queries."""
    found = (
        Absence.objects.select_related("technician__person")
        .filter(technician__vendor=vendor, ends_at__gt=since)
        .order_by("starts_at", "technician__person__name")
    )
    if until is not None:
        found = found.filter(starts_at__lt=until)
    rows = list(found)
    booked = list(
        Booking.objects.select_related("ticket__customer")
        .filter(technician__in={each.technician_id for each in rows}, ends_at__gt=since)
        .order_by("starts_at")
    )
    return tuple(
        AbsenceRow(
            absence,
            tuple(
                each
                for each in booked
                if each.technician_id == absence.technician_id
                and each.starts_at < absence.ends_at
                and each.ends_at > absence.starts_at
            ),
        )
        for absence in rows
    )


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
