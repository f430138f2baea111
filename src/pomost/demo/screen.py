"""The customer's desk: a page that shows the virtual screen and drives it, so that a stranger can be the customer in a browser.

Owns: that page and its WebSocket. Does not own: capture and input (agent), the screen itself (desktop.py).
It stands for the customer's own monitor, mouse and keyboard and is no part of the product. Refuses: other machines, other
sites' pages, more than `WATCHERS_MAX` at once, and messages that are no input. The messages are those of `wire.peer`, unsealed.

    DISPLAY=:70 python -m pomost.demo.screen --port 8010 --desk http://127.0.0.1:8000 --mailbox http://127.0.0.1:8011
"""

import argparse
import asyncio
import io
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import uvicorn
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from Xlib.error import ConnectionClosedError

from pomost.agent.input import Event, Injector, InputUnavailable
from pomost.agent.input_x11 import X11Injector
from pomost.agent.picture import SOLID, Rect, changed, coalesced, encode
from pomost.agent.screen import ScreenUnavailable
from pomost.agent.screen_x11 import X11Screen
from pomost.demo.loopback import (
    OnlyThisMachine,
    escaped,
    framed,
    language_of,
    pick_language,
    static_files,
    words,
)
from pomost.wire import peer
from pomost.wire.clock import Clock, SystemClock
from pomost.wire.errors import RemoteProtocolError
from pomost.wire.levels import Side

WATCHERS_MAX: Final = 4
MESSAGE_BYTES_MAX: Final = 16 * 1024
FRAME_PAUSE_S: Final = 0.02
"""Between two pictures: changes meanwhile travel together."""
ANSWER_WITHIN_S: Final = 10.0
"""A page that shows no picture for so long is gone."""
INPUTS: Final = (peer.Move, peer.Button, peer.Wheel, peer.KeyStroke, peer.TypedText, peer.ReleaseAll)

T = TypeVar("T")


class NotInput(Exception):
    """The page sent something that is no input; the message says what."""


class Hands:
    """The customer's mouse and keyboard: one injector, used from one thread, shared by all pages."""

    def __init__(self, make: Callable[[], Injector], clock: Clock) -> None:
        self._make = make
        self._clock = clock
        self._injector: Injector | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="hands")

    async def do(self, event: Event) -> None:
        """Carry an event out; a text character by character.

        Raises:
            InputUnavailable: the screen does not answer.
        """
        events = [event]
        if isinstance(event, peer.TypedText):
            events = [peer.TypedText(event.frame_id, character) for character in event.text]
        for single in events:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._inject, single)

    async def close(self) -> None:
        """Release everything that is held and leave the X server."""
        if self._injector is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._injector.close)
        self._thread.shutdown()

    def _inject(self, event: Event) -> None:
        if self._injector is None:
            self._injector = self._make()
        try:
            while wait_ms := self._injector.inject(event, self._clock.monotonic_ms()):
                time.sleep(wait_ms / 1000)  # only this thread, until a spare key is free
        except (ConnectionClosedError, OSError) as gone:
            self._injector = None
            raise InputUnavailable(f"The screen is gone: {gone}") from gone


