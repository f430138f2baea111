"""The real engine on the real desk: a whole paid session over its sockets, from the ring to the invoice.

Only the two ends are played by hand here (tests/e2e has the real app and a browser). Nothing is sealed: the engine
would not look.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import Client

from billing.stories import Story, story_of
from engine.sockets import HOST, Socket, opened
from people import by
from pomost.billing.actions import make_invoice, propose_estimate
from pomost.billing.errors import BillingRefused
from pomost.billing.queries import question
from pomost.config.session_gateway import SessionGateway
from pomost.engine.app import Engine, make_engine
from pomost.remote.actions import answer
from pomost.remote.models import RemoteSession
from pomost.remote.queries import find
from pomost.remote.record import offer_of
from pomost.tickets.models import Consent, Ticket
from pomost.worklog.models import Entry

T = TypeVar("T")


class HandClock:
    """Time that moves when the test says so."""

    def __init__(self, began: datetime) -> None:
        self._began = began
        self._ms = 0

    def now(self) -> datetime:
        return self._began + timedelta(milliseconds=self._ms)

    def monotonic_ms(self) -> int:
        return self._ms

    def pass_minutes(self, minutes: float) -> None:
        self._ms += round(minutes * 60_000)


async def desk_work(work: Callable[[], T]) -> T:
    """Do what a page of the console does, beside the loop."""

    def run() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    return await sync_to_async(run, thread_sensitive=False)()


class Session:
    """Both ends of one session, led to the first grant."""

    def __init__(self, story: Story, ticket: Ticket, clock: HandClock) -> None:
        self.story, self.ticket, self.clock = story, ticket, clock
        self.engine: Engine = make_engine(SessionGateway(clock), clock)
        self.id = ""

    async def granted(self) -> tuple[Socket, Socket]:
        agent = await opened(self.engine.app, "/satisoft/agent/ws")
        agent.say("hello", protocol=1, language="pl", app_version="1")
        (person,) = (await agent.hear("people"))["technicians"]
        agent.say("call", technician=person["id"], caller_name="Ada")
        self.id = (await agent.hear("ringing"))["session"]
        session = await desk_work(self._answer)
        self.engine.hub.answered(self.id, bytes(session.offer or b""), bytes(session.offer_signature or b""))
        await agent.hear("offer")
        viewer = await self._page()
        await agent.hear("peer")
        for gate in await desk_work(self._gates):
            agent.say("consent", gate=gate[0], text_sha256=gate[1], accepted=True)
        agent.say("words", match=True)
        await viewer.hear("words")
        viewer.say("words", match=True)
        await agent.hear("words")
        for level in ("look", "act"):
            agent.say("grant", level=level)
            assert (await viewer.hear("grant"))["level"] == level
        while not (await agent.hear("meter"))["running"]:
            pass
        return agent, viewer

    def _answer(self) -> RemoteSession:
        return answer(
            find(self.id),
            self.ticket,
            technician=self.story.tess,
            fees_paid=(),
            noted=["phone-call"],
            by=by(self.story.tess),
            at=self.clock.now(),
        )

    def _gates(self) -> list[tuple[str, str]]:
        return [(gate.key, gate.text_sha256) for gate in offer_of(find(self.id)).gates]

    async def _page(self) -> Socket:
        browser = Client()
        await desk_work(lambda: browser.force_login(self.story.tess.person))
        cookie = f"sessionid={browser.cookies['sessionid'].value}"
        viewer = await opened(
            self.engine.app, f"/satisoft/viewer/{self.id}/ws", origin=f"http://{HOST}", cookie=cookie
        )
        viewer.say("hello", protocol=1, page="p" * 32)
        await viewer.hear("peer")
        return viewer

    async def later(
        self, agent: Socket, minutes: float, inputs: int, *, shows_minutes: int
    ) -> dict[str, Any]:
        """Time passes with the app alive; return the meter once it shows so much."""
        self.clock.pass_minutes(minutes)
        agent.say("beat", counted_inputs=inputs, dropped_inputs=0)
        while await desk_work(lambda: find(self.id).inputs_accepted) != inputs:
            pass
        await self.engine.tick()
        while (meter := await agent.hear("meter"))["metered_ms"] < shows_minutes * 60_000:
            pass
        return meter


def test_g_s1_over_the_wire(disk_database: Path) -> None:
    story = story_of("satisoft")
    clock = HandClock(story.at("2026-06-16 10:02"))
    ticket = story.ticket("remote-help", clock.now(), family="subiekt")
    play = Session(story, ticket, clock)

    async def whole_session() -> None:
        await play.engine.start()
        agent, viewer = await play.granted()
        meter = await play.later(agent, 55, inputs=40, shows_minutes=55)
        assert meter["cost"]["net"] == "200.00"
        estimate = await desk_work(
            lambda: propose_estimate(
                ticket,
                technician=story.tess,
                more_seconds=25 * 60,
                reason="Trzeba odbudować indeks.",
                by=by(story.tess),
                at=clock.now(),
            )
        )
        play.engine.hub.estimate_asked(play.id, await desk_work(lambda: question(estimate)))
        asked = await agent.hear("ask_estimate")
        assert (asked["if_yes"]["net"], asked["if_no"]["net"]) == ("400.00", "0.00")
        clock.pass_minutes(3)  # reading takes its time, and none of it is counted
        agent.say("estimate", estimate=asked["estimate"], text_sha256=asked["text_sha256"], accepted=True)
        assert (await viewer.hear("estimate"))["state"] == "asked"
        assert (await viewer.hear("estimate"))["state"] == "accepted"
        while not (await agent.hear("meter"))["running"]:
            pass
        meter = await play.later(agent, 25, inputs=41, shows_minutes=80)
        assert meter["cost"]["net"] == "400.00"
        viewer.say("end", why="Gotowe.")
        assert (await agent.hear("ended"))["metered_ms"] == 80 * 60_000
        await agent.closed()
        await viewer.closed()
        await play.engine.stop()

    asyncio.run(whole_session())
    story.confirmed(ticket, clock.now() + timedelta(minutes=2))
    invoice = make_invoice([ticket], by=by(story.tess), at=clock.now() + timedelta(minutes=10))

    assert Entry.objects.get().worked_seconds == 4800
    assert (find(play.id).inputs_accepted, find(play.id).end_reason) == (41, "Gotowe.")
    assert {consent.kind for consent in Consent.objects.filter(session=play.id)} == {
        "phone-call",
        "price",
        "estimate",
    }
    assert (invoice.net, invoice.gross) == (Decimal("400.00"), Decimal("492.00"))


def test_g_s2_over_the_wire(disk_database: Path) -> None:
    story = story_of("satisoft")
    clock = HandClock(story.at("2026-06-16 10:02"))
    ticket = story.ticket("remote-help", clock.now(), family="subiekt")
    play = Session(story, ticket, clock)

    async def whole_session() -> None:
        await play.engine.start()
        agent, viewer = await play.granted()
        await play.later(agent, 55, inputs=40, shows_minutes=55)
        estimate = await desk_work(
            lambda: propose_estimate(
                ticket,
                technician=story.tess,
                more_seconds=3 * 3600,
                reason="Trzeba odbudować indeks.",
                by=by(story.tess),
                at=clock.now(),
            )
        )
        play.engine.hub.estimate_asked(play.id, await desk_work(lambda: question(estimate)))
        asked = await agent.hear("ask_estimate")
        agent.say("estimate", estimate=asked["estimate"], text_sha256=asked["text_sha256"], accepted=False)
        assert "ended" in (await viewer.hear("ended"))["say"]
        await agent.closed()
        await viewer.closed()
        await play.engine.stop()

    asyncio.run(whole_session())

    ticket.refresh_from_db()
    assert (ticket.state, find(play.id).state) == ("closed", "ended")
    with pytest.raises(BillingRefused):
        make_invoice([ticket], by=by(story.tess), at=clock.now())
