"""What is wrong with a table: the whole of it, or a cell.

Owns the list of problems with the values that each names. Does not own words: whoever shows a problem has a sentence
for each, with what to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

CELL_PROBLEMS: Final[Mapping[str, tuple[str, ...]]] = {
    "moment": (),
    "moment-order": (),
    "moment-year": ("first", "last"),
    "number": (),
    "negative": (),
    "grouping": ("one", "other"),
    "currency": ("currency",),
    "duration": (),
    "duration-unit": (),
    "duration-long": ("hours",),
    "yes-no": (),
    "choice": ("known",),
    "choice-near": ("near",),
    "choice-two": ("one", "other"),
    "estimate": (),
    "before": ("earlier", "earlier_value"),
    "control": (),
    "long": ("characters",),
    "no-day": ("columns",),
    "cells": ("cells", "columns"),
    "quote": (),
    "conflict": ("first_row", "other"),
    "same-ticket": ("bad_row",),
}
"""Problems of a cell or a row, with the values that their sentences name besides the cell's own."""

SHEET_PROBLEMS: Final[Mapping[str, tuple[str, ...]]] = {
    "empty": (),
    "too-large": ("bytes", "most"),
    "too-many-rows": ("most",),
    "too-many-columns": ("columns", "most"),
    "not-text": (),
    "no-header": ("first", "known"),
    "nothing-to-judge": ("columns",),
}
"""Problems for which nothing of a table can be read."""


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell, or a whole row (column empty), that cannot be used. Its row is left out."""

    row: int
    """Line of the file, the first is 1."""
    column: str
    """As the file's first line has it; empty: the row as a whole."""
    value: str
    """As it stands in the file, shortened."""
    problem: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        lacking = set(CELL_PROBLEMS[self.problem]) - self.values.keys()
        if lacking:
            raise ValueError(f"{self.problem}: the values {sorted(lacking)} are missing.")


class SheetUnusable(Exception):
    """Nothing of the table can be read. `problem` and `values` say why."""

    def __init__(self, problem: str, values: Mapping[str, str | int] | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.values = values or {}
        if lacking := set(SHEET_PROBLEMS[problem]) - self.values.keys():
            raise ValueError(f"{problem}: the values {sorted(lacking)} are missing.")


class CellBad(Exception):
    """A cell cannot be read; the row and the column are added by whoever knows them."""

    def __init__(self, problem: str, values: Mapping[str, str | int] | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.values = values or {}
