"""Sends the picture: one thread that sleeps until the screen reports damage, and sends what really changed.

It owns the screen connection and the picture as the technician has it, from `start` to `stop`; the app makes one after the customer
allowed looking, and none before. It refuses to run ahead: `pacer` says when the next frame may be made, and what changed meanwhile is
sent once, in its newest state. It seals and sends nothing itself; messages go to `deliver`, in order.

A still screen costs nothing. After `STILL_MS` without change the digest of the whole picture follows, so that the technician's
page can prove that every pixel is the customer's own.
"""

from __future__ import annotations

import hashlib
import io
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from itertools import chain

from PIL import Image, ImageChops

from pomost.agent.moving import Moving
from pomost.agent.pacer import Pacer
from pomost.agent.picture import (
    COPY,
    RAW,
    SOLID,
    VIDEO,
    WEBP,
    Encoded,
    Rect,
    banded,
    changed,
    coalesced,
    encode,
    overlap,
    placed,
)
from pomost.agent.screen import CursorShape, Noticed, Screen, ScreenUnavailable
from pomost.agent.scroll import Follower
from pomost.agent.system_screen import SystemScreen
from pomost.wire import peer
from pomost.wire.clock import Clock
from pomost.wire.packed import U16_MAX

STILL_MS = 250
"""So long without a change is stillness."""

DIGEST_EVERY_MS = 5_000
"""At most one digest in so long while only little changes: a blinking caret must not cost a hash of the screen each time."""

MUCH_PX = 20_000
"""A change of so many pixels since the last digest asks for a new one as soon as the screen is still."""

MESSAGE_BYTES = 48 * 1024
"""A message of tiles is sent when it has grown to this, so that the technician sees the first ones while the rest is encoded."""

ALONE_PX = 60_000
"""Up to so many pixels are encoded at once on the spot; more are shared between threads."""

SCROLL_PX = 60_000
"""Changes of so many pixels are looked at for a movement first; smaller ones are encoded faster than looked at."""

CURSOR_EVERY_MS = 12
SHAPES_MAX = 64
"""Pointer shapes remembered; after that they are numbered anew."""

_CODECS = {
    SOLID: peer.Codec.SOLID,
    RAW: peer.Codec.RAW,
    WEBP: peer.Codec.WEBP,
    COPY: peer.Codec.COPY,
    VIDEO: peer.Codec.VIDEO,
}

Deliver = Callable[[Sequence[peer.Message]], None]


def warm_up(display_name: str | None) -> None:
    """Connect once and leave again, before it is needed: the libraries' first connection takes 0.1 s. Nothing is captured.

    Raises:
        ScreenUnavailable: the screen could not be shown later either.
    """
    SystemScreen(display_name).close()


