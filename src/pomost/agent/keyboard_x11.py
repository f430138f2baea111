"""Typing on X11: from the browser's key to keys pressed by XTEST, right in any layout.

It owns the modifiers it holds, the group lock and the spare keycodes it borrows. It refuses to leave anything behind:
`release_all` lets every modifier go, `give_back` empties the spare keycodes. It does not decide who may type; `guard` does.

How a character is typed, in this order:
1. Its keysym stands in the present group: press that key, with Shift or the third level pressed or let go around it as its
   level needs. Which modifiers choose which level is read from the server (`xkb`), not guessed.
2. It stands in another group (customer has "us,ru" and writes Latin now): lock that group for the one key press. The group travels
   inside the key event, so no program can misread it.
3. It stands nowhere: a keycode that types nothing is lent to it, with time for programs to notice (`spare_keys`).

Keys that type are pressed and released at once, whatever the technician's hand does: a lost release on a slow link can then
never repeat a letter. Only modifiers are held.
"""

from __future__ import annotations

from collections.abc import Iterable

from Xlib import XK, X, display
from Xlib.ext import xtest

from pomost.agent import keysyms
from pomost.agent.spare_keys import SpareKeys
from pomost.agent.xkb import LOCK, SHIFT, Place, Xkb
from pomost.wire import peer

GROUP_SHIFT = 13  # place of the group in the state that QueryPointer and key events carry


