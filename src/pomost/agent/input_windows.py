"""Mouse and keyboard of Windows, moved by SendInput.

It owns the keys and buttons it holds; only the guard's process makes one. Characters go by KEYEVENTF_UNICODE and so arrive as typed under any
layout; keys that mean something by themselves, and shortcuts, go by their virtual key and scan code. Keys that type are pressed and released at once:
a lost release on a slow link can then never repeat a letter. Only modifiers and buttons are held. It does not judge events; see `guard` for
who may. Windows refuses it windows of programs that run as administrator (UIPI): input goes nowhere there, and nothing is queued.
"""

from __future__ import annotations

import sys

assert sys.platform == "win32", "SendInput exists on Windows only; see input_x11."

import ctypes

from pomost.agent import keys_windows, win32
from pomost.agent.input import Event
from pomost.wire import peer

_BUTTONS = {
    0: (0x0002, 0x0004, 0),
    1: (0x0020, 0x0040, 0),
    2: (0x0008, 0x0010, 0),
    3: (0x0080, 0x0100, 1),
    4: (0x0080, 0x0100, 2),
}
"""By the browser's number: the flag for down, the flag for up, and which of the two extra buttons."""

WHEEL_UNITS_MAX = 30 * 120
"""Most of one message: a stuck wheel must not scroll for minutes."""

_ALL_BUTTONS = ((0x01, 0), (0x02, 2), (0x04, 1), (0x05, 3), (0x06, 4))
_ALL_MODIFIERS = (0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0x5B, 0x5C)
_SHIFTS = (0xA0, 0xA1)


class WindowsInjector:
    """Carries events out in this session's desktop. Not thread-safe."""

    def __init__(self, display_name: str | None = None) -> None:
        """Begin; what a killed injector left down is let go. `display_name` is X11's and means nothing here."""
        del display_name
        self._keys: set[int] = set()
        self._buttons: set[int] = set()
        self._choosing_level_3 = False
        self._let_go_of_leftovers()

    def _let_go_of_leftovers(self) -> None:
        """Release every modifier and button that is down: Windows does not tell who holds it, and the customer presses again."""
        for key in _ALL_MODIFIERS:
            if win32.user32.GetAsyncKeyState(key) & 0x8000:
                _send(_key(key, down=False))
        for state, button in _ALL_BUTTONS:
            if win32.user32.GetAsyncKeyState(state) & 0x8000:
                _send(_button(button, down=False))

    def inject(self, event: Event, now_ms: int) -> int:
        """Carry `event` out; always done at once, so it returns 0 (see `input.Injector`)."""
        del now_ms
        win32.see_real_pixels()
        match event:
            case peer.Move(x=x, y=y):
                _send(_move(x, y))
            case peer.Button(button=button, down=down, x=x, y=y):
                _send(_move(x, y))
                if down != (button in self._buttons):
                    self._buttons.symmetric_difference_update({button})
                    _send(_button(button, down=down))
            case peer.Wheel(dx=dx, dy=dy, x=x, y=y):
                _send(_move(x, y))
                _send(*_wheel(dx, dy))
            case peer.KeyStroke():
                self._key_stroke(event)
            case peer.TypedText(text=text):
                if len(text) != 1:
                    raise ValueError(
                        f"{len(text)} characters in one event; the guard hands them over one by one"
                    )
                self._character(text)
            case peer.ReleaseAll():
                self.release_all()
        return 0

    def release_all(self) -> None:
        """Let go of every button and modifier that is held here."""
        _send(*(_button(button, down=False) for button in sorted(self._buttons)))
        _send(*(_key(key, down=False) for key in sorted(self._keys)))
        self._buttons.clear()
        self._keys.clear()
        self._choosing_level_3 = False

    def close(self) -> None:
        """Release everything; Windows keeps nothing else of ours."""
        self.release_all()

    def _key_stroke(self, event: peer.KeyStroke) -> None:
        if event.key == "AltGraph":
            self._level_3(event.down)
            return
        modifier = keys_windows.modifier(event.code, event.key)
        if modifier != keys_windows.NO_KEY:
            if event.down != (modifier in self._keys):
                self._keys.symmetric_difference_update({modifier})
                _send(_key(modifier, down=event.down))
            return
        if not event.down:
            return
        named = keys_windows.named(event.key)
        if named != keys_windows.NO_KEY:
            _tap(named)
        elif len(event.key) == 1 and self._in_shortcut():
            meant = keys_windows.command(event.code, event.key)
            if meant != keys_windows.NO_KEY:
                _tap(meant)
        elif len(event.key) == 1:
            self._character(event.key)

    def _level_3(self, down: bool) -> None:
        """AltGr only chooses characters, and those come ready. Windows sends a Control before it, which must not stay."""
        self._choosing_level_3 = down
        if down and 0xA2 in self._keys:
            self._keys.discard(0xA2)
            _send(_key(0xA2, down=False))

    def _in_shortcut(self) -> bool:
        return not self._choosing_level_3 and bool(self._keys & keys_windows.COMMANDING)

    def _character(self, character: str) -> None:
        if character in ("\n", "\r"):
            _tap(0x0D)
        elif character == "\t":
            _tap(0x09)
        else:
            # A held Shift would select instead of type where a program reads the packet's key state; it is let go around the character.
            shifts = [key for key in _SHIFTS if key in self._keys]
            _send(
                *(_key(key, down=False) for key in shifts),
                *(_unit(unit, down=down) for unit in keys_windows.units(character) for down in (True, False)),
                *(_key(key, down=True) for key in shifts),
            )


