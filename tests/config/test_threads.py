"""Requests are given threads that stay, and with them connections to the database that stay open."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections
from django.db.backends.signals import connection_created

from pomost.config.asgi import application_for
from pomost.config.threads import IDLE_MAX, Threads
from pomost.wire.clock import SystemClock


@pytest.fixture
def opened(disk_database: Path) -> Iterator[list[int]]:
    """The threads that opened a connection, one entry each time."""
    found: list[int] = []

    def note(**_about: object) -> None:
        found.append(threading.get_ident())

    connection_created.connect(note)
    yield found
    connection_created.disconnect(note)


def looked() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return threading.get_ident()


async def lent(threads: Threads, meet: asyncio.Barrier | None = None) -> int:
    async with threads.lent():
        ident = await sync_to_async(looked)()
        if meet:
            await meet.wait()
        assert ident == await sync_to_async(threading.get_ident)()
        return ident


def test_one_request_after_another_opens_one_connection(opened: list[int]) -> None:
    async def asked() -> list[int]:
        desk = httpx.ASGITransport(application_for(SystemClock()))
        async with httpx.AsyncClient(transport=desk, base_url="http://127.0.0.1") as browser:
            return [(await browser.get("/healthz")).status_code for _time in range(4)]

    assert asyncio.run(asked()) == [200] * 4
    assert len(opened) == 1


def test_requests_at_once_have_a_thread_each_and_then_share_them(opened: list[int]) -> None:
    async def asked() -> tuple[set[int], set[int]]:
        threads = Threads()
        meet = asyncio.Barrier(3)
        first = await asyncio.gather(*(lent(threads, meet) for _time in range(3)))
        then = {await lent(threads) for _time in range(5)}
        threads.end()
        return set(first), then

    first, then = asyncio.run(asked())

    assert len(first) == 3
    assert len(then) == 1
    assert then < first
    assert sorted(opened) == sorted(first)


def test_no_more_threads_wait_than_are_worth_it_and_the_end_ends_them(opened: list[int]) -> None:
    many = IDLE_MAX + 4

    async def asked() -> tuple[int, int]:
        threads = Threads()
        await asyncio.gather(
            *(lent(threads, meet) for meet in [asyncio.Barrier(many)] for _time in range(many))
        )
        waiting = len(threads._idle)
        threads.end()
        return waiting, len(threads._idle)

    assert asyncio.run(asked()) == (IDLE_MAX, 0)
    assert len(opened) == many


def test_a_thread_that_ends_closes_its_connection(opened: list[int]) -> None:
    async def asked() -> object:
        threads = Threads()
        async with threads.lent():
            await sync_to_async(looked)()
            kept = await sync_to_async(lambda: connections["default"])()
        assert kept.connection is not None
        threads.end()
        return kept.connection

    assert asyncio.run(asked()) is None


def test_a_request_that_fails_gives_its_thread_back(opened: list[int]) -> None:
    async def asked() -> set[int]:
        threads = Threads()
        found = {await lent(threads)}
        with pytest.raises(ZeroDivisionError):
            async with threads.lent():
                await sync_to_async(lambda: 1 // 0)()
        found.add(await lent(threads))
        threads.end()
        return found

    assert len(asyncio.run(asked())) == 1
    assert len(opened) == 1
