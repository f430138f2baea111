import threading

import pytest

from .desk import SESSION, TESS
from .scene import Scene, settled

pytestmark = pytest.mark.anyio


async def test_a_technician_is_there_while_a_page_is_open(scene: Scene) -> None:
    console = await scene.console()
    assert scene.desk.presences == [(TESS, True)]
    await console.drop()
    await scene.later(4)
    assert scene.desk.presences == [(TESS, True)]
    await scene.later(1)

    assert scene.desk.presences == [(TESS, True), (TESS, False)]


async def test_going_from_page_to_page_is_not_leaving(scene: Scene) -> None:
    first = await scene.console()
    await first.drop()
    await scene.later(4)
    await scene.console()
    await scene.later(60)

    assert scene.desk.presences == [(TESS, True)]


async def test_two_pages_are_one_presence(scene: Scene) -> None:
    first = await scene.console()
    await scene.console()
    await first.drop()
    await scene.later(60)

    assert scene.desk.presences == [(TESS, True)]


async def test_a_change_on_the_board_reaches_only_that_vendors_pages(scene: Scene) -> None:
    console = await scene.console()
    scene.engine.hub.board_changed("bolt")
    scene.engine.hub.board_changed("acme")
    scene.engine.hub.end("unknown", "nothing happens")
    await settled()

    assert await console.event() == ("board", {})
    assert console.outward.empty()


async def test_the_desk_may_speak_from_another_thread(scene: Scene) -> None:
    console = await scene.console()
    thread = threading.Thread(target=scene.engine.hub.board_changed, args=("acme",))
    thread.start()

    assert await console.event() == ("board", {})
    thread.join()


async def test_the_technicians_pages_follow_the_session(scene: Scene) -> None:
    console = await scene.console()
    agent, _ = await scene.granted()
    states: list[str] = []
    while not states or states[-1] != "granted":
        name, data = await console.event()
        if name == "session":
            states.append(data["state"])
    agent.say("end", why="Done.")
    while (last := await console.event())[1].get("state") != "ended":
        pass

    assert states == ["joined", "granted"]
    assert last[1]["session"] == SESSION


async def test_when_the_server_stops_everybody_is_away(scene: Scene) -> None:
    console = await scene.console()
    await scene.engine.stop()
    await console.task

    assert scene.desk.presences == [(TESS, True), (TESS, False)]


async def test_the_desk_may_speak_before_the_engine_runs(scene: Scene) -> None:
    await scene.engine.stop()

    scene.engine.hub.board_changed("acme")
