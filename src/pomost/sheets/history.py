"""A table of tickets, calls and hours, read into a history by the terms.

Owns the way from a file to cases: the first line, each row, rows of one ticket put together. A row with a bad cell is
left out and named, with the other rows of its ticket, since half a ticket would be judged wrongly; nothing else is
touched by it. Refuses files beyond the limits. Read next: columns.py, cells.py; who judges is rules/audit.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import ZoneInfo

from pomost.rules.audit.history import BILLED_COLUMNS, EVENT_OF, Case, Column, History
from pomost.rules.terms.model import Terms
from pomost.sheets.choices import choices_of
from pomost.sheets.columns import LANGUAGES, Known, column_named, known_names, name_of
from pomost.sheets.decode import text_of
from pomost.sheets.fold import nearest
from pomost.sheets.problems import BadCell, CellBad, SheetUnusable
from pomost.sheets.row import Fields, Reader, case_of, cleaned
from pomost.sheets.separate import Row, rows_of, separator_of

BYTES_MAX: Final = 5 * 1024 * 1024
ROWS_MAX: Final = 20_000
COLUMNS_MAX: Final = 100
VALUE_SHOWN: Final = 60
"""So much of a bad cell is repeated."""

NOTES: Final[Mapping[str, tuple[str, ...]]] = {
    "ignored": ("names",),
    "near-column": ("name", "near"),
    "doubled": ("one", "other"),
    "only-received": ("name",),
    "only-registered": ("name",),
    "days-only": ("rows",),
    "taken-net": ("name",),
    "encoding": ("encoding",),
    "minutes": ("name",),
}
"""How the table was understood where it could be meant otherwise, with the values that each names."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know about how the table was read."""

    note: str
    values: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that was read."""

    history: History
    bad: tuple[BadCell, ...]
    """In the order of the rows; a row may stand more than once."""
    notes: tuple[Note, ...]
    rows: int
    """Rows of the table below its first line, empty ones left out."""
    text: str
    """The table as it was decoded."""

    @property
    def rows_left_out(self) -> int:
        """How many rows are not in the history."""
        return len({each.row for each in self.bad})


@dataclass(frozen=True, slots=True)
class Heading:
    """What the first line names."""

    known: Mapping[int, Known]
    """By the place of the column; what is not here is not used."""
    names: tuple[str, ...]
    notes: tuple[Note, ...]

    @property
    def columns(self) -> frozenset[Column]:
        """The columns that are there."""
        return frozenset(each.column for each in self.known.values())

    def name(self, column: Column) -> str:
        """Return a column's name as the table has it."""
        return next(self.names[place] for place, each in self.known.items() if each.column is column)


def read_history(data: bytes, terms: Terms) -> Sheet:
    """Return what a file says, with every row that cannot be used.

    Raises:
        SheetUnusable: nothing of it can be read.
    """
    if len(data) > BYTES_MAX:
        raise SheetUnusable("too-large", {"bytes": len(data), "most": BYTES_MAX})
    languages = tuple(dict.fromkeys((*terms.vendor.languages, *LANGUAGES)))
    text, encoding = text_of(data, languages)
    notes = () if encoding in ("utf-8", "utf-16") else (Note("encoding", {"encoding": encoding}),)
    return read_text(text, terms, notes)


