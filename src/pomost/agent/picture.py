"""What changed between two pictures, and how a changed piece is written down without loss.

It owns the comparison (cell by cell, so that only pixels that really differ are sent) and the choice of a codec. It
refuses to lose a pixel: every codec here is exact. It knows nothing of X11, of time or of the network; `streamer` calls it.

The codec was chosen by measurement on text drawn at 13 px (Pillow 13, libwebp 1.6, one core, 200×200 px): lossless WebP
method 1 quality 0 takes 2.2 ms and 9.2 kB, method 0 1.8 ms and 10.7 kB, PNG level 1 1.8 ms and 14.8 kB, PNG level 6
2.5 ms and 13.4 kB. Below about 600 px the container of WebP costs more than it saves and everything is tiny anyway.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import NamedTuple

from PIL import Image, ImageChops, WebPImagePlugin

CELL_PX = 64
"""Side of a comparison cell. Smaller cells send fewer unchanged pixels, larger ones make fewer tiles to decode."""

TILE_AREA_PX = 1920 * 128
"""Most pixels in one tile: about 10 ms of encoding, so that a first picture appears in steps and two cores share it."""

RAW_PX = 256
"""Up to so many pixels a tile is sent as it is: a letter then needs no decoder at the other end."""

SOLID = "solid"
RAW = "raw"
COPY = "copy"
VIDEO = "video"
WEBP = (
    WebPImagePlugin.WebPImageFile.format
)  # its import here saves the first frame 180 ms of looking for plug-ins


class Rect(NamedTuple):
    """A rectangle on the screen, in pixels; `x`, `y` is its upper left corner."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """First column after the rectangle."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """First row after the rectangle."""
        return self.y + self.h

    @property
    def area(self) -> int:
        """Pixels covered."""
        return self.w * self.h


class Encoded(NamedTuple):
    """One tile ready to be sent: where it goes, and its bytes in `codec`.

    `solid`: three bytes, red, green, blue. `raw`: three bytes a pixel. `copy`: x and y of the source, then x, y, width and height
    of each part that stays, two bytes each. `video`: not exact; stream, whether it is whole, a byte each, then the frame.
    """

    rect: Rect
    codec: str
    data: bytes


def union(rects: Iterable[Rect]) -> Rect:
    """The smallest rectangle around `rects`, of which there must be at least one."""
    all_rects = list(rects)
    x, y = min(r.x for r in all_rects), min(r.y for r in all_rects)
    return Rect(x, y, max(r.right for r in all_rects) - x, max(r.bottom for r in all_rects) - y)


def clipped(rect: Rect, width: int, height: int) -> Rect | None:
    """`rect` cut to a screen of `width` × `height`, or None when nothing of it is on the screen."""
    return overlap(rect, Rect(0, 0, width, height))


def inside(rect: Rect, outer: Rect) -> bool:
    """Whether all of `rect` lies in `outer`."""
    is_across = outer.x <= rect.x and rect.right <= outer.right
    return is_across and outer.y <= rect.y and rect.bottom <= outer.bottom


def overlap(one: Rect, other: Rect) -> Rect | None:
    """What two rectangles have in common, or None."""
    x, y = max(one.x, other.x), max(one.y, other.y)
    right, bottom = min(one.right, other.right), min(one.bottom, other.bottom)
    return Rect(x, y, right - x, bottom - y) if right > x and bottom > y else None


def banded(rect: Rect) -> list[Rect]:
    """`rect` cut into bands that are no larger than a tile may be."""
    height = max(TILE_AREA_PX // rect.w, 1)
    tops = range(rect.y, rect.bottom, height)
    return [Rect(rect.x, top, rect.w, min(height, rect.bottom - top)) for top in tops]


def placed(rect: Rect, within: Rect) -> Rect:
    """A rectangle of a piece of the screen as one of the whole screen."""
    return Rect(rect.x + within.x, rect.y + within.y, rect.w, rect.h)


def coalesced(rects: Iterable[Rect], most: int = 6) -> list[Rect]:
    """Damaged rectangles as few grabs: overlapping or near ones joined, at most `most` of them.

    A grab costs a round trip (about 0.05 ms here) and its pixels; two rectangles are joined when the union adds less
    than a 256 × 256 piece, which costs about as much as a second round trip.
    """
    joined: list[Rect] = []
    for rect in rects:
        current = rect
        while True:
            near = next(
                (r for r in joined if union((r, current)).area <= r.area + current.area + 65536), None
            )
            if near is None:
                break
            joined.remove(near)
            current = union((near, current))
        joined.append(current)
        if len(joined) > most:
            joined = [union(joined)]
    return joined


def changed(before: Image.Image, after: Image.Image, x: int, y: int) -> list[Rect]:
    """Rectangles of the screen in which `after` differs from `before`.

    Both pictures show the same rectangle of the screen, whose corner is `x`, `y`; they must have the same size. The result
    is cut along `CELL_PX` cells, tight around the differing pixels, joined where that adds nothing, and no rectangle is larger
    than `TILE_AREA_PX`. From top to bottom.
    """
    if before.size != after.size:
        raise ValueError(f"cannot compare a picture of {before.size} with one of {after.size}")
    difference = ImageChops.difference(before, after)
    box = difference.getbbox()
    if box is None:
        return []
    rows: list[Rect] = []
    for top in range(box[1], box[3], CELL_PX):
        bottom = min(top + CELL_PX, box[3])
        for run in _runs(difference, box[0], box[2], top, bottom):
            rows = _stacked(rows, run)
    return [Rect(r.x + x, r.y + y, r.w, r.h) for r in rows]


def _runs(difference: Image.Image, left: int, right: int, top: int, bottom: int) -> list[Rect]:
    """The changed cells of one band of rows, neighbours joined."""
    band = difference.crop((left, top, right, bottom))
    runs: list[Rect] = []
    joinable = False
    for start in range(0, right - left, CELL_PX):
        found = band.crop((start, 0, min(start + CELL_PX, right - left), bottom - top)).getbbox()
        if found is None:
            joinable = False
            continue
        cell = Rect(left + start + found[0], top + found[1], found[2] - found[0], found[3] - found[1])
        if joinable and runs:
            runs[-1] = union((runs[-1], cell))
        else:
            runs.append(cell)
        joinable = True
    return runs


def _stacked(rects: list[Rect], below: Rect) -> list[Rect]:
    """`rects` with `below` added, grown into the rectangle above it when they are almost as wide and touch."""
    for index in range(len(rects) - 1, -1, -1):
        above = rects[index]
        if below.y - above.bottom > CELL_PX // 2:
            continue
        both = union((above, below))
        if both.area <= TILE_AREA_PX and both.area <= 1.25 * (above.area + below.area):
            return [*rects[:index], both, *rects[index + 1 :]]
    return [*rects, below]


def encode(picture: Image.Image, rect: Rect) -> Encoded:
    """`picture` (RGB, of the size of `rect`) in the cheapest exact codec: one colour, raw when tiny, else lossless WebP."""
    extremes = picture.getextrema()
    colour = [low for low, high in extremes if low == high]  # type: ignore[misc]  # RGB always gives pairs
    if len(colour) == 3:
        return Encoded(rect, SOLID, bytes(int(value) for value in colour))
    if rect.area <= RAW_PX:
        return Encoded(rect, RAW, picture.tobytes())
    buffer = io.BytesIO()
    picture.save(buffer, WEBP, lossless=True, method=1, quality=0)
    return Encoded(rect, WEBP, buffer.getvalue())
