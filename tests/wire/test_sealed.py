from collections.abc import Callable
from contextlib import suppress

import pytest

from pomost.wire.errors import LocalProtocolError, RemoteProtocolError
from pomost.wire.levels import Side
from pomost.wire.sealed import (
    COUNTER_MAX,
    HANDSHAKE_FRAME_BYTES_MAX,
    PLAIN_MARK,
    PLAINTEXT_BYTES_MAX,
    Plain,
    Sealed,
    Stage,
)

from .ends import End, MakeViewer, PythonEnd, opened, pump


@pytest.fixture
def agent() -> PythonEnd:
    return PythonEnd(Side.AGENT)


def test_both_ends_come_to_the_same_words_and_an_open_lock(make_viewer: MakeViewer, agent: PythonEnd) -> None:
    viewer = make_viewer()
    opened(viewer, agent)

    assert viewer.words == agent.words
    assert viewer.words is not None
    assert len(viewer.words) == 4


def test_messages_pass_both_ways_in_order(make_viewer: MakeViewer, agent: PythonEnd) -> None:
    viewer = make_viewer()
    opened(viewer, agent)
    agent.take(*viewer.seal(b"one", b"two", b"three"))
    viewer.take(*agent.seal(b"een", b"", b"x" * 70_000))

    assert agent.messages == [b"one", b"two", b"three"]
    assert viewer.messages == [b"een", b"", b"x" * 70_000]


def test_every_session_has_keys_of_its_own(make_viewer: MakeViewer, agent: PythonEnd) -> None:
    first, second, other = make_viewer(), PythonEnd(Side.VIEWER), PythonEnd(Side.AGENT)
    opened(first, agent)
    opened(second, other)
    agent.take(*second.seal(b"from elsewhere"))

    assert agent.refused is not None
    assert agent.messages == []


def test_no_lock_is_drawn_before_the_other_end_has_proved_its_keys(
    make_viewer: MakeViewer, agent: PythonEnd
) -> None:
    viewer = make_viewer()
    revealed = viewer.take(*agent.take(*viewer.start()))

    assert viewer.locked is None
    proof = agent.take(*revealed)
    assert agent.locked == "AES-256-GCM"
    viewer.take(*proof)
    assert viewer.locked == "AES-256-GCM"


@pytest.mark.parametrize(
    "differs", [{"session": "other"}, {"offer": b"another price"}], ids=["session", "offer"]
)
def test_ends_that_hold_different_offers_or_sessions_do_not_open(
    make_viewer: MakeViewer, agent: PythonEnd, differs: dict[str, str | bytes]
) -> None:
    viewer = make_viewer(**differs)
    pump(viewer, agent, to_agent=viewer.start())

    assert viewer.locked is None
    assert agent.locked is None
    assert agent.refused is not None


def test_the_handshake_stays_below_the_size_that_the_relay_lets_pass(agent: PythonEnd) -> None:
    viewer = PythonEnd(Side.VIEWER)
    frames = viewer.start()
    while frames:
        assert max(map(len, frames)) <= HANDSHAKE_FRAME_BYTES_MAX
        frames = agent.take(*frames)
        assert not frames or max(map(len, frames)) <= HANDSHAKE_FRAME_BYTES_MAX
        frames = viewer.take(*frames)


# A server in between.


def between(viewer: End, agent: PythonEnd) -> tuple[PythonEnd, PythonEnd]:
    """A server that makes keys of its own with either end."""
    to_agent, to_viewer = PythonEnd(Side.VIEWER), PythonEnd(Side.AGENT)
    pump(to_agent, agent, to_agent=to_agent.start())
    pump(viewer, to_viewer, to_agent=viewer.start())
    return to_agent, to_viewer


def test_a_server_that_swaps_keys_changes_the_words(make_viewer: MakeViewer, agent: PythonEnd) -> None:
    viewer = make_viewer()
    between(viewer, agent)

    assert viewer.locked == agent.locked == "AES-256-GCM"  # neither end can see it; only the people can
    assert viewer.words != agent.words


