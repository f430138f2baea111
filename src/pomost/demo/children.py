"""Programs that the demo starts and keeps running: each in a process group of its own, each ended by its id.

Owns: starting, ending, and starting again with a growing pause. Refuses: ending anything it did not start.
A child dies with the demo even if that is killed: `setpriv --pdeathsig` asks the kernel for it.
"""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 30.0
STEADY_AFTER_S: Final = 20.0
"""A child that ran this long and then fell is started at once, not after the pause of its last row of falls."""
TERM_S: Final = 2.0
"""How long a child may take to end by itself before it is killed, where the program does not say otherwise."""

Say = Callable[[str], None]


@dataclass
class Program:
    """What to start. `may_end`: its user may close it (exit code 0), and then it stays closed."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    may_end: bool = False
    on_line: Callable[[str], None] | None = None
    """Called with each line the program writes to its standard output; without it the output goes to the log."""
    term_s: float = TERM_S


class Child:
    """One program, kept running until `stop`."""

    def __init__(self, program: Program, say: Say) -> None:
        self.program = program
        self.falls = 0
        """How often it ended by itself since it was started."""
        self._say = say
        self._process: Process | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    @property
    def pid(self) -> int | None:
        """Return the process id while it runs."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    @property
    def is_kept(self) -> bool:
        """Say whether it runs or is about to be started again."""
        return self._task is not None and not self._task.done()

    async def start(self) -> None:
        """Start it and keep it. Returns when the process exists; whether it answers is the caller's question.

        Raises:
            OSError: the program is not there.
        """
        self._stopping = False
        await self._spawn()
        self._task = asyncio.create_task(self._keep(), name=f"keep {self.program.name}")

    async def stop(self) -> None:
        """End it and everything it started. Returns when the process is gone."""
        self._stopping = True
        process = self._process
        if process is not None and process.returncode is None:
            _signal_group(process.pid, signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), self.program.term_s)
            except TimeoutError:
                _signal_group(process.pid, signal.SIGKILL)
                await process.wait()
        if process is not None:
            _signal_group(process.pid, signal.SIGKILL)  # what it started and left behind
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _spawn(self) -> None:
        program = self.program
        program.log.parent.mkdir(parents=True, exist_ok=True)
        with program.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *("setpriv", "--pdeathsig", "TERM", "--", *program.argv),
                env=dict(program.env),
                stdin=DEVNULL,
                stdout=PIPE if program.on_line else log,
                stderr=log,
                start_new_session=True,
            )

    async def _keep(self) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            process = self._process
            if process is None:
                return
            began = asyncio.get_running_loop().time()
            code = await self._until_end(process)
            _signal_group(process.pid, signal.SIGKILL)
            if self._stopping:
                return
            if code == 0 and self.program.may_end:
                self._say(f"{self.program.name} was closed.")
                return
            if asyncio.get_running_loop().time() - began > STEADY_AFTER_S:
                pause_s = FIRST_PAUSE_S
            self.falls += 1
            self._say(
                f"{self.program.name} {_how(code)}; starting it again in {pause_s:g} s. Its log: {self.program.log}"
            )
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            await self._spawn()

    async def _until_end(self, process: Process) -> int:
        if self.program.on_line is not None and process.stdout is not None:
            async for line in process.stdout:
                self.program.on_line(line.decode(errors="replace").rstrip("\n"))
        return await process.wait()


async def stop_all(children: Iterable[Child]) -> None:
    """End several at once, so that together they take no longer than the slowest."""
    await asyncio.gather(*(child.stop() for child in children))


def _how(code: int) -> str:
    return (
        f"was killed by signal {-code} ({signal.strsignal(-code)})" if code < 0 else f"ended with code {code}"
    )


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return  # already gone, which is what was wanted
