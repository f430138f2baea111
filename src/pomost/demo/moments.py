"""Moments of invented history, told from now in a vendor's own working time.

Owns: the short notation of `data/vendors/*.toml`. Refuses: whatever is not in it, with a sentence.
A demo that starts on a Saturday night then still has a request that is late by twenty-two working minutes.
"""

import re
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pomost.rules.calendar import Calendar

DAY: Final = re.compile(r"([+-])([1-9]\d?)d (\d\d):(\d\d)")
WORKED: Final = re.compile(r"([+-])(\d{1,2}):(\d\d)")
AFTER: Final = re.compile(r"(\d{1,3})m")
QUARTER: Final = timedelta(minutes=15)


class Moments:
    """Reads moments around `now` by a calendar; past its last confirmed year by the plain week, since nothing is promised here."""

    def __init__(self, calendar: Calendar, now: datetime) -> None:
        self._calendar = Calendar(calendar.zone, calendar.week, calendar.holidays, calendar.overrides)
        self.now = now

    def at(self, words: str) -> datetime:
        """Return the moment that `words` mean.

        "-3d 10:05": on the third working day before today, local time. "-1:20": 1 h 20 min of working time before now.
        With "+" the same ahead; there, working time is taken up to the next quarter of an hour, as people book.

        Raises:
            ValueError: the words mean no moment.
        """
        if found := DAY.fullmatch(words):
            sign, days, hours, minutes = found.groups()
            return self._day(int(days), -1 if sign == "-" else 1, time(int(hours), int(minutes)))
        if found := WORKED.fullmatch(words):
            sign, hours, minutes = found.groups()
            amount = timedelta(hours=int(hours), minutes=int(minutes))
            if sign == "-":
                return self._calendar.add(self.now, -amount)
            ahead = self._calendar.add(self.now, amount)
            return ahead + (datetime.min.replace(tzinfo=ahead.tzinfo) - ahead) % QUARTER
        raise ValueError(f'“{words}” is no moment. Write "-3d 10:05" or "-1:20", or the same with "+".')

    def _day(self, days: int, step: int, clock: time) -> datetime:
        day = self._calendar.local_date(self.now)
        while days:
            day += timedelta(days=step)
            days -= self._calendar.is_working_day(day)
        return datetime.combine(day, clock, ZoneInfo(self._calendar.zone))


def after(words: str) -> timedelta:
    """Return how long after the step before, such as "25m".

    Raises:
        ValueError: the words mean no such time.
    """
    found = AFTER.fullmatch(words)
    if found is None:
        raise ValueError(f'“{words}” is no time after a step. Write minutes, such as "25m".')
    return timedelta(minutes=int(found.group(1)))
