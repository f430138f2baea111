"""Names of keys on Windows: the browser's (`code`, `key`) and the virtual keys of user32.

It owns the tables only; it holds no state and calls nothing, so it can be read and tested anywhere. Sources: W3C "UI Events KeyboardEvent
code/key Values"; the list of virtual-key codes in the Windows documentation.
"""

from __future__ import annotations

NO_KEY = 0

_MODIFIERS = {
    "ShiftLeft": 0xA0,
    "ShiftRight": 0xA1,
    "ControlLeft": 0xA2,
    "ControlRight": 0xA3,
    "AltLeft": 0xA4,
    "AltRight": 0xA5,
    "MetaLeft": 0x5B,
    "MetaRight": 0x5C,
}
_MODIFIER_KEYS = {"Shift": 0xA0, "Control": 0xA2, "Alt": 0xA4, "Meta": 0x5B}
_NAMED = {
    "Enter": 0x0D,
    "Tab": 0x09,
    "Backspace": 0x08,
    "Delete": 0x2E,
    "Insert": 0x2D,
    "Escape": 0x1B,
    "Home": 0x24,
    "End": 0x23,
    "PageUp": 0x21,
    "PageDown": 0x22,
    "ArrowLeft": 0x25,
    "ArrowUp": 0x26,
    "ArrowRight": 0x27,
    "ArrowDown": 0x28,
    "ContextMenu": 0x5D,
    "PrintScreen": 0x2C,
    "Pause": 0x13,
    **{f"F{number}": 0x6F + number for number in range(1, 25)},
}
_PLACES = {
    **{f"Key{letter}": ord(letter) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    **{f"Digit{digit}": ord(digit) for digit in "0123456789"},
    "Minus": 0xBD,
    "Equal": 0xBB,
    "BracketLeft": 0xDB,
    "BracketRight": 0xDD,
    "Backslash": 0xDC,
    "Semicolon": 0xBA,
    "Quote": 0xDE,
    "Backquote": 0xC0,
    "Comma": 0xBC,
    "Period": 0xBE,
    "Slash": 0xBF,
    "Space": 0x20,
}

EXTENDED = frozenset(
    {0xA3, 0xA5, 0x5B, 0x5C, 0x2E, 0x2D, 0x24, 0x23, 0x21, 0x22, 0x25, 0x26, 0x27, 0x28, 0x5D, 0x2C}
)
"""Keys that the first keyboards lacked; without the mark they would be those of the number pad."""

COMMANDING = frozenset({0xA2, 0xA3, 0x5B, 0x5C})
"""While one of these is held, letters mean commands. Alt alone does not: Alt+Ф opens a Russian menu."""


def modifier(code: str, key: str) -> int:
    """The virtual key of the modifier that this key is, or NO_KEY. AltGr is none: it only chooses characters, which come ready."""
    if key not in _MODIFIER_KEYS:
        return NO_KEY
    return _MODIFIERS.get(code, _MODIFIER_KEYS[key])


def named(key: str) -> int:
    """The virtual key of a key that types no character (Enter, arrows, F5), or NO_KEY."""
    return _NAMED.get(key, NO_KEY)


def command(code: str, key: str) -> int:
    """The virtual key that a shortcut means: by the Latin letter or the digit typed, else by the key's place; or NO_KEY."""
    if len(key) == 1 and key.isascii() and key.isalnum():
        return ord(key.upper())
    return _PLACES.get(code, NO_KEY)


def units(character: str) -> tuple[int, ...]:
    """The 16-bit units in which Windows is handed a character; none for control characters."""
    if (
        len(character) != 1
        or ord(character) < 0x20
        or 0x7F <= ord(character) < 0xA0
        or 0xD800 <= ord(character) < 0xE000
    ):
        return ()
    encoded = character.encode("utf-16-le")
    return tuple(int.from_bytes(encoded[at : at + 2], "little") for at in range(0, len(encoded), 2))
