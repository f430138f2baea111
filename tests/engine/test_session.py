import pytest

from pomost.engine.gateway import (
    ConsentAnswered,
    Ended,
    InputsCounted,
    LevelAsked,
    LevelGranted,
    LevelWithdrawn,
    LinkBack,
    LinkLost,
    MeterHeld,
    MeterReleased,
    WordsCompared,
)
from pomost.engine.relay import QUIET_BYTES_MAX, QUIET_FRAME_BYTES_MAX
from pomost.wire.carrier import FRAME_BYTES_MAX
from pomost.wire.control import REASONS, AskEstimate, Because, Cost
from pomost.wire.levels import Level, Side

from .desk import SESSION
from .scene import PAGE, Scene, settled
from .sockets import Socket

pytestmark = pytest.mark.anyio

HASH = "0" * 64


async def test_frames_pass_unopened_both_ways(scene: Scene) -> None:
    agent, viewer = await scene.granted()
    agent.frame(b"\x01" * 200_000)
    viewer.frame(b"\x01 input")

    assert await viewer.hear_frame() == b"\x01" * 200_000
    assert await agent.hear_frame() == b"\x01 input"


async def test_only_handshake_sized_frames_pass_before_the_words_match(scene: Scene) -> None:
    agent, viewer = await scene.joined()
    agent.frame(b"h" * 128)
    assert await viewer.hear_frame() == b"h" * 128
    agent.frame(b"h" * 129)

    assert "words match" in await agent.refused()
    assert "protocol does not allow" in (await viewer.hear("ended"))["why"]


@pytest.mark.parametrize(
    ("frame_bytes", "frames"),
    [(QUIET_FRAME_BYTES_MAX + 1, 1), (QUIET_FRAME_BYTES_MAX, 17)],
    ids=["one large", "many"],
)
async def test_an_app_that_sends_much_before_a_grant_is_stopped(
    scene: Scene, frame_bytes: int, frames: int
) -> None:
    assert frame_bytes * frames > QUIET_BYTES_MAX or frame_bytes > QUIET_FRAME_BYTES_MAX
    agent, viewer = await scene.matched()
    for _ in range(frames):
        agent.frame(b"p" * frame_bytes)

    assert "nothing is granted" in await agent.refused()
    await viewer.hear("ended")


async def test_a_letter_passes_before_a_grant(scene: Scene) -> None:
    agent, viewer = await scene.matched()
    agent.frame(b"p" * QUIET_FRAME_BYTES_MAX)

    assert len(await viewer.hear_frame()) == QUIET_FRAME_BYTES_MAX


async def test_after_withdrawal_to_none_no_picture_passes(scene: Scene) -> None:
    agent, viewer = await scene.granted()
    agent.say("withdraw", level_now="none")
    assert (await viewer.hear("withdraw"))["level_now"] == "none"
    agent.frame(b"p" * 100_000)

    assert "nothing is granted" in await agent.refused()


async def test_a_grant_before_the_words_match_is_refused(scene: Scene) -> None:
    agent, _ = await scene.joined()
    agent.say("words", match=True)
    agent.say("grant", level="look")

    assert "words match" in (await agent.hear("refused"))["why"]
    assert LevelGranted(Level.LOOK) not in scene.desk.events


async def test_a_grant_the_desk_refuses_reaches_nobody_and_starts_no_meter(scene: Scene) -> None:
    scene.desk.refuse_events[LevelGranted] = "The package allows looking only (§ 3)."
    agent, viewer = await scene.matched()
    agent.say("grant", level="act")

    assert (await agent.hear("refused"))["why"] == "The package allows looking only (§ 3)."
    await viewer.hear_nothing_but("meter", "words")
    await scene.later(10)
    assert set(scene.desk.readings_ms) == {0}


async def test_differing_words_end_the_session_for_both(scene: Scene) -> None:
    agent, viewer = await scene.joined()
    agent.say("words", match=False)

    assert "words differ" in (await viewer.hear("ended"))["why"]
    assert await agent.closed() == 1000
    assert WordsCompared(Side.AGENT, match=False) in scene.desk.events
    assert isinstance(scene.desk.events[-1], Ended)


