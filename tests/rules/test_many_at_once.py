"""`Calendar.add_many` takes a short way by the wall clock: it must say what `add` says, or refuse as `add` refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pomost.rules.calendar import Calendar, NeverDue, NotPromised

# The last but one skipped a whole day (30 December 2011); the last changes its clocks at midnight.
ZONES = (
    "Europe/Warsaw",
    "Europe/Moscow",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Cairo",
)
# In these weeks some of them change their clocks: Apia skips its day, Warsaw and Lord Howe go forward and back.
WEEKS = (date(2011, 12, 26), date(2026, 3, 23), date(2026, 4, 1), date(2026, 10, 19), date(2026, 12, 24))
PLAIN = [(9 * 60, 17 * 60)]


def spans(edges: list[int]) -> list[tuple[int, int]]:
    edges.sort()
    return list(zip(edges[::2], edges[1::2], strict=False))


day_hours = st.lists(st.integers(0, 48).map(lambda n: n * 30), max_size=4, unique=True).map(spans)
moments = st.builds(
    lambda week, seconds, micros, fold: (
        datetime(week.year, week.month, week.day, tzinfo=UTC)
        + timedelta(seconds=seconds, microseconds=micros)
    ).replace(fold=fold),
    st.sampled_from(WEEKS),
    st.one_of(st.integers(0, 9 * 86400), st.integers(0, 9 * 48).map(lambda n: n * 1800)),
    st.sampled_from((0, 0, 0, 1, 999_999)),
    st.sampled_from((0, 1)),
)
"""What a wall clock or, replaced later, UTC shows."""
amounts = st.one_of(
    st.integers(1, 40 * 60).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(1, 40 * 3600).map(lambda seconds: timedelta(seconds=seconds)),
    st.sampled_from((timedelta(0), timedelta(hours=-5), timedelta(microseconds=1), timedelta(hours=300))),
)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    week = {weekday: draw(day_hours) for weekday in range(7)}
    week[2] = PLAIN  # an amount must end within the years laid out, or each example takes long
    days = st.builds(lambda week, n: week + timedelta(days=n), st.sampled_from(WEEKS), st.integers(0, 12))
    return Calendar(
        draw(st.sampled_from(ZONES)),
        week,
        holidays=draw(st.sets(days, max_size=4)),
        overrides=draw(st.dictionaries(days, day_hours, max_size=3)),
        confirmed_until=draw(st.sampled_from((None, date(2026, 4, 3), date(2026, 12, 31)))),
    )


@settings(max_examples=40, deadline=None)
@given(calendars(), st.lists(st.tuples(moments, amounts), max_size=12), st.booleans())
@example(
    Calendar("Europe/Warsaw", {6: [(0, 180)]}),
    [(datetime(2026, 3, 29, 2, 30, tzinfo=UTC), timedelta(hours=1))],
    True,
)
@example(  # hours in the skipped hour lie after it: this start is still before them
    Calendar("Europe/Warsaw", {6: [(130, 160)]}),
    [(datetime(2026, 3, 29, 3, 5, tzinfo=UTC), timedelta(minutes=1))],
    True,
)
@example(  # the answer lies in hours that are an hour shorter than they look
    Calendar("Europe/Warsaw", {6: [(0, 240)]}),
    [(datetime(2026, 3, 28, 12, 0, tzinfo=UTC), timedelta(minutes=150))],
    True,
)
@example(
    Calendar("Europe/Warsaw", {6: [(120, 150)]}),
    [(datetime(2026, 10, 25, 2, 15, fold=1, tzinfo=UTC), timedelta(minutes=9))],
    True,
)
@example(  # of a day that was skipped half an hour lies after it, and the rest ends before that half hour does
    Calendar("Pacific/Apia", {2: PLAIN, 4: [(0, 30), (60, 1440)]}),
    [(datetime(2011, 12, 26, tzinfo=UTC), timedelta(minutes=511))],
    False,
)
def test_many_at_once_are_due_when_each_alone_is(
    calendar: Calendar, asked: list[tuple[datetime, timedelta]], is_local: bool
) -> None:
    zone = ZoneInfo(calendar.zone) if is_local else UTC
    whole = [(start.replace(tzinfo=zone), amount) for start, amount in asked]
    fresh = Calendar(  # asked too seldom to lay out the short way
        calendar.zone, calendar.week, calendar.holidays, calendar.overrides, calendar.confirmed_until
    )
    alone, answered = [], []
    for start, amount in whole:
        try:
            alone.append(fresh.add(start, amount))
        except (NotPromised, NeverDue) as refusal:
            with pytest.raises(type(refusal), match=r"\S"):
                calendar.add_many([start], [amount])
        else:
            answered.append((start, amount))

    together = calendar.add_many([start for start, _ in answered], [amount for _, amount in answered])
    again = calendar.add_many([start for start, _ in answered], [amount for _, amount in answered])

    assert [(due, due.utcoffset(), due.fold) for due in together] == [
        (due, due.utcoffset(), due.fold) for due in alone
    ]
    assert again == together
    assert [calendar.add(start, amount) for start, amount in answered] == together  # by the wall, one by one
    assert all(due.tzinfo is ZoneInfo(calendar.zone) for due in together)


def office(confirmed_until: date | None = None) -> Calendar:
    return Calendar("Europe/Warsaw", dict.fromkeys(range(5), PLAIN), confirmed_until=confirmed_until)


START = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Europe/Warsaw"))
HOUR = timedelta(hours=1)


def test_a_new_year_is_laid_out_on_the_way() -> None:
    calendar = office()
    starts = [START.replace(year=year) for year in (2026, 2031, 2026, 2019, 2031)]

    assert calendar.add_many(starts, [HOUR] * 5) == [office().add(start, HOUR) for start in starts]


def test_a_calendar_that_is_asked_often_one_by_one_goes_on_giving_the_same() -> None:
    calendar = office()

    dues = [calendar.add(START.replace(year=2026 + n // 100), n * HOUR) for n in range(1, 300)]

    assert dues == [office().add(START.replace(year=2026 + n // 100), n * HOUR) for n in range(1, 300)]


def test_a_rare_opening_is_found_beyond_the_reach_of_the_short_way() -> None:
    calendar = Calendar("Europe/Warsaw", {0: [(540, 545)]})

    assert calendar.add_many([START], [HOUR * 6]) == [calendar.add(START, HOUR * 6)]


@pytest.mark.parametrize(
    ("calendar", "start", "amount", "refused"),
    [
        (office(), START.replace(tzinfo=None), HOUR, ValueError),
        (office(), START.replace(year=1899), HOUR, ValueError),
        (office(), datetime.max.replace(tzinfo=UTC), HOUR, (ValueError, OverflowError)),
        (office(), START, timedelta.max, NeverDue),
        (office(), START, timedelta(days=1221), NeverDue),
        (office(confirmed_until=date(2026, 3, 2)), START, 8 * HOUR, NotPromised),
        (Calendar("Europe/Warsaw", {}), START, HOUR, NeverDue),
    ],
)
def test_what_one_refuses_many_refuse(
    calendar: Calendar, start: datetime, amount: timedelta, refused: type[Exception]
) -> None:
    warm = Calendar.always("UTC") if not calendar.week else calendar
    warm.add_many([START], [HOUR / 60])

    with pytest.raises(refused):
        calendar.add_many([start], [amount])
    with pytest.raises(refused):
        calendar.add(start, amount)


def test_an_opening_ten_years_away_is_no_answer_even_when_its_year_is_laid_out() -> None:
    days = {date(2026, 3, 2): PLAIN, date(2037, 3, 2): PLAIN}
    calendar = Calendar("Europe/Warsaw", {}, overrides=days)
    calendar.add_many([START, START.replace(year=2037)], [HOUR, HOUR])

    with pytest.raises(NeverDue):
        calendar.add_many([START], [10 * HOUR])
