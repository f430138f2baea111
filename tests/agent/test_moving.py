from concurrent.futures import Executor, ThreadPoolExecutor

from PIL import Image

from pomost.agent.moving import REST_MS, Moving
from pomost.agent.picture import Rect

FILM = Rect(64, 64, 320, 192)
SCREEN = Image.effect_noise((640, 480), 90).convert("RGB")


def playing(executor: Executor) -> tuple[Moving, int]:
    """Return a moving part of which a frame has gone out as video, and when it did."""
    moving = Moving(640, 480, executor)
    now_ms = 0
    while moving.part is None:
        moving.saw([FILM], now_ms)
        moving.choose(SCREEN, now_ms)
        now_ms += 33
    moving.frame(lambda part: SCREEN.crop((part.x, part.y, part.right, part.bottom)), now_ms)
    return moving, now_ms


def test_a_film_rests_when_nothing_of_it_changed_for_a_moment() -> None:
    with ThreadPoolExecutor(1) as executor:
        moving, now_ms = playing(executor)

    assert moving.nearly == FILM
    assert moving.rest_in_ms([], now_ms) == REST_MS
    assert moving.rest_in_ms([], now_ms + REST_MS) == 0
    assert moving.rested() == FILM
    assert moving.rest_in_ms([], now_ms + REST_MS) is None


def test_a_film_whose_next_frame_waits_for_a_slow_link_does_not_rest() -> None:
    with ThreadPoolExecutor(1) as executor:
        moving, now_ms = playing(executor)

    assert moving.rest_in_ms([Rect(100, 100, 10, 10)], now_ms + 10 * REST_MS) is None
    assert moving.rest_in_ms([Rect(500, 400, 10, 10)], now_ms + REST_MS) == 0