@dataclass
class Watcher:
    """One page that shows the screen: what it has on its canvas, and which frame it has drawn."""

    screen: X11Screen
    shown: Image.Image
    frame_id: int = 0
    drawn: int = 0
    has_news: asyncio.Event = field(default_factory=asyncio.Event)
    has_drawn: asyncio.Event = field(default_factory=asyncio.Event)
    shape: int = 0
    _thread: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="watcher")
    )

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Do what blocks, in the one thread that talks to this X connection; what was begun is finished first."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def close(self) -> None:
        """Leave the X server."""
        await self.in_thread(self.screen.close)
        self._thread.shutdown()

    def look(self) -> list[peer.Message]:
        """Read what changed on the screen and return what to tell the page. Blocks for a few milliseconds.

        Raises:
            ScreenUnavailable: the X server is gone.
        """
        told: list[peer.Message] = []
        noticed = self.screen.notice()
        rects = coalesced(noticed.damaged)
        if noticed.resized:
            self.shown = Image.new("RGB", (self.screen.width, self.screen.height))
            told.append(self.size())
            rects = [Rect(0, 0, self.screen.width, self.screen.height)]
        if noticed.reshaped:
            told.extend(self.shape_now())
        if noticed.moved or noticed.reshaped:
            x, y = self.screen.pointer()
            told.append(peer.Cursor(x, y, True, self.shape))
        if rects:
            self.screen.settle()
            told.extend(self.tiles(rects))
        return told

    def first(self) -> list[peer.Message]:
        """Return the size, the whole picture and the pointer."""
        self.screen.settle()
        whole = Rect(0, 0, self.screen.width, self.screen.height)
        x, y = self.screen.pointer()
        return [self.size(), *self.tiles([whole]), *self.shape_now(), peer.Cursor(x, y, True, self.shape)]

    def size(self) -> peer.Screen:
        """Return the message that tells how large the picture is."""
        return peer.Screen(self.screen.width, self.screen.height, "demo", "", ())

    def shape_now(self) -> list[peer.Message]:
        """Return the pointer's shape as a new message."""
        shape = self.screen.cursor_shape()
        if shape is None:
            return []
        self.shape += 1
        out = io.BytesIO()
        Image.frombytes("RGBA", (shape.width, shape.height), shape.pixels).save(out, "PNG")
        return [peer.CursorShape(self.shape, shape.hot_x, shape.hot_y, out.getvalue())]

    def tiles(self, rects: list[Rect]) -> list[peer.Message]:
        """Return the pixels of `rects` that differ from what the page shows, and remember them as shown."""
        tiles: list[peer.Tile] = []
        for rect in rects:
            now = self.screen.grab(rect)
            before = self.shown.crop((rect.x, rect.y, rect.right, rect.bottom))
            for part in changed(before, now, rect.x, rect.y):
                piece = now.crop(
                    (part.x - rect.x, part.y - rect.y, part.right - rect.x, part.bottom - rect.y)
                )
                written = encode(piece, part)
                codec = peer.Codec.SOLID if written.codec == SOLID else peer.Codec.WEBP
                tiles.append(peer.Tile(part.x, part.y, part.w, part.h, codec, written.data))
            self.shown.paste(now, (rect.x, rect.y))
        if not tiles:
            return []
        self.frame_id += 1
        return [peer.Tiles(self.frame_id, peer.TileFlag.LAST, tuple(tiles))]


def read_input(data: bytes) -> Event | peer.Ack:
    """Return what the page did.

    Raises:
        NotInput: it is malformed, or a message that a screen does not take.
    """
    try:
        message = peer.decode(data, Side.VIEWER)
    except RemoteProtocolError as broken:
        raise NotInput(str(broken)) from broken
    if not isinstance(message, (*INPUTS, peer.Ack)):
        raise NotInput(f"{type(message).__name__} is no input; this page takes mouse and keyboard only.")
    return message


