"""Which times a customer can still agree on, as every page and program offers them: the rule, fed with this desk's days.

Owns what the rule (rules/slots.py) is asked with: the terms' hours, who takes calls, what fills their days. Nothing is
offered where the terms do not say how times are agreed: a person does it then, by phone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext

from pomost.contracts.calendars import CalendarBook
from pomost.people.models import Customer, Technician
from pomost.people.queries import on_call
from pomost.rules.slots import Line, free_days
from pomost.rules.terms.model import Terms
from pomost.tickets.actions.booking import Slot
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Booking, Ticket
from pomost.tickets.queries.away import filled

DAYS_OFFERED: Final = 3
DAYS_LOOKED_AT: Final = 14
"""Holidays included; after so many days without a free hour the time is agreed by phone."""


class NotFree(TicketRefused):
    """The time is not offered, or not any more."""


@dataclass(frozen=True, slots=True)
class FreeTime:
    """One free time of a technician."""

    starts_at: datetime
    ends_at: datetime
    technician: Technician
    is_own: bool
    """It is the customer's own technician."""

    @property
    def value(self) -> str:
        """Return it as forms and programs send it back: the moment and the technician's key."""
        return f"{self.starts_at.isoformat()}/{self.technician.pk}"

    @property
    def slot(self) -> Slot:
        """Return it as it is booked."""
        return Slot(self.technician, self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class FreeDay:
    """One day with its free times."""

    day: date
    slots: tuple[FreeTime, ...]


def free_times(
    customer: Customer, terms: Terms, service: str, now: datetime, *, moving: Ticket | None = None
) -> tuple[FreeDay, ...]:
    """Return the next days with free times for a service, in six queries.

    `moving`: the request whose agreed time is to be moved; it does not stand in its own way.
    """
    book = CalendarBook.of(customer.vendor_id)
    booking = terms.booking_for(service)
    if booking is None:
        return ()
    others = on_call(customer.vendor)
    own = customer.consultant if customer.consultant and customer.consultant.person.is_active else None
    by_key = {each.pk: each for each in [*others, *([own] if own else [])]}
    days = free_days(
        book.applied_to(terms).calendar(booking.hours),
        timedelta(seconds=booking.slot_seconds),
        timedelta(seconds=booking.lead_seconds),
        Line(own.pk if own else None, tuple(each.pk for each in others if each != own)),
        filled(list(by_key.values()), now, but=moving.pk if moving else None),
        now=now,
        days=DAYS_OFFERED,
        look_ahead=DAYS_LOOKED_AT,
    )
    return tuple(
        FreeDay(
            day,
            tuple(
                FreeTime(
                    each.starts_at,
                    each.ends_at,
                    by_key[each.technician],
                    own is not None and each.technician == own.pk,
                )
                for each in free
            ),
        )
        for day, free in days
    )


def other_times(offered: Iterable[FreeDay], booking: Booking | None) -> tuple[FreeDay, ...]:
    """Return what is shown to move an agreed time to: all of it but the time itself. Choosing that again stays harmless."""
    if booking is None:
        return tuple(offered)
    agreed = (booking.technician_id, booking.starts_at, booking.ends_at)
    left = [
        FreeDay(
            each.day,
            tuple(
                slot for slot in each.slots if (slot.technician.pk, slot.starts_at, slot.ends_at) != agreed
            ),
        )
        for each in offered
    ]
    return tuple(each for each in left if each.slots)


def chosen_time(value: str, offered: Iterable[FreeDay]) -> Slot | None:
    """Return the time that a form or a program names; None where it names none.

    Raises:
        NotFree: it is not among those offered, or not any more.
    """
    if not value:
        return None
    times = [each for day in offered for each in day.slots]
    for each in times:
        if each.value == value:
            return each.slot
    raise NotFree(gettext("This time is not free any more. Choose another one."))
