"""How fast a token may ask: so many requests a minute, counted in this process.

One program that runs wild then slows down itself and nobody else. The count is not kept: a restart forgives.
"""

import threading
from collections import deque
from datetime import datetime, timedelta
from typing import Final

MINUTE: Final = timedelta(minutes=1)


class Pace:
    """Counts the requests of each token in the last minute."""

    def __init__(self) -> None:
        self._asked: dict[int, deque[datetime]] = {}
        self._lock = threading.Lock()

    def wait_seconds(self, token: int, now: datetime, most: int) -> int:
        """Count a request; return 0, or after how many seconds the next one is answered."""
        with self._lock:
            asked = self._asked.setdefault(token, deque())
            while asked and asked[0] <= now - MINUTE:
                asked.popleft()
            if len(asked) < most:
                asked.append(now)
                return 0
            return int((asked[0] + MINUTE - now).total_seconds()) + 1

    def forget(self) -> None:
        """Begin anew, as after a restart."""
        with self._lock:
            self._asked.clear()


pace: Final = Pace()
"""Of this process."""
