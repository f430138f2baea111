"""Messages to and from the technician's page, sealed: the keys of one session over whatever carrier there is.

It owns the `Sealed` of the session and the task that reads the carrier. It refuses a frame that is not exactly the next genuine one:
`on_broken` gets the sentence, and nothing more is read. After a break it goes on over a new carrier (`renew`). When it is dropped, the keys are gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol

from pomost.wire import peer
from pomost.wire.carrier import Carrier, CarrierClosed
from pomost.wire.errors import RemoteProtocolError
from pomost.wire.levels import Side
from pomost.wire.sealed import Sealed


class SwiftCarrier(Carrier, Protocol):
    """A carrier that also takes a frame without waiting: the pace is kept by acknowledgements, and order matters more."""

    def put(self, data: bytes) -> None:
        """Send after everything that was sent before."""
        ...


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
        self._carrier: SwiftCarrier | None = None
        self._reading: asyncio.Task[None] | None = None

    def begin(self, carrier: SwiftCarrier) -> None:
        """The other end is there for the first time."""
        self._use(carrier)
        self._put(self._sealed.start())

    def renew(self, carrier: SwiftCarrier) -> None:
        """The other end is back after a break."""
        self._use(carrier)
        self._put(self._sealed.resume())

    def pause(self) -> None:
        """The other end is away, or it is over: nothing more is read."""
        if self._reading is not None:
            self._reading.cancel()
        self._reading = self._carrier = None

    @property
    def locked(self) -> bool:
        """Whether both ends proved the same keys and messages can be sent."""
        return self._sealed.locked_with is not None

    def send(self, message: peer.Message) -> None:
        """Seal and send; nothing happens while the other end is away."""
        if self._carrier is not None and self.locked:
            self._put((self._sealed.seal(peer.encode(message, Side.AGENT)),))

    def _use(self, carrier: SwiftCarrier) -> None:
        if self._carrier is not carrier:
            self.pause()
            self._carrier = carrier
            self._reading = asyncio.create_task(self._read(carrier))

    def _put(self, frames: Iterable[bytes]) -> None:
        for frame in frames:
            if self._carrier is not None:
                self._carrier.put(frame)

    async def _read(self, carrier: SwiftCarrier) -> None:
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
