"""All rooms of this process, found by the session's id. An id that ended is refused for good.

The desk's records decide in the end (viewer_may_join); the short memory here answers at once and
also while the desk is busy.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from pomost.wire.clock import Clock
from pomost.wire.control import Because, Language

from .gateway import Gateway
from .live import Live
from .room import Room, over

ENDED_REMEMBERED: Final = 10_000
"""Ended ids kept in memory; older ones are refused by the desk's records."""


class Rooms:
    """The open rooms."""

    def __init__(
        self, gateway: Gateway, live: Live, clock: Clock, people_changed: Callable[[str], None]
    ) -> None:
        self._gateway = gateway
        self._live = live
        self._clock = clock
        self._people_changed = people_changed
        self._open: dict[str, Room] = {}
        self._ended: OrderedDict[str, None] = OrderedDict()

    def open(self, session: str, vendor: str, technician: str, language: Language) -> Room:
        """Open the room of a new call.

        Raises:
            Refused: that id was used before.
        """
        if session in self._open or session in self._ended:
            raise over()
        room = Room(
            session,
            vendor,
            technician,
            language,
            gateway=self._gateway,
            live=self._live,
            clock=self._clock,
            forget=self._forget,
            people_changed=self._people_changed,
        )
        self._open[session] = room
        self._people_changed(vendor)
        return room

    def find(self, session: str, vendor: str) -> Room:
        """Return the open room of a session of this vendor.

        Raises:
            Refused: it ended, or never was.
        """
        room = self._open.get(session)
        if room is None or room.vendor != vendor:
            raise over()
        return room

    def get(self, session: str) -> Room | None:
        """Return the open room of a session, for the desk, which knows whose it is."""
        return self._open.get(session)

    def _forget(self, room: Room) -> None:
        del self._open[room.session]
        self._ended[room.session] = None
        if len(self._ended) > ENDED_REMEMBERED:
            self._ended.popitem(last=False)

    async def tick(self) -> None:
        """Let each room do what is due."""
        for room in list(self._open.values()):
            await room.tick()

    async def end_all(self, why: Because) -> None:
        """End every session; the server stops."""
        for room in list(self._open.values()):
            await room.end(why, None)
