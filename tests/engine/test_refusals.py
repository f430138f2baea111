import asyncio
import json

import pytest

from pomost.engine.line import CONTROL_PER_MINUTE_MAX, QUEUE_BYTES_MAX
from pomost.engine.live import EVENTS_WAITING_MAX, STREAMS_OF_ONE_MAX
from pomost.wire.carrier import FRAME_BYTES_MAX
from pomost.wire.shape import JSON_BYTES_MAX

from .desk import SESSION, TESS
from .scene import COOKIE, OWN, PAGE, Scene, settled
from .sockets import HOST, SOON_SECONDS, listening, opened

pytestmark = pytest.mark.anyio

HELLO = {"say": "hello", "protocol": 1, "language": "pl", "app_version": "1"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no json", "not JSON"),
        ("[]", "must be an object"),
        ('{"say": 5}', "field “say”"),
        ('{"say": "open_sesame"}', "no message “open_sesame”"),
        ('{"say": "beat", "counted_inputs": 1, "dropped_inputs": 1}', "must be hello"),
        (json.dumps(HELLO | {"admin": True}), "no field “admin”"),
        (json.dumps(HELLO | {"protocol": "1"}), "hello.protocol must be a whole number, not a text"),
        (json.dumps(HELLO | {"protocol": True}), "not true or false"),
        (json.dumps(HELLO | {"language": "de"}), "must be one of ru, pl, en"),
        (json.dumps(HELLO | {"app_version": "1" * 41}), "41 characters long"),
        (json.dumps(HELLO | {"protocol": 99}), "Load the app or the page anew"),
        ('{"say": "hello", "say": "hello"}', "a key stands twice"),
        ("[" * 60_000, "not JSON"),
        ('"' + "x" * JSON_BYTES_MAX + '"', f"at most {JSON_BYTES_MAX} are allowed"),
    ],
    ids=lambda text: text[:30],
)
async def test_a_malformed_hello_is_refused_with_a_sentence(scene: Scene, text: str, why: str) -> None:
    agent = await opened(scene.engine.app, "/acme/agent/ws")
    agent.text(text)

    assert why in await agent.refused()


async def test_a_frame_before_any_call_is_refused(scene: Scene) -> None:
    agent = await scene.app()
    agent.frame(b"x")

    assert "call first" in await agent.refused()


async def test_a_grant_before_any_call_is_refused(scene: Scene) -> None:
    agent = await scene.app()
    agent.say("grant", level="act")

    assert "call first" in await agent.refused()


async def test_a_frame_while_it_rings_is_refused_and_ends_the_call(scene: Scene) -> None:
    agent = await scene.ringing()
    agent.frame(b"x")

    assert "nobody is across" in await agent.refused()
    assert scene.desk.hung_up_sessions == [SESSION]


async def test_a_second_call_on_one_line_is_refused(scene: Scene) -> None:
    agent = await scene.ringing()
    agent.say("call", technician=TESS, caller_name="Ada")

    assert "in a call already" in (await agent.hear("refused"))["why"]


async def test_a_second_hello_is_refused(scene: Scene) -> None:
    agent = await scene.app()
    agent.text(json.dumps(HELLO))

    assert "said once" in await agent.refused()


async def test_an_oversized_frame_is_refused(scene: Scene) -> None:
    agent, _ = await scene.granted()
    agent.frame(b"x" * (FRAME_BYTES_MAX + 1))

    assert "at most" in await agent.refused()


async def test_a_flood_of_control_messages_is_refused(scene: Scene) -> None:
    agent, _ = await scene.granted()
    for _ in range(CONTROL_PER_MINUTE_MAX + 1):
        agent.say("beat", counted_inputs=0, dropped_inputs=0)

    assert "in a minute" in await agent.refused()


