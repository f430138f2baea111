"""What both pages of the demo share: only this machine may open them, in three languages, with strict headers.

Owns: the check of Host and Origin, the table of words (`data/pages.toml`), the frame of a page.
Refuses: names that are not this machine's, so that a page elsewhere cannot reach through the browser (DNS rebinding).
"""

import html
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

HOSTS: Final = frozenset({"127.0.0.1", "localhost"})
LANGUAGES: Final = ("pl", "ru", "en")
COOKIE: Final = "demo-language"
CSP: Final = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
WORDS: Final = Path(__file__).with_name("data") / "pages.toml"


class OnlyThisMachine:
    """ASGI wrapper: answers requests that name this machine, and WebSockets that its own pages open."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with a sentence."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        why = refusal(Headers(scope=scope), needs_origin=scope["type"] == "websocket")
        if why is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": why})
        else:
            await PlainTextResponse(why, 403)(scope, receive, send)


def refusal(headers: Headers, *, needs_origin: bool) -> str | None:
    """Return why a request is refused, or nothing when it names this machine and comes from a page of the same address."""
    host = headers.get("host", "")
    if _parts(host).hostname not in HOSTS:
        return "This page answers to 127.0.0.1 and localhost only."
    origin = headers.get("origin")
    if origin is None:
        return (
            "This address is for the page itself; a browser would name its origin." if needs_origin else None
        )
    if origin.partition("://")[2] != host:
        return "Another site's page may not use this one."
    return None


def _parts(host: str) -> SplitResult:
    try:
        return urlsplit(f"//{host}")
    except ValueError:
        return urlsplit("")  # "[::1" and its like name nobody


@cache
def _all_words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


def language_of(request: HTTPConnection) -> str:
    """Return the language of the person: picked in this browser, else the browser's first that we speak, else English."""
    picked = request.cookies.get(COOKIE, "")
    if picked in LANGUAGES:
        return picked
    wanted = request.headers.get("accept-language", "").lower()
    spoken = [tag.split(";")[0].strip()[:2] for tag in wanted.split(",")]
    return next((tag for tag in spoken if tag in LANGUAGES), "en")


def words(page: str, language: str) -> Mapping[str, str]:
    """Return the texts of a page ("mailbox", "screen") in one language."""
    return {key: text[language] for key, text in _all_words()[page].items()}


def escaped(text: object) -> str:
    """Return text that stays text inside HTML, in attributes too."""
    return html.escape(str(text), quote=True)


def framed(request: Request, title: str, body: str, *, script: str = "", status: int = 200) -> Response:
    """Return a whole page: head, the languages to choose from, `body` (HTML, already safe), one module if named."""
    language = language_of(request)
    links = " ".join(
        f'<a href="/language/{code}" lang="{code}"{" aria-current=true" if code == language else ""}>{code}</a>'
        for code in LANGUAGES
    )
    module = f'<script type="module" src="/static/demo/{script}"></script>' if script else ""
    text = f"""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escaped(title)}</title><link rel="icon" href="/static/ui/bridge.svg">
<link rel="stylesheet" href="/static/vendor/fonts.css"><link rel="stylesheet" href="/static/ui/tokens.css">
<link rel="stylesheet" href="/static/demo/pages.css">{module}</head>
<body><nav class="languages" aria-label="Language">{links}</nav>{body}</body></html>"""
    headers = {
        "Content-Security-Policy": CSP,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(text, status, headers | {"Cache-Control": "no-store"})


def pick_language(request: Request) -> Response:
    """Keep the language that the person chose, and go back to where they were."""
    code = request.path_params["code"]
    if code not in LANGUAGES:
        return PlainTextResponse("This page speaks pl, ru and en.", 404)
    answer = RedirectResponse("/", 303)
    answer.set_cookie(COOKIE, code, samesite="strict", httponly=True)
    return answer


def static_files() -> StaticFiles:
    """Return the app that serves the fonts, colours and scripts of the demo's pages."""
    return StaticFiles(packages=[("pomost.ui", "static"), ("pomost.demo", "static")])
