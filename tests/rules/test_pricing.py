"""Which tariff prices some work, and the price in words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.rules.money import Money
from pomost.rules.pricing import NoPrice, bill_work, charge_work, fees_due, price_words, tariff_for
from vendors import odd, shipped

JUNE = date(2026, 6, 16)


def shown(money: Money) -> str:
    return f"{money.amount}"


def test_the_price_in_words_holds_rate_and_fees_still_to_pay() -> None:
    terms = shipped("bonus")

    first = price_words(terms, JUNE, "ru", shown, service="direct-connection")
    later = price_words(terms, JUNE, "ru", shown, service="direct-connection", fees_paid=["connection"])

    assert first == "1300.00 в час, не меньше часа, дальше по минутам; подключение, один раз: 4000.00"
    assert later == "1300.00 в час, не меньше часа, дальше по минутам"


def test_fees_that_were_paid_are_not_due_again() -> None:
    assert fees_due(shipped("bonus"), JUNE, "direct-connection", ["connection"]) == ()


def test_work_is_priced_by_the_list_of_its_day() -> None:
    old, new = date(2025, 12, 31), date(2026, 1, 1)

    assert str(bill_work(odd(), old, 901, service="repair", family="press").net.amount) == "40.00"
    assert str(bill_work(odd(), new, 901, service="repair", family="press").net.amount) == "48.00"


def test_a_day_without_prices_has_none() -> None:
    with pytest.raises(NoPrice, match="no tariff for remote-help, subiekt on 2020-01-01"):
        tariff_for(shipped("satisoft"), date(2020, 1, 1), service="remote-help", family="subiekt")


def test_too_little_said_of_the_work_names_the_tariffs_that_could_be_meant() -> None:
    with pytest.raises(NoPrice, match="trade, books"):
        tariff_for(shipped("satisoft"), JUNE, service="remote-help")


def test_time_without_a_rate_can_be_counted_and_not_billed() -> None:
    terms = shipped("satisoft")

    assert charge_work(terms, JUNE, 60, service="remote-help", family="navireo").net is None
    with pytest.raises(NoPrice, match="no rate"):
        bill_work(terms, JUNE, 60, service="remote-help", family="navireo")


def test_a_declined_estimate_leaves_the_worked_time_where_the_terms_say_so() -> None:
    bill = bill_work(odd(), JUNE, 1000, service="repair", family="press", estimate="declined")

    assert str(bill.net.amount) == "48.00"


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_more_work_never_costs_less(a: int, b: int) -> None:
    terms = shipped("satisoft")
    less, more = sorted((a, b))
    nets = [
        bill_work(terms, JUNE, worked, family="rewizor", estimate="accepted").net.amount
        for worked in (less, more)
    ]

    assert nets[0] <= nets[1]
