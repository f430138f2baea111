"""How often one address on the network may ask for an audit: it costs time, and anybody may.

Kept in memory: the desk is one process (docs/decisions/0002-one-process.md). Nothing of what was asked is kept.
"""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

ASKS_MAX: Final = 30
WINDOW: Final = timedelta(minutes=10)
KEPT_MAX: Final = 10_000
"""Addresses at most; the one that asked longest ago goes first."""


class Pace:
    """Counts asks by address. Safe for threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asks: OrderedDict[str, deque[datetime]] = OrderedDict()

    def ask(self, place: str, now: datetime) -> datetime | None:
        """Count an ask and return None; or until when it is not answered, and count nothing."""
        with self._lock:
            asks = self._asks.pop(place, None) or deque(maxlen=ASKS_MAX)
            self._asks[place] = asks
            while len(self._asks) > KEPT_MAX:
                self._asks.popitem(last=False)
            while asks and now - asks[0] >= WINDOW:
                asks.popleft()
            if len(asks) == ASKS_MAX:
                return asks[0] + WINDOW
            asks.append(now)
            return None


pace: Final = Pace()
"""The one of this process."""
