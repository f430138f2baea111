"""One mail to one receiving server, with the server's own answer.

Owns the few SMTP commands between us and the next server, so that the answer to the one recipient is seen and kept. A
refusal is one exception with one bit: whether trying again can help. Which mail, to whom and when is `sender.py`'s.
"""

import re
import smtplib
import ssl
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.message import sanitize_address

ANSWER_CHARACTERS_MAX: Final = 300
LINE_END: Final = re.compile(rb"\r?\n")


class NotTaken(Exception):
    """The server did not take the mail; `str(error)` is what it answered, code first."""

    def __init__(self, answer: str, *, is_permanent: bool) -> None:
        super().__init__(answer[:ANSWER_CHARACTERS_MAX])
        self.is_permanent = is_permanent


def deliver(message: EmailMessage, *, sender: str, to: str) -> str:
    """Hand the mail over and return the server's answer, such as "250 OK".

    Raises:
        NotTaken: it answered with another code, or could not be reached (never permanent: a silent server may wake).
    """
    try:
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT) as server:
            server.ehlo_or_helo_if_needed()
            if settings.EMAIL_USE_TLS:
                server.starttls(context=ssl.create_default_context())
                server.ehlo_or_helo_if_needed()
            if settings.EMAIL_HOST_USER:
                server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
            _expect(server.mail(sanitize_address(sender, "utf-8")), 250)
            _expect(server.rcpt(sanitize_address(to, "utf-8")), 250, 251)
            code, answer = server.data(LINE_END.sub(b"\r\n", message.message().as_bytes()))
            return _expect((code, answer), 250)
    except smtplib.SMTPDataError as refused:
        raise _not_taken(refused.smtp_code, refused.smtp_error) from refused
    except smtplib.SMTPResponseException as refused:
        # The greeting or our own sign-in failed: nothing was said about this recipient.
        raise NotTaken(f"{refused.smtp_code} {_text(refused.smtp_error)}", is_permanent=False) from refused
    except OSError as unreachable:  # smtplib's own errors are among them
        raise NotTaken(_why_unreachable(unreachable), is_permanent=False) from unreachable


def _why_unreachable(error: OSError) -> str:
    """Say that no server spoke: "no connection: Connection refused". Unlike an answer it begins with no code."""
    reason = error.strerror or str(error)
    return f"no connection: {reason or type(error).__name__}"


def _expect(reply: tuple[int, bytes], *codes: int) -> str:
    code, answer = reply
    if code not in codes:
        raise _not_taken(code, answer)
    return f"{code} {_text(answer)}"


def _not_taken(code: int, answer: bytes | str) -> NotTaken:
    return NotTaken(f"{code} {_text(answer)}", is_permanent=500 <= code < 600)


def _text(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())
