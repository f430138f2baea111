"""The order in which the desk comes to know of things, and how often, makes no difference."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pomost.rules.clocks import EVENTS, Event, in_order
from pomost.rules.promises import clock_states
from pomost.rules.terms.parts import RunningPromise
from vendors import odd, shipped

START = datetime(2026, 6, 15, 6, tzinfo=UTC)
CASES: list[Sequence[RunningPromise]] = [
    *(
        shipped("centaur").promises_for(package, severity)
        for package in ("basic", "extended")
        for severity in ("low", "medium", "critical")
    ),
    *(shipped("kryzhik").promises_for(each.id) for each in shipped("kryzhik").packages),
    odd().promises_for("gold", "fire"),
    odd().promises_for("silver", "calm"),
]
events = st.lists(
    st.builds(
        Event,
        st.sampled_from(sorted(EVENTS)),
        # Few moments, so that many things happen at the same one.
        st.integers(0, 40).map(lambda quarter: START + timedelta(minutes=15 * quarter)),
    ),
    max_size=14,
)


@given(data=st.data(), case=st.sampled_from(CASES), happened=events)
def test_any_order_and_any_doubling_gives_the_same_clocks(
    data: st.DataObject, case: Sequence[RunningPromise], happened: list[Event]
) -> None:
    now = START + timedelta(hours=data.draw(st.integers(0, 40)))
    doubled = happened + data.draw(
        st.lists(st.sampled_from(happened or [Event("work.began", START)]))
    ) * bool(happened)
    shuffled = data.draw(st.permutations(doubled))

    assert clock_states(case, shuffled, now) == clock_states(case, happened, now)


@given(happened=events)
def test_the_order_is_by_the_moment_and_each_stands_once(happened: list[Event]) -> None:
    ordered = in_order(happened)

    assert [event.at for event in ordered] == sorted(event.at for event in ordered)
    assert len(ordered) == len(set(happened))


@given(case=st.sampled_from(CASES), happened=events, hours=st.integers(0, 40))
def test_what_lies_ahead_changes_nothing_yet(
    case: Sequence[RunningPromise], happened: list[Event], hours: int
) -> None:
    now = START + timedelta(hours=hours)
    known = [event for event in happened if event.at <= now]

    assert clock_states(case, happened, now) == clock_states(case, known, now)