async def test_what_the_customer_says_is_stored_as_said(scene: Scene) -> None:
    agent, viewer = await scene.matched()
    agent.say("consent", gate="backup", text_sha256=HASH, accepted=True)
    viewer.say("asked", level="act")
    await settled()
    agent.say("grant", level="act")
    agent.say("beat", counted_inputs=7, dropped_inputs=2)
    agent.say("beat", counted_inputs=7, dropped_inputs=2)
    agent.say("withdraw", level_now="look")
    await viewer.hear("withdraw")

    said = scene.desk.events[3:]
    assert said == [
        ConsentAnswered("backup", HASH, accepted=True),
        LevelAsked(Level.ACT),
        LevelGranted(Level.ACT),
        InputsCounted(7, 2),
        LevelWithdrawn(Level.LOOK),
    ]


async def test_withdrawing_upwards_is_a_broken_protocol(scene: Scene) -> None:
    agent, viewer = await scene.granted("look")
    agent.say("withdraw", level_now="act")

    assert "cannot lead up" in await agent.refused()
    await viewer.hear("ended")


async def test_time_is_counted_from_the_first_grant_and_stored_every_few_seconds(scene: Scene) -> None:
    agent, viewer = await scene.matched()
    await scene.later(9)
    agent.say("grant", level="look")
    await viewer.hear("grant")
    for _ in range(6):
        agent.say("beat", counted_inputs=0, dropped_inputs=0)
        await scene.later(4)

    assert max(scene.desk.readings_ms) == 24_000
    gaps = [b - a for a, b in zip(scene.desk.readings_ms, scene.desk.readings_ms[1:], strict=False)]
    assert max(gaps) < 5_000


async def test_the_same_time_and_each_ends_own_price_is_shown(scene: Scene) -> None:
    agent, viewer = await scene.granted()
    await scene.later(4)
    seen = await agent.hear("meter")
    while (theirs := await viewer.hear("meter"))["metered_ms"] != 4_000:
        pass

    assert seen["metered_ms"] == theirs["metered_ms"]
    assert (seen["cost"]["text"], theirs["cost"]["text"]) == ("200,00 zł", "200,00 zł netto")


async def test_the_meter_is_held_where_the_terms_want_an_estimate(scene: Scene) -> None:
    scene.desk.gate_at_ms = 8_000
    agent, _ = await scene.granted()
    await scene.later(8)
    while not (shown := await agent.hear("meter"))["held"]:
        pass
    await scene.later(15)

    assert (shown["metered_ms"], shown["running"]) == (8_000, False)
    assert MeterHeld(8_000) in scene.desk.events
    assert max(scene.desk.readings_ms) == 8_000


async def asked_estimate(scene: Scene) -> tuple[Socket, Socket]:
    agent, viewer = await scene.granted()
    await scene.later(5)
    cost = Cost(net="600.00", currency="PLN", text="600,00 zł")
    scene.engine.hub.estimate_asked(SESSION, AskEstimate("e1", "3 more hours", HASH, if_yes=cost, if_no=cost))
    await agent.hear("ask_estimate")
    assert (await viewer.hear("estimate"))["state"] == "asked"
    return agent, viewer


async def test_an_accepted_estimate_lets_time_run_again_without_the_wait(scene: Scene) -> None:
    agent, viewer = await asked_estimate(scene)
    await scene.later(12)
    agent.say("estimate", estimate="e1", text_sha256=HASH, accepted=True)
    assert (await viewer.hear("estimate"))["state"] == "accepted"
    await scene.later(4)

    assert MeterReleased(5_000) in scene.desk.events
    assert scene.desk.readings_ms[-1] == 9_000


async def test_a_declined_estimate_ends_the_session_when_the_terms_say_so(scene: Scene) -> None:
    scene.desk.go_on = False
    agent, viewer = await asked_estimate(scene)
    agent.say("estimate", estimate="e1", text_sha256=HASH, accepted=False)

    assert (await viewer.hear("ended")) == {
        "say": "ended",
        "why": "The estimate was declined; nothing is owed.",
        "metered_ms": 5_000,
    }


