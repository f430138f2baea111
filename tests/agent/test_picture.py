import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from pomost.agent.picture import (
    CELL_PX,
    RAW,
    SOLID,
    TILE_AREA_PX,
    Encoded,
    Rect,
    changed,
    clipped,
    coalesced,
    encode,
    union,
)

SIZE = (400, 300)

rects = st.builds(
    Rect, st.integers(0, SIZE[0] - 1), st.integers(0, SIZE[1] - 1), st.integers(1, 200), st.integers(1, 150)
)
marks = st.lists(st.tuples(rects, st.integers(0, 255)), max_size=6)


def drawn(marks: list[tuple[Rect, int]], under: Image.Image | None = None) -> Image.Image:
    image = under.copy() if under is not None else Image.new("RGB", SIZE, "#f5f4ef")
    pen = ImageDraw.Draw(image)
    for rect, shade in marks:
        pen.rectangle((rect.x, rect.y, rect.right - 1, rect.bottom - 1), (shade, 255 - shade, 40))
        pen.text((rect.x, rect.y), "Ż₽", fill=(0, 0, shade))
    return image


def decoded(tile: Encoded) -> Image.Image:
    if tile.codec == SOLID:
        red, green, blue = tile.data
        return Image.new("RGB", (tile.rect.w, tile.rect.h), (red, green, blue))
    if tile.codec == RAW:
        return Image.frombytes("RGB", (tile.rect.w, tile.rect.h), tile.data)
    return Image.open(io.BytesIO(tile.data)).convert("RGB")


@given(marks, marks)
def test_the_changed_tiles_turn_the_old_picture_into_the_new_one_pixel_by_pixel(
    old_marks: list[tuple[Rect, int]], new_marks: list[tuple[Rect, int]]
) -> None:
    before = drawn(old_marks)
    after = drawn(new_marks, before)
    built = before.copy()
    for rect in changed(before, after, 0, 0):
        piece = after.crop((rect.x, rect.y, rect.right, rect.bottom))
        built.paste(decoded(encode(piece, rect)), (rect.x, rect.y))
    assert built.tobytes() == after.tobytes()


@given(marks)
def test_an_unchanged_picture_has_no_changed_tiles(some: list[tuple[Rect, int]]) -> None:
    image = drawn(some)
    assert changed(image, image.copy(), 0, 0) == []


def test_two_far_changes_do_not_bring_what_lies_between() -> None:
    before = Image.new("RGB", (1000, 700))
    after = before.copy()
    after.putpixel((3, 3), (1, 2, 3))
    after.putpixel((990, 690), (1, 2, 3))
    assert changed(before, after, 100, 50) == [Rect(103, 53, 1, 1), Rect(1090, 740, 1, 1)]


def test_no_tile_is_larger_than_what_is_encoded_in_one_go() -> None:
    before, after = Image.new("RGB", (1920, 1080)), Image.new("RGB", (1920, 1080), "white")
    tiles = changed(before, after, 0, 0)
    assert all(tile.area <= TILE_AREA_PX for tile in tiles)
    assert sum(tile.area for tile in tiles) == 1920 * 1080
    assert all(above.y <= below.y for above, below in pairwise(tiles))


def test_pictures_of_different_sizes_are_not_compared() -> None:
    with pytest.raises(ValueError, match="cannot compare"):
        changed(Image.new("RGB", (2, 2)), Image.new("RGB", (3, 2)), 0, 0)


def test_one_colour_costs_three_bytes() -> None:
    tile = encode(Image.new("RGB", (CELL_PX, CELL_PX), (1, 2, 3)), Rect(0, 0, CELL_PX, CELL_PX))
    assert (tile.codec, tile.data) == (SOLID, bytes((1, 2, 3)))


@given(st.lists(rects, max_size=30))
def test_few_grabs_cover_all_that_was_damaged(damaged: list[Rect]) -> None:
    grabs = coalesced(damaged)
    assert len(grabs) <= 6
    for rect in damaged:
        assert any(union((rect, grab)) == grab for grab in grabs)


@given(st.integers(-50, 450), st.integers(-50, 350), st.integers(0, 500), st.integers(0, 400))
def test_what_is_clipped_lies_on_the_screen(x: int, y: int, w: int, h: int) -> None:
    kept = clipped(Rect(x, y, w, h), *SIZE)
    if kept is not None:
        assert kept.area > 0
        assert union((kept, Rect(0, 0, *SIZE))) == Rect(0, 0, *SIZE)
