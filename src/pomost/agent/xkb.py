"""The XKEYBOARD requests that python-xlib lacks, and what they tell: which key types which character in which state.

It owns the reading of the server's keyboard map (XkbGetMap: keysyms by key, group and level, and the modifiers each level
needs) and the lock request (XkbLatchLockState). It refuses a reply that does not add up with `MalformedMap`. It presses
nothing; `keyboard_x11` does. Source: "The X Keyboard Extension: Protocol Specification", version 1.0, appendix D.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from Xlib import display
from Xlib.protocol import rq

NAME = "XKEYBOARD"
CORE_KEYBOARD = 0x100
TYPES, SYMBOLS = 1, 2  # parts of the map
NEW_KEYBOARD = 1  # XkbNewKeyboardNotify, among the events

SHIFT, LOCK = 0x01, 0x02  # real modifiers with a fixed place


class MalformedMap(Exception):
    """The server's keyboard map does not add up."""


@dataclass(frozen=True, slots=True)
class KeyType:
    """How modifiers choose a level: `mask` are the modifiers that matter, `levels` gives a level for each set that is not 0."""

    mask: int
    levels: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a keysym is found: press `keycode` in `group` while, of the modifiers in `mask`, exactly `modifiers` are on.

    `group` is None for a key that is the same in all groups, such as Enter.
    """

    keycode: int
    group: int | None
    mask: int
    modifiers: int


@dataclass(frozen=True, slots=True)
class KeyboardMap:
    """All places of all keysyms, and the keycodes that type nothing."""

    places: Mapping[int, tuple[Place, ...]]
    unused: tuple[int, ...]


class UseExtension(rq.ReplyRequest):
    """XkbUseExtension: must come before any other request of the extension."""

    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(0),
        rq.RequestLength(),
        rq.Card16("wanted_major"),
        rq.Card16("wanted_minor"),
    )
    _reply = rq.Struct(
        rq.ReplyCode(), rq.Bool("supported"), rq.Card16("sequence_number"), rq.ReplyLength(), rq.Pad(24)
    )


class GetMap(rq.ReplyRequest):
    """XkbGetMap: of all its parts only whole ones, by the mask `full`."""

    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(8),
        rq.RequestLength(),
        rq.Card16("device"),
        rq.Card16("full"),
        rq.Pad(20),
    )
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Pad(1),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Binary("rest", pad=0),
    )


class LatchLockState(rq.Request):
    """XkbLatchLockState: sets the locked group and the locked modifiers within `affected_locks`; latches stay."""

    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(5),
        rq.RequestLength(),
        rq.Card16("device"),
        rq.Card8("affected_locks"),
        rq.Card8("locks"),
        rq.Bool("lock_group"),
        rq.Card8("group"),
        rq.Pad(6),
    )


class SelectEvents(rq.Request):
    """XkbSelectEvents: of all events those in `which`, each in every detail."""

    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(1),
        rq.RequestLength(),
        rq.Card16("device"),
        rq.Card16("which"),
        rq.Card16("clear"),
        rq.Card16("select_all"),
        rq.Card16("affect_map"),
        rq.Card16("map"),
    )


class Xkb:
    """The extension on one connection."""

    def __init__(self, connection: display.Display) -> None:
        """Begin to use it.

        Raises:
            MalformedMap: the server has no XKEYBOARD (every X server since 1996 has).
        """
        self._display = connection.display
        found = connection.query_extension(NAME)
        if found is None or not found.present:
            raise MalformedMap(
                "This X server has no XKEYBOARD extension, so its keyboard cannot be understood."
            )
        self._opcode = found.major_opcode
        UseExtension(display=self._display, opcode=self._opcode, wanted_major=1, wanted_minor=0)
        self.event = int(found.first_event)
        """Number of the extension's events; the only one asked for says that there is another keyboard.

        It has to be asked for: whoever uses XKB gets no core MappingNotify when a whole layout is replaced.
        """
        SelectEvents(
            display=self._display,
            opcode=self._opcode,
            device=CORE_KEYBOARD,
            which=NEW_KEYBOARD,
            clear=0,
            select_all=NEW_KEYBOARD,
            affect_map=0,
            map=0,
        )

    def keyboard_map(self) -> KeyboardMap:
        """The server's keyboard as it is now (one round trip, about 10 kB)."""
        reply = GetMap(display=self._display, opcode=self._opcode, device=CORE_KEYBOARD, full=TYPES | SYMBOLS)
        return parsed_map(bytes(reply.rest))

    def lock(self, group: int, *, caps_lock: bool) -> None:
        """Switch the keyboard to `group` (0 to 3) and Caps Lock to `caps_lock`."""
        LatchLockState(
            display=self._display,
            opcode=self._opcode,
            device=CORE_KEYBOARD,
            affected_locks=LOCK,
            locks=LOCK if caps_lock else 0,
            lock_group=1,
            group=group,
        )


