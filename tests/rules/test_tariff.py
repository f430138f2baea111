"""What worked time costs: started units, minimum and step, plain hours, quotas, bills (decisions A6 to A9)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.rules.money import CurrencyMixed, Money, VatRate
from pomost.rules.tariff import (
    BillLine,
    Fee,
    QuotaUnit,
    Tariff,
    TariffKind,
    TravelRate,
    TravelUnit,
    charge,
    fee_line,
    price_job,
    quota_used,
    travel_net,
    work_line,
)

MINUTE, HOUR = 60, 3600
NO_VAT = VatRate(None, "A1")
VAT_23 = VatRate(Decimal(23), "§8")

STARTED_HOUR = Tariff(
    "family", "§1", "started-unit", Money.of(200, "PLN"), unit_seconds=HOUR, scope="ticket-family"
)
PLAIN = Tariff("repair", "§3", "plain", Money.of(400, "PLN"), scope="ticket-family")
QUOTED = Tariff("programming", "§4", "quoted", Money.of(250, "PLN"), scope="ticket-family")
MINIMUM = Tariff(
    "visit",
    "3.3",
    "minimum-then",
    Money.of(1300, "RUB"),
    minimum_seconds=HOUR,
    step_seconds=MINUTE,
    scope="session",
)
HALF_HOURS = Tariff("with-contract", "5", "started-unit", None, unit_seconds=30 * MINUTE)
HOURS = Tariff("without-contract", "6", "started-unit", None, unit_seconds=60 * MINUTE)
CONNECTION = Fee("connection", "3.3", Money.of(4000, "RUB"))


# Golden cases


def test_g_b1_thirty_five_minutes_cost_the_minimum_hour() -> None:
    charged = charge(MINIMUM, 35 * MINUTE)

    assert (charged.billed_seconds, charged.net) == (HOUR, Money.of("1300.00", "RUB"))


def test_g_b2_a_first_session_has_a_line_for_the_connection_and_one_for_the_time() -> None:
    first = price_job([fee_line(CONNECTION, NO_VAT), work_line(charge(MINIMUM, 95 * MINUTE), NO_VAT)], "RUB")
    second = price_job([work_line(charge(MINIMUM, 20 * MINUTE), NO_VAT)], "RUB")

    assert [(line.kind, str(line.net.amount)) for line in first.lines] == [
        ("connection", "4000.00"),
        ("work", "2058.33"),
    ]
    assert first.gross == first.net == Money.of("6058.33", "RUB")
    assert first.vat == Money.zero("RUB")
    assert second.gross == Money.of("1300.00", "RUB")


@pytest.mark.parametrize(
    ("tariff", "units", "billed"), [(HALF_HOURS, 3, 90 * MINUTE), (HOURS, 2, 120 * MINUTE)]
)
def test_g_d1_sixty_one_minutes_are_three_halves_or_two_hours(
    tariff: Tariff, units: int, billed: int
) -> None:
    charged = charge(tariff, 61 * MINUTE)

    assert (charged.units, charged.billed_seconds, charged.unit_seconds) == (
        units,
        billed,
        tariff.unit_seconds,
    )
    assert charged.net is None


@pytest.mark.parametrize(
    ("tariff", "net", "gross"),
    [(STARTED_HOUR, "400.00", "492.00"), (PLAIN, "533.33", "656.00")],
    ids=["started", "plain"],
)
def test_g_s1_eighty_minutes_by_the_started_hour_or_by_time(tariff: Tariff, net: str, gross: str) -> None:
    bill = price_job([work_line(charge(tariff, 80 * MINUTE), VAT_23)], "PLN")

    assert (bill.net, bill.gross) == (Money.of(net, "PLN"), Money.of(gross, "PLN"))


def test_g_k2_forty_minutes_use_one_hour_and_two_tasks_two_requests() -> None:
    assert quota_used(Decimal("0.5"), "hours", 40 * MINUTE) == Decimal("1.0")
    assert quota_used(Decimal(1), "requests", 40 * MINUTE, tasks=2) == 2


# Units, minimum, step


@pytest.mark.parametrize(
    ("seconds", "units"),
    [(0, 0), (1, 1), (HOUR - 1, 1), (HOUR, 1), (HOUR + 1, 2), (2 * HOUR, 2), (2 * HOUR + 1, 3)],
)
def test_a_unit_has_started_when_more_than_nothing_of_it_was_worked(seconds: int, units: int) -> None:
    charged = charge(STARTED_HOUR, seconds)

    assert charged.units == units
    assert charged.net == Money.of(200 * units, "PLN")
    assert charged.clause == "§1"


@pytest.mark.parametrize(
    ("seconds", "billed"),
    [
        (0, 0),
        (1, HOUR),
        (HOUR, HOUR),
        (HOUR + 1, HOUR + MINUTE),
        (HOUR + MINUTE, HOUR + MINUTE),
        (5700, 5700),
    ],
)
def test_above_the_minimum_each_started_step_counts(seconds: int, billed: int) -> None:
    charged = charge(MINIMUM, seconds)

    assert charged.billed_seconds == billed
    assert charged.units is None


def test_plain_hours_are_priced_to_the_second() -> None:
    assert charge(PLAIN, 1).net == Money.of("0.11", "PLN")
    assert charge(PLAIN, 7199).net == Money.of("799.89", "PLN")


def test_half_a_cent_of_a_price_rounds_up() -> None:
    odd = Tariff("odd", "1", "plain", Money.of("0.09", "EUR"))

    assert charge(odd, 200).net == Money.of("0.01", "EUR")  # 0.005 exactly


def test_quoted_work_costs_the_accepted_sum_or_its_hours() -> None:
    assert charge(QUOTED, 2 * HOUR, quoted=Money.of("300.00", "PLN")).net == Money.of(300, "PLN")
    assert charge(QUOTED, 2 * HOUR).net == Money.of(500, "PLN")
    assert charge(QUOTED, 0, quoted=Money.of(300, "PLN")).net == Money.zero("PLN")
    with pytest.raises(ValueError, match=r"repair is a plain tariff: 300 PLN cannot replace its rate"):
        charge(PLAIN, HOUR, quoted=Money.of(300, "PLN"))


def test_time_without_a_rate_is_counted_but_not_priced() -> None:
    with pytest.raises(ValueError, match=r"5 states no rate, so 3600 s cannot be priced"):
        work_line(charge(HALF_HOURS, 3600), VAT_23)


@given(st.sampled_from([STARTED_HOUR, PLAIN, MINIMUM, QUOTED]), st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_work_never_costs_less_and_billed_time_covers_it(
    tariff: Tariff, seconds: int, more: int
) -> None:
    one, two = charge(tariff, seconds), charge(tariff, seconds + more)

    assert one.net is not None
    assert two.net is not None
    assert one.net <= two.net
    assert seconds <= one.billed_seconds <= two.billed_seconds


# Quotas


@pytest.mark.parametrize(
    ("seconds", "used"),
    [(0, "0"), (1, "0.5"), (1799, "0.5"), (1800, "0.5"), (1801, "1.0"), (3600, "1.0"), (3601, "1.5")],
)
def test_hours_are_used_in_multiples(seconds: int, used: str) -> None:
    assert quota_used(Decimal("0.5"), "hours", seconds) == Decimal(used)


def test_requests_are_used_whatever_they_took() -> None:
    assert quota_used(Decimal(1), "requests", 0) == quota_used(Decimal(1), "requests", 10**6) == 1
    assert quota_used(Decimal(1), "requests", 0, tasks=0) == 0


@pytest.mark.parametrize(
    ("multiple", "counts", "seconds", "tasks", "what"),
    [
        (Decimal(0), "hours", 1, 1, "multiples of 0"),
        (Decimal(-1), "requests", 1, 1, "multiples of -1"),
        (Decimal(1), "hours", -1, 1, "-1 s of work"),
        (Decimal(1), "requests", 1, -1, "-1 tasks"),
    ],
)
def test_a_quota_that_cannot_be_counted_is_refused(
    multiple: Decimal, counts: QuotaUnit, seconds: int, tasks: int, what: str
) -> None:
    with pytest.raises(ValueError, match=what):
        quota_used(multiple, counts, seconds, tasks)


# Bills


def line(net: str, vat: VatRate = VAT_23) -> BillLine:
    return BillLine("work", "§1", Money.of(net, "PLN"), vat)


def test_vat_is_taken_on_the_sum_of_a_rate_not_on_each_line() -> None:
    bill = price_job([line("0.10"), line("0.10"), line("0.10")], "PLN")

    assert bill.vat == Money.of("0.07", "PLN")  # thrice 0.023 would be thrice 0.02


def test_each_line_is_rounded_before_it_is_summed() -> None:
    bill = price_job([line("0.005"), line("0.005")], "PLN")

    assert bill.net == Money.of("0.02", "PLN")


def test_each_rate_has_its_own_sum() -> None:
    reduced = VatRate(Decimal(8))

    bill = price_job([line("100"), line("50", reduced), line("1", NO_VAT), line("100")], "PLN")

    assert [(each.rate, str(each.net.amount), str(each.vat.amount)) for each in bill.vat_sums] == [
        (VAT_23, "200.00", "46.00"),
        (reduced, "50.00", "4.00"),
        (NO_VAT, "1.00", "0.00"),
    ]
    assert bill.gross == Money.of("301.00", "PLN")


def test_no_lines_make_a_bill_of_zero() -> None:
    bill = price_job([], "PLN")

    assert bill.net == bill.vat == bill.gross == Money.zero("PLN")
    assert bill.lines == ()
    assert bill.vat_sums == ()


def test_a_bill_has_one_currency() -> None:
    with pytest.raises(CurrencyMixed):
        price_job([line("1")], "RUB")


@given(
    st.lists(
        st.tuples(st.integers(0, 10**7), st.sampled_from([VAT_23, NO_VAT, VatRate(Decimal(8))])), max_size=8
    )
)
def test_lines_sum_to_the_total(parts: list[tuple[int, VatRate]]) -> None:
    bill = price_job([line(str(Decimal(mills) / 1000), vat) for mills, vat in parts], "PLN")

    assert bill.net == sum((each.net for each in bill.lines), Money.zero("PLN"))
    assert bill.net == sum((each.net for each in bill.vat_sums), Money.zero("PLN"))
    assert bill.gross == bill.net + bill.vat == bill.gross.rounded()


# Tariffs that cannot be


@pytest.mark.parametrize(
    ("kind", "lengths", "what"),
    [
        ("started-unit", {}, "needs unit_seconds above zero, not 0"),
        ("started-unit", {"unit_seconds": -1}, "needs unit_seconds above zero, not -1"),
        ("minimum-then", {"minimum_seconds": HOUR}, "needs step_seconds above zero"),
        ("minimum-then", {"step_seconds": MINUTE}, "needs minimum_seconds above zero"),
        ("plain", {"unit_seconds": HOUR}, "has no unit_seconds, so 3600 would do nothing"),
        ("quoted", {"minimum_seconds": HOUR}, "has no minimum_seconds"),
    ],
)
def test_a_tariff_has_the_lengths_of_its_kind(kind: TariffKind, lengths: dict[str, Any], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        Tariff("odd", "1", kind, Money.of(1, "EUR"), **lengths)


def test_negative_money_and_time_are_refused() -> None:
    with pytest.raises(ValueError, match="-1 EUR an hour is negative"):
        Tariff("odd", "1", "plain", Money.of(-1, "EUR"))
    with pytest.raises(ValueError, match="a fee of -1 EUR is negative"):
        Fee("odd", "1", Money.of(-1, "EUR"))
    with pytest.raises(ValueError, match="-1 s of work cannot have been done"):
        charge(PLAIN, -1)


# Travel


@pytest.mark.parametrize(
    ("per", "rate", "quantity", "net"),
    [
        ("visit", "120.00", "2", "240.00"),
        ("km", "1.15", "33.5", "38.53"),
        ("km", "0.01", "0.5", "0.01"),
        ("hour", "90.00", "0.25", "22.50"),
    ],
)
def test_a_way_costs_its_rate_times_what_was_travelled(
    per: TravelUnit, rate: str, quantity: str, net: str
) -> None:
    assert travel_net(TravelRate("road", "1", per, Money.of(rate, "EUR")), Decimal(quantity)) == Money.of(
        net, "EUR"
    )


def test_a_way_without_a_rate_has_no_price() -> None:
    assert travel_net(TravelRate("road", "1", "km", None), Decimal(1)) is None


@pytest.mark.parametrize(("per", "quantity"), [("km", "0"), ("visit", "0"), ("km", "-1"), ("visit", "0.5")])
def test_nothing_and_half_a_visit_cannot_be_travelled(per: TravelUnit, quantity: str) -> None:
    with pytest.raises(ValueError, match="cannot be travelled"):
        travel_net(TravelRate("road", "1", per, Money.of("1.15", "EUR")), Decimal(quantity))


def test_a_negative_rate_for_a_way_is_refused() -> None:
    with pytest.raises(ValueError, match="is negative"):
        TravelRate("road", "1", "km", Money.of("-0.01", "EUR"))
