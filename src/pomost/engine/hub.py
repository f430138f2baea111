"""The desk's way to speak to the engine, from any thread.

Each call returns at once; the engine does it on its own loop, in order. A call about a session that
is over, or before the engine runs, does nothing: the desk's records are the truth, and every page
and app reads them when it connects.
"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from pomost.wire.control import AskEstimate

from .gateway import Decided, Offered
from .live import BOARD, Live
from .lobby import Lobby
from .rooms import Rooms

log = logging.getLogger(__name__)


class Hub:
    """Thread-safe. One per engine."""

    def __init__(self, rooms: Rooms, lobby: Lobby, live: Live) -> None:
        self._rooms = rooms
        self._lobby = lobby
        self._live = live
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def attach(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """The engine runs on `loop` from now on; None: it has stopped."""
        self._loop = loop

    def answered(self, session: str, offer: bytes, signature: bytes) -> None:
        """A technician took the call; both ends may have the signed offer."""
        self._soon(self._answered(session, Offered(offer, signature)))

    def declined(self, session: str, why: str) -> None:
        """Nobody takes the call; `why` is shown to the caller."""
        self._soon(self._declined(session, why))

    def estimate_asked(self, session: str, estimate: AskEstimate) -> None:
        """The customer is to answer a price; until then no time is counted."""
        self._soon(self._estimate_asked(session, estimate))

    def estimate_decided(self, session: str, estimate: str, *, accepted: bool, go_on: bool, why: str) -> None:
        """The customer answered a price elsewhere than in the app; `why` is shown where it ends the session."""
        self._soon(self._estimate_decided(session, estimate, Decided(go_on, why), accepted))

    def end(self, session: str, why: str) -> None:
        """End a session for good; `why` is shown to both ends."""
        self._soon(self._end(session, why))

    def board_changed(self, vendor: str) -> None:
        """Something on the vendor's board changed; its open pages ask again."""
        self._soon(self._board_changed(vendor))

    def people_changed(self, vendor: str) -> None:
        """A technician's presence or description changed; waiting apps get the new list."""
        self._soon(self._people_changed(vendor))

    async def _answered(self, session: str, offered: Offered) -> None:
        room = self._rooms.get(session)
        if room is not None:
            await room.answered(offered)

    async def _declined(self, session: str, why: str) -> None:
        room = self._rooms.get(session)
        if room is not None:
            await room.declined(why)

    async def _estimate_asked(self, session: str, estimate: AskEstimate) -> None:
        room = self._rooms.get(session)
        if room is not None:
            await room.estimate_asked(estimate)

    async def _estimate_decided(self, session: str, estimate: str, decided: Decided, accepted: bool) -> None:
        room = self._rooms.get(session)
        if room is not None:
            await room.estimate_decided(estimate, decided, accepted=accepted)

    async def _end(self, session: str, why: str) -> None:
        room = self._rooms.get(session)
        if room is not None:
            await room.end(why, None)

    async def _board_changed(self, vendor: str) -> None:
        self._live.publish(vendor, BOARD, {})

    async def _people_changed(self, vendor: str) -> None:
        self._lobby.people_changed(vendor)

    def _soon(self, doing: Coroutine[Any, Any, None]) -> None:
        if self._loop is None:
            doing.close()
            return
        self._loop.call_soon_threadsafe(self._begin, doing)

    def _begin(self, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(doing)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("A call of the desk failed in the engine.", exc_info=task.exception())
