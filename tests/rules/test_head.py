"""Two lines of a text are dated, and nothing else of it changes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people import TERMS
from pomost.rules.terms.head import head_of, with_head
from pomost.rules.terms.problems import BadValue

FILES = sorted(TERMS.glob("*.toml"))
DAY = date(2027, 3, 1)
names = st.text(min_size=1, max_size=40).filter(lambda name: name.isprintable())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
@given(version=names, day=st.dates(date(2000, 1, 1), date(2199, 12, 31)))
def test_what_is_written_into_a_file_is_read_out_of_it_and_no_other_line_changes(
    file: object, version: str, day: date
) -> None:
    text = file.read_text(encoding="utf-8")  # type: ignore[attr-defined]

    dated = with_head(text, version=version, first_day=day)

    assert head_of(dated) == (version, day)
    pairs = zip(text.split("\n"), dated.split("\n"), strict=True)
    assert all(old == new or old.startswith(("version =", "from =")) for old, new in pairs)
    old_version, old_day = head_of(text)
    assert old_day is not None
    assert with_head(dated, version=old_version, first_day=old_day) == text


def test_comments_and_spaces_of_the_line_stay() -> None:
    text = (
        "[terms]  # the head\n  version='1'   # first\nfrom = 2024-01-01# then\n[vendor]\nversion = \"9\"\n"
    )

    assert with_head(text, version='a "b"', first_day=DAY) == (
        '[terms]  # the head\n  version="a \\"b\\""   # first\nfrom = 2027-03-01# then\n[vendor]\nversion = "9"\n'
    )


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("", "no line from and no line version"),
        ('version = "1"\nfrom = 2024-01-01\n', "no line from and no line version"),
        ('[terms]\nversion = "1"\n[vendor]\nfrom = 2024-01-01\n', "no line from"),
        ("[terms]\nfrom = 2024-01-01\n", "no line version"),
        ('terms = { version = "1", from = 2024-01-01 }\n', "no line from and no line version"),
    ],
)
def test_a_text_without_a_place_for_them_is_refused(text: str, missing: str) -> None:
    with pytest.raises(BadValue, match=missing):
        with_head(text, version="2", first_day=DAY)


@pytest.mark.parametrize("name", ["", "x" * 41, "a\nb", "a\x00", "\x1b[0m"])
def test_what_cannot_name_a_version_is_refused(name: str) -> None:
    with pytest.raises(BadValue, match="cannot name a version"):
        with_head(FILES[0].read_text(encoding="utf-8"), version=name, first_day=DAY)


@given(text=st.text(alphabet="[terms]\nvrio\"='\\ 0-9#\ufeff{}", max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    version, day = head_of(text)

    assert isinstance(version, str)
    assert day is None or isinstance(day, date)
