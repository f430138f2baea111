"""Single values of a terms file."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.rules.terms.problems import BadValue
from pomost.rules.terms.values import (
    amount,
    duration_seconds,
    hours_minutes,
    number_pattern,
    percent,
    positive_decimal,
    weekdays,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("4h", 14400), ("30m", 1800), ("1h30m", 5400), ("45s", 45), ("1h0m1s", 3601), ("90m", 5400)],
)
def test_a_duration_is_hours_minutes_and_seconds(text: str, seconds: int) -> None:
    assert duration_seconds(text) == seconds


@pytest.mark.parametrize(
    ("text", "do"),
    [
        ("4 часа", '"4h"'),
        ("30 minut", '"30m"'),
        ("2 godziny", '"2h"'),
        ("4", "a number and a unit"),
        ("", "a number and a unit"),
        ("30m1h", "a number and a unit"),
        ("0h0m", "above zero"),
        ("99999999h", "a number and a unit"),
    ],
)
def test_a_duration_in_other_words_is_refused_with_what_is_near(text: str, do: str) -> None:
    with pytest.raises(BadValue) as refused:
        duration_seconds(text)

    assert do in refused.value.do


@pytest.mark.parametrize(("text", "minutes"), [("09:00-17:00", (540, 1020)), ("00:00-24:00", (0, 1440))])
def test_hours_are_minutes_from_midnight(text: str, minutes: tuple[int, int]) -> None:
    assert hours_minutes(text) == minutes


@pytest.mark.parametrize(
    "text", ["9-17", "09:00-09:00", "24:00-24:00", "10:00-24:01", "10:60-11:00", "", "09:00–17:00"]
)
def test_hours_that_no_clock_shows_are_refused(text: str) -> None:
    with pytest.raises(BadValue):
        hours_minutes(text)


def test_weekdays_are_one_or_a_range() -> None:
    assert weekdays("sat") == (5,)
    assert weekdays("mon-fri") == (0, 1, 2, 3, 4)


@pytest.mark.parametrize("text", ["1300.00", "0", "0.5"])
def test_money_is_exact(text: str) -> None:
    assert amount(text) == Decimal(text)


@pytest.mark.parametrize("text", ["-1", "−1", "1,50", "1.505", "1e3", "NaN", "", " 1", "1_000", "١"])
def test_money_in_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        amount(text)


def test_a_vat_rate_is_a_percentage_or_none() -> None:
    assert percent("23") == Decimal(23)
    assert percent("none") is None
    for bad in ("101", "-1", "23%", ""):
        with pytest.raises(BadValue):
            percent(bad)


def test_a_multiple_is_above_zero() -> None:
    assert positive_decimal("0.5") == Decimal("0.5")
    for bad in ("0", "0.0", "-1", "x"):
        with pytest.raises(BadValue):
            positive_decimal(bad)


def test_a_number_pattern_fills_its_fields_by_hand() -> None:
    assert number_pattern("FS/{year}/{month:02}/{n:04}").number(31, date(2026, 6, 1)) == "FS/2026/06/0031"
    assert number_pattern("{month}-{n}").number(12345, date(2026, 6, 1)) == "6-12345"


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_two_requests_never_get_one_number(a: int, b: int) -> None:
    pattern = number_pattern("Z-{n:04}")
    on = date(2026, 6, 1)

    assert (pattern.number(a, on) == pattern.number(b, on)) == (a == b)


@pytest.mark.parametrize(
    "text",
    ["{n}{n}", "{year}", "{n!r}", "{n.real}", "{0}", "{}", "{n", "n}", "{n:4}", "{n:00}", "x" * 50 + "{n}"],
)
def test_a_pattern_that_could_go_wrong_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        number_pattern(text)
