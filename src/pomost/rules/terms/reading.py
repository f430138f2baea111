"""One terms file being read: its lines, its languages, the names it defines, the problems found so far.

Owns what all tables of a file share, the words for kinds of values, and the bounds
that keep a hostile file from keeping us busy. A single table is table.py.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Final

from pomost.rules.terms.lines import LineIndex, Path
from pomost.rules.terms.problems import Problem
from pomost.rules.terms.worded import worded

LANGUAGES: Final = ("ru", "pl", "en")
"""Languages of the product; a vendor uses some of them, English always among them."""


PROBLEMS_MAX: Final = 300
"""More than anyone mends at once. A bound, so that a hostile file cannot keep us writing."""

TABLES_MAX: Final = 60
"""Of one kind, such as [[service]]. A bound, because the checks look at every service in every package."""

CLAUSES_MAX: Final = 400

WORD_CHARACTERS_MAX: Final = 60
"""What is longer is no slip of the pen, and is cut where it is shown."""


KINDS: Final[tuple[tuple[type, str], ...]] = (
    (bool, worded("kind-flag")),
    (str, worded("kind-text")),
    (int, worded("kind-whole")),
    (float, worded("kind-number")),
    (datetime, worded("kind-moment")),
    (date, worded("kind-date")),
    (time, worded("kind-time")),
    (list, worded("kind-list")),
    (dict, worded("kind-table")),
)


def cut(word: str) -> str:
    """Return a word for a sentence, cut where it is no word."""
    return word if len(word) <= WORD_CHARACTERS_MAX else word[:WORD_CHARACTERS_MAX] + "…"


def kind_of(value: object) -> str:
    """Return what a value of a TOML file is, in words."""
    return next(word for kind, word in KINDS if isinstance(value, kind))


def most_tables(kind: str) -> int:
    """Return how many tables [[kind]] a file may have."""
    return CLAUSES_MAX if kind in {"clause", "assumption"} else TABLES_MAX


def nearest(word: str, known: Collection[str], otherwise: str) -> str:
    """Return advice: the known word most like this one, or the sentence `otherwise`."""
    near = get_close_matches(word, list(known), n=1) if len(word) <= WORD_CHARACTERS_MAX else []
    return worded("did-you-mean", word=near[0]) if near else otherwise


def listed(words: Collection[str]) -> str:
    """Return words for a sentence; a long list is cut."""
    shown = list(words)[:12]
    return ", ".join(shown) + (" …" if len(words) > len(shown) else "") if shown else "none yet"


class Reading:
    """One file being read: its lines, its languages, the names it defines and its problems."""

    def __init__(self, file: str, text: str, values: Mapping[str, object]) -> None:
        self.file = file
        self.values = values
        self.languages: tuple[str, ...] = ("en",)
        self._problems: dict[Problem, None] = {}
        self._lines = LineIndex(text)
        self._names: dict[str, Mapping[str, int]] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was told so far, each once."""
        return tuple(self._problems)

    def problem(self, path: Path, key: str, what: str, do: str) -> None:
        """Keep a problem at a path. Past PROBLEMS_MAX they are only told to be there."""
        if len(self._problems) < PROBLEMS_MAX:
            self._problems[Problem(self.file, self._lines.line(path), key, what, do)] = None
        else:
            more = Problem(
                self.file, None, "", worded("problems-more", most=PROBLEMS_MAX), worded("mend-these-first")
            )
            self._problems[more] = None

    def has_problem(self, key: str) -> bool:
        """Whether a problem was told of this key or of anything inside it, so that what follows from it need not be."""
        inside = (f"{key}.", f"{key}[")
        return any(each.key == key or each.key.startswith(inside) for each in self._problems)

    def names(self, kind: str) -> Mapping[str, int]:
        """Return the ids that the tables [[kind]] define, wherever they stand in the file, and how often each."""
        if kind not in self._names:
            tables = self.values.get(kind)
            ids = (
                [each.get("id") for each in tables if isinstance(each, dict)]
                if isinstance(tables, list)
                else []
            )
            self._names[kind] = Counter(each for each in ids[: most_tables(kind)] if isinstance(each, str))
        return self._names[kind]
