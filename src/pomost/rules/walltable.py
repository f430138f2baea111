"""Opening hours as the wall clock shows them, so that adding working time needs no time zone at all.

Owns the short way of `Calendar.add_many`: subtracting and adding datetimes of one zone is plain arithmetic of the wall
clock, many times cheaper than going through instants, and right as long as the clock runs evenly. Near a change of
the clocks, past the confirmed holidays and past the years laid out it gives no answer, and `calendar.py` takes the
long way (`timetable.py`). Read on: docs/explain/clocks.md, "How it is fast".
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pomost.rules.timetable import Timetable, us_in, us_of

ONE_DAY: Final = timedelta(days=1)
ONE_SECOND: Final = timedelta(seconds=1)
NOTHING: Final = timedelta(0)

REACH: Final = 48
"""How many openings ahead an answer is looked for: more than a month of days with a break for lunch."""

Opening = tuple[datetime, datetime]
"""Opening and closing of one local day by the wall clock of its zone; 24:00 is the midnight after."""


@dataclass(frozen=True, slots=True)
class WallTable:
    """Openings of whole local years by the wall clock of one zone, with the working time that passes until each.

    The lists end in `REACH` rows that no amount reaches, which spares the search a special case.
    """

    of: Timetable
    """The table of instants that this one was made from."""
    first_row: dict[int, int]
    """Day (as `date.toordinal`) to its first row, or to the next one. A day near a change of the clocks is missing."""
    opens: list[datetime]
    closes: list[datetime]
    through: list[timedelta]
    """Working time from the first opening through the closing of the row."""
    origins: list[datetime | None]
    """The opening less the working time before it: when the clock would have begun, had it run without a break.
    None: the wall clock does not run evenly here, or nothing is promised any more."""

    @classmethod
    def made(
        cls,
        of: Timetable,
        zone: ZoneInfo,
        days: Iterable[tuple[date, list[Opening]]],
        promised_us: int,
        horizon_days: int,
        mixed: frozenset[date],
    ) -> WallTable:
        """Return the wall table of the days of `of`, in their order, closed ones too.

        Answers after `promised_us` are left to the long way, as is a day from which `REACH` openings might reach past
        the horizon, and a day of `mixed`, which has hours of more than one calendar.
        """
        table = cls(of, {}, [], [], [], [])
        uneven = _uneven(zone, of.first_year, of.last_year)
        shaken, done = _days_of(zone, uneven) | mixed, NOTHING
        for day, openings in days:
            is_calm = day not in shaken
            if is_calm:
                table.first_row[day.toordinal()] = len(table.opens)
            for opens, closes in openings:
                start, end = us_of(opens), us_of(closes)
                is_even = is_calm or (
                    day not in mixed and not any(low < end and start < high for low, high in uneven)
                )
                table.opens.append(opens)
                table.closes.append(closes)
                table.origins.append(opens - done if is_even and end <= promised_us else None)
                # Hours of a skipped day lie after it, so they may end later than what comes after them here.
                done = max(done, timedelta(microseconds=of.worked_until(end)))
                table.through.append(done)
        table._close(zone, horizon_days)
        return table

    def _close(self, zone: ZoneInfo, horizon_days: int) -> None:
        last = len(self.opens) - 1
        far = [
            day
            for day, row in self.first_row.items()
            if row > last or self.closes[min(row + REACH, last)].toordinal() - day > horizon_days - 2
        ]
        for day in far:
            del self.first_row[day]
        never = datetime.max.replace(tzinfo=zone)
        self.opens.extend([never] * REACH)
        self.closes.extend([never] * REACH)
        self.through.extend([timedelta.max] * REACH)
        self.origins.extend([None] * REACH)

    def fill(
        self, out: list[datetime], pairs: Iterator[tuple[datetime, timedelta]], zone: ZoneInfo
    ) -> tuple[datetime, timedelta] | None:
        """Append to `out` when each amount since its start is used up, until a pair must go the long way: return that.

        None: all are done. `zone` is the zone of the table; a start in another one is brought into it.
        """
        first_row, opens, closes = self.first_row.get, self.opens, self.closes
        through, origins, nothing, append = self.through, self.origins, NOTHING, out.append
        try:
            for start, amount in pairs:
                if start.tzinfo is zone:
                    local = start
                elif start.tzinfo is None:
                    return start, amount
                else:
                    local = start.astimezone(zone)
                row = first_row(local.toordinal())
                if row is None or amount <= nothing:
                    return start, amount
                while closes[row] <= local:
                    row += 1
                opened, origin = opens[row], origins[row]
                if origin is None:
                    return start, amount
                if local < opened:
                    local = opened
                target = local - origin + amount
                past = row + REACH
                found = bisect_left(through, target, row, past)
                if found == past or (origin := origins[found]) is None:
                    return start, amount
                append(origin + target)
        except (
            OverflowError
        ):  # the last year there is, or an amount of millennia: the long way says what is wrong
            return start, amount
        return None


def _uneven(zone: ZoneInfo, first_year: int, last_year: int) -> list[tuple[int, int]]:
    """Return the stretches around the changes of the clocks, in which a wall clock alone may mislead.

    They are as wide on both sides as the change is big. No zone has ever changed its clocks twice within a day.
    """
    found = []
    before = datetime(first_year - 1, 12, 30, tzinfo=UTC)
    while before.year <= last_year or before.day < 2:
        after = before + ONE_DAY
        by = _offset_us(zone, after) - _offset_us(zone, before)
        if by:
            at = us_of(_change_between(zone, before, after))
            found.append((at - abs(by), at + abs(by)))
        before = after
    return found


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the first whole second at which the clocks of `zone` show what they show at `after`."""
    new = _offset_us(zone, after)
    while after - before > ONE_SECOND:
        middle = before + (after - before) // ONE_SECOND // 2 * ONE_SECOND
        if _offset_us(zone, middle) == new:
            after = middle
        else:
            before = middle
    return after


def _offset_us(zone: ZoneInfo, at: datetime) -> int:
    return us_in(at.astimezone(zone).utcoffset() or NOTHING)


def _days_of(zone: ZoneInfo, stretches: Iterable[tuple[int, int]]) -> frozenset[date]:
    """Return the local dates that touch the stretches."""
    days = set()
    for low, high in stretches:
        day, last = (datetime.fromtimestamp(us // 1_000_000, zone).date() for us in (low, high))
        while day <= last:
            days.add(day)
            day += ONE_DAY
    return frozenset(days)