def test_the_words_check_can_fail_without_a_server_in_between(
    make_viewer: MakeViewer, agent: PythonEnd
) -> None:
    viewer = make_viewer()
    opened(viewer, agent)

    assert viewer.words == agent.words


def test_a_server_cannot_choose_its_key_after_seeing_the_agents(agent: PythonEnd) -> None:
    honest, greedy = PythonEnd(Side.VIEWER), PythonEnd(Side.VIEWER)
    (commit,) = honest.start()
    greedy.start()
    (reveal_of_agent,) = agent.take(commit)
    reveal_of_greedy = greedy.take(reveal_of_agent)[0]
    agent.take(reveal_of_greedy)

    assert "not the one committed to" in str(agent.refused)
    assert agent.words is None


def test_a_key_sent_back_is_refused(agent: PythonEnd) -> None:
    viewer = PythonEnd(Side.VIEWER)
    (own_reveal, _) = viewer.take(*agent.take(*viewer.start()))
    mirrored = Sealed(Side.VIEWER, "s", b"")
    mirrored.start()
    mirrored._public = own_reveal[2:34]  # its own key is what comes back

    with pytest.raises(RemoteProtocolError, match="mirrors us"):
        mirrored.receive(own_reveal)


@pytest.mark.parametrize("low_order", [bytes(32), b"\x01" + bytes(31)], ids=["zero", "one"])
def test_a_degenerate_key_is_refused(make_viewer: MakeViewer, low_order: bytes) -> None:
    viewer = make_viewer()
    viewer.start()
    sent = viewer.take(bytes([PLAIN_MARK, Plain.REVEAL]) + low_order + bytes(32))

    assert sent == []
    assert viewer.refused is not None


# What a server can do to sealed frames.


def replayed(frames: list[bytes]) -> list[bytes]:
    return [frames[0], frames[0]]


def reordered(frames: list[bytes]) -> list[bytes]:
    return [frames[1], frames[0]]


def dropped(frames: list[bytes]) -> list[bytes]:
    return [frames[1]]


def truncated(frames: list[bytes]) -> list[bytes]:
    return [frames[0][:-1]]


def cut_to_nothing(frames: list[bytes]) -> list[bytes]:
    return [frames[0][:9]]


def altered(frames: list[bytes]) -> list[bytes]:
    return [frames[0][:-1] + bytes([frames[0][-1] ^ 1])]


def renumbered(frames: list[bytes]) -> list[bytes]:
    return [frames[1][:1] + frames[0][1:9] + frames[1][9:]]


def injected(frames: list[bytes]) -> list[bytes]:
    return [b"\x01" + frames[0][1:9] + bytes(40)]


def empty(frames: list[bytes]) -> list[bytes]:
    return [b""]


def unknown(frames: list[bytes]) -> list[bytes]:
    return [b"\x02" + frames[0][1:]]


def second_handshake(frames: list[bytes]) -> list[bytes]:
    return [bytes([PLAIN_MARK, Plain.REVEAL]) + bytes(64)]


def lengthened(frames: list[bytes]) -> list[bytes]:
    return [frames[0] + b"\0"]


Evil = Callable[[list[bytes]], list[bytes]]
EVIL: list[Evil] = [
    replayed, reordered, dropped, truncated, cut_to_nothing, altered, renumbered, injected, empty, unknown,
    second_handshake, lengthened,
]  # fmt: skip


@pytest.mark.parametrize("evil", EVIL, ids=lambda evil: evil.__name__)
def test_the_viewer_refuses_what_a_server_does_to_frames(
    make_viewer: MakeViewer, agent: PythonEnd, evil: Evil
) -> None:
    viewer = make_viewer()
    opened(viewer, agent)
    genuine = agent.seal(b"first", b"second")
    viewer.take(*evil(genuine))

    assert viewer.refused
    assert viewer.messages in ([], [b"first"])
    assert viewer.locked is None
    viewer.take(*agent.seal(b"later"))
    assert b"later" not in viewer.messages


