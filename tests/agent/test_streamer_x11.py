"""The picture of a real X server: exact, paced, and silent when nothing changes."""

import gc
import hashlib
import io
import queue
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import pytest
from PIL import Image, ImageGrab
from Xlib import X, display
from Xlib.error import ConnectionClosedError
from Xlib.ext import xtest

from pomost.agent.streamer import Streamer
from pomost.wire import peer
from pomost.wire.clock import SystemClock
from pomost.wire.levels import Side
from pomost.wire.peer import TileFlag

from .conftest import XServer
from .test_scroll import page
from .tiles import decoded

PATIENCE_S = 20


class Watching:
    """A streamer, and the picture as its messages make it."""

    def __init__(self, x_server: XServer) -> None:
        self.x = x_server
        self._arrived: queue.SimpleQueue[peer.Message | str] = queue.SimpleQueue()
        self.picture = Image.new("RGB", (1, 1))
        self.bytes = 0
        self.codecs: Counter[peer.Codec] = Counter()
        self.streams: list[peer.VideoStream] = []
        self.last_frame = 0
        self.acknowledges = True
        self.streamer = Streamer(SystemClock(), self._take, self._arrived.put, display_name=x_server.name)
        self.streamer.start()

    def _take(self, messages: Sequence[peer.Message]) -> None:
        for message in messages:
            self._arrived.put(message)

    def next(self) -> peer.Message | str:
        message = self._arrived.get(timeout=PATIENCE_S)
        if isinstance(message, str):
            return message
        self.bytes += len(peer.encode(message, Side.AGENT))
        if isinstance(message, peer.Screen):
            self.picture = Image.new("RGB", (message.width, message.height))
        if isinstance(message, peer.VideoStream):
            self.streams.append(message)
        if isinstance(message, peer.Tiles):
            for tile in message.tiles:
                self.picture.paste(decoded(tile, self.picture), (tile.x, tile.y))
                self.codecs[tile.codec] += 1
            if message.flags & TileFlag.LAST:
                self.last_frame = message.frame_id
                if self.acknowledges:
                    self.streamer.acknowledged(message.frame_id)
        return message

    def until_frame(self) -> peer.Tiles:
        while not isinstance(message := self.next(), peer.Tiles) or not message.flags & TileFlag.LAST:
            assert not isinstance(message, str), message
        return message

    def until_still(self) -> peer.Digest:
        while not isinstance(message := self.next(), peer.Digest):
            assert not isinstance(message, str), message
        return message

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(struct.pack(">HH", *self.picture.size) + self.picture.tobytes()).digest()

    @property
    def nothing_waits(self) -> bool:
        return self._arrived.empty()

    def close(self) -> None:
        self.streamer.stop()
        assert self.streamer.join(PATIENCE_S)


class Pen:
    """Another program that draws on the screen."""

    def __init__(self, x_server: XServer) -> None:
        self.display = display.Display(x_server.name)
        screen = self.display.screen()
        self.window = screen.root.create_window(
            40, 30, 900, 600, 0, screen.root_depth, background_pixel=0xF5F4EF, override_redirect=True
        )
        self.window.map()
        self._pen = self.window.create_gc(foreground=0x1B5073)
        self.display.sync()

    def fill(self, x: int, y: int, width: int, height: int, colour: int) -> None:
        self._pen.change(foreground=colour)
        self.window.fill_rectangle(self._pen, x, y, width, height)
        self.display.sync()

    def write(self, x: int, y: int, text: str) -> None:
        self._pen.change(foreground=0x18212B)
        self.window.draw_text(self._pen, x, y, text.encode("latin-1"))
        self.display.sync()

    def show(self, picture: Image.Image) -> None:
        """Draw a whole picture at once, so that nobody sees half of it."""
        whole = self.window.create_pixmap(*picture.size, self.display.screen().root_depth)
        whole.put_pil_image(self._pen, 0, 0, picture)
        self.window.copy_area(self._pen, whole, 0, 0, *picture.size, 0, 0)
        whole.free()
        self.display.sync()

    def close(self) -> None:
        with suppress(ConnectionClosedError):  # one test takes the server away
            self.display.close()


@pytest.fixture
def pen(x_server: XServer) -> Iterator[Pen]:
    pen = Pen(x_server)
    yield pen
    pen.close()


