"""A whole session: the real app in its windows, the real engine over real sockets, a technician with the page's protocol."""

import asyncio
import threading
import time
import tkinter as tk
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from tkinter import ttk
from typing import Any, TypeVar

import pytest
from Xlib import display

from pomost.agent.app import App
from pomost.agent.windows.stage import Stage
from pomost.engine import gateway as desk_events
from pomost.wire import control, peer
from pomost.wire.clock import SystemClock
from pomost.wire.levels import Level

from .conftest import XServer
from .desk import VENDOR, Desk, gate
from .technician import Technician

T = TypeVar("T")
PATIENCE_S = 20


class Customer:
    """The app in a thread of its own, and a person in front of it who presses what is shown."""

    def __init__(self, desk: Desk, tk_server: XServer, folder: Path) -> None:
        self.desk = desk
        environment = {"XDG_CONFIG_HOME": str(folder), "LANG": "pl_PL.UTF-8", "USER": "ada"}
        self.app = App(desk.address, SystemClock(), display_name=tk_server.name, environment=environment)
        self.screen = display.Display(tk_server.name)
        self._drawn = threading.Condition()
        self._thread = threading.Thread(target=self.app.run)
        self._watch_drawing()
        self._thread.start()

    def _watch_drawing(self) -> None:
        """Learn of each new view, so that nobody has to poll for it."""
        show = self.app.show

        def shown(view: Any) -> None:
            show(view)
            self.app._wake.post(self._tell)

        self.app._conversation._face.show = shown  # type: ignore[method-assign]

    def _tell(self) -> None:
        with self._drawn:
            self._drawn.notify_all()

    def on_stage(self, look: Callable[[Stage], T]) -> T:
        """Do something in Tk's thread and return what came of it."""
        answer: Future[T] = Future()

        def do() -> None:
            stage = self.app._stage
            assert stage is not None
            answer.set_result(look(stage))

        self.app._wake.post(do)
        return answer.result(PATIENCE_S)

    def reads(self, text: str) -> None:
        """Wait until this text stands in the window."""

        def there(stage: Stage) -> bool:
            waiting: list[Any] = [stage.root]
            for widget in waiting:
                waiting.extend(widget.winfo_children())
            return any(isinstance(widget, tk.Label) and widget["text"] == text for widget in waiting)

        with self._drawn:
            assert self._drawn.wait_for(lambda: self.on_stage_unlocked(there), PATIENCE_S), text

    async def presses(self, text: str) -> None:
        """Press the button or tick the box with this text as soon as it is there."""

        def press(stage: Stage) -> bool:
            waiting: list[Any] = [stage.root]
            for widget in waiting:
                waiting.extend(widget.winfo_children())
                if isinstance(widget, ttk.Button | ttk.Checkbutton) and str(widget["text"]).startswith(text):
                    widget.invoke()
                    return True
            return False

        def wait() -> None:
            with self._drawn:
                assert self._drawn.wait_for(lambda: self.on_stage_unlocked(press), PATIENCE_S), text

        await asyncio.to_thread(wait)

    def on_stage_unlocked(self, look: Callable[[Stage], bool]) -> bool:
        """The same from under the lock that Tk's thread may want meanwhile."""
        self._drawn.release()
        try:
            return self.on_stage(look)
        finally:
            self._drawn.acquire()

    def holds_nothing(self) -> None:
        """Wait until no button and no modifier is down."""
        give_up = time.monotonic() + PATIENCE_S
        while self.pointer()[2]:
            assert time.monotonic() < give_up

    def pointer(self) -> tuple[int, int, int]:
        state = self.screen.screen().root.query_pointer()
        return state.root_x, state.root_y, state.mask & 0x1FFF

    def close(self) -> None:
        self.app.quit()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()
        self.screen.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    desk.gateway.gates = (
        gate("phone", Level.LOOK, "Rozmawiam przez telefon"),
        gate("backup", Level.ACT, "Mam kopię bazy"),
    )
    desk.start()
    yield desk
    desk.stop()


@pytest.fixture
def customer(desk: Desk, tk_server: XServer, tmp_path: Path) -> Iterator[Customer]:
    customer = Customer(desk, tk_server, tmp_path)
    yield customer
    customer.close()


async def called(customer: Customer) -> Technician:
    """The customer calls, the technician takes it, the conditions are accepted."""
    desk = customer.desk
    await customer.presses("Połącz")
    assert await asyncio.to_thread(desk.gateway.called.wait, PATIENCE_S)
    desk.answer()
    technician = Technician(desk.host, VENDOR, desk.gateway.session)
    await technician.join()
    await customer.presses("Rozmawiam przez telefon")
    await customer.presses("Zgadzam się")
    await technician.until(lambda: technician.words is not None)
    return technician


async def matched(customer: Customer) -> Technician:
    technician = await called(customer)
    await customer.presses("Takie same")
    await technician.match()
    await technician.until(lambda: control.Words(match=True) in technician.said)
    return technician


async def looking(customer: Customer) -> Technician:
    technician = await matched(customer)
    await technician.ask(Level.LOOK)
    await customer.presses("Pokaż ekran")
    await technician.until(lambda: technician.exact)
    return technician


async def acting(customer: Customer) -> Technician:
    technician = await looking(customer)
    await technician.ask(Level.ACT)
    await customer.presses("Mam kopię bazy")
    await customer.presses("Pozwól działać")
    await technician.until(lambda: peer.Granted(Level.ACT) in technician.messages)
    return technician


def run(story: Awaitable[None]) -> None:
    async def told() -> None:
        await story

    asyncio.run(told())


def pictures(technician: Technician) -> list[peer.Message]:
    return [
        m
        for m in technician.messages
        if isinstance(m, peer.Screen | peer.Tiles | peer.Cursor | peer.CursorShape)
    ]


