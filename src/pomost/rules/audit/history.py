"""A history of tickets, calls and hours as plain values: what an audit is told.

Owns the shapes and the list of columns that a table may have. Refuses to judge: audit.py does. None means “not known”,
never “no”.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from pomost.rules.clocks import Event
from pomost.rules.entitlement import Version
from pomost.rules.estimate import Answer
from pomost.rules.money import Money


class Column(StrEnum):
    """What a table can say about a ticket or a stretch of work."""

    NUMBER = "number"
    CUSTOMER = "customer"
    SUBJECT = "subject"
    PACKAGE = "package"
    SHOWN = "shown"
    SERVICE = "service"
    FAMILY = "family"
    SEVERITY = "severity"
    VERSION = "version"
    DATE = "date"
    RECEIVED = "received"
    REGISTERED = "registered"
    COMPLETED = "completed"
    TOLD = "told"
    BEGAN = "began"
    ANSWERED = "answered"
    ASKED = "asked"
    REPLIED = "replied"
    SOLVED = "solved"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    KIND = "kind"
    WORKED = "worked"
    CONSENT = "consent"
    ESTIMATE = "estimate"
    QUOTED = "quoted"
    BILLED = "billed"
    BILLED_GROSS = "billed_gross"
    BILLED_TIME = "billed_time"
    FEE_PAID = "fee_paid"
    QUOTA = "quota"
    TASKS = "tasks"


EVENT_OF: Final[Mapping[Column, str]] = {
    Column.RECEIVED: "request.received",
    Column.REGISTERED: "request.registered",
    Column.COMPLETED: "request.completed",
    Column.TOLD: "notice.accepted",
    Column.BEGAN: "work.began",
    Column.ANSWERED: "answer.proposed",
    Column.ASKED: "customer.asked",
    Column.REPLIED: "customer.answered",
    Column.SOLVED: "solution.proposed",
    Column.CONFIRMED: "solution.confirmed",
    Column.CLOSED: "request.closed",
}
"""Columns that hold a moment, and the event that it is."""

COLUMN_OF: Final[Mapping[str, Column]] = {event: column for column, event in EVENT_OF.items()}

BILLED_COLUMNS: Final = frozenset({Column.BILLED, Column.BILLED_GROSS, Column.BILLED_TIME})
"""Any of these says what was billed."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of work on a ticket.

    Raises:
        ValueError: negative time.
    """

    row: int
    """The line of the table it stands in."""
    day: date
    """The vendor's local day, whose prices count."""
    seconds: int
    service: str | None
    family: str | None
    is_session: bool
    """A session of its own. What was entered by hand counts as one session for the whole ticket."""

    def __post_init__(self) -> None:
        if self.seconds < 0:
            raise ValueError(f"Line {self.row}: {self.seconds} s of work cannot have been done.")


@dataclass(frozen=True, slots=True)
class Case:
    """One ticket or call with all that the table says of it."""

    row: int
    """The first line it stands in."""
    rows: tuple[int, ...]
    number: str
    """Empty: the table gives none."""
    customer: str
    day: date
    """The vendor's local day of its first moment."""
    package: str | None = None
    is_shown: bool = True
    service: str | None = None
    family: str | None = None
    severity: str | None = None
    version: Version = "current"
    events: tuple[Event, ...] = ()
    work: tuple[Stretch, ...] = ()
    tasks: int = 1
    has_consent: bool | None = None
    """Whether the customer agreed to pay before the work."""
    answer: Answer | None = None
    quoted: Money | None = None
    """A fixed net sum accepted with the estimate."""
    billed_net: Money | None = None
    billed_gross: Money | None = None
    billed_seconds: int | None = None
    """Time that was billed, where no sum is known."""
    fee_paid: bool | None = None
    """Whether the customer had paid the one-off fees before."""
    quota: Decimal | None = None
    """What the customer's contract holds for the month, in the units of the terms."""

    @property
    def worked_seconds(self) -> int:
        """All time worked on it."""
        return sum(part.seconds for part in self.work)


@dataclass(frozen=True, slots=True)
class History:
    """Cases in the order of the table, and which columns it has."""

    cases: tuple[Case, ...]
    columns: frozenset[Column]
