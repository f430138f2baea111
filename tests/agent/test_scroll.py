import random
from functools import cache
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from pomost.agent.picture import Rect, changed, inside
from pomost.agent.scroll import ROWS_LEAST, Follower, Shift, vertical_shift

rects = st.builds(Rect, st.integers(0, 500), st.integers(0, 300), st.integers(1, 140), st.integers(1, 100))


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


def test_a_window_over_the_page_is_named_and_stays() -> None:
    text, over = page(7), Image.effect_noise((200, 120), 90).convert("RGB")
    before, after = window(text, 100), window(text, 128)
    for picture in (before, after):
        picture.paste(over, (300, 160))

    found = Follower().follow(before, after, 1)

    assert found is not None
    assert (found.moved.h, found.from_y - found.moved.y) == (372, 28)
    (kept,) = found.kept
    assert inside(Rect(300, 160, 200, 120), kept)
    new_rows, uncovered = 640 * 28, 200 * 28
    assert sum(rect.area for rect in changed(found.picture, after, 0, 0)) < 1.2 * (new_rows + uncovered)


def test_what_stayed_once_is_tried_first_and_forgotten_when_it_moves() -> None:
    text, over = page(7), Image.effect_noise((200, 120), 90).convert("RGB")
    follower = Follower()
    shots = [window(text, top) for top in (100, 128, 156, 184)]
    for shot in shots[:3]:
        shot.paste(over, (300, 160))

    kept = [found.kept for before, now in pairwise(shots) if (found := follower.follow(before, now, 1))]

    assert kept[0] == kept[1] != []
    assert kept[2] == []


@settings(max_examples=30)
@given(st.integers(0, 200), st.integers(0, 200), st.lists(st.tuples(rects, st.booleans()), max_size=4))
def test_following_and_sending_the_rest_makes_every_pixel(
    from_top: int, to_top: int, parts: list[tuple[Rect, bool]]
) -> None:
    before, after = window(page(8), from_top), window(page(8), to_top)
    for rect, stays in parts:
        before.paste("#c03", (rect.x, rect.y, rect.right, rect.bottom))
        after.paste("#c03" if stays else "#07a", (rect.x, rect.y, rect.right, rect.bottom))

    found = Follower().follow(before, after, 1)

    if found is not None:
        assert all(inside(rect, found.moved) for rect in found.kept)
        built = before.copy()
        source = (found.moved.x, found.from_y, found.moved.right, found.from_y + found.moved.h)
        built.paste(before.crop(source), (found.moved.x, found.moved.y))
        for rect in found.kept:
            built.paste(before.crop((rect.x, rect.y, rect.right, rect.bottom)), (rect.x, rect.y))
        assert built.tobytes() == found.picture.tobytes()
