"""Every reason, problem and note has its sentence, in every language, and names only what is there."""

import re
from collections.abc import Mapping

import pytest
from django.utils import translation

from pomost.audit import words
from pomost.rules.audit.findings import REASONS, Kind
from pomost.rules.audit.history import Column
from pomost.sheets.columns import NAMES
from pomost.sheets.history import NOTES
from pomost.sheets.problems import CELL_PROBLEMS, SHEET_PROBLEMS


def places(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))


def test_every_kind_has_a_title_and_a_meaning() -> None:
    assert words.KIND_TITLES.keys() == words.KIND_MEANINGS.keys() == set(Kind)


def test_every_reason_has_a_sentence_of_its_facts() -> None:
    assert words.SENTENCES.keys() == REASONS.keys()
    for reason, (_kind, facts) in REASONS.items():
        assert places(words.SENTENCES[reason]) <= set(facts), reason


@pytest.mark.parametrize(
    ("sentences", "problems"),
    [(words.CELL_SENTENCES, CELL_PROBLEMS), (words.SHEET_SENTENCES, SHEET_PROBLEMS)],
)
def test_every_problem_says_what_is_wrong_and_what_to_do(
    sentences: Mapping[str, tuple[str, str]], problems: Mapping[str, tuple[str, ...]]
) -> None:
    assert sentences.keys() == problems.keys()
    for problem, (wrong, do) in sentences.items():
        assert places(wrong) | places(do) <= set(problems[problem]), problem


def test_every_column_is_explained() -> None:
    assert words.COLUMN_MEANINGS.keys() == set(Column) == NAMES.keys()


def test_every_note_has_its_sentence() -> None:
    assert words.NOTE_SENTENCES.keys() == NOTES.keys()
    for note, text in words.NOTE_SENTENCES.items():
        assert places(text) <= set(NOTES[note]), note


@pytest.mark.parametrize("language", ["ru", "pl"])
def test_no_sentence_is_left_in_english(language: str) -> None:
    texts = [
        *words.COLUMN_MEANINGS.values(),
        *words.SENTENCES.values(),
        *words.NOTE_SENTENCES.values(),
        *words.KIND_TITLES.values(),
    ]
    texts += [
        text for pair in (*words.CELL_SENTENCES.values(), *words.SHEET_SENTENCES.values()) for text in pair
    ]

    with translation.override(language):
        assert [text for text in texts if translation.gettext(text) == text] == []
