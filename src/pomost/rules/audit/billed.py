"""What was billed for a case against what the terms allow.

Owns the comparison of a bill with the two bounds of payable.py, and the memory of one-off fees. Included, refused and
declined work allows nothing; what the terms or the table leave open is said, not guessed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from pomost.rules.audit.findings import Finding, Value
from pomost.rules.audit.history import BILLED_COLUMNS, EVENT_OF, Case, Column
from pomost.rules.audit.payable import Part, Payable, net_of, payable, vat_on
from pomost.rules.audit.quotas import COUNTED, Use
from pomost.rules.entitlement import Fact, Outcome
from pomost.rules.money import Money
from pomost.rules.pricing import NoPrice, tariff_for
from pomost.rules.tariff import BillLine, charge, work_line
from pomost.rules.terms.model import Terms

FREE: Mapping[Outcome, str] = {
    Outcome.INCLUDED: "included",
    Outcome.FROM_QUOTA: "in-quota",
    Outcome.REFUSED: "refused",
    Outcome.KNOWN_SOLUTIONS_ONLY: "known-solutions",
}
"""Outcomes for which nothing may be billed, with the reason."""
EARNED = {Column.SOLVED, Column.CONFIRMED, Column.CLOSED}
"""One of these moments must have come where the terms invoice only after the solution."""


@dataclass(slots=True)
class FeesPaid:
    """Which one-off fees each customer is known to have paid, as the history goes on."""

    known: dict[str, set[str]] = field(default_factory=dict)

    def of(self, customer: str) -> frozenset[str]:
        """Return the keys of the fees that a customer has paid; of a nameless one nothing is known."""
        return frozenset(self.known.get(customer, ())) if customer else frozenset()

    def note(self, customer: str, costs: Payable) -> None:
        """Remember the fees that fell due as paid, or as claimed once."""
        self.known.setdefault(customer, set()).update(each.fee.key for each in costs.fees)


@dataclass(frozen=True, slots=True)
class Billing:
    """A case with all that its bill is judged by."""

    terms: Terms
    case: Case
    parts: tuple[Part, ...]
    columns: frozenset[Column]
    use: Use | None
    costs: Payable
    billed: Money

    def finding(
        self,
        reason: str,
        clause: str | None,
        facts: Mapping[str, Value] | None = None,
        net: Money | None = None,
        lines: tuple[BillLine, ...] = (),
    ) -> Finding:
        """Return a finding about this case; `net` is taxed by the rate of its day."""
        case, vat = self.case, None if net is None else vat_on(self.terms, self.case.day)
        return Finding(reason, case.rows, case.number, case.customer, clause, facts or {}, net, vat, lines)

    def net(self, lines: tuple[BillLine, ...]) -> Money:
        """Return the net sum of lines."""
        return net_of(lines, self.terms.vendor.currency)


def billed_of(terms: Terms, case: Case) -> Money | None:
    """Return the net sum that was billed, or None where the table names none.

    A gross sum is taken back by the rate of its day, which gives the very net it was made from; billed time is priced
    only by `judge_money`, where the tariff is known.
    """
    if case.billed_net is not None:
        return case.billed_net.rounded()
    if case.billed_gross is None:
        return None
    percent = vat_on(terms, case.day).percent or Decimal(0)
    return Money(case.billed_gross.amount * 100 / (100 + percent), case.billed_gross.currency).rounded()


def judge_money(
    terms: Terms,
    case: Case,
    parts: tuple[Part, ...],
    columns: frozenset[Column],
    use: Use | None,
    fees: FeesPaid,
) -> Iterator[Finding]:
    """Yield what is wrong with the bill of a case, and what about it stays open."""
    costs = payable(terms, case, parts, fees.of(case.customer))
    billed = billed_of(terms, case)
    if billed is None and case.billed_seconds:
        billed = _priced_time(terms, case, parts)
        if billed is None:
            yield Finding(
                "billed-time",
                case.rows,
                case.number,
                case.customer,
                None,
                {"column": Column.BILLED_TIME.value},
            )
            return
    told = billed is not None
    billing = Billing(
        terms,
        case,
        parts,
        columns,
        use,
        costs,
        billed if billed is not None else Money.zero(terms.vendor.currency),
    )
    still_open = [*_unstated(billing), *costs.open]
    yield from still_open
    yield from _outside(billing)
    if not BILLED_COLUMNS & columns:
        return
    if use is not None:
        yield from _quota(billing, use)
    if not still_open and not (use is not None and (use.over or use.held is None)):
        yield from _compared(billing)
    yield from _estimate_open(billing)
    yield from _fee_open(billing)
    if case.fee_paid is not None or (told and billing.billed.amount >= billing.net(costs.most).amount):
        fees.note(case.customer, costs)


def _priced_time(terms: Terms, case: Case, parts: tuple[Part, ...]) -> Money | None:
    """Return billed time times the rate of its tariff, or None where there is no single rate."""
    if len(parts) != 1 or case.billed_seconds is None:
        return None
    part = parts[0]
    day = min((each.day for each in part.work), default=case.day)
    try:
        found = tariff_for(terms, day, service=part.service, package=part.verdict.package, family=part.family)
    except NoPrice:
        return None
    rate = found.tariff.rate_per_hour
    if rate is None:
        return None
    return Money(rate.amount * case.billed_seconds / 3600, rate.currency).rounded()


def _unstated(billing: Billing) -> Iterator[Finding]:
    """Yield what the terms do not say about the work, where there is work or a bill to judge."""
    for part in billing.parts:
        verdict = part.verdict
        if verdict.outcome is not Outcome.ASK_PERSON or not (part.seconds or billing.billed.amount):
            continue
        service = billing.terms.service(part.service).name
        if Fact.FAMILY_UNSTATED in verdict.facts and part.family is not None:
            family = billing.terms.family(part.family).name
            yield billing.finding("family-unstated", verdict.clause, {"family": family})
        elif Fact.RATE_UNSTATED not in verdict.facts:
            yield billing.finding("unstated", verdict.clause, {"service": service})
        elif billing.case.quoted is None or billing.case.answer != "accepted":
            worked = timedelta(seconds=part.seconds)
            yield billing.finding("no-rate", verdict.clause, {"service": service, "worked": worked})


def _outside(billing: Billing) -> Iterator[Finding]:
    """Yield work that was done although it is in no package, and not billed."""
    if billing.billed.amount:
        return
    for part in billing.parts:
        facts: dict[str, Value] = {
            "service": billing.terms.service(part.service).name,
            "worked": timedelta(seconds=part.seconds),
        }
        if part.verdict.outcome is Outcome.REFUSED and part.seconds and part.verdict.package:
            facts["package"] = billing.terms.package(part.verdict.package).name
            yield billing.finding("given-refused", part.verdict.clause, facts)
        elif part.verdict.outcome is Outcome.SOLD_SEPARATELY and part.seconds and not billing.costs.in_full:
            yield billing.finding("given-separate", part.verdict.clause, facts)


def _quota(billing: Billing, use: Use) -> Iterator[Finding]:
    """Yield what was used beyond the quota and not charged."""
    if use.held is None:
        yield billing.finding("quota-unknown", use.rule.clause, {"column": Column.QUOTA.value})
        return
    if not use.over:
        return
    counted = [part for part in billing.parts if part.verdict.outcome in COUNTED]
    package = counted[0].verdict.package
    facts: dict[str, Value] = {"over": use.over, "quota": use.held}
    facts["package"] = billing.terms.package(package).name if package else ""
    line = _price_of_overrun(billing, counted, use)
    reason = f"{use.rule.counts}-over"
    if line is None:
        if not billing.billed.amount:
            yield billing.finding(reason, use.rule.clause, facts)
        return
    short = line.net - billing.billed
    if short.amount > 0:
        yield billing.finding(reason, use.rule.clause, facts, short, (line,))


def _price_of_overrun(billing: Billing, parts: Sequence[Part], use: Use) -> BillLine | None:
    """Return what the overrun costs by the tariff for its work; None: the terms have no price for it."""
    part, day = parts[0], billing.case.day
    try:
        found = tariff_for(
            billing.terms, day, service=part.service, package=part.verdict.package, family=part.family
        )
    except NoPrice:
        return None
    seconds = part.seconds if use.rule.counts == "requests" else int(use.over * 3600)
    charged = charge(found.tariff, seconds)
    return work_line(charged, vat_on(billing.terms, day)) if charged.net is not None else None


def _compared(billing: Billing) -> Iterator[Finding]:
    """Yield how the bill differs from what the terms allow."""
    costs, billed, case = billing.costs, billing.billed, billing.case
    least, most = billing.net(costs.least), billing.net(costs.most)
    invoice = billing.terms.invoice
    charged = any(part.verdict.outcome not in FREE for part in billing.parts)
    if charged and invoice is not None and EARNED & billing.columns and not _earned(case):
        if billed.amount:
            yield billing.finding("not-solved", invoice.clause, {"billed": billed}, billed)
        elif least.amount:
            yield billing.finding("not-yet", invoice.clause)
        return
    if charged and Column.WORKED not in billing.columns:
        return
    if billed > most:
        yield _too_much(billing, most)
        return
    if not billed.amount and least.amount:
        counted = sum(line.billed_seconds or 0 for line in costs.least)
        times: dict[str, Value] = {"worked": timedelta(seconds=case.worked_seconds)}
        times["counted"] = timedelta(seconds=counted)
        yield billing.finding("never-billed", costs.least[-1].clause, times, least, costs.least)
    elif billed < least:
        facts: dict[str, Value] = {"billed": billed, "should": least}
        yield billing.finding("below-terms", costs.least[-1].clause, facts, least - billed, costs.least)
    yield from _unasked(billing, most)


def _earned(case: Case) -> bool:
    return bool({EVENT_OF[column] for column in EARNED} & {event.name for event in case.events})


def _too_much(billing: Billing, most: Money) -> Finding:
    """Return by how much the bill exceeds what the terms allow, and which clause stands against it."""
    costs, case = billing.costs, billing.case
    facts: dict[str, Value] = {"billed": billing.billed, "should": most}
    over = billing.billed - most
    free = next((part for part in billing.parts if part.verdict.outcome in FREE), None)
    rule = costs.estimate
    if costs.consent_clause is not None:
        return billing.finding("no-consent", costs.consent_clause, facts, over)
    if rule is not None and case.answer == "declined" and not most.amount:
        return billing.finding("declined", rule.decline_clause, facts, over)
    if rule is not None and costs.over_budget_seconds and case.answer in ("none", "proposed"):
        facts["budget"] = timedelta(seconds=rule.rule.budget_seconds)
        return billing.finding("no-estimate", rule.rule.clause, facts, over, costs.most)
    if free is not None and not most.amount:
        if free.verdict.package is not None:
            facts["package"] = billing.terms.package(free.verdict.package).name
        return billing.finding(FREE[free.verdict.outcome], free.verdict.clause, facts, over)
    if not case.worked_seconds:
        return billing.finding("no-work", billing.parts[0].verdict.clause, facts, over)
    clause = costs.most[-1].clause if costs.most else billing.parts[0].verdict.clause
    return billing.finding("above-terms", clause, facts, over, costs.most)


def _unasked(billing: Billing, most: Money) -> Iterator[Finding]:
    """Yield work that cannot be charged because the customer was not asked before it."""
    costs, case = billing.costs, billing.case
    lost = billing.net(costs.in_full) - most
    if lost.amount <= 0:
        return
    if costs.consent_clause is not None:
        worked = timedelta(seconds=case.worked_seconds)
        yield billing.finding(
            "without-consent", costs.consent_clause, {"worked": worked}, lost, costs.in_full
        )
    elif costs.estimate is not None and case.answer in ("none", "proposed"):
        rule = costs.estimate.rule
        facts: dict[str, Value] = {"worked": timedelta(seconds=case.worked_seconds)}
        facts["budget"] = timedelta(seconds=rule.budget_seconds)
        yield billing.finding("over-budget", rule.clause, facts, lost, costs.in_full)


def _estimate_open(billing: Billing) -> Iterator[Finding]:
    rule = billing.costs.estimate
    if rule is None or billing.case.answer is not None or not billing.costs.over_budget_seconds:
        return
    facts: dict[str, Value] = {"column": Column.ESTIMATE.value}
    facts["budget"] = timedelta(seconds=rule.rule.budget_seconds)
    yield billing.finding("estimate-unknown", rule.rule.clause, facts)


def _fee_open(billing: Billing) -> Iterator[Finding]:
    """Yield one-off fees that nobody can judge: whether they were paid before the table begins is not in it."""
    costs = billing.costs
    if billing.case.fee_paid is not None or not costs.most:
        return
    if billing.billed >= billing.net(costs.most):
        return
    for each in costs.fees:
        facts: dict[str, Value] = {"column": Column.FEE_PAID.value, "amount": each.fee.amount}
        yield billing.finding("fee-unknown", each.fee.clause, facts)
