"""Periods of a contract, and what is carried from one to the next."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.rules.quota import (
    Beyond,
    Carry,
    Grant,
    Period,
    Span,
    Stand,
    begins_a_period,
    carried_over,
    grant_on,
    span_on,
)

ENDLESS = Span(date(2025, 11, 15), None)
YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))


def grant(
    period: Period = Period.MONTH,
    *,
    amount: str = "10",
    carry: Carry = Carry.NONE,
    valid_from: date = date(2026, 1, 1),
) -> Grant:
    return Grant("requests", Decimal(amount), period, carry, Beyond.ASK, valid_from)


@pytest.mark.parametrize(
    ("period", "day", "first", "last"),
    [
        (Period.MONTH, "2026-02-10", "2026-02-01", "2026-02-28"),
        (Period.MONTH, "2026-12-31", "2026-12-01", "2026-12-31"),
        (Period.QUARTER, "2026-05-02", "2026-04-01", "2026-06-30"),
        (Period.QUARTER, "2026-12-02", "2026-10-01", "2026-12-31"),
        (Period.YEAR, "2026-05-02", "2026-01-01", "2026-12-31"),
        (Period.TERM, "2026-05-02", "2026-01-01", "2026-12-31"),
    ],
)
def test_periods_are_the_calendars(period: Period, day: str, first: str, last: str) -> None:
    span = span_on([grant(period)], YEAR, date.fromisoformat(day))

    assert span == Span(date.fromisoformat(first), date.fromisoformat(last))


def test_the_contract_cuts_its_first_and_last_period() -> None:
    contract = Span(date(2026, 1, 15), date(2026, 3, 10))
    given = [grant(valid_from=contract.first)]

    assert span_on(given, contract, date(2026, 1, 20)) == Span(date(2026, 1, 15), date(2026, 1, 31))
    assert span_on(given, contract, date(2026, 3, 1)) == Span(date(2026, 3, 1), date(2026, 3, 10))


def test_days_without_a_grant_are_counted_by_months_until_it_begins() -> None:
    given = [grant(Period.QUARTER, valid_from=date(2026, 4, 1))]

    assert span_on(given, YEAR, date(2026, 3, 5)) == Span(date(2026, 3, 1), date(2026, 3, 31))
    assert span_on(given, YEAR, date(2026, 4, 5)) == Span(date(2026, 4, 1), date(2026, 6, 30))
    assert grant_on(given, date(2026, 3, 5)) is None


def test_of_two_grants_of_a_day_the_last_given_holds() -> None:
    first, second = grant(amount="10"), grant(amount="12")

    assert grant_on([first, second], date(2026, 5, 1)) is second


def test_a_day_outside_the_contract_has_no_period() -> None:
    with pytest.raises(ValueError, match="not in the contract"):
        span_on([grant()], YEAR, date(2027, 1, 1))


@pytest.mark.parametrize("amount", ["-1", "0.1", "100001"])
def test_a_grant_is_in_quarters_and_neither_negative_nor_endless(amount: str) -> None:
    with pytest.raises(ValueError, match=r"Give|gives"):
        grant(amount=amount)


def test_a_grant_begins_where_its_period_does_or_with_the_contract() -> None:
    assert begins_a_period(grant(Period.QUARTER, valid_from=date(2026, 4, 1)), YEAR)
    assert not begins_a_period(grant(Period.QUARTER, valid_from=date(2026, 5, 1)), YEAR)
    assert begins_a_period(grant(valid_from=ENDLESS.first), ENDLESS)


days = st.integers(0, 900).map(lambda n: ENDLESS.first + timedelta(days=n))
kinds = st.sampled_from([Period.MONTH, Period.QUARTER, Period.YEAR])
grants = st.lists(
    st.tuples(kinds, st.integers(0, 10)).map(
        lambda made: grant(made[0], valid_from=date(2026 + made[1] // 4, made[1] % 4 * 3 + 1, 1))
    ),
    max_size=3,
).map(lambda found: sorted(found, key=lambda each: each.valid_from))


@given(grants, days)
def test_periods_follow_each_other_without_gap_or_overlap(given_: list[Grant], day: date) -> None:
    span = span_on(given_, ENDLESS, day)

    assert span.holds(day)
    assert span.last is not None
    assert span_on(given_, ENDLESS, span.first) == span_on(given_, ENDLESS, span.last) == span
    assert span_on(given_, ENDLESS, span.last + timedelta(days=1)).first == span.last + timedelta(days=1)


steps = st.integers(0, 400).map(lambda quarters: Decimal(quarters) / 4)


@given(steps, steps, st.data(), st.sampled_from(Carry))
def test_no_more_is_carried_than_is_left_and_never_less_than_nothing(
    granted: Decimal, carried: Decimal, data: st.DataObject, carry: Carry
) -> None:
    used = data.draw(st.integers(0, int((granted + carried) * 4)).map(lambda quarters: Decimal(quarters) / 4))
    stand = Stand(granted, carried, used)
    left = stand.left
    assert left is not None

    onward = carried_over(stand, carry)

    assert 0 <= onward <= left
    assert onward == {Carry.NONE: 0, Carry.ONE: min(left, granted), Carry.UNLIMITED: left}[carry]
    assert stand.allows(left)
    assert not stand.allows(left + Decimal("0.25"))


def test_nothing_is_carried_where_no_amount_is_named() -> None:
    unlimited = Stand(None, Decimal(0), Decimal(7))

    assert carried_over(unlimited, Carry.UNLIMITED) == 0
    assert unlimited.left is None
    assert unlimited.allows(Decimal(1000))
