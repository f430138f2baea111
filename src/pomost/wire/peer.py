"""What the two ends say to each other inside the sealed frames: picture, pointer, keys, asking.

RULES is the one table: for each message its number, who may say it and the lowest level at which
it is taken. Whatever stands outside the table is a broken protocol; whatever is not allowed at
the present level is dropped and counted (wire/allowed.py), never an error, because a level can
fall while a message is on its way.
Frequent messages are packed structs (wire/packed.py), the others JSON. All numbers big endian.
Twin: ui/static/ui/session/peer.js. Read next: docs/reference/protocol.md.
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Annotated, Any, Final

from .errors import LocalProtocolError, RemoteProtocolError
from .levels import Level, Side
from .packed import U16_MAX, U32_MAX, Reader, Writer
from .shape import AtMost, Name, Range, Sentence, Text, canonical, read, written

PICTURE_SIDE_MAX: Final = 16_384
"""Pixels a screen may be wide or high; the limit of a canvas in the browsers we support."""
TILES_MAX: Final = 4_096
"""Tiles in one message; a 4K screen in tiles of 64 × 64 has 2,040."""
AV1: Final = "av01.0.12M.08"
"""AV1, main profile, up to level 5.0, eight bits: the one kind of video that the app makes."""
KEPT_MAX: Final = 32
"""Parts that stay in one copied tile: bars, windows and pictures over a page that scrolls under them."""
CURSOR_SIDE_MAX: Final = 256
"""Pixels of a pointer's shape; enlarged pointers of people with weak eyes have 128."""
CURSOR_BYTES_MAX: Final = 128 * 1024
TEXT_BYTES_MAX: Final = 8_192
"""Text typed at once; a longer paste is sent in pieces."""
KEY_CODE_BYTES_MAX: Final = 40
KEY_BYTES_MAX: Final = 64

Pixels = Annotated[int, Range(1, PICTURE_SIDE_MAX)]
Offset = Annotated[int, Range(0, PICTURE_SIDE_MAX)]
FrameId = Annotated[int, Range(0, U32_MAX)]
Coordinate = Annotated[int, Range(0, U16_MAX)]
"""Pixels of the shared picture, from its upper left corner."""


class Codec(IntEnum):
    """How a tile's pixels are written."""

    RAW = 0
    """Red, green, blue, a byte each, row by row."""
    WEBP = 1
    """Lossless WebP."""
    PNG = 2
    SOLID = 3
    """One colour: red, green, blue."""
    COPY = 4
    """Taken from the picture as it was before this tile: x u16, y u16; then up to KEPT_MAX parts of the tile that stay as
    they are, each x u16, y u16, width u16, height u16 in the picture."""
    VIDEO = 5
    """The next frame of a VideoStream: stream u8, whole u8, then the frame. Nearly right only; what is exact follows."""


class TileFlag(IntFlag):
    """What holds for a message of tiles."""

    NONE = 0
    LAST = 1
    """The frame is complete with this message: show it."""
    EXACT = 2
    """With this frame every pixel is the customer's own; a digest follows."""


@dataclass(frozen=True, slots=True)
class ScreenPart:
    """One monitor within the picture."""

    name: Name
    x: Offset
    y: Offset
    width: Pixels
    height: Pixels


@dataclass(frozen=True, slots=True)
class Screen:
    """The picture's size, before its first tiles and whenever it changes; the picture begins black."""

    width: Pixels
    height: Pixels
    name: Name
    layout: Annotated[str, Text(60)]
    """The customer's keyboard layout, such as “pl” or “ru”."""
    screens: Annotated[tuple[ScreenPart, ...], AtMost(16)]


@dataclass(frozen=True, slots=True)
class Tile:
    """A rectangle of the picture."""

    x: int
    y: int
    width: int
    height: int
    codec: Codec
    data: bytes


@dataclass(frozen=True, slots=True)
class Tiles:
    """A piece of a frame. Frame ids rise by one; tiles are drawn in the order they stand."""

    frame_id: FrameId
    flags: TileFlag
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the customer's pointer is, and which shape it has."""

    x: Coordinate
    y: Coordinate
    visible: bool
    shape: int
    """The number of an earlier CursorShape; 0: an ordinary arrow."""


