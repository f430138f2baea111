import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.agent.guard_pipe import (
    FRAME_BYTES_MAX,
    Alive,
    BadPipe,
    Bar,
    Counted,
    Failed,
    Frames,
    Input,
    Message,
    Open,
    Pointer,
    Ready,
    Shut,
    Stopped,
    StoppedBy,
    framed,
)
from pomost.wire import peer
from pomost.wire.levels import Level, Side

BAR = Bar("Ewa", "EP", "sees the screen", 1, "0:01:00", "is counted", "0,00 zł", "§ 3", "", "End")
ALL: list[Message] = [
    Open(),
    Shut(),
    Alive(),
    BAR,
    Pointer(1, 2, "Ewa"),
    Ready("Ctrl+Alt+Pause"),
    Stopped(StoppedBy.HOT_KEY),
    Counted(3, 4),
    Failed("no screen"),
    Input(peer.Move(1, 2, 3)),
    Input(peer.Button(1, 0, True, 2, 3)),
    Input(peer.Wheel(1, -120, 240, 2, 3)),
    Input(peer.KeyStroke(1, True, "KeyA", "ą")),
    Input(peer.TypedText(1, "Квартплата")),
    Input(peer.ReleaseAll()),
]


def raw(kind: int, body: bytes) -> bytes:
    return struct.pack(">IB", len(body) + 1, kind) + body


@given(st.lists(st.integers(1, 40), max_size=60))
def test_messages_survive_any_cutting_of_the_stream(cuts: list[int]) -> None:
    stream = b"".join(framed(message) for message in ALL)
    frames, read = Frames(), []
    for cut in cuts:
        read += frames.feed(stream[:cut])
        stream = stream[cut:]
    assert [*read, *frames.feed(stream)] == ALL


@given(st.binary(max_size=200))
def test_hostile_bytes_are_refused_or_waited_for_but_never_crash(data: bytes) -> None:
    with contextlib.suppress(BadPipe):
        for message in Frames().feed(data):
            assert Frames().feed(framed(message)) == [message]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (struct.pack(">IB", FRAME_BYTES_MAX + 1, 1), "has 1 to 65536 bytes"),
        (struct.pack(">IB", 0, 1), "has 1 to 65536 bytes"),
        (struct.pack(">IB", 1, 77), "no message of kind 77"),
        (raw(1, b"[]"), "exactly the fields none"),
        (raw(8, b'{"by": "x"'), "not JSON"),
        (raw(8, b'{"by": "x"}'), "names no way to stop"),
        (raw(9, b'{"done": true, "dropped": 4}'), "done is a bool"),
    ],
)
def test_a_broken_frame_is_refused_with_what_is_wrong(frame: bytes, says: str) -> None:
    with pytest.raises(BadPipe, match=says):
        Frames().feed(frame)


def test_only_input_can_be_put_into_an_input_frame() -> None:
    body = peer.encode(peer.Ask(Level.ACT), Side.VIEWER)
    with pytest.raises(BadPipe, match="Ask is no input"):
        Frames().feed(raw(3, body))


def test_a_picture_is_no_input_either() -> None:
    body = peer.encode(peer.Cursor(1, 2, True, 0), Side.AGENT)
    with pytest.raises(BadPipe, match="malformed"):
        Frames().feed(raw(3, body))
