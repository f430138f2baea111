"""The laws hold of random histories by all six terms; and each law catches a desk with a wrong rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import count
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pomost.rules.clocks import ClockState, Event
from pomost.rules.correction import Credit, credit
from pomost.rules.entitlement import Outcome, Verdict, decide
from pomost.rules.estimate import payable_each
from pomost.rules.money import Money
from pomost.rules.promises import clock_states
from pomost.rules.tariff import Bill, Charge, charge, price_job
from pomost.rules.terms.parts import RunningPromise
from rules.histories import history
from rules.laws import LAWS, Trial, broken, occurred
from rules.played_desk import Rules, play
from vendors import SLUGS, odd, shipped

TERMS = [*(shipped(slug) for slug in SLUGS), odd()]
ENOUGH = 4000
"""A planted fault shows itself long before so many histories."""


@settings(max_examples=250)
@given(chance=st.randoms(use_true_random=False), terms=st.sampled_from(TERMS))
def test_the_laws_hold(chance: Random, terms: Any) -> None:
    rules = Rules()

    assert broken(Trial(play(history(chance, terms), rules), rules, chance)) == {}


def test_what_the_laws_speak_of_comes_to_pass() -> None:
    seen: Counter[str] = Counter()
    for seed in range(1500):
        chance = Random(seed)  # noqa: S311 (to be played again, not to be secret)
        seen += occurred(play(history(chance, chance.choice(TERMS))))

    assert {f"outcome {each.value}" for each in Outcome} <= set(seen)
    for what in ("yes to estimate", "no to estimate", "no to gate", "yes to part", "invoices", "corrections"):
        assert seen[what] > 0, what
    for what in (
        "invoices with VAT",
        "quotas used up to the last",
        "refused: no consent",
        "refused: estimate asked for",
    ):
        assert seen[what] > 0, what


# Desks with one wrong rule each


def everything_is_paid(*args: Any, **kwargs: Any) -> Verdict:
    return replace(decide(*args, **kwargs), outcome=Outcome.PAID)


def a_coin_decides() -> Callable[..., Verdict]:
    turns = count()
    return lambda *args, **kwargs: replace(
        decide(*args, **kwargs), outcome=Outcome.PAID if next(turns) % 2 else Outcome.INCLUDED
    )


def all_time_is_payable(_rule: object, worked: Sequence[int], *_rest: object) -> tuple[int, ...]:
    return tuple(worked)


def a_no_is_forgotten(rule: Any, worked: Sequence[int], answer: Any, covers: int | None) -> tuple[int, ...]:
    return payable_each(rule, worked, "none" if answer == "declined" else answer, covers)


def vat_by_line(lines: Iterable[Any], currency: str) -> Bill:
    bill = price_job(lines, currency)
    vat = sum(
        (
            (line.net.amount * (line.vat.percent or 0) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
            for line in bill.lines
        ),
        Decimal("0.01") if bill.lines else Decimal(0),
    )
    return replace(bill, vat=Money(vat, currency), gross=bill.net + Money(vat, currency))


def a_cent_is_lost(lines: Iterable[Any], currency: str) -> Bill:
    bill = price_job(lines, currency)
    return replace(
        bill, net=bill.net - Money.of("0.01", currency), gross=bill.gross - Money.of("0.01", currency)
    )


def no_minimum(tariff: Any, seconds: int, quoted: Money | None = None) -> Charge:
    return (
        charge(replace(tariff, kind="plain", unit_seconds=0, minimum_seconds=0, step_seconds=0), seconds)
        if (tariff.kind == "minimum-then")
        else charge(tariff, seconds, quoted)
    )


def a_unit_too_many(tariff: Any, seconds: int, quoted: Money | None = None) -> Charge:
    return charge(tariff, seconds + (tariff.unit_seconds if seconds else 0), quoted)


def twice_taken_back(left: Sequence[Any], after: Sequence[Money]) -> Credit:
    right = credit(left, after)
    return replace(right, gross=right.gross + right.vat - Money.of("0.01", right.net.currency))


def the_first_told_counts(
    promises: Sequence[RunningPromise], events: Iterable[Event], now: datetime
) -> dict[str, ClockState]:
    """Order the events by when the desk heard of them: give the last one told the earliest moment."""
    told = list(events)
    return clock_states(promises, [*told[1:], Event(told[-1].name, told[0].at)], now)


def twice_told_is_twice(
    promises: Sequence[RunningPromise], events: Iterable[Event], now: datetime
) -> dict[str, ClockState]:
    told = list(events)
    extra = timedelta(minutes=len(told))
    longer = [
        replace(each, promise=replace(each.promise, amount=each.promise.amount + extra)) for each in promises
    ]
    return clock_states(longer, told, now)


def amounts_start_over_after_a_shift(
    promises: Sequence[RunningPromise], events: Iterable[Event], now: datetime
) -> dict[str, ClockState]:
    told, shift = list(events), timedelta(hours=7)
    short = [
        replace(each, promise=replace(each.promise, amount=each.promise.amount % shift or shift))
        for each in promises
    ]
    return clock_states(short, told, now)


WRONG: Sequence[tuple[str, Callable[[], Rules]]] = [
    ("no_charge_without_entitlement", lambda: Rules(decide=everything_is_paid)),
    ("no_charge_without_consent", lambda: Rules(open_gates=lambda _gates, _answers: ())),
    ("no_charge_beyond_what_was_agreed", lambda: Rules(payable_each=all_time_is_payable)),
    (
        "none_after_a_decline",
        lambda: Rules(payable_each=a_no_is_forgotten, may_invoice=lambda _terms, _events: True),
    ),
    ("no_invoice_before_the_solution", lambda: Rules(may_invoice=lambda _terms, _events: True)),
    ("a_quota_is_never_negative", lambda: Rules(allows=lambda _stand, _amount: True)),
    ("a_quota_is_never_negative", lambda: Rules(carried_over=lambda stand, _carry: stand.carried + 3)),
    ("sums_are_exact", lambda: Rules(price_job=vat_by_line)),
    ("sums_are_exact", lambda: Rules(price_job=a_cent_is_lost)),
    ("sums_are_exact", lambda: Rules(credit=twice_taken_back)),
    (
        "a_session_goes_no_further_than_allowed",
        lambda: Rules(allowed_level=lambda ceiling, _gates, _answers: ceiling),
    ),
    ("a_longer_promise_is_never_due_earlier", lambda: Rules(clock_states=amounts_start_over_after_a_shift)),
    ("order_and_doubling_change_nothing", lambda: Rules(clock_states=the_first_told_counts)),
    ("order_and_doubling_change_nothing", lambda: Rules(clock_states=twice_told_is_twice)),
    ("the_log_gives_the_same_verdicts", lambda: Rules(decide=a_coin_decides())),
    ("the_audit_finds_nothing", lambda: Rules(charge=no_minimum)),
    ("the_audit_finds_nothing", lambda: Rules(charge=a_unit_too_many)),
]


@pytest.mark.parametrize(("law", "wrong"), WRONG)
def test_a_desk_with_a_wrong_rule_is_found_out(law: str, wrong: Callable[[], Rules]) -> None:
    rules = wrong()
    for seed in range(ENOUGH):
        chance = Random(seed)  # noqa: S311 (to be played again, not to be secret)
        if broken(Trial(play(history(chance, chance.choice(TERMS)), rules), rules, chance), [law]):
            return
    pytest.fail(f"{law} notices nothing in {ENOUGH} histories")


def test_each_law_has_a_desk_that_breaks_it() -> None:
    assert {law for law, _wrong in WRONG} == set(LAWS)
