"""One WebSocket with its limits: bounded queue, time-limited sends, bounded messages.

A slow reader is not waited for: whoever lets more than QUEUE_BYTES_MAX pile up loses the line and
may come back within the room's grace. So one end's slowness never delays the other end's stop.
"""

import asyncio
from collections import deque
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from pomost.wire import control
from pomost.wire.carrier import FRAME_BYTES_MAX
from pomost.wire.clock import Clock
from pomost.wire.control import Message, Way
from pomost.wire.errors import RemoteProtocolError
from pomost.wire.shape import JSON_BYTES_MAX

QUEUE_BYTES_MAX: Final = 8 * 1024 * 1024
"""Four of the largest frames; the ends keep about 1.5 in flight."""
QUEUE_MESSAGES_MAX: Final = 2_048
SEND_SECONDS: Final = 10
"""A line that takes nothing for so long is dead."""
CONTROL_PER_MINUTE_MAX: Final = 600
"""Text messages; a person and a beat make a few a minute, a flood makes more."""
HELLO_SECONDS: Final = 10
"""A socket that does not say hello by then is closed."""

CLOSE_DONE: Final = 1000
CLOSE_REFUSED: Final = 1008
CLOSE_TOO_SLOW: Final = 1013


class LineClosed(Exception):
    """The other end of the socket is gone."""


class Line:
    """One end's socket."""

    def __init__(self, websocket: WebSocket, inward: Way, outward: Way, clock: Clock) -> None:
        self._websocket = websocket
        self._inward = inward
        self._outward = outward
        self._clock = clock
        self._queue: deque[str | bytes] = deque()
        self._queued_bytes = 0
        self._wake = asyncio.Event()
        self._close_with: int | None = None
        self._minute_began_ms = clock.monotonic_ms()
        self._texts_this_minute = 0
        self.heard_at_ms = clock.monotonic_ms()
        """When anything last came in."""

    @property
    def is_open(self) -> bool:
        """Whether messages still go out."""
        return self._close_with is None

    def tell(self, message: Message) -> None:
        """Queue a control message; nothing happens on a line that is closing."""
        self._put(control.dump(self._outward, message))

    def relay(self, frame: bytes) -> None:
        """Queue a sealed frame."""
        self._put(frame)

    def close(self, code: int = CLOSE_DONE) -> None:
        """Close after what is queued has gone out."""
        if self._close_with is None:
            self._close_with = code
            self._wake.set()

    def refuse(self, why: str, because: control.Because | None = None) -> None:
        """Say why, and close."""
        self.tell(control.Refused(why, because))
        self.close(CLOSE_REFUSED)

    def _put(self, data: str | bytes) -> None:
        if self._close_with is not None:
            return
        self._queue.append(data)
        self._queued_bytes += len(data)
        if self._queued_bytes > QUEUE_BYTES_MAX or len(self._queue) > QUEUE_MESSAGES_MAX:
            self._queue.clear()
            self._queue.append(control.dump(self._outward, control.Refused(_too_slow(self._queued_bytes))))
            self._close_with = CLOSE_TOO_SLOW
        self._wake.set()

    async def write(self) -> None:
        """Send what is queued until the line closes; run as the line's own task."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                data = self._queue.popleft()
                self._queued_bytes -= len(data)
                await self._send(data)
            if self._close_with is not None:
                await self._hang_up(self._close_with)
                return

    async def _send(self, data: str | bytes) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                if isinstance(data, bytes):
                    await self._websocket.send_bytes(data)
                else:
                    await self._websocket.send_text(data)
        except (WebSocketDisconnect, TimeoutError, RuntimeError):
            # RuntimeError: Starlette's word for a socket that was closed meanwhile.
            self._queue.clear()
            self._close_with = CLOSE_TOO_SLOW

    async def _hang_up(self, code: int) -> None:
        if self._websocket.application_state is not WebSocketState.CONNECTED:
            return
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._websocket.close(code)
        except (TimeoutError, RuntimeError, WebSocketDisconnect):
            return  # it was gone before we could say so

    async def read(self) -> Message | bytes:
        """Return the next control message or sealed frame.

        Raises:
            LineClosed: nothing more will come.
            RemoteProtocolError: it is malformed, too large or too much.
        """
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise LineClosed
        self.heard_at_ms = self._clock.monotonic_ms()
        frame: bytes | None = message.get("bytes")
        if frame is not None:
            if len(frame) > FRAME_BYTES_MAX:
                raise RemoteProtocolError(
                    f"A frame of {len(frame)} bytes; at most {FRAME_BYTES_MAX} are allowed."
                )
            return frame
        text: str = message["text"]
        self._count_text(len(text))
        parsed: Message = control.parse(self._inward, text)
        return parsed

    def _count_text(self, length: int) -> None:
        now_ms = self._clock.monotonic_ms()
        if now_ms - self._minute_began_ms >= 60_000:
            self._minute_began_ms = now_ms
            self._texts_this_minute = 0
        self._texts_this_minute += 1
        if self._texts_this_minute > CONTROL_PER_MINUTE_MAX:
            raise RemoteProtocolError(
                f"More than {CONTROL_PER_MINUTE_MAX} messages in a minute; nobody speaks so fast."
            )
        if length > JSON_BYTES_MAX:
            raise RemoteProtocolError(
                f"A message of {length} characters; at most {JSON_BYTES_MAX} are allowed."
            )


def _too_slow(queued_bytes: int) -> str:
    return f"This end reads too slowly: {queued_bytes} bytes were waiting, at most {QUEUE_BYTES_MAX} may. Come back."
