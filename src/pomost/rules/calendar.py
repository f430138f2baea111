"""Working time: when a vendor's desk is open, and what adding hours to an instant gives.

Owns opening hours by weekday with holidays, overrides and pauses, in one IANA time zone, correct under daylight
saving; eight conventions decide every edge (docs/explain/clocks.md). Refuses naive datetimes, promises past the
last confirmed day (`NotPromised`) and amounts that no opening hours can hold (`NeverDue`). It knows no events:
those are in `clocks.py`; the tables that make it fast are `timetable.py` and, for many at once, `walltable.py`.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from pomost.rules.hours import Hours, checked_hours, zone_named
from pomost.rules.timetable import DAY_US, SECOND_US, Timetable, merged, us_in, us_of
from pomost.rules.walltable import Opening, WallTable

Pauses = Iterable[tuple[datetime, datetime]]
"""Spans during which no working time passes; they may overlap, and a reversed one is empty."""

HORIZON_DAYS: Final = 3660
"""How far from its start an amount may end. Ten years: longer than any promise, short enough to notice a mistake."""

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
"""The years a calendar answers for: a mistyped date must not make us lay out eight thousand of them."""

HORIZON_US: Final = HORIZON_DAYS * DAY_US
FOREVER_US: Final = 10**18
ONE_DAY: Final = timedelta(days=1)
ASKED_OFTEN: Final = 64
"""Additions one by one after which the short way is laid out: it costs as much as some hundred of them."""
NOTHING_LAID_OUT: Final = Timetable.of(0, 0, 0, 0, ())


class NotPromised(ValueError):
    """The answer lies past the last day whose holidays are confirmed."""


class NeverDue(ValueError):
    """The calendar has not enough working time within the horizon."""


class Span(NamedTuple):
    """A stretch of time between two instants, the first included and the last not."""

    start: datetime
    end: datetime


class Earlier(NamedTuple):
    """The calendar that held before another one took its place."""

    until: datetime
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Calendar:
    """The opening hours of one desk. Instants are answered in its own zone, for the years 1900 to 2199.

    Raises:
        ValueError: an unknown zone; a weekday outside 0-6; an interval that is empty, reversed, outside the day or
            overlaps another of its day; `confirmed_until` outside the years above.
    """

    zone: str
    """IANA name, such as "Europe/Warsaw"."""
    week: Mapping[int, Hours] = field(hash=False)
    """Weekday (0 = Monday) to its hours; a missing weekday is closed."""
    holidays: Collection[date] = ()
    """Local dates without working time, unless `overrides` says otherwise."""
    overrides: Mapping[date, Hours] = field(default_factory=dict, hash=False)
    """Local dates with exactly these hours, holiday or not."""
    confirmed_until: date | None = None
    """The last local date whose holidays are known; None: no bound."""
    earlier: Earlier | None = None
    """What held before; see `changed`."""

    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _promised_us: int = field(init=False, repr=False, compare=False)
    _changed_us: int = field(init=False, repr=False, compare=False)
    _changed_on: date = field(init=False, repr=False, compare=False)
    _years: dict[int, list[tuple[int, int]]] = field(init=False, repr=False, compare=False)
    _table: Timetable = field(init=False, repr=False, compare=False)
    _asked: int = field(init=False, repr=False, compare=False)
    _wall: WallTable = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.week) - set(range(7))):
            raise ValueError(
                f"Weekday {unknown[0]!r} does not exist. Weekdays run from 0 (Monday) to 6 (Sunday)."
            )
        fix = object.__setattr__  # the fields are frozen for everyone else
        fix(self, "_zone", zone_named(self.zone))
        fix(self, "week", {day: checked_hours(hours, f"weekday {day}") for day, hours in self.week.items()})
        fix(self, "holidays", frozenset(self.holidays))
        fix(self, "overrides", {day: checked_hours(hours, str(day)) for day, hours in self.overrides.items()})
        last = self.confirmed_until
        if last is not None and not FIRST_YEAR <= last.year <= LAST_YEAR:
            raise ValueError(
                f"Holidays cannot be confirmed until {last}. Leave the date out if there is no bound."
            )
        fix(self, "_promised_us", FOREVER_US if last is None else self._instant_us(last, 1440))
        fix(self, "_changed_us", FOREVER_US)
        fix(self, "_changed_on", date.min)
        if self.earlier is not None:
            fix(self, "_changed_us", self._after(self.earlier))
            fix(self, "_changed_on", self.local_date(self.earlier.until))
        fix(self, "_years", {})
        fix(self, "_table", NOTHING_LAID_OUT)
        fix(self, "_asked", 0)
        fix(self, "_wall", WallTable(NOTHING_LAID_OUT, {}, [], [], [], []))

    @classmethod
    def always(cls, zone: str) -> Calendar:
        """Return the calendar that is never closed: working time is elapsed time."""
        return _always(zone)

    def changed(self, at: datetime, to: Calendar) -> Calendar:
        """Return the calendar that has these hours until `at` and those of `to` from then on.

        What passed before `at` is thereby counted as it was; only the rest is counted anew (convention 5).

        Raises:
            ValueError: another zone, a naive `at`, one before the last change, or `to` is itself a changed calendar.
        """
        if to.earlier is not None:
            raise ValueError("A calendar takes another's place whole. Give it without what was before it.")
        return replace(to, earlier=Earlier(at, self))

    def known_at(self, moment: datetime) -> Calendar:
        """Return this calendar as it was before the changes made after `moment`: what was promised then."""
        calendar = self
        while calendar.earlier is not None and calendar.earlier.until > moment:
            calendar = calendar.earlier.calendar
        return calendar

    def add(
        self, start: datetime, amount: timedelta, pauses: Pauses = (), backward: bool = False
    ) -> datetime:
        """Return the instant at which `amount` of working time since `start` is used up, in the calendar's zone.

        Ends at the closing instant when the amount ends there; a zero amount moves to the next opening (or, with
        `backward`, to the last closing) if `start` is outside working time. A negative amount goes backward.

        Raises:
            NotPromised: the answer lies past `confirmed_until`.
            NeverDue: there is not enough working time within the horizon.
            ValueError: a naive datetime, or one outside the years 1900 to 2199.
        """
        if not pauses and not backward:
            due: list[datetime] = []
            if self._wall_if_used().fill(due, iter(((start, amount),)), self._zone) is None:
                return due[0]
        return self._add_exactly(start, amount, pauses, backward)

    def _add_exactly(
        self, start: datetime, amount: timedelta, pauses: Pauses = (), backward: bool = False
    ) -> datetime:
        at, us, cuts = us_of(start), us_in(amount), _cuts(pauses)
        if us < 0 or (backward and not us):
            return self._promise(self._backward(at, -us, cuts))
        return self._promise(self._forward(at, us, cuts))

    def add_many(self, starts: Sequence[datetime], amounts: Sequence[timedelta]) -> list[datetime]:
        """Return `add(start, amount)` for each pair, several times faster for many of them.

        Raises:
            ValueError: not as many amounts as starts; and as `add`.
        """
        due: list[datetime] = []
        pairs = zip(starts, amounts, strict=True)
        while (rest := self._by_the_wall().fill(due, pairs, self._zone)) is not None:
            due.append(self._add_exactly(*rest))
        return due

    def worked(self, start: datetime, end: datetime, pauses: Pauses = ()) -> timedelta:
        """Return the working time from `start` to `end`; zero when `end` is before `start`.

        A measurement, not a promise: past `confirmed_until` it counts by the plain week.
        """
        return timedelta(microseconds=self._worked(us_of(start), us_of(end), _cuts(pauses)))

    def is_open(self, at: datetime) -> bool:
        """Return whether `at` is working time; the closing instant is not."""
        us = us_of(at)
        return self._around(us).is_open(us)

    def next_opening(self, at: datetime) -> datetime:
        """Return `at` if the desk is open then, else the next opening.

        Raises:
            NotPromised, NeverDue, ValueError: as in `add`.
        """
        return self._promise(self._ahead(us_of(at), 0))

    def is_working_day(self, day: date) -> bool:
        """Return whether the local date has any working hours."""
        return bool(self._spans(day))

    def working_day_after(self, day: date, days: int) -> date:
        """Return the `days`-th working day after `day` (1 = the next one); 0 gives `day` itself.

        Raises:
            ValueError: `days` is negative.
            NotPromised, NeverDue: as in `add`.
        """
        if days < 0:
            raise ValueError(f"{days} working days after {day} is a day before it. Give zero or more.")
        found, left = day, days
        while left:
            found += ONE_DAY
            if found - day > timedelta(days=HORIZON_DAYS):
                raise NeverDue(
                    f"{left} of {days} working days are still to come {HORIZON_DAYS} days after {day}. "
                    "The calendar has too few of them: check its weekdays and holidays."
                )
            left -= self.is_working_day(found)
        if self.confirmed_until is not None and found > self.confirmed_until:
            raise self._not_promised(found)
        return found

    def working_days(self, first: date, last: date) -> int:
        """Return the number of working days from `first` to `last`, both included; 0 when reversed."""
        return sum(self.is_working_day(first + timedelta(days=n)) for n in range((last - first).days + 1))

    def hours_on(self, day: date) -> tuple[Span, ...]:
        """Return the opening hours of a local date as instants, in order; touching intervals are joined."""
        return tuple(Span(self._instant(a), self._instant(b)) for a, b in merged(self._spans(day)))

    def end_of_day(self, day: date) -> datetime:
        """Return the midnight that ends a local date."""
        return self._instant(self._instant_us(day, 1440))

    def in_zone(self, at: datetime) -> datetime:
        """Return the same instant with the time that the wall clock of the desk shows."""
        return self._instant(us_of(at))

    def local_date(self, at: datetime) -> date:
        """Return the date that the wall calendar of the desk shows at `at`."""
        return self.in_zone(at).date()

    # From here on everything is in whole microseconds since 1970.

    def _forward(self, at: int, amount: int, cuts: list[tuple[int, int]]) -> int:
        for pause_from, pause_to in cuts:
            if pause_to <= at:
                continue
            due = self._ahead(at, amount)
            if due < pause_from or (amount and due == pause_from):
                return due
            amount -= self._worked(at, pause_from)
            at = max(at, pause_to)
        return self._ahead(at, amount)

    def _backward(self, at: int, amount: int, cuts: list[tuple[int, int]]) -> int:
        for pause_from, pause_to in reversed(cuts):
            if pause_from >= at:
                continue
            due = self._back(at, amount)
            if due > pause_to or (amount and due == pause_to):
                return due
            amount -= self._worked(pause_to, at)
            at = min(at, pause_from)
        return self._back(at, amount)

    def _ahead(self, at: int, amount: int) -> int:
        table, horizon = self._around(at), at + HORIZON_US
        while (
            (due := table.forward(at, amount)) is None
            and table.high_us <= horizon
            and table.last_year < LAST_YEAR
        ):
            table = self._lay_out(table.first_year, table.last_year + 1)
        if (
            due is None or due > horizon
        ):  # a table laid out further for another question must not change the answer
            raise self._never(at, amount, min(horizon, table.high_us), table)
        return due

    def _back(self, at: int, amount: int) -> int:
        table, horizon = self._around(at), at - HORIZON_US
        while (
            (due := table.backward(at, amount)) is None
            and table.low_us > horizon
            and table.first_year > FIRST_YEAR
        ):
            table = self._lay_out(table.first_year - 1, table.last_year)
        if due is None or due < horizon:
            raise self._never(at, amount, max(horizon, table.low_us), table)
        return due

    def _worked(self, start: int, end: int, cuts: Iterable[tuple[int, int]] = ()) -> int:
        if end <= start:
            return 0
        self._around(start)
        until = self._around(end).worked_until
        paused = (until(min(pause_to, end)) - until(max(pause_from, start)) for pause_from, pause_to in cuts)
        return until(end) - until(start) - sum(max(0, us) for us in paused)

    def _around(self, at: int) -> Timetable:
        """Return a table that knows the local day of `at`."""
        table = self._table
        if table.low_us <= at < table.high_us:
            return table
        year = self._instant(at).year
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(f"The year {year} lies outside {FIRST_YEAR} to {LAST_YEAR}. Check the date.")
        return self._lay_out(year, year)

    def _lay_out(self, first_year: int, last_year: int) -> Timetable:
        years = self._years
        first_year, last_year = min([first_year, *years]), max([last_year, *years])
        for year in range(first_year, last_year + 1):
            if year not in years:
                days = (date(year, 1, 1) + timedelta(days=n) for n in range(366 if isleap(year) else 365))
                years[year] = [span for day in days for span in self._spans(day)]
        table = Timetable.of(
            first_year,
            last_year,
            self._instant_us(date(first_year, 1, 1), 0),
            self._instant_us(date(last_year, 12, 31), 1440),
            (span for year in range(first_year, last_year + 1) for span in years[year]),
        )
        object.__setattr__(self, "_table", table)
        return table

    def _wall_if_used(self) -> WallTable:
        """Return the wall table once enough was asked to be worth laying it out; before, an empty one."""
        wall = self._wall
        if wall.of is not self._table:
            object.__setattr__(self, "_asked", self._asked + 1)
            if self._asked % ASKED_OFTEN == 0:
                return self._by_the_wall()
        return wall

    def _by_the_wall(self) -> WallTable:
        """Return the wall table of the years laid out; `add` lays out further ones."""
        table, wall = self._table, self._wall
        if wall.of is not table and table is not NOTHING_LAID_OUT:
            first, last = date(table.first_year, 1, 1), date(table.last_year, 12, 31)
            days = (first + timedelta(days=n) for n in range((last - first).days + 1))
            openings = ((day, self._openings(day)) for day in days)
            wall = WallTable.made(
                table, self._zone, openings, self._promised_us, HORIZON_DAYS, self._days_of_changes()
            )
            object.__setattr__(self, "_wall", wall)
        return wall

    def _openings(self, day: date) -> list[Opening]:
        midnight = datetime(day.year, day.month, day.day, tzinfo=self._zone)
        held = self._held_on(day)
        if held.earlier is not None and day == held._changed_on:
            return [(self._instant(opens), self._instant(closes)) for opens, closes in held._spans(day)]
        return [
            (midnight + timedelta(minutes=opens), midnight + timedelta(minutes=closes))
            for opens, closes in held._hours(day)
        ]

    def _hours(self, day: date) -> Hours:
        if day in self.overrides:
            return self.overrides[day]
        return () if day in self.holidays else self.week.get(day.weekday(), ())

    def _spans(self, day: date) -> list[tuple[int, int]]:
        held = self._held_on(day)
        spans = [
            (self._instant_us(day, opens), self._instant_us(day, closes))
            for opens, closes in held._hours(day)
        ]
        if held.earlier is None or day > held._changed_on:
            return spans
        cut = held._changed_us
        before = [(opens, min(closes, cut)) for opens, closes in held.earlier.calendar._spans(day)]
        after = [(max(opens, cut), closes) for opens, closes in spans]
        return [(opens, closes) for opens, closes in (*before, *after) if opens < closes]

    def _held_on(self, day: date) -> Calendar:
        """Return the calendar that held at the end of a local date, with what was before it."""
        calendar = self
        while calendar.earlier is not None and day < calendar._changed_on:
            calendar = calendar.earlier.calendar
        return calendar

    def _days_of_changes(self) -> frozenset[date]:
        days, calendar = set(), self
        while calendar.earlier is not None:
            days.add(calendar._changed_on)
            calendar = calendar.earlier.calendar
        return frozenset(days)

    def _after(self, earlier: Earlier) -> int:
        """Return the instant of a change, or say why it cannot be one."""
        us, before = us_of(earlier.until), earlier.calendar
        if before.zone != self.zone:
            raise ValueError(
                f"A calendar of {before.zone} cannot become one of {self.zone}. Change its hours, not its zone."
            )
        if before.earlier is not None and us < before._changed_us:
            raise ValueError(
                f"A change at {earlier.until} comes before the last one, at {before.earlier.until}. Give them in order."
            )
        return us

    def _instant_us(self, day: date, minute: int) -> int:
        """Return the instant of a wall-clock time. Skipped by the spring change: by the offset before; twice: the first."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=self._zone)
        return us_of(midnight + timedelta(minutes=minute))  # within one zone, Python adds on the wall clock

    def _instant(self, us: int) -> datetime:
        seconds, fraction = divmod(us, SECOND_US)
        at = datetime.fromtimestamp(seconds, self._zone)
        return at.replace(microsecond=fraction) if fraction else at

    def _promise(self, us: int) -> datetime:
        at = self._instant(us)
        if us > self._promised_us:
            raise self._not_promised(at.date())
        return at

    def _not_promised(self, day: date) -> NotPromised:
        return NotPromised(
            f"The answer would lie on {day}, but the holidays of {self.zone} are confirmed only until "
            f"{self.confirmed_until}. Confirm the calendar of {day.year} first."
        )

    def _never(self, at: int, amount: int, edge: int, table: Timetable) -> NeverDue:
        direction = "after" if edge > at else "before"
        where = f"{abs(edge - at) // DAY_US} days {direction} {self._instant(at).date()}"
        left = timedelta(microseconds=amount - abs(table.worked_until(edge) - table.worked_until(at)))
        what = (
            f"{left} of {timedelta(microseconds=amount)} is still unspent"
            if amount
            else "No hours open within"
        )
        return NeverDue(
            f"{what} {where}. The calendar has too few working hours there: check its weekdays and holidays."
        )


@lru_cache(maxsize=64)
def _always(zone: str) -> Calendar:
    return Calendar(zone, dict.fromkeys(range(7), ((0, 1440),)))


def _cuts(pauses: Pauses) -> list[tuple[int, int]]:
    return merged([(us_of(pause_from), us_of(pause_to)) for pause_from, pause_to in pauses])
