"""What worked time costs: tariffs, fees, quotas, and the bill they add up to.

Owns the arithmetic of started units, minimum and step, plain hours and quotas, and of a bill with its VAT.
Refuses negative time and mixed currencies. Which tariff applies is the terms' and `entitlement.py`'s to say; the
time comes from `worklog`. Decisions A6-A9; read on: docs/explain/pricing.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pomost.rules.money import Money, VatRate

TariffKind = Literal["started-unit", "minimum-then", "plain", "quoted"]
Scope = Literal["session", "ticket-family", "request"]
QuotaUnit = Literal["requests", "hours"]


@dataclass(frozen=True, slots=True)
class Tariff:
    """How worked time becomes billed time, and at which net rate.

    Raises:
        ValueError: a unit, minimum or step that the kind needs is missing or negative, or the rate is negative.
    """

    key: str
    clause: str
    kind: TariffKind
    rate_per_hour: Money | None
    """Net. None: the terms do not state it, so time can be counted but not priced."""
    unit_seconds: int = 0
    """"started-unit": the length of a unit."""
    minimum_seconds: int = 0
    """"minimum-then": what any work costs at least."""
    step_seconds: int = 0
    """"minimum-then": above the minimum, each started step counts."""
    scope: Scope = "session"
    """Over what units and minimum are counted (decision A9)."""


@dataclass(frozen=True, slots=True)
class Fee:
    """A sum that is due once, whatever was worked."""

    key: str
    clause: str
    amount: Money
    """Net."""
    per: Literal["customer"] = "customer"


@dataclass(frozen=True, slots=True)
class Charge:
    """What one tariff makes of a stretch of worked time."""

    units: int | None
    """Started units; None where the tariff has none."""
    unit_seconds: int | None
    billed_seconds: int
    net: Money | None
    """Rounded to the minor unit; None where the terms state no rate."""
    clause: str


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of a bill with the clause that demands it."""

    kind: str
    """"work", "connection", …: the terms' word."""
    clause: str
    net: Money
    vat: VatRate
    billed_seconds: int | None = None
    """None for a line that is no time, such as a fee."""


@dataclass(frozen=True, slots=True)
class VatSum:
    """The lines of one VAT rate together."""

    rate: VatRate
    net: Money
    vat: Money


@dataclass(frozen=True, slots=True)
class Bill:
    """Lines and their sums. `gross == net + vat`, and `net` is the sum of the lines, to the minor unit."""

    lines: tuple[BillLine, ...]
    net: Money
    vat: Money
    gross: Money
    currency: str
    vat_sums: tuple[VatSum, ...] = ()
    """One for each rate, in the order in which the rates first occur."""


def charge(tariff: Tariff, worked_seconds: int, quoted: Money | None = None) -> Charge:
    """Return what `worked_seconds` cost by `tariff`.

    Zero seconds cost nothing (decision A7). `quoted` is a fixed net sum that the customer accepted instead of the
    rate ("quoted" tariffs only); without one they are priced like plain hours.

    Raises:
        ValueError: negative time, or a fixed sum for a tariff that is not quoted.
    """
    raise NotImplementedError


def quota_used(multiple: Decimal, counts: QuotaUnit, worked_seconds: int, tasks: int = 1) -> Decimal:
    """Return how much of a package's quota a request has used.

    "requests": `tasks` requests in multiples of `multiple`. "hours": worked hours of one request rounded up to the
    next multiple (decision A8). Zero work of zero tasks uses nothing.

    Raises:
        ValueError: a multiple of zero or less, negative time or tasks.
    """
    raise NotImplementedError


def price_job(lines: Iterable[BillLine], currency: str) -> Bill:
    """Return the bill of some lines: each rounded half up, VAT taken on the net sum of each rate (decision A6).

    No lines make a bill of zero.

    Raises:
        CurrencyMixed: a line in another currency than `currency`.
    """
    raise NotImplementedError


def work_line(charged: Charge, vat: VatRate, kind: str = "work") -> BillLine:
    """Return the line for charged time.

    Raises:
        ValueError: the charge has no price because the terms state no rate.
    """
    raise NotImplementedError


def fee_line(fee: Fee, vat: VatRate, kind: str = "connection") -> BillLine:
    """Return the line for a fee."""
    raise NotImplementedError
