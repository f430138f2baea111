"""Which times are offered: laws that hold for any hours, bookings and absences, also when the clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.rules.calendar import Calendar, Span
from pomost.rules.slots import FreeSlot, Line, Taken, free_days, is_free

ZONES = ("Europe/Warsaw", "Europe/Moscow", "America/New_York", "Australia/Lord_Howe")
OWN, FIRST, SECOND = 1, 2, 3
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)).map(  # noqa: DTZ001 (bounds are naive)
    lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    week = {}
    for day in draw(st.sets(st.integers(0, 6), min_size=1)):
        cuts = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=4)))
        week[day] = tuple((a * 15, b * 15) for a, b in zip(cuts[::2], cuts[1::2], strict=False))
    return Calendar(
        draw(st.sampled_from(ZONES)),
        week,
        draw(st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=5)),
    )


@st.composite
def days_of(draw: st.DrawFn) -> tuple[datetime, Taken]:
    now = draw(moments)
    busy: dict[int, list[Span]] = {}
    for key in (OWN, FIRST, SECOND):
        spans = draw(st.lists(st.tuples(st.integers(-600, 6000), st.integers(1, 3000)), max_size=4))
        busy[key] = [Span(now + a * MINUTE, now + (a + b) * MINUTE) for a, b in spans]
    return now, busy


slots = st.sampled_from([timedelta(minutes=m) for m in (15, 30, 60, 90, 240)])
leads = st.sampled_from([timedelta(minutes=m) for m in (0, 30, 60, 1440)])


def all_free(
    calendar: Calendar, slot: timedelta, lead: timedelta, now: datetime, taken: Taken, line: Line
) -> list[tuple[date, FreeSlot]]:
    found = free_days(calendar, slot, lead, line, taken, now=now, days=5, look_ahead=14)
    return [(day, each) for day, free in found for each in free]


BOTH = Line(OWN, (FIRST, SECOND))


@given(calendars(), slots, leads, days_of())
def test_no_slot_overlaps_a_booking_an_absence_or_closed_time(
    calendar: Calendar, slot: timedelta, lead: timedelta, moment: tuple[datetime, Taken]
) -> None:
    now, taken = moment

    for day, free in all_free(calendar, slot, lead, now, taken, BOTH):
        assert free.ends_at - free.starts_at == slot
        assert calendar.worked(free.starts_at, free.ends_at) == slot
        assert is_free(taken[free.technician], free.starts_at, free.ends_at)
        assert free.starts_at >= now + lead
        assert calendar.local_date(free.starts_at) == day


@given(calendars(), slots, leads, days_of())
def test_the_own_technician_comes_first_and_the_line_only_on_days_without_them(
    calendar: Calendar, slot: timedelta, lead: timedelta, moment: tuple[datetime, Taken]
) -> None:
    now, taken = moment
    by_day: dict[date, set[int]] = {}
    for day, free in all_free(calendar, slot, lead, now, taken, BOTH):
        by_day.setdefault(day, set()).add(free.technician)
    alone = {day for day, _free in all_free(calendar, slot, lead, now, taken, Line(OWN, ()))}

    for day, offered in by_day.items():
        assert offered == {OWN} if day in alone else OWN not in offered


@given(calendars(), slots, leads, days_of())
def test_taking_an_offered_slot_takes_it_from_everybody_who_asks_for_the_same_technician(
    calendar: Calendar, slot: timedelta, lead: timedelta, moment: tuple[datetime, Taken]
) -> None:
    now, taken = moment
    offered = all_free(calendar, slot, lead, now, taken, BOTH)
    if not offered:
        return
    _day, chosen = offered[0]
    after = {**taken, chosen.technician: [*taken[chosen.technician], Span(chosen.starts_at, chosen.ends_at)]}

    for _day, free in all_free(calendar, slot, lead, now, after, BOTH):
        assert free.technician != chosen.technician or is_free(
            [Span(chosen.starts_at, chosen.ends_at)], free.starts_at, free.ends_at
        )


@given(calendars(), slots, days_of())
def test_a_longer_lead_never_offers_more(
    calendar: Calendar, slot: timedelta, moment: tuple[datetime, Taken]
) -> None:
    now, taken = moment
    line = Line(None, (FIRST,))
    found = [
        free_days(calendar, slot, lead, line, taken, now=now, days=14, look_ahead=14)
        for lead in (timedelta(0), timedelta(hours=5))
    ]
    soon, late = ({each for _day, free in days for each in free} for days in found)

    assert late <= soon


def test_free_hours_are_offered_with_the_own_technician_first_and_the_line_when_they_are_away() -> None:
    office = Calendar("UTC", dict.fromkeys(range(5), ((540, 660),)))
    monday = datetime(2026, 6, 15, 8, tzinfo=UTC)
    busy: Taken = {OWN: [Span(monday + 25 * HOUR, monday + 27 * HOUR)], FIRST: [], SECOND: []}

    found = free_days(office, HOUR, HOUR, BOTH, busy, now=monday, days=3, look_ahead=14)

    def slot(day: int, hour: int, technician: int) -> FreeSlot:
        starts_at = datetime(2026, 6, day, hour, tzinfo=UTC)
        return FreeSlot(starts_at, starts_at + HOUR, technician)

    assert [(day, list(free)) for day, free in found] == [
        (date(2026, 6, 15), [slot(15, 9, OWN), slot(15, 10, OWN)]),
        (date(2026, 6, 16), [slot(16, 9, FIRST), slot(16, 10, FIRST)]),
        (date(2026, 6, 17), [slot(17, 9, OWN), slot(17, 10, OWN)]),
    ]


def at(zone: str, *when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(("day", "count"), [(29, 3), (28, 4)], ids=["the short night", "an ordinary one"])
def test_a_night_shift_has_an_hour_less_when_the_clocks_go_forward(day: int, count: int) -> None:
    night = Calendar("Europe/Warsaw", dict.fromkeys(range(7), ((0, 240),)))
    now = at("Europe/Warsaw", 2026, 3, day - 1, 12)

    (found,) = free_days(
        night, timedelta(hours=1), timedelta(0), Line(None, (1,)), {}, now=now, days=1, look_ahead=2
    )

    assert (found[0], len(found[1])) == (date(2026, 3, day), count)


def test_nothing_is_offered_past_the_last_day_whose_holidays_are_known() -> None:
    calendar = Calendar("UTC", dict.fromkeys(range(7), ((540, 600),)), confirmed_until=date(2026, 12, 31))
    now = datetime(2026, 12, 30, 12, tzinfo=UTC)

    found = free_days(
        calendar, timedelta(hours=1), timedelta(0), Line(None, (1,)), {}, now=now, days=9, look_ahead=14
    )

    assert [day for day, _free in found] == [date(2026, 12, 31)]


def test_without_anybody_nothing_is_offered() -> None:
    calendar = Calendar.always("UTC")
    now = datetime(2026, 6, 15, tzinfo=UTC)

    assert (
        free_days(
            calendar, timedelta(hours=1), timedelta(0), Line(None, ()), {}, now=now, days=3, look_ahead=3
        )
        == ()
    )
    with pytest.raises(ValueError, match="no time at all"):
        free_days(calendar, timedelta(0), timedelta(0), Line(None, ()), {}, now=now, days=3, look_ahead=3)