def _tap(key: int) -> None:
    _send(_key(key, down=True), _key(key, down=False))


def _send(*inputs: win32.Input) -> None:
    if inputs:
        win32.user32.SendInput(len(inputs), (win32.Input * len(inputs))(*inputs), ctypes.sizeof(win32.Input))


def _key(key: int, *, down: bool) -> win32.Input:
    flags = (0 if down else win32.KEYEVENTF_KEYUP) | (
        win32.KEYEVENTF_EXTENDEDKEY if key in keys_windows.EXTENDED else 0
    )
    made = win32.Input(type=win32.INPUT_KEYBOARD)
    made.u.ki = win32.KeyboardInput(wVk=key, wScan=win32.user32.MapVirtualKeyW(key, 0), dwFlags=flags)
    return made


def _unit(unit: int, *, down: bool) -> win32.Input:
    made = win32.Input(type=win32.INPUT_KEYBOARD)
    made.u.ki = win32.KeyboardInput(
        wVk=0, wScan=unit, dwFlags=win32.KEYEVENTF_UNICODE | (0 if down else win32.KEYEVENTF_KEYUP)
    )
    return made


def _mouse(flags: int, *, dx: int = 0, dy: int = 0, data: int = 0) -> win32.Input:
    made = win32.Input(type=win32.INPUT_MOUSE)
    made.u.mi = win32.MouseInput(dx=dx, dy=dy, mouseData=data & 0xFFFFFFFF, dwFlags=flags)
    return made


def _move(x: int, y: int) -> win32.Input:
    """To pixel `x`, `y` of the picture. Windows wants 65536ths of all monitors; the middle of the pixel survives the rounding."""
    _left, _top, width, height = win32.virtual_screen()
    return _mouse(
        win32.MOUSEEVENTF_MOVE | win32.MOUSEEVENTF_ABSOLUTE | win32.MOUSEEVENTF_VIRTUALDESK,
        dx=(x * 65536 + 32768) // max(width, 1),
        dy=(y * 65536 + 32768) // max(height, 1),
    )


def _button(button: int, *, down: bool) -> win32.Input:
    on, off, extra = _BUTTONS[button]
    return _mouse(on if down else off, data=extra)


def _wheel(dx: int, dy: int) -> list[win32.Input]:
    """The browser's wheel runs down and right, Windows' up and right."""
    turned = []
    if dy:
        turned.append(_mouse(win32.MOUSEEVENTF_WHEEL, data=-_bounded(dy)))
    if dx:
        turned.append(_mouse(win32.MOUSEEVENTF_HWHEEL, data=_bounded(dx)))
    return turned


def _bounded(units: int) -> int:
    return max(-WHEEL_UNITS_MAX, min(units, WHEEL_UNITS_MAX))
