"""`pomost demo` as a whole: it starts, it answers, it mends itself, and it leaves nothing behind."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import httpx
import pytest

from pomost.cli.main import main
from pomost.demo import xserver
from pomost.demo.folder import take
from pomost.demo.run import Demo, Ports, Wishes, run

from .screens import PATIENCE_S, eventually, number

ANY = Ports(0, 0, 0, 0)


def text_at(url: str) -> str:
    return httpx.get(url, headers={"Accept-Language": "en"}, timeout=PATIENCE_S).text


def is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_everything_starts_answers_mends_itself_and_stops(tmp_path: Path) -> None:
    async def story() -> None:
        said: list[str] = []
        demo = Demo(tmp_path, ports=ANY, language="pl", number=number(), say=said.append)
        try:
            at = await demo.start()
            assert "Sign in" in await asyncio.to_thread(text_at, f"{at.desk}/sign-in/")
            assert "not part of the product" in await asyncio.to_thread(text_at, at.screen)
            assert "Mails: " in await asyncio.to_thread(text_at, at.mailbox)
            assert said == []

            first = demo.pids["The desk"]
            os.kill(first, signal.SIGKILL)
            await eventually(lambda: demo.pids.get("The desk", first) != first, "the desk is back")
            assert "The desk was killed by signal 9" in said[0]
        finally:
            running = set(demo.pids.values())
            async with asyncio.timeout(5):
                await demo.stop()
        assert len(running) == 8
        assert not [pid for pid in running if is_running(pid)]

    asyncio.run(story())


def test_a_second_demo_in_the_same_folder_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = take(tmp_path, fresh=False)
    first.tell("process 7, http://127.0.0.1:8000/")

    assert run(Wishes(data=tmp_path, ports=ANY)) == 1

    assert "A demo runs in" in capsys.readouterr().out
    first.release()


def test_the_command_refuses_a_folder_that_is_no_demo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letters").write_text("mine")

    assert main(["demo", "--data", str(tmp_path)]) == 1

    assert "holds something that is no demo" in capsys.readouterr().out


def test_ctrl_c_stops_it_while_it_starts(tmp_path: Path) -> None:
    code = f"from pomost.demo.run import *; import sys; sys.exit(run(Wishes(data=Path({str(tmp_path / 'd')!r}), ports=Ports(0, 0, 0, 0))))"

    async def story() -> None:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=PIPE)
        assert process.stdout is not None
        assert b"Starting a new demo" in await asyncio.wait_for(process.stdout.readline(), PATIENCE_S)
        process.send_signal(signal.SIGINT)
        rest = await asyncio.wait_for(process.stdout.read(), PATIENCE_S)

        assert await process.wait() == 0
        assert b"Stopped." in rest

    asyncio.run(story())


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("WAYLAND_DISPLAY", "wayland-0", "choose “Xorg”"),
        ("DISPLAY", ":9998", "leave --screen real out"),
        ("DISPLAY", "", "leave --screen real out"),
    ],
    ids=["Wayland", "no server", "no screen"],
)
def test_where_no_screen_can_be_shared_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, advice: str
) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    monkeypatch.setenv(name, value)

    with pytest.raises(xserver.NoScreen, match=advice):
        xserver.check_real_screen()
