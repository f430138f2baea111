"""The virtual customer's desktop: an X screen nobody sees, a window manager, the accounting program, the customer's app.

Owns: which programs run on that screen. Does not own: how a browser shows it (screen.py), how children are kept (children.py).
Refuses: to start without Xvfb or openbox, saying which package has them.

    python -m pomost.demo.desktop pl --desk http://127.0.0.1:8000 --folder var/demo/desktop [--number 70]
"""

import argparse
import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from pomost.demo import xserver
from pomost.demo.children import Child, Program, Say, stop_all
from pomost.demo.settings import Program as MenuEntry
from pomost.demo.settings import settings

NEEDED: Final = {"Xvfb": "xvfb", "openbox": "openbox", "setxkbmap": "x11-xkb-utils", "setpriv": "util-linux"}
NOT_INHERITED: Final = (
    "WAYLAND_DISPLAY",
    "XDG_SESSION_TYPE",
    "XMODIFIERS",
    "SESSION_MANAGER",
    "DBUS_SESSION_BUS_ADDRESS",
)
"""Of the terminal's own session; a program on the virtual screen must not find its way there."""


def check_installed() -> None:
    """Look for the programs that make the screen.

    Raises:
        xserver.NoScreen: some are missing; names their Debian packages.
    """
    missing = [package for program, package in NEEDED.items() if shutil.which(program) is None]
    if missing:
        raise xserver.NoScreen(
            f"The virtual desktop needs {', '.join(missing)}. Install: apt install {' '.join(missing)}"
        )


class Desktop:
    """One virtual screen with its programs. `number` is its X display; `desk` the address of the desk the app calls."""

    def __init__(self, *, number: int, folder: Path, language: str, desk: str, say: Say) -> None:
        self.number = number
        self.folder = folder.resolve()
        self.language = language
        self.desk = desk
        self._say = say
        self._children: dict[str, Child] = {}

    @property
    def environment(self) -> Mapping[str, str]:
        """Return the environment in which a program finds this screen, its cookie, and letters of every language."""
        kept = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        return kept | {
            "DISPLAY": f":{self.number}",
            "XAUTHORITY": str(self._cookie),
            "LC_ALL": "C.UTF-8",
            "XDG_DATA_HOME": str(self.folder / "share"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
        }

    @property
    def _cookie(self) -> Path:
        return self.folder / "xauthority"

    def state_file(self, key: str) -> Path:
        """Return the file in which an accounting program of the menu tells what is typed into it."""
        return self.folder / f"{key}.json"

    @property
    def pids(self) -> Mapping[str, int]:
        """Return the process ids of what runs now, by key: "xvfb", "openbox", "panel" and the menu's keys."""
        return {key: pid for key, child in self._children.items() if (pid := child.pid) is not None}

    async def start(self, keys: Iterable[str]) -> None:
        """Start the screen and these programs of the menu.

        Raises:
            xserver.NoScreen: programs are missing, or the X server did not come up.
        """
        check_installed()
        known = settings()
        xserver.write_cookie(self._cookie, self.number)
        theme = self.folder / "share" / "themes" / "PomostDemo" / "openbox-3" / "themerc"
        theme.parent.mkdir(parents=True, exist_ok=True)
        theme.write_text(known.openbox_theme, encoding="utf-8")
        rc = self.folder / "openbox.xml"
        rc.write_text(known.openbox_settings, encoding="utf-8")
        await self._run(
            "xvfb",
            "The virtual screen",
            xserver.command(self.number, known.width, known.height, self._cookie),
        )
        await xserver.answers(self.number)
        await self._run(
            "openbox", "The window manager", ["openbox", "--sm-disable", "--config-file", str(rc)]
        )
        await self._run(
            "panel",
            "The desktop's bar",
            [sys.executable, "-m", "pomost.demo.panel", self.language],
            listens=True,
        )
        for key in keys:
            await self.open(key)

    async def open(self, key: str) -> None:
        """Start a program of the menu; one that runs is left alone.

        Raises:
            KeyError: the menu has no such program.
        """
        entry = settings().program(key)
        if entry is None:
            raise KeyError(key)
        child = self._children.get(key)
        if child is not None and child.is_kept:
            return
        env = {"LANG": f"{entry.language}.UTF-8", "USER": entry.person or "demo"}
        await self._run(key, entry.title, self._command(entry), env=env, may_end=True)

    async def stop(self) -> None:
        """End all programs, then the screen."""
        xvfb = self._children.pop("xvfb", None)
        await stop_all(self._children.values())
        self._children.clear()
        if xvfb is not None:
            await xvfb.stop()

    def _command(self, entry: MenuEntry) -> list[str]:
        if entry.kind == "ledger":
            state = str(self.state_file(entry.key))
            return [
                sys.executable,
                "-m",
                "pomost.demo.ledger",
                entry.language,
                "--geometry",
                entry.geometry,
                "--state",
                state,
            ]
        return agent_command(self.desk, entry.vendor)

    async def _run(
        self,
        key: str,
        name: str,
        argv: list[str],
        *,
        env: Mapping[str, str] | None = None,
        may_end: bool = False,
        listens: bool = False,
    ) -> None:
        log = self.folder / f"{key}.log"
        asked = self._asked if listens else None
        program = Program(
            name, argv, {**self.environment, **(env or {})}, log, may_end=may_end, on_line=asked
        )
        child = Child(program, self._say)
        self._children[key] = child
        await child.start()

    def _asked(self, line: str) -> None:
        """Do what the bar asks for: `start KEY`."""
        word, _, key = line.partition(" ")
        if word == "start" and settings().program(key) is not None:
            self._opening = asyncio.create_task(self.open(key))


def agent_command(desk: str, vendor: str) -> list[str]:
    """Return the command that starts the customer's app for a vendor of the desk at this address."""
    return [sys.executable, "-m", "pomost.agent.main", "--desk", f"{desk}/{vendor}/"]


async def _until_stopped(chosen: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    desktop = Desktop(
        number=chosen.number, folder=chosen.folder, language=chosen.language, desk=chosen.desk, say=_say
    )
    try:
        await desktop.start(settings().usual(chosen.language))
        _say(
            f"Virtual desktop on DISPLAY={desktop.environment['DISPLAY']} XAUTHORITY={desktop.environment['XAUTHORITY']}"
        )
        await stopped.wait()
    finally:
        await desktop.stop()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Keep one virtual desktop until Ctrl+C."""
    parser = argparse.ArgumentParser(prog="python -m pomost.demo.desktop", description=__doc__)
    parser.add_argument("language", choices=["pl", "ru"])
    parser.add_argument("--desk", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--number", type=int, default=xserver.free_number())
    asyncio.run(_until_stopped(parser.parse_args()))


if __name__ == "__main__":
    main()
