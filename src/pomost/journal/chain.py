"""The chain over the facts: what exactly is hashed, and how one link holds the next.

Owns the canonical form of a fact and the hash of a link. It reads no table, so that whoever holds an export can check
it with these thirty lines alone. Sealing and checking the table are in `actions.py`.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple

GENESIS: Final = "0" * 64
"""Stands where the first fact's predecessor would."""


class Content(NamedTuple):
    """What a fact says, without its place in the chain."""

    vendor: str
    kind: str
    subject: str
    by: str
    at: datetime
    data: Mapping[str, object]


def canonical(sequence: int, content: Content) -> bytes:
    """Return the one way to write a fact: JSON, keys sorted, no spaces, UTF-8, the moment in UTC to the microsecond."""
    written = {
        "sequence": sequence,
        "vendor": content.vendor,
        "kind": content.kind,
        "subject": content.subject,
        "by": content.by,
        "at": content.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "data": content.data,
    }
    return json.dumps(
        written, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode()


def link(previous: str, sequence: int, content: Content) -> str:
    """Return the hash of a fact in hex: SHA-256 over the previous hash in hex, a line feed, and the canonical form."""
    return hashlib.sha256(previous.encode() + b"\n" + canonical(sequence, content)).hexdigest()
