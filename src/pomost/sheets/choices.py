"""Names in a cell that the terms know: a package, a service, a product, a severity; and the few words of our own.

Owns the way from a name in any language, or an id, to the id. Near misses are suggested, never taken.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from pomost.rules.audit.history import Column
from pomost.rules.estimate import Answer
from pomost.rules.terms.model import Terms, said
from pomost.rules.terms.parts import Text
from pomost.sheets.fold import fold, nearest
from pomost.sheets.problems import CellBad

KNOWN_SHOWN: Final = 8
"""So many names are listed when none is near."""

SESSION: Final = frozenset(
    ["session", "sesja", "сеанс", "сессия", "подключение", "connection", "polaczenie", "remote"]
)
"""Kinds of work that are a session of their own."""

OUTDATED: Final = frozenset(["outdated", "old", "nieaktualna", "stara", "устаревшая", "старая"])
CURRENT: Final = frozenset(["current", "new", "aktualna", "nowa", "актуальная", "текущая", "новая"])

ANSWERS: Final[Mapping[str, Answer]] = {
    **dict.fromkeys(["accepted", "yes", "y", "ok", "tak", "t", "przyjeta", "zaakceptowana", "zgoda", "да", "принята", "согласована", "согласен", "1"], "accepted"),
    **dict.fromkeys(["declined", "rejected", "refused", "no", "n", "nie", "odrzucona", "odmowa", "нет", "отклонена", "отказ", "0"], "declined"),
    **dict.fromkeys(["proposed", "asked", "sent", "waiting", "wyslana", "czeka", "zapytano", "отправлена", "ждет", "запрошена"], "proposed"),
    **dict.fromkeys(["none", "brak", "не", "было", "bez"], "none"),
    "не было": "none",
    "не спрашивали": "none",
}  # fmt: skip


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> Text: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """The names of one kind of thing in some terms."""

    ids: Mapping[str, tuple[str, ...]]
    """By folded name; several where the same name stands for several."""
    shown: Mapping[str, str]
    """A folded name as the terms write it."""

    @classmethod
    def of(cls, things: Iterable[_Named]) -> "Choice":
        """Return the names of things: their ids and their names in every language."""
        ids: dict[str, tuple[str, ...]] = {}
        shown: dict[str, str] = {}
        for thing in things:
            for name in (*thing.name.values(), thing.id):
                key = fold(name)
                if thing.id not in ids.get(key, ()):
                    ids[key] = (*ids.get(key, ()), thing.id)
                shown.setdefault(key, name)
        return cls(ids, shown)

    def id_of(self, text: str) -> str:
        """Return the id that a cell means.

        Raises:
            CellBad: no such name, with the nearest or with those there are; or a name of several.
        """
        found = self.ids.get(fold(text), ())
        if len(found) == 1:
            return found[0]
        if found:
            raise CellBad("choice-two", {"one": found[0], "other": found[1]})
        near = nearest(text, self.ids)
        if near is not None:
            raise CellBad("choice-near", {"near": self.shown[near]})
        names = list(dict.fromkeys(found[0] for found in self.ids.values()))
        more = ", …" if len(names) > KNOWN_SHOWN else ""
        raise CellBad("choice", {"known": ", ".join(names[:KNOWN_SHOWN]) + more})


def choices_of(terms: Terms) -> Mapping[Column, Choice]:
    """Return what may stand in each column of names."""
    return {
        Column.PACKAGE: Choice.of(terms.packages),
        Column.SERVICE: Choice.of(terms.services),
        Column.FAMILY: Choice.of(terms.families),
        Column.SEVERITY: Choice.of(terms.severities),
    }


def answer_of(text: str) -> Answer:
    """Return how the customer answered an estimate.

    Raises:
        CellBad: the word is none of ours.
    """
    word = fold(text)
    if not word and text.strip() in "-–—":
        return "none"
    if word not in ANSWERS:
        raise CellBad("estimate")
    return ANSWERS[word]


def is_outdated(text: str, yes_no: bool | None) -> bool:
    """Return whether the customer's version is outdated; `yes_no` is the cell read as yes or no, if it is one.

    Raises:
        CellBad: neither.
    """
    word = fold(text)
    if word in OUTDATED:
        return True
    if word in CURRENT:
        return False
    if yes_no is None:
        raise CellBad("yes-no")
    return yes_no


def service_of_family(terms: Terms, family: str) -> str | None:
    """Return the only service that is given for a product, or None."""
    found = [service.id for service in terms.services if family in service.families]
    return found[0] if len(found) == 1 else None


def name_in(thing: _Named, language: str) -> str:
    """Return the name of a thing in a language."""
    return said(thing.name, language)
