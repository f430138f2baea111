"""Where Windows lets nobody through, the picture says so in every language."""

import pytest

from pomost.agent.covered import card, covered, out_of_reach, strip


@pytest.mark.parametrize("sentences", [covered(), out_of_reach()])
def test_it_is_said_in_every_language_of_the_app(sentences: list[str]) -> None:
    assert len(set(sentences)) == 3


def test_a_covered_screen_is_a_picture_of_its_size_with_words_on_it() -> None:
    shown = card(1280, 800)
    assert shown.size == (1280, 800)
    colours = shown.getcolors(1 << 20)
    assert colours is not None
    assert len(colours) > 2


@pytest.mark.parametrize("width", [1, 240, 900])
def test_the_strip_grows_higher_where_it_is_narrow_and_is_never_empty(width: int) -> None:
    shown = strip(width)
    assert shown.width >= width
    assert shown.height >= strip(900).height > 3 * 14
