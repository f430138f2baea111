"""The headers of tus: what is read from them, and that nothing hostile gets past."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.files import errors, tus


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("written", ["", "-1", "1.5", "1e3", " 1", "٣", "9" * 16, "0x10", "1_000"])
def test_only_digits_are_a_number(written: str) -> None:
    with pytest.raises(tus.BadHeader):
        tus.number({"upload-offset": written}, "upload-offset")


@given(st.integers(min_value=0, max_value=10**tus.NUMBER_DIGITS_MAX - 1))
def test_every_size_of_a_file_is_read(size: int) -> None:
    assert tus.number({"upload-length": str(size)}, "upload-length") == size


def test_metadata_is_pairs_in_base64() -> None:
    written = f"filename {b64('база.zip')},sha256 {b64('ab')}, note {b64('')},flag"

    assert tus.metadata(written) == {"filename": "база.zip", "sha256": "ab", "note": "", "flag": ""}
    assert tus.metadata("") == {}


@pytest.mark.parametrize(
    "written",
    [
        "filename !!!",
        f"a {b64('1')},a {b64('2')}",
        ",",
        "name /w==",
        f"name {b64(chr(0))}",
        "a " + "A" * 12_000,
    ],
)
def test_odd_metadata_is_refused(written: str) -> None:
    with pytest.raises(tus.BadHeader):
        tus.metadata(written)


@given(st.text(max_size=60))
def test_no_metadata_raises_anything_else(written: str) -> None:
    try:
        found = tus.metadata(written)
    except tus.BadHeader:
        return
    assert all(isinstance(value, str) for value in found.values())


def test_a_checksum_is_sha256_and_its_32_bytes() -> None:
    digest = hashlib.sha256(b"x").digest()

    assert tus.checksum(f"sha256 {base64.b64encode(digest).decode()}") == digest
    assert tus.checksum("") is None


@pytest.mark.parametrize("written", ["sha1 AAAA", "sha256", "sha256 AAAA", "sha256 *", "md5 " + "A" * 44])
def test_another_checksum_is_refused(written: str) -> None:
    with pytest.raises(tus.BadHeader):
        tus.checksum(written)


def test_each_refusal_has_a_status_of_its_own() -> None:
    kinds = [
        errors.PermitRefused,
        errors.WrongOffset,
        errors.TooLarge,
        errors.NoRoom,
        errors.Damaged,
        errors.Over,
    ]

    assert [tus.status_of(kind("")) for kind in kinds] == [403, 409, 413, 507, 422, 410]
    assert tus.status_of(errors.FileRefused("")) == 400
