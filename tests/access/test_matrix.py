"""Every address of the desk, for each of seven people: the table of matrix.py is true, and no address is missing from it."""

import asyncio
import json
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar
from typing import cast as typed

import pytest
from asgiref.sync import sync_to_async
from django.db import connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

from access.matrix import ENGINE, PAGES, PEOPLE
from access.scene import NOW, FixedClock, Scene, make_scene, routes
from engine.sockets import HOST, listening, opened
from people import by
from pomost.config.session_gateway import SessionGateway
from pomost.engine.app import Engine, make_engine
from pomost.remote.actions import answer
from pomost.remote.models import RemoteSession
from pomost.remote.queries import find

T = TypeVar("T")


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


def verdict(answer: HttpResponse) -> str:
    """Return what an answer means, in the words of the table."""
    if answer.status_code == HTTPStatus.FOUND:
        target = answer["Location"]
        if target.startswith("/sign-in/?next="):
            return "sign-in"
        if target == "/satisoft/console/":
            return "console"
    if answer.status_code in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
        return "no" if answer.status_code == HTTPStatus.FORBIDDEN else "absent"
    assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    return "in" if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED else "not by this method"


def ask_for(browser: Client, method: str, address: str) -> HttpResponse:
    """Ask for an address, and undo whatever came of it."""
    with transaction.atomic():
        answer = browser.get(address) if method == "GET" else browser.post(address)
        transaction.set_rollback(True)
    return typed(HttpResponse, answer)


def test_no_address_is_missing_from_the_table_and_none_is_left_over() -> None:
    assert set(PAGES) == set(routes())


def test_no_address_of_the_engine_is_missing_either() -> None:
    clock = FixedClock()
    app = typed(Starlette, make_engine(SessionGateway(clock), clock).app)
    paths = {each.path for each in app.routes if isinstance(each, Route | WebSocketRoute)}

    assert set(ENGINE) == paths
    assert len(app.routes) == len(paths)


@pytest.mark.parametrize("name", PEOPLE)
def test_each_gets_from_each_address_what_the_table_says(scene: Scene, name: str) -> None:
    patterns = routes()
    # Changing a presence leads back to the board, which is the same redirect as being led to the console.
    expected = {
        route: each.answers[PEOPLE.index(name)]
        for route, each in PAGES.items()
        if route != "console:presence"
    }
    got = {}
    for route in expected:
        address = reverse(route, kwargs=scene.arguments(route, patterns[route]))
        got[route] = verdict(ask_for(scene.browser(name), PAGES[route].method, address))

    assert got == expected


@pytest.mark.parametrize("name", PEOPLE)
def test_a_change_of_presence_is_for_staff(scene: Scene, name: str) -> None:
    answer = ask_for(scene.browser(name), "POST", "/satisoft/console/presence/")
    allowed = PAGES["console:presence"].answers[PEOPLE.index(name)]

    assert (verdict(answer) in ("in", "console")) == (allowed == "in")


def test_what_changes_something_cannot_be_had_with_a_link(scene: Scene) -> None:
    patterns = routes()
    changing = [route for route, each in PAGES.items() if each.method == "POST"]
    by_link = {}
    for route in changing:
        address = reverse(route, kwargs=scene.arguments(route, patterns[route]))
        name = "ada" if route.startswith("portal:") else "owen"
        by_link[route] = ask_for(scene.browser(name), "GET", address).status_code

    assert {
        route: status for route, status in by_link.items() if status != HTTPStatus.METHOD_NOT_ALLOWED
    } == {}


def test_another_vendors_people_and_things_are_absent_at_ones_own_desk(scene: Scene) -> None:
    """Nils opens his own desk's addresses with the other vendor's numbers in them."""
    patterns = routes()
    got = {}
    for route, pattern in patterns.items():
        arguments = scene.arguments(route, pattern)
        if not route.startswith("console:") or len(arguments) < 2:
            continue
        address = reverse(route, kwargs={**arguments, "vendor": scene.cast.neighbour.slug})
        got[route] = verdict(ask_for(scene.browser("nils"), PAGES[route].method, address))

    assert len(got) > 20
    assert {route: answer for route, answer in got.items() if answer != "absent"} == {}


async def _desk_work(work: Callable[[], T]) -> T:
    """Do what a page of the console does, beside the loop."""

    def run() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    return await sync_to_async(run, thread_sensitive=False)()


async def _called(engine: Engine, scene: Scene) -> str:
    """Let Ada's app call Tess, who answers; return the session's id."""
    agent = await opened(engine.app, "/satisoft/agent/ws")
    agent.say("hello", protocol=1, language="en", app_version="1")
    await agent.hear("people")
    agent.say("call", technician=str(scene.cast.tess.pk), caller_name="Ada")
    session: str = (await agent.hear("ringing"))["session"]

    def answered() -> RemoteSession:
        staff = by(scene.cast.tess)
        return answer(
            find(session),
            scene.ticket,
            technician=scene.cast.tess,
            fees_paid=(),
            noted=["phone-call"],
            by=staff,
            at=NOW,
        )

    held = await _desk_work(answered)
    engine.hub.answered(session, bytes(held.offer or b""), bytes(held.offer_signature or b""))
    await agent.hear("offer")
    return session


async def _engine_answers(scene: Scene, cookies: dict[str, str]) -> dict[str, dict[str, str]]:
    clock = FixedClock()
    engine = make_engine(SessionGateway(clock), clock)
    await engine.start()
    session = await _called(engine, scene)
    found: dict[str, dict[str, str]] = {path: {} for path in ENGINE}
    for name, cookie in cookies.items():
        for path, answers in found.items():
            address = path.replace("{vendor}", "satisoft").replace("{session}", session)
            if ENGINE[path].method == "GET":
                stream = await listening(engine.app, address, cookie=cookie)
                answers[name] = "no" if stream.status == HTTPStatus.FORBIDDEN else "in"
                stream.send({"type": "http.disconnect"})
                continue
            socket = await opened(engine.app, address, origin=f"http://{HOST}", cookie=cookie)
            hello = {"page": "p" * 32} if "viewer" in path else {"language": "en", "app_version": "1"}
            socket.say("hello", protocol=1, **hello)
            message = await socket.next()
            answers[name] = "no" if json.loads(message["text"])["say"] == "refused" else "in"
            socket.send({"type": "websocket.disconnect", "code": 1000})
    await engine.stop()
    return found


def test_each_gets_from_the_engine_what_the_table_says(disk_database: Path) -> None:
    scene = make_scene(with_session=False)
    cookies = {
        name: f"sessionid={browser.cookies['sessionid'].value}" if "sessionid" in browser.cookies else ""
        for name in PEOPLE
        for browser in [scene.browser(name)]
    }

    got = asyncio.run(_engine_answers(scene, cookies))

    assert got == {path: dict(zip(PEOPLE, each.answers, strict=True)) for path, each in ENGINE.items()}
