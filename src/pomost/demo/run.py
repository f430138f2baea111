"""`pomost demo`: everything on one machine, with invented people, until Ctrl+C.

Owns: the order in which the parts start and stop, and what the terminal says. Does not own: the parts.
Refuses: to run twice in one folder, and to put demo people onto a desk that is not a demo's.
"""

import asyncio
import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pomost.demo import xserver
from pomost.demo.children import Child, Program, Say, stop_all
from pomost.demo.desktop import Desktop, agent_command, check_installed
from pomost.demo.folder import NotOurs, take
from pomost.demo.loopback import LANGUAGES, words
from pomost.demo.ports import HOST, NoPort, free_port, holder_of
from pomost.demo.settings import settings
from pomost.demo.terminal import compile_translations, welcome

ANSWERS_WITHIN_S: Final = 90.0
"""A slow machine takes its time for the first start; after this something is wrong."""
FALLS_MAX: Final = 3
"""A part that fell so often before its first answer will not come up."""
DESK_TERM_S: Final = 4.0
"""The desk says goodbye to open pages and sessions before it ends."""


class CannotRun(Exception):
    """The demo cannot run; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Which ports are wanted; 0 takes any that is free, a taken one is passed over."""

    desk: int = 8000
    screen: int = 8010
    mailbox: int = 8011
    smtp: int = 8025


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the parts answer."""

    desk: str
    screen: str
    """The page of the virtual screen; empty when the customer's own screen is shared."""
    mailbox: str
    smtp_port: int


class Demo:
    """All parts of one demo in one folder. `number`: the X display of the virtual screen; None shares the real one."""

    def __init__(self, folder: Path, *, ports: Ports, language: str, number: int | None, say: Say) -> None:
        self.folder = folder.resolve()
        self.language = language
        self._number = number
        self._say = say
        self._wanted = ports
        self._children: list[Child] = []
        self.desktop: Desktop | None = None

    def opening(self) -> str:
        """Return what to say before the start: the first one takes longer."""
        if (self.folder / "pomost.sqlite3").exists():
            return f"Starting the demo in {self.folder} …"
        return f"Starting a new demo in {self.folder}. This takes about half a minute: weeks of history are played through the desk."

    async def start(self) -> Addresses:
        """Start everything, each part when what it needs answers.

        Raises:
            CannotRun: a part did not come up; names it and its log.
            xserver.NoScreen: there can be no virtual screen; says why.
            NoPort: no ports are free.
        """
        if self._number is not None:
            check_installed()
        at = self._addresses()
        env = self._environment(at)
        log = self.folder / "logs"
        mailbox = (
            "--folder",
            str(self.folder / "mailbox"),
            "--smtp-port",
            str(at.smtp_port),
            "--port",
            at.mailbox.split(":")[-1],
        )
        await self._serve(
            _python("The mailbox", "pomost.demo.mailbox", *mailbox, env=env, log=log / "mailbox.log"),
            at.mailbox,
        )
        await self._seed(env, log / "seed.log")
        serve = f"from pomost.config.start import serve; serve({HOST!r}, {at.desk.split(':')[-1]})"
        desk = Program("The desk", [sys.executable, "-c", serve], env, log / "desk.log", term_s=DESK_TERM_S)
        await self._serve(desk, f"{at.desk}/healthz")
        if self._number is None:
            await self._share_own_screen(at, env, log)
        else:
            await self._show_virtual_screen(self._number, at, log)
        return at

    async def stop(self) -> None:
        """End everything; no process is left when this returns."""
        desktop = [self.desktop.stop()] if self.desktop is not None else []
        await asyncio.gather(stop_all(self._children), *desktop)
        self._children.clear()
        self.desktop = None

    @property
    def pids(self) -> Mapping[str, int]:
        """Return what runs now, by the names that the terminal uses."""
        own = {child.program.name: pid for child in self._children if (pid := child.pid) is not None}
        return {**own, **(self.desktop.pids if self.desktop is not None else {})}

    def _addresses(self) -> Addresses:
        wanted = self._wanted
        desk, mailbox, smtp = (
            self._port(name, getattr(wanted, name)) for name in ("desk", "mailbox", "smtp")
        )
        screen = self._port("screen", wanted.screen) if self._number is not None else None
        return Addresses(
            f"http://{HOST}:{desk}",
            f"http://{HOST}:{screen}" if screen else "",
            f"http://{HOST}:{mailbox}",
            smtp,
        )

    def _port(self, name: str, wanted: int) -> int:
        port = free_port(wanted)
        if wanted and port != wanted:
            who = holder_of(wanted) or "another program"
            self._say(f"Port {wanted} is taken by {who}; the {name} uses {port} instead.")
        return port

    def _environment(self, at: Addresses) -> dict[str, str]:
        return {
            **os.environ,
            "POMOST_DATA": str(self.folder),
            "POMOST_DATABASE": "",  # sample people never come into a real desk
            "POMOST_URL": at.desk,
            "POMOST_SMTP_HOST": HOST,
            "POMOST_SMTP_PORT": str(at.smtp_port),
            "DJANGO_SETTINGS_MODULE": "pomost.config.settings",
        }

    async def _run(self, program: Program) -> Child:
        child = Child(program, self._say)
        self._children.append(child)
        await child.start()
        return child

    async def _seed(self, env: Mapping[str, str], log: Path) -> None:
        """Fill the folder's desk with people and history; nothing changes when they are there."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            seeding = await asyncio.create_subprocess_exec(
                *("setpriv", "--pdeathsig", "TERM", sys.executable, "-m", "pomost.demo.seed"),
                env=env,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
            try:
                code = await seeding.wait()
            except asyncio.CancelledError:
                seeding.terminate()
                await seeding.wait()
                raise
        if code != 0:
            raise CannotRun(f"The demo's people could not be added. {_tail(log)}")

    async def _serve(self, program: Program, url: str) -> None:
        """Start a part and wait until it answers.

        Raises:
            CannotRun: it does not within `ANSWERS_WITHIN_S`, or falls again and again.
        """
        child = await self._run(program)
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                while not await asyncio.to_thread(_answers, url):
                    if child.falls >= FALLS_MAX:
                        raise CannotRun(f"{program.name} does not start. {_tail(program.log)}")
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise CannotRun(f"{program.name} does not answer at {url}. {_tail(program.log)}") from None

    async def _show_virtual_screen(self, number: int, at: Addresses, log: Path) -> None:
        folder = self.folder / "desktop"
        self.desktop = Desktop(
            number=number, folder=folder, language=self.language, desk=at.desk, say=self._say
        )
        await self.desktop.start(settings().usual(self.language))
        shown = ("--port", at.screen.split(":")[-1], "--desk", at.desk, "--mailbox", at.mailbox)
        env = self.desktop.environment
        page = _python("The customer's screen", "pomost.demo.screen", *shown, env=env, log=log / "screen.log")
        await self._serve(page, at.screen)

    async def _share_own_screen(self, at: Addresses, env: Mapping[str, str], log: Path) -> None:
        known = settings()
        for entry in (known.program(key) for key in known.usual(self.language)):
            if entry is not None and entry.kind == "agent":
                own = {**env, "XDG_CONFIG_HOME": str(self.folder / "desktop" / "config")}
                command = agent_command(at.desk, entry.vendor)
                await self._run(Program(entry.title, command, own, log / f"{entry.key}.log", may_end=True))


def _python(name: str, module: str, *arguments: str, env: Mapping[str, str], log: Path) -> Program:
    return Program(name, [sys.executable, "-m", module, *arguments], env, log)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # our own http address
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return False
    except OSError:
        return False


def _tail(log: Path) -> str:
    """Return where a log lies and how it ends."""
    last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:] if log.exists() else []
    return "\n  ".join([f"Its log is {log} and ends:", *last])


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asks for."""

    data: Path = Path("var/demo")
    language: str = "pl"
    real_screen: bool = False
    fresh: bool = False
    ports: Ports = Ports()