@pytest.mark.parametrize("evil", EVIL, ids=lambda evil: evil.__name__)
def test_the_agent_refuses_what_a_server_does_to_frames(
    make_viewer: MakeViewer, agent: PythonEnd, evil: Evil
) -> None:
    viewer = make_viewer()
    opened(viewer, agent)
    genuine = viewer.seal(b"first", b"second")
    agent.take(*evil(genuine))

    assert agent.refused
    assert agent.messages in ([], [b"first"])
    with pytest.raises(RemoteProtocolError, match="nothing more is taken"):
        agent.sealed.receive(genuine[0])


def test_a_frame_sent_back_to_its_sender_is_refused(make_viewer: MakeViewer, agent: PythonEnd) -> None:
    viewer = make_viewer()
    opened(viewer, agent)
    agent.take(*agent.seal(b"mine"))

    assert "not genuine" in str(agent.refused)


@pytest.mark.parametrize(
    "frame", [b"\0", b"\0\x09" + bytes(32), b"\x01" + bytes(40)], ids=["short", "kind", "early"]
)
def test_what_is_no_frame_of_a_handshake_is_refused(make_viewer: MakeViewer, frame: bytes) -> None:
    viewer = make_viewer()
    viewer.start()
    viewer.take(frame)

    assert viewer.refused


def test_a_first_frame_that_proves_nothing_is_refused(make_viewer: MakeViewer, agent: PythonEnd) -> None:
    viewer = make_viewer()
    revealed = viewer.take(*agent.take(*viewer.start()))
    agent.sealed.receive(revealed[0])
    agent.sealed._sealed_frames = 0
    viewer.take(agent.sealed._sealed(b"\0" + bytes(32)))

    assert "does not prove" in str(viewer.refused)
    assert viewer.locked is None


# Breaks.


def test_after_a_break_the_keys_are_new_and_the_words_the_same(
    make_viewer: MakeViewer, agent: PythonEnd
) -> None:
    viewer = make_viewer()
    opened(viewer, agent)
    words = viewer.words
    lost = [*agent.seal(b"lost on the way"), *agent.seal(b"also lost")]
    pump(viewer, agent, to_agent=viewer.resume(), to_viewer=[*lost, *agent.resume()])
    viewer.take(*agent.seal(b"after the break"))
    agent.take(*viewer.seal(b"and back"))

    assert viewer.messages == [b"after the break"]
    assert agent.messages == [b"and back"]
    assert viewer.words == words == agent.words
    assert viewer.locked == "AES-256-GCM"


def test_either_end_may_notice_the_break_first(make_viewer: MakeViewer, agent: PythonEnd) -> None:
    for end_that_notices in ("viewer", "agent"):
        viewer, agent = make_viewer(), PythonEnd(Side.AGENT)
        opened(viewer, agent)
        if end_that_notices == "viewer":
            pump(viewer, agent, to_agent=viewer.resume())
        else:
            pump(viewer, agent, to_viewer=agent.resume())
        agent.take(*viewer.seal(b"x"))

        assert agent.messages == [b"x"]


def test_many_breaks_in_a_row_end_well(make_viewer: MakeViewer, agent: PythonEnd) -> None:
    viewer = make_viewer()
    opened(viewer, agent)
    for _ in range(5):
        viewer.resume()
        agent.resume()
    pump(viewer, agent, to_agent=viewer.resume(), to_viewer=agent.resume())
    viewer.take(*agent.seal(b"x"))

    assert viewer.messages == [b"x"]


def test_frames_of_before_the_break_cannot_be_played_after_it(
    make_viewer: MakeViewer, agent: PythonEnd
) -> None:
    viewer = make_viewer()
    opened(viewer, agent)
    (old,) = viewer.seal(b"click")
    pump(viewer, agent, to_agent=viewer.resume(), to_viewer=agent.resume())
    agent.take(old)

    assert agent.refused
    assert agent.messages == []


