"""What must hold of every history, however it goes: the laws of entitlement, consent, money, quotas and time.

Each law takes what came of a history and returns what is wrong with it, or nothing. A law reads the log and the terms; it
never asks the desk why it did something, so a desk with a wrong rule is found out. The audit of rules/audit, which knows
nothing of the desk that is played here, judges each bill a second time.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

from pomost.rules.audit.audit import audit
from pomost.rules.audit.findings import Kind
from pomost.rules.audit.history import Case, Column, Stretch
from pomost.rules.audit.history import History as Table
from pomost.rules.clocks import Event
from pomost.rules.consent import gates_for
from pomost.rules.decision import Decision
from pomost.rules.entitlement import Outcome, decide
from pomost.rules.levels import Level
from pomost.rules.pricing import estimate_terms
from pomost.rules.tariff import Bill, price_job
from pomost.rules.terms.parts import PartKind, RunningPromise
from rules.played_desk import ASKED_FIRST, Played, Rules

ASKED_OF_A_PERSON = (Outcome.ASK_PERSON, Outcome.SOLD_SEPARATELY)
TOLERATED_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a history, the rules it was played by, and the chance for what a law tries further."""

    played: Played
    rules: Rules
    chance: Random


Law = Callable[[Trial], Iterator[str]]


def no_charge_without_entitlement(trial: Trial) -> Iterator[str]:
    """Whatever is charged is paid by the terms, or by a person whom the terms made to decide."""
    played, told = trial.played, trial.played.history
    if not any(each.bill.net.amount for each in played.invoiced):
        return
    on = told.received_at.astimezone(ZoneInfo(told.terms.vendor.zone)).date()
    outcome = decide(
        told.terms, told.package, told.is_shown, told.service, told.version, family=told.family, on=on
    ).outcome
    if outcome is not Outcome.PAID and not (outcome in ASKED_OF_A_PERSON and told.decided == "paid"):
        yield f"{outcome.value} was charged"


def no_charge_without_consent(trial: Trial) -> Iterator[str]:
    """Before the first charged work the customer said yes to every price and declaration that the terms ask about."""
    played, told = trial.played, trial.played.history
    if not any(each.bill.net.amount for each in played.invoiced) or not played.work:
        return
    asked = [f"gate:{gate.id}" for gate in gates_for(told.terms, told.service) if gate.kind in ASKED_FIRST]
    asked += [
        f"part:{part.id}" for part in told.terms.parts_for(told.service) if part.kind is PartKind.CONSENT
    ]
    first = played.work[0].at
    for what in asked:
        if not any(said.what == what and said.yes and said.at <= first for said in played.said):
            yield f"{what} was not agreed to before {first}"


def no_charge_beyond_what_was_agreed(trial: Trial) -> Iterator[str]:
    """Charged time is within the budget, or within what an accepted estimate covers."""
    played, told = trial.played, trial.played.history
    rule = estimate_terms(told.terms, told.service)
    if rule is None:
        return
    agreed = [said for said in played.said if said.what == "estimate" and said.yes]
    if any(said.covers_seconds is None for said in agreed) or (agreed and rule.rule.beyond == "goes-on"):
        return
    bound = max([rule.rule.budget_seconds, *(said.covers_seconds or 0 for said in agreed)])
    for each in played.invoiced:
        if sum(each.payable) > bound:
            yield f"{sum(each.payable)} s are charged, {bound} s were agreed to"


def none_after_a_decline(trial: Trial) -> Iterator[str]:
    """After a "no" that leaves nothing there is neither an invoice nor a line."""
    played, told = trial.played, trial.played.history
    rule = estimate_terms(told.terms, told.service)
    if rule is None or rule.rule.declined_leaves != "nothing":
        return
    noes = [said.at for said in played.said if said.what == "estimate" and not said.yes]
    if noes and any(each.bill.lines for each in played.invoiced if each.at >= noes[0]):
        yield f"declined at {noes[0]} and charged"


def no_invoice_before_the_solution(trial: Trial) -> Iterator[str]:
    """The event that the terms name has happened, and was not taken back by a rejection."""
    terms = trial.played.history.terms
    after = terms.invoice.after if terms.invoice else "solution.confirmed"
    for each in trial.played.invoiced:
        names = [event.name for event in trial.played.events[: each.after_events]]
        rejected = max((n for n, name in enumerate(names) if name == "solution.rejected"), default=-1)
        if after not in names[rejected + 1 :]:
            yield f"invoiced without {after}"


def a_quota_is_never_negative(trial: Trial) -> Iterator[str]:
    """What is left is never below zero, nor is more handed on than was left."""
    for stand in trial.played.stands:
        if stand.left is not None and stand.left < 0:
            yield f"{stand.left} left of {stand.granted}"
        if stand.used < 0 or stand.carried < 0:
            yield f"used {stand.used}, carried {stand.carried}"
    for ended, begun in trial.played.handed:
        if ended.left is not None and begun.carried > ended.left:
            yield f"{begun.carried} handed on of {ended.left}"


