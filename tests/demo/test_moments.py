"""Moments of invented history, told from now in working time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.demo.moments import Moments, after
from pomost.rules.calendar import Calendar

ZONE = "Europe/Moscow"
OFFICE = Calendar(
    ZONE,
    dict.fromkeys(range(5), ((9 * 60, 17 * 60),)),
    confirmed_until=datetime(2026, 12, 31, tzinfo=UTC).date(),
)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of June 2026, whose first day is a Monday."""
    return datetime(2026, 6, day, hour, minute, tzinfo=ZoneInfo(ZONE))


@pytest.mark.parametrize(
    ("now", "words", "meant"),
    [
        pytest.param(local(3, 12), "-1d 10:05", local(2, 10, 5), id="yesterday"),
        pytest.param(
            local(1, 12),
            "-1d 10:05",
            datetime(2026, 5, 29, 10, 5, tzinfo=ZoneInfo(ZONE)),
            id="Friday, on a Monday",
        ),
        pytest.param(local(3, 12), "-1:20", local(3, 10, 40), id="this morning"),
        pytest.param(local(2, 9, 30), "-1:20", local(1, 16, 10), id="over the night"),
        pytest.param(local(6, 23), "-0:22", local(5, 16, 38), id="on a Saturday night it was Friday"),
        pytest.param(local(3, 12, 7), "+0:48", local(3, 13), id="ahead, at a quarter"),
        pytest.param(local(6, 23), "+1:00", local(8, 10), id="ahead of a Saturday night is Monday"),
        pytest.param(local(5, 12), "+1d 10:00", local(8, 10), id="the next working day"),
    ],
)
def test_words_mean_a_moment_of_working_time(now: datetime, words: str, meant: datetime) -> None:
    assert Moments(OFFICE, now).at(words) == meant


@given(
    st.integers(0, 3 * 365 * 24 * 60),
    st.sampled_from(["-1d 09:00", "-17d 16:59", "-0:01", "-8:22"]),
)
def test_whenever_the_demo_starts_history_is_past(minutes: int, words: str) -> None:
    now = datetime(2026, 1, 10, tzinfo=UTC) + timedelta(minutes=minutes)

    assert Moments(OFFICE, now).at(words) <= now


@pytest.mark.parametrize(
    "words", ["", "yesterday", "-0d 10:00", "3d 10:00", "-1:2", "-1d 10:00 ", "-1.5d 10:00"]
)
def test_other_words_mean_nothing(words: str) -> None:
    with pytest.raises(ValueError, match="is no moment"):
        Moments(OFFICE, local(3, 12)).at(words)


def test_minutes_after_a_step_are_minutes() -> None:
    assert after("25m") == timedelta(minutes=25)
    with pytest.raises(ValueError, match="is no time after a step"):
        after("1h")
