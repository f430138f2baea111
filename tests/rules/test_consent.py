"""Gates: what must come first, and how far the answers let a session go."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.rules.consent import (
    GateAnswer,
    GateKind,
    Level,
    allowed_level,
    consent_text,
    gates_for,
    open_gates,
)
from pomost.rules.entitlement import Outcome
from vendors import odd, shipped

BONUS = shipped("bonus")
DIRECT = gates_for(BONUS, "direct-connection")
ALL_ACCEPTED = [GateAnswer(gate.id, accepted=True) for gate in DIRECT]


def accepted(*keys: str) -> list[GateAnswer]:
    return [GateAnswer(key, accepted=True) for key in keys]


def test_gates_come_in_the_order_of_the_service() -> None:
    assert [gate.id for gate in DIRECT] == ["price", "readiness", "voice", "backup"]


def test_nothing_is_seen_before_the_price_is_accepted() -> None:
    answers = accepted("readiness", "voice", "backup")

    assert allowed_level(Level.CHANGE_MANY, DIRECT, answers) is Level.NONE


def test_control_waits_for_the_backup_and_looking_does_not() -> None:  # B7
    answers = accepted("price", "readiness", "voice")

    assert allowed_level(Level.CHANGE_MANY, DIRECT, answers) is Level.POINT
    assert allowed_level(Level.CHANGE_MANY, DIRECT, [*answers, *accepted("backup")]) is Level.CHANGE_MANY


def test_a_backup_cannot_be_waived_where_the_terms_do_not_let_it() -> None:  # B7
    answers = [*accepted("price", "readiness", "voice"), GateAnswer("backup", accepted=False, waived=True)]

    assert [gate.id for gate in open_gates(DIRECT, answers)] == ["backup"]


def test_a_backup_can_be_waived_where_the_terms_let_it() -> None:
    gates = gates_for(odd(), "repair")
    answers = [*accepted("agreed"), GateAnswer("copy", accepted=False, waived=True)]

    assert open_gates(gates, answers) == ()
    assert allowed_level(Level.CHANGE_MANY, gates, accepted("agreed")) is Level.ACT


def test_the_last_answer_to_a_gate_counts() -> None:
    answers = [*ALL_ACCEPTED, GateAnswer("price", accepted=False)]

    assert allowed_level(Level.CHANGE_MANY, DIRECT, answers) is Level.NONE


@pytest.mark.parametrize("outcome", [Outcome.INCLUDED, Outcome.FROM_QUOTA])
def test_no_price_is_asked_about_where_there_is_none(outcome: Outcome) -> None:
    kinds = {gate.kind for gate in gates_for(BONUS, "direct-connection", outcome)}

    assert GateKind.PRICE_ACCEPTED not in kinds
    assert GateKind.BACKUP_ATTESTED in kinds


@pytest.mark.parametrize("outcome", [Outcome.PAID, Outcome.ASK_PERSON, Outcome.SOLD_SEPARATELY])
def test_a_price_is_asked_about_wherever_there_may_be_one(outcome: Outcome) -> None:
    assert GateKind.PRICE_ACCEPTED in {gate.kind for gate in gates_for(BONUS, "direct-connection", outcome)}


def test_a_consent_is_to_exact_words_with_the_price_in_them() -> None:
    text = consent_text(BONUS.gate("price"), "ru", price="1 300,00 ₽ в час")

    assert text.text == "Согласие с ценой: 1 300,00 ₽ в час."
    assert text.sha256 == sha256(text.text.encode()).hexdigest()


def test_nobody_agrees_to_a_blank_price() -> None:
    with pytest.raises(ValueError, match="names the price"):
        consent_text(BONUS.gate("price"), "ru")


def test_a_language_that_the_vendor_does_not_use_reads_english() -> None:
    assert consent_text(odd().gate("copy"), "ru").text == "I have a copy."


@given(
    ceiling=st.sampled_from(list(Level)),
    answers=st.lists(
        st.builds(
            GateAnswer,
            st.sampled_from([gate.id for gate in DIRECT]),
            accepted=st.booleans(),
            waived=st.booleans(),
        ),
        max_size=8,
    ),
)
def test_no_answers_ever_lift_a_session_above_its_ceiling(ceiling: Level, answers: list[GateAnswer]) -> None:
    level = allowed_level(ceiling, DIRECT, answers)

    assert level <= ceiling
    held = [gate.before for gate in open_gates(DIRECT, answers)]
    assert all(level < before for before in held)


@given(extra=st.lists(st.sampled_from([gate.id for gate in DIRECT]), max_size=4))
def test_one_more_yes_never_takes_a_level_away(extra: list[str]) -> None:
    before = allowed_level(Level.CHANGE_MANY, DIRECT, accepted(*extra[:-1]))

    assert allowed_level(Level.CHANGE_MANY, DIRECT, accepted(*extra)) >= before
