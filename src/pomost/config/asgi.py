"""The whole desk as one ASGI application: Django's pages, realtime engine and files beside them, statics, loops.

`application_for(clock)` is what tests and the demo call with a clock of their own; `application` is what a server runs.
Read next: docs/decisions/0002-one-process.md.
"""

import os
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pomost.config.settings")

from django.core.asgi import get_asgi_application

_pages = get_asgi_application()  # sets Django up; the imports below need that

from asgiref.sync import sync_to_async  # noqa: E402
from starlette.staticfiles import StaticFiles  # noqa: E402
from starlette.types import ASGIApp, Message, Receive, Scope, Send  # noqa: E402

from pomost.config.loops import Loops  # noqa: E402
from pomost.config.middleware import CLOCK_KEY  # noqa: E402
from pomost.config.session_gateway import SessionGateway  # noqa: E402
from pomost.config.threads import Threads  # noqa: E402
from pomost.engine.app import make_engine  # noqa: E402
from pomost.files.server import Files  # noqa: E402
from pomost.remote import lines  # noqa: E402
from pomost.tickets.actions import file_came  # noqa: E402
from pomost.wire.clock import Clock, SystemClock  # noqa: E402

STATIC_PACKAGES: list[str | tuple[str, str]] = [
    ("pomost.ui", "static"),
    ("pomost.console", "static"),
    ("pomost.portal", "static"),
    ("pomost.audit", "static"),
    ("pomost.api", "static"),
]


def application_for(clock: Clock) -> ASGIApp:
    """Build the desk around `clock`. One per process: the engine's rooms live in it."""
    gateway = SessionGateway(clock)
    engine = make_engine(gateway, clock)
    lines.connect(engine.hub)
    files = Files(clock, arrived=file_came)
    loops = Loops(clock)
    threads = Threads()
    static = StaticFiles(packages=STATIC_PACKAGES)

    async def lifespan(receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await sync_to_async(gateway.close_abandoned)()
                await engine.start()
                loops.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await engine.stop()
                await sync_to_async(loops.stop)()
                threads.end()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await lifespan(receive, send)
        elif engine.handles(scope):
            await engine.app(scope, receive, _as_declared(send))
        elif files.handles(scope):
            await files.app(scope, receive, _as_declared(send))
        elif scope["type"] == "http" and scope["path"].startswith("/static/"):
            await static(
                dict(scope) | {"path": scope["path"].removeprefix("/static"), "root_path": ""}, receive, send
            )
        else:
            async with threads.lent():
                await _pages({**scope, CLOCK_KEY: clock}, receive, cast(Any, send))

    return application


def _as_declared(send: Send) -> Send:
    """Tell browsers to take each answer for what it says it is, as Django's own answers do."""

    async def declared(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {
                **message,
                "headers": [*message.get("headers", ()), (b"x-content-type-options", b"nosniff")],
            }
        await send(message)

    return declared


application = application_for(SystemClock())