async def test_an_estimate_accepted_in_the_portal_lets_time_run_again(scene: Scene) -> None:
    agent, viewer = await asked_estimate(scene)

    scene.engine.hub.estimate_decided(SESSION, "e1", accepted=True, go_on=True, why="")

    assert (await viewer.hear("estimate"))["state"] == "accepted"
    while (await agent.hear("meter"))["held"]:
        pass


async def test_an_estimate_declined_in_the_portal_ends_the_session(scene: Scene) -> None:
    agent, _viewer = await asked_estimate(scene)

    scene.engine.hub.estimate_decided(SESSION, "e1", accepted=False, go_on=False, why="Nothing to pay.")

    assert (await agent.hear("ended"))["why"] == "Nothing to pay."


async def test_an_answer_elsewhere_to_another_estimate_changes_nothing(scene: Scene) -> None:
    agent, _viewer = await asked_estimate(scene)
    scene.engine.hub.estimate_decided(SESSION, "e2", accepted=False, go_on=False, why="No.")

    agent.say("estimate", estimate="e1", text_sha256=HASH, accepted=True)

    while (await agent.hear("meter"))["held"]:
        pass


@pytest.mark.parametrize(
    "wrong", [{"estimate": "e2", "text_sha256": HASH}, {"estimate": "e1", "text_sha256": "1" * 64}]
)
async def test_an_answer_to_another_estimate_is_refused(scene: Scene, wrong: dict[str, str]) -> None:
    agent, _ = await asked_estimate(scene)
    agent.say("estimate", accepted=True, **wrong)

    assert "not the one" in (await agent.hear("refused"))["why"]


async def test_a_grant_while_an_estimate_waits_starts_no_meter(scene: Scene) -> None:
    agent, viewer = await asked_estimate(scene)
    agent.say("grant", level="point")
    await viewer.hear("grant")
    await scene.later(10)

    assert max(scene.desk.readings_ms) == 5_000


async def test_a_lost_app_stops_the_meter_and_goes_on_when_it_is_back(scene: Scene) -> None:
    agent, viewer = await scene.granted()
    await scene.later(3)
    await agent.drop()
    assert not (await viewer.hear("peer"))["joined"]
    await scene.later(29)
    agent = await scene.back()

    assert (await agent.hear("state"))["level"] == "look"
    assert (await agent.hear("peer"))["resumed"]
    assert (await viewer.hear("peer"))["resumed"]
    await scene.later(4)
    assert scene.desk.readings_ms[-1] == 7_000
    assert [e for e in scene.desk.events if isinstance(e, LinkLost | LinkBack)] == [
        LinkLost(Side.AGENT),
        LinkBack(Side.AGENT),
    ]


async def test_frames_sent_to_a_lost_end_are_let_fall(scene: Scene) -> None:
    agent, viewer = await scene.granted()
    await viewer.drop()
    assert not (await agent.hear("peer"))["joined"]
    agent.frame(b"sealed with keys that are gone")
    await settled()
    viewer = await scene.page()
    assert (await agent.hear("peer"))["resumed"]
    agent.frame(b"renewed")

    assert await viewer.hear_frame() == b"renewed"


async def test_an_app_that_stays_away_ends_the_session(scene: Scene) -> None:
    agent, viewer = await scene.granted()
    await agent.drop()
    await scene.later(30)

    assert "did not come back within 30 s" in (await viewer.hear("ended"))["why"]
    assert "cannot be opened again" in await (await scene.back()).refused()


async def test_a_technician_who_stays_away_ends_the_session(scene: Scene) -> None:
    agent, viewer = await scene.granted()
    await scene.later(2)
    await viewer.drop()
    await scene.later(20)

    assert "technician left" in (await agent.hear("ended"))["why"]
    assert scene.desk.events[-1] == Ended(
        REASONS[Because.TECHNICIAN_LOST], None, 2_000, Because.TECHNICIAN_LOST
    )


