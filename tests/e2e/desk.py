"""The desk of a story: its own database, its own clock, a mail server that takes what it sends, and two browsers."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

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

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        if self.answer.startswith("250"):
            read = message_from_bytes(bytes(envelope.content or b""), policy=policy.default)  # type: ignore[arg-type]
            assert isinstance(read, EmailMessage)
            self.mails.append(read)
        return self.answer

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
    _shot: int = 0

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


@contextmanager
def running_desk(slug: str, begins: datetime, folder: Path, pictures: Path) -> Iterator[Desk]:
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
        [sys.executable, str(HERE / "prepare.py"), slug, begins.isoformat()],
        env=environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    port_file = folder / "port"
    log = (folder / "desk.log").open("w")
    server = subprocess.Popen(
        [sys.executable, str(HERE / "desk_process.py"), str(clock_file), str(port_file)],
        env=environment,
        cwd=ROOT,
        stderr=log,
        stdout=log,
    )
    try:
        eventually("the desk's port", port_file.exists)
        address = f"http://localhost:{port_file.read_text()}"
        eventually("the desk", lambda: _answers(f"{address}/healthz"))
        yield Desk(slug, address, clock, clock_file, mailbox, json.loads(made.stdout)["password"], pictures)
    finally:
        server.terminate()
        server.wait(20)
        mail.stop()
        log.close()


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
