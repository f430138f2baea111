"""The demo's mail server: takes every mail on this machine and keeps it; leaves for nobody.

Owns: the kept mails, in memory and as files; the answers of its special addresses (`data/mailbox.toml`).
Refuses: mails over `LARGEST_BYTES`, and whatever aiosmtpd refuses. Read next: `mailbox.py`, the page over it.
"""

import asyncio
import email
import email.policy
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final

from aiosmtpd.smtp import SMTP, Envelope, Session

ANSWERS: Final = Path(__file__).with_name("data") / "mailbox.toml"
LARGEST_BYTES: Final = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Mail:
    """One kept mail. `number` counts from 1; `to` is whom the envelope named."""

    number: int
    to: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """Return the parsed mail."""
        return email.message_from_bytes(self.content, EmailMessage, policy=email.policy.default)

    @property
    def sent_at(self) -> datetime | None:
        """Return the moment in its Date line, if it has a readable one."""
        try:
            return parsedate_to_datetime(str(self.message["Date"]))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says for an address; `times`: so often, then it takes the mail."""

    address: str
    answer: str
    times: int | None = None


def special_answers() -> tuple[Answer, ...]:
    """Read the addresses for which the server does not say yes."""
    return tuple(Answer(**row) for row in tomllib.loads(ANSWERS.read_text(encoding="utf-8"))["answers"])


class Box:
    """All kept mails; written to `folder` one file each, so that they outlive a restart."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._mails = {int(file.stem): self._read(file) for file in sorted(folder.glob("[0-9]*.eml"))}
        self._listeners: list[Callable[[], None]] = []

    @staticmethod
    def _read(file: Path) -> Mail:
        first, _, content = file.read_bytes().partition(b"\r\n")
        to = first.decode(errors="replace").removeprefix("X-Demo-To: ").split(", ")
        return Mail(int(file.stem), tuple(to), content)

    def newest_first(self) -> list[Mail]:
        """Return the mails, last kept first."""
        return list(self._mails.values())[::-1]

    def count(self) -> int:
        """Return how many there are."""
        return len(self._mails)

    def mail(self, number: int) -> Mail | None:
        """Return one mail by its number."""
        return self._mails.get(number)

    def keep(self, to: tuple[str, ...], content: bytes) -> Mail:
        """Keep a mail and tell the listeners."""
        mail = Mail(max(self._mails, default=0) + 1, to, content)
        file = self.folder / f"{mail.number:06}.eml"
        half = file.with_suffix(".half")
        half.write_bytes(f"X-Demo-To: {', '.join(to)}\r\n".encode() + content)
        half.replace(file)
        self._mails[mail.number] = mail
        for listener in self._listeners:
            listener()
        return mail

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each kept mail."""
        self._listeners.append(listener)

    def forget(self, listener: Callable[[], None]) -> None:
        """Call it no more."""
        self._listeners.remove(listener)


class Postman:
    """The SMTP side: what aiosmtpd asks for each recipient and each mail."""

    def __init__(self, box: Box, answers: tuple[Answer, ...]) -> None:
        self._box = box
        self._answers = {answer.address.lower(): answer for answer in answers}
        self._given: Counter[str] = Counter()

    async def handle_RCPT(  # noqa: N802  # aiosmtpd looks for this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer for one recipient, as the table says."""
        special = self._answers.get(address.lower())
        if special is not None and (special.times is None or self._given[special.address] < special.times):
            self._given[special.address] += 1
            return special.answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Accepted"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        mail = self._box.keep(tuple(envelope.rcpt_tos), content)
        return f"250 2.0.0 Kept as {mail.number}"


async def serve(box: Box, port: int, answers: tuple[Answer, ...]) -> asyncio.Server:
    """Take mail on 127.0.0.1:`port` (0: any free one) until the returned server is closed.

    Raises:
        OSError: the port is taken.
    """
    postman = Postman(box, answers)

    def connection() -> Any:
        return SMTP(
            postman, hostname="mailbox.example.org", data_size_limit=LARGEST_BYTES, enable_SMTPUTF8=True
        )

    return await asyncio.get_running_loop().create_server(connection, "127.0.0.1", port)
