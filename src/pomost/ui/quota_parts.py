"""What a contract gives and what is left of it, as a picture: a plank for each step, the used ones full.

Reads values that contracts.quotas has gathered; no query is made. The language must be active.
"""

from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, pgettext

from pomost.contracts.quotas import Held
from pomost.people import formats
from pomost.rules.quota import Beyond, Carry, Period, Span
from pomost.rules.terms.model import Terms
from pomost.tickets.queries.sentences import quantity_words
from pomost.ui.parts import MeterView, PlankView
from pomost.ui.ticket_parts import clause_view

PLANKS_MAX: Final = 24


def quota_meter(held: Held, terms: Terms, package: str, *, language: str) -> MeterView:
    """Return how one unit of a contract stands, with the clause that says how it is counted."""
    quota = next((each for each in terms.quotas_of(package) if each.counts == held.unit), None)
    multiple = quota.multiple if quota else Decimal(1)
    stand = held.stand
    there = None if stand.granted is None else stand.granted + stand.carried
    words = {
        "left": quantity_words(stand.left or Decimal(0), held.unit),
        "used": quantity_words(stand.used, held.unit),
        "all": quantity_words(there or Decimal(0), held.unit),
        "period": period_words(held.span, held.grant.period if held.grant else Period.MONTH),
    }
    if there is None:
        big = pgettext("quota", "%(used)s used") % words
        side = words["period"]
    else:
        big = pgettext("quota", "%(left)s left") % words
        side = pgettext("quota", "of %(all)s, %(period)s") % words
    planks, size = _planks(there if there is not None else stand.used, stand.used, multiple)
    return MeterView(
        big=big,
        side=side,
        planks=planks,
        note=" · ".join(each for each in _notes(held, size) if each),
        clause=clause_view(terms, quota.clause, language=language, with_date=False) if quota else None,
    )


def period_words(span: Span, period: Period) -> str:
    """Return a period by its name where it is a whole month or year, else by its days."""
    if span.last is None:
        return gettext("from %(day)s") % {"day": formats.date_figures(span.first)}
    after = span.last + timedelta(days=1)
    if period is Period.MONTH and span.first.day == 1 and after.day == 1:
        month = str(date_format(span.first, "F Y"))
        return (
            month if (get_language() or "").startswith("en") else month.lower()
        )  # English months keep their capital
    if period is Period.YEAR and (span.first.month, span.first.day) == (after.month, after.day) == (1, 1):
        return str(span.first.year)
    return gettext("%(first)s to %(last)s") % {
        "first": formats.date_figures(span.first),
        "last": formats.date_figures(span.last),
    }


def _planks(there: Decimal, used: Decimal, multiple: Decimal) -> tuple[tuple[PlankView, ...], Decimal]:
    """Return the planks and how much one of them is."""
    steps = there / multiple
    size = multiple * max(Decimal(1), (steps / PLANKS_MAX).to_integral_value(ROUND_CEILING))
    count = int((there / size).to_integral_value(ROUND_CEILING))
    filled = [min(Decimal(1), max(Decimal(0), used / size - place)) for place in range(count)]
    return tuple(PlankView(int(each * 100)) for each in filled), size


def _notes(held: Held, size: Decimal) -> list[str]:
    stand = held.stand
    notes = []
    if stand.left is not None:
        notes.append(pgettext("quota", "Used: %(used)s") % {"used": quantity_words(stand.used, held.unit)})
    if stand.used or stand.granted:
        notes.append(gettext("One plank: %(amount)s") % {"amount": quantity_words(size, held.unit)})
    if held.grant is None:
        notes.append(gettext("The contract names no amount"))
        return notes
    if stand.carried:
        carried = quantity_words(stand.carried, held.unit)
        notes.append(gettext("Left over from before: %(amount)s") % {"amount": carried})
    if held.grant.period is not Period.TERM:
        notes.append(_carry_words(held.grant.carry, held.span.last))
    if held.grant.beyond is Beyond.PAID:
        notes.append(gettext("Beyond it the price list applies"))
    return notes


def _carry_words(carry: Carry, last: date | None) -> str:
    if last is None:
        return ""
    day = formats.date_figures(last)
    return {
        Carry.NONE: gettext("What is left after %(day)s lapses"),
        Carry.ONE: gettext("What is left after %(day)s can be used for one more period"),
        Carry.UNLIMITED: gettext("What is left after %(day)s stays"),
    }[carry] % {"day": day}
