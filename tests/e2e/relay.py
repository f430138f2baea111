"""What can stand between the customer's app and the desk: a relay that only watches, and one that swaps the keys.

Both speak WebSocket to both sides, as a proxy, a mail-scanner's "protection" or a hostile server would. The app is given the
relay's address instead of the desk's.
"""

import asyncio
import base64
import json
import threading
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from e2e.screen import SOON_S, eventually
from pomost.wire.levels import Side
from pomost.wire.sealed import Sealed, Stage


@dataclass(frozen=True, slots=True)
class Passed:
    """One frame, as it came to the relay."""

    by_app: bool
    said: dict[str, Any] | None
    """A message to or of the desk; None for a sealed frame."""
    size_bytes: int


class Relay:
    """Passes everything on as it came, and keeps a note of it."""

    def __init__(self, desk_url: str) -> None:
        self._desk_url = desk_url
        self._path = "/" + desk_url.split("/", 3)[3]
        self.passed: list[Passed] = []
        self._listening = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._port = 0
        self._server: Server | None = None
        self._thread = threading.Thread(target=self._run, name="relay")

    @property
    def url(self) -> str:
        """The vendor's address, by way of the relay."""
        return f"http://localhost:{self._port}{self._path}"

    # What was seen.

    def last(self, say: str) -> dict[str, Any]:
        """Wait for a message of this name; return the newest."""

        def look() -> dict[str, Any] | None:
            return next((p.said for p in reversed(self.passed) if p.said and p.said["say"] == say), None)

        found: dict[str, Any] = eventually(f"“{say}” at the relay", look)
        return found

    def sealed_by_app(self) -> list[int]:
        """Return the sizes in bytes of the sealed frames that left the app so far."""
        return [each.size_bytes for each in self.passed if each.by_app and each.said is None]

    def sealed_by_app_before(self, say: str) -> list[int]:
        """Return those that left the app before it first said this to the desk."""
        place = next(
            (
                n
                for n, each in enumerate(self.passed)
                if each.by_app and each.said and each.said["say"] == say
            ),
            len(self.passed),
        )
        return [each.size_bytes for each in self.passed[:place] if each.by_app and each.said is None]

    # What is passed on.

    async def from_app(self, data: str | bytes, app: ServerConnection, desk: ClientConnection) -> None:
        """Pass on what the app sent."""
        await desk.send(data)

    async def from_desk(self, data: str | bytes, app: ServerConnection, desk: ClientConnection) -> None:
        """Pass on what the desk sent."""
        await app.send(data)

    # The machinery.

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._begin())
        self._listening.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._finish())
        self._loop.close()

    async def _begin(self) -> None:
        self._server = await serve(
            self._between, "localhost", 0, process_request=self._page, compression=None, max_size=None
        )
        self._port = next(iter(self._server.sockets)).getsockname()[1]

    async def _finish(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def _page(self, connection: ServerConnection, request: Request) -> Response | None:
        """Answer what is no WebSocket with the desk's own answer."""
        if request.path.endswith("/ws"):
            return None
        address = self._desk_url.removesuffix(self._path) + request.path

        def fetch() -> str:
            with urllib.request.urlopen(address, timeout=SOON_S) as answer:  # noqa: S310 (an address of our own)
                return str(answer.read().decode())

        return connection.respond(HTTPStatus.OK, await asyncio.to_thread(fetch))

    async def _between(self, app: ServerConnection) -> None:
        assert app.request is not None
        address = self._desk_url.removesuffix(self._path).replace("http", "ws", 1) + app.request.path
        async with connect(address, compression=None, max_size=None) as desk:
            await asyncio.gather(self._pump(app, app, desk), self._pump(desk, app, desk))

    async def _pump(
        self, source: ServerConnection | ClientConnection, app: ServerConnection, desk: ClientConnection
    ) -> None:
        by_app = source is app
        try:
            async for data in source:
                said = json.loads(data) if isinstance(data, str) else None
                self.passed.append(Passed(by_app, said, len(data)))
                await (self.from_app if by_app else self.from_desk)(data, app, desk)
        except ConnectionClosed:
            pass  # one side is gone: so is the other, below
        await (desk if by_app else app).close()

    def __enter__(self) -> Self:
        self._thread.start()
        self._listening.wait(SOON_S)
        return self

    def __exit__(self, *_unused: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SOON_S)


class KeySwapper(Relay):
    """Makes keys of its own with both ends, so that it could read all: commitments and public keys are consistent."""

    def __init__(self, desk_url: str) -> None:
        super().__init__(desk_url)
        self.opened: list[tuple[Side, bytes]] = []
        """What it could read, with who sent it."""
        self._session, self._offer = "", b""
        self._ends: dict[Side, Sealed] = {}
        """Towards the technician it plays the app, towards the app the technician."""

    async def from_desk(self, data: str | bytes, app: ServerConnection, desk: ClientConnection) -> None:
        if isinstance(data, bytes):
            await self._open(data, Side.AGENT, here=desk, there=app)
            return
        said = json.loads(data)
        await app.send(data)
        if said["say"] == "ringing":
            self._session = said["session"]
        elif said["say"] == "offer":
            self._offer = base64.b64decode(said["offer"])
        elif said["say"] == "peer" and said["joined"]:
            self._ends = {side: Sealed(side, self._session, self._offer) for side in Side}
            for frame in self._ends[Side.VIEWER].start():
                await app.send(frame)

    async def from_app(self, data: str | bytes, app: ServerConnection, desk: ClientConnection) -> None:
        if isinstance(data, bytes):
            await self._open(data, Side.VIEWER, here=app, there=desk)
        else:
            await desk.send(data)

    async def _open(
        self,
        frame: bytes,
        playing: Side,
        *,
        here: ServerConnection | ClientConnection,
        there: ServerConnection | ClientConnection,
    ) -> None:
        """Take a frame of one end, answer it in the other's name, and pass on what it held under one's own key."""
        taken = self._ends[playing].receive(frame)
        for answer in taken.send:
            await here.send(answer)
        if taken.plaintext is not None:
            self.opened.append((playing.other, taken.plaintext))
            onward = self._ends[playing.other]
            if onward.stage is Stage.OPEN:
                await there.send(onward.seal(taken.plaintext))
