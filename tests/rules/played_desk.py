"""A desk that plays a history by the pure rules: what is worked, said, counted and charged.

The rules that decide are a value (`Rules`), so that a test can put a wrong one in the place of one and see that a law
notices (laws.py). Whatever the rules refuse is left out of what comes of the history and counted, as on a real desk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from pomost.rules.clocks import ClockState, Event
from pomost.rules.consent import Gate, GateAnswer, GateKind, allowed_level, gates_for, open_gates
from pomost.rules.correction import Credit, credit
from pomost.rules.entitlement import Outcome, Verdict, decide
from pomost.rules.estimate import Answer, estimate_state, payable_each
from pomost.rules.levels import Level
from pomost.rules.money import Money
from pomost.rules.pricing import estimate_terms, fees_due
from pomost.rules.promises import clock_states
from pomost.rules.quota import Carry, Stand, carried_over
from pomost.rules.tariff import Bill, Charge, charge, fee_line, price_job, quota_used, work_line
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import (
    EstimateTerms,
    FeeTerms,
    PartKind,
    Quota,
    RunningPromise,
    TariffTerms,
)
from rules.histories import History, Step

EVENT_OF = {
    "told": "notice.accepted",
    "bounce": "notice.bounced",
    "ask": "customer.asked",
    "reply": "customer.answered",
}
ASKED_FIRST = frozenset({GateKind.PRICE_ACCEPTED, GateKind.DECLARATION})
"""Gates without which nothing may be charged."""
Order = Callable[[Sequence[RunningPromise], Iterable[Event], datetime], dict[str, ClockState]]


def may_invoice(terms: Terms, events: Sequence[Event]) -> bool:
    """Say whether an invoice may be made: after the event that the terms name, or the confirmed solution."""
    after = terms.invoice.after if terms.invoice else "solution.confirmed"
    last = [event.name for event in events if event.name in (after, "solution.rejected")]
    return bool(last) and last[-1] == after


def left_allows(stand: Stand, amount: Decimal) -> bool:
    """Say whether so much more can be drawn."""
    return stand.allows(amount)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that a desk decides by."""

    decide: Callable[..., Verdict] = decide
    open_gates: Callable[[Iterable[Gate], Iterable[GateAnswer]], tuple[Gate, ...]] = open_gates
    allowed_level: Callable[[Level, Iterable[Gate], Iterable[GateAnswer]], Level] = allowed_level
    payable_each: Callable[..., tuple[int, ...]] = payable_each
    charge: Callable[..., Charge] = charge
    price_job: Callable[..., Bill] = price_job
    credit: Callable[..., Credit] = credit
    may_invoice: Callable[[Terms, Sequence[Event]], bool] = may_invoice
    allows: Callable[[Stand, Decimal], bool] = left_allows
    carried_over: Callable[[Stand, Carry], Decimal] = carried_over
    clock_states: Order = clock_states


@dataclass(frozen=True, slots=True)
class Work:
    """A stretch of work."""

    at: datetime
    seconds: int
    session: int
    """0: entered by hand."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was asked of the customer, or answered."""

    at: datetime
    what: str
    """"gate:ID", "part:ID" or "estimate"."""
    yes: bool
    covers_seconds: int | None = None
    quoted: Money | None = None


@dataclass(frozen=True, slots=True)
class Invoiced:
    """A bill, and when it was made."""

    at: datetime
    bill: Bill
    payable: tuple[int, ...]
    """Of each stretch of work."""
    after_events: int
    """How many events had happened."""


@dataclass(slots=True)
class Played:
    """What came of a history."""

    history: History
    verdict: Verdict
    events: list[Event]
    work: list[Work] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    levels: list[tuple[Level, tuple[GateAnswer, ...]]] = field(default_factory=list)
    stands: list[Stand] = field(default_factory=list)
    handed: list[tuple[Stand, Stand]] = field(default_factory=list)
    """A period's end and the beginning of the next one."""
    drawn: Decimal = Decimal(0)
    """Of the quota, in the period that runs, what was given back left out."""
    invoiced: list[Invoiced] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    is_closed: bool = False

    @property
    def now(self) -> datetime:
        """The moment of the last thing that happened."""
        return max(event.at for event in self.events)


def play(told: History, rules: Rules | None = None) -> Played:
    """Return what comes of a history by some rules, the right ones if none are given."""
    return _Desk(told, rules or Rules()).played()


