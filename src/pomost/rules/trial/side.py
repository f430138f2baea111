"""What one version of the terms makes of one real request: its verdict, its promises, its price, its use of a quota.

Owns the judgement of one side. It is the desk's own arithmetic (clocks.py, entitlement.py, tariff.py, estimate.py) over
facts; a test holds its price against what the desk itself would invoice. Days before or after the time of a version are
judged as its first or last day, so that prices which are still to come can be tried on a month that is over.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

from pomost.rules.clocks import run_all
from pomost.rules.entitlement import Outcome, Verdict, decide
from pomost.rules.estimate import payable_each
from pomost.rules.money import Money
from pomost.rules.pricing import estimate_terms, fees_due
from pomost.rules.tariff import QuotaUnit, Tariff, charge, quota_used, travel_net
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import FeeTerms, TariffTerms
from pomost.rules.trial.facts import Request, Stretch

CHARGED: Final = frozenset({Outcome.PAID, Outcome.ASK_PERSON, Outcome.SOLD_SEPARATELY})
"""Outcomes for which a tariff that fits is charged."""

Missing = Literal["package", "service", "family", "severity"]


@dataclass(frozen=True, slots=True)
class Lacks:
    """A name that a request carries and the terms do not have, so that they say nothing of it."""

    what: Missing
    key: str
    """Empty: the terms ask for one, and the request has none."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How a promise came out."""

    clause: str
    due_at: datetime | None
    met: bool | None
    """None: it was still open."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sum and the clause that asks for it."""

    clause: str
    net: Money


@dataclass(frozen=True, slots=True)
class Used:
    """What a request took from a quota."""

    unit: QuotaUnit
    amount: Decimal
    clause: str


@dataclass(frozen=True, slots=True)
class Side:
    """What one version of the terms makes of a request."""

    version: str
    verdict: Verdict
    outcome: Outcome
    """That of the verdict, or what a person decided in its place."""
    promises: dict[str, Kept]
    """By key, in the order of the terms."""
    lines: tuple[Line, ...]
    net: Money
    unpriced_seconds: int
    """Work that is paid and has no price in these terms."""
    used: Used | None
    fees: frozenset[str]
    """Keys of the one-off fees among the lines."""

    @property
    def missed(self) -> frozenset[str]:
        """The promises that were broken."""
        return frozenset(key for key, kept in self.promises.items() if kept.met is False)


def side_of(terms: Terms, request: Request, fees_paid: Collection[str] = ()) -> Side | Lacks:
    """Return what `terms` make of a request, or the name in it that they do not have.

    `fees_paid` are the keys of the one-off fees that the customer had paid before.
    """
    lacks = _lacks(terms, request)
    if lacks is not None:
        return lacks
    verdict = decide(
        terms,
        request.package_claimed or None,
        request.package_shown,
        request.service,
        "outdated" if request.outdated else "current",
        family=request.family or None,
        on=day_under(terms, request.day),
    )
    decided = request.decided
    outcome = decided.outcome if decided and decided.instead_of is verdict.outcome else verdict.outcome
    promises = _promises(terms, request, verdict.package)
    if isinstance(promises, Lacks):
        return promises
    lines, unpriced, fees = _priced(terms, request, verdict.package, outcome, fees_paid)
    return Side(
        version=terms.version,
        verdict=verdict,
        outcome=outcome,
        promises=promises,
        lines=lines,
        net=sum((line.net for line in lines), Money.zero(terms.vendor.currency)),
        unpriced_seconds=unpriced,
        used=_used(terms, request, verdict.package, outcome),
        fees=fees,
    )


def day_under(terms: Terms, day: date) -> date:
    """Return a day, or the nearest one on which a version holds."""
    latest = day if terms.in_force_until is None else min(day, terms.in_force_until)
    return max(latest, terms.in_force_from)


def _lacks(terms: Terms, request: Request) -> Lacks | None:
    """Return the first name of a request that the terms do not have."""
    services = {each.id for each in terms.services}
    for service in (request.service, *(each.service for each in request.work)):
        if service not in services:
            return Lacks("service", service)
    if request.package_claimed and request.package_claimed not in {each.id for each in terms.packages}:
        return Lacks("package", request.package_claimed)
    families = {each.id for each in terms.families}
    if request.family and terms.service(request.service).families and request.family not in families:
        return Lacks("family", request.family)
    return None


