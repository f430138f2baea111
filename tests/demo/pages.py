"""The demo's pages for tests: asked in memory, or served on a port of their own."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
import uvicorn
from starlette.types import ASGIApp

from pomost.demo.screen import MESSAGE_BYTES_MAX


class Reader:
    """A browser without a window, which follows redirects and keeps cookies."""

    def __init__(self, app: ASGIApp, address: str, language: str) -> None:
        self._app = app
        self._address = address
        self._headers = {"accept-language": language}
        self._cookies = httpx.Cookies()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Ask for a page."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(
                transport=transport, base_url=self._address, follow_redirects=True, cookies=self._cookies
            ) as client:
                answer = await client.get(path, headers={**self._headers, **(headers or {})})
                self._cookies = client.cookies
                return answer

        return asyncio.run(ask())


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """Serve an application on a free port as the demo does; gives its host and port."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_level="error", ws_max_size=MESSAGE_BYTES_MAX, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve(sockets=[listening]))  # `serve` would take pytest's Ctrl+C
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listening.close()
