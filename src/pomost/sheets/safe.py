"""Tables that we write: cells that a spreadsheet will not run.

Owns the one rule: a cell that begins like a formula gets an apostrophe before it, which spreadsheets show as text.
"""

from collections.abc import Sequence
from typing import Final

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """Return a cell that stays text in any spreadsheet."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def csv_line(cells: Sequence[str], separator: str = ";") -> str:
    """Return a row of a table, quoted where it must be."""
    written = []
    for cell in map(safe_cell, cells):
        if any(sign in cell for sign in (separator, '"', "\n", "\r")):
            cell = '"' + cell.replace('"', '""') + '"'
        written.append(cell)
    return separator.join(written)
