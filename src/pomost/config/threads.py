"""Threads that requests are given one after another, each with a connection to the database that stays open.

Django gives every request under ASGI a thread of its own and ends it; a connection is kept by a thread, so each request
would open one and read the schema again. Here a thread that is done waits for the next request. How many work at once
is bounded by nobody, as before: a request holds its thread while its body still comes in, and slow senders must not
shut the others out. Read next: docs/decisions/0014-requests-are-given-threads-that-stay.md.
"""

from collections.abc import AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final

from asgiref.sync import ThreadSensitiveContext
from django.db import connections

IDLE_MAX: Final = 16
"""So many threads wait for requests; one more is ended when it is done."""


class Threads:
    """Lends threads. For one event loop, which alone may call it."""

    def __init__(self) -> None:
        self._idle: list[ThreadPoolExecutor] = []

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[None]:
        """Let all that Django runs beside the loop run in one thread inside; the one that was used last, if any waits."""
        thread = self._idle.pop() if self._idle else ThreadPoolExecutor(1, thread_name_prefix="desk-request")
        try:
            async with ThreadSensitiveContext(executor=thread):
                yield
        finally:
            if len(self._idle) < IDLE_MAX:
                self._idle.append(thread)
            else:
                _end(thread)

    def end(self) -> None:
        """End the threads that wait. Returns when they have closed their connections."""
        while self._idle:
            _end(self._idle.pop()).result()


def _end(thread: ThreadPoolExecutor) -> Future[None]:
    closed = thread.submit(connections.close_all)
    thread.shutdown(wait=False)
    return closed
