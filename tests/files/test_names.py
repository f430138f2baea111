"""Names of files: shown as they were given, never a path, never something that reads as something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.files.errors import FileRefused
from pomost.files.names import CHARACTERS_MAX, content_disposition, kept_name


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("база 2026.zip", "база 2026.zip"),
        ("C:\\Users\\Ada\\kopia żółć.7z", "kopia żółć.7z"),
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        (" name.zip ", "name.zip"),
        (".hidden", ".hidden"),
        ("a" * CHARACTERS_MAX, "a" * CHARACTERS_MAX),
    ],
)
def test_the_last_part_of_a_path_is_the_name(given_name: str, kept: str) -> None:
    assert kept_name(given_name) == kept


@pytest.mark.parametrize("name", ["", "  ", "..", ".", "folder/", "a\u202epiz.exe"])
def test_what_is_no_name_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(FileRefused, match=r"\."):
        kept_name(name)


@given(st.text(min_size=1, max_size=CHARACTERS_MAX))
def test_no_name_breaks_out_of_its_header(name: str) -> None:
    try:
        kept = kept_name(name)
    except FileRefused:
        return
    header = content_disposition(kept)

    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert kept_name(kept) == kept
