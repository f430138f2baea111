"""tus 1.0: what its headers say, and which answer each refusal gets. No sockets and no tables.

Spoken: the core and the extensions creation, expiration, checksum (SHA-256) and termination. https://tus.io/protocols/resumable-upload
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Final

from pomost.files.errors import Damaged, FileRefused, NoRoom, Over, PermitRefused, TooLarge, WrongOffset

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,expiration,checksum,termination"
CONTENT_TYPE: Final = "application/offset+octet-stream"
CHECKSUM_MISMATCH: Final = 460
"""tus's own number: the checksum of a request does not fit its body."""
HEADER_CHARACTERS_MAX: Final = 12_000
NUMBER_DIGITS_MAX: Final = 15
"""A million gigabytes; more is no size of a file, and no number for the database."""

STATUS: Final[tuple[tuple[type[FileRefused], int], ...]] = (
    (PermitRefused, HTTPStatus.FORBIDDEN),
    (WrongOffset, HTTPStatus.CONFLICT),
    (TooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (NoRoom, HTTPStatus.INSUFFICIENT_STORAGE),
    (Damaged, HTTPStatus.UNPROCESSABLE_ENTITY),
    (Over, HTTPStatus.GONE),
)


class BadHeader(Exception):
    """A header breaks the protocol. `str(error)` is for the programmer of the other end, in English."""


def status_of(refused: FileRefused) -> int:
    """Return the status of the answer to a refusal."""
    return next(
        (int(status) for kind, status in STATUS if isinstance(refused, kind)), int(HTTPStatus.BAD_REQUEST)
    )


def number(headers: Mapping[str, str], name: str) -> int:
    """Return a header's number, 0 or more.

    Raises:
        BadHeader: it is missing, or no such number.
    """
    written = headers.get(name, "")
    if not (written.isascii() and written.isdigit() and len(written) <= NUMBER_DIGITS_MAX):
        raise BadHeader(f"{name} must be a whole number of at most {NUMBER_DIGITS_MAX} digits.")
    return int(written)


def metadata(written: str) -> dict[str, str]:
    """Return what Upload-Metadata says: pairs of a key and a text in base64, parted by commas.

    Raises:
        BadHeader: it is too long, a key comes twice, or a value is no base64 of UTF-8.
    """
    if len(written) > HEADER_CHARACTERS_MAX:
        raise BadHeader(f"Upload-Metadata may have {HEADER_CHARACTERS_MAX} characters.")
    found: dict[str, str] = {}
    for pair in written.split(",") if written.strip() else ():
        key, _space, value = pair.strip().partition(" ")
        if not key or key in found:
            raise BadHeader("Upload-Metadata has an empty key, or one twice.")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise BadHeader(f"The value of {key[:40]!r} in Upload-Metadata is no base64 of UTF-8.") from error
        if "\x00" in found[key]:
            raise BadHeader(f"The value of {key[:40]!r} in Upload-Metadata holds the letter NUL.")
    return found


def checksum(written: str) -> bytes | None:
    """Return the SHA-256 that Upload-Checksum gives; None: there is no such header.

    Raises:
        BadHeader: it is another algorithm, or no digest.
    """
    if not written:
        return None
    algorithm, _space, value = written.strip().partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadHeader("Upload-Checksum has no base64 after its algorithm.") from error
    if algorithm != "sha256" or len(digest) != hashlib.sha256().digest_size:
        raise BadHeader("Upload-Checksum must be sha256 and the 32 bytes of a digest.")
    return digest


def http_date(moment: datetime) -> str:
    """Return a moment as HTTP writes it; `moment` is in UTC."""
    return format_datetime(moment, usegmt=True)