class Keyboard:
    """The keyboard of one X server, over a connection of the caller's. Not thread-safe."""

    def __init__(self, connection: display.Display) -> None:
        """Read the keyboard map."""
        self._display = connection
        self._root = connection.screen().root
        self._xkb = Xkb(connection)
        self._held: dict[str, tuple[int, int]] = {}
        """Modifiers that are down, by the browser's code: keysym and keycode."""
        self._choosing_level_3 = False
        unused = self._xkb.keyboard_map().unused
        self._spare = SpareKeys(
            [keycode for keycode in unused if keycode > connection.display.info.min_keycode]
        )
        self._read_map()

    def key(self, event: peer.KeyStroke, now_ms: int) -> int:
        """Carry `event` out; returns 0, or the ms to wait before asking again when no spare keycode is free yet."""
        self._notice_new_map()
        if event.key == "AltGraph":
            self._level_3(event.down)
            return 0
        keysym = keysyms.modifier(event.code, event.key)
        if keysym != keysyms.NO_SYMBOL:
            self._modifier(event, keysym)
            return 0
        if not event.down:
            return 0
        keysym = keysyms.named(event.code, event.key)
        if keysym != keysyms.NO_SYMBOL:
            return self._tap(keysym, now_ms, plain=True)
        if len(event.key) != 1:
            return 0  # dead keys and input methods deliver their character in an event of its own
        if self._in_shortcut():
            letter = event.key.lower() if event.key.isascii() else keysyms.latin_key(event.code)
            if letter.isalpha():
                return self._tap(keysyms.of_character(letter), now_ms, plain=True)
        return self._tap(keysyms.of_character(event.key), now_ms)

    def character(self, character: str, now_ms: int) -> int:
        """Type one character; returns as `key` does."""
        self._notice_new_map()
        return self._tap(keysyms.of_character(character), now_ms)

    def release_all(self) -> None:
        """Let every modifier go."""
        for _keysym, keycode in self._held.values():
            self._fake(X.KeyRelease, keycode)
        self._held.clear()
        self._choosing_level_3 = False
        self._display.flush()

    def give_back(self) -> None:
        """Make the borrowed keycodes type nothing again. The Keyboard is of no use afterwards."""
        for keycode in self._spare.used():
            self._display.change_keyboard_mapping(keycode, [(keysyms.NO_SYMBOL,)])
        self._display.sync()

    def _read_map(self) -> None:
        keyboard_map = self._xkb.keyboard_map()
        self._spare.forget(self._spare.used() & set(keyboard_map.unused))  # the customer chose another layout
        self._places = {
            keysym: tuple(place for place in places if place.keycode not in self._spare.keycodes)
            for keysym, places in keyboard_map.places.items()
        }
        self._level_3_keycode = next((p.keycode for p in self._places.get(keysyms.LEVEL_3_SHIFT, ())), 0)
        self._level_3_bit = self._modifier_bit(self._level_3_keycode)

    def _modifier_bit(self, keycode: int) -> int:
        """The real modifier that this key sets, or 0."""
        if keycode == 0:
            return 0
        rows = self._display.get_modifier_mapping()
        return next((1 << bit for bit, keycodes in enumerate(rows) if keycode in keycodes), 0)

    def _notice_new_map(self) -> None:
        """Read the map again if somebody else changed it; our own borrowing is announced to us too and means nothing."""
        changed = False
        while self._display.pending_events():
            event = self._display.next_event()
            if event.type == self._xkb.event:
                changed = True
            elif event.type == X.MappingNotify and event.request != X.MappingPointer:
                changed = changed or not (event.count == 1 and event.first_keycode in self._spare.keycodes)
        if changed:
            self._read_map()

    def _level_3(self, down: bool) -> None:
        """AltGr only chooses characters, and those come ready. Windows sends a Control before it, which must not stay."""
        self._choosing_level_3 = down
        if down and "ControlLeft" in self._held:
            self._fake(X.KeyRelease, self._held.pop("ControlLeft")[1])
            self._display.flush()

    def _modifier(self, event: peer.KeyStroke, keysym: int) -> None:
        if event.down and event.code not in self._held:
            place = next(iter(self._places.get(keysym, ())), None)
            if place is not None:
                self._held[event.code] = (keysym, place.keycode)
                self._fake(X.KeyPress, place.keycode)
        elif not event.down and event.code in self._held:
            self._fake(X.KeyRelease, self._held.pop(event.code)[1])
        self._display.flush()

    def _in_shortcut(self) -> bool:
        """Whether letters mean commands now. Alt alone does not count: Alt+Ф opens a Russian menu."""
        commanding = (XK.XK_Control_L, XK.XK_Control_R, XK.XK_Super_L, XK.XK_Super_R)
        return not self._choosing_level_3 and any(keysym in commanding for keysym, _ in self._held.values())

    def _tap(self, keysym: int, now_ms: int, *, plain: bool = False) -> int:
        """Press and release the key for `keysym`. `plain`: with the modifiers as they are held, as in Ctrl+Shift+C."""
        if keysym == keysyms.NO_SYMBOL:
            return 0
        state = int(self._root.query_pointer().mask)
        place = self._best(keysym, (state >> GROUP_SHIFT) & 3, state)
        if place is None:
            try:
                along = keysyms.alphabet_of(keysym)
                borrowed = self._spare.borrow(keysym, now_ms, whole=plain, along=along)
            except LookupError:
                return 0  # a keyboard without a single free keycode: the character cannot be typed
            if isinstance(borrowed, int):
                return borrowed
            for keycode, meaning in borrowed.meanings.items():
                self._display.change_keyboard_mapping(keycode, [meaning])
            if borrowed.wait_ms:
                self._display.flush()
                return borrowed.wait_ms
            place = borrowed.place
        self._press(place, state, plain=plain)
        self._display.flush()
        return 0

    def _best(self, keysym: int, group: int, state: int) -> Place | None:
        reachable = SHIFT | LOCK | self._level_3_bit
        places = [
            place
            for place in self._all_places(keysym)
            if not place.mask & ~reachable & state and not place.modifiers & ~reachable
        ]
        return min(
            places, key=lambda p: (p.group not in (None, group), p.modifiers.bit_count()), default=None
        )

    def _all_places(self, keysym: int) -> Iterable[Place]:
        """Places of the keysym under any of its numbers: layouts may name a letter by its old number or its code point."""
        if self._places.get(keysym):
            return self._places[keysym]
        return next(
            (found for other, found in self._places.items() if found and keysyms.same(keysym, other)), ()
        )

    def _press(self, place: Place, state: int, *, plain: bool) -> None:
        group_now, caps_now = (state >> GROUP_SHIFT) & 3, bool(state & LOCK)
        caps_matters = caps_now and bool(place.mask & LOCK)
        locking = place.group not in (None, group_now) or caps_matters
        if locking:
            group = group_now if place.group is None else place.group
            self._xkb.lock(group, caps_lock=caps_now and not caps_matters)
        undo = [] if plain else self._reach_level(place, state)
        self._fake(X.KeyPress, place.keycode)
        self._fake(X.KeyRelease, place.keycode)
        for kind, keycode in reversed(undo):
            self._fake(kind, keycode)
        if locking:
            self._xkb.lock(group_now, caps_lock=caps_now)

    def _reach_level(self, place: Place, state: int) -> list[tuple[int, int]]:
        """Press or let go what chooses the level; returns what undoes it, in the order it was done."""
        undo: list[tuple[int, int]] = []
        shift = next((p.keycode for p in self._places.get(XK.XK_Shift_L, ())), 0)
        for bit, keycode in ((SHIFT, shift), (self._level_3_bit, self._level_3_keycode)):
            if not bit & place.mask or bit & place.modifiers == bit & state:
                continue
            if bit & place.modifiers:
                self._fake(X.KeyPress, keycode)
                undo.append((X.KeyRelease, keycode))
                continue
            for keysym, held in self._held.values():
                if bit == SHIFT and keysym in (XK.XK_Shift_L, XK.XK_Shift_R):
                    self._fake(X.KeyRelease, held)
                    undo.append((X.KeyPress, held))
        return undo

    def _fake(self, kind: int, keycode: int) -> None:
        xtest.fake_input(self._display, kind, keycode)
