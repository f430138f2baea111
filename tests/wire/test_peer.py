import json
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.wire import peer
from pomost.wire.errors import LocalProtocolError, RemoteProtocolError
from pomost.wire.levels import Level, Side
from pomost.wire.peer import RULES, Codec, Message, ScreenPart, Tile, TileFlag
from pomost.wire.sealed import PROOF
from pomost.wire.shape import plain

from .ends import Browser, read_or_refused

FROM_AGENT: list[Message] = [
    peer.Screen(1920, 1080, "Экран", "ru", (ScreenPart("HDMI-1", 0, 0, 1920, 1080),)),
    peer.Tiles(
        2**32 - 1,
        TileFlag.LAST | TileFlag.EXACT,
        (
            Tile(0, 0, 2, 1, Codec.RAW, b"abcdef"),
            Tile(16_000, 16_000, 384, 384, Codec.WEBP, b"RIFF"),
            Tile(1, 2, 3, 4, Codec.PNG, b"\x89PNG"),
            Tile(1, 2, 3, 4, Codec.SOLID, b"\0\x80\xff"),
            Tile(1, 2, 3, 4, Codec.COPY, struct.pack(">HH", 5, 6)),
            Tile(1, 2, 64, 64, Codec.VIDEO, b"\3\1frame"),
            Tile(1, 2, 3, 4, Codec.COPY, struct.pack(">10H", 5, 6, 1, 2, 3, 4, 2, 3, 1, 1)),
        ),
    ),
    peer.Tiles(0, TileFlag.NONE, ()),
    peer.Cursor(65_535, 0, visible=True, shape=7),
    peer.CursorShape(7, 3, 4, b"\x89PNG..."),
    peer.Granted(Level.CHANGE_MANY),
    peer.NotGranted(Level.ACT, "Нет."),
    peer.Digest(9, bytes(range(32))),
    peer.Masked(hidden=True, why="bank"),
    peer.VideoStream(3, peer.AV1, 640, 384),
    peer.Pong(2**32 - 1, 70_000, 65_535),
    peer.Chat("Dzień dobry 👋"),
    peer.Bye("Koniec."),
]
FROM_VIEWER: list[Message] = [
    peer.Ask(Level.ACT),
    peer.CanDecode((peer.AV1, "vp09.01.10.08")),
    peer.CanDecode(()),
    peer.Ping(2**32 - 1),
    peer.Ack(70_000, 65_535),
    peer.Move(1, 2, 3),
    peer.Button(1, 2, down=True, x=4, y=5),
    peer.Wheel(1, dx=-120, dy=32_767, x=4, y=5),
    peer.KeyStroke(1, down=False, code="KeyA", key="ą"),
    peer.KeyStroke(1, down=True, code="", key="😀"),
    peer.TypedText(1, "Квартплата, zażółć, ₽"),
    peer.ReleaseAll(),
    peer.Chat("Здравствуйте"),
    peer.Bye("Готово."),
]


def as_browser(message: Message) -> dict[str, Any]:
    """The message as the browser's modules hold it, with bytes as hexadecimal."""
    if isinstance(message, peer.Tiles):
        tiles = [{**plain(tile), "codec": int(tile.codec), "data": tile.data.hex()} for tile in message.tiles]
        return {"kind": "Tiles", "frame_id": message.frame_id, "flags": int(message.flags), "tiles": tiles}
    bare = plain(message)
    hexed = {name: value.hex() if isinstance(value, bytes) else value for name, value in bare.items()}
    return {"kind": type(message).__name__, **hexed}


@pytest.mark.parametrize("message", FROM_AGENT + FROM_VIEWER, ids=lambda m: type(m).__name__)
def test_what_one_side_writes_the_other_reads_alike(message: Message) -> None:
    sender = Side.AGENT if message in FROM_AGENT else Side.VIEWER

    assert peer.decode(peer.encode(message, sender), sender) == message


@pytest.mark.parametrize("message", FROM_AGENT, ids=lambda m: type(m).__name__)
def test_the_browser_reads_what_the_app_writes(browser: Browser, message: Message) -> None:
    written = peer.encode(message, Side.AGENT)

    assert browser.do("decode", plaintext=written.hex())["answer"] == as_browser(message)


@pytest.mark.parametrize("message", FROM_VIEWER, ids=lambda m: type(m).__name__)
def test_the_app_reads_what_the_browser_writes(browser: Browser, message: Message) -> None:
    written = bytes.fromhex(browser.do("encode", message=as_browser(message))["answer"])

    assert peer.decode(written, Side.VIEWER) == message


def test_every_message_of_the_table_is_tried_here() -> None:
    assert {type(message) for message in FROM_AGENT + FROM_VIEWER} == {rule.message for rule in RULES}


def test_numbers_are_given_once_and_none_is_the_proofs() -> None:
    numbers = [rule.number for rule in RULES]

    assert len(set(numbers)) == len(numbers)
    assert PROOF not in numbers


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.message.__name__)
def test_no_input_and_no_picture_passes_below_its_level(rule: peer.Rule) -> None:
    picture = {peer.Screen, peer.Tiles, peer.Cursor, peer.CursorShape, peer.Digest}
    hands = {peer.Button, peer.Wheel, peer.KeyStroke, peer.TypedText}

    assert (rule.level >= Level.LOOK) or rule.message not in picture
    assert (rule.level >= Level.ACT) or rule.message not in hands
    assert (rule.level >= Level.POINT) or rule.message is not peer.Move


