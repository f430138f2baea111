"""Clocks read from events: they start, pause, stop, reopen and chain as the terms say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pomost.rules.calendar import Calendar
from pomost.rules.clocks import EVENTS, ClockState, Event, Promise, run, run_all

MOSCOW = ZoneInfo("Europe/Moscow")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WEEK = {weekday: [(9 * 60, 17 * 60)] for weekday in range(5)}
DESK = Calendar("Europe/Moscow", WEEK, holidays=[date(2026, 6, 12)])

REACTION = Promise(
    key="reaction",
    clause="§3.2",
    starts=("request.received",),
    stops=("notice.accepted",),
    reopens=("notice.bounced",),
    amount=4 * HOUR,
)
SOLVING = Promise(
    key="solving",
    clause="§4",
    starts=("work.began",),
    stops=("solution.proposed",),
    pauses=("customer.asked",),
    resumes=("customer.answered",),
    reopens=("solution.rejected",),
    amount=4 * HOUR,
    then="stop-work",
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """June 2026 in Moscow; the 8th is a Monday, Friday the 12th a holiday."""
    return datetime(2026, 6, day, hour, minute, tzinfo=MOSCOW)


def ask(promise: Promise, now: datetime, *story: tuple[str, datetime]) -> ClockState:
    return run(promise, DESK, [Event(name, moment) for name, moment in story], now)


def test_a_clock_that_has_not_started_promises_nothing() -> None:
    assert ask(REACTION, at(8, 12), ("request.registered", at(8, 10))) == ClockState()


def test_a_running_clock_says_when_it_is_due_and_what_is_left() -> None:
    state = ask(REACTION, at(8, 11), ("request.received", at(8, 10)))

    assert state == ClockState(started_at=at(8, 10), due_at=at(8, 14), used=HOUR, left=3 * HOUR)


def test_g_c1_one_working_hour_over_a_holiday_and_a_weekend() -> None:
    critical = replace(REACTION, amount=HOUR)

    due = ask(critical, at(11, 16, 30), ("request.received", at(11, 16, 30))).due_at
    told = ask(critical, at(15, 12), ("request.received", at(11, 16, 30)), ("notice.accepted", at(15, 9, 30)))
    late = ask(critical, at(15, 12), ("request.received", at(11, 16, 30)), ("notice.accepted", at(15, 9, 31)))

    assert due == at(15, 9, 30)
    assert (told.met, late.met) == (True, False)


def test_registration_alone_meets_no_promise_of_a_notice() -> None:
    state = ask(REACTION, at(8, 15), ("request.received", at(8, 10)), ("request.registered", at(8, 10)))

    assert state.met is False
    assert state.left == -HOUR


def test_the_first_start_counts() -> None:
    state = ask(REACTION, at(8, 13), ("request.received", at(8, 10)), ("request.received", at(8, 12)))

    assert state.started_at == at(8, 10)


def test_an_action_at_the_due_instant_is_in_time() -> None:
    received = ("request.received", at(8, 13))

    assert ask(REACTION, at(8, 17), received).met is None
    assert ask(REACTION, at(9, 9), received, ("notice.accepted", at(8, 17))).met is True
    assert ask(REACTION, at(8, 17, 1), received).met is False  # used up at closing: the evening is too late


def test_events_after_now_have_not_happened() -> None:
    state = ask(REACTION, at(8, 11), ("request.received", at(8, 10)), ("notice.accepted", at(8, 12)))

    assert state.stopped_at is None
    assert state.met is None


def test_events_may_come_in_any_order() -> None:
    state = ask(REACTION, at(8, 13), ("notice.accepted", at(8, 12)), ("request.received", at(8, 10)))

    assert state.stopped_at == at(8, 12)


def test_a_stop_before_the_start_stops_nothing() -> None:
    state = ask(REACTION, at(8, 13), ("notice.accepted", at(8, 9)), ("request.received", at(8, 10)))

    assert state.stopped_at is None


def test_only_the_first_stop_counts() -> None:
    story = (("request.received", at(8, 10)), ("notice.accepted", at(8, 12)), ("notice.accepted", at(8, 16)))

    assert ask(REACTION, at(9, 9), *story).stopped_at == at(8, 12)


def test_a_bounce_reopens_the_clock_from_the_same_start() -> None:
    story = [("request.received", at(8, 10)), ("notice.accepted", at(8, 11)), ("notice.bounced", at(8, 12))]

    reopened = ask(REACTION, at(8, 13), *story)
    told_again = ask(REACTION, at(8, 16), *story, ("notice.accepted", at(8, 15)))

    assert reopened == ClockState(started_at=at(8, 10), due_at=at(8, 14), used=3 * HOUR, left=HOUR)
    assert told_again.met is False


def test_another_severity_is_judged_from_the_same_receipt() -> None:
    received = ("request.received", at(8, 10))

    critical = ask(replace(REACTION, amount=HOUR), at(8, 10, 30), received)
    medium = ask(replace(REACTION, amount=4 * HOUR), at(8, 10, 30), received)

    assert critical.started_at == medium.started_at
    assert (critical.due_at, medium.due_at) == (at(8, 11), at(8, 14))


# Pauses


def test_while_a_pause_runs_nothing_is_due_and_nothing_is_used() -> None:
    state = ask(SOLVING, at(8, 16), ("work.began", at(8, 10)), ("customer.asked", at(8, 11)))

    assert state == ClockState(
        started_at=at(8, 10), due_at=None, paused_since=at(8, 11), used=HOUR, left=3 * HOUR, met=None
    )


def test_a_pause_that_begins_this_second_is_a_pause() -> None:
    assert ask(
        SOLVING, at(8, 11), ("work.began", at(8, 10)), ("customer.asked", at(8, 11))
    ).paused_since == at(8, 11)


def test_a_resumed_clock_is_due_later_by_the_pause_s_working_time() -> None:
    state = ask(
        SOLVING,
        at(9, 11),
        ("work.began", at(8, 15)),
        ("customer.asked", at(8, 16)),
        ("customer.asked", at(8, 16, 30)),
        ("customer.answered", at(9, 10)),
        ("customer.answered", at(9, 11)),
    )

    assert state.due_at == at(9, 13)
    assert state.used == 2 * HOUR


def test_a_pause_that_began_before_the_clock_counts_from_its_start() -> None:
    state = ask(SOLVING, at(8, 12), ("customer.asked", at(8, 9)), ("work.began", at(8, 10)))

    assert state.paused_since == at(8, 10)
    assert state.left == 4 * HOUR


def test_a_pause_comes_too_late_for_a_broken_promise() -> None:
    story = (("work.began", at(8, 9)), ("customer.asked", at(8, 14)))

    running = ask(SOLVING, at(8, 15), *story)
    stopped = ask(SOLVING, at(8, 16), *story, ("solution.proposed", at(8, 15)))

    assert (running.due_at, running.met) == (at(8, 13), False)
    assert (stopped.due_at, stopped.met) == (at(8, 13), False)


def test_a_pause_that_begins_at_the_very_due_time_moves_nothing() -> None:
    state = ask(SOLVING, at(8, 14), ("work.began", at(8, 10)), ("customer.asked", at(8, 14)))

    assert (state.due_at, state.left) == (at(8, 14), timedelta(0))


def test_a_clock_stopped_in_its_pause_was_met_with_time_left() -> None:
    state = ask(
        SOLVING,
        at(9, 12),
        ("work.began", at(8, 9)),
        ("customer.asked", at(8, 11)),
        ("solution.proposed", at(9, 11)),
    )

    assert (state.met, state.due_at, state.paused_since) == (True, None, None)
    assert state.left == 2 * HOUR


def test_what_happens_after_the_stop_moves_nothing() -> None:
    story = (("work.began", at(8, 9)), ("solution.proposed", at(8, 11)))
    before = ask(SOLVING, at(8, 12), *story)

    assert (
        ask(SOLVING, at(8, 16), *story, ("customer.asked", at(8, 11)), ("customer.answered", at(8, 15)))
        == before
    )
    assert ask(SOLVING, at(8, 16), *story, ("customer.asked", at(8, 12))) == before


def test_an_answer_at_the_very_stop_ends_the_pause() -> None:
    state = ask(
        SOLVING,
        at(8, 16),
        ("work.began", at(8, 9)),
        ("customer.asked", at(8, 11)),
        ("customer.answered", at(8, 14)),
        ("solution.proposed", at(8, 14)),
    )

    assert (state.due_at, state.used, state.met) == (at(8, 16), 2 * HOUR, True)


# What time is counted


def test_elapsed_time_knows_no_closing() -> None:
    state = ask(replace(REACTION, time="elapsed"), at(8, 20), ("request.received", at(8, 16)))

    assert state.due_at == at(8, 20)


def test_metered_time_passes_only_while_a_meter_runs() -> None:
    budget = Promise(
        "budget", "§5", ("work.began",), ("estimate.accepted",), HOUR, time="metered", then="estimate"
    )
    story = [("work.began", at(8, 18)), ("meter.started", at(8, 19)), ("meter.stopped", at(8, 19, 40))]

    before = ask(budget, at(8, 18, 30), *story)
    between = ask(budget, at(8, 22), *story)
    again = ask(budget, at(8, 22, 10), *story, ("meter.started", at(8, 22)))
    spent = ask(budget, at(8, 23), *story, ("meter.started", at(8, 22)))

    assert (before.used, before.due_at) == (timedelta(0), None)
    assert (between.used, between.due_at, between.paused_since) == (40 * MINUTE, None, at(8, 19, 40))
    assert (again.used, again.due_at) == (50 * MINUTE, at(8, 22, 20))
    assert (spent.left, spent.met) == (-40 * MINUTE, False)


# Chains


BEGIN = Promise("begin", "§1", ("request.registered",), ("work.began",), 30 * MINUTE)
ANSWER = Promise("answer", "§2", ("clock:begin",), ("answer.proposed",), 30 * MINUTE)
CAP = Promise("cap", "§3", ("work.began",), ("solution.confirmed",), 4 * HOUR, then="stop-work")


def test_g_k1_a_chain_of_promises() -> None:
    events = [
        Event("request.registered", at(8, 10)),
        Event("work.began", at(8, 10, 20)),
        Event("answer.proposed", at(8, 10, 45)),
    ]

    states = run_all([(ANSWER, DESK), (CAP, DESK), (BEGIN, DESK)], events, at(8, 14, 21))

    assert list(states) == ["answer", "cap", "begin"]

    assert (states["begin"].due_at, states["begin"].met) == (at(8, 10, 30), True)
    assert (states["answer"].due_at, states["answer"].met) == (at(8, 10, 50), True)
    assert (states["cap"].due_at, states["cap"].met) == (at(8, 14, 20), False)


def test_a_chained_clock_waits_for_the_other_to_stop() -> None:
    states = run_all([(BEGIN, DESK), (ANSWER, DESK)], [Event("request.registered", at(8, 10))], at(8, 10, 10))

    assert states["answer"] == ClockState()


def test_a_clock_chained_to_a_promise_that_was_not_made_never_starts() -> None:
    states = run_all([(ANSWER, DESK)], [Event("work.began", at(8, 10))], at(8, 12))

    assert states == {"answer": ClockState()}


def test_a_chain_that_cannot_run_is_refused() -> None:
    circle = replace(BEGIN, starts=("clock:answer",))

    with pytest.raises(ValueError, match="The clocks answer, begin wait for one another"):
        run_all([(circle, DESK), (ANSWER, DESK)], [], at(8, 10))
    with pytest.raises(ValueError, match="answer starts when begin stops, but there is no clock begin"):
        run(ANSWER, DESK, [], at(8, 10))


# Days nobody has confirmed


CONFIRMED = replace(DESK, confirmed_until=date(2026, 6, 8))


def unconfirmed(now: datetime, *story: tuple[str, datetime]) -> ClockState:
    return run(SOLVING, CONFIRMED, [Event(name, moment) for name, moment in story], now)


def test_a_clock_that_would_end_on_an_unconfirmed_day_says_so_instead_of_guessing() -> None:
    state = unconfirmed(at(8, 16), ("work.began", at(8, 15)))

    assert (state.due_at, state.met) == (None, None)
    assert state.unpromised is not None
    assert "confirmed only until 2026-06-08" in state.unpromised


def test_what_stops_on_a_confirmed_day_was_in_time_whatever_follows() -> None:
    began = ("work.began", at(8, 15))

    assert unconfirmed(at(9, 16), began, ("solution.proposed", at(8, 16))).met is True
    assert unconfirmed(at(9, 16), began, ("solution.proposed", at(9, 10))).met is None
    assert (
        unconfirmed(at(9, 16), began, ("customer.asked", at(8, 16)), ("solution.proposed", at(9, 10))).met
        is True
    )


# What is refused


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"starts": ("request.recieved",)}, "starts names 'request.recieved', which is no event"),
        ({"stops": ("clock:begin",)}, "stops names 'clock:begin'"),
        ({"starts": ()}, "an event that starts it and one that stops it"),
        ({"stops": ()}, "an event that starts it and one that stops it"),
        ({"resumes": ()}, "give pauses and resumes together"),
        ({"pauses": ()}, "give pauses and resumes together"),
        ({"stops": ("work.began",)}, "'work.began' is in both starts and stops"),
        ({"reopens": ("solution.proposed",)}, "in both stops and reopens"),
        ({"resumes": ("customer.asked",)}, "in both pauses and resumes"),
        ({"amount": timedelta(0)}, "an amount of 0:00:00 promises nothing"),
        ({"time": "metered"}, "Leave pauses and resumes out"),
    ],
)
def test_a_promise_that_cannot_be_kept_track_of_is_refused(change: dict[str, Any], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        replace(SOLVING, **change)


def test_an_event_has_a_known_name_and_a_zone() -> None:
    with pytest.raises(ValueError, match=r"'ticket\.exploded' is no event"):
        Event("ticket.exploded", at(8, 10))
    with pytest.raises(ValueError, match="has no time zone"):
        Event("work.began", datetime(2026, 6, 8, 10))  # noqa: DTZ001


# Laws


moments = st.integers(0, 14 * 24 * 60).map(
    lambda minutes: datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
stories = st.lists(st.builds(Event, st.sampled_from(sorted(EVENTS)), moments), max_size=12)


@given(stories, moments, st.sampled_from([REACTION, SOLVING, BEGIN, CAP]))
def test_any_story_can_be_told_and_its_numbers_agree(
    events: list[Event], now: datetime, promise: Promise
) -> None:
    state = run(promise, DESK, events, now)

    if state.started_at is None:
        assert state == ClockState()
        return
    assert state.left == promise.amount - state.used
    assert state.used >= timedelta(0)
    if state.due_at is None:
        assert state.met is not False
    elif state.met is True:
        assert state.used <= promise.amount
    if state.met is False:
        assert state.used >= promise.amount


@given(stories, moments, st.integers(1, 10))
@settings(max_examples=60)
def test_a_longer_promise_is_met_whenever_the_shorter_is(
    events: list[Event], now: datetime, hours: int
) -> None:
    short = run(SOLVING, DESK, events, now)
    longer = run(replace(SOLVING, amount=SOLVING.amount + hours * HOUR), DESK, events, now)

    assert longer.met is not False or short.met is False
    if short.due_at and longer.due_at:
        assert longer.due_at > short.due_at
