"""The secrets that sign a webhook's deliveries: made, sealed, opened, forgotten.

While a secret is being replaced each delivery carries two signatures, as Standard Webhooks has it, so the other side can take
over the new secret at any moment until the old one ends. Read on: docs/decisions/0013-secrets-are-sealed.md.
"""

import secrets
from datetime import datetime, timedelta
from typing import Final

from pomost.people.sealing import seal, unseal
from pomost.webhooks.models import Subscription

SECRET_BYTES: Final = 32
OVERLAP: Final = timedelta(hours=24)
"""How long the old secret signs along after a new one was made: a working day, wherever the other side is."""


def new_secret() -> bytes:
    """Return a secret that nobody has."""
    return secrets.token_bytes(SECRET_BYTES)


def kept(secret: bytes, vendor_id: int) -> bytes:
    """Return a secret as it lies in the database."""
    return seal(secret, what_for=_what_for(vendor_id))


def signing_secrets(subscription: Subscription, at: datetime) -> list[bytes]:
    """Return what signs a delivery sent at `at`: the secret, and the one before until it ends.

    Raises:
        SecretLost: the desk's secret key was changed.
    """
    what_for = _what_for(subscription.vendor_id)
    found = [unseal(bytes(subscription.secret_sealed), what_for=what_for)]
    if signs_along(subscription, at):
        found.append(unseal(bytes(subscription.old_secret_sealed or b""), what_for=what_for))
    return found


def signs_along(subscription: Subscription, at: datetime) -> bool:
    """Say whether the secret before still signs deliveries too."""
    return subscription.old_secret_until is not None and at < subscription.old_secret_until


def forget_old_secrets(at: datetime) -> int:
    """Delete the secrets whose time to sign along is over; return how many."""
    return Subscription.objects.filter(old_secret_until__lte=at).update(
        old_secret_sealed=None, old_secret_until=None
    )


def _what_for(vendor_id: int) -> str:
    return f"webhooks of vendor {vendor_id}"
