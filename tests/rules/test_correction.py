"""Corrections: they lower, never below zero, and parts add up to the whole to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.rules.correction import NotCorrectable, credit
from pomost.rules.money import Money, VatRate
from pomost.rules.tariff import BillLine, price_job

RATES = (VatRate(Decimal(23)), VatRate(Decimal(8)), VatRate(None), VatRate(None, exempt=True))


def line(net: str, rate: VatRate = RATES[0]) -> BillLine:
    return BillLine("work", "1", Money.of(net, "PLN"), rate)


def test_half_of_a_line_is_taken_back_with_its_tax() -> None:
    found = credit(
        [line("400.00"), line("100.00", RATES[1])], [Money.of("200.00", "PLN"), Money.of("100.00", "PLN")]
    )

    assert [str(each.amount) for each in found.lines] == ["-200.00", "0.00"]
    assert [str(each.amount) for each in (found.net, found.vat, found.gross)] == [
        "-200.00",
        "-46.00",
        "-246.00",
    ]


@pytest.mark.parametrize("after", ["-0.01", "400.01", "400.00"])
def test_no_line_rises_or_falls_below_zero_and_something_changes(after: str) -> None:
    with pytest.raises(NotCorrectable):
        credit([line("400.00")], [Money.of(after, "PLN")])


cents = st.integers(1, 5_000_000).map(lambda amount: Decimal(amount) / 100)


@given(st.data(), st.lists(st.tuples(cents, st.sampled_from(RATES)), min_size=1, max_size=6))
def test_an_invoice_taken_back_in_parts_ends_at_zero_and_never_goes_below(
    data: st.DataObject, parts: list[tuple[Decimal, VatRate]]
) -> None:
    left = [BillLine("work", "1", Money(net, "PLN"), rate) for net, rate in parts]
    whole = price_job(left, "PLN")
    net, vat, gross = whole.net, whole.vat, whole.gross
    for last in (False, False, True):
        after = [
            Money(
                Decimal(0) if last else data.draw(st.integers(0, int(each.net.amount * 100))) / Decimal(100),
                "PLN",
            )
            for each in left
        ]
        if all(new == each.net for new, each in zip(after, left, strict=True)):
            continue
        found = credit(left, after)
        net, vat, gross = net + found.net, vat + found.vat, gross + found.gross
        left = [BillLine("work", "1", new, each.vat) for new, each in zip(after, left, strict=True)]

        assert sum(found.lines, Money.zero("PLN")) == found.net
        assert found.net + found.vat == found.gross
        assert min(net.amount, vat.amount, gross.amount) >= 0
    assert {net, vat, gross} == {Money.zero("PLN")}
