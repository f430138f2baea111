"""The sections of a terms file about time: calendars, promises, guarantee, confirmation, bookings, visits.

Owns [[calendar]], [[promise]], [warranty], [confirmation], [[booking]] and [visits]. What a
calendar and a clock do with it is rules/calendar.py and rules/clocks.py; every
key is described in terms/README.md.
"""

from datetime import date, timedelta
from itertools import pairwise
from typing import Final, cast
from zoneinfo import ZoneInfo, available_timezones

from pomost.rules.calendar import Calendar
from pomost.rules.clocks import EVENTS, Time
from pomost.rules.terms.parts import (
    DESK_ALERTS,
    Aftermath,
    Alert,
    AlertTo,
    BookingTerms,
    ConfirmationTerms,
    HolidaySource,
    Hours,
    PromiseTerms,
    PublicHolidays,
    Remedy,
    VisitTerms,
    WarrantyTerms,
)
from pomost.rules.terms.problems import BadValue
from pomost.rules.terms.reading import kind_of, nearest
from pomost.rules.terms.table import Table
from pomost.rules.terms.values import (
    WEEKDAYS,
    duration_seconds,
    hours_minutes,
    seconds_or_percent,
    weekdays,
)
from pomost.rules.terms.worded import worded

Intervals = tuple[tuple[int, int], ...]

HOLIDAY_YEARS: Final = 20
"""How many years from the first day of the terms public holidays are read for."""

DAYS_MAX: Final = 400
NO_HOLIDAYS: Final = PublicHolidays({}, frozenset(), None)


def zone(name: str) -> str:
    """Return the name of a time zone that exists.

    Raises:
        BadValue: it does not.
    """
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise BadValue(
            worded("zone-not", text=name[:60]),
            nearest(name[:60], available_timezones(), worded("write-like", example='"Europe/Warsaw"')),
        ) from None
    return name


def calendars(top: Table, vendor_zone: str, first_day: date, source: HolidaySource) -> tuple[Hours, ...]:
    """Read [[calendar]]; public holidays come from `source`, for the years from `first_day` on."""
    found = []
    for table in top.tables("calendar"):
        week = _week(table)
        own_zone = table.value("zone", zone, vendor_zone, required=False, example='"Europe/Warsaw"')
        country, subdivision, holidays = _public_holidays(table, first_day, source)
        own_id = table.own_id("calendar")
        hours = Hours(
            id=own_id,
            name=table.said("name") if table.has("name") else dict.fromkeys(table.reading.languages, own_id),
            clause=table.ref("clause", "clause"),
            country=country,
            subdivision=subdivision,
            calendar=Calendar(zone=own_zone, week=week, overrides=_overrides(table)),
            holiday_names={},
            assumed=table.assumed(),
        )
        found.append(hours.knowing(holidays))
        table.close()
    return tuple(found)


def _week(table: Table) -> dict[int, Intervals]:
    """Read `hours`: days or ranges of days, each with its intervals."""
    hours = table.section("hours")
    if hours is None or not hours.values:
        table.problem(
            "hours",
            worded("calendar-without-hours"),
            worded("add-key", key="hours", example='{ mon-fri = ["09:00-17:00"] }'),
        )
        return {}
    week: dict[int, Intervals] = {}
    for name in hours.values:
        hours.has(name)
        named: tuple[int, ...] = ()
        intervals = _intervals(hours, name)
        for day in hours.read(name, name, weekdays, named):
            if day in week:
                hours.problem(name, worded("day-twice", day=WEEKDAYS[day]), worded("day-once"))
            week[day] = intervals
    return week


def _intervals(table: Table, key: str) -> Intervals:
    """Read a list of intervals that do not overlap; sorted."""
    read = sorted(table.read(key, text, hours_minutes, (0, 0)) for text in table.strings(key))
    intervals = tuple(each for each in read if each[0] < each[1])
    for before, after in pairwise(intervals):
        if after[0] < before[1]:
            table.problem(key, worded("intervals-overlap"), worded("intervals-in-turn"))
            return intervals[:1]
    return intervals


