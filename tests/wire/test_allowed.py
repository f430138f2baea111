import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.wire import peer
from pomost.wire.allowed import Allowed
from pomost.wire.levels import LEVELS_BY_WORD, Level, Side

from .test_peer import FROM_AGENT, FROM_VIEWER

HANDS = (peer.Button, peer.Wheel, peer.KeyStroke, peer.TypedText)


@given(st.lists(st.sampled_from(FROM_AGENT + FROM_VIEWER)))
def test_nothing_of_the_picture_and_no_input_passes_before_a_grant(messages: list[peer.Message]) -> None:
    allowed = Allowed(Level.CHANGE_MANY)
    for message in messages:
        for side in Side:
            if allowed.passes(message, side):
                assert not isinstance(message, (peer.Tiles, peer.Move, peer.Screen, *HANDS))


def test_pointing_lets_the_pointer_pass_and_no_hand() -> None:
    allowed = Allowed(Level.ACT)
    allowed.set(Level.POINT)

    assert allowed.passes(peer.Move(1, 2, 3), Side.VIEWER)
    assert not any(allowed.passes(m, Side.VIEWER) for m in FROM_VIEWER if isinstance(m, HANDS))


def test_the_ceiling_holds_whatever_is_clicked() -> None:
    allowed = Allowed(Level.POINT)

    assert allowed.set(Level.CHANGE_MANY) is Level.POINT
    assert not allowed.passes(peer.KeyStroke(1, down=True, code="KeyA", key="a"), Side.VIEWER)


def test_what_passed_and_what_did_not_is_counted() -> None:
    allowed = Allowed(Level.ACT)
    move, press = peer.Move(1, 2, 3), peer.Button(1, 0, down=True, x=1, y=1)
    allowed.set(Level.POINT)
    allowed.passes(move, Side.VIEWER)
    allowed.passes(press, Side.VIEWER)
    allowed.set(Level.ACT)
    allowed.passes(press, Side.VIEWER)
    allowed.set(Level.NONE)
    allowed.passes(press, Side.VIEWER)

    assert (allowed.taken[Level.POINT], allowed.taken[Level.ACT], allowed.dropped) == (1, 1, 2)
    assert allowed.level is Level.NONE


def test_a_message_of_the_other_side_does_not_pass() -> None:
    allowed = Allowed(Level.ACT)
    allowed.set(Level.ACT)

    assert not allowed.passes(peer.Granted(Level.ACT), Side.VIEWER)


@pytest.mark.parametrize("level", Level)
def test_a_level_is_written_as_its_word(level: Level) -> None:
    assert LEVELS_BY_WORD[level.word] is level


def test_the_other_side_of_the_other_side_is_oneself() -> None:
    assert [side.other.other for side in Side] == list(Side)
