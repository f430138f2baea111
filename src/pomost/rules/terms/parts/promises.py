"""By when something is done, in which hours, and what follows when it is not."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Literal, Self

from pomost.rules.calendar import Calendar
from pomost.rules.clocks import Promise, Time
from pomost.rules.hours import Hours as WeekdayHours
from pomost.rules.terms.parts.vendor import PublicHolidays, Text


class Remedy(StrEnum):
    """What follows when the time of a promise has run out."""

    AGREE_PAID_WORK = "agree-paid-work"
    ASK_PERSON = "ask-person"


@dataclass(frozen=True, slots=True)
class Hours:
    """A calendar of the terms, with where it comes from."""

    id: str
    name: Text
    """Its id in every language where the terms give it no name."""
    clause: str
    country: str
    """Whose public holidays close it, by ISO 3166-1; empty: it knows none."""
    subdivision: str
    """The part of that country, by the second half of its ISO 3166-2 code; empty: the whole."""
    calendar: Calendar
    holiday_names: Mapping[date, str]
    assumed: str | None

    def knowing(self, more: PublicHolidays) -> Self:
        """Return these hours with further public holidays known; days that the terms name themselves stay as they say."""
        calendar = self.calendar
        moved = {day: hours_by_transfer(day, calendar.week) for day in sorted(more.working_days)}
        known = replace(
            calendar,
            holidays=frozenset((*calendar.holidays, *more.days_off)),
            overrides={**moved, **calendar.overrides},
            confirmed_until=more.confirmed_until,
        )
        return replace(self, calendar=known, holiday_names={**self.holiday_names, **more.days_off})


def hours_by_transfer(day: date, week: Mapping[int, WeekdayHours]) -> WeekdayHours:
    """Return the hours of a weekend day that works by official transfer: those of the last weekday that has any."""
    before = ((day - timedelta(days=back)).weekday() for back in range(1, 8))
    return next((week[weekday] for weekday in before if week.get(weekday)), ())


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What follows for some packages when the time of a promise has run out."""

    packages: tuple[str, ...]
    remedy: Remedy
    service: str | None
    """The paid service to agree on, where that is the remedy."""
    clause: str


class AlertTo(StrEnum):
    """Who of the staff is told."""

    ASSIGNEE = "assignee"
    """Whoever has the request; the dispatchers while nobody has it."""
    DISPATCHER = "dispatcher"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Alert:
    """When staff are told about a promise: before it falls due, or after it was missed. The vendor's inner matter."""

    kind: Literal["warning", "escalation"]
    to: tuple[AlertTo, ...]
    seconds: int = 0
    """Of the promise's own time, before or after the due moment."""
    percent: int = 0
    """Of the promised amount, instead of seconds; warnings only."""

    @property
    def step(self) -> str:
        """What tells it from the promise's other alerts: `warning:25%`, `escalation:3600s`."""
        return f"{self.kind}:{f'{self.percent}%' if self.percent else f'{self.seconds}s'}"

    def amount(self, promised: timedelta) -> timedelta:
        """Return after how much of the promise's time it is told; whole seconds."""
        if self.percent:
            rest = promised // timedelta(seconds=1) * (100 - self.percent) // 100
            return timedelta(seconds=max(1, rest))
        shift = timedelta(seconds=self.seconds)
        return promised + shift if self.kind == "escalation" else promised - shift


DESK_ALERTS: Final = (
    Alert("warning", (AlertTo.ASSIGNEE,), percent=25),
    Alert("escalation", (AlertTo.DISPATCHER,)),
)
"""What the desk does where a file names no alerts: it warns in the last quarter, and tells of what was missed."""


@dataclass(frozen=True, slots=True)
class PromiseTerms:
    """A promise with its amounts for every package and severity."""

    id: str
    name: Text
    clause: str
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    pauses: tuple[str, ...]
    resumes: tuple[str, ...]
    reopens: tuple[str, ...]
    time: Time
    hours: str | None
    """Key of the calendar; None for elapsed and metered time."""
    amounts: Mapping[tuple[str, str | None], timedelta | None]
    """By (package, severity); severity None where the promise does not depend on it. None: nothing is promised."""
    aftermaths: tuple[Aftermath, ...]
    alerts: tuple[Alert, ...]
    """Whom of the staff it is told to, and when."""
    assumed: str | None

    def amount(self, package: str, severity: str | None) -> timedelta | None:
        """Return the promised time, or None where nothing is promised."""
        if (package, None) in self.amounts:
            return self.amounts[package, None]
        return self.amounts[package, severity]

    def promised(self, package: str, severity: str | None) -> bool:
        """Whether anything is promised; also where the file leaves a case out (which is a problem of its own)."""
        return (
            self.amounts.get((package, None)) is not None or self.amounts.get((package, severity)) is not None
        )

    def by_severity(self, package: str) -> bool:
        """Whether the amount for this package depends on the severity."""
        return (package, None) not in self.amounts


@dataclass(frozen=True, slots=True)
class RunningPromise:
    """A promise as it holds for one request: what clocks.run needs, and what its page shows."""

    promise: Promise
    calendar: Calendar
    terms: PromiseTerms
    aftermath: Aftermath | None