def _promises(terms: Terms, request: Request, package: str | None) -> dict[str, Kept] | Lacks:
    if package is None:
        return {}
    known = {each.id for each in terms.severities}
    if any(each.by_severity(package) for each in terms.promises) and request.severity not in known:
        return Lacks("severity", request.severity)
    promises = terms.promises_for(package, request.severity if request.severity in known else None)
    states = run_all([(each.promise, each.calendar) for each in promises], request.events, request.until)
    return {
        each.promise.key: Kept(each.promise.clause, state.due_at, state.met)
        for each in promises
        if (state := states[each.promise.key]).started_at is not None
    }


def _priced(
    terms: Terms, request: Request, package: str | None, outcome: Outcome, fees_paid: Collection[str]
) -> tuple[tuple[Line, ...], int, frozenset[str]]:
    """Return the lines of a bill, the paid seconds without a price, and the one-off fees among the lines."""
    if not request.is_charged:
        return (), 0, frozenset()
    groups, unpriced = _grouped(terms, request, package, outcome)
    lines: list[Line] = []
    fees: dict[str, FeeTerms] = {}
    for tariff, works, seconds in sorted(groups, key=lambda group: group[1][0].service):
        quoted = request.answered.quoted if tariff.tariff.kind == "quoted" else None
        fixed = None if quoted is None else Money(quoted, terms.vendor.currency)
        charged = charge(tariff.tariff, seconds, fixed)
        if charged.net is None:
            unpriced += seconds
            continue
        if charged.net.amount:
            lines.append(Line(charged.clause, charged.net))
        if charged.billed_seconds:
            day = day_under(terms, works[0].on)
            for fee in fees_due(terms, day, works[0].service, fees_paid):
                fees.setdefault(fee.fee.key, fee)
    lines[:0] = [Line(each.fee.clause, each.fee.amount.rounded()) for each in fees.values()]
    ways, unpriced_ways = _ways(terms, request, outcome)
    return (*lines, *ways), unpriced + unpriced_ways, frozenset(fees)


def _grouped(
    terms: Terms, request: Request, package: str | None, outcome: Outcome
) -> tuple[list[tuple[TariffTerms, list[Stretch], int]], int]:
    """Return the charged work that each tariff prices together, and the paid seconds that have none (A9)."""
    groups: dict[tuple[Tariff, str], tuple[TariffTerms, list[Stretch], int]] = {}
    unpriced = 0
    for part, seconds in zip(request.work, _payable(terms, request, outcome), strict=True):
        said = outcome if part.service == request.service else _outcome_of(terms, package, part.service)
        if said not in CHARGED:
            continue
        fitting = terms.tariffs(
            day_under(terms, part.on), service=part.service, package=package, family=part.family or None
        )
        if len(fitting) != 1:
            unpriced += seconds if said is Outcome.PAID else 0
            continue
        over = part.session if fitting[0].tariff.scope == "session" else ""
        key = (fitting[0].tariff, over)
        tariff, works, before = groups.get(key, (fitting[0], [], 0))
        groups[key] = (tariff, [*works, part], before + seconds)
    return list(groups.values()), unpriced


def _outcome_of(terms: Terms, package: str | None, service: str) -> Outcome:
    return decide(terms, package, True, service).outcome


def _payable(terms: Terms, request: Request, outcome: Outcome) -> tuple[int, ...]:
    """Return how much of each stretch of work may be priced after what the customer said."""
    seconds = tuple(part.seconds for part in request.work)
    if request.complaint:
        return tuple(0 for _seconds in seconds)
    rule = estimate_terms(terms, request.service) if outcome in CHARGED else None
    if rule is None:
        return seconds
    return payable_each(rule.rule, seconds, request.answered.answer, request.answered.covers_seconds)


def _ways(terms: Terms, request: Request, outcome: Outcome) -> tuple[tuple[Line, ...], int]:
    is_paid = request.complaint == "rejected" if request.complaint else outcome in CHARGED
    if not is_paid:
        return (), 0
    lines = []
    for way in request.ways:
        known = {each.travel.key: each for each in terms.travels(day_under(terms, way.on), request.service)}
        price = known.get(way.key)
        if way.agreed is not None:
            net: Money | None = Money(way.agreed, terms.vendor.currency)
        else:
            net = travel_net(price.travel, way.quantity) if price else None
        clause = price.travel.clause if price else terms.row(request.service).clause
        if net is not None and net.amount:
            lines.append(Line(clause, net))
    return tuple(lines), 0


def _used(terms: Terms, request: Request, package: str | None, outcome: Outcome) -> Used | None:
    if package is None or outcome is not Outcome.FROM_QUOTA or not request.is_charged:
        return None
    quota = terms.quota_for(package, request.service)
    if quota is None:
        return None
    used = quota_used(quota.multiple, quota.counts, request.counted_seconds, int(request.began))
    return Used(quota.counts, used, quota.clause) if used else None