@dataclass(frozen=True, slots=True)
class CursorShape:
    """A pointer's shape, sent once and then named by its number."""

    shape: int
    hot_x: int
    hot_y: int
    png: bytes


@dataclass(frozen=True, slots=True)
class Granted:
    """The level that holds from now on, raised or lowered."""

    level: Level


@dataclass(frozen=True, slots=True)
class NotGranted:
    """The customer said no, or silence said it."""

    level: Level
    why: Sentence


@dataclass(frozen=True, slots=True)
class Digest:
    """SHA-256 of the picture of a frame: its width and height as u16, then its RGB bytes."""

    frame_id: FrameId
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Masked:
    """Whether the customer hides something, so that black is not taken for a fault."""

    hidden: bool
    why: Sentence


@dataclass(frozen=True, slots=True)
class VideoStream:
    """A stream of frames of one size for a part of the picture that moves; said before its first frame, which is whole."""

    stream: Annotated[int, Range(0, 255)]
    codec: Annotated[str, Text(40, least=1)]
    """As WebCodecs names it."""
    width: Pixels
    height: Pixels


@dataclass(frozen=True, slots=True)
class CanDecode:
    """The kinds of video that the technician's page decodes. Until it says so, and after it says none, there is no video."""

    codecs: Annotated[tuple[Annotated[str, Text(40, least=1)], ...], AtMost(8)]


@dataclass(frozen=True, slots=True)
class Ping:
    """How old is what I see? Asked twice a second while the picture is shown."""

    echo: Annotated[int, Range(0, U32_MAX)]


@dataclass(frozen=True, slots=True)
class Pong:
    """The answer of what captures the screen, behind the frames it sent: up to `frame_id` the picture was the screen's."""

    echo: Annotated[int, Range(0, U32_MAX)]
    """As in the Ping."""
    frame_id: FrameId
    behind_ms: Coordinate
    """How long a change has been waiting to be sent; 0: none waits; at most 65,535."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The technician asks for a level. One question at a time."""

    level: Level


@dataclass(frozen=True, slots=True)
class Ack:
    """The frame is on the technician's screen. The agent keeps about 1.5 frames unacknowledged."""

    frame_id: FrameId
    decode_ms: Coordinate
    """From the frame's last piece to the canvas, in milliseconds, at most 65,535."""


@dataclass(frozen=True, slots=True)
class Move:
    """The technician's pointer. At point it shows a name, at act it is the pointer."""

    frame_id: FrameId
    x: Coordinate
    y: Coordinate


@dataclass(frozen=True, slots=True)
class Button:
    """A mouse button: 0 left, 1 middle, 2 right, 3 back, 4 forward, as in the browser."""

    frame_id: FrameId
    button: int
    down: bool
    x: Coordinate
    y: Coordinate


@dataclass(frozen=True, slots=True)
class Wheel:
    """The wheel, in 120ths of a notch as Windows counts; down and right are positive."""

    frame_id: FrameId
    dx: int
    dy: int
    x: Coordinate
    y: Coordinate


@dataclass(frozen=True, slots=True)
class KeyStroke:
    """A key, by its place on the keyboard and by what it means there."""

    frame_id: FrameId
    down: bool
    code: str
    """KeyboardEvent.code: the place, such as KeyA; empty when the browser knows none."""
    key: str
    """KeyboardEvent.key: the meaning, such as ą, Enter or AltGraph."""


@dataclass(frozen=True, slots=True)
class TypedText:
    """Text without keys: from an input method, a dead key or the clipboard."""

    frame_id: FrameId
    text: str


@dataclass(frozen=True, slots=True)
class ReleaseAll:
    """Let every key and button go; sent when the technician's page loses the focus."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A line of chat."""

    text: Annotated[str, Text(900, least=1)]


@dataclass(frozen=True, slots=True)
class Bye:
    """This end is leaving for good."""

    why: Sentence


