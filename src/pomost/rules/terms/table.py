"""Reading a table of a terms file key by key, with every problem kept and none raised.

Owns types, required keys, unknown keys, names that must exist, and texts in all
languages. A reader method always returns a value of its type, so that the rest
of the file is read too; whoever reads decides at the end (parse.py) whether
there were problems. Refuses to know any section of the format.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Final, TypeVar

from pomost.rules.calendar import FIRST_YEAR, LAST_YEAR
from pomost.rules.terms.lines import Path
from pomost.rules.terms.parts import Text
from pomost.rules.terms.problems import BadValue
from pomost.rules.terms.reading import KINDS, LANGUAGES, Reading, cut, kind_of, listed, most_tables, nearest
from pomost.rules.terms.worded import worded

TEXT_CHARACTERS_MAX: Final = 1500
"""A consent or a clause that is longer is not read by anyone."""
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CLAUSE_ID: Final = re.compile(r"[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*")
_ID_CHARACTERS_MAX: Final = 40
_FIELD: Final = re.compile(r"\{([^{}]*)\}")
_HIDDEN: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Characters that a reader cannot see, or that turn the order of others: a consent must show all it says."""

V = TypeVar("V")


class Table:
    """One table of the file. Keys that nobody asked for are problems: `close` says so."""

    def __init__(
        self, reading: Reading, values: Mapping[str, object], path: Path, label: str, *, absent: bool = False
    ) -> None:
        """Wrap `values`; an `absent` table stands for one that is missing, and has no problems of its own."""
        self.reading = reading
        self._absent = absent
        self.values = values
        self.path = path
        self.label = label
        self._asked: list[str] = []

    def problem(self, key: str, what: str, do: str) -> None:
        """Keep a problem at one of this table's keys; the empty key is the table itself."""
        path = (*self.path, key) if key else self.path
        if self._absent:
            return
        self.reading.problem(path, self._name(key), what, do)

    def _name(self, key: str) -> str:
        return ".".join(part for part in (self.label, key) if part)

    def _take(self, key: str) -> object | None:
        self._asked.append(key)
        return self.values.get(key)

    def has(self, key: str) -> bool:
        """Whether the key stands in the file."""
        self._asked.append(key)
        return key in self.values

    def close(self) -> None:
        """Report the keys that mean nothing here."""
        for key in self.values:
            if key not in self._asked:
                known = sorted(set(self._asked))
                self.problem(
                    key,
                    worded("key-means-nothing"),
                    nearest(key, known, worded("keys-here", words=listed(known))),
                )

    def _typed(self, key: str, kind: type[V], *, required: bool, example: str) -> V | None:
        """Return the value if it is of the kind; a missing or wrong one is reported and gives None."""
        value = self._take(key)
        if value is None:
            if required:
                self.problem(key, worded("key-missing"), worded("add-key", key=key, example=example))
            return None
        if (
            not isinstance(value, kind)
            or (isinstance(value, bool) and kind is not bool)
            or type(value) is datetime
        ):
            what = worded("this-is-not", found=kind_of(value), wanted=dict(KINDS)[kind])
            self.problem(key, what, worded("write-key", key=key, example=example))
            return None
        return value

    # Values

    def string(self, key: str, *, required: bool = True, example: str = '"…"', most: int = 200) -> str:
        """Return a short text of one line; empty when it is missing or wrong."""
        value = self._typed(key, str, required=required, example=example)
        return "" if value is None else self._visible(key, value, most)

    def _visible(self, key: str, value: str, most: int, *, several_lines: bool = False) -> str:
        hidden = _HIDDEN.search(value)
        if hidden:
            self.problem(
                key,
                worded("text-hidden-character", character=f"U+{ord(hidden[0]):04X}"),
                worded("take-it-out"),
            )
        elif "\n" in value.strip() and not several_lines:
            self.problem(key, worded("text-several-lines"), worded("in-one-line"))
        elif not value.strip():
            self.problem(key, worded("text-empty"), worded("write-or-take-out"))
        elif len(value) > most:
            self.problem(key, worded("text-too-long", count=len(value)), worded("keep-within", most=most))
        else:
            return value.strip()
        return ""

    def value(
        self, key: str, read: Callable[[str], V], otherwise: V, *, required: bool = True, example: str
    ) -> V:
        """Return what `read` makes of a text; `otherwise` when it is missing or wrong."""
        raw = self.values.get(key)
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            self._take(key)
            self.problem(
                key,
                worded("this-is-not", found=kind_of(raw), wanted=kind_of("")),
                worded("in-quotes", key=key, value=str(raw)),
            )
            return otherwise
        text = self._typed(key, str, required=required, example=example)
        if text is None:
            return otherwise
        return self.read(key, text, read, otherwise)

    def read(self, key: str, text: str, read: Callable[[str], V], otherwise: V) -> V:
        """Return what `read` makes of `text`, which stands at `key`; a refusal is reported."""
        try:
            return read(text)
        except BadValue as bad:
            self.problem(key, bad.what, bad.do)
            return otherwise

    def word(self, key: str, known: Collection[str], *, required: bool = True, otherwise: str = "") -> str:
        """Return one of the known words; `otherwise` (or any known word) when it is missing or wrong."""
        fallback = otherwise or next(iter(known), "")
        value = self._typed(key, str, required=required, example=f'"{fallback}"')
        if value is None:
            return fallback
        if value not in known:
            self.problem(
                key,
                worded("not-known", word=cut(value)),
                nearest(value, known, worded("known-are", words=listed(known))),
            )
            return fallback
        return value

    def words(self, key: str, known: Collection[str], *, required: bool = False) -> tuple[str, ...]:
        """Return a list of known words, none twice; one word without brackets is a list of one."""
        raw = self._take(key)
        if raw is None:
            if required:
                self.problem(
                    key,
                    worded("key-missing"),
                    worded("add-key", key=key, example=f'["{next(iter(known), "…")}"]'),
                )
            return ()
        items = raw if isinstance(raw, list) else [raw]
        found = []
        for item in items:
            if not isinstance(item, str):
                self.problem(
                    key,
                    worded("this-is-not", found=kind_of(item), wanted=kind_of("")),
                    worded("write-key", key=key, example='["…"]'),
                )
            elif item not in known:
                self.problem(
                    key,
                    worded("not-known", word=cut(item)),
                    nearest(item, known, worded("known-are", words=listed(known))),
                )
            elif item in found:
                self.problem(key, worded("stands-twice", word=item), worded("take-one-out"))
            else:
                found.append(item)
        if required and not items:
            self.problem(key, worded("list-empty"), worded("name-one-of", words=listed(known)))
        return tuple(found)

    def strings(self, key: str, *, most: int = 200) -> tuple[str, ...]:
        """Return a list of short texts, each of one line; a text without brackets is a list of one."""
        if isinstance(self.values.get(key), str):
            return (self.string(key, most=most),)
        raw = self._typed(key, list, required=False, example='["…"]') or []
        if not all(isinstance(item, str) for item in raw):
            self.problem(key, worded("not-text-in-list"), worded("write-key", key=key, example='["…", "…"]'))
            return ()
        return tuple(self._visible(key, item, most) for item in raw)

    def whole(self, key: str, low: int, high: int, *, otherwise: int | None = None) -> int:
        """Return a whole number within bounds; required when there is nothing to use `otherwise`."""
        value = self._typed(key, int, required=otherwise is None, example=str(low))
        if value is None:
            return low if otherwise is None else otherwise
        if not low <= value <= high:
            self.problem(
                key, worded("out-of-bounds", value=value), worded("whole-between", low=low, high=high)
            )
            return low
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; false when it is missing."""
        return self._typed(key, bool, required=False, example="true") or False

    def day(self, key: str, *, example: str = "2024-01-01") -> date:
        """Return a date that must be there."""
        return self._in_calendars(key, self._typed(key, date, required=True, example=example)) or date(
            2000, 1, 1
        )

    def optional_day(self, key: str) -> date | None:
        """Return a date, or None when it is missing."""
        return self._in_calendars(key, self._typed(key, date, required=False, example="2024-12-31"))

    def days(self, key: str) -> tuple[date, ...]:
        """Return a list of dates."""
        raw = self._typed(key, list, required=True, example="[2026-05-02]") or []
        if not all(isinstance(item, date) and not isinstance(item, datetime) for item in raw):
            self.problem(
                key,
                worded("not-a-date-in-list"),
                worded("write-key", key=key, example="[2026-05-02, 2026-05-04]"),
            )
            return ()
        return tuple(day for day in raw if self._in_calendars(key, day) is not None)

    def _in_calendars(self, key: str, day: date | None) -> date | None:
        """Return a day that calendars can count with; None, with a problem, for one that they cannot."""
        if day is None or FIRST_YEAR <= day.year <= LAST_YEAR:
            return day
        self.problem(
            key,
            worded("year-unknown", year=day.year),
            worded("years-between", low=FIRST_YEAR, high=LAST_YEAR),
        )
        return None

    # Names

    def own_id(self, kind: str) -> str:
        """Return this table's own id: well formed, and no other [[kind]] has it."""
        value = self.string("id", example='"…"', most=_ID_CHARACTERS_MAX)
        form, example = (
            (_CLAUSE_ID, '"4.1"') if kind in {"clause", "assumption"} else (_ID, '"small-letters-and-dashes"')
        )
        if value and not form.fullmatch(value):
            self.problem("id", worded("cannot-be-an-id", word=value), worded("write-like", example=example))
        if value and self.reading.names(kind).get(value, 0) > 1:
            self.problem("id", worded("id-twice", kind=kind, word=value), worded("id-of-its-own"))
        return value

    def ref(self, key: str, kind: str) -> str:
        """Return the id of a [[kind]] that must exist; empty when it is missing or unknown."""
        return self.optional_ref(key, kind, required=True) or ""

    def optional_ref(self, key: str, kind: str, *, required: bool = False) -> str | None:
        """Return the id of a [[kind]] that must exist if it is given."""
        value = self._typed(key, str, required=required, example='"…"')
        if value is None:
            return None
        known = self.reading.names(kind)
        if value not in known:
            do = nearest(value, known, worded("add-or-use", kind=kind, words=listed(known)))
            self.problem(key, worded("no-such", kind=kind, word=cut(value)), do)
            return None
        return value

    def refs(self, key: str, kind: str, *, required: bool = False) -> tuple[str, ...]:
        """Return ids of [[kind]] that must exist; empty when the key is missing."""
        return self.words(key, self.reading.names(kind), required=required)

    def assumed(self) -> str | None:
        """Return the id of the assumption this table rests on."""
        return self.optional_ref("assumed", "assumption")

    # Texts in languages

    def said(self, key: str, *, fields: Collection[str] = (), plain: bool = False) -> Text:
        """Return a text in every language of the vendor.

        `fields` are the places in braces that it may hold. With `plain`, a text without languages is the same in
        all (the name of a product).
        """
        raw = self.values.get(key)
        if plain and isinstance(raw, str):
            self._take(key)
            text = self._visible(key, raw, TEXT_CHARACTERS_MAX)
            return dict.fromkeys(self.reading.languages, text)
        example = "{ " + ", ".join(f'{language} = "…"' for language in self.reading.languages) + " }"
        if self._typed(key, dict, required=True, example=example) is None:
            return dict.fromkeys(self.reading.languages, "")
        table = self.table(key)
        texts = {language: table._in_language(language, fields) for language in self.reading.languages}
        for extra in sorted(set(table.values) & set(LANGUAGES) - set(self.reading.languages)):
            table._asked.append(extra)
            table.problem(extra, worded("language-unused"), worded("add-language", language=extra))
        table.close()
        return texts

    def _in_language(self, language: str, fields: Collection[str]) -> str:
        """Return the text in one language; empty when it is missing or wrong."""
        raw = self._typed(language, str, required=False, example='"…"')
        if language not in self.values:
            self.problem(language, worded("language-missing"), worded("add-text", key=language))
        if raw is None:
            return ""
        text = self._visible(language, raw, TEXT_CHARACTERS_MAX, several_lines=True)
        unknown = [field for field in _FIELD.findall(text) if field not in fields]
        if unknown:
            known = " ".join(f"{{{field}}}" for field in fields) or "none"
            self.problem(
                language,
                worded("field-unknown", field=f"{{{unknown[0]}}}"),
                worded("fields-here", words=known),
            )
        return text

    # Tables inside

    def section(self, key: str) -> "Table | None":
        """Return a table that may be left out; None when it is, or when it is no table (which is reported)."""
        return None if self._typed(key, dict, required=False, example="{ … }") is None else self.table(key)

    def absent(self, key: str) -> "Table":
        """Return a table for a section that is missing, so that reading can go on."""
        return Table(self.reading, {}, (*self.path, key), self._name(key), absent=True)

    def table(self, key: str) -> "Table":
        """Return a table inside; an empty one when it is missing or is something else (`section` reports that)."""
        self._asked.append(key)
        value = self.values.get(key)
        return Table(
            self.reading, value if isinstance(value, dict) else {}, (*self.path, key), self._name(key)
        )

    def tables(self, key: str) -> list["Table"]:
        """Return the tables [[key]], each named by its id (or its service) for messages."""
        raw = (
            self._typed(key, list, required=False, example="…; or rather a table [[" + self._name(key) + "]]")
            or []
        )
        found = []
        if len(raw) > most_tables(key):
            self.problem(
                key, worded("tables-too-many", count=len(raw)), worded("tables-most", most=most_tables(key))
            )
        for index, each in enumerate(raw[: most_tables(key)]):
            path = (*self.path, key, index)
            name = f"{self._name(key)}[#{index + 1}]"
            if not isinstance(each, dict):
                self.reading.problem(
                    path,
                    name,
                    worded("this-is-not", found=kind_of(each), wanted=kind_of({})),
                    worded("write-tables", key=key),
                )
                continue
            title = each.get("id", each.get("service"))
            shown = isinstance(title, str) and len(title) <= _ID_CHARACTERS_MAX and not _HIDDEN.search(title)
            found.append(Table(self.reading, each, path, f"{self._name(key)}[{title}]" if shown else name))
        return found

    def keyed(self, key: str, kind: str) -> dict[str, object]:
        """Return a table inside whose keys are ids of [[kind]], complete: each id once, none unknown."""
        if self._typed(key, dict, required=True, example="{ … }") is None:
            return {}
        table = self.table(key)
        known = self.reading.names(kind)
        for name in known:  # in the order of the file
            if not table.has(name):
                table.problem(
                    name, worded("is-missing-here", kind=kind, word=name), worded("add-text", key=name)
                )
        table.close()
        return {name: table.values[name] for name in known if name in table.values}
