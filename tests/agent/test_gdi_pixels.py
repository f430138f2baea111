"""Changes found between two pictures, and pointers of two masks."""

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pomost.agent.gdi_pixels import BAND_PX, differing, from_masks, with_colour

SIZE = (150, 200)
POINTS = st.tuples(st.integers(0, SIZE[0] - 1), st.integers(0, SIZE[1] - 1))


@given(st.sets(POINTS, max_size=8))
def test_every_changed_pixel_is_in_a_rectangle_and_nothing_else_is_claimed(
    points: set[tuple[int, int]],
) -> None:
    before = Image.new("RGB", SIZE)
    now = before.copy()
    for point in points:
        now.putpixel(point, (0, 0, 1))
    found = differing(before, now)
    for x, y in points:
        assert any(r.x <= x < r.right and r.y <= y < r.bottom for r in found)
    for rect in found:
        assert rect.h <= BAND_PX
        assert any(rect.x <= x < rect.right and rect.y <= y < rect.bottom for x, y in points)


def test_a_pointer_of_two_masks_shows_black_white_and_through() -> None:
    masks = Image.new("RGB", (3, 2))
    masks.putpixel((0, 0), (255, 255, 255))  # stays and does not turn: through
    masks.putpixel((2, 1), (255, 255, 255))  # does not stay and turns: white
    pointer = from_masks(masks)
    assert [pointer.getpixel((x, 0)) for x in range(3)] == [
        (0, 0, 0, 0),
        (0, 0, 0, 255),
        (255, 255, 255, 255),
    ]


def test_a_coloured_pointer_without_alpha_takes_its_mask() -> None:
    mask = Image.new("RGB", (2, 1))
    mask.putpixel((1, 0), (255, 255, 255))
    pointer = with_colour(Image.new("RGBA", (2, 1), (9, 9, 9, 0)), mask)
    assert [pointer.getpixel((x, 0)) for x in range(2)] == [(9, 9, 9, 255), (9, 9, 9, 0)]
