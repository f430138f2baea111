import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.wire.carrier import CarrierClosed
from pomost.wire.errors import LocalProtocolError
from pomost.wire.life import LOST, METERED, STEPS, WITH_BOTH_ENDS, State, Step, after, can
from pomost.wire.meter import Meter


def test_nothing_leads_out_of_the_end() -> None:
    assert not any(state is State.ENDED for state, _ in STEPS)


@pytest.mark.parametrize("state", [state for state in State if state is not State.ENDED])
def test_every_session_can_be_ended_at_once(state: State) -> None:
    assert after(state, Step.END) is State.ENDED


def test_time_is_counted_only_after_a_grant_with_both_ends_there() -> None:
    ways_in = {
        (state, step) for (state, step), then in STEPS.items() if then in METERED and state not in METERED
    }

    assert ways_in == {
        (State.JOINED, Step.GRANT),
        (State.HELD, Step.GO_ON),
        (State.GRANTED_LOST, Step.RETURN),
    }


def test_to_be_held_a_session_must_have_been_granted() -> None:
    assert {state for (state, step) in STEPS if step is Step.HOLD} == {
        State.GRANTED, State.GRANTED_LOST, State.HELD, State.HELD_LOST,
    }  # fmt: skip


@given(st.lists(st.sampled_from(Step)))
def test_no_sequence_counts_time_without_a_grant_or_comes_back_from_the_end(steps: list[Step]) -> None:
    state, granted, ended = State.RINGING, False, False
    for step in steps:
        if can(state, step):
            state = after(state, step)
        granted = granted or (step is Step.GRANT and state in (State.GRANTED, State.HELD))
        ended = ended or state is State.ENDED
        assert granted or state not in METERED
        assert not ended or state is State.ENDED


def test_losing_and_returning_leads_back_to_the_same_place() -> None:
    for (state, step), lost in STEPS.items():
        if step is Step.LOSE:
            assert lost in LOST
            assert after(lost, Step.RETURN) is state


def test_frames_pass_only_where_no_end_is_lost() -> None:
    assert not LOST & WITH_BOTH_ENDS


def test_an_impossible_step_is_our_own_fault() -> None:
    with pytest.raises(LocalProtocolError, match="“ended” cannot take the step “grant”"):
        after(State.ENDED, Step.GRANT)


def test_a_lost_carrier_says_why() -> None:
    assert CarrierClosed("The link broke.").why == "The link broke."


# The meter.


def test_the_meter_counts_only_while_it_runs() -> None:
    meter = Meter()
    meter.run(True, 1_000)
    meter.run(False, 4_000)
    meter.run(True, 10_000)

    assert meter.counted_ms(10_500) == 3_500


def test_saying_the_same_twice_changes_nothing() -> None:
    meter = Meter()
    for now_ms in (0, 100, 200):
        meter.run(True, now_ms)

    assert meter.counted_ms(300) == 300


@given(st.lists(st.tuples(st.integers(0, 10_000), st.booleans())))
def test_the_meter_never_goes_back_and_never_outruns_the_clock(moves: list[tuple[int, bool]]) -> None:
    meter, now_ms, counted = Meter(), 0, 0
    for passed_ms, counting in moves:
        now_ms += passed_ms
        before = counted
        counted = meter.counted_ms(now_ms)
        assert before <= counted <= before + passed_ms
        meter.run(counting, now_ms)
        assert meter.counted_ms(now_ms) == counted
        assert meter.running is counting


def test_time_that_goes_back_is_refused() -> None:
    meter = Meter()
    meter.run(True, 1_000)

    with pytest.raises(LocalProtocolError, match="999 ms after 1000 ms"):
        meter.counted_ms(999)
