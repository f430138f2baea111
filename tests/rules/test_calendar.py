"""A desk's calendar at its edges: daylight saving, split days, pauses, horizons and what nobody has confirmed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pomost.rules.calendar import Calendar, NeverDue, NotPromised, Span

WARSAW = ZoneInfo("Europe/Warsaw")
HOUR = timedelta(hours=1)
NOTHING = timedelta(0)

OFFICE = {weekday: [(9 * 60, 17 * 60)] for weekday in range(5)}


def warsaw(
    day: int, hour: int = 0, minute: int = 0, *, month: int = 3, second: int = 0, fold: int = 0
) -> datetime:
    """March 2026 unless said otherwise: the 2nd is a Monday, clocks go forward in the night to Sunday the 29th."""
    return datetime(2026, month, day, hour, minute, second, tzinfo=WARSAW, fold=fold)


def office(**more: object) -> Calendar:
    return Calendar("Europe/Warsaw", OFFICE, **more)  # type: ignore[arg-type]


# Conventions 1 and 6: closing instants and zero amounts


def test_an_amount_that_ends_at_closing_is_due_at_closing_not_next_morning() -> None:
    assert office().add(warsaw(2, 15), 2 * HOUR) == warsaw(2, 17)


def test_an_amount_used_up_backward_at_an_opening_ends_at_that_opening() -> None:
    assert office().add(warsaw(3, 10), -HOUR) == warsaw(3, 9)


@pytest.mark.parametrize(
    ("start", "then"),
    [
        pytest.param(warsaw(2, 12), warsaw(2, 12), id="open: stays"),
        pytest.param(warsaw(2, 9), warsaw(2, 9), id="opening: stays"),
        pytest.param(warsaw(2, 17), warsaw(3, 9), id="closing counts as outside"),
        pytest.param(warsaw(7, 12), warsaw(9, 9), id="Saturday to Monday"),
    ],
)
def test_a_zero_amount_moves_to_the_next_opening_from_outside_only(start: datetime, then: datetime) -> None:
    assert office().add(start, NOTHING) == then
    assert office().next_opening(start) == then


@pytest.mark.parametrize(
    ("start", "then"),
    [
        pytest.param(warsaw(3, 12), warsaw(3, 12), id="open: stays"),
        pytest.param(warsaw(3, 17), warsaw(3, 17), id="closing: stays"),
        pytest.param(warsaw(3, 9), warsaw(2, 17), id="opening: the evening before"),
        pytest.param(warsaw(8, 12), warsaw(6, 17), id="Sunday to Friday"),
    ],
)
def test_a_zero_amount_backward_moves_to_the_last_closing_from_outside_only(
    start: datetime, then: datetime
) -> None:
    assert office().add(start, NOTHING, backward=True) == then


# Convention 2: daylight saving


@pytest.mark.parametrize(("day", "month", "hours"), [(29, 3, 23), (25, 10, 25), (28, 3, 24)])
def test_a_day_without_closing_has_as_many_hours_as_really_pass(day: int, month: int, hours: int) -> None:
    start = warsaw(day, month=month)

    assert Calendar.always("Europe/Warsaw").worked(
        start, Calendar.always("Europe/Warsaw").end_of_day(start.date())
    ) == (hours * HOUR)


def test_an_opening_that_the_spring_change_skips_stands_for_the_offset_before() -> None:
    night = Calendar("Europe/Warsaw", {6: [(150, 240)]})  # 02:30 does not exist that Sunday

    assert night.hours_on(date(2026, 3, 29)) == (Span(warsaw(29, 3, 30), warsaw(29, 4)),)


def test_hours_that_the_spring_change_pushes_over_each_other_count_once() -> None:
    split = Calendar("Europe/Warsaw", {6: [(120, 165), (180, 240)]})  # 02:00-02:45 becomes 03:00-03:45

    assert split.worked(warsaw(29), warsaw(30)) == HOUR


def test_hours_that_the_spring_change_turns_round_are_none() -> None:
    night = Calendar("Europe/Warsaw", {6: [(150, 195)]})  # 02:30 becomes 03:30, after 03:15

    assert night.hours_on(date(2026, 3, 29)) == ()


def test_a_wall_clock_time_that_comes_twice_is_its_first_occurrence() -> None:
    night = Calendar("Europe/Warsaw", {6: [(150, 240)]})

    assert night.hours_on(date(2026, 10, 25))[0].start == warsaw(25, 2, 30, month=10, fold=0)
    assert night.worked(warsaw(25, month=10), warsaw(26, month=10)) == 2.5 * HOUR


def test_answers_carry_the_zone_of_the_calendar() -> None:
    due = office().add(datetime(2026, 3, 2, 14, tzinfo=UTC), HOUR)

    assert due.isoformat() == "2026-03-02T16:00:00+01:00"


# Conventions 3, 4 and 7: seconds, reversed intervals, overrides


def test_fractions_of_a_second_are_kept() -> None:
    start = warsaw(2, 16, 59, second=59).replace(microsecond=999_999)

    due = office().add(start, timedelta(microseconds=3))

    assert due == warsaw(3, 9).replace(microsecond=2)
    assert office().worked(start, due) == timedelta(microseconds=3)


def test_a_reversed_interval_holds_no_working_time() -> None:
    assert office().worked(warsaw(3, 12), warsaw(2, 12)) == NOTHING


def test_an_override_wins_over_a_holiday_and_the_week() -> None:
    monday, saturday, tuesday = date(2026, 3, 2), date(2026, 3, 7), date(2026, 3, 3)
    calendar = office(
        holidays=[monday, tuesday],
        overrides={monday: [(600, 660)], saturday: [(540, 600)], date(2026, 3, 4): []},
    )

    assert calendar.hours_on(monday) == (Span(warsaw(2, 10), warsaw(2, 11)),)
    assert [day for day in range(2, 9) if calendar.is_working_day(date(2026, 3, day))] == [2, 5, 6, 7]


def test_a_day_may_be_split() -> None:
    lunch = Calendar("Europe/Warsaw", {0: [(14 * 60, 18 * 60), (9 * 60, 13 * 60)]})

    assert lunch.add(warsaw(2, 12), 2 * HOUR) == warsaw(2, 15)
    assert [lunch.is_open(warsaw(2, hour)) for hour in (8, 9, 13, 14, 18)] == [
        False,
        True,
        False,
        True,
        False,
    ]


# Convention 8: pauses


def test_a_pause_moves_the_due_time_by_its_working_part_only() -> None:
    overnight = (warsaw(2, 16), warsaw(3, 10))  # one hour before closing, one after opening

    assert office().add(warsaw(2, 9), 8 * HOUR, [overnight]) == warsaw(3, 11)


def test_an_amount_used_up_as_a_pause_begins_is_due_then() -> None:
    assert office().add(warsaw(2, 9), HOUR, [(warsaw(2, 10), warsaw(2, 12))]) == warsaw(2, 10)


def test_overlapping_reversed_and_past_pauses_count_for_what_they_cover() -> None:
    pauses = [
        (warsaw(2, 11), warsaw(2, 13)),
        (warsaw(2, 12), warsaw(2, 14)),
        (warsaw(2, 16), warsaw(2, 15)),
        (warsaw(1, 10), warsaw(1, 12)),
        (warsaw(2, 8), warsaw(2, 10)),
    ]

    assert office().add(warsaw(2, 9), 2 * HOUR, pauses) == warsaw(2, 15)
    assert office().worked(warsaw(2, 9), warsaw(2, 15), pauses) == 2 * HOUR


def test_a_start_inside_a_pause_waits_for_its_end() -> None:
    assert office().add(warsaw(2, 11), NOTHING, [(warsaw(2, 10), warsaw(2, 12))]) == warsaw(2, 12)
    assert office().add(warsaw(2, 10), NOTHING, [(warsaw(2, 10), warsaw(2, 18))]) == warsaw(3, 9)


def test_going_backward_cuts_pauses_out_too() -> None:
    pauses = [(warsaw(2, 10), warsaw(2, 12)), (warsaw(2, 14), warsaw(2, 15)), (warsaw(4, 9), warsaw(4, 10))]

    assert office().add(warsaw(2, 16), -3 * HOUR, pauses) == warsaw(2, 12)
    assert office().add(warsaw(2, 16), -4 * HOUR, pauses) == warsaw(2, 9)
    assert office().add(warsaw(2, 15), NOTHING, pauses, backward=True) == warsaw(2, 14)


# What is refused


def test_nothing_is_promised_past_the_last_confirmed_day() -> None:
    calendar = office(confirmed_until=date(2026, 3, 6))  # a Friday

    assert calendar.add(warsaw(6, 16), HOUR) == warsaw(6, 17)
    with pytest.raises(
        NotPromised, match=r"2026-03-09.*Europe/Warsaw.*2026-03-06.*Confirm the calendar of 2026"
    ):
        calendar.add(warsaw(6, 16), 2 * HOUR)
    with pytest.raises(NotPromised, match="2026-03-09"):
        calendar.next_opening(warsaw(7, 12))
    with pytest.raises(NotPromised, match="2026-03-09"):
        calendar.working_day_after(date(2026, 3, 5), 2)


def test_the_midnight_that_ends_the_last_confirmed_day_may_still_be_promised() -> None:
    round_the_clock = Calendar(
        "Europe/Warsaw", {4: [(0, 1440)], 5: [(0, 1440)]}, confirmed_until=date(2026, 3, 6)
    )

    assert round_the_clock.add(warsaw(6, 23), HOUR) == warsaw(7)
    with pytest.raises(NotPromised):
        round_the_clock.add(warsaw(6, 23), HOUR + timedelta(microseconds=1))


def test_measuring_past_the_last_confirmed_day_is_no_promise() -> None:
    assert office(confirmed_until=date(2026, 3, 6)).worked(warsaw(9, 9), warsaw(9, 10)) == HOUR


@pytest.mark.parametrize("year", [1850, 9999])
def test_a_confirmation_for_ever_is_refused_with_what_to_write_instead(year: int) -> None:
    with pytest.raises(ValueError, match="Leave the date out"):
        office(confirmed_until=date(year, 12, 31))


def test_never_due_names_what_is_unspent_and_what_to_check() -> None:
    calendar = Calendar("Europe/Warsaw", {}, overrides={date(2026, 3, 2): [(540, 720)]})

    with pytest.raises(NeverDue) as refusal:
        calendar.add(warsaw(2, 9), 4 * HOUR)

    assert str(refusal.value) == (
        "1:00:00 of 4:00:00 is still unspent 3660 days after 2026-03-02. "
        "The calendar has too few working hours there: check its weekdays and holidays."
    )


def test_never_due_holds_backward_and_for_openings() -> None:
    calendar = Calendar("Europe/Warsaw", {}, overrides={date(2026, 3, 2): [(540, 720)]})

    with pytest.raises(NeverDue, match=r"1:00:00 of 4:00:00 is still unspent 3660 days before 2026-03-02"):
        calendar.add(warsaw(2, 18), -4 * HOUR)
    with pytest.raises(NeverDue, match=r"No hours open within 3660 days after 2026-03-03"):
        calendar.next_opening(warsaw(3, 9))
    with pytest.raises(NeverDue, match=r"No hours open within 3660 days before 2026-03-01"):
        calendar.add(warsaw(1, 9), NOTHING, backward=True)
    with pytest.raises(NeverDue, match=r"1 of 2 working days are still to come 3660 days after 2026-03-01"):
        calendar.working_day_after(date(2026, 3, 1), 2)


def test_the_horizon_does_not_depend_on_what_was_asked_before() -> None:
    calendar = Calendar(
        "Europe/Warsaw", {}, overrides={date(2026, 3, 2): [(540, 720)], date(2040, 3, 2): [(540, 720)]}
    )
    calendar.worked(warsaw(2, 9), datetime(2041, 1, 1, tzinfo=WARSAW))  # lays out every year between

    with pytest.raises(NeverDue):
        calendar.add(warsaw(2, 9), 4 * HOUR)
    with pytest.raises(NeverDue):
        calendar.add(datetime(2040, 3, 2, 12, tzinfo=WARSAW), -4 * HOUR)


def test_an_amount_may_cross_many_years() -> None:
    assert Calendar.always("UTC").add(datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=3000)) == datetime(
        2034, 3, 20, tzinfo=UTC
    )
    assert Calendar.always("UTC").add(datetime(2034, 3, 20, tzinfo=UTC), timedelta(days=-3000)) == datetime(
        2026, 1, 1, tzinfo=UTC
    )


@pytest.mark.parametrize("year", [1899, 2200, 9998])
def test_years_nobody_means_are_refused(year: int) -> None:
    with pytest.raises(ValueError, match="Check the date"):
        office().add(datetime(year, 6, 1, tzinfo=UTC), HOUR)


def test_the_first_and_last_years_still_answer() -> None:
    assert office().add(datetime(1900, 1, 2, 12, tzinfo=WARSAW), HOUR) == datetime(
        1900, 1, 2, 13, tzinfo=WARSAW
    )
    with pytest.raises(NeverDue, match="after 2199-12-02"):
        office().add(datetime(2199, 12, 2, 12, tzinfo=WARSAW), 9_000 * HOUR)
    with pytest.raises(NeverDue, match="before 1900-02-02"):
        office().add(datetime(1900, 2, 2, 12, tzinfo=WARSAW), -9_000 * HOUR)


def test_a_naive_datetime_is_refused_with_the_reason() -> None:
    with pytest.raises(ValueError, match=r"has no time zone\. Give an aware datetime"):
        office().add(datetime(2026, 3, 2, 12), HOUR)  # noqa: DTZ001


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "../etc/passwd", ""])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="There is no time zone"):
        Calendar(zone, OFFICE)


@pytest.mark.parametrize(
    ("week", "what"),
    [
        pytest.param({7: [(0, 60)]}, "Weekday 7 does not exist", id="eighth day"),
        pytest.param({0: [(60, 60)]}, "from minute 60 to minute 60", id="empty"),
        pytest.param({0: [(120, 60)]}, "from minute 120 to minute 60", id="over midnight"),
        pytest.param({0: [(-1, 60)]}, "from minute -1", id="before the day"),
        pytest.param({0: [(0, 1441)]}, "to minute 1441", id="after the day"),
        pytest.param({0: [(0, 60), (59, 90)]}, "one ends at minute 60, the next begins at 59", id="overlap"),
    ],
)
def test_hours_that_cannot_be_are_refused_with_the_values(
    week: dict[int, list[tuple[int, int]]], what: str
) -> None:
    with pytest.raises(ValueError, match=what):
        Calendar("Europe/Warsaw", week)


# Days


def test_working_days_are_counted_between_and_after_dates() -> None:
    calendar = office(holidays=[date(2026, 3, 4)])

    assert calendar.working_days(date(2026, 3, 2), date(2026, 3, 8)) == 4
    assert calendar.working_days(date(2026, 3, 8), date(2026, 3, 2)) == 0
    assert calendar.working_day_after(date(2026, 3, 3), 1) == date(2026, 3, 5)
    assert calendar.working_day_after(date(2026, 3, 4), 0) == date(2026, 3, 4)
    with pytest.raises(ValueError, match="-1 working days"):
        calendar.working_day_after(date(2026, 3, 4), -1)


def test_the_end_of_a_day_and_the_local_date_are_the_desk_s() -> None:
    assert office().end_of_day(date(2026, 3, 2)) == warsaw(3)
    assert office().local_date(datetime(2026, 3, 2, 23, 30, tzinfo=UTC)) == date(2026, 3, 3)


def test_calendars_are_values() -> None:
    assert office() == office()
    assert hash(office()) == hash(office())
    assert office() != office(holidays=[date(2026, 3, 2)])
    assert Calendar.always("UTC") is Calendar.always("UTC")


def test_many_additions_are_the_single_ones() -> None:
    starts = [warsaw(2, 9), warsaw(7, 12), warsaw(2, 17)]
    amounts = [HOUR, -HOUR, NOTHING]

    assert office().add_many(starts, amounts) == [warsaw(2, 10), warsaw(6, 17) - HOUR, warsaw(3, 9)]
    with pytest.raises(ValueError, match="argument 2 is longer"):
        office().add_many(starts[:1], amounts)
