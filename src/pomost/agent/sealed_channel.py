"""Messages to and from the technician's page, sealed: the keys of one session over whatever carrier there is.

It owns the `Sealed` of the session and the task that reads the carrier. It refuses a frame that is not exactly the next genuine one:
`on_broken` gets the sentence, and nothing more is read. After a break it goes on over a new carrier (`renew`). When it is dropped, the keys are gone.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

from pomost.wire import peer
from pomost.wire.carrier import Carrier, CarrierClosed
from pomost.wire.errors import RemoteProtocolError
from pomost.wire.levels import Side
from pomost.wire.sealed import Sealed


class SealedChannel:
    """The agent's end."""

    def __init__(
        self,
        session: str,
        offer: bytes,
        *,
        on_open: Callable[[tuple[int, ...]], None],
        on_message: Callable[[peer.Message], None],
        on_broken: Callable[[str], None],
    ) -> None:
        """Prepare the keys of `session`; `offer` is hashed into them. The callbacks run in the loop's thread."""
        self._sealed = Sealed(Side.AGENT, session, offer)
        self._on_open, self._on_message, self._on_broken = on_open, on_message, on_broken
        self._carrier: Carrier | None = None
        self._out: deque[bytes] = deque()
        self._waiting = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self, carrier: Carrier) -> None:
        """The other end is there for the first time."""
        self._use(carrier)
        self._put(self._sealed.start())

    def renew(self, carrier: Carrier) -> None:
        """The other end is back after a break."""
        self._use(carrier)
        self._put(self._sealed.resume())

    def pause(self) -> None:
        """The other end is away; what was not sent is let fall."""
        for task in self._tasks:
            task.cancel()
        self._tasks = []
        self._out.clear()
        self._carrier = None

    def finish(self) -> None:
        """Send what is sealed already, such as a goodbye, and take nothing more. The keys die with this object."""
        carrier, waiting = self._carrier, list(self._out)
        self.pause()
        if carrier is not None and waiting:
            self._tasks = [asyncio.create_task(_send_all(carrier, waiting))]

    @property
    def locked(self) -> bool:
        """Whether both ends proved the same keys and messages can be sent."""
        return self._sealed.locked_with is not None

    def send(self, message: peer.Message) -> None:
        """Seal and send; nothing happens while the other end is away."""
        if self._carrier is not None and self.locked:
            self._put((self._sealed.seal(peer.encode(message, Side.AGENT)),))

    def _use(self, carrier: Carrier) -> None:
        if self._carrier is carrier:
            return
        self.pause()
        self._carrier = carrier
        self._tasks = [asyncio.create_task(self._write(carrier)), asyncio.create_task(self._read(carrier))]

    def _put(self, frames: Iterable[bytes]) -> None:
        self._out.extend(frames)
        self._waiting.set()

    async def _write(self, carrier: Carrier) -> None:
        try:
            while True:
                await self._waiting.wait()
                self._waiting.clear()
                while self._out:
                    await carrier.send(self._out.popleft())
        except CarrierClosed:
            return  # the desk's link tells of it too, and decides what follows

    async def _read(self, carrier: Carrier) -> None:
        try:
            while True:
                self._take(await carrier.receive())
        except CarrierClosed:
            return
        except RemoteProtocolError as broken:
            self._on_broken(str(broken))

    def _take(self, frame: bytes) -> None:
        was_locked = self.locked
        taken = self._sealed.receive(frame)
        self._put(taken.send)
        if self.locked and not was_locked:
            self._on_open(self._sealed.word_numbers or ())
        if taken.plaintext is not None:
            self._on_message(peer.decode(taken.plaintext, Side.VIEWER))


async def _send_all(carrier: Carrier, frames: list[bytes]) -> None:
    try:
        for frame in frames:
            await carrier.send(frame)
    except CarrierClosed:
        return  # nobody is there to hear the goodbye
