"""The engine's tests run on one loop, in memory, with a clock moved by hand."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from .scene import Scene


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    scene = Scene()
    await scene.engine.start()
    yield scene
    await scene.engine.stop()
    await asyncio.sleep(0)
