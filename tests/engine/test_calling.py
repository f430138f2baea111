from collections.abc import Sequence
from datetime import datetime

import pytest

from pomost.engine.gateway import Ended, SessionEvent, ViewerJoined
from pomost.wire.control import Because, Language, Person

from .desk import OFFER, SESSION, TESS
from .scene import Scene, settled
from .sockets import listening, opened, scope

pytestmark = pytest.mark.anyio


async def test_an_app_sees_the_technicians_and_is_told_when_one_comes_or_goes(scene: Scene) -> None:
    agent = await opened(scene.engine.app, "/acme/agent/ws")
    agent.say("hello", protocol=1, language="pl", app_version="1")

    assert [p["presence"] for p in (await agent.hear("people"))["technicians"]] == ["off"]
    console = await scene.console()
    await scene.later(0)
    assert [p["presence"] for p in (await agent.hear("people"))["technicians"]] == ["free"]
    await console.drop()
    await scene.later(5)
    assert [p["presence"] for p in (await agent.hear("people"))["technicians"]] == ["off"]


async def test_waiting_apps_get_a_new_list_when_a_call_begins_and_ends_or_the_desk_says_so(
    scene: Scene,
) -> None:
    waiting = await scene.app()
    calling = await scene.ringing()
    await scene.later(0)
    await waiting.hear("people")
    calling.say("hangup")
    await calling.hear("ended")
    await scene.later(0)
    await waiting.hear("people")
    scene.engine.hub.people_changed("bolt")
    scene.engine.hub.people_changed("acme")
    await scene.later(0)
    await waiting.hear("people")
    await waiting.hear_nothing_but()


async def test_a_change_while_an_app_reads_the_list_is_not_lost(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = scene.desk.people

    async def slowly(vendor: str, language: Language) -> Sequence[Person]:
        found = await read(vendor, language)
        if not scene.desk.presences:
            scene.desk.presences.append((TESS, True))
            scene.engine.hub.people_changed(vendor)
            await settled()
        return found

    await scene.engine.start()
    monkeypatch.setattr(scene.desk, "people", slowly)
    agent = await opened(scene.engine.app, "/acme/agent/ws")
    agent.say("hello", protocol=1, language="pl", app_version="1")

    assert [p["presence"] for p in (await agent.hear("people"))["technicians"]] == ["free"]


async def test_the_list_is_read_again_after_an_end_is_stored_since_only_then_the_technician_is_free(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent, _viewer = await scene.joined()
    await scene.app()
    read, record = scene.desk.people, scene.desk.record
    is_stored: list[bool] = []

    async def noted(vendor: str, language: Language) -> Sequence[Person]:
        is_stored.append(any(isinstance(event, Ended) for event in scene.desk.events))
        return await read(vendor, language)

    async def slowly(session: str, event: SessionEvent, at: datetime) -> None:
        await scene.engine.tick()
        await record(session, event, at)

    monkeypatch.setattr(scene.desk, "people", noted)
    monkeypatch.setattr(scene.desk, "record", slowly)
    agent.say("end", why="Enough.")
    await agent.hear("ended")
    await scene.later(0)

    assert is_stored[-1]


async def test_a_call_rings_on_the_technicians_page(scene: Scene) -> None:
    console = await scene.console()
    await scene.ringing()

    assert await console.event() == ("call", {"session": SESSION, "caller": "Ada"})


async def test_a_taken_call_brings_the_signed_offer_to_both_ends(scene: Scene) -> None:
    agent = await scene.ringing()
    scene.engine.hub.answered(SESSION, OFFER.offer, OFFER.signature)
    viewer = await scene.page()

    assert await agent.hear("offer") == await viewer.hear("offer")
    assert (await agent.hear("peer")) == {"say": "peer", "joined": True, "resumed": False}
    assert scene.desk.events == [ViewerJoined(TESS)]


async def test_a_page_that_is_quicker_than_the_answer_counts_as_the_answer(scene: Scene) -> None:
    agent = await scene.ringing()
    await scene.page()

    await agent.hear("offer")
    assert (await agent.hear("peer"))["joined"]


async def test_a_refused_call_is_told_and_the_list_stays(scene: Scene) -> None:
    scene.desk.refuse_call = "Tess is away until Monday."
    agent = await scene.app()
    agent.say("call", technician=TESS, caller_name="Ada")

    assert (await agent.hear("refused"))["why"] == "Tess is away until Monday."
    scene.desk.refuse_call = None
    agent.say("call", technician=TESS, caller_name="Ada")
    await agent.hear("ringing")


async def test_a_declined_caller_sees_the_list_again_and_may_call_as_a_new_session(scene: Scene) -> None:
    agent = await scene.ringing()
    scene.engine.hub.declined(SESSION, "Tess is in a meeting.")

    assert (await agent.hear("declined"))["why"] == "Tess is in a meeting."
    await scene.later(0)
    await agent.hear("people")
    agent.say("call", technician=TESS, caller_name="Ada")
    assert (await agent.hear("ringing"))["session"] != SESSION


async def test_a_call_nobody_takes_is_given_up_after_two_minutes(scene: Scene) -> None:
    agent = await scene.ringing()
    await scene.later(119)
    await agent.hear_nothing_but()
    await scene.later(1)

    assert "two minutes" in (await agent.hear("declined"))["why"]
    assert scene.desk.hung_up_sessions == [SESSION]


async def test_hanging_up_ends_the_call_and_refuses_the_page_that_comes_late(scene: Scene) -> None:
    agent = await scene.ringing()
    agent.say("hangup")
    await agent.hear("ended")
    viewer = await scene.page()

    assert "cannot be opened again" in await viewer.refused()
    assert scene.desk.hung_up_sessions == [SESSION]


async def test_an_app_that_vanishes_while_it_rings_has_hung_up(scene: Scene) -> None:
    agent = await scene.ringing()
    await agent.drop()

    assert scene.desk.hung_up_sessions == [SESSION]


async def test_a_technician_who_answers_and_does_not_come_is_not_waited_for(scene: Scene) -> None:
    agent = await scene.ringing()
    scene.engine.hub.answered(SESSION, OFFER.offer, OFFER.signature)
    await agent.hear("offer")
    for _ in range(12):
        agent.say("beat", counted_inputs=0, dropped_inputs=0)
        await scene.later(10)

    why = "The technician's page did not open."
    assert (await agent.hear("ended"))["why"] == why
    assert scene.desk.events[-1] == Ended(why, None, 0, Because.PAGE_DID_NOT_OPEN)


async def test_what_a_new_app_is_told(scene: Scene) -> None:
    answer = await listening(scene.engine.app, "/acme/agent.json")
    nobody = await listening(scene.engine.app, "/nobody/agent.json")

    assert answer.status == 200
    assert b'"desk_key":"a2V5"' in (await answer.next())["body"]
    assert nobody.status == 404


@pytest.mark.parametrize(
    ("kind", "path", "handled"),
    [
        ("http", "/acme/live", True),
        ("http", "/acme/agent.json", True),
        ("websocket", "/acme/agent/ws", True),
        ("websocket", "/acme/viewer/3f0c/ws", True),
        ("http", "/acme/board", False),
        ("websocket", "/acme/board", False),
        ("http", "/live", False),
        ("lifespan", "", False),
    ],
)
def test_the_engine_knows_which_addresses_are_its_own(kind: str, path: str, handled: bool) -> None:
    what = scope(kind, path, {}) if kind != "lifespan" else {"type": "lifespan"}

    assert Scene().engine.handles(what) is handled
