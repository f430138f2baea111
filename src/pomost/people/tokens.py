"""How an API token is written, and how a written one is compared with what is kept.

Owns the shape `pomost_PREFIX_SECRET`, the scopes and the hash. The secret has 256 bits of chance, so one SHA-256 is
enough: there is nothing to guess it from. Making and revoking are people/actions.py, looking one up is people/access.py.
"""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

SCOPES: Final = ("read", "write", "terms", "billing")
"""What a token may be allowed: to read, to change, to publish terms, to see and make invoices."""
SECRET_BYTES: Final = 32
PREFIX_BYTES: Final = 5
PARTS: Final = 3
UNKNOWN_SHA256: Final = "0" * 64
"""Compared with when no token has the prefix, so that both answers take the same steps."""


@dataclass(frozen=True, slots=True)
class Written:
    """A token as it is written down."""

    prefix: str
    secret: str

    def __str__(self) -> str:
        return f"pomost_{self.prefix}_{self.secret}"

    @property
    def secret_sha256(self) -> str:
        """The hash that is kept, in hex."""
        return sha256(self.secret.encode()).hexdigest()

    def is_that_of(self, kept_sha256: str) -> bool:
        """Say whether this secret has the hash that is kept, in a time that does not tell how much of it fits."""
        return hmac.compare_digest(self.secret_sha256, kept_sha256)


def new_token() -> Written:
    """Return a new token that nobody has."""
    return Written(secrets.token_hex(PREFIX_BYTES), secrets.token_urlsafe(SECRET_BYTES))


def parse(text: str) -> Written | None:
    """Return the parts of a written token, or None: it is none."""
    parts = text.split("_", PARTS - 1)
    if len(parts) != PARTS or parts[0] != "pomost" or not text.isascii():
        return None
    return Written(parts[1], parts[2])
