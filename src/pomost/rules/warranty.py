"""How long work may be complained of, how long it is guaranteed, and how a complaint stands.

Owns two different periods after the confirmation of work (decision A3): the complaint, in working days and cut
short by the next ordered service; and the guarantee, in calendar days. Refuses naive datetimes and negative
periods. Whether a complaint is right is a person's to say. Read on: docs/explain/complaints.md.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from pomost.rules.calendar import Calendar, NotPromised
from pomost.rules.decision import UNSTATED, Decision, Fact, Subject
from pomost.rules.terms.model import Terms


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


def judge_complaint(
    terms: Terms, confirmed: datetime, complained: datetime, next_order: datetime | None = None
) -> Decision:
    """Return how a complaint stands that came at `complained` about work confirmed at `confirmed`.

    "in-time" before the window ends; "under-guarantee" after it, while the guarantee lasts (a fault that comes from the
    work is still repaired free); else "late". "unstated" where the terms have no such rule, or the end of the window
    depends on holidays that nobody has confirmed: a person decides then. `next_order` is when the next service that the
    customer ordered begins.

    Raises:
        ValueError: a naive datetime.
    """
    rule = terms.warranty
    facts = [Fact.of("confirmed-at", confirmed), Fact.of("complained-at", complained)]
    if rule is None:
        return Decision(Subject.COMPLAINT, UNSTATED, "", tuple(facts), terms.version)
    last_day = guarantee_last_day(confirmed, rule.guarantee_days, zone=terms.vendor.zone)
    calendar = terms.calendar(rule.hours)
    guaranteed = calendar.local_date(complained) <= last_day
    if next_order is not None:
        facts.append(Fact.of("next-service-at", next_order))
    try:
        until = complaint_until(confirmed, calendar, rule.complaint_working_days, next_order)
    except NotPromised:
        facts += [Fact.of("holidays-unknown", True), Fact.of("guarantee-until", last_day)]
        outcome = "under-guarantee" if guaranteed else UNSTATED
        return Decision(Subject.COMPLAINT, outcome, rule.clause, tuple(facts), terms.version)
    facts += [Fact.of("complaint-until", until), Fact.of("guarantee-until", last_day)]
    outcome = "in-time" if complained < until else "under-guarantee" if guaranteed else "late"
    return Decision(Subject.COMPLAINT, outcome, rule.clause, tuple(facts), terms.version)
