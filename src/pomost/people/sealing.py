"""Secrets that the desk must be able to read again, such as those it signs with, as they lie in the database: sealed.

Owns the key, which is made of the desk's secret key and lies in no database, and the shape of what is kept: a version byte,
12 bytes of chance, then AES-256-GCM over the secret, bound to what it is for. A secret moved to another row opens nothing.
Where a hash is enough (tokens.py, calendar_keys.py) nothing is sealed. Read on: docs/decisions/0013-secrets-are-sealed.md.
"""

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from pomost.people.errors import Refused

KEY_LABEL: Final = b"pomost kept secrets 1"
VERSION: Final = b"\x01"
NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32


class SecretLost(Refused):
    """A kept secret cannot be opened: the desk's secret key was changed, or the row was."""


def seal(secret: bytes, *, what_for: str) -> bytes:
    """Return the secret as it is kept; sealing it again gives other bytes."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return VERSION + nonce + AESGCM(_key()).encrypt(nonce, secret, what_for.encode())


def unseal(kept: bytes, *, what_for: str) -> bytes:
    """Return a secret that was sealed for the same.

    Raises:
        SecretLost: it was sealed with another key or for something else, or it was changed.
    """
    opened = _opened(kept, what_for)
    if opened is None:
        raise SecretLost(
            _(
                "The secret cannot be read: POMOST_SECRET_KEY is another than when it was made. Make a new secret."
            )
        )
    return opened


def _opened(kept: bytes, what_for: str) -> bytes | None:
    nonce, sealed = kept[1 : 1 + NONCE_BYTES], kept[1 + NONCE_BYTES :]
    if kept[:1] != VERSION or len(nonce) != NONCE_BYTES:
        return None
    try:
        return AESGCM(_key()).decrypt(nonce, sealed, what_for.encode())
    except InvalidTag:
        return None


def _key() -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=KEY_LABEL).derive(settings.SECRET_KEY.encode())
