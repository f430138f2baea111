"""Complaint and guarantee (decision A3, golden case G-D2)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from pomost.rules.calendar import Calendar, NotPromised
from pomost.rules.warranty import complaint_until, guarantee_last_day

WARSAW = ZoneInfo("Europe/Warsaw")
WEEK = {weekday: [(8 * 60, 16 * 60)] for weekday in range(5)}
POLAND = Calendar(
    "Europe/Warsaw", WEEK, holidays=[date(2026, 5, 1), date(2026, 5, 3)], confirmed_until=date(2026, 12, 31)
)
THURSDAY = datetime(2026, 4, 30, 12, tzinfo=WARSAW)


def may(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("next_order", "until"),
    [
        pytest.param(may(5, 10), may(5, 10), id="G-D2: cut short by the next service"),
        pytest.param(None, may(7), id="G-D2: until the end of the third working day"),
        pytest.param(may(20), may(7), id="a service after the period changes nothing"),
    ],
)
def test_a_complaint_is_in_time_for_three_working_days_or_until_the_next_service(
    next_order: datetime | None, until: datetime
) -> None:
    assert complaint_until(THURSDAY, POLAND, 3, next_order) == until


def test_the_day_of_confirmation_is_the_desk_s() -> None:
    late = datetime(2026, 4, 29, 22, 30, tzinfo=UTC)  # already the 30th in Warsaw

    assert complaint_until(late, POLAND, 3) == may(7)
    assert guarantee_last_day(late, 14, zone="Europe/Warsaw") == date(2026, 5, 14)


def test_the_answer_is_in_the_desk_s_zone() -> None:
    assert complaint_until(THURSDAY, POLAND, 3, datetime(2026, 5, 5, 8, tzinfo=UTC)).isoformat() == (
        "2026-05-05T10:00:00+02:00"
    )


def test_the_guarantee_ends_on_the_day_of_confirmation_plus_its_days() -> None:
    assert guarantee_last_day(THURSDAY, 14, zone="Europe/Warsaw") == date(2026, 5, 14)
    assert guarantee_last_day(THURSDAY, 0, zone="Europe/Warsaw") == date(2026, 4, 30)


def test_periods_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="after 0 working days"):
        complaint_until(THURSDAY, POLAND, 0)
    with pytest.raises(ValueError, match="guarantee of -1 days"):
        guarantee_last_day(THURSDAY, -1, zone="Europe/Warsaw")
    with pytest.raises(NotPromised):
        complaint_until(datetime(2026, 12, 30, 12, tzinfo=WARSAW), POLAND, 3)
