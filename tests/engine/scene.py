"""Two ends and a desk, led to the point where a test begins."""

import asyncio

from pomost.engine.app import Engine, make_engine

from .desk import OFFER, SESSION, TESS, FakeDesk, HandClock
from .sockets import HOST, Events, Socket, listening, opened

COOKIE = "sessionid=t"
PAGE = "p" * 32
OWN = {"origin": f"http://{HOST}", "cookie": COOKIE}


async def settled() -> None:
    """Let everything that can happen now happen; nothing here waits for real time."""
    for _ in range(50):
        await asyncio.sleep(0)


class Scene:
    """An engine with its fakes."""

    def __init__(self) -> None:
        self.desk = FakeDesk()
        self.clock = HandClock()
        self.engine: Engine = make_engine(self.desk, self.clock)
        self.resume_key = ""

    async def app(self) -> Socket:
        """A customer's app in the lobby."""
        socket = await opened(self.engine.app, "/acme/agent/ws")
        socket.say("hello", protocol=1, language="pl", app_version="1")
        await socket.hear("people")
        return socket

    async def ringing(self) -> Socket:
        """A customer's app whose call rings."""
        agent = await self.app()
        agent.say("call", technician=TESS, caller_name="Ada")
        self.resume_key = (await agent.hear("ringing"))["resume_key"]
        return agent

    async def page(self, page: str = PAGE, session: str = SESSION) -> Socket:
        """The technician's page, after its hello."""
        viewer = await opened(self.engine.app, f"/acme/viewer/{session}/ws", **OWN)
        viewer.say("hello", protocol=1, page=page)
        return viewer

    async def back(self, key: str | None = None) -> Socket:
        """The app on a new line after a break, after its hello."""
        agent = await opened(self.engine.app, "/acme/agent/ws")
        resume = {"session": SESSION, "key": self.resume_key if key is None else key}
        agent.say("hello", protocol=1, language="pl", app_version="1", resume=resume)
        return agent

    async def joined(self) -> tuple[Socket, Socket]:
        """Both ends are there."""
        agent = await self.ringing()
        self.engine.hub.answered(SESSION, OFFER.offer, OFFER.signature)
        await agent.hear("offer")
        viewer = await self.page()
        assert (await viewer.hear("peer"))["joined"]
        assert (await agent.hear("peer"))["joined"]
        return agent, viewer

    async def matched(self) -> tuple[Socket, Socket]:
        """Both people said that the words match."""
        agent, viewer = await self.joined()
        agent.say("words", match=True)
        await viewer.hear("words")
        viewer.say("words", match=True)
        await agent.hear("words")
        return agent, viewer

    async def granted(self, level: str = "look") -> tuple[Socket, Socket]:
        """The customer allowed something; the meter runs."""
        agent, viewer = await self.matched()
        agent.say("grant", level=level)
        assert (await viewer.hear("grant"))["level"] == level
        while not (await agent.hear("meter"))["running"]:
            pass
        return agent, viewer

    async def later(self, seconds: float) -> None:
        """Time passes, and the engine does what is due."""
        await settled()
        self.clock.pass_seconds(seconds)
        await self.engine.tick()

    async def console(self) -> Events:
        """An open console page of Tess."""
        return await listening(self.engine.app, "/acme/live", cookie=COOKIE)
