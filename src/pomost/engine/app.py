"""The engine's addresses, and the engine as one object that config mounts beside the pages.

    GET /{vendor}/agent.json            what a new app is told
    WS  /{vendor}/agent/ws              a customer's app
    WS  /{vendor}/viewer/{session}/ws   a technician's page
    GET /{vendor}/live                  Server-Sent Events for console pages

`handles(scope)` says whether a request is one of these. The engine begins by itself with the first
of them; `start` and `stop` are for the server's own beginning and end.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Match, Route, WebSocketRoute
from starlette.types import ASGIApp, Scope
from starlette.websockets import WebSocket

from pomost.wire.clock import Clock
from pomost.wire.control import Because, Way

from .ends import AgentEnd, ViewerEnd
from .gateway import Gateway
from .hub import Hub
from .line import CLOSE_DONE, Line
from .live import Live, Stream
from .lobby import Lobby
from .origin import is_foreign_page, is_own_page
from .rooms import Rooms

log = logging.getLogger(__name__)

TICK_SECONDS: Final = 0.25
"""How often due things are looked for; a grace is late by no more."""


class Engine:
    """All of it. One per process: the rooms live here."""

    def __init__(self, gateway: Gateway, clock: Clock) -> None:
        self._gateway = gateway
        self._clock = clock
        self._lobby = Lobby(gateway)
        self.live = Live(gateway, clock, self._lobby.people_changed)
        self._rooms = Rooms(gateway, self.live, clock, self._lobby.people_changed)
        self._ticking: asyncio.Task[None] | None = None
        self._routes = [
            Route("/{vendor}/agent.json", self._agent_json, methods=["GET"]),
            Route("/{vendor}/live", self._live_events, methods=["GET"]),
            WebSocketRoute("/{vendor}/agent/ws", self._agent),
            WebSocketRoute("/{vendor}/viewer/{session}/ws", self._viewer),
        ]
        self.hub = Hub(self._rooms, self._lobby, self.live)
        self.app: ASGIApp = Starlette(routes=self._routes)

    def handles(self, scope: Scope) -> bool:
        """Whether a request is the engine's; all others are the pages'."""
        if scope["type"] not in ("http", "websocket"):
            return False
        return any(route.matches(scope)[0] is not Match.NONE for route in self._routes)

    async def start(self) -> None:
        """Begin on the running loop; saying it twice changes nothing."""
        if self._ticking is None:
            self.hub.attach(asyncio.get_running_loop())
            self._ticking = asyncio.create_task(self._tick_forever())

    async def stop(self) -> None:
        """End every session, store what was metered, and let go of the loop."""
        self.hub.attach(None)
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None
        await self._rooms.end_all(Because.RESTARTED)
        await self.live.stop()

    async def tick(self) -> None:
        """Do what is due by the clock. The engine calls it by itself, a few times a second."""
        await self._rooms.tick()
        await self.live.tick()
        await self._lobby.tick()

    async def _tick_forever(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            try:
                await self.tick()
            except Exception:
                log.exception("The engine could not do what was due; it tries again.")

    async def _agent_json(self, request: Request) -> Response:
        config = await self._gateway.agent_config(request.path_params["vendor"])
        if config is None:
            return JSONResponse({"why": "There is no such desk here."}, status_code=404)
        return JSONResponse(
            {
                "vendor": config.vendor,
                "name": config.name,
                "mark": config.mark,
                "desk_key": config.desk_key,
                "languages": [language.value for language in config.languages],
                "version": config.version,
            }
        )

    async def _live_events(self, request: Request) -> Response:
        await self.start()
        if is_foreign_page(request):
            return PlainTextResponse("Only the desk's own pages may listen here.", status_code=403)
        vendor: str = request.path_params["vendor"]
        technician = await self._gateway.technician_of(vendor, request.cookies)
        if technician is None:
            return PlainTextResponse("Sign in as a technician of this desk first.", status_code=403)
        stream = await self.live.open(vendor, technician.id)
        if stream is None:
            return PlainTextResponse("Too many pages of yours are open; close some.", status_code=429)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._streamed(stream), media_type="text/event-stream", headers=headers)

    async def _streamed(self, stream: Stream) -> AsyncIterator[str]:
        try:
            async for text in self.live.events(stream):
                yield text
        finally:
            self.live.leave(stream)

    async def _agent(self, websocket: WebSocket) -> None:
        line = Line(websocket, Way.AGENT_TO_DESK, Way.DESK_TO_AGENT, self._clock)
        await self._serve(websocket, line, self._talk_to_agent(websocket, line))

    async def _viewer(self, websocket: WebSocket) -> None:
        line = Line(websocket, Way.VIEWER_TO_DESK, Way.DESK_TO_VIEWER, self._clock)
        await self._serve(websocket, line, self._talk_to_viewer(websocket, line))

    async def _serve(self, websocket: WebSocket, line: Line, talk: Coroutine[None, None, None]) -> None:
        await self.start()
        await websocket.accept()  # first of all, since a refusal is a sentence and needs an open socket
        writing = asyncio.create_task(line.write())
        try:
            await talk
        finally:
            line.close(CLOSE_DONE)
            await writing

    async def _talk_to_agent(self, websocket: WebSocket, line: Line) -> None:
        if is_foreign_page(websocket):
            line.refuse("A page of another site cannot be a customer's app.")
            return
        vendor: str = websocket.path_params["vendor"]
        await AgentEnd(
            vendor, line, gateway=self._gateway, rooms=self._rooms, lobby=self._lobby, clock=self._clock
        ).talk()

    async def _talk_to_viewer(self, websocket: WebSocket, line: Line) -> None:
        if not is_own_page(websocket):
            line.refuse("Only the desk's own pages may open a session.")
            return
        vendor: str = websocket.path_params["vendor"]
        technician = await self._gateway.technician_of(vendor, websocket.cookies)
        if technician is None:
            line.refuse("Sign in as a technician of this desk first.")
            return
        session: str = websocket.path_params["session"]
        await ViewerEnd(vendor, session, technician, line, gateway=self._gateway, rooms=self._rooms).talk()


def make_engine(gateway: Gateway, clock: Clock) -> Engine:
    """Return an engine that asks `gateway` and tells the time by `clock`."""
    return Engine(gateway, clock)
