"""A receiving mail server on this machine that answers each address as it is told to."""

import socket
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import Envelope


@dataclass
class MailServer:
    """What arrived, and what each address is answered; everybody else is welcome."""

    answers: dict[str, str] = field(default_factory=dict)
    """By address: the answer to its RCPT command."""
    after_data: dict[str, str] = field(default_factory=dict)
    """By address: the answer after the whole mail was read."""
    arrived: list[EmailMessage] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Each address that was named in a RCPT command."""

    async def handle_RCPT(  # noqa: N802 (aiosmtpd looks for this name)
        self, server: object, session: object, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked.append(address)
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 welcome"

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        if address in self.after_data:
            return self.after_data[address]
        content: Any = envelope.content
        self.arrived.append(message_from_bytes(content, policy=policy.default))
        return "250 2.0.0 taken as 4711"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def text_of(message: EmailMessage) -> str:
    """Return the words of a letter, with a space wherever there is any."""
    part = message.get_body(("plain",))
    assert part is not None
    return " ".join(str(part.get_content()).split())
