"""Names of keys in three alphabets: the browser's (`code`, `key`), X11's keysyms, and characters.

It owns the translation only, as tables and laws; it holds no state and talks to nobody. `keyboard_x11` decides which keys to
press for a keysym. Sources: W3C "UI Events KeyboardEvent code/key Values"; X11 protocol, appendix A (keysym encoding):
Latin-1 characters are their own code points, Latin-2 is 0x100 plus the ISO 8859-2 byte, Cyrillic is 0x600 plus the KOI8-R
byte, everything else is 0x1000000 plus the code point.
"""

from __future__ import annotations

from Xlib import XK

NO_SYMBOL = 0
LEVEL_3_SHIFT = 0xFE03  # ISO_Level3_Shift: AltGr on most keyboards

_MODIFIERS = {
    "ShiftLeft": XK.XK_Shift_L,
    "ShiftRight": XK.XK_Shift_R,
    "ControlLeft": XK.XK_Control_L,
    "ControlRight": XK.XK_Control_R,
    "AltLeft": XK.XK_Alt_L,
    "AltRight": XK.XK_Alt_R,
    "MetaLeft": XK.XK_Super_L,
    "MetaRight": XK.XK_Super_R,
}
_MODIFIER_KEYS = {
    "Shift": XK.XK_Shift_L,
    "Control": XK.XK_Control_L,
    "Alt": XK.XK_Alt_L,
    "Meta": XK.XK_Super_L,
}
_NAMED = {
    "Enter": XK.XK_Return,
    "Tab": XK.XK_Tab,
    "Backspace": XK.XK_BackSpace,
    "Delete": XK.XK_Delete,
    "Insert": XK.XK_Insert,
    "Escape": XK.XK_Escape,
    "Home": XK.XK_Home,
    "End": XK.XK_End,
    "PageUp": XK.XK_Page_Up,
    "PageDown": XK.XK_Page_Down,
    "ArrowLeft": XK.XK_Left,
    "ArrowRight": XK.XK_Right,
    "ArrowUp": XK.XK_Up,
    "ArrowDown": XK.XK_Down,
    "ContextMenu": XK.XK_Menu,
    "PrintScreen": XK.XK_Print,
    "Pause": XK.XK_Pause,
    **{f"F{number}": XK.XK_F1 + number - 1 for number in range(1, 25)},
}
_US_KEYS = {
    **{f"Key{letter}": letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    **{f"Digit{digit}": digit for digit in "0123456789"},
    "Minus": "-",
    "Equal": "=",
    "BracketLeft": "[",
    "BracketRight": "]",
    "Backslash": "\\",
    "Semicolon": ";",
    "Quote": "'",
    "Backquote": "`",
    "Comma": ",",
    "Period": ".",
    "Slash": "/",
    "Space": " ",
}


_ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "ąćęłńóśźż")


def alphabet_of(keysym: int) -> tuple[int, ...]:
    """The letters that come with this one, small ones first, or nothing when it belongs to no alphabet known here."""
    return next((letters for letters in _LETTERS if keysym in letters), ())


def modifier(code: str, key: str) -> int:
    """The keysym of the modifier that this key is, or NO_SYMBOL. AltGr is none: it only chooses characters, which come ready."""
    if key not in _MODIFIER_KEYS:
        return NO_SYMBOL
    return _MODIFIERS.get(code, _MODIFIER_KEYS[key])


def named(code: str, key: str) -> int:
    """The keysym of a key that types no character (Enter, arrows, F5), or NO_SYMBOL."""
    if code == "NumpadEnter" and key == "Enter":
        return XK.XK_KP_Enter
    return _NAMED.get(key, NO_SYMBOL)


def latin_key(code: str) -> str:
    """What the key at this place types on a US keyboard, unshifted, or "": shortcuts mean the place, not the letter."""
    return _US_KEYS.get(code, "")


def of_character(character: str) -> int:
    """The keysym that types `character` (one code point), or NO_SYMBOL for control characters without a key."""
    if character in ("\n", "\r"):
        return XK.XK_Return
    if character == "\t":
        return XK.XK_Tab
    point = ord(character)
    if 0x20 <= point <= 0x7E or 0xA0 <= point <= 0xFF:
        return point
    if point < 0x20 or 0x7F <= point < 0xA0 or 0xD800 <= point < 0xE000:
        return NO_SYMBOL
    for page, encoding in ((0x100, "iso8859-2"), (0x600, "koi8-r")):
        try:
            byte = character.encode(encoding)[0]
        except UnicodeEncodeError:
            continue
        # KOI8-R has box drawing in 0x80-0x9F and most of 0xA0-0xBF; of those rows only ё and Ё are keysyms
        if byte >= 0xC0 or (page == 0x100 and byte > 0xA0) or character in "ёЁ":
            return page + byte
    return 0x01000000 + point


def same(keysym: int, other: int) -> bool:
    """Whether two keysyms type the same character (layouts may name it by its old number or by its code point)."""
    return keysym == other or (keysym != NO_SYMBOL and _canonical(keysym) == _canonical(other))


def _canonical(keysym: int) -> int:
    if 0x01000000 <= keysym <= 0x0110FFFF:
        point = keysym - 0x01000000
        return of_character(chr(point)) if point >= 0x20 else keysym
    return keysym


_LETTERS = tuple(tuple(of_character(letter) for letter in small + small.upper()) for small in _ALPHABETS)
