"""What is known of a real request when terms are tried on it.

Owns the shape. These are facts alone, without anything that some terms concluded; the one exception is what a person
decided where the terms were silent, which stands as long as they are silent. Read next: side.py.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pomost.rules.clocks import Event
from pomost.rules.entitlement import Outcome
from pomost.rules.estimate import Answer


@dataclass(frozen=True, slots=True)
class Stretch:
    """Work that was done."""

    service: str
    family: str
    """Empty: none."""
    session: str
    """Which session it belongs to; what was entered by hand has one name together."""
    seconds: int
    on: date
    """The vendor's day on which it began."""


@dataclass(frozen=True, slots=True)
class Way:
    """A technician's way to the customer."""

    key: str
    """Of a travel in the price list; empty: none."""
    quantity: Decimal
    on: date
    agreed: Decimal | None
    """The net sum for the whole way that the customer agreed to."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the customer said to the estimates, in the end."""

    answer: Answer = "none"
    quoted: Decimal | None = None
    """A fixed net sum that was accepted."""
    covers_seconds: int | None = None
    """The whole work that the accepted sum covers; None: no bound, or nothing accepted."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person made of an outcome of the terms."""

    instead_of: Outcome
    """What the terms said."""
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came and went."""

    number: str
    customer: int
    """Key; fees that are due once are remembered by it."""
    day: date
    """The vendor's day on which it was received."""
    service: str
    family: str
    package_claimed: str
    """Empty: none."""
    package_shown: bool
    outdated: bool
    severity: str
    """Empty where the terms of its day knew none."""
    decided: Decided | None
    """None: nobody decided otherwise than the terms said."""
    events: tuple[Event, ...]
    until: datetime
    """Up to when it is known: its end, or now."""
    work: tuple[Stretch, ...]
    """In the order in which it was done."""
    ways: tuple[Way, ...]
    answered: Answered
    counted_seconds: int
    """Work on its own service, that of requests merged into it included: quotas in hours go by it."""
    began: bool
    """Work began: quotas in requests go by it."""
    is_charged: bool
    """False: it was closed without a solution, so nothing of it is ever invoiced or counted."""
    complaint: Literal["", "free", "rejected"] = ""
    """It looks into a complaint: its work is free, its ways are paid only after a rejection."""
