"""What carries frames between the two ends: the seam where the relay can give way to peer-to-peer.

A carrier moves whole binary frames, in order, and tells when it is gone. It may lose the tail
when it closes, never the middle. It knows nothing of keys: what it carries is sealed already
(wire/sealed.py), so a carrier need not be trusted.
"""

from typing import Final, Protocol

FRAME_BYTES_MAX: Final = 2 * 1024 * 1024
"""The largest frame a carrier takes. A first picture is sent as several frames, so that input and
the customer's stop never wait behind more than this (0.4 s at 40 Mbit/s)."""


class CarrierClosed(Exception):
    """The carrier is gone. `why` is a sentence for the person at this end."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Carrier(Protocol):
    """One way between the two ends."""

    async def send(self, data: bytes) -> None:
        """Hand over one frame of at most FRAME_BYTES_MAX; waits while the way is full.

        Raises:
            CarrierClosed: the way is gone; the frame was not, or perhaps not, delivered.
        """
        ...

    async def receive(self) -> bytes:
        """Return the next frame.

        Raises:
            CarrierClosed: the way is gone and nothing is left to read.
        """
        ...

    async def close(self, why: str) -> None:
        """Give the way up and tell the other end `why`; harmless when it is gone already."""
        ...