def read_text(text: str, terms: Terms, notes: Sequence[Note] = ()) -> Sheet:
    """Return what a pasted text says; as read_history.

    Raises:
        SheetUnusable: nothing of it can be read.
    """
    if not text.strip():
        raise SheetUnusable("empty")
    separator = separator_of(text, lambda name: column_named(name) is not None)
    rows: list[Row] = []
    for row in rows_of(text, separator):
        if len(rows) > ROWS_MAX:
            raise SheetUnusable("too-many-rows", {"most": ROWS_MAX})
        if rows or not re.fullmatch(r"sep=.?", row.cells[0]):
            rows.append(row)
    if not rows:
        raise SheetUnusable("empty")
    heading = _heading(rows[0])
    reader = Reader(terms, ZoneInfo(terms.vendor.zone), choices_of(terms))
    read = [_read(row, heading, reader) for row in rows[1:]]
    cases, spoiled = _cases(read, heading, reader)
    more = _seen(read, rows[1:], heading, terms)
    bad = [*(each for row in read for each in row.bad), *spoiled]
    return Sheet(
        History(tuple(cases), _columns(heading)),
        tuple(sorted(bad, key=lambda each: (each.row, each.column))),
        (*notes, *heading.notes, *more),
        len(rows) - 1,
        text,
    )


def _columns(heading: Heading) -> frozenset[Column]:
    """Return the columns that count as there: the receipt stands in for the registration, and the other way round."""
    columns = heading.columns
    if columns & {Column.RECEIVED, Column.REGISTERED}:
        columns |= {Column.RECEIVED, Column.REGISTERED}
    return columns


def _heading(row: Row) -> Heading:
    names = tuple(_shown(" ".join(cell.split())) for cell in row.cells[: COLUMNS_MAX + 1])
    if len(row.cells) > COLUMNS_MAX:
        raise SheetUnusable("too-many-columns", {"columns": len(row.cells), "most": COLUMNS_MAX})
    known: dict[int, Known] = {}
    notes: list[Note] = []
    ignored: list[str] = []
    places: dict[Column, int] = {}
    for place, name in enumerate(names):
        found = column_named(name)
        if found is None:
            near = nearest(name, known_names()) if name else None
            if near is not None:
                notes.append(Note("near-column", {"name": name, "near": near}))
            elif name:
                ignored.append(name)
        elif found.column in places:
            notes.append(Note("doubled", {"one": names[places[found.column]], "other": name}))
        else:
            known[place], places[found.column] = found, place
    if not known:
        examples = ", ".join(name_of(column, language) for column in EXAMPLES for language in LANGUAGES)
        first = "; ".join(filter(None, names))[:VALUE_SHOWN]
        raise SheetUnusable("no-header", {"first": first, "known": examples})
    heading = Heading(known, names, ())
    if not heading.columns & (EVENT_OF.keys() | {Column.WORKED} | BILLED_COLUMNS):
        columns = ", ".join(name_of(column, "en") for column in NEEDED_ANY)
        raise SheetUnusable("nothing-to-judge", {"columns": columns})
    notes += _understood(heading)
    if ignored:
        notes.append(Note("ignored", {"names": ", ".join(ignored)}))
    return Heading(known, names, tuple(notes))


EXAMPLES: Final = (Column.NUMBER, Column.RECEIVED, Column.WORKED)
NEEDED_ANY: Final = (Column.RECEIVED, Column.WORKED, Column.BILLED)


def _understood(heading: Heading) -> Iterable[Note]:
    """Yield how columns are taken that could be meant otherwise."""
    if Column.BILLED in heading.columns:
        name = heading.name(Column.BILLED)
        if not re.search(r"net|без", name.casefold()):
            yield Note("taken-net", {"name": name})


def _seen(read: "Sequence[_Read]", rows: Sequence[Row], heading: Heading, terms: Terms) -> list[Note]:
    """Return what the rows show of how they are understood: stand-ins, days without a time, numbers without a unit."""
    notes = []
    moments = heading.columns & {Column.RECEIVED, Column.REGISTERED}
    starts = {start for promise in terms.promises for start in promise.starts}
    if len(moments) == 1:
        (only,) = moments
        if any(EVENT_OF[each] in starts for each in (Column.RECEIVED, Column.REGISTERED) if each is not only):
            notes.append(Note(f"only-{only.value}", {"name": heading.name(only)}))
    days_only = sum(each.fields.has_day_only for each in read if not each.bad)
    if days_only:
        notes.append(Note("days-only", {"rows": days_only}))
    for place, known in heading.known.items():
        if known.column is Column.WORKED and known.unit_seconds is None:
            bare = any(row.cells[place].isdigit() for row in rows if place < len(row.cells))
            notes += [Note("minutes", {"name": heading.names[place]})] if bare else []
    return notes