@pytest.fixture
def watching(x_server: XServer, pen: Pen) -> Iterator[Watching]:
    watching = Watching(x_server)
    yield watching
    watching.close()


def test_the_first_picture_is_the_screen_pixel_by_pixel_and_its_digest_says_so(
    x_server: XServer, pen: Pen, watching: Watching
) -> None:
    for line in range(30):
        pen.write(10, 20 + 18 * line, f"Faktura 2026/06/{line}  123,45")
    digest = watching.until_still()
    assert digest.sha256 == watching.digest
    assert digest.frame_id == watching.last_frame
    real = ImageGrab.grab(xdisplay=x_server.name).convert("RGB")
    assert watching.picture.tobytes() == real.tobytes()


def test_a_small_change_costs_little_and_stays_exact(x_server: XServer, pen: Pen, watching: Watching) -> None:
    watching.until_still()
    before = watching.bytes
    pen.fill(100, 100, 2, 18, 0x000000)
    while not isinstance(message := watching.next(), peer.Tiles):
        pass
    assert message.tiles == (peer.Tile(140, 130, 2, 18, peer.Codec.SOLID, b"\0\0\0"),)
    assert watching.bytes - before < 100


def test_drawing_the_same_again_sends_nothing(pen: Pen, watching: Watching) -> None:
    watching.until_still()
    for _ in range(50):
        pen.fill(0, 0, 300, 300, 0xF5F4EF)
    pen.fill(500, 500, 1, 1, 0)
    while not isinstance(message := watching.next(), peer.Tiles):
        pass
    assert [(tile.x, tile.y) for tile in message.tiles] == [(540, 530)]


def test_a_viewer_that_does_not_acknowledge_gets_the_newest_later_not_everything(
    pen: Pen, watching: Watching
) -> None:
    watching.until_still()
    watching.acknowledges = False
    for step in range(200):
        for row in range(20):
            pen.write(10, 20 + 20 * row, f"{step * row:05d} " * 20)
    frames = set()
    while not watching.nothing_waits:
        message = watching.next()
        if isinstance(message, peer.Tiles):
            frames.add(message.frame_id)
    assert len(frames) <= 14
    watching.acknowledges = True
    watching.streamer.acknowledged(watching.last_frame)
    assert watching.until_still().sha256 == watching.digest


def test_scrolled_text_is_copied_at_the_technicians_not_sent_again(pen: Pen, watching: Watching) -> None:
    for line in range(30):
        pen.write(10, 20 + 19 * line, " ".join(str(line * 7919 + column * 104729) for column in range(14)))
    watching.until_still()
    before, copies = watching.bytes, watching.codecs[peer.Codec.COPY]
    gc = pen.window.create_gc()
    pen.window.copy_area(gc, pen.window, 0, 19, 900, 581, 0, 0)
    pen.display.sync()
    assert watching.until_still().sha256 == watching.digest
    assert watching.codecs[peer.Codec.COPY] > copies
    assert watching.bytes - before < 3_000


def test_what_stays_over_a_page_that_scrolls_is_not_sent_again(pen: Pen, watching: Watching) -> None:
    watching.until_still()
    text, photo = page(1), Image.effect_noise((320, 200), 90).convert("RGB")
    sizes = []
    for top in (0, 14, 28):
        shot = text.crop((0, top, 640, top + 500))
        shot.paste(photo, (200, 150))
        before = watching.bytes
        pen.show(shot)
        assert watching.until_still().sha256 == watching.digest
        sizes.append(watching.bytes - before)

    first, *moved = sizes
    assert first > 60_000, "the photo alone, written without loss"
    assert max(moved) < first / 4


def test_a_film_goes_as_video_and_is_exact_when_it_rests(pen: Pen, watching: Watching) -> None:
    watching.until_still()
    watching.streamer.decodes((peer.AV1,))
    shots = [Image.effect_noise((384, 256), 60 + 20 * n).convert("RGB") for n in range(4)]
    flags: list[TileFlag] = []
    while not watching.codecs[peer.Codec.VIDEO]:
        pen.show(shots[len(flags) % 4])
        frame = watching.until_frame()
        flags.append(frame.flags)

    digest = watching.until_still()

    assert digest.sha256 == watching.digest, "every pixel, though the film came nearly right only"
    assert flags[-1] == TileFlag.LAST, "a frame with video is not exact"
    assert set(flags[:-1]) == {TileFlag.LAST | TileFlag.EXACT}
    assert watching.streams == [peer.VideoStream(watching.streams[0].stream, peer.AV1, 384, 256)]


