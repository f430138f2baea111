"""What a ticket uses of its customer's quota: drawn once for each unit of work, given back when it was not used after all.

The draws of a ticket are always brought to what it has come to use, so saying it twice is harmless: a request counts from
the first beginning of work on it (K5), hours by the work on it, rounded up to the multiple, and as they grow only the
difference is drawn (A8). What is closed without a solution, refused, merged, or whose estimate was declined uses nothing.
What the quota does not cover is decided by a person, unless the contract says that it is paid. A ticket is locked before its
contract, always.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import Case, DecimalField, F, Sum, When

from pomost.contracts.models import Contract, QuotaPeriod
from pomost.contracts.queries import contract_of, local_day, terms_of
from pomost.contracts.quotas import carry_on, grants_of, open_period, stand_of
from pomost.rules.decision import UNSTATED, Decision, Fact, Subject
from pomost.rules.entitlement import Outcome, Verdict, prices_known
from pomost.rules.levels import Level
from pomost.rules.quota import Beyond, grant_on
from pomost.rules.tariff import QuotaUnit, quota_used
from pomost.rules.terms.parts import Quota
from pomost.tickets.actions.explained import keep_decision
from pomost.tickets.actions.hold import fact, hold
from pomost.tickets.judgement import verdict_as_json, verdict_from_json
from pomost.tickets.models import ClockEvent, DecisionKept, QuotaDraw, Ticket

AS_IT_IS: Final = frozenset({Outcome.INCLUDED, Outcome.ASK_PERSON})
"""Outcomes that neither draw nor give back: what a person included beyond the quota, and what nobody has decided yet."""


@transaction.atomic
def count_use(ticket: Ticket, *, worked_seconds: int | None = None, by: str, at: datetime) -> Ticket:
    """Bring the draws of a ticket to what it has come to use by `at`.

    `worked_seconds` is all the work entered on the request's own service; None: as it was told last.
    """
    survivor = ticket.merged_into_id
    # The older first, as everybody who locks two of them does.
    going_on = hold(survivor) if survivor is not None else None
    ticket = hold(ticket)
    if worked_seconds is not None and worked_seconds != ticket.counted_seconds:
        ticket.counted_seconds = worked_seconds
        ticket.save(update_fields=["counted_seconds"])
    keep_use(going_on or ticket, by=by, at=at)
    return ticket


@transaction.atomic
def give_back(ticket: Ticket, reason: Fact, *, by: str, at: datetime) -> Ticket:
    """Give back whatever a ticket drew; it draws no more after that."""
    ticket = hold(ticket)
    keep_return(ticket, reason, by=by, at=at)
    return ticket


def keep_use(ticket: Ticket, *, by: str, at: datetime) -> None:
    """Bring the draws of a ticket that is held to what it has come to use."""
    outcome = verdict_from_json(ticket.verdict).outcome
    if outcome in AS_IT_IS or ticket.state == Ticket.State.CLOSED or _was_declined(ticket):
        return
    if outcome is not Outcome.FROM_QUOTA:
        keep_return(ticket, Fact.of("decided-otherwise", True), by=by, at=at)
        return
    quota = terms_of(ticket.terms).quota_for(ticket.package, ticket.service)
    drawn = drawn_by(ticket)
    other = {
        period: amount for period, amount in drawn.items() if quota is None or period.unit != quota.counts
    }
    _return(ticket, other, Fact.of("decided-otherwise", True), by=by, at=at)
    if quota is None:
        return
    mine = sum((amount for period, amount in drawn.items() if period.unit == quota.counts), Decimal(0))
    used = _used(ticket, quota)
    if used > mine:
        _draw(ticket, quota, used - mine, by=by, at=at)
    elif used == 0 and _began(ticket):
        # Hours are drawn when they are worked; that there are any left is asked before.
        _draw(ticket, quota, quota.multiple, is_only_asked=True, by=by, at=at)


def _was_declined(ticket: Ticket) -> bool:
    last = ticket.quota_draws.select_related("decision").order_by("-id").first()
    if last is None:
        return False
    return Decision.from_json(last.decision.body).value("estimate-declined") is not None


def _used(ticket: Ticket, quota: Quota) -> Decimal:
    """Return what the ticket has come to use, together with those that were merged into it: they are one task."""
    return quota_used(quota.multiple, quota.counts, worked_on(ticket), int(_began(ticket)))


def _began(ticket: Ticket) -> bool:
    return ClockEvent.objects.filter(ticket__in=_with_merged(ticket), name="work.began").exists()


def worked_on(ticket: Ticket) -> int:
    """Return the seconds that count for the ticket."""
    return sum(each.counted_seconds or 0 for each in _with_merged(ticket))


def _with_merged(ticket: Ticket) -> list[Ticket]:
    found, last = [ticket], [ticket]
    while last:
        last = list(Ticket.objects.filter(merged_into__in=last))
        found += last
    return found


def drawn_by(ticket: Ticket) -> Mapping[QuotaPeriod, Decimal]:
    """Return what a ticket has drawn and not given back, by period, the oldest first; nothing where it is zero."""
    signed = Case(
        When(kind=QuotaDraw.Kind.DRAWN, then=F("amount")), default=-F("amount"), output_field=DecimalField()
    )
    sums = dict(
        QuotaDraw.objects.filter(ticket=ticket)
        .values("period")
        .annotate(net=Sum(signed))
        .values_list("period", "net")
    )
    periods = QuotaPeriod.objects.select_related("contract").filter(pk__in=sums).order_by("first_day", "id")
    return {each: Decimal(sums[each.pk]) for each in periods if sums[each.pk]}


def _draw(
    ticket: Ticket, quota: Quota, needed: Decimal, *, is_only_asked: bool = False, by: str, at: datetime
) -> None:
    day = local_day(ticket.vendor, at)
    contract = contract_of(ticket.customer, day)
    if contract is None or contract.package != ticket.package:
        _not_counted(ticket, quota, needed, by=by, at=at)
        return
    period = open_period(contract, quota.counts, day)
    stand = stand_of(period)
    facts = _facts(ticket, quota, contract, period, needed)
    if not stand.allows(needed):
        _exhausted(ticket, quota, period, facts, by=by, at=at)
        return
    if is_only_asked:
        return
    if stand.left is not None:
        facts.append(_quantity("quota-left", stand.left - needed, quota.counts))
    decision = _decision(ticket, quota, "drawn", facts)
    _keep(ticket, period, QuotaDraw.Kind.DRAWN, needed, decision, by=by, at=at)


def _not_counted(ticket: Ticket, quota: Quota, needed: Decimal, *, by: str, at: datetime) -> None:
    """Say once that there is no contract to draw from."""
    before = DecisionKept.objects.filter(ticket=ticket, subject=Subject.QUOTA.value).order_by("-id").first()
    if before is not None and before.outcome == "not-counted":
        return
    facts = [_quantity("quota-needed", needed, quota.counts), Fact.of("no-contract", True)]
    keep_decision(ticket, _decision(ticket, quota, "not-counted", facts), by=by, at=at)


def _facts(
    ticket: Ticket, quota: Quota, contract: Contract, period: QuotaPeriod, needed: Decimal
) -> list[Fact]:
    facts = [
        _quantity("quota-needed", needed, quota.counts),
        _quantity("quota-multiple", quota.multiple, quota.counts),
        Fact("contract", contract.number),
        Fact.of("period-from", period.first_day),
    ]
    if period.last_day is not None:
        facts.append(Fact.of("period-until", period.last_day))
    if quota.counts == "hours":
        facts.append(Fact("worked", str(worked_on(ticket))))
    else:
        facts.append(Fact.of("work-began", True))
    return facts


def _exhausted(
    ticket: Ticket,
    quota: Quota,
    period: QuotaPeriod,
    facts: list[Fact],
    *,
    by: str,
    at: datetime,
) -> None:
    """Go on as the contract says beyond the quota: paid where it says so and a price is known, else a person decides.

    What was worked already cannot become paid by itself: nobody agreed to pay for it.
    """
    facts = [*facts, _quantity("quota-left", stand_of(period).left or Decimal(0), quota.counts)]
    facts.append(Fact.of("quota-exhausted", True))
    grant = grant_on(grants_of(period.contract, quota.counts), period.first_day)
    price_day = local_day(ticket.vendor, ticket.received_at)
    is_paid = (
        grant is not None
        and grant.beyond is Beyond.PAID
        and not worked_on(ticket)
        and prices_known(
            terms_of(ticket.terms), ticket.package, ticket.service, ticket.family or None, price_day
        )
    )
    outcome = Outcome.PAID if is_paid else Outcome.ASK_PERSON
    keep_decision(ticket, _decision(ticket, quota, "paid" if is_paid else UNSTATED, facts), by=by, at=at)
    verdict = _judged_beyond(verdict_from_json(ticket.verdict), outcome, quota)
    ticket.verdict = verdict_as_json(verdict)
    ticket.save(update_fields=["verdict"])
    keep_decision(ticket, verdict.decision, by=by, at=at)
    if is_paid:
        keep_return(ticket, Fact.of("decided-otherwise", True), by=by, at=at)


def _judged_beyond(verdict: Verdict, outcome: Outcome, quota: Quota) -> Verdict:
    kept = tuple(each for each in verdict.used if each.name not in ("decided-by", "reason"))
    return replace(
        verdict,
        outcome=outcome,
        clause=quota.clause,
        level=verdict.level_if_agreed if outcome is Outcome.PAID else Level.NONE,
        used=(*kept, Fact.of("quota-exhausted", True, quota.clause)),
    )


def keep_return(ticket: Ticket, reason: Fact, *, by: str, at: datetime) -> None:
    """Give back whatever a ticket that is held drew."""
    _return(ticket, drawn_by(ticket), reason, by=by, at=at)


def _return(
    ticket: Ticket, drawn: Mapping[QuotaPeriod, Decimal], reason: Fact, *, by: str, at: datetime
) -> None:
    terms = terms_of(ticket.terms)
    for period, amount in drawn.items():
        unit: QuotaUnit = "hours" if period.unit == "hours" else "requests"
        # Locked as for a draw, so that what is handed on to later periods is counted once.
        open_period(period.contract, unit, period.first_day)
        facts = [
            _quantity("quota-amount", amount, unit),
            Fact("contract", period.contract.number),
            Fact.of("period-from", period.first_day),
            reason,
        ]
        clause = next((each.clause for each in terms.quotas if each.counts == unit), ticket.verdict["clause"])
        decision = Decision(Subject.QUOTA, "given-back", clause, tuple(facts), terms.version)
        _keep(ticket, period, QuotaDraw.Kind.GIVEN_BACK, amount, decision, by=by, at=at)
        carry_on(period)


def _keep(
    ticket: Ticket,
    period: QuotaPeriod,
    kind: QuotaDraw.Kind,
    amount: Decimal,
    decision: Decision,
    *,
    by: str,
    at: datetime,
) -> None:
    kept = keep_decision(ticket, decision, by=by, at=at)
    QuotaDraw.objects.create(ticket=ticket, period=period, kind=kind, amount=amount, decision=kept, at=at)
    fact(
        ticket,
        "quota-drawn" if kind is QuotaDraw.Kind.DRAWN else "quota-given-back",
        by=by,
        at=at,
        amount=f"{amount.normalize():f}",
        unit=period.unit,
        decision=kept.pk,
    )


def _decision(ticket: Ticket, quota: Quota, outcome: str, facts: Iterable[Fact]) -> Decision:
    return Decision(Subject.QUOTA, outcome, quota.clause, tuple(facts), ticket.terms.version)


def _quantity(name: str, amount: Decimal, unit: QuotaUnit) -> Fact:
    return Fact(name, f"{amount.normalize():f} {unit}")
