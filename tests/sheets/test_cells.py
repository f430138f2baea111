"""Cells as people write them, in three languages."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.sheets import cells
from pomost.sheets.problems import CELL_PROBLEMS, CellBad

WARSAW = ZoneInfo("Europe/Warsaw")


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-11 16:30",
        "2026-06-11T16:30",
        "2026-06-11T16:30:00",
        "2026-06-11T14:30:00Z",
        "2026-06-11 17:30+03:00",
        "2026-06-11T17:30:00.000+0300",
        "2026/06/11 16:30",
        "11.06.2026 16:30",
        "11.06.2026, 16:30",
        "11.06.2026 16.30",
        "11.06.26 16:30",
        "11.6.2026 16:30",
        "11/06/2026 16:30",
        "11-06-2026 16:30",
        "11.06.2026 г. 16:30",
        "46184.6875",
        "46184,6875",
    ],
)
def test_a_moment_may_be_written_in_many_ways(text: str) -> None:
    assert cells.moment(text, WARSAW) == (date(2026, 6, 11), datetime(2026, 6, 11, 16, 30, tzinfo=WARSAW))


def test_a_day_alone_is_no_moment() -> None:
    assert cells.moment("11.06.2026", WARSAW) == (date(2026, 6, 11), None)
    assert cells.moment("46184", WARSAW) == (date(2026, 6, 11), None)


def test_a_time_that_the_spring_change_skips_is_read_by_the_offset_before() -> None:
    _day, at = cells.moment("2026-03-29 02:30", WARSAW)

    assert at == datetime.fromisoformat("2026-03-29T03:30+02:00")
    assert at is not None
    assert at.hour == 3


def test_a_time_that_comes_twice_is_the_first() -> None:
    _day, at = cells.moment("2026-10-25 02:30", WARSAW)

    assert at is not None
    assert at.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("yesterday", "moment"),
        ("31.02.2026", "moment"),
        ("11.06.2026 25:00", "moment"),
        ("11.06.2026 16:30 PM", "moment"),
        ("06/25/2026", "moment-order"),
        ("11.06.1926", "moment-year"),
        ("0011-06-2026", "moment-year"),
        ("2026-06-11T16:30+99:00", "moment"),
        ("99999", "moment"),
    ],
)
def test_what_is_no_moment_is_named(text: str, problem: str) -> None:
    with pytest.raises(CellBad) as bad:
        cells.moment(text, WARSAW)
    assert bad.value.problem == problem


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1:20", 80),
        ("1:20:00", 80),
        ("80 min", 80),
        ("80min", 80),
        ("80 мин.", 80),
        ("80", 80),
        ("1,5 h", 90),
        ("1.5h", 90),
        ("1,5 ч", 90),
        ("1 ч 20 мин", 80),
        ("1 час 20 минут", 80),
        ("1 godz. 20 min", 80),
        ("1h20", 80),
        ("1h 20m", 80),
        ("2 godziny", 120),
        ("PT1H20M", 80),
        ("3600 s", 60),
        ("0", 0),
    ],
)
def test_a_length_may_be_written_in_many_ways(text: str, minutes: int) -> None:
    assert cells.duration(text, None) == minutes * 60


def test_the_column_gives_a_bare_number_its_unit() -> None:
    assert cells.duration("1,5", 3600) == 5400
    assert cells.duration("90", 60) == 5400


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("long", "duration"),
        ("1:75", "duration"),
        ("-20", "negative"),
        ("1,5", "duration-unit"),
        ("20 min 1 h", "duration"),
        ("1 h 2 h", "duration"),
        ("3 parsecs", "duration"),
        ("99999999", "duration-long"),
        ("9999 h", "duration-long"),
    ],
)
def test_what_is_no_length_is_named(text: str, problem: str) -> None:
    with pytest.raises(CellBad) as bad:
        cells.duration(text, None)
    assert bad.value.problem == problem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1300", "1300"),
        ("1300,00", "1300.00"),
        ("1 300,00", "1300.00"),
        ("1\N{NO-BREAK SPACE}300,00 ₽", "1300.00"),
        ("1 300 руб.", "1300"),
        ("1.300,00", "1300.00"),
        ("1,300.00", "1300.00"),
        ("1.300.000", "1300000"),
        ("1,5", "1.5"),
        ("0,500", "0.500"),
        ("0", "0"),
    ],
)
def test_a_sum_may_be_written_in_many_ways(text: str, expected: str) -> None:
    assert cells.amount(text, "RUB") == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1,300", "grouping"),
        ("1.300", "grouping"),
        ("12,34,56", "number"),
        ("1.300,00.00", "number"),
        ("-5", "negative"),
        ("492 zł", "currency"),
        ("12 coins", "number"),
        ("=1+1", "number"),
        ("NaN", "number"),
        ("1e9", "number"),
        ("", "number"),
    ],
)
def test_what_is_no_sum_is_named(text: str, problem: str) -> None:
    with pytest.raises(CellBad) as bad:
        cells.amount(text, "RUB")
    assert bad.value.problem == problem


def refused_by(read: Callable[[], object]) -> CellBad | None:
    try:
        read()
    except CellBad as bad:
        return bad
    return None


@given(st.text(max_size=60))
def test_any_text_is_read_or_named(text: str) -> None:
    for read in (
        lambda: cells.moment(text, WARSAW),
        lambda: cells.duration(text, None),
        lambda: cells.amount(text, "PLN"),
        lambda: cells.yes_no(text),
    ):
        problem = refused_by(read)
        assert problem is None or set(CELL_PROBLEMS[problem.problem]) <= problem.values.keys()


@given(st.dates(date(2000, 1, 2), date(2099, 12, 30)), st.integers(0, 1439))
def test_every_minute_of_a_century_comes_back(day: date, minute: int) -> None:
    local = datetime.combine(day, time(minute // 60, minute % 60), ZoneInfo("Asia/Tashkent"))
    for pattern in ("%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M"):
        assert cells.moment(local.strftime(pattern), ZoneInfo("Asia/Tashkent")) == (day, local)


@given(st.integers(0, 1000 * 3600 - 1))
def test_every_length_comes_back(seconds: int) -> None:
    text = f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"

    assert cells.duration(text, None) == seconds
    assert cells.duration(f"{seconds} s", None) == seconds


@given(st.integers(0, 10**9))
def test_every_sum_comes_back(cents: int) -> None:
    amount = Decimal(cents) / 100

    for text in (f"{amount:.2f}", f"{amount:.2f}".replace(".", ","), f"{amount:,.2f}", f"{amount:.2f} zł"):
        assert cells.amount(text, "PLN") == amount
