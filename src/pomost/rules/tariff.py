"""What work costs: tariffs, fees, travel, quotas, and the bill they add up to.

Owns the arithmetic of started units, minimum and step, plain hours, travel and quotas, and of a bill with its VAT.
Refuses negative time and mixed currencies. Which tariff applies is the terms' and `entitlement.py`'s to say; the
time comes from `worklog`. Decisions A6-A9; read on: docs/explain/pricing.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from pomost.rules.money import Money, VatRate, vat_of

TariffKind = Literal["started-unit", "minimum-then", "plain", "quoted"]
Scope = Literal["session", "ticket-family", "request"]
QuotaUnit = Literal["requests", "hours"]
TravelUnit = Literal["visit", "km", "hour"]


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

    def __post_init__(self) -> None:
        if self.rate_per_hour is not None and self.rate_per_hour.amount < 0:
            raise ValueError(f"{self.key}: {self.rate_per_hour} an hour is negative. Give the rate, or none.")
        lengths = {
            "unit_seconds": (self.unit_seconds, self.kind == "started-unit"),
            "minimum_seconds": (self.minimum_seconds, self.kind == "minimum-then"),
            "step_seconds": (self.step_seconds, self.kind == "minimum-then"),
        }
        for name, (seconds, needed) in lengths.items():
            if needed and seconds <= 0:
                raise ValueError(f"{self.key}: a {self.kind} tariff needs {name} above zero, not {seconds}.")
            if seconds and not needed:
                raise ValueError(
                    f"{self.key}: a {self.kind} tariff has no {name}, so {seconds} would do nothing."
                )


@dataclass(frozen=True, slots=True)
class Fee:
    """A sum that is due once, whatever was worked."""

    key: str
    clause: str
    amount: Money
    """Net."""
    per: Literal["customer"] = "customer"

    def __post_init__(self) -> None:
        if self.amount.amount < 0:
            raise ValueError(f"{self.key}: a fee of {self.amount} is negative. Give what the customer pays.")


@dataclass(frozen=True, slots=True)
class TravelRate:
    """What a technician's way to the customer costs.

    Raises:
        ValueError: the rate is negative.
    """

    key: str
    clause: str
    per: TravelUnit
    rate: Money | None
    """Net, for each unit. None: the terms do not state it, so a sum has to be agreed on."""

    def __post_init__(self) -> None:
        if self.rate is not None and self.rate.amount < 0:
            raise ValueError(f"{self.key}: {self.rate} a {self.per} is negative. Give the rate, or none.")


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
    _check_time(worked_seconds)
    if quoted is not None and tariff.kind != "quoted":
        raise ValueError(f"{tariff.key} is a {tariff.kind} tariff: {quoted} cannot replace its rate.")
    units = unit_seconds = None
    billed = worked_seconds
    if tariff.kind == "started-unit":
        unit_seconds = tariff.unit_seconds
        units = _started(worked_seconds, unit_seconds)
        billed = units * unit_seconds
    elif tariff.kind == "minimum-then" and worked_seconds:
        above = max(0, worked_seconds - tariff.minimum_seconds)
        billed = tariff.minimum_seconds + _started(above, tariff.step_seconds) * tariff.step_seconds
    net = None
    if quoted is not None:
        net = quoted.rounded() if worked_seconds else Money.zero(quoted.currency)
    elif tariff.rate_per_hour is not None:
        net = _price(tariff.rate_per_hour, billed)
    return Charge(units, unit_seconds, billed, net, tariff.clause)


def travel_net(travel: TravelRate, quantity: Decimal) -> Money | None:
    """Return what so many visits, kilometres or hours of travel cost, rounded; None where the terms state no rate.

    Raises:
        ValueError: a quantity of zero or less, or half a visit.
    """
    if quantity <= 0 or (travel.per == "visit" and quantity != quantity.to_integral_value()):
        raise ValueError(
            f"{travel.key}: {quantity} of “{travel.per}” cannot be travelled. Give more than zero."
        )
    return None if travel.rate is None else (travel.rate * quantity).rounded()


def quota_used(multiple: Decimal, counts: QuotaUnit, worked_seconds: int, tasks: int = 1) -> Decimal:
    """Return how much of a package's quota a request has used.

    "requests": `tasks` requests in multiples of `multiple`. "hours": worked hours of one request rounded up to the
    next multiple (decision A8). Zero work of zero tasks uses nothing.

    Raises:
        ValueError: a multiple of zero or less, negative time or tasks.
    """
    _check_time(worked_seconds)
    if multiple <= 0:
        raise ValueError(f"A quota cannot be counted in multiples of {multiple}. Give more than zero.")
    if tasks < 0:
        raise ValueError(f"A request cannot hold {tasks} tasks. Give zero or more.")
    used = Decimal(tasks) if counts == "requests" else Decimal(worked_seconds) / 3600
    return (used / multiple).to_integral_value(ROUND_CEILING) * multiple


def price_job(lines: Iterable[BillLine], currency: str) -> Bill:
    """Return the bill of some lines: each rounded half up, VAT taken on the net sum of each rate (decision A6).

    No lines make a bill of zero.

    Raises:
        CurrencyMixed: a line in another currency than `currency`.
    """
    rounded = tuple(replace(line, net=line.net.rounded()) for line in lines)
    nothing = Money.zero(currency)
    by_rate: dict[VatRate, Money] = {}
    for line in rounded:
        by_rate[line.vat] = by_rate.get(line.vat, nothing) + line.net
    sums = tuple(VatSum(rate, net, vat_of(net, rate)) for rate, net in by_rate.items())
    net = sum((line.net for line in rounded), nothing)
    vat = sum((each.vat for each in sums), nothing)
    return Bill(rounded, net, vat, net + vat, currency, sums)


def work_line(charged: Charge, vat: VatRate, kind: str = "work") -> BillLine:
    """Return the line for charged time.

    Raises:
        ValueError: the charge has no price because the terms state no rate.
    """
    if charged.net is None:
        raise ValueError(
            f"{charged.clause} states no rate, so {charged.billed_seconds} s cannot be priced. Add the rate to the terms."
        )
    return BillLine(kind, charged.clause, charged.net, vat, charged.billed_seconds)


def fee_line(fee: Fee, vat: VatRate, kind: str = "connection") -> BillLine:
    """Return the line for a fee."""
    return BillLine(kind, fee.clause, fee.amount, vat)


def _price(rate_per_hour: Money, seconds: int) -> Money:
    # Multiplied before it is divided: an exact product keeps half a cent exactly half a cent.
    return Money((rate_per_hour * seconds).amount / 3600, rate_per_hour.currency).rounded()


def _started(seconds: int, unit_seconds: int) -> int:
    """Return how many units have begun when more than zero seconds of each count (decision A7)."""
    return -(-seconds // unit_seconds)


def _check_time(seconds: int) -> None:
    if seconds < 0:
        raise ValueError(f"{seconds} s of work cannot have been done. Give zero or more.")
