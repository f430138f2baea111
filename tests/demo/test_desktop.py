"""The virtual desktop and the accounting-like program on it, as a customer uses them."""

import asyncio
import json
import os
import signal
from asyncio.subprocess import DEVNULL
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pomost.agent.input_x11 import X11Injector
from pomost.agent.picture import Rect
from pomost.agent.screen_x11 import X11Screen
from pomost.demo import panel, xserver
from pomost.demo.desktop import Desktop, check_installed
from pomost.demo.settings import settings
from pomost.wire import peer
from pomost.wire.clock import SystemClock

from .screens import desktop, eventually, number


def state(one: Desktop, key: str) -> Mapping[str, Any]:
    file = one.state_file(key)
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


class Person:
    """Somebody's mouse and keyboard on a display."""

    def __init__(self, one: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XAUTHORITY", one.environment["XAUTHORITY"])
        self.injector = X11Injector(one.environment["DISPLAY"])

    def click(self, place: list[int], *, times: int = 1) -> None:
        x, y = place[0] + place[2] // 2, place[1] + place[3] // 2
        for down in (True, False) * times:
            self._do(peer.Button(0, 0, down, x, y))

    def type(self, text: str) -> None:
        for character in text:
            self._do(peer.TypedText(0, character))

    def _do(self, event: peer.Button | peer.TypedText) -> None:
        assert self.injector.inject(event, SystemClock().monotonic_ms()) == 0


@pytest.mark.parametrize(
    ("language", "key", "word"),
    [("pl", "ledger-pl", "Zażółć gęślą jaźń"), ("ru", "ledger-ru", "Щука и ёж: 5 штук")],
)
def test_a_word_typed_into_the_program_can_be_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, key: str, word: str
) -> None:
    async def story() -> None:
        async with desktop(tmp_path, language) as (one, _):
            await eventually(lambda: len(state(one, key).get("rows", {})) > 5, "the program is open")
            person = Person(one, monkeypatch)
            row = list(state(one, key)["rows"])[2]

            person.click(state(one, key)["rows"][row])
            await eventually(lambda: state(one, key)["selected"] == row, "the row is selected")
            person.click(state(one, key)["places"]["note"])
            await eventually(lambda: state(one, key)["focus"] == "note", "the field has the keyboard")
            person.type(word)
            await eventually(lambda: state(one, key)["note"] == word, "the word is in the field")
            person.click(state(one, key)["places"]["save"])
            await eventually(lambda: row in state(one, key)["changed"], "the document is written")

            assert state(one, key)["changed"][row]["note"] == word
            person.injector.close()

    asyncio.run(story())


def test_the_dialog_mends_the_sum_that_does_not_match(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with desktop(tmp_path, "pl") as (one, _):
            await eventually(
                lambda: "FS 406/" in str(state(one, "ledger-pl").get("rows", {})), "the program is open"
            )
            person = Person(one, monkeypatch)
            row = next(n for n in state(one, "ledger-pl")["rows"] if n.startswith("FS 406/"))
            person.click(state(one, "ledger-pl")["rows"][row])
            await eventually(lambda: state(one, "ledger-pl")["selected"] == row, "the row is selected")
            assert state(one, "ledger-pl")["mistake"] == "0.05"

            person.click(state(one, "ledger-pl")["places"]["recalculate"])
            await eventually(
                lambda: state(one, "ledger-pl")["places"].get("dialog.each", [0, 0, 0, 0])[2] > 1,
                "the dialog is open",
            )
            person.click(state(one, "ledger-pl")["places"]["dialog.each"])
            person.click(state(one, "ledger-pl")["places"]["dialog.do"])
            await eventually(lambda: state(one, "ledger-pl")["mistake"] == "0.00", "the sum matches")

            assert state(one, "ledger-pl")["dialog"] is None
            person.injector.close()

    asyncio.run(story())


def test_a_killed_program_comes_back_and_stopping_leaves_none(tmp_path: Path) -> None:
    async def story() -> None:
        async with desktop(tmp_path, "pl") as (one, said):
            first = one.pids["ledger-pl"]
            os.kill(first, signal.SIGKILL)
            await eventually(lambda: one.pids.get("ledger-pl", first) != first, "the program is back")
            assert "Księga Próbna 7 was killed by signal 9" in said[0]
            running = set(one.pids.values())
            assert len(running) == 4

            await one.stop()

            assert not [pid for pid in running if is_running(pid)]

    asyncio.run(story())


def test_the_bar_starts_a_program_of_its_menu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async with desktop(tmp_path, "ru") as (one, _):
            known = settings()
            bottom = known.height - known.panel_height
            person = Person(one, monkeypatch)
            screen = X11Screen(one.environment["DISPLAY"])
            first_button = Rect(98, bottom + 8, 1, 1)
            front = bytes.fromhex(panel.FRONT.removeprefix("#"))
            await eventually(
                lambda: screen.grab(first_button).tobytes() == front, "the bar lists the open program"
            )
            first_of_menu = Rect(8, bottom - 158, 100, 16)
            before = screen.grab(first_of_menu).tobytes()

            person.click([6, bottom, 60, known.panel_height])
            await eventually(lambda: screen.grab(first_of_menu).tobytes() != before, "the menu is open")
            assert "ledger-pl" not in one.pids
            person.click(list(first_of_menu))

            await eventually(lambda: "ledger-pl" in one.pids, "its first program is started")
            person.injector.close()
            screen.close()

    asyncio.run(story())


def test_a_missing_program_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(xserver.NoScreen, match="apt install xvfb openbox"):
        check_installed()


def test_a_stranger_without_the_cookie_cannot_look(tmp_path: Path) -> None:
    async def looks(environment: Mapping[str, str]) -> bool:
        process = await asyncio.create_subprocess_exec(
            "xdpyinfo", env=environment, stdout=DEVNULL, stderr=DEVNULL
        )
        return await process.wait() == 0

    async def story() -> None:
        async with desktop(tmp_path, "pl") as (one, _):
            assert await looks(one.environment)
            assert not await looks({**one.environment, "XAUTHORITY": "/nonexistent"})

    asyncio.run(story())


def test_display_numbers_in_use_are_passed_over() -> None:
    free = number()

    assert not Path(f"/tmp/.X{free}-lock").exists()
    with pytest.raises(xserver.NoScreen, match="all taken"):
        xserver.free_number(range(0))
