"""Moments of June 2026, in which most stories play: Friday 12 is a holiday in Russia, Monday 15 an ordinary day."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

MOSCOW: Final = ZoneInfo("Europe/Moscow")


def june(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Return a moment of that month by a wall clock in Moscow."""
    return datetime(2026, 6, day, hour, minute, second, tzinfo=MOSCOW)
