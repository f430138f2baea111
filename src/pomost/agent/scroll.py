"""Whether a picture moved up or down: text that is scrolled need not be sent again.

It owns the guess only. The guess is made from a few narrow columns and may be wrong; the caller copies the rows in its own picture, compares,
and sends what still differs, so a wrong guess costs bytes and never a pixel. Pure; `streamer` calls it for large changes.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import NamedTuple

from PIL import Image

COLUMN_PX = 64
"""Width of a column that is compared. Rows of 64 pixels of text rarely repeat; blank rows do and say nothing."""

COLUMNS_AT = (0.1, 0.35, 0.6, 0.85)
"""Where in the width the columns stand: a margin, a scroll bar or a panel that stays spoils at most some of them."""

ROWS_LEAST = 24
"""Fewer rows in agreement are no movement."""


class Shift(NamedTuple):
    """`height` rows that were at `from_y` are at `to_y` now, both within the compared area."""

    from_y: int
    to_y: int
    height: int


def vertical_shift(before: Image.Image, after: Image.Image) -> Shift | None:
    """The rows that moved by one and the same distance in all columns that moved, or None.

    Both pictures are RGB, of the same size and of the same place on the screen. Takes about 2 ms for 1000 rows.
    """
    width, height = before.size
    found: list[Shift] = []
    for at in COLUMNS_AT:
        left = min(int(width * at), max(width - COLUMN_PX, 0))
        shift = _in_column(_rows(before, left), _rows(after, left))
        if shift is not None:
            found.append(shift)
    if height < ROWS_LEAST or not found:
        return None
    distances = Counter(shift.to_y - shift.from_y for shift in found)
    distance, _votes = distances.most_common(1)[0]
    agreeing = [shift for shift in found if shift.to_y - shift.from_y == distance]
    # Rows that are blank in one column seem to move there; what stays in another column shows that they do not.
    top = max(shift.to_y for shift in agreeing)
    bottom = min(shift.to_y + shift.height for shift in agreeing)
    return Shift(top - distance, top, bottom - top) if bottom - top >= ROWS_LEAST else None


def _rows(picture: Image.Image, left: int) -> list[bytes]:
    column = picture.crop((left, 0, min(left + COLUMN_PX, picture.width), picture.height))
    data, stride = column.tobytes(), column.width * 3
    return [data[start : start + stride] for start in range(0, len(data), stride)]


def _in_column(before: list[bytes], after: list[bytes]) -> Shift | None:
    seen = Counter(before)
    places = {row: y for y, row in enumerate(before) if seen[row] == 1}
    distances = Counter(y - places[row] for y, row in enumerate(after) if row in places)
    distances.pop(0, None)
    if not distances:
        return None
    distance, votes = distances.most_common(1)[0]
    if votes < ROWS_LEAST // 2:
        return None
    same = (
        (y, 0 <= y - distance < len(before) and before[y - distance] == after[y]) for y in range(len(after))
    )
    runs = [list(run) for is_same, run in groupby(same, key=lambda pair: pair[1]) if is_same]
    longest = max(runs, key=len)
    if len(longest) < ROWS_LEAST:
        return None
    top = longest[0][0]
    return Shift(top - distance, top, len(longest))
