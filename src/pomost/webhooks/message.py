"""A fact as a webhook carries it, and the signature over it (Standard Webhooks: id, timestamp and body, HMAC-SHA256).

The body is made from what never changes, so every try of a delivery sends the same bytes; only the timestamp and with
it the signature are new.
"""

import base64
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

from pomost.journal.models import Fact

WRITTEN_AS = "whsec_"


def body_of(fact: Fact, ticket: str | None) -> bytes:
    """Return the JSON body. `ticket` is the number of the request that the fact is about, if it is about one."""
    written = {
        "type": fact.kind,
        "timestamp": fact.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "data": {
            "vendor": fact.vendor,
            "sequence": fact.sequence,
            "subject": fact.subject,
            "ticket": ticket,
            "by": fact.by,
            "facts": fact.data,
        },
    }
    return json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def headers_of(webhook_id: str, secrets: Sequence[bytes], body: bytes, at: datetime) -> dict[str, str]:
    """Return the headers that name a delivery sent at `at` and sign it with each of the secrets, the newest first."""
    timestamp = str(int(at.timestamp()))
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(
            f"v1,{signature(webhook_id, timestamp, body, secret)}" for secret in secrets
        ),
        "content-type": "application/json",
        "user-agent": "Pomost",
    }


def signature(webhook_id: str, timestamp: str, body: bytes, secret: bytes) -> str:
    """Return the HMAC-SHA256 over `id.timestamp.body`, in base64."""
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(secret, signed, sha256).digest()).decode()


def secret_written(secret: bytes) -> str:
    """Return the secret as the other side's library takes it."""
    return WRITTEN_AS + base64.b64encode(secret).decode()
