from pomost.agent.motion import GAP_MS, LEAST_PX, Motion
from pomost.agent.picture import Rect, inside

FILM = Rect(130, 70, 400, 300)


def seen(motion: Motion, rects: list[Rect], times: int, every_ms: int = 33, begins_ms: int = 0) -> int:
    for n in range(times):
        motion.saw(rects, begins_ms + n * every_ms)
    return begins_ms + (times - 1) * every_ms


def test_a_film_is_found_where_it_plays() -> None:
    motion = Motion(1920, 1080)
    now_ms = seen(motion, [FILM], 5)

    part = motion.part(now_ms)

    assert part is not None
    assert inside(part, Rect(64, 64, 512, 320))
    assert part.area >= 0.7 * FILM.area
    assert part.w % 2 == part.h % 2 == 0


def test_a_window_that_opens_once_is_no_motion() -> None:
    motion = Motion(1920, 1080)
    assert motion.part(seen(motion, [FILM], 3)) is None


def test_slow_changes_are_no_motion() -> None:
    motion = Motion(1920, 1080)
    assert motion.part(seen(motion, [FILM], 20, every_ms=GAP_MS + 1)) is None


def test_small_parts_and_thin_ones_are_no_motion() -> None:
    small, thin = Motion(1920, 1080), Motion(1920, 1080)
    assert LEAST_PX > 128 * 128
    assert small.part(seen(small, [Rect(0, 0, 128, 128)], 9)) is None
    assert thin.part(seen(thin, [Rect(0, 1062, 1920, 18)], 9)) is None


def test_the_larger_of_two_films_is_chosen_and_the_other_one_when_it_rests() -> None:
    motion, other = Motion(1920, 1080), Rect(1000, 600, 800, 400)
    now_ms = seen(motion, [FILM, other], 5)
    first = motion.part(now_ms)
    now_ms = seen(motion, [FILM], 12, begins_ms=now_ms + 33)
    second = motion.part(now_ms)

    assert first is not None
    assert second is not None
    assert first.x >= 1000 - 64
    assert second.right <= 576


def test_a_film_at_an_odd_edge_of_the_screen_is_cut_to_even_sides_within_it() -> None:
    motion = Motion(1365, 767)
    part = motion.part(seen(motion, [Rect(700, 300, 665, 467)], 5))

    assert part is not None
    assert (part.right, part.bottom) == (1364, 766)


def test_what_rests_is_forgotten() -> None:
    motion = Motion(1920, 1080)
    now_ms = seen(motion, [FILM], 5)
    assert motion.part(now_ms + GAP_MS + 1) is None


def test_a_film_on_a_slow_computer_is_one_too_as_its_frames_take_long_by_themselves() -> None:
    slow, still = Motion(1920, 1080), Motion(1920, 1080)
    for n in range(5):
        slow.saw([FILM], n * 900)
        slow.sent(n * 900 + 700)
        still.saw([FILM], n * 900)
        still.sent(n * 900 + 30)

    assert slow.part(4 * 900 + 700) is not None
    assert still.part(4 * 900 + 30) is None