def _overrides(table: Table) -> dict[date, Intervals]:
    """Read [[calendar.override]]: days with other hours than the week says, unless switched off."""
    found: dict[date, Intervals] = {}
    for override in table.tables("override"):
        days = override.days("days")
        intervals = _intervals(override, "hours")
        if not override.has("hours"):
            override.problem("hours", worded("key-missing"), worded("override-hours"))
        override.string("note")
        used = override.flag("in_use")
        override.assumed()
        for day in days:
            if used and day in found:
                override.problem("days", worded("override-twice", day=str(day)), worded("day-once"))
            if used:
                found[day] = intervals
        override.close()
    return found


def _public_holidays(table: Table, first_day: date, source: HolidaySource) -> tuple[str, str, PublicHolidays]:
    """Read whose holidays close the desk: the country, the part of it, and the days as far as they are known."""
    country = table.string("public_holidays", required=False, example='"PL"', most=2)
    subdivision = table.string("subdivision", required=False, example='"14"', most=6)
    if not country:
        if subdivision:
            table.problem(
                "subdivision",
                worded("subdivision-alone"),
                worded("add-key", key="public_holidays", example='"PL"'),
            )
        return "", "", NO_HOLIDAYS
    try:
        return country, subdivision, source(country, subdivision or None, holiday_years(first_day))
    except LookupError as unknown:
        table.problem("public_holidays", unknown.args[0], worded("country-code"))
        return "", "", NO_HOLIDAYS


def holiday_years(first_day: date) -> range:
    """Return the years whose public holidays terms ask for that hold from `first_day` on."""
    first = min(max(first_day.year - 1, 1990), 2100)
    return range(first, first + HOLIDAY_YEARS)


def promises(top: Table) -> tuple[PromiseTerms, ...]:
    """Read [[promise]]."""
    found = []
    for table in top.tables("promise"):
        time = table.word("time", ("working", "elapsed", "metered"))
        known = not table.reading.has_problem(f"{table.label}.time")
        hours = table.optional_ref("calendar", "calendar", required=known and time == "working")
        if known and hours is not None and time != "working":
            table.problem("calendar", worded("clock-needs-no-calendar", time=time), worded("take-key-out"))
        promise = PromiseTerms(
            id=table.own_id("promise"),
            name=table.said("name"),
            clause=table.ref("clause", "clause"),
            starts=_events(table, "starts"),
            stops=_events(table, "stops"),
            pauses=_events(table, "pauses"),
            resumes=_events(table, "resumes"),
            reopens=_events(table, "reopens"),
            time=cast(Time, time),
            hours=hours if time == "working" else None,
            amounts=_amounts(table),
            aftermaths=_aftermaths(table),
            alerts=_alerts(table),
            assumed=table.assumed(),
        )
        table.close()
        found.append(promise)
    return tuple(found)


def _events(table: Table, key: str) -> tuple[str, ...]:
    """Read names of events; a start may also be the stop of another clock."""
    chained = [f"clock:{name}" for name in table.reading.names("promise")] if key == "starts" else []
    return table.words(key, [*EVENTS, *chained])


def _amounts(table: Table) -> dict[tuple[str, str | None], timedelta | None]:
    """Read the amounts: for each package a duration, or a table with one for each severity."""
    amounts: dict[tuple[str, str | None], timedelta | None] = {}
    by_package = table.keyed("amounts", "package")
    inner = table.table("amounts")
    for package, value in by_package.items():
        if isinstance(value, dict):
            if not table.reading.names("severity"):
                inner.problem(package, worded("severities-none"), worded("one-amount"))
            by_severity = inner.keyed(package, "severity")
            deeper = inner.table(package)
            for severity, each in by_severity.items():
                amounts[package, severity] = _amount(deeper, severity, each)
        else:
            amounts[package, None] = _amount(inner, package, value)
    return amounts


def _amount(table: Table, key: str, value: object) -> timedelta | None:
    if value == "none":
        return None
    if not isinstance(value, str):
        table.problem(
            key, worded("this-is-not", found=kind_of(value), wanted=kind_of("")), worded("duration-or-none")
        )
        return timedelta(hours=1)
    return timedelta(seconds=table.read(key, value, duration_seconds, 3600))


