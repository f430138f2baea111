"""A kept secret is opened only by the key that sealed it, for what it was sealed for, and unchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from pomost.people.sealing import SecretLost, seal, unseal


@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_was_sealed_is_opened_again_and_does_not_lie_in_what_is_kept(
    secret: bytes, what_for: str
) -> None:
    kept = seal(secret, what_for=what_for)

    assert unseal(kept, what_for=what_for) == secret
    assert len(secret) < 4 or secret not in kept
    assert seal(secret, what_for=what_for) != kept


@given(st.binary(max_size=80))
def test_what_nobody_sealed_is_refused(kept: bytes) -> None:
    with pytest.raises(SecretLost):
        unseal(kept, what_for="x")


@given(st.integers(min_value=0, max_value=8 * 60))
def test_one_changed_bit_is_refused(place: int) -> None:
    kept = bytearray(seal(bytes(32), what_for="x"))
    kept[place // 8] ^= 1 << place % 8

    with pytest.raises(SecretLost):
        unseal(bytes(kept), what_for="x")


def test_another_purpose_opens_nothing() -> None:
    with pytest.raises(SecretLost):
        unseal(seal(b"secret", what_for="webhooks of vendor 1"), what_for="webhooks of vendor 2")


def test_another_key_of_the_desk_opens_nothing_and_says_so(settings: Settings) -> None:
    kept = seal(b"secret", what_for="x")
    settings.SECRET_KEY = "quite another one"

    with pytest.raises(SecretLost, match="POMOST_SECRET_KEY"):
        unseal(kept, what_for="x")