def sums_are_exact(trial: Trial) -> Iterator[str]:
    """Lines add up to the net, the tax is that of each rate's sum rounded half up, and all is in whole minor units."""
    for each in trial.played.invoiced:
        yield from _sums(each.bill)
        yield from _taken_back(trial.played, each.bill)


def _sums(bill: Bill) -> Iterator[str]:
    amounts = [line.net.amount for line in bill.lines] + [bill.net.amount, bill.vat.amount, bill.gross.amount]
    if any(amount != amount.quantize(TOLERATED_CENT) or amount < 0 for amount in amounts):
        yield f"{amounts} are not whole minor units"
    if sum((line.net.amount for line in bill.lines), Decimal(0)) != bill.net.amount:
        yield f"the lines do not add up to {bill.net}"
    vat = Decimal(0)
    for rate in dict.fromkeys(line.vat for line in bill.lines):
        net = sum((Fraction(line.net.amount) for line in bill.lines if line.vat == rate), Fraction(0))
        # Half up, in whole numbers: an arithmetic of its own.
        vat += Decimal(int(net * Fraction(rate.percent or 0) + Fraction(1, 2))) / 100
    if vat != bill.vat.amount or bill.gross.amount != bill.net.amount + vat:
        yield f"VAT {bill.vat} and gross {bill.gross}; it should be {vat} on {bill.net}"


def _taken_back(played: Played, bill: Bill) -> Iterator[str]:
    """What is left after corrections is the bill of what is left: an invoice taken back in parts ends at zero."""
    left, gross = list(bill.lines), bill.gross
    for back in played.credits:
        left = [replace(line, net=line.net + each) for line, each in zip(left, back.lines, strict=True)]
        gross += back.gross
        if back.gross != back.net + back.vat or any(line.net.amount < 0 for line in left):
            yield f"a correction of {back.net} and {back.vat} makes {back.gross}"
    if played.credits and gross != price_job(left, bill.currency).gross:
        yield f"{gross} is left, and the lines make {price_job(left, bill.currency).gross}"


def a_session_goes_no_further_than_allowed(trial: Trial) -> Iterator[str]:
    """The level is within that of the entitlement, and below every gate that no answer has opened."""
    told = trial.played.history
    for level, answers in trial.played.levels:
        if level > trial.played.verdict.level:
            yield f"{level.word} above {trial.played.verdict.level.word}"
        last = {answer.gate: answer.accepted for answer in answers}
        outcome = trial.played.verdict.outcome
        for gate in gates_for(told.terms, told.service, outcome):
            if not last.get(gate.id, False) and level >= gate.before and level > Level.NONE:
                yield f"{level.word} with {gate.id} open"


def a_longer_promise_is_never_due_earlier(trial: Trial) -> Iterator[str]:
    """The same events, a longer amount: the due time is the same or later, and what was kept stays kept."""
    running = _promises(trial.played)
    longer = [
        replace(each, promise=replace(each.promise, amount=each.promise.amount + more))
        for each in running
        for more in [timedelta(minutes=trial.chance.choice([1, 15, 60, 450, 961]))]
    ]
    now, events = trial.played.now, trial.played.events
    short, long = (trial.rules.clock_states(each, events, now) for each in (running, longer))
    for key, state in short.items():
        other = long[key]
        if state.due_at is not None and other.due_at is not None and other.due_at < state.due_at:
            yield f"{key} is due at {state.due_at}, with more time at {other.due_at}"
        if state.met and other.met is False:
            yield f"{key} is kept, and broken with more time"


def order_and_doubling_change_nothing(trial: Trial) -> Iterator[str]:
    """In whatever order the desk comes to know of the events, and how often: the same clocks; later ones change nothing."""
    running, events, now = _promises(trial.played), trial.played.events, trial.played.now
    states = trial.rules.clock_states(running, events, now)
    mixed = events + trial.chance.choices(events, k=2)
    trial.chance.shuffle(mixed)
    if trial.rules.clock_states(running, mixed, now) != states:
        yield "shuffled events make other clocks"
    half = trial.chance.choice(events).at
    known = [event for event in events if event.at <= half]
    if trial.rules.clock_states(running, events, half) != trial.rules.clock_states(running, known, half):
        yield f"what came after {half} changes the clocks of then"