def _aftermaths(table: Table) -> tuple[Aftermath, ...]:
    """Read [[promise.then]]: what follows, for which packages, when the time has run out."""
    found: list[Aftermath] = []
    for then in table.tables("then"):
        remedy = Remedy(then.word("remedy", list(Remedy)))
        aftermath = Aftermath(
            packages=then.refs("packages", "package", required=True),
            remedy=remedy,
            service=then.optional_ref("service", "service", required=remedy is Remedy.AGREE_PAID_WORK),
            clause=then.ref("clause", "clause"),
        )
        for package in aftermath.packages:
            if any(package in before.packages for before in found):
                then.problem("packages", worded("then-said-twice", package=package), worded("say-once"))
        then.close()
        found.append(aftermath)
    return tuple(found)


def _alerts(table: Table) -> tuple[Alert, ...]:
    """Read [[promise.warning]] and [[promise.escalation]]; where there is none, the desk's own hold, or none at all."""
    is_off = table.word("alerts", ("none", "desk"), required=False, otherwise="desk") == "none"
    found = []
    for warning in table.tables("warning"):
        before = warning.value("before", seconds_or_percent, (0, 25), example='"30m"')
        found.append(Alert("warning", _alert_to(warning), *before))
        warning.close()
    for escalation in table.tables("escalation"):
        after = escalation.value("after", duration_seconds, 0, required=False, example='"1h"')
        found.append(Alert("escalation", _alert_to(escalation), after))
        escalation.close()
    for place, alert in enumerate(found):
        if alert.step in {earlier.step for earlier in found[:place]}:
            table.problem(alert.kind, worded("alert-twice"), worded("alert-twice-do"))
    if is_off and found:
        table.problem("alerts", worded("alerts-off-and-named"), worded("alerts-take-one"))
    return () if is_off else tuple(found) or DESK_ALERTS


def _alert_to(table: Table) -> tuple[AlertTo, ...]:
    return tuple(AlertTo(each) for each in table.words("to", list(AlertTo), required=True))


def warranty(top: Table) -> WarrantyTerms | None:
    """Read [warranty]."""
    table = top.section("warranty")
    if table is None:
        return None
    terms = WarrantyTerms(
        guarantee_days=table.whole("guarantee_days", 0, DAYS_MAX * 10),
        complaint_working_days=table.whole("complaint_working_days", 1, DAYS_MAX),
        hours=table.ref("calendar", "calendar"),
        clause=table.ref("clause", "clause"),
        service=table.optional_ref("service", "service"),
        liability_cap_clause=table.optional_ref("liability_cap_clause", "clause"),
        liability_clauses=table.refs("liability", "clause"),
        assumed=table.assumed(),
    )
    table.close()
    return terms


def confirmation(top: Table) -> ConfirmationTerms | None:
    """Read [confirmation]."""
    table = top.section("confirmation")
    if table is None:
        return None
    terms = ConfirmationTerms(
        silence_working_days=table.whole("silence_working_days", 1, DAYS_MAX),
        hours=table.ref("calendar", "calendar"),
        clause=table.ref("clause", "clause"),
        assumed=table.assumed(),
    )
    table.close()
    return terms


def bookings(top: Table) -> tuple[BookingTerms, ...]:
    """Read [[booking]]: how times are agreed for some services, or for all that are booked."""
    found = []
    for table in top.tables("booking"):
        found.append(
            BookingTerms(
                services=table.refs("services", "service"),
                hours=table.ref("calendar", "calendar"),
                slot_seconds=table.value("slot", duration_seconds, 0, example='"1h"'),
                lead_seconds=table.value("lead", duration_seconds, 0, example='"2h"'),
                clause=table.ref("clause", "clause"),
                assumed=table.assumed(),
            )
        )
        table.close()
    return tuple(found)


def visits(top: Table) -> VisitTerms | None:
    """Read [visits]."""
    table = top.section("visits")
    if table is None:
        return None
    unstated = table.values.get("cities") == "unstated"
    table.has("cities")
    terms = VisitTerms(
        cities=None if unstated else table.strings("cities"),
        hours=table.ref("calendar", "calendar"),
        elsewhere="no" if table.word("elsewhere", ("after-approval", "no")) == "no" else "after-approval",
        clause=table.ref("clause", "clause"),
        elsewhere_clause=table.ref("elsewhere_clause", "clause"),
    )
    if not unstated and not terms.cities:
        table.problem("cities", worded("cities-none"), worded("cities-name-them"))
    table.close()
    return terms
