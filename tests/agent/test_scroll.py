import random
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from pomost.agent.picture import Rect, changed
from pomost.agent.scroll import ROWS_LEAST, Shift, vertical_shift


@cache
def page(seed: int, lines: int = 60) -> Image.Image:
    chance = random.Random(seed)  # noqa: S311  # only to have different pages
    image = Image.new("RGB", (640, lines * 14), "#ffffff")
    pen = ImageDraw.Draw(image)
    for line in range(lines):
        pen.text(
            (4, line * 14),
            "".join(chance.choice("abcdefgh 0123456789,.") for _ in range(100)),
            fill="#18212b",
        )
    return image


def window(of: Image.Image, top: int, height: int = 400) -> Image.Image:
    return of.crop((0, top, of.width, top + height))


def test_scrolled_text_is_found_with_its_distance() -> None:
    text = page(1)
    assert vertical_shift(window(text, 100), window(text, 142)) == Shift(42, 0, 358)
    assert vertical_shift(window(text, 142), window(text, 100)) == Shift(0, 42, 358)


def test_a_header_that_stays_is_left_out() -> None:
    text, header = page(2), page(3).crop((0, 0, 640, 50))
    before, after = window(text, 100), window(text, 128)
    for picture in (before, after):
        picture.paste(header, (0, 0))
    shift = vertical_shift(before, after)
    assert shift is not None
    assert shift.to_y - shift.from_y == -28
    assert shift.to_y >= 50


def test_other_text_is_no_movement() -> None:
    assert vertical_shift(window(page(4), 0), window(page(5), 0)) is None


def test_blank_pictures_and_tiny_ones_are_no_movement() -> None:
    blank = Image.new("RGB", (640, 400), "white")
    assert vertical_shift(blank, Image.new("RGB", (640, 400), "black")) is None
    tiny = page(6).crop((0, 0, 10, ROWS_LEAST - 1))
    assert vertical_shift(tiny, tiny.copy()) is None


@settings(max_examples=40)
@given(st.integers(0, 300), st.integers(0, 300), st.booleans(), st.integers(0, 3))
def test_a_guess_never_costs_a_pixel(from_top: int, to_top: int, same_page: bool, seed: int) -> None:
    before = window(page(seed), from_top)
    after = window(page(seed if same_page else seed + 1), to_top)
    built = before.copy()
    shift = vertical_shift(before, after)
    if shift is not None:
        assert 0 <= shift.from_y <= before.height - shift.height
        assert 0 <= shift.to_y <= before.height - shift.height
        moved = built.crop((0, shift.from_y, built.width, shift.from_y + shift.height))
        built.paste(moved, (0, shift.to_y))
    for rect in changed(built, after, 0, 0):
        assert isinstance(rect, Rect)
        built.paste(after.crop((rect.x, rect.y, rect.right, rect.bottom)), (rect.x, rect.y))
    assert built.tobytes() == after.tobytes()
