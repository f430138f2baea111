"""The app's end of the guard: starts the process, talks to it, and notices when it is gone.

It owns the child process and the two pipes. It refuses to queue input without bound: a guard that does not read loses input, never a
"shut". One client is one session; `close` ends the process, and a new session gets a new one.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable

from pomost.agent.guard_pipe import (
    Alive,
    BadPipe,
    Bar,
    Failed,
    Frames,
    Input,
    Message,
    Open,
    Pointer,
    Shut,
    framed,
)
from pomost.agent.input import Event

BACKLOG_BYTES_MAX = 262_144
"""Input is dropped while more than this waits to be read by the guard."""

ALIVE_EVERY_S = 1.0
CLOSE_WITHIN_S = 2.0


class GuardClient:
    """One guard process."""

    def __init__(self, on_message: Callable[[Message], None], on_gone: Callable[[str], None]) -> None:
        """Prepare; `on_message` and `on_gone` (with a sentence) are called in the loop that runs `start`."""
        self._on_message, self._on_gone = on_message, on_gone
        self._process: asyncio.subprocess.Process | None = None
        self._successor: asyncio.subprocess.Process | None = None
        """After a guard that ended by itself: one that lets go of what was held, and ends."""
        self._environment: dict[str, str] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = False
        self._early: list[bytes] = []
        """What is to be said as soon as there is a process."""
        self.dropped = 0
        """Inputs that never reached the guard."""

    async def start(self, display_name: str | None = None) -> None:
        """Start the process on the X server `display_name` (None: $DISPLAY)."""
        self._environment = dict(os.environ) | ({"DISPLAY": display_name} if display_name else {})
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "pomost.agent.guard",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=self._environment,
        )
        if self._process.stdin is not None:
            self._process.stdin.writelines(self._early)
        self._early.clear()
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._live())]

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return self._process.pid if self._process is not None else None

    def open(self) -> None:
        """Let input through; only after the customer's own click."""
        self._send(Open())

    def shut(self) -> None:
        """Let no more input through."""
        self._send(Shut())

    def show(self, what: Bar | Pointer) -> None:
        """Bring the bar, or the technician's named pointer, up to date."""
        self._send(what)

    def inject(self, event: Event) -> None:
        """Have `event` carried out, if the latch is open."""
        stdin = self._process.stdin if self._process is not None else None
        if stdin is None or stdin.transport.get_write_buffer_size() > BACKLOG_BYTES_MAX:
            self.dropped += 1
            return
        self._send(Input(event))

    async def close(self) -> None:
        """End the process: it releases everything when the pipe ends, and is killed if it does not go."""
        self._closing = True
        self._early.clear()
        for task in self._tasks:
            task.cancel()
        if self._successor is not None:
            await self._successor.wait()
        if self._process is None:
            return
        process, self._process = self._process, None
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), CLOSE_WITHIN_S)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def _send(self, message: Message) -> None:
        if self._closing:
            return
        if self._process is None:
            self._early.append(framed(message))
        elif self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(framed(message))

    async def _live(self) -> None:
        while True:
            await asyncio.sleep(ALIVE_EVERY_S)
            self._send(Alive())

    async def _listen(self) -> None:
        if self._process is None or self._process.stdout is None:
            return
        frames = Frames()
        why = "The guard of mouse and keyboard ended by itself; the session cannot go on without it."
        try:
            while data := await self._process.stdout.read(65_536):
                for message in frames.feed(data):
                    if isinstance(message, Failed):
                        why = message.why
                    self._on_message(message)
        except BadPipe as broken:
            why = f"The guard of mouse and keyboard said something unreadable: {broken}"
        if not self._closing:
            await self._let_go()
            self._on_gone(why)

    async def _let_go(self) -> None:
        """Start a guard with nobody to obey: it releases what a killed one left held, finds its pipe closed, and ends."""
        self._successor = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "pomost.agent.guard",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            env=self._environment,
        )
