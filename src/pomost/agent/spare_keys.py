"""Keycodes that type nothing, lent for a while to characters that no layout of the customer has.

It owns the account: which keycode means what on each of its eight levels, from when on it may be pressed, and when it was
last pressed. Pure: it neither presses keys nor writes the keyboard map (`keyboard_x11` does).

A program learns of a changed map by an event and then asks for the map, so two things can go wrong, and both were seen with Tk:
a key pressed right after the change is looked up in the old map, and a key that was pressed before a change but is handled
late is looked up in the new one. Hence nothing is pressed before `SETTLE_MS` after the change of its meaning, and no place gets another
meaning before `REUSE_AFTER_MS` after its last press. A letter brings its whole alphabet along, so the map then stays as it is.

A PC keyboard has about 18 such keycodes, hence some 120 places: Russian and Polish in both cases and a few dozen more.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from pomost.agent.keysyms import NO_SYMBOL
from pomost.agent.xkb import LOCK, SHIFT, Place

SETTLE_MS = 60
"""How long programs get to read a changed map before one of its keys is pressed."""

REUSE_AFTER_MS = 1500
"""How long a place keeps its meaning after a press, at least."""

WHOLE_KEYS = 3
"""Keycodes kept for shortcuts, where the same letter must stand on all levels because modifiers are held."""

SMALL_LETTERS = range(0x61, 0x7B)  # keysyms of a to z; Shift makes commands of their capitals

LEVELS = tuple((group, modifiers) for group in range(4) for modifiers in (0, SHIFT))
"""The places of one keycode, in the order of a core keyboard map: two levels in each of four groups."""


@dataclass(frozen=True, slots=True)
class Borrowed:
    """Write `meanings` (keysyms by keycode) to the keyboard map, wait `wait_ms` and ask again; press `place` when it is 0."""

    place: Place
    meanings: dict[int, tuple[int, ...]]
    wait_ms: int


@dataclass(slots=True)
class _Slot:
    keycode: int
    level: int | None
    """Index into `LEVELS`; None: the keycode as a whole."""
    keysym: int = NO_SYMBOL
    settled_ms: int = 0
    pressed_ms: int | None = None

    @property
    def place(self) -> Place:
        if self.level is None:
            return Place(self.keycode, None, 0, 0)
        group, modifiers = LEVELS[self.level]
        return Place(self.keycode, group, SHIFT | LOCK, modifiers)

    def take(self, keysym: int, now_ms: int) -> None:
        self.keysym, self.settled_ms, self.pressed_ms = keysym, now_ms + SETTLE_MS, None


@dataclass(slots=True)
class SpareKeys:
    """The account for the free keycodes of one keyboard, given once."""

    keycodes: Sequence[int]
    _parts: list[_Slot] = field(init=False)
    _wholes: list[_Slot] = field(init=False)

    def __post_init__(self) -> None:
        """Divide the keycodes: a few whole ones for shortcuts, the others by level, unshifted places of group 1 first."""
        whole = min(WHOLE_KEYS, len(self.keycodes) // 2)
        self._wholes = [_Slot(keycode, None) for keycode in self.keycodes[:whole]]
        self._parts = [
            _Slot(keycode, level) for level in range(len(LEVELS)) for keycode in self.keycodes[whole:]
        ]

    def borrow(self, keysym: int, now_ms: int, *, whole: bool, along: Sequence[int] = ()) -> Borrowed | int:
        """A place that types `keysym`, or in how many ms to ask again when every place is still in use.

        Args:
            keysym: what is to be typed.
            now_ms: the present moment.
            whole: the place must type it whatever modifiers are held.
            along: keysyms that will probably be wanted next; they take empty places only.

        Raises:
            LookupError: the keyboard has no free keycode at all.
        """
        slots = self._wholes if whole else self._parts
        slot = next((s for s in slots if s.keysym == keysym), None)
        if slot is not None:
            wait_ms = max(slot.settled_ms - now_ms, 0)
            slot.pressed_ms = slot.pressed_ms if wait_ms else now_ms
            return Borrowed(slot.place, {}, wait_ms)
        slot = min(slots, key=lambda s: (s.keysym != NO_SYMBOL, s.pressed_ms or 0), default=None)
        if slot is None:
            raise LookupError("this keyboard has no free keycode")
        if slot.pressed_ms is not None and now_ms < slot.pressed_ms + REUSE_AFTER_MS:
            return slot.pressed_ms + REUSE_AFTER_MS - now_ms
        slot.take(keysym, now_ms)
        changed = {slot.keycode} | self._bring(() if whole else along, now_ms)
        return Borrowed(
            slot.place, {keycode: self._meaning(keycode) for keycode in sorted(changed)}, SETTLE_MS
        )

    def used(self) -> set[int]:
        """Keycodes that have a meaning now."""
        return {slot.keycode for slot in (*self._wholes, *self._parts) if slot.keysym}

    def forget(self, wiped: Collection[int]) -> None:
        """The meanings of these keycodes are gone: somebody else wrote the keyboard map."""
        for slot in (*self._wholes, *self._parts):
            if slot.keycode in wiped:
                slot.keysym, slot.pressed_ms = NO_SYMBOL, None

    def _bring(self, keysyms: Sequence[int], now_ms: int) -> set[int]:
        present = {slot.keysym for slot in self._parts}
        empty = (slot for slot in self._parts if slot.keysym == NO_SYMBOL)
        changed: set[int] = set()
        for keysym, slot in zip([k for k in keysyms if k not in present], empty, strict=False):
            slot.take(keysym, now_ms)
            changed.add(slot.keycode)
        return changed

    def _meaning(self, keycode: int) -> tuple[int, ...]:
        """Keysyms of all levels. An empty shifted place repeats the plain one, lest the server fill in the other case."""
        slot = next((s for s in self._wholes if s.keycode == keycode), None)
        if slot is not None:
            capital = slot.keysym - 0x20 if slot.keysym in SMALL_LETTERS else slot.keysym
            return (slot.keysym, capital) * 2
        levels = [slot.keysym for slot in self._parts if slot.keycode == keycode]
        return tuple(k or levels[n - n % 2] for n, k in enumerate(levels))
