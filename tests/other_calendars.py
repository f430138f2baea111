"""Two other engines of working time, workclock and django-bizcal, asked the same questions as ours.

Owns how a week with holidays is told to each of them. Cases are built so that the conventions on which the projects
differ do not come up (tests/vectors/README.md): no zero amounts, no reversed spans, no hours that a change of
the clocks cuts or doubles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple, Protocol

import workclock
from django_bizcal import WorkingCalendar
from django_bizcal.providers import SetHolidayProvider

from pomost.rules.calendar import Calendar

Week = Mapping[int, Sequence[tuple[int, int]]]
ZONES = (
    "Europe/Warsaw",
    "Europe/Moscow",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Sydney",
    "Asia/Kathmandu",
)

WEEK_MINUTES_MIN = 10 * 60
"""A desk open for less would need years for some amounts."""


class Engine(Protocol):
    """What is compared."""

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Return when `amount`, which may be negative, is used up."""

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two instants."""


def clock(minute: int) -> time:
    return time(minute // 60, minute % 60)


class Workclock:
    def __init__(self, zone: str, week: Week, holidays: Sequence[date]) -> None:
        days = [
            workclock.WorkDay(clock(opens), clock(closes), days=[day])
            for day, hours in week.items()
            for opens, closes in hours
        ]
        self.schedule = workclock.Schedule([*days, workclock.Holidays(holidays)], time_zone=zone)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        return self.schedule.add(start, amount)

    def worked(self, start: datetime, end: datetime) -> timedelta:
        return self.schedule.between(start, end)


class Bizcal:
    def __init__(self, zone: str, week: Week, holidays: Sequence[date]) -> None:
        self.calendar = WorkingCalendar(
            tz=zone,
            weekly_schedule={
                day: [(f"{clock(opens):%H:%M}", f"{clock(closes):%H:%M}") for opens, closes in hours]
                for day, hours in week.items()
            },
            holiday_provider=SetHolidayProvider.from_dates(holidays),
        )

    def add(self, start: datetime, amount: timedelta) -> datetime:
        return self.calendar.add_business_time(start, amount)

    def worked(self, start: datetime, end: datetime) -> timedelta:
        return self.calendar.business_time_between(start, end)


class Desk(NamedTuple):
    """A week with holidays, as everybody is told it."""

    zone: str
    week: Week
    holidays: Sequence[date]

    def ours(self) -> Calendar:
        return Calendar(self.zone, self.week, holidays=self.holidays)

    def others(self) -> dict[str, Engine]:
        return {"workclock": Workclock(*self), "django-bizcal": Bizcal(*self)}


def random_desk(chance: Random) -> Desk:
    """Return a desk with one to three stretches a day, between 4:00 and 23:55: no zone above changes its clocks then."""
    week: dict[int, list[tuple[int, int]]] = {}
    while sum(closes - opens for hours in week.values() for opens, closes in hours) < WEEK_MINUTES_MIN:
        week = {}
        for day in chance.sample(range(7), chance.randint(1, 7)):
            edges = sorted(chance.sample(range(4 * 12, 24 * 12), 2 * chance.randint(1, 3)))
            week[day] = [(a * 5, b * 5) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    holidays = [
        date(2024, 1, 1) + timedelta(days=chance.randrange(1461)) for _ in range(chance.randint(0, 60))
    ]
    return Desk(chance.choice(ZONES), week, holidays)
