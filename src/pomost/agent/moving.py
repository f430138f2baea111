"""The part of the picture that is sent as video while it moves, and made exact when it rests.

Owns which part that is, its encoder, and the account of what the technician has only nearly. One part at a time: the largest that moves.
Refuses to leave anything nearly right: what was sent as video is sent without loss as soon as it rested for `REST_MS`.
Until an encoder is set up, which takes a moment, all goes without loss. `streamer` asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future
from typing import Final, NamedTuple

from PIL import Image

from pomost.agent.motion import GAP_MS, Motion
from pomost.agent.picture import VIDEO, Encoded, Rect, inside, overlap, union
from pomost.agent.video import Encoder, opened
from pomost.wire import peer

REST_MS: Final = 150
"""So long without a change, and the part is made exact."""
STREAMS: Final = 256
"""Numbers for streams; they begin anew after the last."""


class _Stream(NamedTuple):
    """A stream that has begun: its number, its encoder, and its first frame, which is not sent yet."""

    number: int
    part: Rect
    encoder: Encoder
    first: bytes


class Frame(NamedTuple):
    """A frame of the moving part: where it is, its pixels, and the tiles that show it nearly."""

    part: Rect
    picture: Image.Image
    tiles: list[Encoded]


class Moving:
    """The moving part of one screen, for one viewer."""

    def __init__(self, width: int, height: int, executor: Executor) -> None:
        """Begin with nothing in motion."""
        self._motion, self._executor = Motion(width, height), executor
        self._opening: Future[_Stream | None] | None = None
        self._stream: _Stream | None = None
        self._numbers = 0
        self._changed_ms = self._wanted_ms = 0
        self.nearly: Rect | None = None
        """What the technician has only nearly."""

    @property
    def part(self) -> Rect | None:
        """The part that goes as video now; None: none."""
        return self._stream.part if self._stream is not None else None

    def saw(self, rects: Iterable[Rect], now_ms: int) -> None:
        """Take note of what changed with one frame, the moving part's own changes included."""
        self._motion.saw(rects, now_ms)

    def sent(self, now_ms: int) -> None:
        """Take note that the frame is out."""
        self._motion.sent(now_ms)

    def choose(self, picture: Image.Image, now_ms: int) -> peer.VideoStream | None:
        """Decide which part goes as video from the next frame on; the stream to announce when that is a new one.

        `picture` is the screen as it was seen last, from which a new stream begins.
        """
        wanted = self._motion.part(now_ms)
        if wanted is None:
            if now_ms - self._wanted_ms > GAP_MS:
                self._stream = None  # what little still changes there is better sent exactly
            return None
        self._wanted_ms = now_ms
        if self.part is not None and inside(wanted, self.part):
            return None
        if self._opening is None:
            self._numbers = (self._numbers + 1) % STREAMS
            number, first = self._numbers, picture.crop((wanted.x, wanted.y, wanted.right, wanted.bottom))
            self._opening = self._executor.submit(_begun, number, wanted, first)
        if not self._opening.done():
            return None
        stream, self._opening = self._opening.result(), None
        if stream is None or not inside(wanted, stream.part):
            return None  # it moved on while the encoder was set up
        self._stream = stream
        return peer.VideoStream(stream.number, peer.AV1, stream.part.w, stream.part.h)

    def frame(self, grab: Callable[[Rect], Image.Image], now_ms: int) -> Frame | None:
        """The next frame of the part that goes as video; None: none does."""
        stream = self._stream
        if stream is None:
            return None
        picture = grab(stream.part)
        frames = [(1, stream.first)] if stream.first else []
        frames.append((0, stream.encoder.encode(picture)))
        self._stream = stream._replace(first=b"")
        self._changed_ms = now_ms
        self.nearly = stream.part if self.nearly is None else union((self.nearly, stream.part))
        tiles = [
            Encoded(stream.part, VIDEO, bytes((stream.number, whole)) + data)
            for whole, data in frames
            if data
        ]
        return Frame(stream.part, picture, tiles)

    def rest_in_ms(self, damaged: Iterable[Rect], now_ms: int) -> int | None:
        """When what is only nearly right is to be made exact; None: all is exact, or it has changed again.

        `damaged` waits to be sent: on a slow link a film's next frame waits longer than a rest, and is none.
        """
        nearly = self.nearly
        if nearly is None or any(overlap(rect, nearly) for rect in damaged):
            return None
        return max(self._changed_ms + REST_MS - now_ms, 0)

    def stop(self) -> None:
        """Send no more video: the technician's page cannot show it."""
        self._stream = None

    def rested(self) -> Rect | None:
        """What is to be made exact now; from here on it counts as exact."""
        nearly, self.nearly, self._stream = self.nearly, None, None
        return nearly


def _begun(number: int, part: Rect, first: Image.Image) -> _Stream | None:
    encoder = opened(part.w, part.h)
    return None if encoder is None else _Stream(number, part, encoder, encoder.encode(first))
