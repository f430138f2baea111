"""The guard's two ends of the pipes to the app: reading with a limit of patience, writing without any.

It owns the waiting, which each system does otherwise: POSIX by `select` and a pipe that does not block, Windows, whose pipes know neither, by a thread
for each end. It understands no message. A write never waits: an app that is stopped or gone must not hold up a stop.
"""

from __future__ import annotations

import os
import queue
import select
import sys
import threading

READ_BYTES = 65_536

WAITING_MAX = 1_000
"""Messages that may wait for an app that does not read; later ones are lost."""

LAST_WORDS_S = 0.2
"""How long the end may wait for an app that does not read."""

if sys.platform == "win32":

    class GuardEnds:
        """Both ends. `read` is for one thread, `write` for any."""

        def __init__(self, pipe_in: int, pipe_out: int) -> None:
            """Take the ends over."""
            self._in, self._out = pipe_in, pipe_out
            self._come: queue.SimpleQueue[bytes] = queue.SimpleQueue()
            self._going: queue.Queue[bytes | None] = queue.Queue(WAITING_MAX)
            self._giving = threading.Thread(target=self._give_out, daemon=True)
            self._giving.start()
            threading.Thread(target=self._take_in, daemon=True).start()

        def read(self, patience_s: float | None) -> bytes | None:
            """What has come; nothing (b"") when the pipe has ended, None when nothing came within `patience_s`."""
            try:
                return self._come.get(timeout=patience_s)
            except queue.Empty:
                return None

        def write(self, data: bytes) -> None:
            """Send `data`, or lose it when nobody reads."""
            try:
                self._going.put_nowait(data)
            except queue.Full:
                return

        def last_words(self) -> None:
            """Wait, not for long, until the app has what was written: the process is about to end."""
            try:
                self._going.put_nowait(None)
            except queue.Full:
                return
            self._giving.join(LAST_WORDS_S)

        def _take_in(self) -> None:
            while True:
                try:
                    data = os.read(self._in, READ_BYTES)
                except OSError:  # the app was killed; POSIX calls that the end
                    data = b""
                self._come.put(data)
                if not data:
                    return

        def _give_out(self) -> None:
            while data := self._going.get():
                try:
                    os.write(self._out, data)
                except OSError:
                    return

else:

    class GuardEnds:
        """Both ends. `read` is for one thread, `write` for any."""

        def __init__(self, pipe_in: int, pipe_out: int) -> None:
            """Take the ends over."""
            self._in, self._out = pipe_in, pipe_out
            self._lock = threading.Lock()
            os.set_blocking(pipe_out, False)

        def read(self, patience_s: float | None) -> bytes | None:
            """What has come; nothing (b"") when the pipe has ended, None when nothing came within `patience_s`."""
            if not select.select([self._in], [], [], patience_s)[0]:
                return None
            return os.read(self._in, READ_BYTES)

        def write(self, data: bytes) -> None:
            """Send `data`, or lose it when nobody reads."""
            with self._lock:
                try:
                    os.write(self._out, data)
                except (BrokenPipeError, BlockingIOError):
                    return

        def last_words(self) -> None:
            """What was written is in the pipe already."""
