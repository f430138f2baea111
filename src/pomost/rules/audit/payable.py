"""What the work of a case costs by the terms: at least, and at most.

Owns the two bounds. They differ only where the table leaves something open (whether an estimate was accepted, whether a
one-off fee had been paid); what lies between them is not called wrong. Work is grouped as the desk itself groups it:
by tariff and, where the tariff counts over a session, by session; what was entered by hand is one session. Read next:
../pricing.py.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pomost.rules.audit.findings import Finding, Value
from pomost.rules.audit.history import Case, Column, Stretch
from pomost.rules.entitlement import Fact, Outcome, Verdict, decide
from pomost.rules.estimate import payable_seconds
from pomost.rules.money import Money, VatRate
from pomost.rules.pricing import estimate_terms, fees_due
from pomost.rules.tariff import BillLine, charge, fee_line, work_line
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import EstimateTerms, FeeTerms, GateKind, PartKind, PriceList, TariffTerms

CHARGED = frozenset({Outcome.PAID, Outcome.SOLD_SEPARATELY})


@dataclass(frozen=True, slots=True)
class Part:
    """Work on one service and product."""

    verdict: Verdict
    service: str
    family: str | None
    work: tuple[Stretch, ...]

    @property
    def seconds(self) -> int:
        """Time worked on it."""
        return sum(each.seconds for each in self.work)


@dataclass(frozen=True, slots=True)
class Job:
    """Work that one tariff of one price list prices together."""

    tariff: TariffTerms
    vat: VatRate
    work: tuple[Stretch, ...]

    @property
    def seconds(self) -> int:
        """Time worked on it."""
        return sum(each.seconds for each in self.work)


@dataclass(frozen=True, slots=True)
class Payable:
    """What a case costs by the terms."""

    least: tuple[BillLine, ...]
    most: tuple[BillLine, ...]
    in_full: tuple[BillLine, ...]
    """What it would cost had the customer agreed to all of it."""
    fees: tuple[FeeTerms, ...]
    """One-off fees that fall due with it, paid before or not."""
    over_budget_seconds: int
    """Worked beyond what may be worked without an accepted estimate."""
    estimate: EstimateTerms | None
    consent_clause: str | None
    """The clause that asks for consent to pay, where the table says that there was none."""
    open: tuple[Finding, ...]
    """What cannot be priced, and why."""


def net_of(lines: Iterable[BillLine], currency: str) -> Money:
    """Return the net sum of lines, each rounded by itself."""
    return sum((line.net.rounded() for line in lines), Money.zero(currency))


def parts_of(terms: Terms, case: Case, package: str | None) -> tuple[Part, ...]:
    """Return the work of a case by service and product, judged on its day; without work one part of no time."""
    groups: dict[tuple[str, str | None], list[Stretch]] = {}
    for each in case.work:
        if each.service is not None:
            groups.setdefault((each.service, each.family), []).append(each)
    if not groups and case.service is not None:
        groups[case.service, case.family] = []
    return tuple(
        Part(
            decide(
                terms,
                package,
                True,
                service,
                case.version,
                family=family,
                on=min((each.day for each in work), default=case.day),
            ),
            service,
            family,
            tuple(work),
        )
        for (service, family), work in groups.items()
    )


def payable(
    terms: Terms,
    case: Case,
    parts: Iterable[Part],
    fees_paid: frozenset[str],
) -> Payable:
    """Return what the paid parts of a case cost; `fees_paid` are keys of fees known to be paid by this customer."""
    found: list[Finding] = []
    jobs: list[Job] = []
    services: list[str] = []
    for part in parts:
        if not _is_priced(part, case):
            continue
        for job in _jobs(terms, case, part):
            if isinstance(job, Finding):
                found.append(job)
            else:
                jobs.append(job)
                services += [part.service] if part.service not in services else []
    rule = next((each for each in (estimate_terms(terms, service) for service in services) if each), None)
    without = _consent_clause(terms, services) if case.has_consent is False else None
    all_seconds = [job.seconds for job in jobs]
    capped = _within_budget(jobs, case, rule)
    least_seconds, most_seconds = _bounds(all_seconds, capped, rule, case, without is not None)
    fees, fee_lines = _fees(terms, case, services, fees_paid)
    in_full = _lines(jobs, all_seconds, case)
    least = in_full if least_seconds == all_seconds else _lines(jobs, least_seconds, case)
    most = least if most_seconds == least_seconds else _lines(jobs, most_seconds, case)
    if not in_full:
        fees = ()
    return Payable(
        least=(fee_lines if least and case.fee_paid is False else ()) + least,
        most=(fee_lines if most and case.fee_paid is not True else ()) + most,
        in_full=(fee_lines if in_full and case.fee_paid is False else ()) + in_full,
        fees=fees,
        over_budget_seconds=sum(all_seconds) - sum(capped),
        estimate=rule,
        consent_clause=without,
        open=tuple(found),
    )


def _is_priced(part: Part, case: Case) -> bool:
    if part.verdict.outcome in CHARGED:
        return True
    # A price that was agreed stands in for the rate that the terms leave open.
    return Fact.RATE_UNSTATED in part.verdict.facts and case.quoted is not None and case.answer == "accepted"


def _jobs(terms: Terms, case: Case, part: Part) -> Iterator[Job | Finding]:
    """Yield the work of a part by tariff, price list and session, or why it has no price."""
    groups: dict[tuple[str, str, int], tuple[PriceList, TariffTerms, list[Stretch]]] = {}
    for each in part.work:
        prices = terms.price_list(each.day)
        if prices is None:
            if part.verdict.outcome is Outcome.SOLD_SEPARATELY:
                continue
            yield _open(case, "no-prices", None, {"day": each.day})
            continue
        fitting = terms.tariffs(
            each.day, service=part.service, package=part.verdict.package, family=part.family
        )
        facts: dict[str, Value] = {"service": terms.service(part.service).name}
        if len(fitting) > 1:
            column = Column.FAMILY if part.family is None else Column.PACKAGE
            yield _open(case, "which-tariff", fitting[0].tariff.clause, {**facts, "column": column.value})
            continue
        rate = fitting[0].tariff.rate_per_hour if fitting else None
        has_sum = bool(fitting) and fitting[0].tariff.kind == "quoted" and case.quoted is not None
        if not fitting or (rate is None and not has_sum):
            if part.verdict.outcome is not Outcome.SOLD_SEPARATELY and each.seconds:
                clause = fitting[0].tariff.clause if fitting else part.verdict.clause
                yield _open(case, "no-rate", clause, {**facts, "worked": timedelta(seconds=part.seconds)})
            continue
        by_session = fitting[0].tariff.scope == "session" and each.is_session
        key = (prices.id, fitting[0].tariff.key, each.row if by_session else 0)
        groups.setdefault(key, (prices, fitting[0], []))[2].append(each)
    for prices, tariff, work in groups.values():
        yield Job(tariff, prices.vat, tuple(work))


def _bounds(
    seconds: list[int], capped: list[int], rule: EstimateTerms | None, case: Case, unasked: bool
) -> tuple[list[int], list[int]]:
    """Return how much of each job may be billed at least and at most, by what the customer was asked and said."""
    if unasked:
        return [0] * len(seconds), [0] * len(seconds)
    if rule is None or case.answer == "accepted":
        return seconds, seconds
    if case.answer is None:
        return capped, seconds
    if case.answer == "declined":
        left = [payable_seconds(rule.rule, each, "declined") for each in seconds]
        return left, left
    return capped, capped


def _within_budget(jobs: list[Job], case: Case, rule: EstimateTerms | None) -> list[int]:
    """Return how much of each job may be worked without an accepted estimate.

    The budget is spent in the order of the work, as the desk spends it, not job by job.
    """
    if rule is None:
        return [job.seconds for job in jobs]
    owner = {id(each): place for place, job in enumerate(jobs) for each in job.work}
    left, allowed = rule.rule.budget_seconds, [0] * len(jobs)
    for each in case.work:
        if id(each) in owner:
            spent = min(each.seconds, left)
            allowed[owner[id(each)]] += spent
            left -= spent
    return allowed


def _lines(jobs: list[Job], seconds: list[int], case: Case) -> tuple[BillLine, ...]:
    """Return a line for each job that has time to pay; a fixed sum that was agreed stands once."""
    lines, quoted = [], case.quoted if case.answer in ("accepted", None) else None
    for job, each in zip(jobs, seconds, strict=True):
        if not each:
            continue
        fixed = quoted if job.tariff.tariff.kind == "quoted" else None
        lines.append(work_line(charge(job.tariff.tariff, each, fixed), job.vat))
        quoted = None if fixed is not None else quoted
    return tuple(line for line in lines if line.net.amount)


def _fees(
    terms: Terms, case: Case, services: list[str], paid: frozenset[str]
) -> tuple[tuple[FeeTerms, ...], tuple[BillLine, ...]]:
    prices = terms.price_list(case.day)
    if prices is None or case.fee_paid is True:
        return (), ()
    fees = {each.fee.key: each for service in services for each in fees_due(terms, case.day, service, paid)}
    return tuple(fees.values()), tuple(fee_line(each.fee, prices.vat, each.kind) for each in fees.values())


def _consent_clause(terms: Terms, services: list[str]) -> str | None:
    """Return the clause by which the customer agrees to pay beforehand, or None where the terms ask for nothing."""
    for service in services:
        gates = [terms.gate(key) for key in terms.service(service).gates]
        kinds = (GateKind.PRICE_ACCEPTED, GateKind.DECLARATION)
        asked = [gate.clause for gate in gates if gate.kind in kinds]
        asked += [part.clause for part in terms.parts_for(service) if part.kind is PartKind.CONSENT]
        if asked:
            return asked[0]
    return None


def vat_on(terms: Terms, day: date) -> VatRate:
    """Return the rate of VAT on a day; none where no price list holds."""
    prices = terms.price_list(day)
    return prices.vat if prices is not None else VatRate(None)


def _open(case: Case, reason: str, clause: str | None, facts: Mapping[str, Value]) -> Finding:
    return Finding(reason, case.rows, case.number, case.customer, clause, facts)
