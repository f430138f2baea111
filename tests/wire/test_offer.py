import dataclasses
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from pomost.wire.control import Language, OfferSent, Way, dump
from pomost.wire.errors import LocalProtocolError, RemoteProtocolError
from pomost.wire.levels import Level
from pomost.wire.offer import (
    OFFER_BYTES_MAX,
    SIGNED_AS,
    Ceiling,
    Gate,
    Offer,
    OfferedTechnician,
    OfferedTicket,
    Price,
    signed,
    verified,
)
from pomost.wire.shape import canonical

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
OFFER = Offer(
    session="3f0c",
    vendor="acme",
    technician=OfferedTechnician("tess", "Tess Tester"),
    ticket=OfferedTicket("Z-0512", "Сумма НДС"),
    ceiling=Ceiling(Level.ACT, "§ 3", "Up to act."),
    gates=(Gate("backup", "backup-attested", Level.ACT, "A backup is made.", "0" * 64, "§ 7"),),
    price=Price("200,00 zł netto za każdą rozpoczętą godzinę", "§ 4"),
    terms_version="2026-01-01",
    language=Language.PL,
    made_at=NOW.isoformat(),
    expires_at=(NOW + timedelta(minutes=10)).isoformat(),
)


def checked(
    raw: bytes, signature: bytes, *, now: datetime = NOW, meant: Mapping[str, str] = MappingProxyType({})
) -> Offer:
    expected = {"vendor": "acme", "technician": "tess", "session": "3f0c"} | dict(meant)
    return verified(raw, signature, KEY.public_key(), now=now, **expected)


def resigned(raw: bytes) -> tuple[bytes, bytes]:
    return raw, KEY.sign(SIGNED_AS + raw)


def test_a_genuine_offer_is_read_as_it_was_made() -> None:
    assert checked(*signed(OFFER, KEY)) == OFFER


@pytest.mark.parametrize("meant", [{"vendor": "bolt"}, {"technician": "olaf"}, {"session": "other"}])
def test_an_offer_for_somebody_else_is_refused(meant: dict[str, str]) -> None:
    with pytest.raises(RemoteProtocolError, match=f"for another {next(iter(meant))}"):
        checked(*signed(OFFER, KEY), meant=meant)


def test_an_offer_of_another_vendors_key_is_refused() -> None:
    with pytest.raises(RemoteProtocolError, match="not signed by this vendor"):
        checked(*signed(OFFER, Ed25519PrivateKey.generate()))


def test_a_signature_over_something_else_is_no_signature_over_an_offer() -> None:
    raw, _ = signed(OFFER, KEY)

    with pytest.raises(RemoteProtocolError, match="not signed"):
        checked(raw, KEY.sign(raw))


def test_an_expired_offer_is_refused_from_its_very_moment() -> None:
    raw, signature = signed(OFFER, KEY)
    expiry = NOW + timedelta(minutes=10)
    checked(raw, signature, now=expiry - timedelta(seconds=1))

    with pytest.raises(RemoteProtocolError, match="expired at"):
        checked(raw, signature, now=expiry)


@given(st.data())
def test_an_offer_with_any_byte_changed_is_refused(data: st.DataObject) -> None:
    raw, signature = signed(OFFER, KEY)
    at = data.draw(st.integers(0, len(raw) - 1))
    changed = raw[:at] + bytes([raw[at] ^ data.draw(st.integers(1, 255))]) + raw[at + 1 :]

    with pytest.raises(RemoteProtocolError):
        checked(changed, signature)


def test_a_signed_offer_that_is_not_canonical_is_refused() -> None:
    loose = json.dumps(json.loads(signed(OFFER, KEY)[0])).encode()

    with pytest.raises(RemoteProtocolError, match="canonical"):
        checked(*resigned(loose))


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("expires_at", "2026-06-01T10:10:00.000000", "no time zone"),
        ("expires_at", "the first of June 2026", "cannot be read"),
        ("expires_at", "2026-05-01T10:10:00+00:00", "before it was made"),
    ],
)
def test_a_signed_offer_with_odd_dates_is_refused(field: str, text: str, why: str) -> None:
    odd = json.loads(signed(OFFER, KEY)[0]) | {field: text}

    with pytest.raises(RemoteProtocolError, match=why):
        checked(*resigned(canonical(odd)))


def test_an_offer_beyond_its_limits_is_not_signed() -> None:
    with pytest.raises(LocalProtocolError, match=r"ticket\.subject is 201"):
        signed(dataclasses.replace(OFFER, ticket=OfferedTicket("Z", "x" * 201)), KEY)


def test_an_offer_too_large_to_be_sent_is_not_signed() -> None:
    gate = Gate("g", "declaration", Level.ACT, "д" * 12_000, "0" * 64, "§ 1")

    with pytest.raises(LocalProtocolError, match=f"at most {OFFER_BYTES_MAX}"):
        signed(dataclasses.replace(OFFER, gates=(gate, gate)), KEY)


def test_the_largest_offer_fits_its_message() -> None:
    dump(Way.DESK_TO_AGENT, OfferSent("x" * (-(-OFFER_BYTES_MAX // 3) * 4), "x" * 88))