class Streamer:
    """The picture of one screen for one viewer, from one grant to its withdrawal."""

    def __init__(
        self,
        clock: Clock,
        deliver: Deliver,
        on_failed: Callable[[str], None],
        *,
        display_name: str | None = None,
    ) -> None:
        """Prepare; nothing is captured yet.

        Args:
            clock: for pace and stillness.
            deliver: takes messages, in order, in the capturing thread; must return at once.
            on_failed: takes a sentence when the screen cannot be captured (any more), in the same thread.
            display_name: the X server; None means $DISPLAY.
        """
        self._clock, self._deliver, self._on_failed = clock, deliver, on_failed
        self._display_name = display_name
        self._pacer = Pacer()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._screen: Screen | None = None
        self._thread = threading.Thread(target=self._run, name="picture", daemon=True)
        self._pool = ThreadPoolExecutor(2, "encode")
        self._frame_id = 0
        self._shapes: dict[CursorShape, int] = {}
        self._decodes: tuple[str, ...] = ()
        self._asked: int | None = None

    def start(self) -> None:
        """Begin to capture."""
        self._thread.start()

    def stop(self) -> None:
        """Capture no more and return at once; what is being encoded is thrown away."""
        self._stopping.set()
        self._wake()

    def join(self, timeout_s: float) -> bool:
        """Wait until the thread has ended; says whether it has."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def acknowledged(self, frame_id: int) -> None:
        """The viewer shows this frame."""
        with self._lock:
            self._pacer.acknowledged(frame_id, self._clock.monotonic_ms())
        self._wake()

    def asked(self, echo: int) -> None:
        """The viewer wants to know how old its picture is; of several questions the newest is answered."""
        with self._lock:
            self._asked = echo
        self._wake()

    def decodes(self, codecs: tuple[str, ...]) -> None:
        """The viewer decodes these kinds of video; none until it said so."""
        self._decodes = codecs

    def _wake(self) -> None:
        with self._lock:
            if self._screen is not None:
                self._screen.wake()

    def _run(self) -> None:
        try:
            self._capture()
        finally:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _capture(self) -> None:
        try:
            screen = SystemScreen(self._display_name)
        except ScreenUnavailable as unavailable:
            self._on_failed(str(unavailable))
            return
        with self._lock:
            self._screen = screen
        try:
            _Picture(self, screen).run()
        except (ScreenUnavailable, OSError) as gone:
            if not self._stopping.is_set():
                self._on_failed(str(gone))
        finally:
            with self._lock:
                self._screen = None
            screen.close()

    # What the picture's loop uses.

    @property
    def stopping(self) -> bool:
        """Whether nothing may be delivered any more."""
        return self._stopping.is_set()

    @property
    def may_send_video(self) -> bool:
        """Whether the technician's page shows the kind of video that is made here."""
        return peer.AV1 in self._decodes

    @property
    def executor(self) -> Executor:
        """For work beside the loop's own."""
        return self._pool

    def wait(self, screen: Screen, timeout_ms: int | None) -> None:
        """Sleep until the screen, an acknowledgement or the end."""
        screen.wait(None if timeout_ms is None else timeout_ms / 1000)

    def now_ms(self) -> int:
        """The moment."""
        return self._clock.monotonic_ms()

    def pace_ms(self) -> int | None:
        """When the next frame may be made; as `Pacer.wait_ms`."""
        with self._lock:
            return self._pacer.wait_ms(self.now_ms())

    def send(self, *messages: peer.Message) -> None:
        """Deliver, unless it is over."""
        if not self.stopping:
            self._deliver(messages)

    def answer(self, frame_id: int, behind_ms: int) -> None:
        """Answer the viewer's question, if there is one; what was sent before it arrives before it."""
        with self._lock:
            echo, self._asked = self._asked, None
        if echo is not None:
            self.send(peer.Pong(echo, frame_id, min(behind_ms, U16_MAX)))

    def announce(self, screen: Screen) -> None:
        """Tell the size; the viewer's picture begins black again."""
        name = f"{screen.width} × {screen.height}"
        whole = peer.ScreenPart(name, 0, 0, screen.width, screen.height)
        self.send(peer.Screen(screen.width, screen.height, name, screen.layout(), (whole,)))

    def send_frame(self, tiles: Iterator[Encoded], *, is_exact: bool) -> int:
        """Deliver the tiles as one frame in one or several messages; returns the frame's id."""
        self._frame_id += 1
        batch: list[peer.Tile] = []
        batch_bytes = frame_bytes = 0
        for rect, codec, data in tiles:
            if self.stopping:
                return self._frame_id
            if batch_bytes >= MESSAGE_BYTES:
                self.send(peer.Tiles(self._frame_id, peer.TileFlag.NONE, tuple(batch)))
                batch, batch_bytes = [], 0
            batch.append(peer.Tile(rect.x, rect.y, rect.w, rect.h, _CODECS[codec], data))
            batch_bytes += len(data)
            frame_bytes += len(data)
        with self._lock:
            self._pacer.sent(self._frame_id, frame_bytes, self.now_ms())
        flags = peer.TileFlag.LAST | (peer.TileFlag.EXACT if is_exact else peer.TileFlag.NONE)
        self.send(peer.Tiles(self._frame_id, flags, tuple(batch)))
        return self._frame_id

    def encoded(self, pieces: list[tuple[Image.Image, Rect]]) -> Iterator[Encoded]:
        """The pieces encoded, in order; large work is shared between two threads."""
        if len(pieces) <= 1 or sum(rect.area for _piece, rect in pieces) <= ALONE_PX:
            return (encode(piece, rect) for piece, rect in pieces)
        return self._pool.map(lambda pair: encode(*pair), pieces)

    def number_of(self, cursor: CursorShape) -> int:
        """The shape's number; it is sent when it is new."""
        if cursor not in self._shapes:
            if len(self._shapes) >= SHAPES_MAX:
                self._shapes.clear()
            self._shapes[cursor] = len(self._shapes) + 1
            image = Image.frombytes("RGBA", (cursor.width, cursor.height), cursor.pixels)
            buffer = io.BytesIO()
            image.save(buffer, "PNG")
            self.send(peer.CursorShape(self._shapes[cursor], cursor.hot_x, cursor.hot_y, buffer.getvalue()))
        return self._shapes[cursor]


