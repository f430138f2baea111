"""The technician's end as the tests play it: the same protocol as the page, in Python, with the picture put together by Pillow."""

import asyncio
import base64
import hashlib
import struct
from collections.abc import Callable
from contextlib import suppress

from PIL import Image
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from pomost.wire import control, peer
from pomost.wire.carrier import FRAME_BYTES_MAX
from pomost.wire.control import Way
from pomost.wire.levels import Level, Side
from pomost.wire.sealed import Sealed

from .tiles import decoded

PAGE = "p" * 32
PATIENCE_S = 10


class Technician:
    """One page in one session."""

    def __init__(self, host: str, vendor: str, session: str) -> None:
        self._address = f"ws://{host}/{vendor}/viewer/{session}/ws"
        self._host, self._session = host, session
        self._socket: ClientConnection | None = None
        self._sealed: Sealed | None = None
        self._offer = b""
        self._news = asyncio.Condition()
        self._reading: asyncio.Task[None] | None = None
        self.said: list[control.Message] = []
        self.messages: list[peer.Message] = []
        self.picture = Image.new("RGB", (1, 1))
        self.exact = False
        self.frame_id = 0
        self.bytes_in = 0
        self.acknowledges = True
        self.closed = False

    async def join(self) -> None:
        self._socket = await connect(
            self._address,
            additional_headers={"Origin": f"http://{self._host}", "Cookie": "sessionid=t"},
            max_size=FRAME_BYTES_MAX,
            compression=None,
            proxy=None,
        )
        await self.tell(control.ViewerHello(control.PROTOCOL, PAGE))
        self._reading = asyncio.create_task(self._read())

    async def tell(self, message: control.Message) -> None:
        assert self._socket is not None
        await self._socket.send(control.dump(Way.VIEWER_TO_DESK, message))

    async def send(self, message: peer.Message) -> None:
        assert self._socket is not None
        assert self._sealed is not None
        await self._socket.send(self._sealed.seal(peer.encode(message, Side.VIEWER)))

    async def ask(self, level: Level) -> None:
        await self.send(peer.Ask(level))

    async def match(self) -> None:
        await self.tell(control.Words(match=True))

    @property
    def words(self) -> tuple[int, ...] | None:
        return self._sealed.word_numbers if self._sealed is not None and self._sealed.locked_with else None

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait for news until `true`."""
        async with asyncio.timeout(PATIENCE_S), self._news:
            await self._news.wait_for(true)

    def forget_picture(self) -> None:
        """Count frames from here."""
        self.frame_id, self.exact = 0, False

    async def drop(self) -> None:
        """The page's link breaks; the page stays, with its keys."""
        await self.leave()
        self.closed = False
        self.forget_picture()

    async def leave(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._reading is not None:
            await self._reading

    async def _read(self) -> None:
        assert self._socket is not None
        try:
            async for data in self._socket:
                if isinstance(data, str):
                    await self._heard(control.parse(Way.DESK_TO_VIEWER, data))
                else:
                    await self._opened(data)
                async with self._news:
                    self._news.notify_all()
        finally:
            self.closed = True
            async with self._news:
                self._news.notify_all()

    async def _heard(self, message: control.Message) -> None:
        self.said.append(message)
        assert self._socket is not None
        match message:
            case control.OfferSent(offer=offer):
                self._offer = base64.b64decode(offer)
            case control.Peer(joined=True, resumed=False):
                self._sealed = Sealed(Side.VIEWER, self._session, self._offer)
                for frame in self._sealed.start():
                    await self._socket.send(frame)
            case control.Peer(joined=True, resumed=True) if self._sealed is not None:
                for frame in self._sealed.resume():
                    await self._socket.send(frame)

    async def _opened(self, data: bytes) -> None:
        assert self._sealed is not None
        assert self._socket is not None
        self.bytes_in += len(data)
        taken = self._sealed.receive(data)
        for frame in taken.send:
            await self._socket.send(frame)
        if taken.plaintext is None:
            return
        message = peer.decode(taken.plaintext, Side.AGENT)
        self.messages.append(message)
        match message:
            case peer.Screen(width=width, height=height):
                self.picture = Image.new("RGB", (width, height))
            case peer.Tiles():
                await self._draw(message)
            case peer.Digest(sha256=digest):
                header = struct.pack(">HH", *self.picture.size)
                self.exact = hashlib.sha256(header + self.picture.tobytes()).digest() == digest

    async def _draw(self, tiles: peer.Tiles) -> None:
        for tile in tiles.tiles:
            self.picture.paste(decoded(tile, self.picture), (tile.x, tile.y))
        if tiles.flags & peer.TileFlag.LAST:
            self.exact = False
            self.frame_id = tiles.frame_id
            if self.acknowledges:
                with suppress(ConnectionClosed):  # we are leaving already
                    await self.send(peer.Ack(tiles.frame_id, 1))
