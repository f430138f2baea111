"""The desk itself on PostgreSQL, as an operator starts it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import httpx
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from people import ask, desk_of
from pomost.tickets.models import Ticket
from tickets.desk_of_quotas import june

START_S = 60.0
LOOK_AGAIN_S = 0.2


@contextmanager
def served(address: str, data: Path, log: Path) -> Iterator[str]:
    """Run `pomost serve` on a database until the end of the block; it must end by itself when it is told to."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = "import sys; from pomost.cli.main import main; sys.exit(main())"
    given = {"POMOST_DATABASE": address, "POMOST_DATA": str(data), "POMOST_SECRET_KEY": settings.SECRET_KEY}
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [sys.executable, "-c", program, "serve", "--port", str(port)],
            env=os.environ | given,
            stdout=out,
            stderr=out,
        ) as desk,
    ):
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz", desk, log)
            yield f"http://127.0.0.1:{port}"
            desk.send_signal(signal.SIGINT)
            desk.wait(START_S)
        finally:
            desk.kill()


def _wait_for(address: str, desk: "subprocess.Popen[bytes]", log: Path) -> None:
    for _look in range(int(START_S / LOOK_AGAIN_S)):
        try:
            if httpx.get(address).status_code == 200:
                return
        except httpx.TransportError:
            pass
        if desk.poll() is not None:
            break
        Event().wait(LOOK_AGAIN_S)
    raise AssertionError(f"The desk does not answer: {log.read_text()}")


@pytest.fixture
def cookies(postgres_database: str) -> dict[str, str]:
    """A desk with one request, and the browser of somebody who is signed in."""
    desk = desk_of("centaur")
    ask(desk.ada, "settings-advice", june(10), severity="low")
    browser = Client()
    browser.force_login(desk.tess.person)
    return {name: morsel.value for name, morsel in browser.cookies.items()}


CUT_OTHERS_OFF = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def test_the_desk_answers_pages_and_goes_on_when_the_server_cut_it_off(
    postgres_database: str, cookies: dict[str, str], tmp_path: Path
) -> None:
    with (
        served(postgres_database, tmp_path / "data", tmp_path / "log") as desk,
        httpx.Client(base_url=desk, cookies=cookies) as browser,
    ):
        ticket = Ticket.objects.get()
        assert ticket.number in browser.get("/centaur/console/").text
        assert browser.get(f"/centaur/console/tickets/{ticket.number}/").status_code == 200

        with connection.cursor() as cursor:
            cursor.execute(CUT_OTHERS_OFF)
            assert cursor.fetchone()[0] > 0

        assert browser.get(f"/centaur/console/tickets/{ticket.number}/").status_code == 200
