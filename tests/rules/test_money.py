"""Money is exact, keeps its currency and rounds half up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.rules.money import CurrencyMixed, Money, VatRate, vat_of

cents = st.integers(-(10**12), 10**12).map(lambda n: Money(Decimal(n) / 100, "PLN"))


@pytest.mark.parametrize("amount", [1.1, 1, "1.10", True, None])
def test_only_a_decimal_makes_money(amount: object) -> None:
    with pytest.raises(TypeError, match=r"takes a Decimal, not .*Write Money\.of"):
        Money(amount, "PLN")  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", [1.1, True, None, Decimal(1)])
def test_money_is_written_as_text_or_a_whole_number(amount: object) -> None:
    with pytest.raises(TypeError, match="text or a whole number"):
        Money.of(amount, "PLN")  # type: ignore[arg-type]


def test_text_and_whole_numbers_are_read() -> None:
    assert Money.of("1300.00", "RUB") == Money.of(1300, "RUB") == Money(Decimal(1300), "RUB")


@pytest.mark.parametrize("text", ["", "1,30", "1 300", "abc", "0x10"])
def test_text_that_is_no_amount_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not an amount of money\. Write it like"):
        Money.of(text, "PLN")


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_money_is_finite(text: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        Money.of(text, "PLN")


@pytest.mark.parametrize("currency", ["", "pln", "ZŁO", "EURO", "E1R "])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(ValueError, match="is not a currency"):
        Money.of(1, currency)


def test_currencies_do_not_mix() -> None:
    zloty, rubles = Money.of(1, "PLN"), Money.of(1, "RUB")

    with pytest.raises(CurrencyMixed, match="1 PLN and 1 RUB are of different currencies"):
        zloty + rubles
    with pytest.raises(CurrencyMixed):
        zloty - rubles
    with pytest.raises(CurrencyMixed):
        assert zloty < rubles
    with pytest.raises(CurrencyMixed):
        assert zloty >= rubles
    assert zloty != rubles


def test_money_is_added_compared_and_multiplied() -> None:
    two, three = Money.of("2.00", "PLN"), Money.of("3.00", "PLN")

    assert two + three == Money.of(5, "PLN")
    assert two - three == -Money.of(1, "PLN")
    assert two * 3 == 3 * two == two * Decimal(3) == three + three
    assert two < three > two
    assert two <= two >= two
    assert Money.zero("PLN") == Money.of(0, "PLN")
    assert str(three) == "3.00 PLN"


@pytest.mark.parametrize("factor", [1.5, True, "2"])
def test_money_is_never_multiplied_by_a_float(factor: object) -> None:
    with pytest.raises(TypeError, match="multiplied by a Decimal or a whole number"):
        Money.of(1, "PLN") * factor  # type: ignore[operator]


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        ("0.005", "0.01"),
        ("0.015", "0.02"),
        ("0.025", "0.03"),
        ("0.0249", "0.02"),
        ("-0.005", "-0.01"),
        ("2", "2.00"),
    ],
)
def test_half_a_cent_rounds_up(exact: str, rounded: str) -> None:
    assert str(Money.of(exact, "PLN").rounded()) == f"{rounded} PLN"


@pytest.mark.parametrize(
    ("net", "percent", "vat"),
    [
        pytest.param("400.00", "23", "92.00", id="PL 23 %"),
        pytest.param("533.33", "23", "122.67", id="rounded up"),
        pytest.param("6058.33", "22", "1332.83", id="RU from 2026"),
        pytest.param("0.50", "5", "0.03", id="half a cent up"),
        pytest.param("100.00", "0", "0.00", id="zero rate"),
    ],
)
def test_vat_is_taken_on_the_net_sum_and_rounded_half_up(net: str, percent: str, vat: str) -> None:
    assert vat_of(Money.of(net, "PLN"), VatRate(Decimal(percent))) == Money.of(vat, "PLN")


def test_without_vat_there_is_no_tax() -> None:
    assert vat_of(Money.of(1300, "RUB"), VatRate(None, clause="A1")) == Money.zero("RUB")


@pytest.mark.parametrize("percent", ["-1", "100.01"])
def test_a_vat_rate_lies_within_0_and_100(percent: str) -> None:
    with pytest.raises(ValueError, match="cannot be: give 0 to 100"):
        VatRate(Decimal(percent))


def test_a_vat_rate_is_no_float() -> None:
    with pytest.raises(TypeError, match=r"takes a Decimal or None, not 0\.23"):
        VatRate(0.23)  # type: ignore[arg-type]


@given(cents, cents)
def test_sums_are_exact(a: Money, b: Money) -> None:
    assert a + b - b == a == a.rounded()


@given(st.decimals(-(10**9), 10**9, places=6, allow_nan=False))
def test_rounding_moves_an_amount_by_half_a_cent_at_most(amount: Decimal) -> None:
    assert abs(Money(amount, "PLN").rounded().amount - amount) <= Decimal("0.005")
