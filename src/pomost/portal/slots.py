"""When a technician is free: what the portal offers where the terms have help agreed beforehand.

Times are whole hours within the vendor's hours. The customer's own consultant comes first; without one, whoever takes
calls. Nobody is kept for the customer by being shown: the action that books has the last word.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext

from pomost.contracts.calendars import CalendarBook
from pomost.contracts.queries import local_day
from pomost.people.errors import Refused
from pomost.people.models import Customer, Technician
from pomost.people.queries import on_call
from pomost.people.requests import DeskRequest
from pomost.rules.calendar import Calendar, Span
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import Channel
from pomost.tickets.actions import Slot
from pomost.tickets.models import Booking

LENGTH: Final = timedelta(hours=1)
LEAD: Final = timedelta(hours=1)
"""Nobody is booked for the next hour: both sides have to get ready."""
DAYS_OFFERED: Final = 3
DAYS_LOOKED_AT: Final = 14
"""Holidays included; after so many days without a free hour the time is agreed by phone."""


class NotFree(Refused):
    """The time is not offered any more."""


@dataclass(frozen=True, slots=True)
class SlotView:
    """One free hour."""

    value: str
    """As the form sends it back: the moment and the technician's key."""
    starts_at: datetime
    ends_at: datetime
    technician: Technician


@dataclass(frozen=True, slots=True)
class FreeDay:
    """One day with its free hours."""

    day: date
    slots: tuple[SlotView, ...]


def free_days(request: DeskRequest, terms: Terms, service: str) -> tuple[FreeDay, ...]:
    """Return the next days with free hours, in four queries; nothing where the service is not booked beforehand."""
    calendar = _calendar(CalendarBook.of(request.vendor.pk).applied_to(terms), service)
    if calendar is None:
        return ()
    staff = _staff(request.contact.customer)
    first = local_day(request.vendor, request.now)
    bookings = list(Booking.objects.filter(technician__in=staff, ends_at__gt=request.now))
    found: list[FreeDay] = []
    for place in range(DAYS_LOOKED_AT):
        day = first + timedelta(days=place)
        if calendar.confirmed_until is not None and day > calendar.confirmed_until:
            break  # nobody knows yet which of these days are holidays
        starts = (
            start
            for span in calendar.hours_on(day)
            for start in _whole_hours(span)
            if start >= request.now + LEAD
        )
        slots = tuple(slot for start in starts if (slot := _slot(start, staff, bookings)) is not None)
        if slots:
            found.append(FreeDay(day, slots))
        if len(found) == DAYS_OFFERED:
            break
    return tuple(found)


def only_name(days: Iterable[FreeDay]) -> str:
    """Return the technician's name where all hours are theirs, so that it is said once; else nothing."""
    names = {slot.technician.person.name for day in days for slot in day.slots}
    return names.pop() if len(names) == 1 else ""


def chosen_slot(value: str, offered: Iterable[FreeDay]) -> Slot | None:
    """Return the hour that the form names; None where it names none.

    Raises:
        NotFree: it is not among those offered.
    """
    if not value:
        return None
    for day in offered:
        for slot in day.slots:
            if slot.value == value:
                return Slot(slot.technician, slot.starts_at, slot.ends_at)
    raise NotFree(gettext("This time is not free any more. Choose another one."))


def _calendar(terms: Terms, service: str) -> Calendar | None:
    asked = terms.service(service)
    if asked.booked_clause is None or not terms.hours:
        return None
    if Channel.VISIT in asked.channels:
        return None  # somebody comes: the day is proposed with the place (portal/visits.py)
    return terms.hours[0].calendar


def _staff(customer: Customer) -> list[Technician]:
    own = customer.consultant
    others = on_call(customer.vendor)
    return [each for each in others if each.pk == own.pk] or [own] if own is not None else others


def _slot(start: datetime, staff: Iterable[Technician], bookings: Iterable[Booking]) -> SlotView | None:
    end = start + LENGTH
    taken = {each.technician_id for each in bookings if each.starts_at < end and each.ends_at > start}
    for each in staff:
        if each.pk not in taken:
            return SlotView(f"{start.isoformat()}/{each.pk}", start, end, each)
    return None


def _whole_hours(hours: Span) -> Iterable[datetime]:
    start = hours.start.astimezone(UTC)
    while start + LENGTH <= hours.end:
        yield start
        start += LENGTH