class ScreenPage:
    """The page, its WebSocket, and the links it shows."""

    def __init__(self, display: str | None, clock: Clock, links: dict[str, str]) -> None:
        self.display = display
        self.links = links
        self.hands = Hands(lambda: X11Injector(display), clock)
        self.watching = 0

    def app(self) -> OnlyThisMachine:
        """Return the ASGI application."""
        routes = [
            Route("/", self._page),
            WebSocketRoute("/screen", self._socket),
            Route("/language/{code}", pick_language),
            Mount("/static", static_files()),
        ]
        return OnlyThisMachine(Starlette(routes=routes, lifespan=self._life))

    @asynccontextmanager
    async def _life(self, _app: Starlette) -> AsyncIterator[None]:
        yield
        await self.hands.close()

    def _page(self, request: Request) -> Response:
        say = words("screen", language_of(request))
        steps = "".join(f"<li>{escaped(say[f'step_{n}'])}</li>" for n in (1, 2, 3, 4))
        links = "".join(
            f'<a href="{escaped(url)}" target="_blank" rel="noreferrer">{escaped(say[key])}</a>'
            for key, url in self.links.items()
        )
        states = "".join(f' data-{key}="{escaped(say[key])}"' for key in ("waiting", "shown", "lost"))
        body = (
            f'<main class="wide"><h1>{escaped(say["title"])}</h1><p class="what">{escaped(say["what"])}</p><ol class="steps">{steps}</ol>'
            f'<p class="links">{links}<output id="state"{states}>{escaped(say["waiting"])}</output></p>'
            f'<div class="screen"><canvas id="screen" width="1280" height="800"></canvas><img id="pointer" alt="" hidden>'
            f'<textarea id="hands" aria-label="{escaped(say["label"])}" autocomplete="off" spellcheck="false"></textarea></div></main>'
        )
        return framed(request, say["title"], body, script="screen.js")

    async def _socket(self, socket: WebSocket) -> None:
        if self.watching >= WATCHERS_MAX:
            await socket.close(1013, f"{WATCHERS_MAX} pages show this screen already. Close one.")
            return
        await socket.accept()
        self.watching += 1
        try:
            await self._show(socket)
        finally:
            self.watching -= 1

    async def _show(self, socket: WebSocket) -> None:
        try:
            screen = await asyncio.to_thread(X11Screen, self.display)
        except ScreenUnavailable as gone:
            await socket.close(1011, _short(gone))
            return
        watcher = Watcher(screen, Image.new("RGB", (screen.width, screen.height)))
        loop = asyncio.get_running_loop()
        loop.add_reader(screen.fileno(), watcher.has_news.set)
        try:
            await _first_to_end(self._send(socket, watcher), self._receive(socket, watcher))
        except (ScreenUnavailable, InputUnavailable, ConnectionClosedError) as gone:
            await socket.close(1011, _short(gone))
        except NotInput as refused:
            await socket.close(1008, _short(refused))
        except TimeoutError:
            await socket.close(1011, f"The page drew nothing for {ANSWER_WITHIN_S:g} s.")
        except WebSocketDisconnect:
            await self._let_go()
        finally:
            loop.remove_reader(screen.fileno())
            await watcher.close()

    async def _let_go(self) -> None:
        """A page that leaves with a key down must not leave it down."""
        try:
            await self.hands.do(peer.ReleaseAll())
        except InputUnavailable:
            return  # the keyboard is gone with the screen

    async def _send(self, socket: WebSocket, watcher: Watcher) -> None:
        told = await watcher.in_thread(watcher.first)
        while True:
            for message in told:
                await socket.send_bytes(peer.encode(message, Side.AGENT))
            await _drawn(watcher)
            await asyncio.sleep(FRAME_PAUSE_S)
            told = []
            while not told:
                await watcher.has_news.wait()
                watcher.has_news.clear()
                told = await watcher.in_thread(watcher.look)

    async def _receive(self, socket: WebSocket, watcher: Watcher) -> None:
        while True:
            received = await socket.receive()
            if received["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(received["code"])
            data = received.get("bytes")
            if data is None:
                raise NotInput("This page takes binary messages only.")
            message = read_input(data)
            if isinstance(message, peer.Ack):
                watcher.drawn = message.frame_id
                watcher.has_drawn.set()
            else:
                await self.hands.do(message)


async def _drawn(watcher: Watcher) -> None:
    """Wait until the page has drawn the last frame.

    Raises:
        TimeoutError: it did not within `ANSWER_WITHIN_S`.
    """
    async with asyncio.timeout(ANSWER_WITHIN_S):
        while watcher.drawn < watcher.frame_id:
            watcher.has_drawn.clear()
            await watcher.has_drawn.wait()


async def _first_to_end(*works: Coroutine[Any, Any, None]) -> None:
    """Run several at once until one ends or fails; end the others and raise what it raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


def _short(problem: Exception) -> str:
    """Return a reason that fits into a WebSocket's close frame (123 bytes)."""
    return str(problem).encode()[:120].decode(errors="ignore")


def main() -> None:
    """Serve the page until the process is ended."""
    parser = argparse.ArgumentParser(prog="python -m pomost.demo.screen", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--desk", required=True)
    parser.add_argument("--mailbox", required=True)
    chosen = parser.parse_args()
    page = ScreenPage(None, SystemClock(), {"desk": chosen.desk, "mailbox": chosen.mailbox})
    uvicorn.run(
        page.app(),
        host="127.0.0.1",
        port=chosen.port,
        log_level="warning",
        ws_max_size=MESSAGE_BYTES_MAX,
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
