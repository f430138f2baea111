"""What the work on a request costs: entries in, jobs with their tariff and a bill out.

Owns the grouping of worked time into the scope of its tariff (A9: a session, a request and product, or a request) and
what an estimate's answer does to it. The arithmetic and the choice of the tariff are rules/pricing.py and
rules/tariff.py; prices are those of the terms in force on the vendor's day.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from pomost.billing.models import Estimate
from pomost.contracts.queries import terms_in_force, terms_of
from pomost.people.models import Customer
from pomost.rules.entitlement import Outcome, decide
from pomost.rules.estimate import Answer, payable_seconds
from pomost.rules.money import Money, VatRate
from pomost.rules.pricing import estimate_terms, fees_due
from pomost.rules.tariff import Bill, Charge, charge, fee_line, price_job, work_line
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import EstimateTerms, FeeTerms, TariffTerms
from pomost.tickets.judgement import verdict_from_json
from pomost.tickets.models import Ticket
from pomost.worklog.models import Entry

CHARGED: Final = frozenset({Outcome.PAID, Outcome.ASK_PERSON, Outcome.SOLD_SEPARATELY})
"""Outcomes for which a tariff that fits is charged; what a person decided for is charged like what is paid."""
IN_THE_PACKAGE: Final = frozenset({Outcome.INCLUDED, Outcome.FROM_QUOTA, Outcome.KNOWN_SOLUTIONS_ONLY})
"""Outcomes for which nothing is charged because the package holds it. A refusal is not one of them."""
BY_HAND: Final = "by-hand"
"""Hand-made entries of one request count as one session of work, so that a minimum is asked for once."""


@dataclass(frozen=True, slots=True)
class Work:
    """A stretch of work: an entry, or what a running session has measured so far."""

    service: str
    family: str
    session: str
    """Which session it belongs to; BY_HAND for what was entered by hand."""
    seconds: int
    entry: Entry | None
    """None: the session still runs, or the work is only estimated."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work that one tariff prices together."""

    tariff: TariffTerms
    service: str
    family: str
    session: str
    """The session it is counted over, where the tariff's scope is a session; else empty."""
    work: tuple[Work, ...]
    worked_seconds: int
    charge: Charge


@dataclass(frozen=True, slots=True)
class Cost:
    """What a request costs by the prices of a day."""

    on: date
    """The vendor's day whose prices count."""
    terms: Terms
    vat: VatRate
    jobs: tuple[Job, ...]
    fees: tuple[FeeTerms, ...]
    """One-off fees that fall due with it."""
    bill: Bill
    worked_seconds: int
    """All work on the request, included and paid."""
    is_included: bool
    """The request's own service is in the package: it costs nothing, whether anything was worked on it or not."""
    unpriced: tuple[Job, ...]
    """Jobs for which the terms give no rate: agree on a price before they are charged."""


def work_of(entries: Iterable[Entry]) -> tuple[Work, ...]:
    """Return entries as work, in the order given."""
    return tuple(
        Work(
            service=entry.service,
            family=entry.family,
            session=str(entry.session_id) if entry.session_id else BY_HAND,
            seconds=entry.worked_seconds,
            entry=entry,
        )
        for entry in entries
    )