def test_no_byte_of_the_picture_leaves_before_the_customer_allows_it(customer: Customer) -> None:
    async def story() -> None:
        technician = await matched(customer)
        await technician.ask(Level.LOOK)
        await technician.send(peer.Move(0, 5, 5))
        await customer.presses("Nie pozwalaj")
        await technician.until(lambda: any(isinstance(m, peer.NotGranted) for m in technician.messages))
        assert pictures(technician) == []
        await technician.leave()

    run(story())


def test_the_technician_sees_the_screen_exactly_and_acts_on_it(customer: Customer) -> None:
    async def story() -> None:
        technician = await acting(customer)
        await technician.send(peer.Move(technician.frame_id, 321, 543))
        await technician.until(
            lambda: peer.Cursor in {type(m) for m in technician.messages if at(m, 321, 543)}
        )
        assert customer.pointer()[:2] == (321, 543)
        await technician.until(lambda: technician.exact)
        await technician.leave()

    def at(message: peer.Message, x: int, y: int) -> bool:
        return isinstance(message, peer.Cursor) and (message.x, message.y) == (x, y)

    run(story())


def test_only_look_on_this_side_stops_the_hands_and_tells_everybody(customer: Customer) -> None:
    async def story() -> None:
        technician = await acting(customer)
        await technician.send(peer.Button(technician.frame_id, 0, True, 300, 700))
        conversation = customer.app._conversation
        conversation.post(lambda: conversation.ask(lambda flow: flow.lower(Level.LOOK)))
        await technician.until(
            lambda: technician.messages[-1] == peer.Granted(Level.LOOK) or lowered(technician)
        )
        await technician.until(lambda: control.Withdraw(Level.LOOK) in technician.said)
        await asyncio.to_thread(customer.holds_nothing)
        await technician.leave()

    def lowered(technician: Technician) -> bool:
        granted = [m.level for m in technician.messages if isinstance(m, peer.Granted)]
        return granted[-1] is Level.LOOK

    run(story())


def test_the_end_reaches_both_sides_and_the_record_tells_the_story(customer: Customer) -> None:
    async def story() -> None:
        technician = await acting(customer)
        customer.app.end()
        await technician.until(lambda: technician.closed)
        assert any(isinstance(m, peer.Bye) for m in technician.messages)
        assert isinstance(technician.said[-1], control.Ended)
        await technician.leave()
        await customer.presses("Wróć do listy")

    run(story())
    kinds = [type(event) for event in customer.desk.gateway.events]
    assert [kind for kind in kinds if kind is not desk_events.InputsCounted] == [
        desk_events.ViewerJoined,
        desk_events.ConsentAnswered,
        desk_events.WordsCompared,
        desk_events.WordsCompared,
        desk_events.LevelGranted,
        desk_events.ConsentAnswered,
        desk_events.LevelGranted,
        desk_events.Ended,
    ]


def test_words_that_differ_close_the_session_on_both_sides(customer: Customer) -> None:
    async def story() -> None:
        technician = await called(customer)
        await customer.presses("Różnią się")
        await technician.until(lambda: technician.closed)
        assert pictures(technician) == []
        await technician.leave()

    run(story())


def test_a_lost_page_stops_the_picture_and_its_return_brings_it_back_with_the_same_words(
    customer: Customer,
) -> None:
    async def story() -> None:
        technician = await looking(customer)
        words = technician.words
        await technician.drop()
        await technician.join()
        await technician.until(lambda: technician.frame_id > 0 and technician.exact)
        assert technician.words == words
        await technician.leave()

    run(story())


def test_an_app_whose_link_breaks_comes_back_and_goes_on(customer: Customer) -> None:
    async def story() -> None:
        technician = await looking(customer)
        technician.forget_picture()
        conversation = customer.app._conversation
        link = conversation._link
        assert link is not None
        conversation.post(link._socket.transport.abort)
        await technician.until(lambda: technician.frame_id > 0 and technician.exact)
        assert control.Peer(joined=False, resumed=False) in technician.said
        await technician.leave()

    run(story())


def test_a_desk_with_another_key_is_told_to_the_customer_and_gets_nothing(
    desk: Desk, tk_server: XServer, tmp_path: Path
) -> None:
    first = Customer(desk, tk_server, tmp_path)
    run(first.presses("Połącz"))
    first.close()
    other = Desk()
    other.start()
    known = next((tmp_path / "pomost" / "agent").iterdir())
    known.rename(known.with_name(known.name.replace(desk.host.split(":")[1], other.host.split(":")[1])))
    second = Customer(other, tk_server, tmp_path)
    run(second.presses("Zamknij"))
    second.close()
    assert not other.gateway.called.is_set()
    other.stop()


def test_a_declined_call_leads_back_to_the_list_with_the_reason(customer: Customer) -> None:
    async def story() -> None:
        await customer.presses("Połącz")
        assert await asyncio.to_thread(customer.desk.gateway.called.wait, PATIENCE_S)
        customer.desk.engine.hub.declined(customer.desk.gateway.session, "Oddzwonię za kwadrans.")
        await asyncio.to_thread(customer.reads, "Oddzwonię za kwadrans.")
        customer.desk.gateway.called.clear()
        await customer.presses("Połącz")
        assert await asyncio.to_thread(customer.desk.gateway.called.wait, PATIENCE_S)

    run(story())


def test_a_desk_that_comes_later_is_waited_for(tk_server: XServer, tmp_path: Path) -> None:
    desk = Desk()
    customer = Customer(desk, tk_server, tmp_path)
    desk.start()
    run(customer.presses("Połącz"))
    assert desk.gateway.called.wait(PATIENCE_S)
    customer.close()
    desk.stop()
