"""What the work on a request costs: entries in, jobs with their tariff and a bill out.

Owns the grouping of worked time into the scope of its tariff (A9: a session, a request and product, or a request) and
what an estimate's answer does to it. The arithmetic and the choice of the tariff are rules/pricing.py and
rules/tariff.py. Work has the price of the day on which it began; after an accepted estimate all work on the request has
the prices that were accepted. VAT is that of the day on which a job was finished, whatever was accepted
(docs/explain/pricing.md).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from pomost.billing.models import Complaint, Estimate
from pomost.contracts.models import TermsVersion
from pomost.contracts.queries import local_day, terms_in_force, terms_of
from pomost.people.models import Customer, Vendor
from pomost.rules.entitlement import Outcome, decide
from pomost.rules.estimate import Answer, payable_each
from pomost.rules.money import Money, VatRate
from pomost.rules.pricing import estimate_terms, fees_due
from pomost.rules.tariff import Bill, BillLine, Charge, charge, fee_line, price_job, travel_net, work_line
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import EstimateTerms, FeeTerms, TariffTerms, TravelTerms
from pomost.tickets.judgement import verdict_from_json
from pomost.tickets.models import Ticket
from pomost.worklog.models import Entry, Travel

CHARGED: Final = frozenset({Outcome.PAID, Outcome.ASK_PERSON, Outcome.SOLD_SEPARATELY})
"""Outcomes for which a tariff that fits is charged; what a person decided for is charged like what is paid."""
IN_THE_PACKAGE: Final = frozenset({Outcome.INCLUDED, Outcome.FROM_QUOTA, Outcome.KNOWN_SOLUTIONS_ONLY})
"""Outcomes for which nothing is charged because the package holds it. A refusal is not one of them."""
BY_HAND: Final = "by-hand"
"""Hand-made entries of one request count as one session of work, so that a minimum is asked for once."""


TermsOn = Callable[[date], Terms]
"""The terms of the vendor that hold on a day."""


@dataclass(frozen=True, slots=True)
class Work:
    """A stretch of work: an entry, or what a running session has measured so far."""

    service: str
    family: str
    session: str
    """Which session it belongs to; BY_HAND for what was entered by hand."""
    seconds: int
    on: date
    """The vendor's day on which it began: its prices count."""
    supplied_on: date
    """The vendor's day on which it ended: its VAT counts."""
    entry: Entry | None
    """None: the session still runs, or the work is only estimated."""


@dataclass(frozen=True, slots=True)
class Prices:
    """The price list of a version of the terms on a day."""

    terms: Terms
    on: date


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the customer has answered to the estimates of a request so far."""

    answer: Answer = "none"
    quoted: Money | None = None
    """A fixed net sum that was accepted."""
    covers_seconds: int | None = None
    """The whole work that the accepted sum covers; None: no bound, or nothing accepted."""
    priced_by: TermsVersion | None = None
    """Whose prices were accepted: they hold for all work on the request. None: nothing was."""
    priced_on: date = date.min
    """The day whose price list that is."""

    @property
    def prices(self) -> Prices | None:
        """The prices that were accepted."""
        return None if self.priced_by is None else Prices(terms_of(self.priced_by), self.priced_on)


@dataclass(frozen=True, slots=True)
class Job:
    """Work that one tariff prices together."""

    tariff: TariffTerms
    terms: Terms
    """The terms whose prices count."""
    vat: VatRate
    vat_terms: Terms
    """The terms of the day on which it was finished, which say the VAT."""
    supplied_on: date
    """The day on which its last work was done."""
    service: str
    family: str
    session: str
    """The session it is counted over, where the tariff's scope is a session; else empty."""
    work: tuple[Work, ...]
    worked_seconds: int
    charge: Charge


@dataclass(frozen=True, slots=True)
class FeeDue:
    """A one-off fee that falls due with a job."""

    fee: FeeTerms
    terms: Terms
    vat: VatRate
    supplied_on: date


@dataclass(frozen=True, slots=True)
class TravelDue:
    """A technician's way that is charged."""

    travel: Travel
    price: TravelTerms | None
    """None: the price list has none, the sum was agreed to."""
    clause: str
    terms: Terms
    net: Money
    vat: VatRate


@dataclass(frozen=True, slots=True)
class Cost:
    """What a request costs."""

    on: date
    """The vendor's day that was asked for."""
    terms: Terms
    """In force on that day."""
    vat: VatRate
    """Of the work, or of that day where nothing was worked."""
    jobs: tuple[Job, ...]
    fees: tuple[FeeDue, ...]
    """One-off fees that fall due with it."""
    travels: tuple[TravelDue, ...]
    bill: Bill
    worked_seconds: int
    """All work on the request, included and paid."""
    unagreed_seconds: int
    """Of it, what nobody agreed to: beyond the budget or the accepted sum. It is not charged."""
    is_included: bool
    """The request's own service is in the package: it costs nothing, whether anything was worked on it or not."""
    unpriced: tuple[Job, ...]
    """Jobs for which the terms give no rate: agree on a price before they are charged."""


