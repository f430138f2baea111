"""A clock that the test, the desk and the app share, and that only the test can put forward.

It runs with real time from a moment of the test's choosing. The offset lies in a file of eight bytes that every process maps,
so that "80 minutes later" is one write. Each process is given it as the constructor argument that production fills with
SystemClock.
"""

import mmap
import struct
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

LAYOUT = struct.Struct("<q")


class SharedClock:
    """Time as the test wants it; `forward` moves it for all processes that share the file."""

    def __init__(self, file: Path) -> None:
        with file.open("r+b") as opened:
            self._offset = mmap.mmap(opened.fileno(), LAYOUT.size)

    @classmethod
    def starting_at(cls, file: Path, moment: datetime) -> "SharedClock":
        """Make the file; it is `moment` now."""
        offset_us = round(moment.timestamp() * 1_000_000) - time.time_ns() // 1000
        file.write_bytes(LAYOUT.pack(offset_us))
        return cls(file)

    def forward(self, by: timedelta) -> None:
        """Let `by` pass at once."""
        self._offset[:] = LAYOUT.pack(self._offset_us() + round(by.total_seconds() * 1_000_000))

    def forward_to(self, moment: datetime) -> None:
        """Let time pass until `moment`."""
        assert moment >= self.now(), f"{moment} has passed: it is {self.now()}"
        self.forward(moment - self.now())

    def now(self) -> datetime:
        return datetime.fromtimestamp(0, UTC) + timedelta(
            microseconds=time.time_ns() // 1000 + self._offset_us()
        )

    def monotonic_ms(self) -> int:
        return (time.monotonic_ns() // 1000 + self._offset_us()) // 1000

    def _offset_us(self) -> int:
        offset: int = LAYOUT.unpack(self._offset[:])[0]
        return offset
