"""What the app and the guard say to each other over two pipes, and how it is framed.

It owns the messages, their bounds and the cutting of a byte stream into them. It refuses a frame that is too long, unknown or not
exactly right with `BadPipe`; the guard then lets go of everything and ends. No pipes are read here: bytes go in, messages come out.

A frame is its length (u32, big-endian, without itself), one byte of kind, then the body: for `Input` the plaintext of a peer message
(`pomost.wire.peer`), for all others JSON with exactly the fields of the class.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, TypeAlias

from pomost.agent.input import INPUTS, Event
from pomost.wire import peer
from pomost.wire.errors import ProtocolError
from pomost.wire.levels import Side

FRAME_BYTES_MAX = 65_536
"""Longest frame: a text of `peer.TEXT_BYTES_MAX` fits many times."""


class BadPipe(Exception):
    """The other end of the pipe broke the framing; the message says how."""


class StoppedBy(StrEnum):
    """How the customer stopped something at the guard."""

    HOT_KEY = "hot key"
    """Everything is withdrawn, the picture too."""
    ONLY_LOOK = "only look"
    """Mouse and keyboard are withdrawn."""
    END = "end"
    """The session ends; this guard is gone."""


@dataclass(frozen=True, slots=True)
class Open:
    """App to guard, after the customer's click: input is let through from now on."""


@dataclass(frozen=True, slots=True)
class Shut:
    """App to guard: no input from now on; everything held is released."""


@dataclass(frozen=True, slots=True)
class Input:
    """App to guard: carry this out, if the latch is open."""

    event: Event


@dataclass(frozen=True, slots=True)
class Bar:
    """App to guard: what the bar shows, in the customer's language. An empty `only_look` hides that button."""

    who: str
    initials: str
    doing: str
    level: int
    time: str
    time_note: str
    money: str
    money_note: str
    only_look: str
    end: str


@dataclass(frozen=True, slots=True)
class Pointer:
    """App to guard: the technician points at `x`, `y`; shown with `name`, moves nothing."""

    x: int
    y: int
    name: str


@dataclass(frozen=True, slots=True)
class Alive:
    """App to guard, every second: without it the guard lets go of what is held."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Guard to app: the bar and the hot key are there."""

    hot_key: str
    """Such as "Ctrl+Alt+Pause"; empty when another program holds both choices."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Guard to app: it has stopped already; the app draws the consequences."""

    by: StoppedBy


@dataclass(frozen=True, slots=True)
class Counted:
    """Guard to app: inputs carried out and inputs dropped since the start."""

    done: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Failed:
    """Guard to app: it cannot work; `why` is a sentence. The guard ends."""

    why: str


Message: TypeAlias = Open | Shut | Input | Bar | Pointer | Alive | Ready | Stopped | Counted | Failed

_KINDS: dict[int, type[Any]] = dict(
    enumerate((Open, Shut, Input, Bar, Pointer, Alive, Ready, Stopped, Counted, Failed), start=1)
)
_NUMBERS = {cls: number for number, cls in _KINDS.items()}


def framed(message: Message) -> bytes:
    """`message` as one frame."""
    if isinstance(message, Input):
        body = peer.encode(message.event, Side.VIEWER)
    else:
        body = json.dumps(asdict(message), ensure_ascii=False).encode()
    if len(body) + 1 > FRAME_BYTES_MAX:
        raise BadPipe(f"A {type(message).__name__} of {len(body)} bytes is longer than a frame may be.")
    return struct.pack(">IB", len(body) + 1, _NUMBERS[type(message)]) + body


class Frames:
    """Cuts a stream of bytes into messages."""

    def __init__(self) -> None:
        """Begin at the beginning of the stream."""
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Message]:
        """The messages that are complete now.

        Raises:
            BadPipe: a frame is too long, unknown or malformed. Nothing can be read from this stream any more.
        """
        self._buffer += data
        messages: list[Message] = []
        while len(self._buffer) >= 5:
            (length,) = struct.unpack_from(">I", self._buffer)
            if not 1 <= length <= FRAME_BYTES_MAX:
                raise BadPipe(f"A frame has 1 to {FRAME_BYTES_MAX} bytes, this one says {length}.")
            if len(self._buffer) < 4 + length:
                break
            messages.append(_parsed(self._buffer[4], bytes(self._buffer[5 : 4 + length])))
            del self._buffer[: 4 + length]
        return messages


def _parsed(kind: int, body: bytes) -> Message:
    cls = _KINDS.get(kind)
    if cls is None:
        raise BadPipe(f"There is no message of kind {kind}.")
    if cls is Input:
        return Input(_input(body))
    try:
        value = json.loads(body)
    except ValueError as wrong:
        raise BadPipe(f"A {cls.__name__} is not JSON: {wrong}.") from wrong
    names = {field.name: field.type for field in fields(cls)}
    if not isinstance(value, dict) or set(value) != set(names):
        raise BadPipe(f"A {cls.__name__} has exactly the fields {', '.join(names) or 'none'}.")
    for name, annotation in names.items():
        if type(value[name]).__name__ != ("str" if annotation == "StoppedBy" else annotation):
            raise BadPipe(f"{cls.__name__}.{name} is a {type(value[name]).__name__}, not {annotation}.")
    if cls is Stopped:
        if value["by"] not in tuple(StoppedBy):
            raise BadPipe("Stopped.by names no way to stop.")
        return Stopped(StoppedBy(value["by"]))
    message: Message = cls(**value)
    return message


def _input(body: bytes) -> Event:
    try:
        message = peer.decode(body, Side.VIEWER)
    except ProtocolError as wrong:
        raise BadPipe(f"An input is malformed: {wrong}") from wrong
    if not isinstance(message, INPUTS):
        raise BadPipe(f"{type(message).__name__} is no input.")
    return message
