"""The signed offer: who calls whom, about which ticket, up to which level, on which terms.

The desk signs it with the vendor's Ed25519 key, which the customer's app has pinned. The app takes
nothing that is not in it: no technician it did not call, no level above the ceiling, no gate left
out. Both ends hash its very bytes into their keys, so neither can be shown another one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .control import Language
from .errors import LocalProtocolError, RemoteProtocolError
from .levels import Level
from .shape import AtMost, Key, Name, Page, Sentence, Sha256, Text, canonical, read, written

OFFER_BYTES_MAX: Final = 40_000
"""An offer with all its declarations; base64 of it fits the control message."""
SIGNED_AS: Final = b"pomost/1 offer\n"
"""Put before the bytes, so that a signature over anything else is never one over an offer."""

Instant = Annotated[str, Text(40, least=20)]
"""ISO 8601 with an offset."""


@dataclass(frozen=True, slots=True)
class OfferedTechnician:
    """Who will look."""

    id: Key
    name: Name


@dataclass(frozen=True, slots=True)
class OfferedTicket:
    """What about."""

    number: Key
    subject: Annotated[str, Text(200)]


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The highest level the customer can be asked for, and the clause that says so."""

    level: Level
    clause: Annotated[str, Text(120)]
    text: Sentence


@dataclass(frozen=True, slots=True)
class Gate:
    """Something the customer must agree to or confirm before `before`."""

    key: Key
    kind: Key
    """phone-noted, declaration, price-accepted, backup-attested, readiness: drawn differently, refused alike."""
    before: Level
    """The lowest level that needs it."""
    text: Page
    text_sha256: Sha256
    clause: Annotated[str, Text(120)]


@dataclass(frozen=True, slots=True)
class Price:
    """What it costs, in a sentence, and where that stands."""

    text: Sentence
    clause: Annotated[str, Text(120)]


@dataclass(frozen=True, slots=True)
class Offer:
    """All of it."""

    session: Key
    vendor: Key
    technician: OfferedTechnician
    ticket: OfferedTicket
    ceiling: Ceiling
    gates: Annotated[tuple[Gate, ...], AtMost(12)]
    price: Price
    terms_version: Annotated[str, Text(80)]
    language: Language
    made_at: Instant
    expires_at: Instant


def signed(offer: Offer, key: Ed25519PrivateKey) -> tuple[bytes, bytes]:
    """Return the offer's canonical bytes and the vendor's signature over them.

    Raises:
        LocalProtocolError: a field breaks its limit.
    """
    raw = canonical(written(offer, "The offer"))
    if len(raw) > OFFER_BYTES_MAX:
        raise LocalProtocolError(f"The offer has {len(raw)} bytes; at most {OFFER_BYTES_MAX} are allowed.")
    return raw, key.sign(SIGNED_AS + raw)


def verified(
    raw: bytes,
    signature: bytes,
    key: Ed25519PublicKey,
    *,
    vendor: str,
    technician: str,
    session: str,
    now: datetime,
) -> Offer:
    """Return the offer, if it is genuine and meant for this call.

    Args:
        raw: the bytes as they came.
        signature: over them, by the vendor.
        key: the vendor's public key that the app has pinned.
        vendor: whose app this is.
        technician: the id that was called.
        session: the id that was told when it rang.
        now: the present moment, aware.

    Raises:
        RemoteProtocolError: it is forged, altered, expired or meant for somebody else.
    """
    try:
        key.verify(signature, SIGNED_AS + raw)
    except InvalidSignature as error:
        raise RemoteProtocolError("The offer is not signed by this vendor; nothing is shared.") from error
    offer = read(Offer, raw, named="The offer")
    if canonical(written(offer, "The offer")) != raw:
        raise RemoteProtocolError("The offer is not written in its canonical form.")
    meant = {"vendor": vendor, "technician": technician, "session": session}
    found = {"vendor": offer.vendor, "technician": offer.technician.id, "session": offer.session}
    for what, expected in meant.items():
        if found[what] != expected:
            raise RemoteProtocolError(f"The offer is for another {what} than the one that was called.")
    made_at, expires_at = instant(offer.made_at), instant(offer.expires_at)
    if not made_at <= expires_at:
        raise RemoteProtocolError("The offer expires before it was made.")
    if now >= expires_at:
        raise RemoteProtocolError(f"The offer expired at {offer.expires_at}. Call again.")
    return offer


def instant(text: str) -> datetime:
    """Return the moment that an offer names.

    Raises:
        RemoteProtocolError: it is no moment, or has no offset from UTC.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise RemoteProtocolError("A date in the offer cannot be read.") from error
    if moment.tzinfo is None:
        raise RemoteProtocolError("A date in the offer says no time zone.")
    return moment
