"""Working time as other projects' test suites know it: one vector, one test.

The file's eight conventions decide where those projects disagree (its README, docs/explain/clocks.md).
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pomost.rules.calendar import Calendar

VECTORS = Path(__file__).parent.parent / "vectors" / "sla.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"), parse_float=Decimal)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Intervals = list[list[str]]


def minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def hours_of(intervals: Intervals) -> list[tuple[int, int]]:
    return [(minute(opens), minute(closes)) for opens, closes in intervals]


def calendar_of(case: dict[str, Any]) -> Calendar:
    return Calendar(
        case["timezone"],
        {WEEKDAYS.index(day): hours_of(intervals) for day, intervals in case["hours"].items()},
        holidays=[date.fromisoformat(day) for day in case["holidays"]],
        overrides={
            date.fromisoformat(day): hours_of(intervals)
            for day, intervals in case.get("day_overrides", {}).items()
        },
    )


def amount_of(case: dict[str, Any]) -> timedelta:
    seconds = case.get("amount_seconds")
    exact = Decimal(seconds) if seconds is not None else case["amount_minutes"] * Decimal(60)
    return timedelta(microseconds=int((exact * 1_000_000).to_integral_value()))


def ids(cases: list[dict[str, Any]]) -> list[str]:
    return [case["id"] for case in cases]


ADDITIONS = [case for case in CASES if case["op"] in ("add", "deadline")]
MEASUREMENTS = [case for case in CASES if case["op"] == "between"]


@pytest.mark.parametrize("case", ADDITIONS, ids=ids(ADDITIONS))
def test_an_amount_of_working_time_ends_where_the_conventions_say(case: dict[str, Any]) -> None:
    pauses = [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in case.get("pauses", [])]

    due = calendar_of(case).add(
        datetime.fromisoformat(case["start"]),
        amount_of(case),
        pauses,
        backward=case.get("direction") == "backward",
    )

    if case.get("precision") == "date":
        assert due.date() == date.fromisoformat(case["expected"][:10])
    else:
        assert due == datetime.fromisoformat(case["expected"])


@pytest.mark.parametrize("case", MEASUREMENTS, ids=ids(MEASUREMENTS))
def test_working_time_between_two_instants_is_what_the_conventions_say(case: dict[str, Any]) -> None:
    pauses = [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in case.get("pauses", [])]

    worked = calendar_of(case).worked(
        datetime.fromisoformat(case["start"]), datetime.fromisoformat(case["end"]), pauses
    )

    assert worked == timedelta(seconds=float(case["expected_seconds"]))


def test_the_vectors_are_all_there() -> None:
    assert len(ADDITIONS) + len(MEASUREMENTS) == len(CASES) == 207
