"""The customer's own hands on Windows: the hot key that stops, and the signs that mouse or keyboard are being used.

It owns the two low-level hooks and the hot key, in a thread of their own. It refuses to count anything that programs inject: Windows marks such
events (LLKHF_INJECTED, LLMHF_INJECTED). The hot key is looked for twice: in the hook, which keeps it from every program, and registered, so that it
works when Windows has dropped a hook that was slow.

The hook's thread does nothing but note what it saw. SendInput waits for it, under the latch's lock; a hook that asked for that lock would stop
both until Windows loses patience. The thread that runs `watch` takes the notes and calls back.
"""

from __future__ import annotations

import sys

assert sys.platform == "win32", "Low-level hooks exist on Windows only; see hands_x11."

import ctypes
import queue
import threading
from collections import deque
from collections.abc import Callable
from ctypes import wintypes
from enum import Enum, auto

from pomost.agent import win32
from pomost.wire.clock import Clock

MOTIONS, MOTIONS_WITHIN_MS = 3, 200
"""So many movements in so short a time are a hand; fewer are a knock at the desk."""

_PAUSE, _BREAK, _F12 = 0x13, 0x03, 0x7B
"""With Ctrl held, the Pause key reports itself as Break."""
_CONTROLS, _ALTS = {0x11, 0xA2, 0xA3}, {0x12, 0xA4, 0xA5}
_CHOICES = (("Ctrl+Alt+Pause", (_PAUSE, _BREAK)), ("Ctrl+Alt+F12", (_F12,)))
_COMMANDING = win32.MOD_CONTROL | win32.MOD_ALT | win32.MOD_NOREPEAT


_SWALLOWED = 1
"""What a hook says to let nobody else have the event."""


class _Sign(Enum):
    HOT_KEY = auto()
    OWN_HAND = auto()


class Hands:
    """Watches this desktop and calls back from the thread that runs `watch`."""

    def __init__(
        self,
        clock: Clock,
        *,
        on_hot_key: Callable[[], None],
        on_own_hand: Callable[[], None],
        display_name: str | None = None,
    ) -> None:
        """Set the hooks and begin to listen. `display_name` is X11's and means nothing here."""
        del display_name
        self._clock = clock
        self._on_hot_key, self._on_own_hand = on_hot_key, on_own_hand
        self._signs: queue.SimpleQueue[_Sign] = queue.SimpleQueue()
        self._motions_ms: deque[int] = deque(maxlen=MOTIONS)
        self._down: set[int] = set()
        self._hooks: list[int] = []
        self._procedures = (win32.HookProcedure(self._keyboard), win32.HookProcedure(self._mouse))
        """Kept, since Windows calls them for as long as the hooks stand."""
        self.hot_key, self._hot_keys = "", frozenset[int]()
        set_up = threading.Event()
        threading.Thread(target=self._listen, args=(set_up,), name="hooks", daemon=True).start()
        set_up.wait()

    def watch(self, every_ms: int, on_tick: Callable[[], None]) -> None:
        """Wait for signs for as long as the process lives, calling `on_tick` at least every `every_ms`."""
        while True:
            try:
                sign: _Sign | None = self._signs.get(timeout=every_ms / 1000)
            except queue.Empty:
                sign = None
            if sign is _Sign.HOT_KEY:
                self._on_hot_key()
            elif sign is _Sign.OWN_HAND:
                self._on_own_hand()
            on_tick()

    def _listen(self, set_up: threading.Event) -> None:
        """Hooks and hot keys belong to the thread that made them, and live while it takes messages."""
        win32.see_real_pixels()
        for kind, procedure in zip((win32.WH_KEYBOARD_LL, win32.WH_MOUSE_LL), self._procedures, strict=True):
            self._hooks.append(win32.user32.SetWindowsHookExW(kind, procedure, None, 0))
        for name, keys in _CHOICES:
            if all(
                win32.user32.RegisterHotKey(None, number, _COMMANDING, key)
                for number, key in enumerate(keys, start=1)
            ):
                self.hot_key, self._hot_keys = name, frozenset(keys)
                break
            for number in range(1, len(keys) + 1):
                win32.user32.UnregisterHotKey(None, number)
        set_up.set()
        message = wintypes.MSG()
        while win32.user32.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
            if message.message == win32.WM_HOTKEY:
                self._signs.put(_Sign.HOT_KEY)

    def _keyboard(self, code: int, kind: int, place: int) -> int:
        if code >= 0:
            event = ctypes.cast(place, ctypes.POINTER(win32.KeyboardHook)).contents
            down = kind in (win32.WM_KEYDOWN, win32.WM_SYSKEYDOWN)
            if not event.flags & win32.LLKHF_INJECTED and self._own_key(int(event.vkCode), down=down):
                return _SWALLOWED
        return int(win32.user32.CallNextHookEx(None, code, kind, place))

    def _own_key(self, key: int, *, down: bool) -> bool:
        """Note the key; says whether it was the hot key, which no program gets."""
        if not down:
            self._down.discard(key)
            return False
        is_hot = key in self._hot_keys and bool(self._down & _CONTROLS) and bool(self._down & _ALTS)
        if is_hot:
            self._signs.put(_Sign.HOT_KEY)
        else:
            self._down.add(key)
        self._signs.put(_Sign.OWN_HAND)
        return is_hot

    def _mouse(self, code: int, kind: int, place: int) -> int:
        if code >= 0:
            event = ctypes.cast(place, ctypes.POINTER(win32.MouseHook)).contents
            if not event.flags & win32.LLMHF_INJECTED and (kind != win32.WM_MOUSEMOVE or self._is_a_hand()):
                self._signs.put(_Sign.OWN_HAND)
        return int(win32.user32.CallNextHookEx(None, code, kind, place))

    def _is_a_hand(self) -> bool:
        now_ms = self._clock.monotonic_ms()
        self._motions_ms.append(now_ms)
        return len(self._motions_ms) == MOTIONS and now_ms - self._motions_ms[0] <= MOTIONS_WITHIN_MS
