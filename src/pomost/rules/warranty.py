"""How long work may be complained of, and how long it is guaranteed.

Owns two different periods after the confirmation of work (decision A3): the complaint, in working days and cut
short by the next ordered service; and the guarantee, in calendar days. Refuses naive datetimes and negative
periods. Read on: docs/explain/clocks.md.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from pomost.rules.calendar import Calendar


def complaint_until(
    confirmed: datetime, calendar: Calendar, working_days: int, next_order: datetime | None = None
) -> datetime:
    """Return the first instant at which a complaint is too late, in the calendar's zone.

    That is the midnight that ends the `working_days`-th working day after the local day of confirmation, or the
    start of the next ordered service if that is earlier.

    Raises:
        ValueError: a naive datetime or no working day at all.
        NotPromised, NeverDue: from the calendar.
    """
    if working_days < 1:
        raise ValueError(f"A complaint cannot end after {working_days} working days. Give one or more.")
    last_day = calendar.working_day_after(calendar.local_date(confirmed), working_days)
    until = calendar.end_of_day(last_day)
    return until if next_order is None else min(until, calendar.in_zone(next_order))


def guarantee_last_day(confirmed: datetime, days: int, *, zone: str) -> date:
    """Return the last local date of the guarantee: the day of confirmation in `zone`, plus `days`.

    Raises:
        ValueError: a naive datetime, negative days or an unknown zone.
    """
    if days < 0:
        raise ValueError(f"A guarantee of {days} days would end before it begins. Give zero or more.")
    return Calendar.always(zone).local_date(confirmed) + timedelta(days=days)
