"""The desk of a story: its own database, its own clock, a mail server that takes what it sends, and two browsers."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from playwright.sync_api import Browser, Page

from e2e.screen import ROOT, eventually
from e2e.shared_clock import SharedClock

HERE = Path(__file__).parent


@dataclass
class Mailbox:
    """Takes every mail and keeps it; or answers as it is told."""

    mails: list[EmailMessage] = field(default_factory=list)
    answer: str = "250 OK"
    answer_to: dict[str, str] = field(default_factory=dict)
    """Other answers, by a word that the subject has."""

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        read = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(read, EmailMessage)
        answers = (answer for word, answer in self.answer_to.items() if word in str(read["Subject"]))
        answer = next(answers, self.answer)
        if answer.startswith("250"):
            self.mails.append(read)
        return answer

    def text_with(self, words: str) -> str:
        """Wait for a mail that has these words; return its text."""

        def look() -> str | None:
            for mail in self.mails:
                body = mail.get_body(("plain",))
                text = f"{mail['Subject']}\n{body.get_content() if body else ''}"
                if words in text:
                    return text
            return None

        found: str = eventually(
            f"a mail with “{words}”; there are {[str(m['Subject']) for m in self.mails]}", look
        )
        return found


class Server:
    """The desk's process, which can be killed and started again at the same address."""

    def __init__(self, folder: Path, clock_file: Path, environment: dict[str, str]) -> None:
        self._port_file = folder / "port"
        self._command = [
            sys.executable,
            str(HERE / "desk_process.py"),
            str(clock_file),
            str(self._port_file),
        ]
        self._log = folder / "desk.log"
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start it and wait until it answers; return its address."""
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, cwd=ROOT, stderr=log, stdout=log
            )
        eventually("the desk's port", self._port_file.exists)
        address = f"http://localhost:{self._port_file.read_text()}"
        eventually("the desk", lambda: _answers(f"{address}/healthz"))
        return address

    def kill(self) -> None:
        """End it in the middle of whatever it does: no goodbye, nothing stored."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(20)

    def stop(self) -> None:
        """End it as an operator would."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(20)


@dataclass
class Desk:
    """A running desk."""

    slug: str
    address: str
    clock: SharedClock
    clock_file: Path
    mailbox: Mailbox
    password: str
    pictures: Path
    server: Server
    database: Path
    _shot: int = 0

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the desk's own database, past all of its pages."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=20)
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()

    def attack(self, statement: str, *values: object) -> str:
        """Write into the desk's database as somebody with a SQL prompt would; return what the database answers."""
        connection = sqlite3.connect(self.database, timeout=20)
        try:
            connection.execute(statement, values)
            connection.commit()
        except sqlite3.DatabaseError as refused:
            return str(refused)
        finally:
            connection.close()
        return ""

    def url(self, path: str = "") -> str:
        return f"{self.address}/{self.slug}/{path}"

    def sign_in(self, browser: Browser, email: str, language: str, **options: Any) -> Page:
        """Open a browser of one's own and sign in."""
        page = browser.new_context(
            locale=language, viewport={"width": 1280, "height": 800}, **options
        ).new_page()
        page.set_default_timeout(20_000)
        page.goto(self.url())
        page.locator("input[name=username]").fill(email)
        page.locator("input[name=password]").fill(self.password)
        page.locator("form:has(input[name=password]) button").click()
        page.wait_for_url(lambda url: url.startswith(self.url()))
        return page

    def picture(self, page: Page, name: str) -> None:
        """Keep what the page shows, numbered in the order of the story."""
        self._shot += 1
        page.screenshot(path=self.pictures / f"{self._shot:02}-{name}.png")


class OpensDesk(Protocol):
    """Opens a desk for a vendor at a moment; without a contract the customer cannot show a package."""

    def __call__(self, slug: str, begins: str, *, contract: bool = True) -> AbstractContextManager[Desk]: ...


@contextmanager
def running_desk(
    slug: str, begins: datetime, folder: Path, pictures: Path, *, contract: bool = True
) -> Iterator[Desk]:
    """Open a desk for the vendor `slug`, at the moment the story begins."""
    mailbox = Mailbox()
    mail = Controller(mailbox, hostname="127.0.0.1", port=_free_port())
    mail.start()
    clock_file = folder / "clock"
    clock = SharedClock.starting_at(clock_file, begins)
    environment = {
        **os.environ,
        "POMOST_DATA": str(folder / "data"),
        "POMOST_SMTP_PORT": str(mail.port),
        "DJANGO_SETTINGS_MODULE": "pomost.config.settings",
    }
    made = subprocess.run(
        [
            sys.executable,
            str(HERE / "prepare.py"),
            slug,
            begins.isoformat(),
            *(() if contract else ("no-contract",)),
        ],
        env=environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    server = Server(folder, clock_file, environment)
    try:
        address = server.start()
        password = json.loads(made.stdout)["password"]
        database = folder / "data" / "pomost.sqlite3"
        yield Desk(slug, address, clock, clock_file, mailbox, password, pictures, server, database)
    finally:
        server.stop()
        mail.stop()


def _free_port() -> int:
    """Return a port that is free now; the mail server cannot choose one by itself."""
    with socket.create_server(("127.0.0.1", 0)) as chosen:
        port: int = chosen.getsockname()[1]
    return port


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 (an address of our own)
            return bool(answer.status == 200)
    except OSError:
        return False
