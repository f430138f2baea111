"""The guard as a process on a real X server: what the customer stops stays stopped, whatever the app does."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from Xlib import X, display
from Xlib.ext import xtest

from pomost.agent.guard_pipe import (
    Bar,
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
from pomost.agent.windows.look import LIGHT
from pomost.wire import peer

from .conftest import XServer

BAR = Bar(
    "Ewa Przykładowa",
    "EP",
    "działa",
    3,
    "0:01:00",
    "czas się liczy",
    "0,00 zł",
    "",
    "Tylko patrzenie",
    "Zakończ",
)
PRESS = peer.Button(0, 0, True, 640, 600)
PRESS_INPUT = Input(PRESS)
SHIFT = peer.KeyStroke(0, True, "ShiftLeft", "Shift")
PATIENCE_S = 20
HELD = 0x101
"""Left button and Shift, in the server's own state."""
RED = bytes.fromhex(LIGHT.stop[1:])[::-1]


class Eyes:
    """Another program on the same display: sees what is held and where the bar is, and plays the customer's hand."""

    def __init__(self, display_name: str) -> None:
        self.seen = display.Display(display_name)

    def wait_until(self, true: Callable[[], bool]) -> None:
        """Look until it is so; a test that is wrong about it fails after a while instead of hanging."""
        give_up = time.monotonic() + PATIENCE_S
        while not true():
            assert time.monotonic() < give_up, f"not so within {PATIENCE_S} s"

    def pointer_x(self) -> int:
        return int(self.seen.screen().root.query_pointer().root_x)

    def state(self) -> int:
        return int(self.seen.screen().root.query_pointer().mask) & 0x1FFF

    def hot_key(self) -> None:
        """Another program presses Ctrl+Alt+Pause."""
        for kind, keys in ((X.KeyPress, (37, 64, 127)), (X.KeyRelease, (127, 64, 37))):
            for keycode in keys:
                xtest.fake_input(self.seen, kind, keycode)
        self.seen.sync()

    def click(self, x: int, y: int) -> None:
        xtest.fake_input(self.seen, X.MotionNotify, x=x, y=y)
        xtest.fake_input(self.seen, X.ButtonRelease, 1)  # whatever is held: the mouse is the customer's now
        xtest.fake_input(self.seen, X.ButtonPress, 1)
        xtest.fake_input(self.seen, X.ButtonRelease, 1)
        self.seen.sync()

    def bar(self) -> tuple[int, int, int, int] | None:
        """Where the bar is, once its red button is drawn: the wide window at the upper edge."""
        root = self.seen.screen().root
        for window in root.query_tree().children:
            place = window.get_geometry()
            if window.get_attributes().map_state == X.IsViewable and place.width > 300:
                pixel = root.get_image(
                    place.x + place.width - 20, place.height // 2, 1, 1, X.ZPixmap, 0xFFFFFFFF
                ).data
                return (place.x, place.y, place.width, place.height) if pixel[:3] == RED else None
        return None

    def bar_is_there(self) -> tuple[int, int, int, int]:
        self.wait_until(lambda: self.bar() is not None)
        return self.bar() or (0, 0, 0, 0)


