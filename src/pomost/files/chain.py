"""The chain of a file's versions: what exactly is hashed, and how one version holds the one before.

Reads no table, so that whoever holds the list of versions can check it with these lines alone.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, NamedTuple

GENESIS: Final = "0" * 64
"""Stands where the first version's predecessor would."""


class Content(NamedTuple):
    """What a version says, without its place in the chain."""

    number: int
    name: str
    size: int
    sha256: str
    note: str
    by: str
    at: datetime


def link(previous: str, content: Content) -> str:
    """Return the hash of a version in hex: SHA-256 over the previous one in hex, a line feed, and the version as JSON.

    Keys are sorted, there are no spaces, the text is UTF-8 and the moment in UTC to the microsecond.
    """
    said = content._asdict() | {"at": content.at.astimezone(UTC).isoformat(timespec="microseconds")}
    written = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(previous.encode() + b"\n" + written.encode()).hexdigest()


def first_broken(versions: Iterable[tuple[Content, str]]) -> int | None:
    """Return the number of the first version that does not hold the one before; None: all hold."""
    previous = GENESIS
    for expected, (content, said) in enumerate(versions, start=1):
        previous = link(previous, content)
        if content.number != expected or said != previous:
            return expected
    return None
