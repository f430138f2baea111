"""Whether a picture moved up or down, and what stayed where it was over it: text that is scrolled need not be sent again.

It owns the guess only. The guess is made from a few narrow columns and may be wrong; the caller copies the rows in its own picture, compares,
and sends what still differs, so a wrong guess costs bytes and never a pixel. Pure; `streamer` calls it for large changes.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import NamedTuple

from PIL import Image, ImageChops

from pomost.agent.picture import Rect, changed, inside, union

COLUMN_PX = 64
"""Width of a column that is compared. Rows of 64 pixels of text rarely repeat; blank rows do and say nothing."""

COLUMNS_AT = (0.1, 0.35, 0.6, 0.85)
"""Where in the width the columns stand: a margin, a scroll bar or a panel that stays spoils at most some of them."""

ROWS_LEAST = 24
"""Fewer rows in agreement are no movement."""

GRAIN_PX = 8
"""Side of the cells in which it is seen what stayed: fine enough that the rim of a picture costs little."""

KEPT_LEAST_PX = 32 * 32
"""Smaller parts that stayed cost less sent again than named."""


KEPT_MAX = 32
"""As many parts that stay can be named with one movement."""

LEFT_PX = 30_000
"""If more than this is still wrong after a movement, it is looked at what stayed."""


class Shift(NamedTuple):
    """`height` rows that were at `from_y` are at `to_y` now, both within the compared area."""

    from_y: int
    to_y: int
    height: int


class Movement(NamedTuple):
    """A movement that was carried out: what moved, what stayed over it, and the picture that came of it."""

    moved: Rect
    """Where the rows are now."""
    from_y: int
    """The row that the first of them came from."""
    kept: list[Rect]
    picture: Image.Image


class Follower:
    """Follows a page that scrolls: what stays over it in one frame mostly stays in the next, and is tried first."""

    def __init__(self) -> None:
        """Begin with nothing that stays."""
        self._kept: list[Rect] = []

    def follow(self, before: Image.Image, now: Image.Image, least_px: int) -> Movement | None:
        """The movement that makes `now` of `before`, both RGB, of one size and one place; None: less than `least_px` moved.

        What still differs between its picture and `now` must be sent; there may be anything from nothing to all.
        """
        box = ImageChops.difference(before, now).getbbox()
        if box is None or (box[2] - box[0]) * (box[3] - box[1]) < least_px:
            return None
        shift = vertical_shift(before.crop(box), now.crop(box))
        if shift is None:
            return None
        moved = Rect(box[0], box[1] + shift.to_y, box[2] - box[0], shift.height)
        from_y = box[1] + shift.from_y
        everywhere = before.copy()
        everywhere.paste(before.crop((moved.x, from_y, moved.right, from_y + moved.h)), (moved.x, moved.y))
        kept = [rect for rect in self._kept if inside(rect, moved)]
        picture = _with_kept(everywhere, before, kept)
        if sum(rect.area for rect in changed(picture, now, 0, 0)) > LEFT_PX:
            corner = (moved.x, moved.y, moved.right, moved.bottom)
            parts = kept_in_place(before.crop(corner), everywhere.crop(corner), now.crop(corner), KEPT_MAX)
            kept = self._kept = [Rect(part.x + moved.x, part.y + moved.y, part.w, part.h) for part in parts]
            picture = _with_kept(everywhere, before, kept)
        return Movement(moved, from_y, kept, picture)


def _with_kept(everywhere: Image.Image, before: Image.Image, kept: list[Rect]) -> Image.Image:
    picture = everywhere.copy() if kept else everywhere
    for rect in kept:
        picture.paste(before.crop((rect.x, rect.y, rect.right, rect.bottom)), (rect.x, rect.y))
    return picture


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
    whole = [run for run in runs if len(run) >= ROWS_LEAST]
    if not whole:
        return None
    top, last = whole[0][0][0], whole[-1][-1][0]  # what stays in between is kept (`kept_in_place`)
    return Shift(top - distance, top, last + 1 - top)


def kept_in_place(before: Image.Image, moved: Image.Image, now: Image.Image, most: int) -> list[Rect]:
    """Parts in which `now` is as `before`, while `moved`, the movement carried out everywhere, is wrong there.

    All three are RGB, of one size and one place; so are the rectangles. The largest `most` of them: a bar that stays, a
    window over the page. A guess from cells of `GRAIN_PX`, like all here: a pixel that is wrong in it is sent again.
    """
    differs = ImageChops.difference(before, now)
    spoiled, other_now = _cells(ImageChops.difference(moved, now)), _cells(differs)
    found: list[Rect] = []
    for row, (wrong, other) in enumerate(zip(_lines(spoiled), _lines(other_now), strict=True)):
        for run in _stayed(wrong, other):
            found = _below(found, Rect(run.start, row, len(run), 1))
    cells = sorted(found, key=lambda rect: rect.area, reverse=True)[:most]
    scaled = (Rect(*(side * GRAIN_PX for side in cell)) for cell in cells)
    whole = (_within(rect, now.size) for rect in scaled)
    return [_grown(rect, differs) for rect in whole if rect.area >= KEPT_LEAST_PX]


def _cells(difference: Image.Image) -> Image.Image:
    """A pixel for each cell, not black where there is a difference."""
    return difference.convert("L").point([0] + [255] * 255).reduce(GRAIN_PX)


def _lines(cells: Image.Image) -> list[bytes]:
    data, stride = cells.tobytes(), cells.width
    return [data[start : start + stride] for start in range(0, len(data), stride)]


def _stayed(wrong: bytes, other: bytes) -> list[range]:
    """The runs of cells that stayed, each from its first to its last cell that the movement would spoil."""
    runs: list[range] = []
    begin = 0
    for piece in other.translate(_OTHER).split(b"\1"):
        spoilt = wrong[begin : begin + len(piece)]
        first = len(spoilt) - len(spoilt.lstrip(b"\0"))
        last = len(spoilt.rstrip(b"\0"))
        if first < last:
            runs.append(range(begin + first, begin + last))
        begin += len(piece) + 1
    return runs


_OTHER = bytes([0] + [1] * 255)


def _below(found: list[Rect], run: Rect) -> list[Rect]:
    """`found` with a run of the next row added, joined to the rectangle above it where little is added by that."""
    for index in range(len(found) - 1, -1, -1):
        above = found[index]
        if above.bottom < run.y:
            continue
        both = union((above, run))
        if above.bottom == run.y and both.area <= 1.1 * (above.area + run.area):
            return [*found[:index], both, *found[index + 1 :]]
    return [*found, run]


def _grown(rect: Rect, differs: Image.Image) -> Rect:
    """A rectangle of cells with the rows and columns beside it that stayed too, as its rim rarely falls on cells."""
    left, top, right, bottom = rect.x, rect.y, rect.right, rect.bottom
    for _pixel in range(GRAIN_PX):
        left -= left > 0 and differs.crop((left - 1, top, left, bottom)).getbbox() is None
        top -= top > 0 and differs.crop((left, top - 1, right, top)).getbbox() is None
        right += right < differs.width and differs.crop((right, top, right + 1, bottom)).getbbox() is None
        bottom += (
            bottom < differs.height and differs.crop((left, bottom, right, bottom + 1)).getbbox() is None
        )
    return Rect(left, top, right - left, bottom - top)


def _within(rect: Rect, size: tuple[int, int]) -> Rect:
    width, height = size
    return Rect(rect.x, rect.y, min(rect.w, width - rect.x), min(rect.h, height - rect.y))
