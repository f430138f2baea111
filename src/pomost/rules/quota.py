"""What a contract gives for a period, what of it is carried over, and what is left.

Owns the periods of a contract (calendar months, quarters and years of the vendor's days, cut by the contract's own first
and last day), what unused amounts do at a period's end, and what a request has come to use (A8). Amounts are Decimals in
quarters or coarser, so that sums are exact everywhere. Nothing is stored and nobody is asked here: contracts/quotas.py
keeps the periods, tickets/actions/use.py draws. Read next: docs/explain/quotas.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from pomost.rules.tariff import QuotaUnit

STEP: Final = Decimal("0.25")
"""The finest amount. Binary databases hold quarters exactly."""
AMOUNT_MAX: Final = Decimal(100_000)
MONTHS_IN_A_QUARTER: Final = 3
MONTHS_IN_A_YEAR: Final = 12


class Period(StrEnum):
    """For how long an amount is given."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    TERM = "term"
    """Once, for the whole of the contract."""


class Carry(StrEnum):
    """What becomes of what is left when a period ends."""

    NONE = "none"
    ONE = "one"
    """It can still be used in the next period, and lapses then."""
    UNLIMITED = "unlimited"
    """It stays until the contract ends."""


class Beyond(StrEnum):
    """What the contract says of use beyond the quota."""

    ASK = "ask"
    """Nothing: a person decides."""
    PAID = "paid"
    """By the price list."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a contract gives of one unit from a day on.

    Raises:
        ValueError: the amount is negative, too large, or finer than STEP.
    """

    unit: QuotaUnit
    amount: Decimal
    period: Period
    carry: Carry
    beyond: Beyond
    valid_from: date
    """First day of the first period that it is given for."""

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= AMOUNT_MAX:
            raise ValueError(f"A contract gives from 0 to {AMOUNT_MAX}, not {self.amount}.")
        if self.amount % STEP:
            raise ValueError(f"{self.amount} is no multiple of {STEP}. Give quarters or coarser.")


@dataclass(frozen=True, slots=True)
class Span:
    """Days for which an amount is given, both included."""

    first: date
    last: date | None
    """None: the contract has no end."""

    def holds(self, day: date) -> bool:
        """Say whether a day is in it."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Stand:
    """How one period of one unit stands."""

    granted: Decimal | None
    """None: the contract names no amount, so use is counted and not limited."""
    carried: Decimal
    """Left over from before and still usable. It is used first."""
    used: Decimal

    @property
    def left(self) -> Decimal | None:
        """What can still be drawn; None where nothing limits it."""
        return None if self.granted is None else self.granted + self.carried - self.used

    def allows(self, amount: Decimal) -> bool:
        """Say whether so much more can be drawn."""
        return self.left is None or amount <= self.left


def grant_on(grants: Sequence[Grant], day: date) -> Grant | None:
    """Return the grant that holds on a day: the newest of those that have begun; of one day, the last given."""
    begun = [(each.valid_from, place) for place, each in enumerate(grants) if each.valid_from <= day]
    return grants[max(begun)[1]] if begun else None


def span_on(grants: Sequence[Grant], contract: Span, day: date) -> Span:
    """Return the period of a contract that holds a day.

    Days for which nothing is granted are counted by calendar months. A later grant ends the period before it.

    Raises:
        ValueError: the day is not in the contract.
    """
    if not contract.holds(day):
        raise ValueError(f"{day} is not in the contract's time, {contract.first} to {contract.last}.")
    grant = grant_on(grants, day)
    first, last = _calendar(grant.period if grant else Period.MONTH, day, contract)
    if grant is not None:
        first = max(first, grant.valid_from)
    later = [each.valid_from for each in grants if each.valid_from > day]
    ends = [each for each in (last, contract.last) if each is not None]
    ends += [each - timedelta(days=1) for each in later]
    return Span(max(first, contract.first), min(ends, default=None))


def _calendar(period: Period, day: date, contract: Span) -> tuple[date, date | None]:
    if period is Period.TERM:
        return contract.first, contract.last
    months = {Period.MONTH: 1, Period.QUARTER: MONTHS_IN_A_QUARTER, Period.YEAR: MONTHS_IN_A_YEAR}[period]
    month = (day.month - 1) // months * months + 1
    first = date(day.year, month, 1)
    after = month + months
    over = date(day.year + after // 13, after if after <= MONTHS_IN_A_YEAR else after - MONTHS_IN_A_YEAR, 1)
    return first, over - timedelta(days=1)


def begins_a_period(grant: Grant, contract: Span) -> bool:
    """Say whether a grant begins where its own kind of period does, or with the contract."""
    return grant.valid_from in (contract.first, _calendar(grant.period, grant.valid_from, contract)[0])


def carried_over(stand: Stand, carry: Carry) -> Decimal:
    """Return what a period hands to the next one.

    What was carried into it is used first, and lapses at its end unless all is carried on.
    """
    if stand.granted is None or carry is Carry.NONE:
        return Decimal(0)
    if carry is Carry.UNLIMITED:
        return stand.granted + stand.carried - stand.used
    return stand.granted - max(Decimal(0), stand.used - stand.carried)
