"""Programs that the demo keeps running."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from pomost.demo.children import Child, Program

from .screens import eventually

FOREVER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, subprocess, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "child = subprocess.Popen(['sleep', '600']); print(child.pid, flush=True); time.sleep(600)",
]


def program(
    tmp_path: Path, argv: list[str], *, may_end: bool = False, lines: list[str] | None = None
) -> Program:
    heard = lines if lines is not None else []
    return Program(
        "The sample", argv, dict(os.environ), tmp_path / "log", may_end=may_end, on_line=heard.append
    )


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().split(") ")[1].startswith("Z")


def test_a_killed_program_is_started_again_and_named(tmp_path: Path) -> None:
    async def story() -> None:
        said: list[str] = []
        lines: list[str] = []
        child = Child(program(tmp_path, FOREVER, lines=lines), said.append)
        await child.start()
        await eventually(lambda: lines == ["up"], "the program runs")
        first = child.pid
        assert first is not None

        os.kill(first, signal.SIGKILL)
        await eventually(lambda: lines == ["up", "up"], "the program runs again")

        assert child.pid != first
        assert said == [
            f"The sample was killed by signal 9 (Killed); starting it again in 0.5 s. Its log: {tmp_path / 'log'}"
        ]
        await child.stop()
        assert child.pid is None

    asyncio.run(story())


def test_the_pause_before_the_next_start_grows(tmp_path: Path) -> None:
    async def story() -> None:
        said: list[str] = []
        child = Child(program(tmp_path, [sys.executable, "-c", "raise SystemExit(3)"]), said.append)
        await child.start()
        await eventually(lambda: len(said) == 2, "it fell twice")
        await child.stop()

        assert "ended with code 3; starting it again in 0.5 s" in said[0]
        assert "ended with code 3; starting it again in 1 s" in said[1]

    asyncio.run(story())


def test_a_program_its_user_closed_stays_closed(tmp_path: Path) -> None:
    async def story() -> None:
        said: list[str] = []
        child = Child(program(tmp_path, [sys.executable, "-c", ""], may_end=True), said.append)
        await child.start()
        await eventually(lambda: not child.is_kept, "it is left alone")

        assert said == ["The sample was closed."]
        await child.stop()

    asyncio.run(story())


def test_stopping_ends_a_program_that_will_not_and_what_it_started(tmp_path: Path) -> None:
    async def story() -> None:
        lines: list[str] = []
        child = Child(program(tmp_path, STUBBORN, lines=lines), lambda _: None)
        await child.start()
        await eventually(lambda: len(lines) == 1, "the program runs")
        pid, grandchild = child.pid, int(lines[0])
        assert pid is not None

        await child.stop()

        assert is_gone(pid)
        await eventually(lambda: is_gone(grandchild), "what it started is gone too")

    asyncio.run(story())