def test_a_stranger_cannot_resume(make_viewer: MakeViewer, agent: PythonEnd) -> None:
    viewer, stranger = make_viewer(), PythonEnd(Side.VIEWER)
    opened(viewer, agent)
    opened(stranger, PythonEnd(Side.AGENT))
    pump(stranger, agent, to_agent=stranger.resume(), to_viewer=agent.resume())

    assert agent.refused
    assert agent.locked is None


def test_a_break_before_there_were_keys_begins_anew(make_viewer: MakeViewer, agent: PythonEnd) -> None:
    viewer = make_viewer()
    agent.take(*viewer.start())
    agent.resume()
    pump(viewer, agent, to_agent=viewer.resume())

    assert viewer.locked == agent.locked == "AES-256-GCM"
    assert viewer.words == agent.words


def test_a_new_beginning_that_is_quicker_than_the_news_of_the_break_counts(
    make_viewer: MakeViewer, agent: PythonEnd
) -> None:
    viewer = make_viewer()
    (lost,) = agent.take(*viewer.start())
    revealed = agent.take(*viewer.resume())
    agent.resume()
    pump(viewer, agent, to_viewer=revealed)

    assert viewer.locked == agent.locked == "AES-256-GCM"
    assert lost not in revealed


@pytest.mark.parametrize("stage", [Stage.PROVING, Stage.OPEN])
def test_once_there_are_keys_a_server_cannot_begin_anew_in_the_viewers_name(
    agent: PythonEnd, stage: Stage
) -> None:
    viewer, server = PythonEnd(Side.VIEWER), PythonEnd(Side.VIEWER)
    frames = viewer.take(*agent.take(*viewer.start()))
    agent.take(*frames[: 1 if stage is Stage.PROVING else 2])
    assert agent.sealed.stage is stage
    agent.take(*server.start())

    assert agent.refused
    assert agent.locked is None


def test_a_server_that_says_begin_again_moves_no_viewer(make_viewer: MakeViewer, agent: PythonEnd) -> None:
    viewer = make_viewer()
    opened(viewer, agent)
    words = viewer.words
    with suppress(LocalProtocolError):  # what Python's viewer says to it; the browser's stays silent
        assert viewer.start() == []

    assert viewer.words == words
    assert viewer.locked == "AES-256-GCM"


# What our own side must not do.


def test_nothing_is_sealed_before_the_keys_are_open() -> None:
    with pytest.raises(LocalProtocolError, match="Nothing is sealed"):
        Sealed(Side.VIEWER, "s", b"").seal(b"x")


def test_a_session_is_begun_once() -> None:
    sealed = Sealed(Side.VIEWER, "s", b"")
    sealed.start()

    with pytest.raises(LocalProtocolError, match="begun already"):
        sealed.start()


def test_a_refused_session_is_not_resumed(agent: PythonEnd) -> None:
    agent.take(b"nonsense")

    with pytest.raises(LocalProtocolError, match="not resumed"):
        agent.resume()


def test_a_key_seals_no_more_frames_than_it_may(agent: PythonEnd) -> None:
    opened(PythonEnd(Side.VIEWER), agent)
    agent.sealed._sealed_frames = COUNTER_MAX

    with pytest.raises(LocalProtocolError, match="Renew the keys"):
        agent.seal(b"x")


def test_the_stage_tells_how_far_the_keys_are(agent: PythonEnd) -> None:
    stages = [agent.sealed.stage]
    opened(PythonEnd(Side.VIEWER), agent)
    stages.append(agent.sealed.stage)

    assert stages == [Stage.IDLE, Stage.OPEN]


def test_the_largest_message_fits_and_a_larger_one_is_our_own_fault(agent: PythonEnd) -> None:
    viewer = PythonEnd(Side.VIEWER)
    opened(viewer, agent)
    viewer.take(*agent.seal(bytes(PLAINTEXT_BYTES_MAX)))

    assert len(viewer.messages[0]) == PLAINTEXT_BYTES_MAX
    with pytest.raises(LocalProtocolError, match="at most"):
        agent.seal(bytes(PLAINTEXT_BYTES_MAX + 1))
    viewer.take(bytes(PLAINTEXT_BYTES_MAX + 30))
    assert viewer.refused