async def test_an_unknown_vendor_has_no_list(scene: Scene) -> None:
    agent = await opened(scene.engine.app, "/nobody/agent/ws")
    agent.text(json.dumps(HELLO))

    assert await agent.refused() == "There is no such desk."


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"cookie": COOKIE}, "own pages"),
        ({"cookie": COOKIE, "origin": "https://evil.example"}, "own pages"),
        ({"cookie": COOKIE, "origin": f"https://{HOST}.evil.example"}, "own pages"),
        ({"cookie": COOKIE, "origin": f"https://{HOST}:8443"}, "own pages"),
        ({"cookie": COOKIE, "origin": "null"}, "own pages"),
        ({"origin": f"https://{HOST}"}, "Sign in"),
        ({"cookie": "sessionid=stolen", "origin": f"https://{HOST}"}, "Sign in"),
    ],
    ids=[
        "no origin",
        "other site",
        "longer host",
        "other port",
        "opaque origin",
        "no cookie",
        "wrong cookie",
    ],
)
async def test_only_our_own_page_of_a_signed_in_technician_opens_a_session(
    scene: Scene, headers: dict[str, str], why: str
) -> None:
    await scene.ringing()
    viewer = await opened(scene.engine.app, f"/acme/viewer/{SESSION}/ws", **headers)

    assert why in await viewer.refused()


async def test_another_technician_does_not_get_the_session(scene: Scene) -> None:
    await scene.ringing()
    viewer = await opened(scene.engine.app, f"/acme/viewer/{SESSION}/ws", **OWN | {"cookie": "sessionid=o"})
    viewer.say("hello", protocol=1, page=PAGE)

    assert "another technician" in await viewer.refused()


async def test_a_session_is_not_found_under_another_vendor(scene: Scene) -> None:
    await scene.ringing()
    viewer = await opened(scene.engine.app, f"/bolt/viewer/{SESSION}/ws", **OWN)
    viewer.say("hello", protocol=1, page=PAGE)

    assert "cannot be opened again" in await viewer.refused()


async def test_a_page_cannot_grant(scene: Scene) -> None:
    _, viewer = await scene.matched()
    viewer.say("grant", level="act")

    assert "no message “grant”" in await viewer.refused()


async def test_a_web_page_of_another_site_cannot_be_an_app(scene: Scene) -> None:
    agent = await opened(scene.engine.app, "/acme/agent/ws", origin="https://evil.example")

    assert "another site" in await agent.refused()


async def test_a_slow_reader_loses_its_line_and_the_other_end_does_not_wait(scene: Scene) -> None:
    agent, viewer = await scene.granted()
    await settled()
    viewer.takes.clear()
    frames = QUEUE_BYTES_MAX // FRAME_BYTES_MAX + 2
    for _ in range(frames):
        agent.frame(b"x" * FRAME_BYTES_MAX)
    await settled()
    agent.say("withdraw", level_now="look")
    await settled()
    viewer.takes.set()

    assert "reads too slowly" in (await viewer.hear("refused"))["why"]
    assert await viewer.closed() == 1013
    assert not (await agent.hear("peer"))["joined"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"cookie": COOKIE}, 200),
        ({"cookie": COOKIE, "sec-fetch-site": "same-origin"}, 200),
        ({"cookie": COOKIE, "sec-fetch-site": "same-site"}, 403),
        ({"cookie": COOKIE, "sec-fetch-site": "cross-site"}, 403),
        ({"cookie": COOKIE, "origin": "https://evil.example"}, 403),
        ({}, 403),
    ],
)
async def test_who_may_listen_to_the_board(scene: Scene, headers: dict[str, str], status: int) -> None:
    assert (await listening(scene.engine.app, "/acme/live", **headers)).status == status


async def test_too_many_open_pages_are_refused(scene: Scene) -> None:
    for _ in range(STREAMS_OF_ONE_MAX):
        assert (await scene.console()).status == 200

    assert (await scene.console()).status == 429


async def test_a_page_that_does_not_listen_is_closed(scene: Scene) -> None:
    console = await scene.console()
    console.takes.clear()
    scene.engine.hub.board_changed("acme")
    await settled()
    for number in range(EVENTS_WAITING_MAX + 1):
        scene.engine.hub.board_changed("acme")
        scene.engine.live.publish("acme", "session", {"session": str(number)})
    console.takes.set()

    async with asyncio.timeout(SOON_SECONDS):
        await console.task
