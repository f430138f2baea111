"""The chain of a file's versions: any change to what was said breaks it at that place."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.files.chain import GENESIS, Content, first_broken, link

AT = datetime(2026, 6, 15, 9, tzinfo=UTC)
FIRST = Content(1, "base.zip", 7, "a" * 64, "", "contact:1", AT)
SECOND = Content(2, "base-mended.zip", 8, "b" * 64, "Balances mended.", "technician:1", AT)


def chained(*contents: Content) -> list[tuple[Content, str]]:
    previous, rows = GENESIS, []
    for content in contents:
        previous = link(previous, content)
        rows.append((content, previous))
    return rows


def test_a_chain_that_nobody_touched_holds() -> None:
    assert first_broken(chained(FIRST, SECOND)) is None
    assert first_broken([]) is None


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    value: Any


@pytest.mark.parametrize(
    "change",
    [
        Change("name", "other.zip"),
        Change("size", 9),
        Change("sha256", "c" * 64),
        Change("note", "Nothing."),
        Change("by", "contact:2"),
        Change("at", AT + timedelta(microseconds=1)),
        Change("number", 3),
    ],
    ids=lambda change: change.field,
)
@pytest.mark.parametrize("place", [0, 1])
def test_a_changed_word_is_found_where_it_stands(change: Change, place: int) -> None:
    rows = chained(FIRST, SECOND)
    content, said = rows[place]
    rows[place] = (content._replace(**{change.field: change.value}), said)

    assert first_broken(rows) == place + 1


def test_a_missing_version_and_a_swapped_pair_are_found() -> None:
    rows = chained(FIRST, SECOND)

    assert first_broken(rows[1:]) == 1
    assert first_broken(rows[::-1]) == 1


@given(st.text(max_size=40), st.text(max_size=40))
def test_words_never_run_into_each_other(name: str, note: str) -> None:
    other = FIRST._replace(name=name + note, note="")
    said = FIRST._replace(name=name, note=note)

    assert (link(GENESIS, other) == link(GENESIS, said)) == (note == "")


def test_the_zone_in_which_a_moment_is_written_changes_nothing() -> None:
    elsewhere = FIRST._replace(at=AT.astimezone(timezone(timedelta(hours=5))))

    assert link(GENESIS, elsewhere) == link(GENESIS, FIRST)
