"""A calendar edited while clocks run: what was used stays used, what was promised and kept stays kept (convention 5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pomost.rules.calendar import Calendar, NotPromised
from pomost.rules.clocks import Event, Promise, run
from pomost.rules.edits import Shift, shifts
from pomost.rules.timetable import us_of

HOUR = timedelta(hours=1)
ZONE = ZoneInfo("Europe/Warsaw")
FIRST = datetime(2026, 3, 20, tzinfo=UTC)
PLAIN = ((9 * 60, 17 * 60),)


def office(*closed: date, early: date | None = None, confirmed_until: date | None = None) -> Calendar:
    """Return an office open from 9 to 17 on weekdays; on `early` only until noon."""
    overrides = {early: [(540, 720)]} if early else {}
    return Calendar(
        "Europe/Warsaw",
        dict.fromkeys(range(5), PLAIN),
        holidays=closed,
        overrides=overrides,
        confirmed_until=confirmed_until,
    )


def march(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


TUESDAY = date(2026, 3, 3)


def test_a_holiday_that_is_added_moves_only_the_rest() -> None:
    calendar = office().changed(march(2, 12), office(TUESDAY))

    assert calendar.worked(march(2, 10), march(2, 12)) == 2 * HOUR
    assert calendar.add(march(2, 10), 10 * HOUR) == march(4, 12)
    assert office().add(march(2, 10), 10 * HOUR) == march(3, 12)


def test_a_day_that_is_cut_short_from_now_on_keeps_the_hours_it_had_until_then() -> None:
    calendar = office().changed(march(3, 13), office(early=TUESDAY))

    assert calendar.hours_on(TUESDAY) == ((march(3, 9), march(3, 13)),)
    assert calendar.worked(march(3, 9), march(3, 17)) == 4 * HOUR
    assert calendar.add(march(3, 11), 4 * HOUR) == march(4, 11)
    assert calendar.add_many([march(3, 11)] * 3, [4 * HOUR] * 3) == [march(4, 11)] * 3
    assert calendar.is_working_day(TUESDAY)


def test_a_holiday_that_is_declared_when_the_day_is_over_changes_nothing() -> None:
    calendar = office().changed(march(4, 8), office(TUESDAY))

    assert calendar.hours_on(TUESDAY) == office().hours_on(TUESDAY)
    assert calendar.is_working_day(TUESDAY)
    assert calendar.add(march(2, 16), 2 * HOUR) == march(3, 10)


def test_changes_of_one_day_hold_one_after_the_other() -> None:
    calendar = office().changed(march(3, 10), office(TUESDAY)).changed(march(3, 14), office())

    assert calendar.worked(march(3, 9), march(3, 17)) == 4 * HOUR
    assert [(span.start.hour, span.end.hour) for span in calendar.hours_on(TUESDAY)] == [(9, 10), (14, 17)]
    assert calendar.known_at(march(3, 12)).worked(march(3, 9), march(3, 17)) == HOUR
    assert calendar.known_at(march(3, 9)) == office()


def test_a_year_that_is_confirmed_later_gives_its_promises_a_due_time() -> None:
    until_monday = office(confirmed_until=date(2026, 3, 2))
    calendar = until_monday.changed(march(2, 12), office(confirmed_until=date(2026, 12, 31)))

    with pytest.raises(NotPromised):
        until_monday.add(march(2, 10), 10 * HOUR)
    assert calendar.add(march(2, 10), 10 * HOUR) == march(3, 12)


REACTION = Promise("reaction", "3.1", ("request.received",), ("notice.accepted",), 10 * HOUR)
STORY = (Event("request.received", march(2, 10)), Event("notice.accepted", march(2, 12)))


def test_a_clock_that_had_stopped_keeps_its_due_time_and_its_verdict() -> None:
    calendar = office().changed(march(2, 13), office(TUESDAY))

    assert run(REACTION, calendar, STORY, march(5, 9)) == run(REACTION, office(), STORY, march(5, 9))


def test_a_clock_that_runs_keeps_what_it_used_and_gets_a_later_due_time() -> None:
    before = run(REACTION, office(), STORY[:1], march(2, 12))
    after = run(REACTION, office().changed(march(2, 12), office(TUESDAY)), STORY[:1], march(2, 12))

    assert (before.used, before.due_at) == (2 * HOUR, march(3, 12))
    assert (after.used, after.due_at) == (2 * HOUR, march(4, 12))


@pytest.mark.parametrize(
    ("at", "to", "what"),
    [
        (march(2, 12).replace(tzinfo=None), office(), "no time zone"),
        (march(2, 12), Calendar("Europe/Moscow", {}), "not its zone"),
        (march(2, 9), office(), "in order"),
        (march(2, 12), office().changed(march(2, 9), office()), "without what was before"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(at: datetime, to: Calendar, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        office().changed(march(2, 10), office(TUESDAY)).changed(at, to)


day_hours = st.lists(st.integers(0, 48).map(lambda n: n * 30), max_size=4, unique=True).map(
    lambda edges: list(zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False))
)
days = st.integers(0, 24).map(lambda n: FIRST.date() + timedelta(days=n))
instants = st.integers(0, 24 * 86_400).map(lambda seconds: FIRST + timedelta(seconds=seconds))
amounts = st.integers(1, 60 * 3600).map(lambda seconds: timedelta(seconds=seconds))
few = settings(max_examples=40, deadline=None)


@st.composite
def edits(draw: st.DrawFn) -> tuple[Calendar, Calendar, datetime]:
    """Return a calendar, what it is edited to, and when."""
    zone = draw(st.sampled_from(("Europe/Warsaw", "Asia/Kathmandu", "Australia/Lord_Howe")))
    week = {weekday: draw(day_hours) for weekday in range(7)}
    week[2] = list(PLAIN)
    old, new = (
        Calendar(
            zone,
            week,
            holidays=draw(st.sets(days, max_size=3)),
            overrides=draw(st.dictionaries(days, day_hours, max_size=3)),
        )
        for _ in range(2)
    )
    return old, new, draw(instants)


@few
@given(edits(), instants, instants)
def test_time_before_the_edit_counts_as_before_and_time_after_it_as_the_new_calendar_says(
    edit: tuple[Calendar, Calendar, datetime], one: datetime, other: datetime
) -> None:
    old, new, at = edit
    start, end = sorted((one, other))
    calendar = old.changed(at, new)

    assert calendar.worked(start, end) == old.worked(start, min(end, at)) + new.worked(max(start, at), end)


@few
@given(edits(), instants, amounts, amounts)
def test_in_an_edited_calendar_too_a_longer_promise_is_never_due_earlier(
    edit: tuple[Calendar, Calendar, datetime], start: datetime, amount: timedelta, more: timedelta
) -> None:
    old, new, at = edit
    calendar = old.changed(at, new)
    due = calendar.add(start, amount)

    assert due < calendar.add(start, amount + more)
    assert calendar.worked(start, due) == amount
    assert calendar.add_many([start, start], [amount, amount + more]) == [
        due,
        calendar.add(start, amount + more),
    ]


@few
@given(edits(), st.lists(st.tuples(instants, amounts), min_size=1, max_size=8))
def test_the_rest_of_a_clock_is_due_when_the_whole_clock_would_be(
    edit: tuple[Calendar, Calendar, datetime], clocks: list[tuple[datetime, timedelta]]
) -> None:
    old, new, at = edit
    edited = old.changed(at, new)
    running = [(start, old.add(start, amount)) for start, amount in clocks]

    stretches = shifts(at, old, edited, max(due_at for _start, due_at in running))

    for (start, amount), (_start, due_at) in zip(clocks, running, strict=True):
        whole = edited.add(start, amount)
        if due_at <= at:
            assert (after(stretches, due_at), whole) == (None, due_at)
        elif start > at:  # computed by the old calendar without knowing: it has no rest and is asked whole
            assert whole == new.add(start, amount)
        else:
            assert after(stretches, due_at) == (whole, amount - old.worked(start, at))


@few
@given(edits(), st.lists(instants, max_size=40))
def test_stretches_lie_in_order_and_keep_the_order_of_due_times(
    edit: tuple[Calendar, Calendar, datetime], moments: list[datetime]
) -> None:
    old, new, at = edit

    found = shifts(at, old, old.changed(at, new), max([at, *moments]))

    assert all(each.after_us < each.through_us for each in found)
    for one, next_one in pairwise(found):
        assert one.through_us <= next_one.after_us
        assert one.through_us + one.by_us <= next_one.after_us + next_one.by_us
        assert next_one.left_us - one.left_us == next_one.through_us - next_one.after_us


def after(stretches: list[Shift], due_at: datetime) -> tuple[datetime, timedelta] | None:
    """Return when a clock is due after the edit and what was left of it; None: no stretch covers it."""
    us = us_of(due_at)
    for shift in stretches:
        if shift.after_us < us <= shift.through_us:
            left = timedelta(microseconds=shift.left_us - shift.through_us + us)
            return due_at.astimezone(UTC) + timedelta(microseconds=shift.by_us), left
    return None


def test_a_rest_beyond_the_confirmed_year_is_in_no_stretch() -> None:
    old, new = (office(*closed, confirmed_until=date(2026, 3, 3)) for closed in ((), (TUESDAY,)))

    found = shifts(march(2, 12), old, old.changed(march(2, 12), new), march(3, 12))

    assert after(found, march(2, 14)) == (march(2, 14), 2 * HOUR)
    assert after(found, march(3, 12)) is None


@few
@given(edits(), instants, amounts)
def test_an_edit_that_changes_nothing_changes_nothing(
    edit: tuple[Calendar, Calendar, datetime], start: datetime, amount: timedelta
) -> None:
    old, _new, at = edit

    assert old.changed(at, old).add(start, amount) == old.add(start, amount)