class _Picture:
    """The loop, and the picture as the technician has it."""

    def __init__(self, streamer: Streamer, screen: Screen) -> None:
        self._streamer, self._screen = streamer, screen
        self._damaged: list[Rect] = []
        self._behind_since_ms: int | None = None
        """When the first change was noticed that has not been sent."""
        self._changed_ms = self._digest_ms = self._cursor_ms = -DIGEST_EVERY_MS
        self._undigested_px = 0
        self._cursor_due = True
        self._cursor: peer.Cursor | None = None
        self._shape = 0
        self._last_frame = 0
        self._follower = Follower()
        self._begin()

    def _begin(self) -> None:
        """The viewer has a black picture of the right size now; everything is news."""
        self._sent = Image.new("RGB", (self._screen.width, self._screen.height))
        self._moving = Moving(self._screen.width, self._screen.height, self._streamer.executor)
        self._damaged = [Rect(0, 0, self._screen.width, self._screen.height)]
        self._streamer.announce(self._screen)
        self._cursor = None
        self._reshape()

    def run(self) -> None:
        while not self._streamer.stopping:
            self._take(self._screen.notice())
            self._streamer.answer(self._last_frame, self._behind_ms())
            rest_ms = self._moving.rest_in_ms(self._damaged, self._streamer.now_ms())
            pause_ms = self._streamer.pace_ms() if self._damaged or rest_ms == 0 else None
            if pause_ms == 0:
                (self._make_exact if rest_ms == 0 else self._frame)()
                continue  # look for news before sleeping
            wait_ms = _soonest(pause_ms, rest_ms or None, self._cursor_in_ms(), self._digest_in_ms())
            self._streamer.wait(self._screen, wait_ms)

    def _behind_ms(self) -> int:
        """How long a change has waited to be sent."""
        if not self._damaged:
            self._behind_since_ms = None
            return 0
        if self._behind_since_ms is None:
            self._behind_since_ms = self._streamer.now_ms()
        return self._streamer.now_ms() - self._behind_since_ms

    def _take(self, noticed: Noticed) -> None:
        if noticed.resized:
            self._begin()
        self._damaged += noticed.damaged
        if len(self._damaged) > 64:
            self._damaged = coalesced(self._damaged)
        if noticed.reshaped:
            self._reshape()
        self._cursor_due = self._cursor_due or noticed.moved
        if self._cursor_in_ms() == 0:
            self._cursor_due = False
            self._cursor_ms = self._streamer.now_ms()
            x, y = self._screen.pointer()
            cursor = peer.Cursor(x, y, visible=True, shape=self._shape)
            if cursor != self._cursor:  # a click moves the pointer to where it is
                self._cursor = cursor
                self._streamer.send(cursor)

    def _reshape(self) -> None:
        shape = self._screen.cursor_shape()
        if shape is not None and shape.width <= peer.CURSOR_SIDE_MAX and shape.height <= peer.CURSOR_SIDE_MAX:
            self._shape = self._streamer.number_of(shape)
        self._cursor_due = True

    def _frame(self) -> None:
        """Send what differs now from what the technician has."""
        self._screen.settle()
        areas, self._damaged = coalesced(self._damaged), []
        self._behind_since_ms = None
        ready: list[Encoded] = []
        pieces: list[tuple[Image.Image, Rect]] = []
        moved: list[Rect] = []
        in_video: list[Rect] = []
        for area in areas:
            now = self._screen.grab(area)
            copies = self._scrolled(area, now) if self._may_scroll(area) else []
            ready += copies
            before = self._sent.crop((area.x, area.y, area.right, area.bottom))
            in_video += self._left_to_video(area, before, now)
            for rect in changed(before, now, area.x, area.y):
                x, y = rect.x - area.x, rect.y - area.y
                piece = now.crop((x, y, x + rect.w, y + rect.h))
                self._sent.paste(piece, (rect.x, rect.y))
                pieces.append((piece, rect))
                if not copies:  # rows that scroll in are no film, however often they come
                    moved.append(rect)
        video = self._moving.frame(self._screen.grab, self._streamer.now_ms()) if in_video else None
        if video is not None:
            ready += video.tiles
            self._sent.paste(video.picture, (video.part.x, video.part.y))
        self._choose([*in_video, *moved])
        if ready or pieces:
            self._send(ready, pieces)

    def _send(self, ready: list[Encoded], pieces: list[tuple[Image.Image, Rect]]) -> None:
        tiles = chain(ready, self._streamer.encoded(pieces))
        self._last_frame = self._streamer.send_frame(tiles, is_exact=self._moving.nearly is None)
        self._changed_ms = self._streamer.now_ms()
        self._moving.sent(self._changed_ms)
        self._undigested_px += sum(rect.area for rect in (*(c.rect for c in ready), *(r for _p, r in pieces)))

    def _left_to_video(self, area: Rect, before: Image.Image, now: Image.Image) -> list[Rect]:
        """What changed in the part that goes as video; `before` is made to show no change there."""
        part = self._moving.part
        common = None if part is None else overlap(part, area)
        if common is None:
            return []
        box = (common.x - area.x, common.y - area.y, common.right - area.x, common.bottom - area.y)
        fresh = now.crop(box)
        differs = ImageChops.difference(before.crop(box), fresh).getbbox()
        if differs is None:
            return []
        before.paste(fresh, box[:2])
        left, top, right, bottom = differs
        return [Rect(common.x + left, common.y + top, right - left, bottom - top)]

    def _choose(self, changes: list[Rect]) -> None:
        """Decide what goes as video from the next frame on."""
        if not self._streamer.may_send_video:
            self._moving.stop()
            return
        now_ms = self._streamer.now_ms()
        self._moving.saw(changes, now_ms)
        stream = self._moving.choose(self._sent, now_ms)
        if stream is not None:
            self._streamer.send(stream)

    def _make_exact(self) -> None:
        """Send without loss what the technician has only nearly."""
        nearly = self._moving.rested()
        if nearly is not None:
            bands = banded(nearly)
            self._send([], [(self._sent.crop((r.x, r.y, r.right, r.bottom)), r) for r in bands])

    def _may_scroll(self, area: Rect) -> bool:
        """Whether it is worth looking for a movement; not where some pixels at the technician's are only nearly right."""
        return area.area >= SCROLL_PX and self._moving.part is None and self._moving.nearly is None

    def _scrolled(self, area: Rect, now: Image.Image) -> list[Encoded]:
        """The rows of `area` that only moved, as a copy of what the technician has; `_sent` has them moved already."""
        before = self._sent.crop((area.x, area.y, area.right, area.bottom))
        found = self._follower.follow(before, now, SCROLL_PX)
        if found is None:
            return []
        self._sent.paste(found.picture, (area.x, area.y))
        target = placed(found.moved, area)
        kept = chain.from_iterable(placed(rect, area) for rect in found.kept)
        numbers = [target.x, area.y + found.from_y, *kept]
        return [Encoded(target, COPY, struct.pack(f">{len(numbers)}H", *numbers))]

    def _cursor_in_ms(self) -> int | None:
        return (
            max(self._cursor_ms + CURSOR_EVERY_MS - self._streamer.now_ms(), 0) if self._cursor_due else None
        )

    def _digest_in_ms(self) -> int | None:
        """When the digest is due; it is sent here when that is now."""
        if not self._undigested_px or self._damaged or self._moving.nearly is not None:
            return None
        due_ms = self._changed_ms + STILL_MS
        if self._undigested_px < MUCH_PX:
            due_ms = max(due_ms, self._digest_ms + DIGEST_EVERY_MS)
        left_ms = due_ms - self._streamer.now_ms()
        if left_ms > 0:
            return left_ms
        self._digest_ms, self._undigested_px = self._streamer.now_ms(), 0
        width, height = self._sent.size
        digest = hashlib.sha256(struct.pack(">HH", width, height))
        for top in range(0, height, 128):
            digest.update(self._sent.crop((0, top, width, min(top + 128, height))).tobytes())
        self._streamer.send(peer.Digest(self._last_frame, digest.digest()))
        return None


def _soonest(*delays_ms: int | None) -> int | None:
    return min((delay for delay in delays_ms if delay is not None), default=None)
