"""What changes for whom between two versions of a vendor's terms.

Owns the laying out of terms as points (what is said, about what, for whom, by which clause) and their comparison. Two
versions differ exactly where their points do, so nothing is compared twice and nothing is forgotten: a new kind of
statement is a new function in points.py. Owns no words: ui/terms/ has a sentence for each kind. Ids of tariffs, price
lists and calendars are names inside a file; prices and hours are compared by whom they are for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pomost.rules.terms.contradictions import FREE
from pomost.rules.terms.model import Terms
from pomost.rules.terms.point import About, Point, Stated, Value, Whom
from pomost.rules.terms.points import points, price_points

ONE_DAY: Final = timedelta(days=1)

_WHOM: Final = ("package", "service", "family", "severity")

_MEANT_BY_THE_WHOLE: Final = frozenset({About.CELL, About.AMOUNT, About.PRICE})
"""What is told also of something that is new or gone as a whole: for whom it is, and for how much."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is said otherwise, or by another clause."""

    about: About
    key: str
    """Which one of its kind: a promise, a clause, a date; empty where `whom` says it all."""
    whom: Whom
    before: Value | None
    """None: nothing was said of it."""
    after: Value | None
    """None: nothing is said of it any more."""
    clause_before: str | None
    clause_after: str | None
    holds_from: date
    """The first day, by the vendor's calendar, on which the newer version says so."""

    @property
    def only_the_clause(self) -> bool:
        """Whether the same is said, by another clause."""
        return self.before == self.after


def diff(before: Terms, after: Terms) -> tuple[Change, ...]:
    """Return what `after` says otherwise than `before`, in the order of the terms, then of the days.

    Requests of both days are compared as if `before` had gone on; prices and VAT on every day on which a price list of
    either begins or ends.
    """
    first = after.in_force_from
    last = _last_known_day(before, after)
    changes = list(_compared(points(before, first, last), points(after, first, last), first))
    seen = {(each.about, each.key, each.whom): (each.before, each.after) for each in changes}
    for day in _days_of_prices(before, after):
        now: dict[tuple[About, str, Whom], tuple[Value | None, Value | None]] = {}
        for each in _compared(price_points(before, day), price_points(after, day), day):
            place, pair = (each.about, each.key, each.whom), (each.before, each.after)
            now[place] = pair
            if seen.get(place) != pair:
                changes.append(each)
        seen = now
    return tuple(_without_parts_of_wholes(changes, before, after))


def _last_known_day(before: Terms, after: Terms) -> date:
    """Return the last day whose public holidays both versions know: a file read for later years says nothing new."""
    ends = [each.calendar.confirmed_until for terms in (before, after) for each in terms.hours]
    return min((end for end in ends if end is not None), default=date.max)


def _days_of_prices(before: Terms, after: Terms) -> list[date]:
    """Return the days, after the first one of `after`, on which prices of either version change."""
    days = set()
    for terms in (before, after):
        for prices in terms.price_lists:
            days.add(prices.valid_from)
            if prices.valid_until is not None:
                days.add(prices.valid_until + ONE_DAY)
    return sorted(day for day in days if day > after.in_force_from)


def _compared(before: Mapping[Point, Stated], after: Mapping[Point, Stated], day: date) -> Iterator[Change]:
    for point in dict.fromkeys((*after, *before)):
        old, new = before.get(point), after.get(point)
        if old == new:
            continue
        yield Change(
            about=point.about,
            key=point.key,
            whom=point.whom,
            before=old.value if old else None,
            after=new.value if new else None,
            clause_before=old.clause if old else None,
            clause_after=new.clause if new else None,
            holds_from=day,
        )


def _without_parts_of_wholes(changes: list[Change], before: Terms, after: Terms) -> Iterator[Change]:
    """Leave out what only follows from something being new or gone, and prices of what is free in one version."""
    gone = {(each.about.thing, each.key) for each in changes if _is_new_or_gone(each) and each.about.is_whole}
    holidays = {each.key for each in changes if each.about is About.CALENDAR_HOLIDAYS}
    for each in changes:
        if each.about is About.CALENDAR_DAY:
            calendar = each.key.partition(" ")[0]
            if calendar in holidays or ("calendar", calendar) in gone:
                continue
        if _is_new_or_gone(each) and each.about not in _MEANT_BY_THE_WHOLE and not each.about.is_whole:
            of = {(each.about.thing, each.key), *((name, getattr(each.whom, name)) for name in _WHOM)}
            if of & gone:
                continue
        if _is_new_or_gone(each) and each.about is About.PRICE and _is_free(each.whom, before, after):
            continue
        yield each


def _is_new_or_gone(change: Change) -> bool:
    return change.before is None or change.after is None


def _is_free(whom: Whom, before: Terms, after: Terms) -> bool:
    """Whether one version gives a service that it knows for nothing, so that the cell tells it all."""
    for terms in (before, after):
        for row in terms.matrix:
            if row.service == whom.service and row.cells.get(whom.package or "") in FREE:
                return True
    return False
