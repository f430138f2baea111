"""One WebSocket to the desk: text frames for the desk, binary frames relayed to the technician's page.

It owns the socket, the order of what goes out (a grant before the picture it allows) and the reading. `RelayCarrier` is the relay as a carrier of
sealed frames; a peer-to-peer carrier will stand beside it. It understands no message, and it never reconnects by itself: `conversation` does.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from pomost.wire.carrier import FRAME_BYTES_MAX, CarrierClosed

OPEN_S = 10.0
PING_S = 10.0
"""A link that is silent is asked after so long and given up after as long again."""

WAITING_BYTES_MAX = 8 * 1024 * 1024
"""More than this waiting to go out means that the link is dead in all but name."""


class LinkLost(Exception):
    """The desk cannot be reached (any more); the message says why."""


class DeskLink:
    """An open socket."""

    def __init__(self, socket: ClientConnection) -> None:
        """Wrap an open connection."""
        self._socket = socket
        self._out: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self._waiting_bytes = 0
        self.carrier = RelayCarrier(self)
        self._writing = asyncio.create_task(self._write())

    def put(self, data: str | bytes) -> None:
        """Send after everything that was put before; never waits."""
        self._waiting_bytes += len(data)
        if self._waiting_bytes > WAITING_BYTES_MAX:
            self._socket.transport.abort()
            return
        self._out.put_nowait(data)

    async def messages(self) -> AsyncIterator[str]:
        """Text frames as they come; binary ones go to the carrier.

        Raises:
            LinkLost: the socket is gone.
        """
        try:
            async for data in self._socket:
                if isinstance(data, str):
                    yield data
                else:
                    self.carrier.arrived(data)
        except ConnectionClosed as closed:
            raise LinkLost(str(closed)) from closed
        finally:
            self.carrier.gone("The link to the desk is gone.")
        raise LinkLost("The desk closed the line.")

    async def close(self) -> None:
        """Send what waits, then close."""
        self._out.put_nowait(None)
        try:
            async with asyncio.timeout(2):
                await self._writing
                await self._socket.close()
        except (TimeoutError, ConnectionClosed):
            self._socket.transport.abort()
        self._writing.cancel()

    async def _write(self) -> None:
        while (data := await self._out.get()) is not None:
            try:
                await self._socket.send(data)
            except ConnectionClosed:
                return
            self._waiting_bytes -= len(data)


class RelayCarrier:
    """The desk's relay as a carrier (`pomost.wire.carrier.Carrier`)."""

    def __init__(self, link: DeskLink) -> None:
        """Made by the link."""
        self._link = link
        self._in: asyncio.Queue[bytes | CarrierClosed] = asyncio.Queue()
        self._closed: CarrierClosed | None = None

    async def send(self, data: bytes) -> None:
        """Hand over one frame, behind whatever the link sends already."""
        if self._closed is not None:
            raise self._closed
        self.put(data)

    def put(self, data: bytes) -> None:
        """Send after everything that was sent before, also to the desk itself; never waits."""
        if self._closed is None:
            self._link.put(data)

    async def receive(self) -> bytes:
        """The next frame."""
        if self._closed is not None and self._in.empty():
            raise self._closed
        item = await self._in.get()
        if isinstance(item, CarrierClosed):
            raise item
        return item

    async def close(self, why: str) -> None:
        """Give the relay up; the socket goes on for the desk's own messages."""
        self.gone(why)

    def arrived(self, frame: bytes) -> None:
        """A frame came in."""
        if self._closed is None:
            self._in.put_nowait(frame)

    def gone(self, why: str) -> None:
        """Nothing more will come."""
        if self._closed is None:
            self._closed = CarrierClosed(why)
            self._in.put_nowait(self._closed)


async def open_link(desk: str) -> DeskLink:
    """Connect to the desk at `desk`, such as https://help.example/vendor/.

    Raises:
        LinkLost: it does not answer.
    """
    address = desk.rstrip("/").replace("http", "ws", 1) + "/agent/ws"
    try:
        socket = await connect(
            address,
            compression=None,  # frames are sealed: they do not compress, and trying costs time
            max_size=FRAME_BYTES_MAX,
            max_queue=64,
            open_timeout=OPEN_S,
            ping_interval=PING_S,
            ping_timeout=PING_S,
            close_timeout=2,
        )
    except (OSError, TimeoutError, InvalidHandshake, InvalidURI, ssl.SSLError) as failed:
        raise LinkLost(_short(failed)) from failed
    return DeskLink(socket)


async def fetch_config(desk: str, limit: int) -> bytes:
    """agent.json of the desk, at most `limit` bytes of it.

    Raises:
        LinkLost: it does not answer, or has none.
    """
    return await asyncio.to_thread(_fetch, desk.rstrip("/") + "/agent.json", limit)


def _fetch(address: str, limit: int) -> bytes:
    if not address.startswith(("http://", "https://")):
        raise LinkLost(f"{address} is no address of a desk; it begins with https://")
    try:
        with urlopen(Request(address), timeout=OPEN_S) as answer:  # noqa: S310  # the scheme was checked above
            body: bytes = answer.read(limit)
            return body
    except (OSError, ValueError) as failed:
        raise LinkLost(_short(failed)) from failed


def _short(failed: Exception) -> str:
    """What the system or the server said, without the wrapping of the libraries."""
    if isinstance(failed, HTTPError):
        return f"HTTP {failed.code}"
    if isinstance(failed, URLError) and isinstance(failed.reason, Exception):
        return _short(failed.reason)
    return getattr(failed, "strerror", None) or str(failed) or type(failed).__name__
