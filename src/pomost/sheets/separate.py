"""From text to rows of cells: separators, quotes, and the line that each row begins on.

Owns a reader that forgives what spreadsheets and people do: any of four separators, quoted cells with line breaks in
them, a lone quote, empty lines. Its work is bounded: a quoted cell ends within a few lines, or its quote is taken as
an ordinary sign and the row is named.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

SEPARATORS: Final = (";", "\t", ",", "|")
QUOTED_LINES_MAX: Final = 20
"""A quoted cell goes over at most so many lines; a quote that is never closed would else swallow the file."""
LONE_QUOTES_MAX: Final = 50
"""After so many quotes that nothing closes, quotes are no longer looked for: the search would cost too much."""
LINE_CHARACTERS_MAX: Final = 50_000

_LINES: Final = re.compile(r"\r\n|\n|\r|\u2028|\u2029")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, without the spaces around them."""

    line: int
    cells: tuple[str, ...]
    has_lone_quote: bool = False
    is_cut: bool = False
    """The line was longer than any row can be; its rest was not looked at."""


def rows_of(text: str, separator: str) -> Iterator[Row]:
    """Yield the rows that are not empty, in order."""
    lines = _LINES.split(text)
    at = lone_quotes = 0
    while at < len(lines):
        row, taken = _row(lines, at, separator, QUOTED_LINES_MAX if lone_quotes < LONE_QUOTES_MAX else 1)
        at += taken
        lone_quotes += row.has_lone_quote
        if row.is_cut or any(row.cells):
            yield row


def _row(lines: list[str], at: int, separator: str, most_lines: int) -> tuple[Row, int]:
    """Return the row that begins with line `at` (from 0), and how many lines it takes."""
    text, is_cut = lines[at][:LINE_CHARACTERS_MAX], len(lines[at]) > LINE_CHARACTERS_MAX
    if '"' not in text:
        return Row(at + 1, tuple(cell.strip() for cell in text.split(separator)), is_cut=is_cut), 1
    for taken in range(1, min(most_lines, len(lines) - at) + 1):
        if taken > 1:
            text += "\n" + lines[at + taken - 1][:LINE_CHARACTERS_MAX]
            if len(text) > LINE_CHARACTERS_MAX:
                break
            if '"' not in lines[at + taken - 1]:
                continue  # a line without a quote cannot close one
        cells = _cells(text, separator)
        if cells is not None:
            return Row(at + 1, cells, is_cut=is_cut), taken
    bare = tuple(cell.strip() for cell in lines[at][:LINE_CHARACTERS_MAX].split(separator))
    return Row(at + 1, bare, has_lone_quote=True, is_cut=is_cut), 1


def _cells(text: str, separator: str) -> tuple[str, ...] | None:
    """Return the cells of a row; None: a quoted cell is still open at its end.

    A quote opens a cell only as its first sign, and closes it only before a separator or the end: 5" and "a" b stay
    readable.
    """
    cells: list[str] = []
    at, end = 0, len(text)
    while True:
        while at < end and text[at] == " ":
            at += 1
        if at < end and text[at] == '"':
            inside, at = _quoted(text, at + 1)
            if inside is None:
                return None
            rest = text.find(separator, at)
            after = text[at : rest if rest >= 0 else end]
            cells.append((inside + after).strip())
        else:
            rest = text.find(separator, at)
            cells.append(text[at : rest if rest >= 0 else end].strip())
        if rest < 0:
            return tuple(cells)
        at = rest + 1


def _quoted(text: str, at: int) -> tuple[str | None, int]:
    """Return what stands in quotes from `at`, and where it ends; None where nothing closes it."""
    parts = []
    while True:
        close = text.find('"', at)
        if close < 0:
            return None, at
        parts.append(text[at:close])
        if text[close + 1 : close + 2] != '"':
            return "".join(parts), close + 1
        parts.append('"')
        at = close + 2


def separator_of(text: str, is_known: Callable[[str], bool]) -> str:
    """Return the separator that makes most known names of the first line that is not empty; then the most cells.

    A line "sep=;", which spreadsheets put first, says it outright.
    """
    first = next((line for line in _LINES.split(text[: 4 * LINE_CHARACTERS_MAX]) if line.strip()), "")
    declared = re.fullmatch(r"sep=(.)", first.strip())
    if declared and declared[1] in SEPARATORS:
        return declared[1]

    def weight(separator: str) -> tuple[int, int]:
        cells = [cell.strip().strip('"') for cell in first[:LINE_CHARACTERS_MAX].split(separator)[:1000]]
        return (sum(map(is_known, cells)), len(cells))

    return max(SEPARATORS, key=weight)
