"""The latch: between what the technician sends and the customer's mouse and keyboard there is this, and nothing else.

It owns the injector and decides, event by event, under one lock. It opens only when told so after the customer's click, and
once ended it never opens again. It refuses while it is shut, and for `OWN_HAND_MS` after the customer used mouse or keyboard. A stop from any
thread waits for at most one event (well under a millisecond), then releases everything and is done when it returns.
"""

from __future__ import annotations

import threading

from pomost.agent.input import Event, Injector
from pomost.wire.clock import Clock

OWN_HAND_MS = 500
"""How long the customer's own hand wins after its last movement."""

SILENCE_MS = 3000
"""After so long without a sign of life from the app, nothing stays held: the technician may be gone with a button down."""


class Latch:
    """Lets input through, or not. Thread-safe."""

    def __init__(self, injector: Injector, clock: Clock) -> None:
        """Begin shut."""
        self._injector = injector
        self._clock = clock
        self._lock = threading.Lock()
        self._open = False
        self._ended = False
        self._own_hand_until_ms = clock.monotonic_ms()
        self._heard_ms = clock.monotonic_ms()
        self._busy = False
        self.done = 0
        self.dropped = 0

    @property
    def is_open(self) -> bool:
        """Whether input is let through, the customer's own hand aside."""
        return self._open

    def open(self) -> None:
        """Let input through, unless it has ended."""
        with self._lock:
            self._open = not self._ended

    def shut(self) -> None:
        """Let nothing through and release everything; done when this returns."""
        with self._lock:
            self._open = False
            self._release()

    def end(self) -> None:
        """Shut for good and leave the keyboard as it was found."""
        with self._lock:
            if self._ended:
                return
            self._open, self._ended = False, True
            self._injector.close()

    def heard(self) -> None:
        """The app gave a sign of life."""
        self._heard_ms = self._clock.monotonic_ms()

    def check_silence(self) -> None:
        """Release everything when the app has been silent for too long; it may go on when it speaks again."""
        with self._lock:
            if self._clock.monotonic_ms() - self._heard_ms > SILENCE_MS:
                self._release()

    def own_hand(self) -> None:
        """The customer used their own mouse or keyboard: theirs wins for a while."""
        with self._lock:
            self._release()
            self._own_hand_until_ms = self._clock.monotonic_ms() + OWN_HAND_MS

    def carry_out(self, event: Event) -> int:
        """Carry `event` out or drop it, count it and return 0; or return in how many ms to ask again."""
        with self._lock:
            now_ms = self._clock.monotonic_ms()
            if not self._open or now_ms < self._own_hand_until_ms:
                self.dropped += 1
                return 0
            self._busy = True
            wait_ms = self._injector.inject(event, now_ms)
            self.done += not wait_ms
            return wait_ms

    def drop(self, count: int) -> None:
        """Count events that were thrown away before they got here."""
        with self._lock:
            self.dropped += count

    def _release(self) -> None:
        """Release what is held, under the lock; costs nothing when the technician did nothing since the last time."""
        if self._busy and not self._ended:
            self._injector.release_all()
            self._busy = False