async def test_a_silent_app_is_taken_for_lost(scene: Scene) -> None:
    agent, viewer = await scene.granted()
    for _ in range(20):
        await scene.later(1)

    assert "Nothing was heard" in await agent.refused()
    assert not (await viewer.hear("peer"))["joined"]


async def test_an_engine_that_stood_still_does_not_call_the_app_silent(scene: Scene) -> None:
    _agent, viewer = await scene.granted()
    await scene.later(3_000)
    await scene.later(1)

    await viewer.hear_nothing_but("meter", "grant")


async def test_an_app_without_the_key_of_the_call_does_not_come_back(scene: Scene) -> None:
    agent, viewer = await scene.granted()
    await agent.drop()
    stranger = await scene.back("0" * 64)

    assert "not the app" in await stranger.refused()
    assert (await viewer.hear("peer")) == {"say": "peer", "joined": False, "resumed": False}
    assert LinkBack(Side.AGENT) not in scene.desk.events


async def test_another_page_of_the_same_technician_does_not_get_the_session(scene: Scene) -> None:
    agent, viewer = await scene.granted()
    second = await scene.page("q" * 32)

    assert "Another page holds the keys" in await second.refused()
    agent.frame(b"still")
    assert await viewer.hear_frame() == b"still"


async def test_the_same_page_on_a_newer_line_replaces_the_older(scene: Scene) -> None:
    agent, viewer = await scene.granted()
    newer = await scene.page(PAGE)

    assert "newer line" in await viewer.refused()
    agent.frame(b"for the newer")
    assert await newer.hear_frame() == b"for the newer"


@pytest.mark.parametrize("by", ["agent", "viewer", "desk"])
async def test_whoever_ends_it_both_hear_why_and_nobody_comes_back(scene: Scene, by: str) -> None:
    agent, viewer = await scene.granted()
    await scene.later(6)
    ends = {"agent": agent, "viewer": viewer}
    if by in ends:
        ends[by].say("end", why="Done, thank you.")
    else:
        scene.engine.hub.end(SESSION, "Done, thank you.")

    for end in ends.values():
        assert await end.hear("ended") == {"say": "ended", "why": "Done, thank you.", "metered_ms": 6_000}
        assert await end.closed() == 1000
    assert scene.desk.events[-1] == Ended("Done, thank you.", Side(by) if by in ends else None, 6_000)
    assert scene.desk.readings_ms[-1] == 6_000
    assert "cannot be opened again" in await (await scene.page()).refused()
    assert "cannot be opened again" in await (await scene.back()).refused()


async def test_stopping_the_server_ends_sessions_at_their_last_moment(scene: Scene) -> None:
    agent, _ = await scene.granted()
    await scene.later(3)
    await scene.engine.stop()

    assert "restarted" in (await agent.hear("ended"))["why"]
    assert scene.desk.events[-1] == Ended(REASONS[Because.RESTARTED], None, 3_000, Because.RESTARTED)


async def test_an_id_that_was_used_is_never_opened_again(scene: Scene) -> None:
    agent = await scene.ringing()
    scene.engine.hub.declined(SESSION, "No.")
    await agent.hear("declined")
    scene.desk.sessions = 0
    agent.say("call", technician="tess", caller_name="Ada")

    assert "cannot be opened again" in (await agent.hear("refused"))["why"]


async def test_a_desk_that_cannot_store_ends_the_session_and_grants_nothing(scene: Scene) -> None:
    agent, viewer = await scene.matched()
    scene.desk.broken = True
    agent.say("grant", level="look")

    assert "could not store" in (await viewer.hear("ended"))["why"]
    with pytest.raises(OSError, match="disk is full"):
        await agent.task


async def test_frames_at_the_limit_pass_and_one_byte_more_is_refused(scene: Scene) -> None:
    agent, viewer = await scene.granted()
    agent.frame(b"f" * FRAME_BYTES_MAX)
    assert len(await viewer.hear_frame()) == FRAME_BYTES_MAX
    agent.frame(b"f" * (FRAME_BYTES_MAX + 1))

    assert str(FRAME_BYTES_MAX) in await agent.refused()
    await viewer.hear("ended")