def run(wishes: Wishes) -> int:
    """Run the demo until Ctrl+C; return the exit code: 0 it ran, 1 it cannot (said on the terminal)."""
    try:
        number = None if wishes.real_screen else xserver.free_number()
        if wishes.real_screen:
            xserver.check_real_screen()
        folder = take(wishes.data, fresh=wishes.fresh)
    except (NotOurs, xserver.NoScreen) as refused:
        _say(str(refused))
        return 1
    try:
        demo = Demo(folder.path, ports=wishes.ports, language=wishes.language, number=number, say=_say)
        return asyncio.run(_until_stopped(demo, folder.tell))
    finally:
        folder.release()


async def _until_stopped(demo: Demo, tell: Say) -> int:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stopped.set)
    tell(f"process {os.getpid()}, starting")
    _say(demo.opening())
    starting = asyncio.create_task(_start(demo, tell))
    stopping = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            await stopping
    except (CannotRun, NoPort, xserver.NoScreen) as refused:
        _say(str(refused))
        return 1
    else:
        return 0
    finally:
        starting.cancel()
        stopping.cancel()
        await asyncio.gather(starting, stopping, return_exceptions=True)
        _say("Stopping …")
        await demo.stop()
        _say("Stopped. The data stay; `pomost demo --fresh` begins anew.")


async def _start(demo: Demo, tell: Say) -> None:
    await asyncio.to_thread(compile_translations)
    at = await demo.start()
    tell(f"process {os.getpid()}, {at.desk}/")
    hints = {language: words("terminal", language) for language in LANGUAGES}
    for line in welcome(at.desk, at.screen, at.mailbox, at.smtp_port, demo.folder, demo.language, hints):
        _say(line)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
