"""What console pages hear while they are open, and who is there: presence is an open stream.

Each page holds one Server-Sent Events stream. `board` says that something changed and the page
should ask again; `call` rings one technician; `session` tells how a session of theirs stands.
A stream that is not read is closed and the browser opens it anew.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pomost.wire.clock import Clock

from .gateway import Gateway

EVENTS_WAITING_MAX: Final = 64
"""A page that lets more pile up is not reading."""
HEARTBEAT_SECONDS: Final = 15
"""Proxies close what stays silent for longer, usually after 60 s."""
PRESENCE_GRACE_MS: Final = 5_000
"""A technician who goes from page to page is not away in between."""
STREAMS_OF_ONE_MAX: Final = 20
"""Open pages of one technician."""

BOARD: Final = "board"
CALL: Final = "call"
SESSION: Final = "session"


@dataclass(slots=True, eq=False)
class Stream:
    """One open page."""

    vendor: str
    technician: str
    waiting: deque[str] = field(default_factory=deque)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False

    def put(self, text: str) -> None:
        """Queue an event; one that waits already says the same twice over and is left out."""
        if text in self.waiting:
            return
        self.waiting.append(text)
        self.closed = self.closed or len(self.waiting) > EVENTS_WAITING_MAX
        self.wake.set()

    def close(self) -> None:
        """End the stream; its page may open another."""
        self.closed = True
        self.wake.set()


class Live:
    """All open pages of all vendors."""

    def __init__(self, gateway: Gateway, clock: Clock, people_changed: Callable[[str], None]) -> None:
        self._gateway = gateway
        self._clock = clock
        self._people_changed = people_changed
        self._streams: dict[tuple[str, str], set[Stream]] = {}
        self._left_at_ms: dict[tuple[str, str], int] = {}

    def publish(
        self, vendor: str, event: str, data: Mapping[str, object], technician: str | None = None
    ) -> None:
        """Tell all pages of a vendor, or of one technician there."""
        text = f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
        for (of_vendor, of_technician), streams in self._streams.items():
            if of_vendor == vendor and technician in (None, of_technician):
                for stream in streams:
                    stream.put(text)

    async def open(self, vendor: str, technician: str) -> Stream | None:
        """Open a stream and let the technician be there; None: too many pages are open."""
        who = (vendor, technician)
        streams = self._streams.setdefault(who, set())
        if len(streams) >= STREAMS_OF_ONE_MAX:
            return None
        stream = Stream(vendor, technician)
        streams.add(stream)
        was_there = len(streams) > 1 or self._left_at_ms.pop(who, None) is not None
        if not was_there:
            await self._gateway.presence(vendor, technician, True, self._clock.now())
            self._people_changed(vendor)
        return stream

    async def events(self, stream: Stream) -> AsyncIterator[str]:
        """Yield what the page is to be sent, with a comment where there was nothing to say."""
        yield ": here\n\n"
        while not stream.closed:
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await stream.wake.wait()
            except TimeoutError:
                yield ": still here\n\n"
                continue
            stream.wake.clear()
            while stream.waiting:
                yield stream.waiting.popleft()

    def leave(self, stream: Stream) -> None:
        """The page is gone."""
        who = (stream.vendor, stream.technician)
        self._streams[who].discard(stream)
        if not self._streams[who]:
            del self._streams[who]
            self._left_at_ms[who] = self._clock.monotonic_ms()

    async def tick(self) -> None:
        """Let technicians be away whose last page closed some seconds ago."""
        now_ms = self._clock.monotonic_ms()
        gone = [who for who, left_ms in self._left_at_ms.items() if now_ms - left_ms >= PRESENCE_GRACE_MS]
        for vendor, technician in gone:
            del self._left_at_ms[vendor, technician]
            await self._gateway.presence(vendor, technician, False, self._clock.now())
            self._people_changed(vendor)

    async def stop(self) -> None:
        """Close all streams; everybody is away."""
        everybody = list(self._streams) + list(self._left_at_ms)
        for streams in self._streams.values():
            for stream in streams:
                stream.close()
        self._left_at_ms.clear()
        for vendor, technician in everybody:
            await self._gateway.presence(vendor, technician, False, self._clock.now())
