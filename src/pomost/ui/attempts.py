"""How often somebody may try a password: a few times at once, then ever more slowly.

Counted by mail address and by the address that the attempts come from, so that a stranger cannot lock a person out of
their own office. Whether such a mail address exists makes no difference. Kept in memory: the desk is one process
(docs/decisions/0002-one-process.md), and a restart forgives.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

FREE_TRIES: Final = 5
"""Wrong passwords in a row that cost nothing: a forgotten one, a wrong keyboard."""
FREE_TRIES_OF_A_PLACE: Final = 60
"""The same for one address on the network, whatever the mail address: an office behind one router."""
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = timedelta(hours=1)
KEPT_MAX: Final = 10_000
"""Counters at most; the oldest goes first. A security limit: an attacker chooses the mail addresses."""


@dataclass(slots=True)
class _Count:
    failed: int
    last_at: datetime


class Attempts:
    """Counts failed attempts to sign in. Safe for threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: OrderedDict[tuple[str, str], _Count] = OrderedDict()

    def begin(self, email: str, place: str, now: datetime) -> datetime | None:
        """Count an attempt; return until when it is not looked at, None: look at it.

        It counts as failed until `succeeded` says otherwise, so that many at the same moment cannot slip through.
        """
        with self._lock:
            waits = [self._wait(key, free) for key, free in _keys(email, place)]
            until = max((each for each in waits if each is not None and each > now), default=None)
            if until is None:
                for key, _free in _keys(email, place):
                    self._count(key, now)
            return until

    def succeeded(self, email: str, place: str) -> None:
        """Forgive the mail address from this place; to the place itself the attempt did not happen."""
        with self._lock:
            own, shared = (key for key, _free in _keys(email, place))
            self._counts.pop(own, None)
            if shared in self._counts:
                self._counts[shared].failed -= 1

    def _count(self, key: tuple[str, str], now: datetime) -> None:
        kept = self._counts.pop(key, None)
        goes_on = kept is not None and now - kept.last_at <= FORGOTTEN_AFTER
        self._counts[key] = _Count(kept.failed + 1 if kept is not None and goes_on else 1, now)
        while len(self._counts) > KEPT_MAX:
            self._counts.popitem(last=False)

    def _wait(self, key: tuple[str, str], free: int) -> datetime | None:
        kept = self._counts.get(key)
        if kept is None or kept.failed < free:
            return None
        doubled = min(kept.failed - free, 10)  # 2^10 times the first wait is far beyond the longest
        return kept.last_at + min(FIRST_WAIT * (1 << doubled), LONGEST_WAIT)


def _keys(email: str, place: str) -> tuple[tuple[tuple[str, str], int], tuple[tuple[str, str], int]]:
    return ((email.strip().casefold(), place), FREE_TRIES), (("", place), FREE_TRIES_OF_A_PLACE)


attempts: Final = Attempts()
"""Those of this process."""
