"""X screens for the tests of the demo: numbers that two test workers never share, and patience."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from pomost.demo import xserver
from pomost.demo.desktop import Desktop

FIRST, A_WORKER = 51, 4
PATIENCE_S = 20.0


def number() -> int:
    """A display number of this worker's own."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return xserver.free_number(range(FIRST + worker * A_WORKER, FIRST + (worker + 1) * A_WORKER))


async def eventually(is_so: Callable[[], bool], what: str) -> None:
    """Wait for something another process does; it tells nobody when."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not is_so():  # noqa: ASYNC110  # another process's doing sets no event here
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"{what}: not within {PATIENCE_S:g} s") from None


@asynccontextmanager
async def desktop(folder: Path, language: str) -> AsyncIterator[tuple[Desktop, list[str]]]:
    """A virtual desktop with the accounting program and without the customer's app, and what it said."""
    said: list[str] = []
    one = Desktop(
        number=number(), folder=folder, language=language, desk="http://127.0.0.1:1", say=said.append
    )
    try:
        await one.start([f"ledger-{language}"])
        yield one, said
    finally:
        await one.stop()