def work_of(vendor: Vendor, entries: Iterable[Entry]) -> tuple[Work, ...]:
    """Return entries as work, in the order given; each has the vendor's days."""
    return tuple(
        Work(
            service=entry.service,
            family=entry.family,
            session=str(entry.session_id) if entry.session_id else BY_HAND,
            seconds=entry.worked_seconds,
            on=local_day(vendor, entry.started_at),
            supplied_on=local_day(vendor, ended_at(entry)),
            entry=entry,
        )
        for entry in entries
    )


def work_entered(ticket: Ticket) -> tuple[Work, ...]:
    """Return the work that was entered on a ticket, in the order it was done, in one query."""
    entries = Entry.objects.select_related("session").filter(ticket=ticket).order_by("started_at", "id")
    return work_of(ticket.vendor, entries)


def ended_at(entry: Entry) -> datetime:
    """Return when the work of an entry ended, breaks of its session included."""
    if entry.session is not None and entry.session.ended_at is not None:
        return entry.session.ended_at
    return entry.started_at + timedelta(seconds=entry.worked_seconds)


def cost_of(
    ticket: Ticket,
    work: Sequence[Work],
    *,
    on: date,
    agreed: Agreed,
    terms_on: TermsOn | None = None,
) -> Cost:
    """Return what `work` on a ticket costs.

    Args:
        ticket: with its terms, customer and vendor.
        work: all of it, in the order it was done.
        on: the vendor's day on which it is asked: whose VAT and terms are named where nothing was worked.
        agreed: what the customer answered to the estimates.
        terms_on: the terms in force on the days of the work, where the caller has them.

    Raises:
        NoTermsInForce: the vendor has no terms on one of the days.
        ValueError: a fixed sum for work that another tariff prices.
    """
    terms_on = terms_on or _terms_on(ticket.vendor)
    terms = terms_on(on)
    rule = estimate_rule(ticket)
    seconds = tuple(part.seconds for part in work)
    payable = payable_each(rule.rule, seconds, agreed.answer, agreed.covers_seconds) if rule else seconds
    complaint = complaint_of(ticket)
    if complaint is not None:
        payable = tuple(0 for _seconds in seconds)  # what a complaint is about is looked at and repaired free
    jobs = [
        _job(ticket, group, agreed, terms_on)
        for group in _grouped(ticket, work, payable, agreed, terms_on).values()
    ]
    priced = tuple(job for job in jobs if job.charge.net is not None)
    fees = _fees(ticket.customer, priced)
    lines = [fee_line(due.fee.fee, due.vat, due.fee.kind) for due in fees]
    lines += [work_line(job.charge, job.vat) for job in priced if job.charge.billed_seconds]
    travels = _travels(ticket, complaint, terms_on)
    lines += [BillLine("travel", due.clause, due.net, due.vat) for due in travels]
    is_zero = agreed.answer == "declined" and rule is not None and rule.rule.declined_leaves == "nothing"
    return Cost(
        on=on,
        terms=terms,
        vat=jobs[0].vat if jobs else _vat_of_day(terms, on),
        jobs=tuple(jobs),
        fees=fees,
        travels=travels,
        bill=price_job(lines, terms.vendor.currency),
        worked_seconds=sum(seconds),
        unagreed_seconds=0 if is_zero or complaint else sum(seconds) - sum(payable),
        is_included=complaint is not None or outcome_of(ticket, ticket.service) in IN_THE_PACKAGE,
        unpriced=tuple(job for job in jobs if job.charge.net is None and job.charge.billed_seconds),
    )


def _terms_on(vendor: Vendor) -> TermsOn:
    known: dict[date, Terms] = {}

    def look_up(day: date) -> Terms:
        if day not in known:
            _version, known[day] = terms_in_force(vendor, day)
        return known[day]

    return look_up


@dataclass(slots=True)
class _Group:
    """Work that one tariff prices together, while it is collected."""

    tariff: TariffTerms
    prices: Prices
    work: list[Work]
    payable_seconds: int


def _grouped(
    ticket: Ticket, work: Iterable[Work], payable: Iterable[int], agreed: Agreed, terms_on: TermsOn
) -> dict[tuple[object, str], _Group]:
    """Return the charged work by tariff and, where the tariff is counted over a session, by session.

    The same tariff on two price lists, such as before and after a change of VAT, is one: its units are not begun anew.
    """
    groups: dict[tuple[object, str], _Group] = {}
    accepted = agreed.prices
    for part, seconds in zip(work, payable, strict=True):
        prices = accepted or Prices(terms_on(part.on), part.on)
        fitting = prices.terms.tariffs(
            prices.on, service=part.service, package=ticket.package or None, family=part.family or None
        )
        if len(fitting) != 1 or outcome_of(ticket, part.service) not in CHARGED:
            continue
        over = part.session if fitting[0].tariff.scope == "session" else ""
        group = groups.setdefault((fitting[0].tariff, over), _Group(fitting[0], prices, [], 0))
        group.work.append(part)
        group.payable_seconds += seconds
    return groups


