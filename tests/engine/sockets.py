"""A WebSocket and a stream of events in memory: the ASGI conversation without a network."""

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

from starlette.types import ASGIApp

HOST = "desk.example"
SOON_SECONDS = 5  # a hung test fails; no passing test waits for it


def scope(kind: str, path: str, headers: dict[str, str]) -> MutableMapping[str, Any]:
    return {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in {"host": HOST, **headers}.items()],
        "client": ("192.0.2.1", 1),
        "server": (HOST, 80),
        "subprotocols": [],
        "state": {},
    }


class Connection:
    """One request to the application under test, as a task of its own."""

    def __init__(self, app: ASGIApp, what: MutableMapping[str, Any]) -> None:
        self._inward: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self.outward: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self.takes = asyncio.Event()
        self.takes.set()
        self.task = asyncio.ensure_future(app(what, self._inward.get, self._outwards))

    async def _outwards(self, message: MutableMapping[str, Any]) -> None:
        await self.takes.wait()
        self.outward.put_nowait(message)

    def send(self, message: MutableMapping[str, Any]) -> None:
        self._inward.put_nowait(message)

    async def next(self) -> MutableMapping[str, Any]:
        async with asyncio.timeout(SOON_SECONDS):
            return await self.outward.get()


class Socket(Connection):
    """One end's WebSocket."""

    def say(self, word: str, **rest: Any) -> None:
        self.send({"type": "websocket.receive", "text": json.dumps({"say": word, **rest})})

    def text(self, text: str) -> None:
        self.send({"type": "websocket.receive", "text": text})

    def frame(self, data: bytes) -> None:
        self.send({"type": "websocket.receive", "bytes": data})

    async def hear(self, word: str) -> dict[str, Any]:
        """The next message called `word`; others before it are passed over, a closed socket fails."""
        while True:
            message = await self.next()
            assert message["type"] == "websocket.send", f"waited for {word}, got {message}"
            if message.get("text"):
                said: dict[str, Any] = json.loads(message["text"])
                if said["say"] == word:
                    return said

    async def hear_frame(self) -> bytes:
        """The next binary frame; messages before it are passed over."""
        while True:
            message = await self.next()
            assert message["type"] == "websocket.send", f"waited for a frame, got {message}"
            frame: bytes | None = message.get("bytes")
            if frame is not None:
                return frame

    async def hear_nothing_but(self, *words: str) -> None:
        """Let everything due be done, then check that only these words came."""
        for _ in range(20):
            await asyncio.sleep(0)
        while not self.outward.empty():
            message = self.outward.get_nowait()
            assert json.loads(message["text"])["say"] in words, message

    async def closed(self) -> int:
        """The code with which the desk closed; what it said before is passed over."""
        while True:
            message = await self.next()
            if message["type"] == "websocket.close":
                self.send({"type": "websocket.disconnect", "code": message["code"]})
                await self.task
                code: int = message["code"]
                return code

    async def refused(self) -> str:
        """The sentence of a refusal that closes."""
        why: str = (await self.hear("refused"))["why"]
        assert await self.closed() == 1008
        return why

    async def drop(self) -> None:
        """The network is gone."""
        self.send({"type": "websocket.disconnect", "code": 1006})
        async with asyncio.timeout(SOON_SECONDS):
            await self.task


async def opened(app: ASGIApp, path: str, **headers: str) -> Socket:
    socket = Socket(app, scope("websocket", path, headers))
    socket.send({"type": "websocket.connect"})
    assert (await socket.next())["type"] == "websocket.accept"
    return socket


class Events(Connection):
    """An open stream of Server-Sent Events."""

    status: int

    async def event(self) -> tuple[str, dict[str, Any]]:
        """The next event and its data; comments are passed over."""
        while True:
            text = (await self.next())["body"].decode()
            if text.startswith("event: "):
                name, data = text.strip().split("\n")
                return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))

    async def drop(self) -> None:
        self.send({"type": "http.disconnect"})
        async with asyncio.timeout(SOON_SECONDS):
            await self.task


async def listening(app: ASGIApp, path: str, **headers: str) -> Events:
    events = Events(app, scope("http", path, headers))
    events.send({"type": "http.request", "body": b"", "more_body": False})
    events.status = (await events.next())["status"]
    return events