Message = (
    Screen | Tiles | Cursor | CursorShape | Granted | NotGranted | Digest | Masked | VideoStream | CanDecode | Ping | Pong | Ask | Ack
    | Move | Button | Wheel | KeyStroke | TypedText | ReleaseAll | Chat | Bye
)  # fmt: skip

BOTH: Final = frozenset(Side)
AGENT: Final = frozenset({Side.AGENT})
VIEWER: Final = frozenset({Side.VIEWER})


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    number: int
    message: type[Any]
    senders: frozenset[Side]
    level: Level
    """The lowest level at which it is taken."""
    layout: str
    """How the body is written, for the reference page."""


RULES: Final = (
    Rule(0x10, Screen, AGENT, Level.LOOK, "json"),
    Rule(
        0x11,
        Tiles,
        AGENT,
        Level.LOOK,
        "frame_id u32, flags u8, n u16, n × [x u16, y u16, width u16, height u16, codec u8, length u32, bytes]",
    ),
    Rule(0x12, Cursor, AGENT, Level.LOOK, "x u16, y u16, visible u8, shape u32"),
    Rule(0x13, CursorShape, AGENT, Level.LOOK, "shape u32, hot_x u16, hot_y u16, PNG to the end"),
    Rule(0x14, Granted, AGENT, Level.NONE, "json"),
    Rule(0x15, NotGranted, AGENT, Level.NONE, "json"),
    Rule(0x16, Digest, AGENT, Level.LOOK, "frame_id u32, 32 bytes"),
    Rule(0x17, Masked, AGENT, Level.LOOK, "json"),
    Rule(0x18, VideoStream, AGENT, Level.LOOK, "json"),
    Rule(0x19, Pong, AGENT, Level.LOOK, "echo u32, frame_id u32, behind_ms u16"),
    Rule(0x20, Ask, VIEWER, Level.NONE, "json"),
    Rule(0x21, Ack, VIEWER, Level.LOOK, "frame_id u32, decode_ms u16"),
    Rule(0x22, Move, VIEWER, Level.POINT, "frame_id u32, x u16, y u16"),
    Rule(0x23, Button, VIEWER, Level.ACT, "frame_id u32, button u8, down u8, x u16, y u16"),
    Rule(0x24, Wheel, VIEWER, Level.ACT, "frame_id u32, dx i16, dy i16, x u16, y u16"),
    Rule(
        0x25,
        KeyStroke,
        VIEWER,
        Level.ACT,
        "frame_id u32, down u8, n u8, code in n bytes, key to the end; UTF-8",
    ),
    Rule(0x26, TypedText, VIEWER, Level.ACT, "frame_id u32, UTF-8 to the end"),
    Rule(0x27, ReleaseAll, VIEWER, Level.NONE, "nothing"),
    Rule(0x28, CanDecode, VIEWER, Level.NONE, "json"),
    Rule(0x29, Ping, VIEWER, Level.LOOK, "echo u32"),
    Rule(0x30, Chat, BOTH, Level.NONE, "json"),
    Rule(0x31, Bye, BOTH, Level.NONE, "json"),
)
"""Every message between the two ends. Number 0 is the proof of wire/sealed.py."""

RULE_BY_CLASS: Final[Mapping[type[Any], Rule]] = {rule.message: rule for rule in RULES}
RULE_BY_NUMBER: Final[Mapping[int, Rule]] = {rule.number: rule for rule in RULES}
BUTTONS: Final = 5


def encode(message: Message, sender: Side) -> bytes:
    """Return the plaintext for `message`, ready to be sealed.

    Raises:
        LocalProtocolError: this side does not say that, or a value does not fit.
    """
    rule = RULE_BY_CLASS[type(message)]
    if sender not in rule.senders:
        raise LocalProtocolError(f"The {sender} never says {type(message).__name__}.")
    out = Writer()
    out.u8(rule.number)
    packer = PACKERS.get(type(message))
    if packer is None:
        out.rest(canonical(written(message, type(message).__name__)))
    else:
        packer(message, out)
    return out.done()