class _Desk:
    """One request at a desk. Each step is a method of its own, and does nothing where the rules say no."""

    def __init__(self, told: History, rules: Rules) -> None:
        self.told, self.rules, self.terms = told, rules, told.terms
        day = self._day(told.received_at)
        verdict = rules.decide(
            self.terms, told.package, told.is_shown, told.service, told.version, family=told.family, on=day
        )
        at = told.received_at
        self.record = Played(told, verdict, [Event("request.received", at), Event("request.registered", at)])
        self.at = at
        self.answers: list[GateAnswer] = []
        self.answer: Answer = "none"
        self.covers: int | None = None
        self.quoted: Money | None = None
        self.proposed: tuple[int, Money | None] | None = None
        self.stand = Stand(told.granted, Decimal(0), Decimal(0))

    def played(self) -> Played:
        for step in self.told.steps:
            if self.record.is_closed and step.kind not in ("invoice", "correct", "period"):
                self.record.refused["closed"] += 1
                continue
            self.at += step.after
            getattr(self, f"_{step.kind}", self._happen)(step)
        return self.record

    # What the terms say

    @property
    def is_charged(self) -> bool:
        outcome = self.record.verdict.outcome
        asked = outcome in (Outcome.ASK_PERSON, Outcome.SOLD_SEPARATELY)
        return outcome is Outcome.PAID or (asked and self.told.decided == "paid")

    @property
    def may_begin(self) -> bool:
        verdict = self.record.verdict
        asked = verdict.outcome in (Outcome.ASK_PERSON, Outcome.SOLD_SEPARATELY)
        return verdict.is_entitled or (asked and self.told.decided != "refused")

    @property
    def gates(self) -> tuple[Gate, ...]:
        outcome = Outcome.PAID if self.is_charged else Outcome.INCLUDED
        return gates_for(self.terms, self.told.service, outcome)

    @property
    def lacks_consent(self) -> bool:
        if not self.is_charged:
            return False
        held = {gate.kind for gate in self.rules.open_gates(self.gates, self.answers)} & ASKED_FIRST
        given = {each.what for each in self.record.said if each.yes}
        parts = (part for part in self.terms.parts_for(self.told.service) if part.kind is PartKind.CONSENT)
        return bool(held) or any(f"part:{part.id}" not in given for part in parts)

    @property
    def estimate(self) -> EstimateTerms | None:
        return estimate_terms(self.terms, self.told.service) if self.is_charged else None

    @property
    def quota(self) -> Quota | None:
        if self.is_charged or self.record.verdict.outcome not in (Outcome.FROM_QUOTA, Outcome.ASK_PERSON):
            return None
        return self.terms.quota_for(self.record.verdict.package or "", self.told.service)

    def _day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.terms.vendor.zone)).date()

    def _tariff(self, at: datetime) -> TariffTerms | None:
        fitting = self.terms.tariffs(
            self._day(at),
            service=self.told.service,
            package=self.record.verdict.package,
            family=self.told.family,
        )
        return fitting[0] if len(fitting) == 1 else None

    # Steps

    def _happen(self, step: Step) -> None:
        self._event(EVENT_OF[step.kind])

    def _event(self, name: str) -> None:
        self.record.events.append(Event(name, self.at))

    def _no(self, why: str) -> None:
        self.record.refused[why] += 1

    def _gate(self, step: Step) -> None:
        waiting = self.rules.open_gates(self.gates, self.answers)
        if waiting:
            self.answers.append(GateAnswer(waiting[0].id, step.yes))
            self.record.said.append(Said(self.at, f"gate:{waiting[0].id}", step.yes))
        verdict = self.record.verdict
        ceiling = verdict.level if verdict.is_entitled else Level.NONE
        level = self.rules.allowed_level(ceiling, self.gates, self.answers)
        self.record.levels.append((level, tuple(self.answers)))

    def _part(self, step: Step) -> None:
        for part in self.terms.parts_for(self.told.service):
            if part.kind is PartKind.CONSENT:
                self.record.said.append(Said(self.at, f"part:{part.id}", step.yes))

    def _work(self, step: Step) -> None:
        if not self.may_begin:
            return self._no("not entitled")
        if self.lacks_consent:
            return self._no("no consent")
        seconds = step.seconds
        if self.estimate is not None and step.is_session:
            metered = sum(each.seconds for each in self.record.work)
            state = estimate_state(self.estimate.rule, metered, self.answer, self.covers)
            if not state.may_work:
                return self._no("estimate asked for")
            seconds = min(seconds, state.left_seconds) if state.left_seconds is not None else seconds
        if not self._draw(seconds):
            return self._no("quota used up")
        session = len(self.record.work) + 1 if step.is_session else 0
        self._event("work.began")
        self.record.work.append(Work(self.at, seconds, session))
        self.at += timedelta(seconds=seconds)
        return self._event("work.stopped")

    def _draw(self, seconds: int) -> bool:
        quota = self.quota
        if quota is None:
            return True
        worked = sum(each.seconds for each in self.record.work) + seconds
        needed = quota_used(quota.multiple, quota.counts, worked) - self.record.drawn
        if needed > 0 and not self.rules.allows(self.stand, needed):
            return False
        return self._moved(max(needed, Decimal(0)))

    def _moved(self, amount: Decimal) -> bool:
        self.stand = replace(self.stand, used=self.stand.used + amount)
        self.record.drawn += amount
        self.record.stands.append(self.stand)
        return True

    def _give_back(self) -> None:
        if self.record.drawn:
            self._moved(-self.record.drawn)

    def _period(self, _step: Step) -> None:
        carried = self.rules.carried_over(self.stand, self.told.carry)
        ended, self.stand = self.stand, Stand(self.told.granted, carried, Decimal(0))
        self.record.drawn = Decimal(0)
        self.record.handed.append((ended, self.stand))
        self.record.stands.append(self.stand)

    def _estimate(self, step: Step) -> None:
        tariff = self._tariff(self.at)
        if self.estimate is None or tariff is None or self.proposed is not None:
            return self._no("no estimate")
        whole = sum(each.seconds for each in self.record.work) + step.seconds
        fixed = step.is_session and tariff.tariff.kind == "quoted"
        sum_ = Money.of(step.seconds, self.terms.vendor.currency) if fixed else None
        self.proposed = (charge(tariff.tariff, whole).billed_seconds, sum_)
        self.answer = "proposed" if self.answer == "none" else self.answer
        return self._event("estimate.proposed")

    def _answer(self, step: Step) -> None:
        if self.proposed is None or self.estimate is None:
            return
        covers, quoted = self.proposed
        bound = None if quoted is not None else covers
        self.proposed = None
        self.record.said.append(Said(self.at, "estimate", step.yes, bound, quoted))
        self._event("estimate.accepted" if step.yes else "estimate.declined")
        if step.yes:
            self.answer, self.covers, self.quoted = "accepted", bound, quoted
            return
        self.answer = "declined"
        if self.estimate.rule.declined_leaves == "nothing":
            self._closed()

    def _solve(self, _step: Step) -> None:
        self._event("solution.proposed")

    def _reject(self, _step: Step) -> None:
        if (
            self._last_of("solution.proposed", "solution.confirmed", "solution.rejected")
            == "solution.proposed"
        ):
            self._event("solution.rejected")

    def _confirm(self, _step: Step) -> None:
        if (
            self._last_of("solution.proposed", "solution.confirmed", "solution.rejected")
            == "solution.proposed"
        ):
            self._event("solution.confirmed")
            self.record.is_closed = True

    def _last_of(self, *names: str) -> str:
        return next((each.name for each in reversed(self.record.events) if each.name in names), "")

    def _close(self, _step: Step) -> None:
        self._closed()

    def _closed(self) -> None:
        self._event("request.closed")
        self.record.is_closed = True
        self._give_back()

    def _invoice(self, _step: Step) -> None:
        if self.record.invoiced or not self.rules.may_invoice(self.terms, self.record.events):
            return self._no("no invoice yet")
        bill, payable = self._bill()
        if not bill.lines:
            return self._no("nothing to pay")
        return self.record.invoiced.append(Invoiced(self.at, bill, payable, len(self.record.events)))

    def _bill(self) -> tuple[Bill, tuple[int, ...]]:
        seconds = tuple(each.seconds for each in self.record.work)
        rule = self.estimate
        payable = self.rules.payable_each(rule.rule, seconds, self.answer, self.covers) if rule else seconds
        groups: dict[tuple[str, int], tuple[TariffTerms, datetime, int]] = {}
        for work, counted in zip(self.record.work, payable, strict=True):
            tariff = self._tariff(work.at)
            if not self.is_charged or tariff is None:
                continue
            over = work.session if tariff.tariff.scope == "session" else 0
            before = groups.get((tariff.tariff.key, over), (tariff, work.at, 0))
            groups[tariff.tariff.key, over] = (before[0], work.at, before[2] + counted)
        lines = []
        for tariff, last_at, counted in groups.values():
            fixed = self.quoted if tariff.tariff.kind == "quoted" else None
            charged = self.rules.charge(tariff.tariff, counted, fixed)
            prices = self.terms.price_list(self._day(last_at))
            if charged.net is not None and charged.billed_seconds and prices is not None:
                lines.append(work_line(charged, prices.vat_of(tariff)))
        paid = {each.fee.key for each in self._fees()} if self.told.fee_paid else set()
        prices = self.terms.price_list(self._day(self.told.received_at))
        if lines and prices is not None:
            fees = fees_due(self.terms, self._day(self.told.received_at), self.told.service, paid)
            lines = [*(fee_line(each.fee, prices.vat_of(each), each.kind) for each in fees), *lines]
        return self.rules.price_job(lines, self.terms.vendor.currency), payable

    def _fees(self) -> tuple[FeeTerms, ...]:
        return self.terms.fees(self._day(self.told.received_at), self.told.service)

    def _correct(self, step: Step) -> None:
        if not self.record.invoiced:
            return None
        left = [replace(line, net=line.net) for line in self.record.invoiced[0].bill.lines]
        for each in self.record.credits:
            left = [replace(line, net=line.net + back) for line, back in zip(left, each.lines, strict=True)]
        after = [(line.net * step.share).rounded() for line in left]
        if all(line.net == net for line, net in zip(left, after, strict=True)):
            return self._no("nothing to correct")
        return self.record.credits.append(self.rules.credit(left, after))
