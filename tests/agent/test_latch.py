import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.agent.input import Event
from pomost.agent.latch import OWN_HAND_MS, SILENCE_MS, Latch
from pomost.wire import peer

from .conftest import HandClock

DOWN, UP = peer.Button(0, 0, True, 5, 5), peer.Button(0, 0, False, 5, 5)


class Recorder:
    """An injector that writes down what reaches it."""

    def __init__(self) -> None:
        self.done: list[Event | str] = []
        self.busy_ms = 0

    def inject(self, event: Event, now_ms: int) -> int:
        if not self.busy_ms:
            self.done.append(event)
        return self.busy_ms

    def release_all(self) -> None:
        self.done.append("released")

    def close(self) -> None:
        self.done.append("closed")


@pytest.fixture
def hand() -> Recorder:
    return Recorder()


@pytest.fixture
def latch(hand: Recorder, clock: HandClock) -> Latch:
    return Latch(hand, clock)


def test_it_begins_shut(latch: Latch, hand: Recorder) -> None:
    latch.carry_out(DOWN)
    assert (hand.done, latch.done, latch.dropped) == ([], 0, 1)


def test_open_lets_input_through_and_counts_it(latch: Latch, hand: Recorder) -> None:
    latch.open()
    latch.carry_out(DOWN)
    assert (hand.done, latch.done, latch.dropped) == ([DOWN], 1, 0)


def test_shutting_releases_what_is_held_before_it_returns(latch: Latch, hand: Recorder) -> None:
    latch.open()
    latch.carry_out(DOWN)
    latch.shut()
    latch.carry_out(UP)
    assert hand.done == [DOWN, "released"]


def test_after_the_end_no_order_opens_it_again(latch: Latch, hand: Recorder) -> None:
    latch.open()
    latch.end()
    latch.open()
    latch.carry_out(DOWN)
    latch.end()
    assert hand.done == ["closed"]


def test_the_customers_own_hand_wins_for_half_a_second(
    latch: Latch, hand: Recorder, clock: HandClock
) -> None:
    latch.open()
    latch.carry_out(DOWN)
    latch.own_hand()
    clock.ms += OWN_HAND_MS - 1
    latch.carry_out(UP)
    assert hand.done == [DOWN, "released"]
    clock.ms += 1
    latch.carry_out(DOWN)
    assert hand.done == [DOWN, "released", DOWN]


def test_a_silent_app_leaves_nothing_held(latch: Latch, hand: Recorder, clock: HandClock) -> None:
    latch.open()
    latch.heard()
    latch.carry_out(DOWN)
    clock.ms += SILENCE_MS
    latch.check_silence()
    assert hand.done == [DOWN]
    clock.ms += 1
    latch.check_silence()
    latch.check_silence()
    assert hand.done == [DOWN, "released"]


def test_what_cannot_be_done_yet_is_neither_done_nor_dropped(latch: Latch, hand: Recorder) -> None:
    latch.open()
    hand.busy_ms = 60
    assert latch.carry_out(DOWN) == 60
    assert (latch.done, latch.dropped) == (0, 0)


def test_a_stop_from_another_thread_does_not_wait_for_a_flood(latch: Latch, hand: Recorder) -> None:
    latch.open()
    flooding, stopped = threading.Event(), threading.Event()

    def flood() -> None:
        while not stopped.is_set():
            latch.carry_out(DOWN)
            flooding.set()

    thread = threading.Thread(target=flood)
    thread.start()
    flooding.wait()
    latch.end()
    after = len(hand.done)
    stopped.set()
    thread.join()
    assert hand.done[-1] == "closed"
    assert len(hand.done) == after


orders = st.lists(
    st.sampled_from(["open", "shut", "end", "own_hand", "input", "later", "silence"]), max_size=40
)


@given(orders)
def test_whatever_happens_input_passes_only_while_open_and_before_the_end(orders: list[str]) -> None:
    hand, clock = Recorder(), HandClock()
    latch = Latch(hand, clock)
    may, ended, own_until_ms = False, False, clock.ms
    for order in orders:
        before = hand.done.count(DOWN)
        match order:
            case "open":
                latch.open()
                may = not ended
            case "shut":
                latch.shut()
                may = False
            case "end":
                latch.end()
                may, ended = False, True
            case "own_hand":
                latch.own_hand()
                own_until_ms = clock.ms + OWN_HAND_MS
            case "later":
                clock.ms += 300
            case "silence":
                latch.check_silence()
            case _:
                latch.carry_out(DOWN)
        passed = hand.done.count(DOWN) - before
        assert passed == (order == "input" and may and clock.ms >= own_until_ms)
