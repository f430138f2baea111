"""The shapes in which terms are laid out to be compared: a point's place, and what is said there.

Owns the list of everything that a terms file can say something about. Which points a version has is points.py's.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from pomost.rules.levels import Level
from pomost.rules.money import Money, VatRate
from pomost.rules.tariff import Scope, TariffKind, TravelUnit
from pomost.rules.terms.parts import Cell, Text


class About(StrEnum):
    """What a point is about. A word before a dot is the thing whose part it is."""

    TITLE = "title"
    UNTIL = "until"
    VENDOR = "vendor"
    NUMBERING = "numbering"
    PACKAGE = "package"
    PACKAGE_DEFAULT = "package.default"
    PACKAGE_IF_NOT_SHOWN = "package.if-not-shown"
    FAMILY = "family"
    SERVICE = "service"
    SERVICE_CHANNELS = "service.channels"
    SERVICE_LEVEL = "service.level"
    SERVICE_GATES = "service.gates"
    SERVICE_FAMILIES = "service.families"
    SERVICE_BOOKED = "service.booked"
    SERVICE_OUTDATED_STAYS = "service.outdated-stays"
    CELL = "cell"
    OUTDATED = "outdated"
    SEVERITY = "severity"
    SEVERITY_DEFINITION = "severity.definition"
    SEVERITY_ORDER = "severity-order"
    SEVERITY_SET_BY = "severity-rule.set-by"
    SEVERITY_CHANGE = "severity-rule.change"
    TASKS = "tasks"
    REFUSAL = "refusal"
    REFUSAL_EFFECT = "refusal.effect"
    PART = "part"
    PART_KIND = "part.kind"
    PART_ASK = "part.ask"
    PART_SERVICES = "part.services"
    GATE = "gate"
    GATE_KIND = "gate.kind"
    GATE_BEFORE = "gate.before"
    GATE_WAIVABLE = "gate.waivable"
    CALENDAR = "calendar"
    CALENDAR_NAME = "calendar.name"
    CALENDAR_ZONE = "calendar.zone"
    CALENDAR_HOLIDAYS = "calendar.holidays"
    CALENDAR_DAY = "calendar-day"
    PROMISE = "promise"
    PROMISE_STARTS = "promise.starts"
    PROMISE_STOPS = "promise.stops"
    PROMISE_PAUSES = "promise.pauses"
    PROMISE_RESUMES = "promise.resumes"
    PROMISE_REOPENS = "promise.reopens"
    PROMISE_TIME = "promise.time"
    PROMISE_CALENDAR = "promise.calendar"
    AMOUNT = "promise.amount"
    PROMISE_ALERTS = "promise.alerts"
    AFTERWARDS = "promise.afterwards"
    PRICE = "price"
    FEE = "fee"
    TRAVEL = "travel"
    VAT = "vat"
    SAMPLE = "sample"
    QUOTA = "quota"
    ESTIMATE = "estimate"
    BEYOND = "beyond"
    DECLINED = "declined"
    INVOICE = "invoice"
    GUARANTEE = "guarantee"
    COMPLAINT = "complaint"
    LIABILITY = "liability"
    LIABILITY_CAP = "liability.cap"
    SILENCE = "silence"
    SLOT = "slot"
    LEAD = "lead"
    SLOT_CALENDAR = "slot.calendar"
    VISIT_CITIES = "visit.cities"
    VISIT_CALENDAR = "visit.calendar"
    VISIT_ELSEWHERE = "visit.elsewhere"
    CLAUSE = "clause"
    CLAUSE_SOURCE = "clause.source"
    ASSUMPTION = "assumption"
    ASSUMED = "assumed"

    @property
    def thing(self) -> str:
        """The kind of thing that the point is, or is a part of."""
        return self.value.partition(".")[0]

    @property
    def is_whole(self) -> bool:
        """Whether the point stands for a thing as a whole, so that it is new or gone with it."""
        return self.value in _WHOLES


_WHOLES: Final = frozenset(
    {
        *("package", "family", "service", "severity", "refusal", "part", "gate", "calendar"),
        *("promise", "clause", "assumption"),
    }
)


@dataclass(frozen=True, slots=True)
class Whom:
    """For whom and for what something is said; None: for every one."""

    package: str | None = None
    service: str | None = None
    family: str | None = None
    severity: str | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What an hour of some work costs, and how time is counted. Net."""

    rate_per_hour: Money | None
    kind: TariffKind
    unit_seconds: int
    minimum_seconds: int
    step_seconds: int
    scope: Scope
    name: Text
    says: Text
    vat: VatRate | None
    """Where it is another one than the price list's."""


@dataclass(frozen=True, slots=True)
class FeeDue:
    """A sum that is due once."""

    amount: Money
    per: str
    kind: str
    name: Text
    says: Text
    services: tuple[str, ...]
    vat: VatRate | None


@dataclass(frozen=True, slots=True)
class TravelDue:
    """What a technician's way to the customer costs, for each unit."""

    rate: Money | None
    per: TravelUnit
    name: Text
    says: Text
    services: tuple[str, ...]
    vat: VatRate | None


@dataclass(frozen=True, slots=True)
class Remedied:
    """What follows when the time of a promise has run out."""

    remedy: str
    service: str | None


@dataclass(frozen=True, slots=True)
class Counted:
    """How use of a package is counted."""

    counts: str
    multiple: Decimal


Week = tuple[tuple[int, int, int], ...]
"""Opening hours as (weekday, opening minute, closing minute), Monday 0."""

Value = (
    bool
    | int
    | str
    | Decimal
    | timedelta
    | date
    | Level
    | Cell
    | Money
    | Price
    | FeeDue
    | TravelDue
    | Remedied
    | Counted
    | tuple[str, ...]
    | Week
    | Text
)


@dataclass(frozen=True, slots=True)
class Point:
    """The place of one statement."""

    about: About
    key: str = ""
    whom: Whom = Whom()


@dataclass(frozen=True, slots=True)
class Stated:
    """What is said at a point. `clause` None: the terms give none for it."""

    value: Value
    clause: str | None = None
