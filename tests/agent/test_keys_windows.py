"""Keys of the browser as Windows knows them, and characters as the units it is handed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.agent import keys_windows


@given(st.characters(min_codepoint=0xA0, codec="utf-8"))
def test_a_character_arrives_whole_whatever_its_plane(character: str) -> None:
    units = keys_windows.units(character)
    assert b"".join(unit.to_bytes(2, "little") for unit in units).decode("utf-16-le") == character


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\x9f", "\ud800", "ab", ""])
def test_what_is_no_character_types_nothing(character: str) -> None:
    assert keys_windows.units(character) == ()


@pytest.mark.parametrize(
    ("code", "key", "virtual"),
    [
        ("KeyC", "c", 0x43),
        ("KeyC", "с", 0x43),  # a Russian layout: the place decides
        ("KeyZ", "y", 0x59),  # a German layout: the letter decides
        ("Digit1", "!", 0x31),
        ("Slash", "/", 0xBF),
        ("", "ł", keys_windows.NO_KEY),
    ],
)
def test_a_shortcut_means_its_latin_letter_or_else_its_place(code: str, key: str, virtual: int) -> None:
    assert keys_windows.command(code, key) == virtual


def test_function_keys_and_arrows_have_their_own_keys() -> None:
    assert [keys_windows.named(key) for key in ("F1", "F24", "ArrowLeft", "Enter")] == [
        0x70,
        0x87,
        0x25,
        0x0D,
    ]
    assert keys_windows.named("a") == keys_windows.NO_KEY


def test_right_modifiers_are_not_left_ones_and_altgr_is_none() -> None:
    assert keys_windows.modifier("ControlRight", "Control") == 0xA3
    assert keys_windows.modifier("", "Shift") == 0xA0
    assert keys_windows.modifier("AltRight", "AltGraph") == keys_windows.NO_KEY
