"""terms/README.md names every key that a terms file may have, every word it may use, and nothing else."""

import re
from pathlib import Path

import pytest

from pomost.contracts.shipped_terms import SHIPPED_TERMS
from pomost.rules.clocks import EVENTS
from pomost.rules.levels import LEVELS_BY_WORD
from pomost.rules.terms.parse import read_terms
from pomost.rules.terms.parts import Cell, Channel, GateKind, PartKind, Remedy
from pomost.rules.terms.read_money import KINDS, SCOPES
from pomost.rules.terms.table import Table
from vendors import ODD, SLUGS, no_holidays

REFERENCE = (Path(__file__).parents[2] / "terms" / "README.md").read_text(encoding="utf-8")
CODE = re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", REFERENCE, flags=re.DOTALL))
WORDS = {word for each in re.findall(r"[\w.:-]+", " ".join(CODE)) for word in (each, each.split(".")[-1])}
DYNAMIC = {"cells", "amounts", "hours", "source"}
"""Tables whose keys are ids, days or shown by an example."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """The keys that the parser looks for, by the table they stand in."""
    found: dict[str, set[str]] = {}
    close = Table.close

    def noted(table: Table) -> None:
        kind = re.sub(r"\[[^]]*\]", "", table.label)
        found.setdefault(kind, set()).update(table._asked)
        close(table)

    monkeypatch.setattr(Table, "close", noted)
    for path in [*(SHIPPED_TERMS / f"{slug}.toml" for slug in SLUGS), ODD]:
        read_terms(path.read_bytes(), path.name, no_holidays)
    return found


def test_every_key_that_is_read_is_described(asked: dict[str, set[str]]) -> None:
    languages = {"ru", "pl", "en"}

    for kind, keys in asked.items():
        if DYNAMIC & set(kind.split(".")) or keys <= languages:
            continue
        missing = keys - WORDS
        assert not missing, f"terms/README.md does not describe {sorted(missing)} of [{kind}]"


def test_every_table_that_is_read_is_described(asked: dict[str, set[str]]) -> None:
    kinds = {kind for kind, keys in asked.items() if kind and not keys <= {"ru", "pl", "en"}}

    for kind in kinds - {"clause.source"}:
        assert f"[{kind}]" in REFERENCE or DYNAMIC & set(kind.split(".")), kind


@pytest.mark.parametrize(
    "words",
    [
        EVENTS,
        LEVELS_BY_WORD,
        list(Cell),
        list(Channel),
        list(GateKind),
        list(PartKind),
        list(Remedy),
        KINDS,
        SCOPES,
    ],
)
def test_every_word_that_may_be_used_is_described(words: list[str]) -> None:
    assert set(words) <= WORDS


def test_every_event_that_the_reference_names_exists() -> None:
    line = next(part for part in REFERENCE.split("\n\n") if part.startswith("Events are"))

    assert re.findall(r"`([^`]+)`", line) == list(EVENTS)
