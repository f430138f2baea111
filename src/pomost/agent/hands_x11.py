"""The customer's own hands on X11: the hot key that stops, and the signs that mouse or keyboard are being used.

It owns a connection of its own and the thread-side loop that waits on it. It refuses to count anything that programs inject: XINPUT names
the device of every raw event, and XTEST's devices are known. The hot key is seen twice: by a grab, so that no program gets
it and any keyboard works, and in the raw events, so that it also works while another program has grabbed the keyboard.
"""

from __future__ import annotations

import select
import struct
import sys
from collections import deque
from collections.abc import Callable

assert sys.platform != "win32", "X11 is not what Windows listens to; see hands_windows."

from Xlib import XK, X, display, error
from Xlib.ext import ge, xinput

from pomost.agent.screen_x11 import announce_xinput_2_2
from pomost.wire.clock import Clock

MOTIONS, MOTIONS_WITHIN_MS = 3, 200
"""So many movements in so short a time are a hand; fewer are a knock at the desk."""

_MODIFIERS = X.ControlMask | X.Mod1Mask
_OTHERS = tuple(
    bits for bits in range(256) if not bits & _MODIFIERS
)  # locks, and whatever the technician holds down
_SLAVES = (xinput.SlavePointer, xinput.SlaveKeyboard)
_RAW = xinput.RawKeyPressMask | xinput.RawKeyReleaseMask | xinput.RawButtonPressMask | xinput.RawMotionMask
_CHOICES = (("Ctrl+Alt+Pause", XK.XK_Pause), ("Ctrl+Alt+F12", XK.XK_F12))


class Hands:
    """Watches one X server (`display_name`, None means $DISPLAY) and calls back from the thread that runs `watch`."""

    def __init__(
        self,
        clock: Clock,
        *,
        on_hot_key: Callable[[], None],
        on_own_hand: Callable[[], None],
        display_name: str | None = None,
    ) -> None:
        """Connect, grab the hot key and begin to listen."""
        self._clock = clock
        self._on_hot_key, self._on_own_hand = on_hot_key, on_own_hand
        self._display = display.Display(display_name)
        self._root = self._display.screen().root
        self._motions_ms: deque[int] = deque(maxlen=MOTIONS)
        self._down: set[int] = set()
        self.hot_key, self._hot_keycode = self._grab()
        self._commanding = tuple(
            {self._display.keysym_to_keycode(keysym) for keysym in side}
            for side in ((XK.XK_Control_L, XK.XK_Control_R), (XK.XK_Alt_L, XK.XK_Alt_R))
        )
        self._listen()
        self._display.sync()

    def watch(self, every_ms: int, on_tick: Callable[[], None]) -> None:
        """Wait for events until the X server is gone, calling `on_tick` at least every `every_ms`."""
        try:
            while True:
                if not self._display.pending_events():
                    select.select([self._display.fileno()], [], [], every_ms / 1000)
                while self._display.pending_events():
                    self._take(self._display.next_event())
                on_tick()
        except error.ConnectionClosedError:
            return

    def _grab(self) -> tuple[str, int]:
        for name, keysym in _CHOICES:
            keycode = self._display.keysym_to_keycode(keysym)
            if keycode == 0:
                continue
            refused = error.CatchError(error.BadAccess)
            for others in _OTHERS:
                self._root.grab_key(
                    keycode, _MODIFIERS | others, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused
                )
            self._display.sync()
            if refused.get_error() is None:
                return name, keycode
            self._root.ungrab_key(keycode, X.AnyModifier)
        return "", 0

    def _listen(self) -> None:
        """Ask for the raw events of every real mouse and keyboard.

        XTEST's devices are left out here already: a technician who floods the mouse must not keep this thread busy.
        """
        if not self._display.has_extension("XInputExtension"):
            return
        announce_xinput_2_2(self._display)
        devices = self._display.xinput_query_device(xinput.AllDevices).devices
        real = [d.deviceid for d in devices if d.use in _SLAVES and "XTEST" not in d.name]
        wanted = [(device, _RAW) for device in real]
        self._root.xinput_select_events([(xinput.AllDevices, xinput.HierarchyChangedMask), *wanted])

    def _take(self, event: object) -> None:
        kind = getattr(event, "type", None)
        if kind == X.KeyPress and getattr(event, "detail", 0) == self._hot_keycode:
            self._on_hot_key()
        elif kind == ge.GenericEventCode:
            evtype, data = int(event.evtype), event.data  # type: ignore[attr-defined]
            if evtype == xinput.HierarchyChanged:
                self._listen()
            else:
                self._take_raw(evtype, bytes(data))

    def _take_raw(self, kind: int, data: bytes) -> None:
        # xXIRawEvent after the ten bytes of a generic event: deviceid, time, detail
        _device, _time, detail = struct.unpack_from("=HII", data)
        if kind == xinput.RawKeyPress:
            self._down.add(detail)
            if detail == self._hot_keycode and all(self._down & keys for keys in self._commanding):
                self._on_hot_key()
        elif kind == xinput.RawKeyRelease:
            self._down.discard(detail)
            return
        elif kind == xinput.RawMotion:
            now_ms = self._clock.monotonic_ms()
            self._motions_ms.append(now_ms)
            if len(self._motions_ms) < MOTIONS or now_ms - self._motions_ms[0] > MOTIONS_WITHIN_MS:
                return
        self._on_own_hand()
