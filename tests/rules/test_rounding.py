"""Rounding of time as other bookkeeping programs' test suites know it: one vector, one test."""

from __future__ import annotations

import json
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pomost.rules.money import Money
from pomost.rules.rounding import SheetRounding, accounted_seconds, charged_seconds, price_of, rounded_sheet

VECTORS = Path(__file__).parent.parent / "vectors" / "billing.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"), parse_float=Decimal)


def cases(op: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in CASES if case["op"] == op]


def seconds(clock: str) -> int:
    at = time.fromisoformat(clock)
    return at.hour * 3600 + at.minute * 60 + at.second


@pytest.mark.parametrize("case", cases("round_timesheet"))
def test_a_time_sheet_is_rounded_begin_and_end_first(case: dict[str, Any]) -> None:
    rule = SheetRounding(
        case["mode"],
        case["round_begin_minutes"] * 60,
        case["round_end_minutes"] * 60,
        case["round_duration_minutes"] * 60,
    )

    rounded = rounded_sheet(seconds(case["begin"]), seconds(case["end"]), rule)

    assert rounded.begin_seconds == seconds(case["expected_begin"])
    assert rounded.end_seconds == seconds(case["expected_end"])
    assert rounded.duration_seconds == case["expected_duration_seconds"]


def test_a_half_is_nearer_to_what_comes_after() -> None:
    rule = SheetRounding("closest", 600, 600, 0)

    assert rounded_sheet(3600 + 299, 7200 + 300, rule).duration_seconds == 4200


@pytest.mark.parametrize("case", cases("account_time"))
def test_a_started_unit_counts_whole(case: dict[str, Any]) -> None:
    accounted = accounted_seconds(case["real_minutes"] * 60, case["unit_minutes"] * 60)

    assert accounted == case["expected_accounted_minutes"] * 60


@pytest.mark.parametrize("case", cases("time_charge"))
def test_the_minimum_is_applied_before_rounding_up(case: dict[str, Any]) -> None:
    charged = charged_seconds(
        case["billable_minutes"] * 60, case["minimum_minutes"] * 60, case["round_up_minutes"] * 60
    )

    assert Decimal(charged) / 3600 == case["expected_hours"]
    assert price_of(charged, Money(Decimal(case["rate_minor_per_hour"]) / 100, "EUR")) == Money(
        Decimal(case["expected_total_minor"]) / 100, "EUR"
    )


@pytest.mark.parametrize("case", cases("rate"))
def test_a_rate_keeps_four_decimals(case: dict[str, Any]) -> None:
    price = price_of(case["duration_seconds"], Money.of(case["hourly_rate"], "EUR"))

    assert price == Money(case["expected"], "EUR")


def test_the_vectors_are_all_there() -> None:
    ops = ("round_timesheet", "account_time", "time_charge", "rate")

    assert sum(len(cases(op)) for op in ops) == len(CASES) == 30


@pytest.mark.parametrize(("worked", "accounted"), [(0, 0), (1, 1800), (1800, 1800), (1801, 3600)])
def test_more_than_nothing_of_a_unit_starts_it(worked: int, accounted: int) -> None:
    assert accounted_seconds(worked, 1800) == accounted


def test_nothing_worked_costs_no_minimum() -> None:
    assert charged_seconds(0, 1800, 900) == 0
    assert charged_seconds(1, 1800, 900) == 1800


def test_rounding_begin_and_end_past_each_other_leaves_no_time() -> None:
    rule = SheetRounding("ceil", begin_unit_seconds=3600)

    assert rounded_sheet(100, 200, rule).duration_seconds == 0


def test_time_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="unit of -60 s"):
        SheetRounding("floor", duration_unit_seconds=-60)
    with pytest.raises(ValueError, match="cannot end at 50 s of the day before it begins at 60 s"):
        rounded_sheet(60, 50, SheetRounding("floor"))
    with pytest.raises(ValueError, match="-1 s of work"):
        accounted_seconds(-1, 60)