def _job(ticket: Ticket, group: _Group, agreed: Agreed, terms_on: TermsOn) -> Job:
    first, last = group.work[0], max(group.work, key=lambda part: part.supplied_on)
    tariff, vat_terms = group.tariff.tariff, terms_on(last.supplied_on)
    fixed = agreed.quoted if tariff.kind == "quoted" else None
    return Job(
        tariff=group.tariff,
        terms=group.prices.terms,
        vat=_vat(ticket, last, vat_terms),
        vat_terms=vat_terms,
        supplied_on=last.supplied_on,
        service=first.service,
        family=first.family,
        session=first.session if tariff.scope == "session" else "",
        work=tuple(group.work),
        worked_seconds=sum(part.seconds for part in group.work),
        charge=charge(tariff, group.payable_seconds, fixed),
    )


def _vat(ticket: Ticket, part: Work, terms: Terms) -> VatRate:
    """Return the VAT rate of some work on the day on which it was finished."""
    prices = terms.price_list(part.supplied_on)
    fitting = terms.tariffs(
        part.supplied_on, service=part.service, package=ticket.package or None, family=part.family or None
    )
    if prices is None or len(fitting) != 1:
        return _vat_of_day(terms, part.supplied_on)
    return prices.vat_of(fitting[0])


def _vat_of_day(terms: Terms, on: date) -> VatRate:
    prices = terms.price_list(on)
    return prices.vat if prices else VatRate(None)


def _fees(customer: Customer, jobs: Iterable[Job]) -> tuple[FeeDue, ...]:
    """Return the fees that fall due with charged jobs, each once, in the order of their services."""
    paid = fees_paid(customer)
    found: dict[str, FeeDue] = {}
    for job in sorted(jobs, key=lambda each: each.service):
        prices = job.terms.price_list(job.work[0].on)
        if not job.charge.billed_seconds or prices is None:
            continue
        for fee in fees_due(job.terms, job.work[0].on, job.service, paid):
            found.setdefault(
                fee.fee.key,
                FeeDue(fee, job.terms, prices.vat if fee.vat is None else fee.vat, job.supplied_on),
            )
    return tuple(found.values())


def complaint_of(ticket: Ticket) -> Complaint | None:
    """Return the complaint that a request was registered to look at, or None: it is an order of its own."""
    return getattr(ticket, "complaint", None)


def _travels(ticket: Ticket, complaint: Complaint | None, terms_on: TermsOn) -> tuple[TravelDue, ...]:
    """Return the travel that is charged: that of paid requests, and for a complaint only after its rejection (D9)."""
    if complaint is not None:
        is_charged = complaint.state == Complaint.State.REJECTED
    else:
        is_charged = outcome_of(ticket, ticket.service) in CHARGED
    if not is_charged:
        return ()
    rows = sorted(ticket.travels.all(), key=lambda travel: (travel.travelled_on, travel.pk))
    return tuple(
        due for due in (_travel_due(ticket, travel, terms_on) for travel in rows) if due.net.amount > 0
    )


def _travel_due(ticket: Ticket, travel: Travel, terms_on: TermsOn) -> TravelDue:
    terms = terms_on(travel.travelled_on)
    known = {each.travel.key: each for each in terms.travels(travel.travelled_on, ticket.service)}
    price = known.get(travel.key)
    prices = terms.price_list(travel.travelled_on)
    vat = prices.vat_of(price) if prices and price else _vat_of_day(terms, travel.travelled_on)
    if travel.agreed_net is not None:
        net = Money(travel.agreed_net, terms.vendor.currency)
    else:
        found = travel_net(price.travel, travel.quantity) if price else None
        assert found is not None  # noqa: S101 (an entry without a stated price carries its agreed sum)
        net = found
    clause = price.travel.clause if price else str(ticket.verdict["clause"])
    return TravelDue(travel, price, clause, terms, net, vat)


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


def agreed_of(ticket: Ticket) -> Agreed:
    """Return how far the ticket's estimates have come, and what was accepted with the last yes.

    A "no" that leaves nothing to pay is final. Otherwise the last answer counts; while a further estimate waits for
    its own, what was said before it stays. A "no" to more takes nothing back of an earlier yes.
    """
    return agreed_by(ticket.estimates.all())


def agreed_by(estimates: Iterable[Estimate]) -> Agreed:
    """Return what was answered to the estimates of one request, in whatever order they are given."""
    found = Agreed()
    for estimate in sorted(estimates, key=lambda each: each.pk):
        if estimate.state == Estimate.State.DECLINED:
            found = replace(found, answer="declined")
            if estimate.decline_leaves_zero:
                break
        elif estimate.state == Estimate.State.ACCEPTED:
            quoted = estimate.quoted_net
            found = Agreed(
                answer="accepted",
                quoted=found.quoted if quoted is None else Money(quoted, estimate.currency),
                covers_seconds=estimate.covers_seconds,
                priced_by=estimate.priced_by,
                priced_on=estimate.priced_on,
            )
        elif found.answer == "none":
            found = replace(found, answer="proposed")
    return found


def fees_paid(customer: Customer) -> frozenset[str]:
    """Return the keys of the one-off fees that a customer was charged."""
    return frozenset(each.fee for each in customer.one_off_fees.all())
