"""Which part of the screen keeps changing: a film, an animation, a window that is dragged.

Owns the guess. A cell of the screen is in motion when most of it changed several times within a moment; the largest connected part of such
cells is what is worth a video. Refuses small parts: a caret, a clock and a line that scrolls in are cheaper without. Pure; `moving` asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pomost.agent.picture import Rect, union

CELL_PX: Final = 64
TIMES: Final = 4
"""So many changes in a row are motion; three are a menu that opens, or a letter typed in a small field."""
GAP_MS: Final = 300
"""So long without a change after a frame was sent, and it was no motion. How long the frame itself took does not count: where much changes
on a slow computer each exact frame may take longer than this."""
LEAST_PX: Final = 40_000
"""A smaller part is encoded without loss faster than as video."""
SHARE: Final = 0.5
"""So much of a cell has to change with each frame."""

Cell = tuple[int, int]


class Motion:
    """What has changed lately on a screen of a given size."""

    def __init__(self, width: int, height: int) -> None:
        """Begin with a still screen."""
        self._width, self._height = width, height
        self._cells: dict[Cell, tuple[int, int]] = {}
        """How often in a row each cell changed, and when the last frame with a change of it was out."""
        self._latest: set[Cell] = set()

    def saw(self, rects: Iterable[Rect], now_ms: int) -> None:
        """Take note of what changed with one frame."""
        covered: dict[Cell, int] = {}
        for rect in rects:
            for cell, area in _covered(rect):
                covered[cell] = covered.get(cell, 0) + area
        for cell, area in covered.items():
            if area < SHARE * self._area(cell):
                continue
            times, last_ms = self._cells.get(cell, (0, now_ms))
            self._cells[cell] = (times + 1 if now_ms - last_ms <= GAP_MS else 1, now_ms)
            self._latest.add(cell)

    def sent(self, now_ms: int) -> None:
        """Take note that the frame is out."""
        for cell in self._latest & self._cells.keys():
            self._cells[cell] = (self._cells[cell][0], now_ms)
        self._latest.clear()

    def _area(self, cell: Cell) -> int:
        x, y = cell
        return min(CELL_PX, self._width - x * CELL_PX) * min(CELL_PX, self._height - y * CELL_PX)

    def part(self, now_ms: int) -> Rect | None:
        """The largest part that is in motion, in whole cells within the screen; None: nothing large is."""
        self._cells = {cell: seen for cell, seen in self._cells.items() if now_ms - seen[1] <= GAP_MS}
        moving = {cell for cell, (times, _last_ms) in self._cells.items() if times >= TIMES}
        largest: list[Cell] = []
        while moving:
            group = _taken(moving)
            largest = max(largest, group, key=len)
        if not largest:
            return None
        whole = union(Rect(x * CELL_PX, y * CELL_PX, CELL_PX, CELL_PX) for x, y in largest)
        # An encoder for video wants even sides.
        right, bottom = min(whole.right, self._width & ~1), min(whole.bottom, self._height & ~1)
        part = Rect(whole.x, whole.y, right - whole.x, bottom - whole.y)
        return part if part.area >= LEAST_PX else None


def _covered(rect: Rect) -> Iterator[tuple[Cell, int]]:
    for y in range(rect.y // CELL_PX, (rect.bottom - 1) // CELL_PX + 1):
        height = min(rect.bottom, (y + 1) * CELL_PX) - max(rect.y, y * CELL_PX)
        for x in range(rect.x // CELL_PX, (rect.right - 1) // CELL_PX + 1):
            yield (x, y), height * (min(rect.right, (x + 1) * CELL_PX) - max(rect.x, x * CELL_PX))


def _taken(cells: set[Cell]) -> list[Cell]:
    """Take one connected group out of `cells`."""
    group, edge = [], [cells.pop()]
    while edge:
        x, y = edge.pop()
        group.append((x, y))
        beside = cells & {(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)}
        cells -= beside
        edge += beside
    return group