class Guarded(Eyes):
    """A guard with pipes in the test's hands, as the app would hold them, and a view of the server's state."""

    def __init__(self, x_server: XServer) -> None:
        super().__init__(x_server.name)
        self._guard = subprocess.Popen(
            [sys.executable, "-m", "pomost.agent.guard"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=dict(os.environ) | {"DISPLAY": x_server.name},
        )
        assert self._guard.stdin is not None
        assert self._guard.stdout is not None
        self._in, self._out = self._guard.stdin, self._guard.stdout
        self._frames = Frames()
        self._heard: list[Message] = []
        assert isinstance(self.hear(Ready), Ready)

    def say(self, *messages: Message) -> None:
        for message in messages:
            self._in.write(framed(message))
        self._in.flush()

    def hear(self, kind: type[Message]) -> Message:
        """The guard's next message of this kind; fails when the guard ends instead."""
        while True:
            for index, message in enumerate(self._heard):
                if isinstance(message, kind):
                    del self._heard[: index + 1]
                    return message
            data = os.read(self._out.fileno(), 4096)
            assert data, f"the guard ended before it said {kind.__name__}"
            self._heard += self._frames.feed(data)

    def held(self, expected: int) -> None:
        """Wait until the server holds exactly this."""
        self.wait_until(lambda: self.state() == expected)

    def ended(self) -> int:
        return self._guard.wait(10)

    @property
    def pid(self) -> int:
        return self._guard.pid

    def close(self) -> None:
        self._in.close()
        self._guard.wait(10)
        self._out.close()
        self.seen.close()

    def hang_up(self) -> None:
        """The app dies: its end of the pipe is gone."""
        self._in.close()


@pytest.fixture
def guarded(x_server: XServer) -> Iterator[Guarded]:
    guarded = Guarded(x_server)
    yield guarded
    guarded.close()


def test_nothing_is_injected_before_it_is_opened(guarded: Guarded) -> None:
    guarded.say(PRESS_INPUT, Input(SHIFT), Open(), Input(peer.Move(0, 100, 100)))
    guarded.wait_until(lambda: guarded.pointer_x() == 100)
    assert guarded.state() == 0


def test_the_hot_key_releases_everything_and_nothing_more_is_injected(guarded: Guarded) -> None:
    guarded.say(Open(), PRESS_INPUT, Input(SHIFT))
    guarded.held(HELD)
    guarded.hot_key()
    assert guarded.hear(Stopped) == Stopped(StoppedBy.HOT_KEY)
    assert guarded.state() == 0
    guarded.say(PRESS_INPUT, Input(SHIFT), Pointer(900, 300, "Ewa"))
    guarded.say(
        Open(), Input(peer.Move(0, 7, 7))
    )  # opened anew by the customer: what came before stays undone
    guarded.wait_until(lambda: guarded.pointer_x() == 7)
    assert guarded.state() == 0


def test_a_stop_during_a_long_text_cuts_it_off(guarded: Guarded) -> None:
    guarded.say(Open(), Input(peer.TypedText(0, "ж" * 4000)), Input(SHIFT), Shut())
    guarded.say(Open(), Input(peer.Move(0, 55, 66)))
    guarded.wait_until(lambda: guarded.pointer_x() == 55)
    assert guarded.state() == 0


def test_shutting_and_opening_again_is_the_apps_to_say(guarded: Guarded) -> None:
    guarded.say(Open(), PRESS_INPUT)
    guarded.held(0x100)
    guarded.say(Shut())
    guarded.held(0)
    guarded.say(Open(), PRESS_INPUT)
    guarded.held(0x100)


def test_the_bars_end_button_ends_the_process_and_with_it_every_way_in(guarded: Guarded) -> None:
    guarded.say(BAR, Open(), PRESS_INPUT, Input(SHIFT))
    guarded.held(HELD)
    x, y, width, height = guarded.bar_is_there()
    guarded.click(x + width - 40, y + height // 2)
    assert guarded.hear(Stopped) == Stopped(StoppedBy.END)
    assert guarded.ended() == 0
    assert guarded.state() == 0


def test_only_look_on_the_bar_takes_the_hands_away(guarded: Guarded) -> None:
    guarded.say(BAR, Open(), Input(SHIFT))
    guarded.held(0x1)
    x, y, width, height = guarded.bar_is_there()
    guarded.click(x + width - 180, y + height // 2)
    assert guarded.hear(Stopped) == Stopped(StoppedBy.ONLY_LOOK)
    assert guarded.state() == 0


def test_when_the_app_dies_everything_is_released_and_the_guard_goes(guarded: Guarded) -> None:
    guarded.say(Open(), PRESS_INPUT, Input(SHIFT))
    guarded.held(HELD)
    guarded.hang_up()
    assert guarded.ended() == 0
    assert guarded.state() == 0


def test_a_broken_pipe_protocol_ends_the_guard_with_everything_released(guarded: Guarded) -> None:
    guarded.say(Open(), PRESS_INPUT, Input(SHIFT))
    guarded.held(HELD)
    guarded._in.write(b"\xff" * 64)
    guarded._in.flush()
    assert guarded.ended() == 0
    assert guarded.state() == 0


APP = """
import asyncio, sys
from pomost.agent.guard_client import GuardClient
from pomost.agent.guard_pipe import Bar, Ready
from pomost.wire import peer

async def main():
    ready = asyncio.Event()
    client = GuardClient(lambda message: isinstance(message, Ready) and ready.set(), print)
    await client.start()
    await ready.wait()
    client.show(Bar("Ewa", "EP", "x", 3, "0", "", "", "", "Tylko patrzenie", "Zakończ"))
    client.open()
    client.inject(peer.Button(0, 0, True, 640, 600))
    client.inject(peer.KeyStroke(0, True, "ShiftLeft", "Shift"))
    print(client.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


class StoppedApp(Eyes):
    """A real app side that gets SIGSTOP while the technician holds the mouse button and Shift."""

    def __init__(self, x_server: XServer) -> None:
        self._app = subprocess.Popen(
            [sys.executable, "-c", APP],
            stdout=subprocess.PIPE,
            text=True,
            env=dict(os.environ) | {"DISPLAY": x_server.name},
        )
        assert self._app.stdout is not None
        self.guard = int(self._app.stdout.readline())
        super().__init__(x_server.name)
        self.wait_until(lambda: self.state() == HELD)
        os.kill(self._app.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, self._app.pid, os.WSTOPPED)

    def close(self) -> None:
        os.kill(self._app.pid, signal.SIGCONT)
        self._app.kill()
        self._app.communicate()
        self.seen.close()


@pytest.fixture
def stopped_app(x_server: XServer) -> Iterator[StoppedApp]:
    app = StoppedApp(x_server)
    yield app
    app.close()


def test_with_the_app_stopped_the_hot_key_releases_what_the_technician_holds(stopped_app: StoppedApp) -> None:
    stopped_app.hot_key()
    stopped_app.wait_until(lambda: stopped_app.state() == 0)
    assert guard_is_alive(stopped_app.guard)


def test_with_the_app_stopped_the_bars_end_button_releases_everything_and_ends_the_guard(
    stopped_app: StoppedApp,
) -> None:
    x, y, width, height = stopped_app.bar_is_there()
    stopped_app.click(x + width - 40, y + height // 2)
    stopped_app.wait_until(lambda: not guard_is_alive(stopped_app.guard))
    assert stopped_app.state() == 0


def guard_is_alive(pid: int) -> bool:
    """Whether the process still runs; a zombie whose parent is stopped does not."""
    stat = Path(f"/proc/{pid}/stat").read_text("utf-8")
    return stat.rsplit(")", 1)[1].split()[0] not in "ZX"


def test_the_customers_own_hand_beats_the_technician_who_holds_the_button() -> None:
    """XTEST cannot be told from XTEST, so the customer here sits at an outer server and the guard in Xephyr inside it."""
    outer = XServer("Xvfb", "-screen", "0", "800x600x24")
    inner = XServer("Xephyr", "-screen", "640x480", environment={"DISPLAY": outer.name})
    try:
        guarded = Guarded(inner)
        guarded.say(Open(), Input(peer.Button(0, 0, True, 300, 300)), Input(SHIFT))
        guarded.held(HELD)
        hand = display.Display(outer.name)
        for step in range(20):
            xtest.fake_input(hand, X.MotionNotify, x=100 + step * 3, y=100 + step)
        hand.sync()
        guarded.held(0)
        hand.close()
        guarded.close()
    finally:
        inner.close()
        outer.close()
