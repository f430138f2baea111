"""What holds for every calendar, start, amount and pause, and a second opinion that counts minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from pomost.rules.calendar import Calendar

MINUTE = timedelta(minutes=1)
ZONES = ("Europe/Warsaw", "Europe/Moscow", "America/Santiago", "Asia/Kathmandu", "Australia/Lord_Howe")
# Warsaw and Santiago change their clocks within these weeks, Lord Howe by half an hour.
FIRST = datetime(2026, 3, 20, tzinfo=UTC)

# A new calendar an example: fewer of them keep the rules' tests within seconds.
few = settings(max_examples=40, deadline=None)

Pause = tuple[datetime, datetime]


@st.composite
def hours(draw: st.DrawFn) -> list[tuple[int, int]]:
    edges = draw(st.lists(st.integers(0, 24 * 4).map(lambda n: n * 15), min_size=0, max_size=4, unique=True))
    edges.sort()
    return list(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    week = {weekday: draw(hours()) for weekday in range(7)}
    week[0] = week[0] or [(9 * 60, 17 * 60)]  # a week without any hours has a test of its own
    days = st.integers(0, 30).map(lambda n: FIRST.date() + timedelta(days=n))
    return Calendar(
        draw(st.sampled_from(ZONES)),
        week,
        holidays=draw(st.sets(days, max_size=4)),
        overrides=draw(st.dictionaries(days, hours(), max_size=3)),
    )


instants = st.integers(0, 25 * 24 * 3600).map(lambda seconds: FIRST + timedelta(seconds=seconds))
amounts = st.integers(1, 60 * 3600).map(lambda seconds: timedelta(seconds=seconds))
pauses = st.lists(st.tuples(instants, st.integers(0, 3 * 86400)), max_size=3).map(
    lambda pairs: [(start, start + timedelta(seconds=length)) for start, length in pairs]
)


@few
@given(calendars(), instants, amounts, amounts)
def test_a_longer_promise_is_never_due_earlier(
    calendar: Calendar, start: datetime, amount: timedelta, more: timedelta
) -> None:
    assert calendar.add(start, amount) < calendar.add(start, amount + more)


@few
@given(calendars(), instants, amounts, pauses)
def test_pauses_never_make_a_promise_due_earlier(
    calendar: Calendar, start: datetime, amount: timedelta, cuts: list[Pause]
) -> None:
    assert calendar.add(start, amount, cuts) >= calendar.add(start, amount)


@few
@given(calendars(), instants, amounts, pauses)
def test_what_was_added_is_what_was_worked(
    calendar: Calendar, start: datetime, amount: timedelta, cuts: list[Pause]
) -> None:
    assert calendar.worked(start, calendar.add(start, amount, cuts), cuts) == amount


@few
@given(calendars(), instants, amounts, pauses)
def test_what_was_subtracted_is_what_was_worked(
    calendar: Calendar, end: datetime, amount: timedelta, cuts: list[Pause]
) -> None:
    assert calendar.worked(calendar.add(end, -amount, cuts), end, cuts) == amount


@few
@given(calendars(), instants, amounts, pauses)
def test_an_amount_may_be_added_in_two_parts(
    calendar: Calendar, start: datetime, amount: timedelta, cuts: list[Pause]
) -> None:
    half = amount / 2

    assert calendar.add(calendar.add(start, half, cuts), amount - half, cuts) == calendar.add(
        start, amount, cuts
    )


@few
@given(calendars(), instants, instants, instants, pauses)
def test_working_time_adds_up_over_neighbouring_spans(
    calendar: Calendar, a: datetime, b: datetime, c: datetime, cuts: list[Pause]
) -> None:
    first, second, third = sorted((a, b, c))

    assert calendar.worked(first, second, cuts) + calendar.worked(second, third, cuts) == calendar.worked(
        first, third, cuts
    )


@few
@given(calendars(), instants)
def test_the_next_opening_is_open_and_nothing_before_it_is(calendar: Calendar, at: datetime) -> None:
    opening = calendar.next_opening(at)

    assert calendar.is_open(opening)
    assert not calendar.worked(at, opening)


@few
@given(calendars(), instants, st.integers(1, 600), pauses)
def test_a_count_minute_by_minute_gives_the_same(
    calendar: Calendar, at: datetime, minutes: int, cuts: list[Pause]
) -> None:
    start = at.replace(second=0)
    whole = [(a.replace(second=0), b.replace(second=0)) for a, b in cuts]
    zone = ZoneInfo(calendar.zone)

    def is_worked(minute: datetime) -> bool:
        """The wall clock alone: right wherever no change of clocks is near."""
        local = minute.astimezone(zone)
        today = calendar.overrides.get(local.date())
        if today is None:
            today = () if local.date() in calendar.holidays else calendar.week.get(local.weekday(), ())
        clock = local.hour * 60 + local.minute
        return any(a <= clock < b for a, b in today) and not any(a <= minute < b for a, b in whole)

    counted = 0
    for n in range(minutes):
        minute = start + n * MINUTE
        if changes_clocks(zone, minute.astimezone(zone).date()):
            return
        counted += is_worked(minute)

    assert calendar.worked(start, start + minutes * MINUTE, whole) == counted * MINUTE


def changes_clocks(zone: ZoneInfo, day: date) -> bool:
    offsets = {
        datetime(day.year, day.month, day.day, tzinfo=zone).replace(hour=hour).utcoffset()
        for hour in range(24)
    }
    return (
        len(offsets) > 1
        or datetime.combine(day + timedelta(days=1), datetime.min.time(), zone).utcoffset() not in offsets
    )