def test_a_page_that_scrolls_goes_as_copies_even_where_video_is_shown(pen: Pen, watching: Watching) -> None:
    watching.until_still()
    watching.streamer.decodes((peer.AV1,))
    text = page(1)
    pen.show(text.crop((0, 0, 640, 500)))
    watching.until_still()
    for top in range(80, 321, 80):
        pen.show(text.crop((0, top, 640, top + 500)))
        watching.until_frame()

    assert watching.until_still().sha256 == watching.digest
    assert watching.codecs[peer.Codec.COPY] >= 4
    assert watching.streams == []


def test_a_page_that_shows_no_video_gets_none(pen: Pen, watching: Watching) -> None:
    watching.until_still()
    shots = [Image.effect_noise((384, 256), 60 + 20 * n).convert("RGB") for n in range(4)]
    for n in range(12):
        pen.show(shots[n % 4])
        watching.until_frame()

    assert watching.until_still().sha256 == watching.digest
    assert watching.codecs[peer.Codec.VIDEO] == 0
    assert watching.streams == []


def test_the_pointer_is_told_apart_from_the_picture(x_server: XServer, pen: Pen, watching: Watching) -> None:
    watching.until_still()
    xtest.fake_input(pen.display, X.MotionNotify, x=321, y=123)
    pen.display.sync()
    while not isinstance(message := watching.next(), peer.Cursor):
        pass
    assert (message.x, message.y, message.visible) == (321, 123, True)


def test_a_new_shape_of_the_pointer_is_sent_once_and_then_named(pen: Pen, watching: Watching) -> None:
    watching.until_still()
    font: Any = pen.display.open_font("cursor")
    for shape in (68, 152, 68):
        cursor = font.create_glyph_cursor(font, shape, shape + 1, (0, 0, 0), (65535, 65535, 65535))
        pen.window.change_attributes(cursor=cursor)
        xtest.fake_input(pen.display, X.MotionNotify, x=300 + shape, y=200)
        pen.display.sync()
        while not isinstance(message := watching.next(), peer.Cursor) or message.x != 300 + shape:
            if isinstance(message, peer.CursorShape):
                assert Image.open(io.BytesIO(message.png)).mode == "RGBA"


def test_after_stop_nothing_is_delivered(pen: Pen, watching: Watching) -> None:
    watching.until_still()
    watching.close()
    while not watching.nothing_waits:
        watching.next()
    pen.fill(0, 0, 500, 500, 0xFF0000)
    assert watching.nothing_waits


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # python-xlib leaves its sockets open
def test_a_screen_that_is_not_there_is_said_in_a_sentence() -> None:
    said: queue.SimpleQueue[str] = queue.SimpleQueue()
    streamer = Streamer(SystemClock(), lambda messages: None, said.put, display_name=":40")
    streamer.start()
    assert "does not answer" in said.get(timeout=PATIENCE_S)
    assert streamer.join(PATIENCE_S)
    gc.collect()


def test_a_screen_that_goes_away_is_said_too(watching: Watching) -> None:
    watching.until_still()
    watching.x.close()
    while not isinstance(said := watching.next(), str):
        pass
    assert said


def test_a_question_for_the_age_is_answered_behind_the_frames_that_were_sent(watching: Watching) -> None:
    watching.until_still()
    watching.streamer.asked(41)
    watching.streamer.asked(42)
    while not isinstance(message := watching.next(), peer.Pong) or message.echo != 42:
        assert not isinstance(message, str), message

    assert message == peer.Pong(42, watching.last_frame, 0)


def test_a_change_that_may_not_be_sent_yet_is_told_by_its_age(watching: Watching, pen: Pen) -> None:
    watching.until_still()
    watching.acknowledges = False
    echo = 0
    pong = peer.Pong(0, 0, 0)
    while pong.behind_ms == 0:
        echo += 1
        pen.fill(0, 0, 200 + echo % 7, 200, 0x1B5073 + echo)
        watching.streamer.asked(echo)
        while not isinstance(message := watching.next(), peer.Pong):
            assert not isinstance(message, str), message
        pong = message

    assert pong.frame_id == watching.last_frame