def decode(plaintext: bytes, sender: Side) -> Message:
    """Return the message that the other end, `sender`, put into a sealed frame.

    Raises:
        RemoteProtocolError: it is no message of that side, or not well formed.
    """
    rule = RULE_BY_NUMBER.get(plaintext[0]) if plaintext else None
    if rule is None or sender not in rule.senders:
        shown = f"number {plaintext[0]}" if plaintext else "an empty one"
        raise RemoteProtocolError(f"The {sender} has no such message: {shown}.")
    unpacker = UNPACKERS.get(rule.message)
    name = rule.message.__name__
    message: Message
    if unpacker is None:
        message = read(rule.message, plaintext[1:], named=name)
    else:
        body = Reader(plaintext[1:], name)
        message = unpacker(body)
        body.end()
    return message


def _pack_tiles(message: Tiles, out: Writer) -> None:
    if len(message.tiles) > TILES_MAX:
        raise LocalProtocolError(
            f"{len(message.tiles)} tiles in one message; at most {TILES_MAX} are allowed."
        )
    out.u32(message.frame_id)
    out.u8(message.flags)
    out.u16(len(message.tiles))
    for tile in message.tiles:
        for number in (tile.x, tile.y, tile.width, tile.height):
            out.u16(number)
        out.u8(tile.codec)
        out.u32(len(tile.data))
        out.rest(tile.data)


def _unpack_tiles(body: Reader) -> Tiles:
    frame_id, flags, count = body.u32(), body.u8(), body.u16()
    if flags > (TileFlag.LAST | TileFlag.EXACT):
        raise RemoteProtocolError(f"Tiles has the flags {flags}, which mean nothing.")
    if count > TILES_MAX:
        raise RemoteProtocolError(f"Tiles has {count} tiles; at most {TILES_MAX} are allowed.")
    return Tiles(frame_id, TileFlag(flags), tuple(_unpack_tile(body) for _ in range(count)))


def _unpack_tile(body: Reader) -> Tile:
    x, y, width, height = body.u16(), body.u16(), body.u16(), body.u16()
    number = body.u8()
    data = body.take(body.u32())
    if number >= len(Codec):
        raise RemoteProtocolError(f"A tile has the codec {number}, which is unknown.")
    if not (width and height) or x + width > PICTURE_SIDE_MAX or y + height > PICTURE_SIDE_MAX:
        raise RemoteProtocolError(f"A tile of {width} × {height} at {x}, {y} lies in no picture.")
    tile = Tile(x, y, width, height, Codec(number), data)
    expected = TILE_BYTES[tile.codec](tile) if tile.codec in TILE_BYTES else len(data)
    if len(data) != expected or not data or (tile.codec is Codec.VIDEO and (len(data) < 3 or data[1] > 1)):
        raise RemoteProtocolError(f"A {tile.codec.name} tile of {width} × {height} has {len(data)} bytes.")
    if tile.codec is Codec.COPY and not all(_lies_in(tile, *part) for part in copied(tile)[1]):
        raise RemoteProtocolError(f"A COPY tile of {width} × {height} at {x}, {y} keeps what is not in it.")
    return tile


def copied(tile: Tile) -> tuple[tuple[int, int], list[tuple[int, int, int, int]]]:
    """Return of a COPY tile where its pixels are taken from, and the parts (x, y, width, height) that stay."""
    x, y, *kept = struct.unpack(f">{len(tile.data) // 2}H", tile.data)
    return (x, y), list(zip(*[iter(kept)] * 4, strict=True))


def _lies_in(tile: Tile, x: int, y: int, width: int, height: int) -> bool:
    is_inside = (
        tile.x <= x
        and x + width <= tile.x + tile.width
        and tile.y <= y
        and y + height <= tile.y + tile.height
    )
    return bool(width and height) and is_inside