def parsed_map(reply: bytes) -> KeyboardMap:
    """The map in a reply of XkbGetMap, from its ninth byte on.

    Raises:
        MalformedMap: it is cut off.
    """
    try:
        return _parsed(reply)
    except (struct.error, IndexError) as cut:
        raise MalformedMap(f"The keyboard map of {len(reply)} bytes is cut off: {cut}.") from cut


def _parsed(reply: bytes) -> KeyboardMap:
    first_type, type_count = struct.unpack_from("=BB", reply, 6)
    first_key, _total, key_count = struct.unpack_from("=BHB", reply, 9)
    if first_type != 0:
        raise MalformedMap(f"The keyboard map begins with type {first_type}, not 0.")
    at = 32
    types: list[KeyType] = []
    for _ in range(type_count):
        key_type, at = _type(reply, at)
        types.append(key_type)
    places: dict[int, list[Place]] = {}
    unused: list[int] = []
    for keycode in range(first_key, first_key + key_count):
        indices = reply[at : at + 4]
        group_info, width, symbol_count = struct.unpack_from("=BBH", reply, at + 4)
        symbols = struct.unpack_from(f"={symbol_count}I", reply, at + 8)
        at += 8 + 4 * symbol_count
        if not any(symbols):
            unused.append(keycode)
        groups = min(group_info & 0x0F, 4)
        for group in range(groups):
            levels = symbols[group * width : (group + 1) * width]
            _place(places, keycode, group if groups > 1 else None, types[indices[group]], levels)
    return KeyboardMap({keysym: tuple(found) for keysym, found in places.items()}, tuple(unused))


def _type(reply: bytes, at: int) -> tuple[KeyType, int]:
    mask, _real, _virtual, _levels, entry_count, has_preserve = struct.unpack_from("=BBHBBB", reply, at)
    at += 8
    levels: dict[int, int] = {}
    for _ in range(entry_count):
        active, modifiers, level = struct.unpack_from("=BBB", reply, at)
        at += 8
        if active:
            levels[modifiers] = level
    return KeyType(mask, levels), at + (4 * entry_count if has_preserve else 0)


def _place(
    places: dict[int, list[Place]],
    keycode: int,
    group: int | None,
    key_type: KeyType,
    symbols: tuple[int, ...],
) -> None:
    """Write down, for each symbol of the key in this group, the set of modifiers that gives it; the fewest first."""
    by_level: dict[int, list[int]] = {0: [0]}
    for modifiers, level in key_type.levels.items():
        by_level.setdefault(level, []).append(modifiers)
    if 0 in key_type.levels:
        by_level[0].remove(0)
    for level, symbol in enumerate(symbols):
        ways = [modifiers for modifiers in by_level.get(level, ()) if not modifiers & LOCK]
        if symbol and ways:
            least = min(ways, key=int.bit_count)
            places.setdefault(symbol, []).append(Place(keycode, group, key_type.mask, least))
