"""A program that talks to the desk over HTTP: one client, one token, and the answers as they came."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any
from typing import cast as typed

from django.http import HttpResponse
from django.test import Client

from people import by
from pomost.config.middleware import CLOCK_KEY
from pomost.people.actions import issue_token
from pomost.people.models import Technician, Token
from pomost.people.tokens import SCOPES


class SetClock:
    """A desk's clock that a test moves."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def monotonic_ms(self) -> int:
        return 0


class Program:
    """Calls the API of one vendor with one token."""

    def __init__(self, vendor: str, written: str, clock: SetClock, language: str = "en") -> None:
        self.client = Client(raise_request_exception=False)
        typed(dict[str, object], self.client.defaults)[CLOCK_KEY] = clock
        self.vendor, self.written, self.clock, self.language = vendor, written, clock, language

    def headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.written}", "Accept-Language": self.language, **more}

    def get(self, path: str, **query: str | int) -> HttpResponse:
        return typed(HttpResponse, self.client.get(self.address(path), query, headers=self.headers()))

    def post(self, path: str, body: object = None, key: str = "") -> HttpResponse:
        more = {"Idempotency-Key": key} if key else {}
        return typed(
            HttpResponse,
            self.client.post(
                self.address(path),
                json.dumps({} if body is None else body),
                content_type="application/json",
                headers=self.headers(**more),
            ),
        )

    def address(self, path: str) -> str:
        return f"/{self.vendor}/api/v1{path}"


def program(
    owner: Technician,
    now: datetime,
    scopes: Collection[str] = SCOPES,
    *,
    name: str = "CRM",
    language: str = "en",
) -> Program:
    """Return a program with a fresh token of the owner's vendor."""
    _token, written = token(owner, now, scopes, name=name)
    return Program(owner.vendor.slug, written, SetClock(now), language)


def token(
    owner: Technician, now: datetime, scopes: Collection[str] = SCOPES, *, name: str = "CRM"
) -> tuple[Token, str]:
    """Return a fresh token and how it is written."""
    made, written = issue_token(owner=owner, name=name, scopes=scopes, by=by(owner), at=now)
    return made, str(written)


def told(answer: HttpResponse, status: int = 200) -> Any:
    """Return the body of an answer that has this status."""
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[:2000])
    return json.loads(answer.content)