@given(st.binary(max_size=300), st.sampled_from(Side))
def test_whatever_comes_is_a_message_or_refused_with_a_sentence(raw: bytes, sender: Side) -> None:
    message, why = read_or_refused(lambda: peer.decode(raw, sender))

    assert message is not None or why.endswith(".") or "”" in why


@given(st.sampled_from(FROM_AGENT), st.data())
def test_a_message_with_one_byte_changed_is_a_message_or_refused(
    message: Message, data: st.DataObject
) -> None:
    raw = bytearray(peer.encode(message, Side.AGENT))
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    changed, why = read_or_refused(lambda: peer.decode(bytes(raw), Side.AGENT))

    assert changed is not None or why


@given(st.sampled_from(FROM_AGENT + FROM_VIEWER), st.data())
def test_a_message_cut_short_never_reads_as_the_whole(message: Message, data: st.DataObject) -> None:
    sender = Side.AGENT if message in FROM_AGENT else Side.VIEWER
    raw = peer.encode(message, sender)
    cut = raw[: data.draw(st.integers(0, len(raw) - 1))]
    read_back, _ = read_or_refused(lambda: peer.decode(cut, sender))

    assert read_back != message


@given(st.binary(max_size=200))
def test_the_browser_too_reads_or_refuses_whatever_comes(browser: Browser, raw: bytes) -> None:
    answer = browser.do("decode", plaintext=raw.hex())["answer"]

    assert "kind" in answer or answer["error"] == "Malformed"


def tile(data: bytes = b"abcdef", **changes: int) -> bytes:
    values = {"x": 0, "y": 0, "width": 2, "height": 1, "codec": 0} | changes
    return b"\x11" + struct.pack(">IBH", 1, 1, 1) + struct.pack(">HHHHBI", *values.values(), len(data)) + data


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "an empty one"),
        (b"\x00", "no such message"),
        (b"\x99", "no such message"),
        (b"\x22" + bytes(8), "agent has no such message"),
        (tile(data=b"abcde"), "has 5 bytes"),
        (tile(data=b"", codec=1), "has 0 bytes"),
        (tile(data=b"ab", codec=3), "has 2 bytes"),
        (tile(data=b"abc", codec=4), "has 3 bytes"),
        (tile(codec=9), "codec 9"),
        (tile(width=0, data=b"", codec=0), "lies in no picture"),
        (tile(x=65_535), "lies in no picture"),
        (b"\x11" + struct.pack(">IBH", 1, 4, 0), "flags 4"),
        (b"\x11" + struct.pack(">IBH", 1, 1, 4_097), "4097 tiles"),
        (b"\x11" + struct.pack(">IBH", 1, 1, 1), "too early"),
        (tile() + b"x", "mean nothing"),
        (tile()[:-1], "too early"),
        (b"\x12" + struct.pack(">HHBI", 1, 1, 2, 1), "only 0 or 1"),
        (b"\x13" + struct.pack(">IHH", 1, 256, 0) + b"png", "outside its shape"),
        (b"\x13" + struct.pack(">IHH", 1, 0, 0) + bytes(128 * 1024 + 1), "at most 131072"),
        (b"\x16" + bytes(35), "too early"),
        (b"\x14{}", "level is missing"),
        (b'\x14{"level":"everything"}', "must be one of none, look, point, act, change-many"),
        (b"\x30" + json.dumps({"text": "x" * 901}).encode(), "901 characters"),
    ],
)
def test_a_malformed_message_of_the_app_is_refused_by_both_twins(
    browser: Browser, raw: bytes, why: str
) -> None:
    with pytest.raises(RemoteProtocolError, match=why):
        peer.decode(raw, Side.AGENT)
    answer = browser.do("decode", plaintext=raw.hex())["answer"]

    # The browser trusts the words inside JSON to the app, whose keys it has checked; shapes it checks itself.
    assert answer.get("error") == "Malformed" or raw[0] in (0x14, 0x30)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"\x23" + struct.pack(">IBBHH", 1, 5, 1, 0, 0), "Button 5 is no button"),
        (b"\x25" + struct.pack(">IBB", 1, 1, 41) + bytes(41), "text of 41 bytes"),
        (b"\x25" + struct.pack(">IBB", 1, 1, 0) + bytes(65), "at most 64"),
        (b"\x26" + struct.pack(">I", 1) + b"\xff", "not UTF-8"),
        (b"\x26" + struct.pack(">I", 1) + bytes(8_193), "at most 8192"),
        (b"\x27x", "mean nothing"),
    ],
)
def test_a_malformed_message_of_the_viewer_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(RemoteProtocolError, match=why):
        peer.decode(raw, Side.VIEWER)


@pytest.mark.parametrize(
    ("message", "sender"),
    [
        (peer.Move(1, 2, 3), Side.AGENT),
        (peer.Move(1, -1, 3), Side.VIEWER),
        (peer.Move(1, 65_536, 3), Side.VIEWER),
        (peer.Chat(""), Side.AGENT),
        (peer.TypedText(1, "\ud800"), Side.VIEWER),
        (peer.Tiles(1, TileFlag.LAST, (Tile(0, 0, 1, 1, Codec.SOLID, b"abc"),) * 4_097), Side.AGENT),
    ],
    ids=["the app moves no mouse", "negative", "too far", "empty chat", "half a character", "too many tiles"],
)
def test_our_own_side_cannot_write_what_the_other_would_refuse(message: Message, sender: Side) -> None:
    with pytest.raises(LocalProtocolError):
        peer.encode(message, sender)
