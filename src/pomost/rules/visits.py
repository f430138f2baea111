"""Visits: whether the terms and the contract allow one, and whether a time fits the hours in which somebody comes.

Owns the order of judgement: the place first (a city of presence, elsewhere, or a list that nobody gave), then how many the
contract allows for one incident. Where either is silent a person is asked; an answer is a decision of its own, with its
reason. Refuses nothing about the technician's other appointments: those are rows (tickets/actions/visits.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from pomost.rules.calendar import Calendar
from pomost.rules.decision import UNSTATED, Decision, Fact, Subject
from pomost.rules.terms.model import Terms

CITY_CHARACTERS_MAX: Final = 80
VISIT_MAX: Final = timedelta(hours=24)

WITHIN_TERMS: Final = "within-terms"
APPROVAL_NEEDED: Final = "approval-needed"
BEYOND_COUNT: Final = "beyond-count"
APPROVED: Final = "approved"
REFUSED: Final = "refused"

ASKS_A_PERSON: Final = frozenset({APPROVAL_NEEDED, BEYOND_COUNT, UNSTATED})
"""Outcomes after which somebody has to say yes, with a reason, before a visit is proposed."""


@dataclass(frozen=True, slots=True)
class Incident:
    """What the contract says of visits to one incident, and what has been made of it."""

    allowed: int | None
    """None: the contract does not say, or there is none."""
    made: int
    """Visits done so far; one that was called off was not made."""
    contract: str = ""
    """Its number; empty without one."""


class Misfit(StrEnum):
    """Why nobody comes at a time."""

    REVERSED = "reversed"
    """It would end before it begins, or last longer than a day."""
    HOLIDAYS_UNKNOWN = "holidays-unknown"
    """Nobody knows yet which of those days are holidays."""
    CLOSED_DAY = "closed-day"
    OUTSIDE_HOURS = "outside-hours"


def judge(terms: Terms, service: str, city: str, incident: Incident) -> Decision:
    """Return what the terms say to a visit for a service in a city, before anybody is asked.

    Args:
        terms: of the request.
        service: a key of the terms.
        city: as somebody wrote it; letters' case, hyphens and ё make no difference.
        incident: what the contract allows for the request and what was made.

    Raises:
        Unknown: the terms have no such service.
        DecisionInvalid: the city is empty or too long.
    """
    visits = terms.visits
    place = [Fact.of("city", city)]
    count = _count(incident)
    if visits is None:
        facts = (*place, Fact.of("visits-unstated", True), *count)
        return Decision(Subject.VISIT, UNSTATED, terms.row(service).clause, facts, terms.version)
    if visits.cities is None:
        place.append(Fact.of("cities-unstated", True, visits.clause))
        return _decided(UNSTATED, visits.clause, (*place, *count), terms)
    if not _is_among(city, visits.cities):
        place.append(Fact.of("elsewhere", True))
        outcome = REFUSED if visits.elsewhere == "no" else APPROVAL_NEEDED
        return _decided(outcome, visits.elsewhere_clause, (*place, *count), terms)
    if incident.allowed is None:
        return _decided(UNSTATED, visits.clause, (*place, *count), terms)
    outcome = BEYOND_COUNT if incident.made >= incident.allowed else WITHIN_TERMS
    return _decided(outcome, visits.clause, (*place, *count), terms)


def approved(judged: Decision, *, by: str, reason: str) -> Decision:
    """Return the decision of a person who says yes where `judged` asks one.

    Raises:
        ValueError: nothing asks a person.
    """
    if judged.outcome not in ASKS_A_PERSON:
        raise ValueError(f"A visit that is {judged.outcome} needs nobody's yes.")
    grounds = (*judged.facts, Fact.of("decided-by", by), Fact.of("reason", reason))
    return Decision(Subject.VISIT, APPROVED, judged.clause, grounds, judged.version)


def misfit(calendar: Calendar | None, starts_at: datetime, ends_at: datetime) -> Misfit | None:
    """Return why nobody comes then, or None: it fits.

    `calendar` is that of the terms' visits with the desk's exceptions; None: the terms name none, so any time fits. Both
    ends lie in the hours of one local day; a pause between them is the technician's.
    """
    if not timedelta(0) < ends_at - starts_at <= VISIT_MAX:
        return Misfit.REVERSED
    if calendar is None:
        return None
    day = calendar.local_date(starts_at)
    if calendar.confirmed_until is not None and day > calendar.confirmed_until:
        return Misfit.HOLIDAYS_UNKNOWN
    hours = calendar.hours_on(day)
    if not hours:
        return Misfit.CLOSED_DAY
    begins = any(span.start <= starts_at < span.end for span in hours)
    ends = any(span.start < ends_at <= span.end for span in hours)
    return None if begins and ends else Misfit.OUTSIDE_HOURS


def _decided(outcome: str, clause: str, facts: tuple[Fact, ...], terms: Terms) -> Decision:
    return Decision(Subject.VISIT, outcome, clause, facts, terms.version)


def _count(incident: Incident) -> tuple[Fact, ...]:
    made = Fact.of("visits-made", Decimal(incident.made))
    contract = (Fact.of("contract", incident.contract),) if incident.contract else ()
    if incident.allowed is None:
        return (*contract, Fact.of("count-unstated", True), made)
    return (*contract, Fact.of("visits-allowed", Decimal(incident.allowed)), made)


def _is_among(city: str, cities: Iterable[str]) -> bool:
    return _folded(city) in {_folded(each) for each in cities}


def _folded(city: str) -> str:
    return " ".join(city.casefold().replace("ё", "е").replace("-", " ").split())
