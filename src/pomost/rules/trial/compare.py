"""Two versions of the terms over the same real requests: what differs, request by request, and in all.

Owns the entry, the order of fees (each once a customer, on each side by itself) and the sums. What one version makes of
one request is side.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pomost.rules.money import Money
from pomost.rules.tariff import QuotaUnit
from pomost.rules.terms.model import Terms
from pomost.rules.trial.facts import Request
from pomost.rules.trial.side import Kept, Lacks, Side, side_of


@dataclass(frozen=True, slots=True)
class PromiseDiffers:
    """A promise that would have come out otherwise; None: it is not made, or never began."""

    key: str
    before: Kept | None
    after: Kept | None

    @property
    def is_newly_missed(self) -> bool:
        """Broken by the later version and not by the earlier one."""
        return _is_missed(self.after) and not _is_missed(self.before)

    @property
    def is_no_longer_missed(self) -> bool:
        """Broken by the earlier version and not by the later one."""
        return _is_missed(self.before) and not _is_missed(self.after)


@dataclass(frozen=True, slots=True)
class Tried:
    """A request under both versions."""

    request: Request
    before: Side | Lacks
    after: Side | Lacks

    @property
    def both(self) -> tuple[Side, Side] | None:
        """Both sides; None where one of them cannot judge it."""
        if isinstance(self.before, Side) and isinstance(self.after, Side):
            return self.before, self.after
        return None

    @property
    def promises(self) -> tuple[PromiseDiffers, ...]:
        """The promises that come out otherwise, or are made by one version alone."""
        if self.both is None:
            return ()
        before, after = self.both[0].promises, self.both[1].promises
        return tuple(
            PromiseDiffers(key, before.get(key), after.get(key))
            for key in dict.fromkeys((*before, *after))
            if _met(before.get(key)) != _met(after.get(key))
        )

    @property
    def is_otherwise_decided(self) -> bool:
        """Whether the two say otherwise what is covered, or by which package it is served."""
        if self.both is None:
            return False
        before, after = self.both
        return (before.outcome, before.verdict.package) != (after.outcome, after.verdict.package)

    @property
    def more(self) -> Money | None:
        """What the later version asks beyond the earlier one, below zero where it asks less; None: not judged."""
        return None if self.both is None else self.both[1].net - self.both[0].net

    @property
    def is_otherwise_counted(self) -> bool:
        """Whether it takes another amount from a quota, or from another one."""
        if self.both is None:
            return False
        one, other = (each.used for each in self.both)
        return (one and (one.unit, one.amount)) != (other and (other.unit, other.amount))

    @property
    def differs(self) -> bool:
        """Whether anything at all is otherwise, or can no longer be judged, or can be judged only now."""
        if self.both is None:
            return isinstance(self.before, Lacks) != isinstance(self.after, Lacks)
        return bool(
            self.promises
            or self.is_otherwise_decided
            or self.is_otherwise_counted
            or self.both[0].net != self.both[1].net
            or self.both[0].unpriced_seconds != self.both[1].unpriced_seconds
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """Everything in all. Only requests that both versions can judge count, except in `requests` and `not_judged`."""

    requests: int
    not_judged: int
    """Requests of which one version does not know a name."""
    otherwise: int
    """Requests in which anything is otherwise."""
    missed_before: int
    missed_after: int
    newly_missed: int
    no_longer_missed: int
    otherwise_decided: int
    net_before: Money
    net_after: Money
    unpriced_seconds: int
    """Paid work that the later version has no price for and the earlier one has."""
    used_before: Mapping[QuotaUnit, Decimal]
    used_after: Mapping[QuotaUnit, Decimal]

    @property
    def more(self) -> Money:
        """What the later version asks beyond the earlier one; below zero where it asks less."""
        return self.net_after - self.net_before


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it."""

    tried: tuple[Tried, ...]
    """Every request, in the order given."""
    totals: Totals

    @property
    def differing(self) -> tuple[Tried, ...]:
        """The requests in which anything is otherwise."""
        return tuple(each for each in self.tried if each.differs)


def try_terms(
    requests: Iterable[Request],
    before: Terms,
    after: Terms,
    fees_paid: Mapping[int, frozenset[str]] | None = None,
) -> Trial:
    """Return what `after` would have made otherwise than `before` of real requests.

    `requests` are in the order in which they came. `fees_paid` holds, by customer, the keys of the one-off fees that
    they had paid before the first of them. Both versions are of one vendor: they have one currency.
    """
    paid = dict(fees_paid or {}), dict(fees_paid or {})
    tried = []
    for request in requests:
        sides = []
        for terms, known in zip((before, after), paid, strict=True):
            so_far = known.get(request.customer, frozenset())
            side = side_of(terms, request, so_far)
            if isinstance(side, Side):
                known[request.customer] = so_far | side.fees
            sides.append(side)
        tried.append(Tried(request, *sides))
    return Trial(tuple(tried), _totals(tried, before.vendor.currency))


def _totals(tried: list[Tried], currency: str) -> Totals:
    nothing = Money.zero(currency)
    pairs = [each.both for each in tried if each.both is not None]
    promises = [promise for each in tried for promise in each.promises]
    return Totals(
        requests=len(tried),
        not_judged=len(tried) - len(pairs),
        otherwise=sum(each.differs for each in tried),
        missed_before=sum(len(before.missed) for before, _after in pairs),
        missed_after=sum(len(after.missed) for _before, after in pairs),
        newly_missed=sum(each.is_newly_missed for each in promises),
        no_longer_missed=sum(each.is_no_longer_missed for each in promises),
        otherwise_decided=sum(each.is_otherwise_decided for each in tried),
        net_before=sum((before.net for before, _after in pairs), nothing),
        net_after=sum((after.net for _before, after in pairs), nothing),
        unpriced_seconds=sum(
            max(0, after.unpriced_seconds - before.unpriced_seconds) for before, after in pairs
        ),
        used_before=_quotas(before for before, _after in pairs),
        used_after=_quotas(after for _before, after in pairs),
    )


def _quotas(sides: Iterable[Side]) -> dict[QuotaUnit, Decimal]:
    sums: dict[QuotaUnit, Decimal] = {}
    for side in sides:
        if side.used is not None:
            sums[side.used.unit] = sums.get(side.used.unit, Decimal(0)) + side.used.amount
    return sums


def _met(kept: Kept | None) -> str:
    return "none" if kept is None else {True: "kept", False: "missed", None: "open"}[kept.met]


def _is_missed(kept: Kept | None) -> bool:
    return kept is not None and kept.met is False
