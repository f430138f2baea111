"""An X server of the test's own, and the catalogues compiled."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from Xlib import display

from pomost.agent.texts import DOMAIN, LOCALE

DISPLAYS = range(41, 50)

settings.register_profile("unhurried", deadline=None)  # how long an example takes depends on the machine
settings.load_profile("unhurried")


class XServer:
    """An Xvfb of its own; `program` are the words of its command before the display's number."""

    def __init__(
        self, *program: str, environment: dict[str, str] | None = None, reset: str = "-noreset"
    ) -> None:
        self.name = ""
        for number in DISPLAYS:
            told, tell = os.pipe()
            command = [*program, f":{number}", "-displayfd", str(tell), reset, "-nolisten", "tcp"]
            self._process = subprocess.Popen(
                command,
                pass_fds=(tell,),
                stderr=subprocess.DEVNULL,
                env=dict(os.environ) | (environment or {}),
            )
            os.close(tell)
            with os.fdopen(told) as stream:
                ready = stream.readline()  # empty when the number is taken and the server has ended
            if ready:
                self.name = f":{number}"
                return
            self._process.wait()
        raise RuntimeError(f"no display of {DISPLAYS} is free for {program[0]}")

    def run(self, *command: str) -> str:
        """Run a command on this display to its end; returns what it printed."""
        environment = dict(os.environ) | {"DISPLAY": self.name}
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    def leave(self) -> None:
        """Let it end by itself; nobody waits for it any more."""
        self._process.returncode = 0

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()


@pytest.fixture
def x_server() -> Iterator[XServer]:
    server = XServer("Xvfb", "-screen", "0", "1280x800x24")
    yield server
    server.close()


@pytest.fixture(scope="session")
def tk_server() -> Iterator[XServer]:
    """For Tk inside this process: Tk keeps its first connection until the process ends, so the server must outlive it.

    It ends by itself when the last connection is gone.
    """
    server = XServer("Xvfb", "-screen", "0", "1280x800x24", reset="-terminate")
    holding = display.Display(server.name)
    yield server
    holding.close()
    server.leave()


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    """Compile what `make` compiles; the results are ignored by git."""
    for source in Path(LOCALE).glob(f"*/LC_MESSAGES/{DOMAIN}.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            msgfmt = shutil.which("msgfmt")
            assert msgfmt, "gettext's msgfmt is needed"
            subprocess.run([msgfmt, "--check-format", "-o", str(target), str(source)], check=True)


class HandClock:
    """Time that moves when a test says so."""

    def __init__(self) -> None:
        self.ms = 10_000

    def now(self) -> datetime:
        return datetime(2026, 6, 1, 10, 0, tzinfo=UTC) + timedelta(milliseconds=self.ms)

    def monotonic_ms(self) -> int:
        return self.ms


@pytest.fixture
def clock() -> HandClock:
    return HandClock()
