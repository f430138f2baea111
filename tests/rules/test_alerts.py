"""When staff are told: the same clock with another amount, so every rule of clocks holds for alerts too."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.rules.alerts import alerts_ahead
from pomost.rules.clocks import Event
from pomost.rules.promises import clock_states
from pomost.rules.terms.parse import read_terms
from pomost.rules.terms.parts import DESK_ALERTS, Alert, AlertTo, RunningPromise
from pomost.rules.terms.problems import TermsInvalid
from vendors import ODD, no_holidays, odd, shipped

START = datetime(2026, 6, 15, 6, tzinfo=UTC)  # Monday, 9:00 in Moscow
CENTAUR = shipped("centaur")


def reaction(alerts: Sequence[Alert] = DESK_ALERTS) -> RunningPromise:
    """Extended, low: 8 working hours, 9-17 in Moscow."""
    (promise,) = CENTAUR.promises_for("extended", "low")
    return replace(promise, terms=replace(promise.terms, alerts=tuple(alerts)))


def moments(promise: RunningPromise, events: Sequence[Event], now: datetime) -> dict[str, datetime]:
    states = clock_states([promise], events, now)
    state = states[promise.promise.key]
    return {due.alert.step: due.at for due in alerts_ahead(promise, state, events, now, states)}


def test_the_desks_own_alerts_come_in_the_last_quarter_and_when_it_was_missed() -> None:
    received = [Event("request.received", START)]

    assert moments(reaction(), received, START) == {
        "warning:25%": START + timedelta(hours=6),
        "escalation:0s": START + timedelta(hours=8),
    }


def test_they_count_in_the_time_of_the_promise() -> None:
    escalation = Alert("escalation", (AlertTo.OWNER,), seconds=3600)
    found = moments(reaction([escalation]), [Event("request.received", START)], START)

    assert found == {"escalation:3600s": START + timedelta(days=1, hours=1)}  # closed from 17 to 9


def test_a_clock_that_was_stopped_has_none() -> None:
    told = [Event("request.received", START), Event("notice.accepted", START + timedelta(hours=1))]

    assert moments(reaction(), told, START + timedelta(hours=2)) == {}


def test_a_bounce_brings_them_back_from_the_same_start() -> None:
    events = [
        Event("request.received", START),
        Event("notice.accepted", START + timedelta(hours=1)),
        Event("notice.bounced", START + timedelta(hours=7)),
    ]

    found = moments(reaction(), events, START + timedelta(hours=7))

    assert found["warning:25%"] == START + timedelta(hours=6)


def test_after_the_miss_nobody_is_warned_any_more() -> None:
    received = [Event("request.received", START)]

    assert set(moments(reaction(), received, START + timedelta(days=2))) == {"escalation:0s"}


def test_at_the_very_due_time_the_promise_still_holds_and_is_warned_of() -> None:
    received = [Event("request.received", START)]

    assert set(moments(reaction(), received, START + timedelta(hours=8))) == {"warning:25%", "escalation:0s"}


def test_the_odd_file_says_its_own_and_none() -> None:
    call_back, mend = odd().promises_for("gold", "fire")

    assert [alert.step for alert in call_back.terms.alerts] == [
        "warning:600s",
        "warning:50%",
        "escalation:0s",
        "escalation:3600s",
    ]
    assert call_back.terms.alerts[3].to == (AlertTo.DISPATCHER, AlertTo.OWNER)
    assert mend.terms.alerts == ()


@given(
    amount=st.integers(2, 10**6),
    percent=st.integers(1, 99),
    seconds=st.integers(1, 10**5),
)
def test_a_warning_never_comes_after_the_due_moment_nor_an_escalation_before_it(
    amount: int, percent: int, seconds: int
) -> None:
    promised = timedelta(seconds=amount)

    assert timedelta(0) < Alert("warning", (), percent=percent).amount(promised) <= promised
    assert Alert("warning", (), seconds=seconds).amount(promised) < promised
    assert Alert("escalation", (), seconds=seconds).amount(promised) > promised
    assert Alert("escalation", ()).amount(promised) == promised


@given(
    pauses=st.lists(st.integers(0, 40 * 60), min_size=0, max_size=6),
    minutes=st.integers(0, 60 * 60),
)
def test_alerts_stand_in_the_order_of_their_amounts_whatever_pauses(pauses: list[int], minutes: int) -> None:
    promise = reaction(
        [
            Alert("warning", (), percent=50),
            Alert("warning", (), seconds=1800),
            Alert("escalation", ()),
            Alert("escalation", (), seconds=3600),
        ]
    )
    paused = replace(promise.promise, pauses=("customer.asked",), resumes=("customer.answered",))
    events = [Event("request.received", START)]
    for place, at in enumerate(sorted(pauses)):
        name = "customer.answered" if place % 2 else "customer.asked"
        events.append(Event(name, START + timedelta(minutes=at)))

    found = moments(replace(promise, promise=paused), events, START + timedelta(minutes=minutes))

    assert list(found.values()) == sorted(found.values())


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('[[promise.warning]]\nbefore = "20m"\nto = "assignee"', "before the clock begins: gold"),
        ('[[promise.warning]]\nbefore = "100%"\nto = "owner"', "no part of the promised time"),
        ('[[promise.warning]]\nbefore = "0m"\nto = "owner"', "no time at all"),
        ('[[promise.warning]]\nto = "owner"', "This key is missing"),
        ('[[promise.warning]]\nbefore = "5m"', "This key is missing"),
        ('[[promise.warning]]\nbefore = "5m"\nto = "boss"', "“boss” is not known"),
        ("[[promise.escalation]]\nto = []", "The list is empty"),
        ('[[promise.escalation]]\nto = "owner"\nclause = "I.a"', "This key means nothing here"),
        (
            '[[promise.escalation]]\nto = "owner"\n[[promise.escalation]]\nto = "dispatcher"',
            "The same moment stands here twice",
        ),
    ],
)
def test_alerts_that_cannot_be_are_refused_in_a_sentence(lines: str, problem: str) -> None:
    text = odd_without_alerts().replace('gold = "20m"\n', f'gold = "20m"\n\n{lines}\n')

    with pytest.raises(TermsInvalid) as refused:
        read_terms(text.encode(), "odd.toml", no_holidays)

    assert problem in str(refused.value)


def test_nobody_and_somebody_is_refused() -> None:
    text = ODD.read_text(encoding="utf-8").replace(
        'time = "elapsed"\n\n[promise.amounts]', 'time = "elapsed"\nalerts = "none"\n\n[promise.amounts]'
    )

    with pytest.raises(TermsInvalid, match="and yet somebody is named"):
        read_terms(text.encode(), "odd.toml", no_holidays)


def odd_without_alerts() -> str:
    text = ODD.read_text(encoding="utf-8")
    begin = text.index("[[promise.warning]]")
    return text[:begin].rstrip() + "\n\n" + text[text.index("[[promise]]", begin) :]
