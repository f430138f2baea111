import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.agent.spare_keys import LEVELS, REUSE_AFTER_MS, SETTLE_MS, Borrowed, SpareKeys

KEYCODES = [93, 97, 103, 120]

wishes = st.lists(st.tuples(st.integers(1, 60), st.booleans(), st.integers(0, 900)), max_size=120)


@given(wishes)
def test_a_place_never_changes_its_meaning_while_a_late_program_may_still_look(
    wishes: list[tuple[int, bool, int]],
) -> None:
    """Plays a keyboard map: what is pressed must be what was meant, and stay so until programs have certainly read it."""
    keys = SpareKeys(KEYCODES)
    written: dict[int, tuple[int, ...]] = {}
    written_ms: dict[int, int] = {}
    pressed_ms: dict[tuple[int, int], int] = {}
    now_ms = 0
    for keysym, whole, passed_ms in wishes:
        now_ms += passed_ms
        while True:
            borrowed = keys.borrow(keysym, now_ms, whole=whole)
            if isinstance(borrowed, int):
                assert 0 < borrowed <= REUSE_AFTER_MS
                now_ms += borrowed
                continue
            for keycode, meaning in borrowed.meanings.items():
                for level, (old, new) in enumerate(zip(written.get(keycode, ()), meaning, strict=False)):
                    last_ms = pressed_ms.get((keycode, level))
                    if last_ms is not None and old != new:
                        assert now_ms >= last_ms + REUSE_AFTER_MS
                written[keycode] = meaning
                written_ms[keycode] = now_ms
            if not borrowed.wait_ms:
                break
            now_ms += borrowed.wait_ms
        place = borrowed.place
        levels = range(4) if whole else [LEVELS.index((place.group or 0, place.modifiers))]
        assert all(written[place.keycode][level] == keysym for level in levels)
        pressed_ms.update({(place.keycode, level): now_ms for level in levels})


def test_a_new_meaning_is_pressed_only_after_programs_could_read_it() -> None:
    keys = SpareKeys(KEYCODES)
    first = keys.borrow(0x6C6, 1000, whole=False)
    assert isinstance(first, Borrowed)
    assert first.wait_ms == SETTLE_MS
    again = keys.borrow(0x6C6, 1000 + SETTLE_MS, whole=False)
    assert isinstance(again, Borrowed)
    assert (again.wait_ms, again.meanings) == (0, {})


def test_a_letter_brings_its_alphabet_so_that_the_map_then_stays() -> None:
    keys = SpareKeys(KEYCODES)
    keys.borrow(10, 0, whole=False, along=(10, 11, 12))
    for letter in (11, 12):
        borrowed = keys.borrow(letter, SETTLE_MS, whole=False, along=(10, 11, 12))
        assert isinstance(borrowed, Borrowed)
        assert (borrowed.wait_ms, borrowed.meanings) == (0, {})


def test_a_wiped_keyboard_is_written_anew() -> None:
    keys = SpareKeys(KEYCODES)
    keys.borrow(10, 0, whole=False)
    keys.forget(keys.used())
    borrowed = keys.borrow(10, 5000, whole=False)
    assert isinstance(borrowed, Borrowed)
    assert borrowed.meanings


def test_a_keyboard_without_a_free_keycode_says_so() -> None:
    with pytest.raises(LookupError, match="no free keycode"):
        SpareKeys([]).borrow(10, 0, whole=False)
