import pytest
from hypothesis import given
from hypothesis import strategies as st
from Xlib import XK

from pomost.agent import keysyms


@pytest.mark.parametrize(
    ("character", "keysym"),
    [
        ("a", 0x61),
        ("ó", 0xF3),
        ("ą", 0x1B1),
        ("Ż", 0x1AF),
        ("к", 0x6CB),
        ("Ё", 0x6B3),
        ("ё", 0x6A3),
        ("№", 0x01002116),
        ("₽", 0x010020BD),
        ("—", 0x01002014),
        ("\n", XK.XK_Return),
        ("\t", XK.XK_Tab),
        ("\x00", keysyms.NO_SYMBOL),
        ("\x7f", keysyms.NO_SYMBOL),
    ],
)
def test_a_character_has_the_keysym_that_layouts_give_it(character: str, keysym: int) -> None:
    assert keysyms.of_character(character) == keysym


@given(st.characters(min_codepoint=0x20, exclude_categories=["Cs", "Cc"]))
def test_no_two_characters_share_a_keysym(character: str) -> None:
    keysym = keysyms.of_character(character)
    assert keysym != keysyms.NO_SYMBOL
    assert keysyms.same(keysym, 0x01000000 + ord(character))
    assert not keysyms.same(keysym, 0x01000000 + (ord(character) ^ 1)) or character in "\x20\x21"


def test_altgr_is_no_modifier_of_ours_since_characters_come_ready() -> None:
    assert keysyms.modifier("AltRight", "AltGraph") == keysyms.NO_SYMBOL
    assert keysyms.modifier("AltRight", "Alt") == XK.XK_Alt_R


def test_the_enter_of_the_number_block_is_a_key_of_its_own() -> None:
    assert keysyms.named("NumpadEnter", "Enter") == XK.XK_KP_Enter
    assert keysyms.named("Enter", "Enter") == XK.XK_Return


def test_a_letter_comes_with_its_alphabet_in_both_cases() -> None:
    russian = keysyms.alphabet_of(keysyms.of_character("ж"))
    assert len(russian) == 66
    assert keysyms.of_character("Ё") in russian
    assert keysyms.alphabet_of(keysyms.of_character("₽")) == ()
