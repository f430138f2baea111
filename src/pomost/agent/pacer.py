"""How many frames may be on their way to the technician at once. Pure: times and sizes go in, a delay comes out.

It owns the account of frames that were sent and not acknowledged. The rule: about one and a half. A frame waits until nothing
is in flight, or until the only one in flight has used half the time that the last one took. Small frames (a letter, a caret)
need not wait, as long as all of them together are small: on a long but wide link typing then costs one trip, not two.
"""

from __future__ import annotations

from collections import OrderedDict

SMALL_BYTES = 32_768
"""Frames in flight that are together smaller than this never hold up the next one; 50 ms at 5 Mbit/s."""

SMALL_FRAMES_MAX = 12

LOST_AFTER_MS = 5_000
"""A frame that nobody acknowledged for so long no longer holds anything up: a faulty viewer must not freeze the picture."""


class Pacer:
    """The account for one viewer."""

    def __init__(self) -> None:
        """Begin with nothing in flight."""
        self._in_flight: OrderedDict[int, tuple[int, int]] = OrderedDict()
        """Bytes and the moment of sending, by frame id."""
        self._last_flight_ms = 0

    def sent(self, frame_id: int, size: int, now_ms: int) -> None:
        """A frame of `size` bytes is complete and on its way."""
        self._in_flight[frame_id] = (size, now_ms)

    def acknowledged(self, frame_id: int, now_ms: int) -> None:
        """The viewer shows `frame_id`, hence everything before it too. Unknown ids mean nothing."""
        flown = self._in_flight.get(frame_id)
        if flown is None:
            return
        self._last_flight_ms = now_ms - flown[1]
        for earlier in [known for known in self._in_flight if known <= frame_id]:
            del self._in_flight[earlier]

    def wait_ms(self, now_ms: int) -> int | None:
        """In how many ms the next frame may be made: 0 now; None: not before an acknowledgement."""
        while self._in_flight and now_ms - next(iter(self._in_flight.values()))[1] > LOST_AFTER_MS:
            self._in_flight.popitem(last=False)
        if not self._in_flight:
            return 0
        together = sum(size for size, _sent_ms in self._in_flight.values())
        if together <= SMALL_BYTES and len(self._in_flight) < SMALL_FRAMES_MAX:
            return 0
        oldest_ms = next(iter(self._in_flight.values()))[1]
        if len(self._in_flight) == 1 and self._last_flight_ms:
            return max(oldest_ms + self._last_flight_ms // 2 - now_ms, 0)
        return None
