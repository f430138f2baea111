"""What an audit finds: one line for each thing, with its clause, its rows and its sum.

Owns the kinds, the reasons with the facts that each names, and the totals, which are nothing but the sums of the
lines. Does not own words: whoever shows a finding has a sentence for each reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from pomost.rules.money import Money, VatRate, vat_of
from pomost.rules.tariff import BillLine
from pomost.rules.terms.parts import Text

Value = str | int | Decimal | date | datetime | timedelta | Money | Text


class Kind(StrEnum):
    """What a finding is about, in the order of a report."""

    MISSED = "missed"
    """A promise that was broken."""
    NEVER_BILLED = "never-billed"
    """Payable by the terms, and nothing was billed."""
    UNDER_BILLED = "under-billed"
    """Billed below the terms."""
    OVER_BILLED = "over-billed"
    """Billed without a clause: at all, or more than the terms allow."""
    OVERRUN = "overrun"
    """More used than the quota holds, and not charged."""
    UNASKED = "unasked"
    """Worked without the consent that the terms ask for, so that it cannot be charged."""
    OUTSIDE = "outside"
    """Done although it is in no package of the customer, and not sold."""
    NOT_JUDGED = "not-judged"
    """The table or the terms leave it open."""


REASONS: Final[Mapping[str, tuple[Kind, tuple[str, ...]]]] = {
    "late": (Kind.MISSED, ("promise", "due", "happened", "late")),
    "still-open": (Kind.MISSED, ("promise", "due", "until", "late")),
    "never-billed": (Kind.NEVER_BILLED, ("worked", "counted")),
    "below-terms": (Kind.UNDER_BILLED, ("billed", "should")),
    "included": (Kind.OVER_BILLED, ("billed", "package")),
    "in-quota": (Kind.OVER_BILLED, ("billed", "package")),
    "refused": (Kind.OVER_BILLED, ("billed", "package")),
    "known-solutions": (Kind.OVER_BILLED, ("billed",)),
    "declined": (Kind.OVER_BILLED, ("billed",)),
    "no-consent": (Kind.OVER_BILLED, ("billed",)),
    "no-estimate": (Kind.OVER_BILLED, ("billed", "should", "budget")),
    "not-solved": (Kind.OVER_BILLED, ("billed",)),
    "no-work": (Kind.OVER_BILLED, ("billed",)),
    "above-terms": (Kind.OVER_BILLED, ("billed", "should")),
    "requests-over": (Kind.OVERRUN, ("over", "quota", "package")),
    "hours-over": (Kind.OVERRUN, ("over", "quota", "package")),
    "over-budget": (Kind.UNASKED, ("worked", "budget")),
    "without-consent": (Kind.UNASKED, ("worked",)),
    "given-refused": (Kind.OUTSIDE, ("service", "package", "worked")),
    "given-separate": (Kind.OUTSIDE, ("service", "worked")),
    "column-missing": (Kind.NOT_JUDGED, ("promise", "column")),
    "cell-blank": (Kind.NOT_JUDGED, ("promise", "column")),
    "event-unknown": (Kind.NOT_JUDGED, ("promise", "event")),
    "severity-missing": (Kind.NOT_JUDGED, ("column",)),
    "never-due": (Kind.NOT_JUDGED, ("promise",)),
    "unconfirmed": (Kind.NOT_JUDGED, ("promise",)),
    "metered": (Kind.NOT_JUDGED, ("promise",)),
    "no-package": (Kind.NOT_JUDGED, ("column",)),
    "no-service": (Kind.NOT_JUDGED, ("column",)),
    "not-shown": (Kind.NOT_JUDGED, ("package",)),
    "not-in-force": (Kind.NOT_JUDGED, ("day",)),
    "unstated": (Kind.NOT_JUDGED, ("service",)),
    "family-unstated": (Kind.NOT_JUDGED, ("family",)),
    "no-prices": (Kind.NOT_JUDGED, ("day",)),
    "no-rate": (Kind.NOT_JUDGED, ("service", "worked")),
    "which-tariff": (Kind.NOT_JUDGED, ("service", "column")),
    "no-billed-column": (Kind.NOT_JUDGED, ("column",)),
    "no-worked-column": (Kind.NOT_JUDGED, ("column",)),
    "billed-time": (Kind.NOT_JUDGED, ("column",)),
    "estimate-unknown": (Kind.NOT_JUDGED, ("column", "budget")),
    "fee-unknown": (Kind.NOT_JUDGED, ("column", "amount")),
    "quota-unknown": (Kind.NOT_JUDGED, ("column",)),
    "not-yet": (Kind.NOT_JUDGED, ()),
}
"""Each reason with its kind and the facts that its sentence names."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that an audit found.

    Raises:
        ValueError: a reason that REASONS does not know, or one without a fact it names.
    """

    reason: str
    rows: tuple[int, ...]
    number: str
    customer: str
    clause: str | None
    """None only where the point is that no clause can be named."""
    facts: Mapping[str, Value] = field(default_factory=dict)
    net: Money | None = None
    """What it is about, in money. None: it is not about money, or the terms give no price."""
    vat_rate: VatRate | None = None
    lines: tuple[BillLine, ...] = ()
    """What the terms make of the work, where that explains the sum."""

    def __post_init__(self) -> None:
        if self.reason not in REASONS:
            raise ValueError(f"{self.reason!r} is no reason. Add it to REASONS with the facts it names.")
        if lacking := set(REASONS[self.reason][1]) - self.facts.keys():
            raise ValueError(f"{self.reason}: the facts {sorted(lacking)} are missing.")

    @property
    def kind(self) -> Kind:
        """What it is about."""
        return REASONS[self.reason][0]

    @property
    def vat(self) -> Money | None:
        """The tax on `net` by the rate of its day; zero where none is charged."""
        if self.net is None or self.vat_rate is None:
            return None
        return vat_of(self.net, self.vat_rate)

    @property
    def gross(self) -> Money | None:
        """Net and tax."""
        vat = self.vat
        return self.net + vat if self.net is not None and vat is not None else None


@dataclass(frozen=True, slots=True)
class Total:
    """The lines of one kind together."""

    count: int
    net: Money
    vat: Money
    gross: Money
    unpriced: int
    """Lines about money for which the terms give no price."""


def total(findings: Sequence[Finding], currency: str) -> Total:
    """Return the sum of some lines: each is rounded by itself, so the sum is exactly theirs."""
    zero = Money.zero(currency)
    priced = [each for each in findings if each.net is not None]
    return Total(
        count=len(findings),
        net=sum((each.net for each in priced if each.net is not None), zero),
        vat=sum((each.vat for each in priced if each.vat is not None), zero),
        gross=sum((each.gross for each in priced if each.gross is not None), zero),
        unpriced=len(findings) - len(priced),
    )


@dataclass(frozen=True, slots=True)
class Audit:
    """What came out for a whole history."""

    vendor: str
    version: str
    """Version of the terms."""
    in_force_from: date
    currency: str
    until: datetime | None
    """The last moment of the history: what is open was judged as of then."""
    cases: int
    kept: int
    """Promises kept."""
    running: int
    """Promises not yet due at `until`."""
    worked_seconds: int
    billed: Money
    """Net, of the cases whose billing is known."""
    has_sample_rates: bool
    """The price list says of itself that its rates are examples."""
    findings: tuple[Finding, ...]
    """By kind, then by row."""

    def of(self, kind: Kind) -> tuple[Finding, ...]:
        """Return the lines of one kind."""
        return tuple(each for each in self.findings if each.kind is kind)

    def total(self, kind: Kind) -> Total:
        """Return the sums of one kind."""
        return total(self.of(kind), self.currency)