def the_log_gives_the_same_verdicts(trial: Trial) -> Iterator[str]:
    """What is kept as text is read back as it was, and judged again it comes out the same."""
    played, told = trial.played, trial.played.history
    kept = json.dumps(
        {
            "decision": played.verdict.decision.as_json(),
            "events": [[event.name, event.at.isoformat()] for event in played.events],
        }
    )
    read = json.loads(kept)
    events = [Event(name, datetime.fromisoformat(at)) for name, at in reversed(read["events"])]
    again = trial.rules.decide(
        told.terms,
        told.package,
        told.is_shown,
        told.service,
        told.version,
        family=told.family,
        on=events[-1].at.astimezone(ZoneInfo(told.terms.vendor.zone)).date(),
    )
    if Decision.from_json(read["decision"]) != again.decision:
        yield f"{read['decision']} is judged again as {again.decision.as_json()}"
    running = _promises(played)
    before = trial.rules.clock_states(running, played.events, played.now)
    if trial.rules.clock_states(running, events, played.now) != before:
        yield "the kept events make other clocks"


def _promises(played: Played) -> tuple[RunningPromise, ...]:
    told = played.history
    package = played.verdict.package
    return told.terms.promises_for(package, told.severity) if package is not None else ()


def the_audit_finds_nothing(trial: Trial) -> Iterator[str]:
    """The audit, which knows nothing of this desk, finds no bill too high, and none too low where all was agreed to."""
    played, told = trial.played, trial.played.history
    if not played.invoiced or played.verdict.outcome is not Outcome.PAID:
        return
    zone = ZoneInfo(told.terms.vendor.zone)
    days = [work.at.astimezone(zone).date() for work in played.work]
    lists = {prices.id for prices in map(told.terms.price_list, days) if prices is not None}
    if len(lists) != 1:
        return
    invoice = played.invoiced[0]
    answers = [said for said in played.said if said.what == "estimate"]
    accepted = [said for said in answers if said.yes]
    # The audit has one answer and one service a request, and prices a whole case by the prices of its day.
    case = Case(
        row=2,
        rows=(2,),
        number="1",
        customer="Acme",
        day=days[0],
        package=played.verdict.package,
        service=told.service,
        family=told.family,
        severity=told.severity,
        events=tuple(played.events[: invoice.after_events]),
        work=tuple(
            Stretch(
                work.session + 2, day, work.seconds, told.service, told.family, is_session=work.session > 0
            )
            for work, day in zip(played.work, days, strict=True)
        ),
        has_consent=True,
        answer="accepted" if accepted else "none",
        quoted=accepted[-1].quoted if accepted else None,
        billed_net=invoice.bill.net,
        fee_paid=told.fee_paid,
    )
    found = audit(told.terms, Table((case,), frozenset(Column)))
    whole = sum(invoice.payable) == sum(work.seconds for work in played.work)
    kinds = [Kind.OVER_BILLED, *([Kind.UNDER_BILLED, Kind.NEVER_BILLED] if whole else [])]
    for kind in kinds:
        for each in found.of(kind):
            yield f"the audit says {each.reason}: {dict(each.facts)}"


LAWS: Mapping[str, Law] = {
    law.__name__: law
    for law in (
        no_charge_without_entitlement,
        no_charge_without_consent,
        no_charge_beyond_what_was_agreed,
        none_after_a_decline,
        no_invoice_before_the_solution,
        a_quota_is_never_negative,
        sums_are_exact,
        a_session_goes_no_further_than_allowed,
        a_longer_promise_is_never_due_earlier,
        order_and_doubling_change_nothing,
        the_log_gives_the_same_verdicts,
        the_audit_finds_nothing,
    )
}


def broken(trial: Trial, laws: Collection[str] = LAWS.keys()) -> dict[str, list[str]]:
    """Return what is wrong by law; nothing where all hold."""
    found = {name: list(LAWS[name](trial)) for name in laws}
    return {name: wrong for name, wrong in found.items() if wrong}


def occurred(played: Played) -> Counter[str]:
    """Return what came to pass in a history, so that a law that is never tried is seen."""
    seen: Counter[str] = Counter({f"outcome {played.verdict.outcome.value}": 1})
    seen.update(f"{'yes' if said.yes else 'no'} to {said.what.partition(':')[0]}" for said in played.said)
    seen.update({f"refused: {why}": count for why, count in played.refused.items()})
    seen["events"] = len(played.events)
    seen["stretches of work"] = len(played.work)
    seen["invoices"] = len(played.invoiced)
    seen["lines"] = sum(len(each.bill.lines) for each in played.invoiced)
    seen["invoices with VAT"] = sum(each.bill.vat.amount > 0 for each in played.invoiced)
    seen["corrections"] = len(played.credits)
    seen["movements of a quota"] = len(played.stands)
    seen["quotas used up to the last"] = sum(stand.left == 0 and stand.used > 0 for stand in played.stands)
    seen["levels"] = len(played.levels)
    seen["promises"] = len(_promises(played))
    return seen
