"""A sixth, odd terms file runs on the same rules: euros, quarters, day and night, chains and pauses."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from pomost.rules.clocks import ClockState, Event
from pomost.rules.levels import Level
from pomost.rules.pricing import bill_work
from pomost.rules.promises import clock_states
from pomost.rules.tariff import quota_used, travel_net
from pomost.rules.terms.model import in_force
from vendors import odd

MONDAY = datetime(2026, 6, 15, 21, tzinfo=UTC)  # the night shift in the Azores begins at 22:00 UTC


def after(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def states(
    *events: tuple[str, float], package: str = "gold", severity: str = "fire"
) -> dict[str, ClockState]:
    happened = [Event(name, after(hours)) for name, hours in events]
    return clock_states(odd().promises_for(package, severity), happened, happened[-1].at)


def test_started_quarters_are_billed_in_euros() -> None:
    bill = bill_work(odd(), date(2025, 6, 1), 16 * 60, service="repair", family="loom")

    assert str(bill.net) == "40.00 EUR"


def test_travel_is_priced_by_its_own_unit_and_an_unstated_rate_has_no_price() -> None:
    road, ferry = (each.travel for each in odd().travels(date(2026, 6, 1), "repair"))

    assert str(travel_net(road, Decimal("12.5"))) == "14.38 EUR"
    assert travel_net(ferry, Decimal(1)) is None
    assert odd().travels(date(2025, 6, 1), "repair") == ()
    with pytest.raises(ValueError, match="cannot be travelled"):
        travel_net(ferry, Decimal("0.5"))


def test_a_price_may_have_another_vat_rate_than_its_list_or_be_exempt() -> None:
    prices = odd().price_list(date(2026, 6, 1))
    assert prices is not None
    press, loom = prices.tariffs
    road, ferry = prices.travels

    rates = [prices.vat_of(each) for each in (press, loom, road, ferry)]

    assert [(each.percent, each.exempt) for each in rates] == [
        (Decimal(23), False),
        (None, True),
        (Decimal(8), False),
        (Decimal(23), False),
    ]


def test_elapsed_time_runs_through_the_night_and_the_week_end() -> None:
    found = states(("request.received", 0), package="silver", severity="calm")

    assert found["call-back"].due_at == after(12)
    assert "mend" not in found


def test_a_chained_clock_starts_when_the_one_before_it_stops() -> None:
    assert states(("request.received", 0))["mend"].started_at is None

    found = states(("request.received", 0), ("work.began", 1))

    assert found["mend"].started_at == after(1)
    assert found["mend"].due_at == after(5)


def test_a_chain_whose_first_clock_is_left_out_is_refused() -> None:
    mend = odd().promises_for("gold", "fire")[1:]

    with pytest.raises(ValueError, match="wait for clocks that never run: mend"):
        clock_states(mend, [Event("request.received", MONDAY)], MONDAY)


def test_a_pause_is_cut_out_of_the_night() -> None:
    found = states(
        ("request.received", 0),
        ("work.began", 1),
        ("customer.asked", 2),
        ("customer.answered", 4),
        ("work.stopped", 4),
    )

    assert found["mend"].due_at == after(7)


def test_a_rejected_solution_reopens_the_clock() -> None:
    found = states(
        ("request.received", 0),
        ("work.began", 1),
        ("solution.proposed", 2),
        ("solution.rejected", 3),
        ("work.stopped", 3),
    )

    assert found["mend"].stopped_at is None
    assert found["mend"].due_at == after(5)


def test_use_is_counted_in_quarters_of_an_hour() -> None:
    quota = odd().quota("gold")

    assert quota is not None
    assert str(quota_used(quota.multiple, quota.counts, 16 * 60)) == "0.50"


def test_a_service_may_reach_the_highest_level() -> None:
    assert odd().service("repair").level is Level.CHANGE_MANY


def test_numbers_follow_the_odd_pattern() -> None:
    assert odd().ticket_number(7, date(2026, 6, 15)) == "OW/2026/7"
    assert odd().invoice_number(7, date(2026, 6, 15)) == "I000007-6"


def test_a_short_night_is_an_override() -> None:
    calendar = odd().calendar("night")

    assert [span.end.hour for span in calendar.hours_on(date(2026, 12, 24))] == [2]


def test_terms_hold_from_their_first_day() -> None:
    assert in_force([odd()], date(2025, 3, 1)) is odd()
    assert in_force([odd()], date(2025, 2, 28)) is None


def test_an_assumption_is_found_by_its_id() -> None:
    assert "silence" in odd().assumption("Q1").says["en"]
