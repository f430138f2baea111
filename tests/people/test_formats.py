"""Money, times and days as look.md writes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from pomost.people import formats

WARSAW = ZoneInfo("Europe/Warsaw")
MOSCOW = ZoneInfo("Europe/Moscow")
MONDAY = datetime(2026, 6, 15, 9, 12, tzinfo=MOSCOW)


@contextmanager
def page(language: str, zone: ZoneInfo = MOSCOW) -> Iterator[None]:
    with translation.override(language), timezone.override(zone):
        yield


@pytest.mark.parametrize(
    ("language", "amount", "currency", "written"),
    [
        pytest.param("ru", "1300", "RUB", "1 300,00 ₽", id="roubles in Russian"),
        pytest.param("ru", "0", "RUB", "0,00 ₽", id="nothing is a figure, not a word"),
        pytest.param("pl", "492", "PLN", "492,00 zł", id="zloty in Polish"),
        pytest.param("pl", "1148", "PLN", "1 148,00 zł", id="four digits are grouped in Polish too"),
        pytest.param("en", "600", "PLN", "600.00 PLN", id="English keeps the code"),
        pytest.param("ru", "2058.33", "RUB", "2 058,33 ₽", id="kopecks"),
    ],
)
def test_money_stands_before_its_currency_and_never_breaks(
    language: str, amount: str, currency: str, written: str
) -> None:
    with page(language):
        assert formats.money(Decimal(amount), currency) == written.replace(" ", "\N{NO-BREAK SPACE}")


def test_hours_left_drop_the_seconds_and_late_has_a_plus() -> None:
    assert formats.hours(timedelta(minutes=18, seconds=59)) == "0:18"
    assert formats.hours(timedelta(hours=22, minutes=48)) == "22:48"
    assert formats.late(timedelta(minutes=22)) == "+0:22"
    assert formats.stopwatch(timedelta(minutes=37, seconds=12)) == "0:37:12"


def test_a_negative_length_is_refused_with_advice() -> None:
    with pytest.raises(ValueError, match=r"Use late\(\)"):
        formats.hours(timedelta(seconds=-1))


@pytest.mark.parametrize(
    ("language", "day", "written"),
    [
        ("ru", date(2026, 6, 15), "пн 15 июня"),
        ("pl", date(2026, 5, 6), "śr. 6 maja"),
        ("en", date(2026, 5, 6), "Wed 6 May"),
        ("ru", date(2025, 6, 16), "пн 16 июня 2025"),
    ],
)
def test_a_day_names_its_year_only_when_it_is_not_this_one(language: str, day: date, written: str) -> None:
    with page(language):
        assert formats.day(day, MONDAY) == written.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("at", "written"),
    [
        pytest.param(datetime(2026, 6, 15, 9, 30, tzinfo=MOSCOW), "9:30", id="today: the time alone"),
        pytest.param(datetime(2026, 6, 16, 9, 10, tzinfo=MOSCOW), "вт 9:10", id="near: the weekday"),
        pytest.param(datetime(2026, 6, 11, 16, 30, tzinfo=MOSCOW), "чт 16:30", id="near, in the past"),
        pytest.param(datetime(2026, 6, 1, 8, 5, tzinfo=MOSCOW), "1 июня, 8:05", id="farther: the date"),
        pytest.param(datetime(2025, 6, 1, 8, 5, tzinfo=MOSCOW), "1 июня 2025, 8:05", id="another year"),
    ],
)
def test_a_moment_is_as_short_as_it_stays_clear(at: datetime, written: str) -> None:
    with page("ru"):
        assert formats.moment(at, MONDAY) == written.replace(" ", "\N{NO-BREAK SPACE}")


def test_times_are_written_in_the_zone_of_the_vendor() -> None:
    at = datetime(2026, 6, 15, 22, 30, tzinfo=UTC)
    with page("pl", WARSAW):
        assert formats.moment(at, MONDAY) == "wt.\N{NO-BREAK SPACE}0:30"
    with page("pl", MOSCOW):
        assert formats.clock_time(at) == "1:30"


def test_a_clause_says_since_when_in_figures() -> None:
    with page("ru"):
        assert formats.date_figures(date(2017, 1, 1)) == "01.01.2017"


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_no_figure_of_money_can_break_over_two_lines(amount: Decimal) -> None:
    with page("ru"):
        assert " " not in formats.money(amount, "RUB")