def cost_of(
    ticket: Ticket,
    work: Collection[Work],
    *,
    on: date,
    answer: Answer,
    quoted: Money | None = None,
    terms: Terms | None = None,
) -> Cost:
    """Return what `work` on a ticket costs on the vendor's day `on`.

    Args:
        ticket: with its terms, customer and vendor.
        work: all of it, in the order it was done.
        on: the day whose prices count.
        answer: how the customer answered the estimate.
        quoted: a fixed net sum that was accepted with it, for a tariff that is quoted.
        terms: the terms in force on that day, where the caller has them.

    Raises:
        NoTermsInForce: the vendor has no terms on that day.
        ValueError: a fixed sum for work that another tariff prices.
    """
    if terms is None:
        _version, terms = terms_in_force(ticket.vendor, on)
    prices = terms.price_list(on)
    vat = prices.vat if prices else VatRate(None)
    rule = estimate_rule(ticket)
    jobs = []
    for tariff, parts in _grouped(ticket, terms, work, on).values():
        seconds = sum(part.seconds for part in parts)
        payable = payable_seconds(rule.rule, seconds, answer) if rule else seconds
        fixed = quoted if tariff.tariff.kind == "quoted" else None
        session = parts[0].session if tariff.tariff.scope == "session" else ""
        charged = charge(tariff.tariff, payable, fixed)
        jobs.append(Job(tariff, parts[0].service, parts[0].family, session, tuple(parts), seconds, charged))
    priced = tuple(job for job in jobs if job.charge.net is not None)
    billed = {job.service for job in priced if job.charge.billed_seconds}
    paid = fees_paid(ticket.customer)
    fees = tuple(
        {
            fee.fee.key: fee for service in sorted(billed) for fee in fees_due(terms, on, service, paid)
        }.values()
    )
    lines = [fee_line(fee.fee, vat, fee.kind) for fee in fees]
    lines += [work_line(job.charge, vat) for job in priced if job.charge.billed_seconds]
    return Cost(
        on=on,
        terms=terms,
        vat=vat,
        jobs=tuple(jobs),
        fees=fees,
        bill=price_job(lines, terms.vendor.currency),
        worked_seconds=sum(part.seconds for part in work),
        is_included=outcome_of(ticket, ticket.service) in IN_THE_PACKAGE,
        unpriced=tuple(job for job in jobs if job.charge.net is None and job.charge.billed_seconds),
    )


def _grouped(
    ticket: Ticket, terms: Terms, work: Iterable[Work], on: date
) -> dict[tuple[str, str], tuple[TariffTerms, list[Work]]]:
    """Return the charged work by tariff and, where the tariff is counted over a session, by session."""
    groups: dict[tuple[str, str], tuple[TariffTerms, list[Work]]] = {}
    for part in work:
        fitting = terms.tariffs(
            on, service=part.service, package=ticket.package or None, family=part.family or None
        )
        if len(fitting) != 1 or outcome_of(ticket, part.service) not in CHARGED:
            continue
        over = part.session if fitting[0].tariff.scope == "session" else ""
        groups.setdefault((fitting[0].tariff.key, over), (fitting[0], []))[1].append(part)
    return groups


def outcome_of(ticket: Ticket, service: str) -> Outcome:
    """Return whether a service is included for this ticket: its verdict, or the same judgement for another service."""
    if service == ticket.service:
        return verdict_from_json(ticket.verdict).outcome
    return decide(terms_of(ticket.terms), ticket.package or None, True, service).outcome


def estimate_rule(ticket: Ticket) -> EstimateTerms | None:
    """Return the rule of estimates for a ticket, or None: none is asked for, or there is nothing to pay."""
    if outcome_of(ticket, ticket.service) not in CHARGED:
        return None
    return estimate_terms(terms_of(ticket.terms), ticket.service)


def answer_of(ticket: Ticket) -> tuple[Answer, Money | None]:
    """Return how far the ticket's estimates have come, and the fixed sum that was accepted with the last yes.

    A "no" that leaves nothing to pay is final. Otherwise the last answer counts; while a further estimate waits for
    its own, what was said before it stays.
    """
    latest: Answer = "none"
    quoted = None
    for estimate in sorted(ticket.estimates.all(), key=lambda each: each.pk):
        if estimate.state == Estimate.State.DECLINED:
            latest, quoted = "declined", None
            if estimate.decline_leaves_zero:
                break
        elif estimate.state == Estimate.State.ACCEPTED:
            latest = "accepted"
            quoted = (
                Money(estimate.quoted_net, estimate.currency) if estimate.quoted_net is not None else quoted
            )
        elif latest == "none":
            latest = "proposed"
    return latest, quoted


def fees_paid(customer: Customer) -> frozenset[str]:
    """Return the keys of the one-off fees that a customer was charged."""
    return frozenset(each.fee for each in customer.one_off_fees.all())