@dataclass(frozen=True, slots=True)
class _Read:
    """A row with what is wrong with it."""

    fields: Fields
    bad: tuple[BadCell, ...]


def _read(row: Row, heading: Heading, reader: Reader) -> _Read:
    """Return the values of a row, and every cell of it that cannot be used."""
    bad: list[BadCell] = []

    def note(column: str, value: str, problem: CellBad) -> None:
        bad.append(BadCell(row.line, column, _shown(value), problem.problem, problem.values))

    if row.has_lone_quote:
        note("", "", CellBad("quote"))
    if row.is_cut or any(row.cells[len(heading.names) :]):
        note("", "", CellBad("cells", {"cells": len(row.cells), "columns": len(heading.names)}))
    fields = Fields(row.line)
    for place, known in heading.known.items():
        raw = row.cells[place] if place < len(row.cells) else ""
        try:
            if text := cleaned(raw):
                reader.take(fields, known, text)
        except CellBad as problem:
            note(heading.names[place], raw, problem)
    if not bad:
        try:
            reader.complete(fields)
        except CellBad as problem:
            note("", "", problem)
    return _Read(fields, tuple(bad))


def _cases(read: Sequence[_Read], heading: Heading, reader: Reader) -> tuple[list[Case], list[BadCell]]:
    """Return the tickets that are whole, in the order of their first rows, and why the rows of others are left out."""
    tickets: dict[object, list[_Read]] = {}
    for place, row in enumerate(read):
        tickets.setdefault(row.fields.number or place, []).append(row)
    cases: list[Case] = []
    spoiled: list[BadCell] = []
    for rows in tickets.values():
        bad = next((row.fields.row for row in rows if row.bad), None)
        if bad is not None:
            spoiled += [
                BadCell(row.fields.row, "", row.fields.number, "same-ticket", {"bad_row": bad})
                for row in rows
                if not row.bad
            ]
            continue
        clash = _conflict([row.fields for row in rows], heading)
        if clash is None:
            try:
                case = case_of([row.fields for row in rows], reader)
                # A blank cell in a column of estimates says that there was none.
                blank = case.answer is None and Column.ESTIMATE in heading.columns
                cases.append(replace(case, answer="none") if blank else case)
                continue
            except CellBad as problem:
                clash = BadCell(rows[0].fields.row, "", "", problem.problem, problem.values)
        spoiled.append(clash)
        spoiled += [
            BadCell(row.fields.row, "", row.fields.number, "same-ticket", {"bad_row": clash.row})
            for row in rows
            if row.fields.row != clash.row
        ]
    return cases, spoiled


def _conflict(rows: Sequence[Fields], heading: Heading) -> BadCell | None:
    """Return the first cell that contradicts an earlier row of the same ticket."""
    for column in ONE_A_TICKET:
        told = [row for row in rows if column in row.texts]
        for row in told[1:]:
            if row.texts[column] != told[0].texts[column]:
                other = _shown(told[0].texts[column])
                values: dict[str, str | int] = {"first_row": told[0].row, "other": other}
                return BadCell(row.row, heading.name(column), _shown(row.texts[column]), "conflict", values)
    return None


ONE_A_TICKET: Final = (Column.CUSTOMER, Column.PACKAGE, Column.SEVERITY)


def _shown(value: str) -> str:
    """Return a value fit to be repeated: no invisible signs, not too long."""
    plain = "".join(sign if sign.isprintable() else "�" for sign in value)
    return plain if len(plain) <= VALUE_SHOWN else f"{plain[: VALUE_SHOWN - 1]}…"
