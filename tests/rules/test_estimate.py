"""Asking before work goes on, and what a "no" leaves (decision A5, golden cases G-S1 and G-S2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from pomost.rules.calendar import Calendar
from pomost.rules.clocks import Event, Promise, run
from pomost.rules.estimate import Answer, EstimateRule, estimate_state, payable_each, payable_seconds
from pomost.rules.money import Money, VatRate
from pomost.rules.tariff import Tariff, charge, price_job, work_line

HOUR = 3600
RULE = EstimateRule("estimate", "§5", budget_seconds=HOUR, declined_leaves="nothing")
LENIENT = EstimateRule("estimate", "§5", budget_seconds=HOUR, declined_leaves="worked-time")
FAMILY = Tariff(
    "family", "§1", "started-unit", Money.of(200, "PLN"), unit_seconds=HOUR, scope="ticket-family"
)


@pytest.mark.parametrize(
    ("metered", "answer", "may_work", "demanded", "left"),
    [
        pytest.param(0, "none", True, False, HOUR, id="nothing worked yet"),
        pytest.param(HOUR - 1, "none", True, False, 1, id="the last second of the budget"),
        pytest.param(HOUR, "none", False, True, 0, id="spent"),
        pytest.param(HOUR + 5, "proposed", False, True, 0, id="a proposal is no consent"),
        pytest.param(55 * 60, "proposed", True, False, 300, id="work goes on while the customer thinks"),
        pytest.param(2 * HOUR, "accepted", True, False, None, id="accepted"),
        pytest.param(55 * 60, "declined", False, False, 300, id="declined ends it, budget or not"),
    ],
)
def test_work_goes_on_within_the_budget_or_after_a_yes(
    metered: int, answer: Answer, may_work: bool, demanded: bool, left: int | None
) -> None:
    state = estimate_state(RULE, metered, answer)

    assert (state.may_work, state.demanded, state.left_seconds) == (may_work, demanded, left)
    assert state.clause == "§5"


def budget_clock(rule: EstimateRule) -> Promise:
    """Return the budget as a clock in metered time."""
    return Promise(
        key=rule.key,
        clause=rule.clause,
        starts=("meter.started",),
        stops=("estimate.accepted", "estimate.declined", "solution.confirmed", "request.closed"),
        amount=timedelta(seconds=rule.budget_seconds),
        time="metered",
        then="estimate",
    )


def test_without_a_budget_an_estimate_comes_first() -> None:
    rule = EstimateRule("analysis", "§9", budget_seconds=0, declined_leaves="nothing")

    assert estimate_state(rule, 0, "none").demanded
    assert estimate_state(rule, 0, "accepted").may_work
    with pytest.raises(ValueError, match="promises nothing"):
        budget_clock(rule)


def test_a_declined_estimate_leaves_what_the_terms_say() -> None:
    assert payable_seconds(RULE, 55 * 60, "declined") == 0
    assert payable_seconds(LENIENT, 55 * 60, "declined") == 55 * 60


def test_after_a_yes_the_whole_time_is_priced() -> None:
    assert payable_seconds(RULE, 80 * 60, "accepted") == 80 * 60


@pytest.mark.parametrize("answer", ["none", "proposed"])
def test_what_nobody_agreed_to_is_not_priced(answer: Answer) -> None:
    assert payable_seconds(RULE, 80 * 60, answer) == HOUR


def test_beyond_what_the_accepted_sum_covers_the_customer_is_asked_again() -> None:
    before, after = (
        estimate_state(RULE, 2 * HOUR - 1, "accepted", 2 * HOUR),
        estimate_state(RULE, 2 * HOUR, "accepted", 2 * HOUR),
    )

    assert (before.may_work, before.left_seconds) == (True, 1)
    assert (after.may_work, after.demanded) == (False, True)
    assert payable_seconds(RULE, 3 * HOUR, "accepted", 2 * HOUR) == 2 * HOUR


def test_where_the_terms_let_it_go_on_an_accepted_estimate_has_no_bound() -> None:
    rule = EstimateRule("estimate", "§5", HOUR, "worked-time", beyond="goes-on")

    assert estimate_state(rule, 9 * HOUR, "accepted", 2 * HOUR).may_work
    assert payable_seconds(rule, 9 * HOUR, "accepted", 2 * HOUR) == 9 * HOUR


def test_a_no_to_more_takes_nothing_back_of_an_earlier_yes() -> None:
    assert payable_seconds(LENIENT, 3 * HOUR, "declined", 2 * HOUR) == 2 * HOUR
    assert not estimate_state(LENIENT, HOUR, "declined", 2 * HOUR).may_work


def test_a_no_after_a_yes_to_less_than_the_budget_leaves_the_budget() -> None:
    assert payable_seconds(LENIENT, 2 * HOUR, "declined", HOUR // 2) == HOUR


def test_the_bound_cuts_off_what_was_worked_last() -> None:
    assert payable_each(RULE, (40 * 60, 0, 30 * 60, 5), "none") == (40 * 60, 0, 20 * 60, 0)


def test_g_s2_a_declined_estimate_costs_nothing_at_all() -> None:
    charged = charge(FAMILY, payable_seconds(RULE, 55 * 60, "declined"))

    assert charged.billed_seconds == 0
    assert charged.net == Money.zero("PLN")


def test_g_s1_an_accepted_estimate_prices_the_time_before_and_after() -> None:
    charged = charge(FAMILY, payable_seconds(RULE, 80 * 60, "accepted"))

    bill = price_job([work_line(charged, VatRate(Decimal(23)))], "PLN")

    assert (bill.net, bill.gross) == (Money.of("400.00", "PLN"), Money.of("492.00", "PLN"))


def test_the_budget_runs_with_the_meter_and_says_when_it_will_be_spent() -> None:
    start = datetime(2026, 3, 2, 10, tzinfo=UTC)
    minute = timedelta(minutes=1)
    events = [
        Event("work.began", start),
        Event("meter.started", start + 10 * minute),
        Event("meter.stopped", start + 40 * minute),
    ]
    calendar = Calendar("UTC", {0: [(0, 1440)]})

    broken_off = run(budget_clock(RULE), calendar, events, start + 90 * minute)
    resumed = run(
        budget_clock(RULE),
        calendar,
        [*events, Event("meter.started", start + 100 * minute)],
        start + 110 * minute,
    )

    assert broken_off.due_at is None
    assert broken_off.used == 30 * minute
    assert resumed.used == 40 * minute
    assert resumed.due_at == start + 130 * minute


@pytest.mark.parametrize("seconds", [-1, -3600])
def test_negative_time_is_refused(seconds: int) -> None:
    with pytest.raises(ValueError, match="cannot have been done"):
        estimate_state(RULE, seconds, "none")
    with pytest.raises(ValueError, match="cannot have been done"):
        payable_seconds(RULE, seconds, "accepted")
    with pytest.raises(ValueError, match="cannot be spent"):
        EstimateRule("estimate", "§5", budget_seconds=seconds, declined_leaves="nothing")