TILE_BYTES: Final[Mapping[Codec, Callable[[Tile], int]]] = {
    Codec.RAW: lambda tile: tile.width * tile.height * 3,
    Codec.SOLID: lambda _: 3,
    Codec.COPY: lambda tile: 4 + 8 * min(max(len(tile.data) - 4, 0) // 8, KEPT_MAX),
}
"""Bytes of a tile where its size tells them; the others are known after decoding only."""


def _pack_cursor(message: Cursor, out: Writer) -> None:
    out.u16(message.x)
    out.u16(message.y)
    out.u8(message.visible)
    out.u32(message.shape)


def _pack_cursor_shape(message: CursorShape, out: Writer) -> None:
    out.u32(message.shape)
    out.u16(message.hot_x)
    out.u16(message.hot_y)
    out.rest(message.png)


def _unpack_cursor_shape(body: Reader) -> CursorShape:
    message = CursorShape(body.u32(), body.u16(), body.u16(), body.rest(CURSOR_BYTES_MAX))
    if max(message.hot_x, message.hot_y) >= CURSOR_SIDE_MAX:
        raise RemoteProtocolError(
            f"A pointer's tip at {message.hot_x}, {message.hot_y} lies outside its shape."
        )
    return message


def _pack_digest(message: Digest, out: Writer) -> None:
    out.u32(message.frame_id)
    out.rest(message.sha256)


def _pack_ack(message: Ack, out: Writer) -> None:
    out.u32(message.frame_id)
    out.u16(message.decode_ms)


def _pack_pong(message: Pong, out: Writer) -> None:
    out.u32(message.echo)
    out.u32(message.frame_id)
    out.u16(message.behind_ms)


def _pack_move(message: Move, out: Writer) -> None:
    out.u32(message.frame_id)
    out.u16(message.x)
    out.u16(message.y)


def _pack_button(message: Button, out: Writer) -> None:
    out.u32(message.frame_id)
    out.u8(message.button)
    out.u8(message.down)
    out.u16(message.x)
    out.u16(message.y)


def _unpack_button(body: Reader) -> Button:
    message = Button(body.u32(), body.u8(), body.yes_or_no(), body.u16(), body.u16())
    if message.button >= BUTTONS:
        raise RemoteProtocolError(f"Button {message.button} is no button; there are {BUTTONS}, from 0.")
    return message


def _pack_wheel(message: Wheel, out: Writer) -> None:
    out.u32(message.frame_id)
    out.i16(message.dx)
    out.i16(message.dy)
    out.u16(message.x)
    out.u16(message.y)


def _pack_key(message: KeyStroke, out: Writer) -> None:
    out.u32(message.frame_id)
    out.u8(message.down)
    out.short_text(message.code)
    out.text(message.key)


def _pack_text(message: TypedText, out: Writer) -> None:
    out.u32(message.frame_id)
    out.text(message.text)


PACKERS: Final[Mapping[type[Any], Callable[[Any, Writer], None]]] = {
    Tiles: _pack_tiles,
    Cursor: _pack_cursor,
    CursorShape: _pack_cursor_shape,
    Digest: _pack_digest,
    Pong: _pack_pong,
    Ping: lambda message, out: out.u32(message.echo),
    Ack: _pack_ack,
    Move: _pack_move,
    Button: _pack_button,
    Wheel: _pack_wheel,
    KeyStroke: _pack_key,
    TypedText: _pack_text,
    ReleaseAll: lambda message, out: None,
}

UNPACKERS: Final[Mapping[type[Any], Callable[[Reader], Any]]] = {
    Tiles: _unpack_tiles,
    Cursor: lambda body: Cursor(body.u16(), body.u16(), body.yes_or_no(), body.u32()),
    CursorShape: _unpack_cursor_shape,
    Digest: lambda body: Digest(body.u32(), body.take(32)),
    Pong: lambda body: Pong(body.u32(), body.u32(), body.u16()),
    Ping: lambda body: Ping(body.u32()),
    Ack: lambda body: Ack(body.u32(), body.u16()),
    Move: lambda body: Move(body.u32(), body.u16(), body.u16()),
    Button: _unpack_button,
    Wheel: lambda body: Wheel(body.u32(), body.i16(), body.i16(), body.u16(), body.u16()),
    KeyStroke: lambda body: KeyStroke(
        body.u32(), body.yes_or_no(), body.short_text(KEY_CODE_BYTES_MAX), body.text(KEY_BYTES_MAX)
    ),
    TypedText: lambda body: TypedText(body.u32(), body.text(TEXT_BYTES_MAX)),
    ReleaseAll: lambda body: ReleaseAll(),
}
