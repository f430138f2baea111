"""Random histories of one request: who asks for what by which terms, and what is then tried on it.

Owns the chance. What comes of a history is played_desk.py, what must hold of it laws.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from pomost.rules.entitlement import Version
from pomost.rules.quota import Carry
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import (
    Cell,
)

FIRST_DAY = date(2025, 3, 1)
LAST_DAY = date(2026, 11, 30)
STEPS_MAX = 14
USUAL = (
    "gate",
    "part",
    "gate",
    "gate",
    "work",
    "estimate",
    "answer",
    "work",
    "work",
    "solve",
    "confirm",
    "invoice",
    "correct",
    "correct",
)
"""How it goes on a good day; half of the histories are this one with steps left out and put in."""
STEPS: Mapping[str, int] = {
    "gate": 6,
    "part": 2,
    "work": 8,
    "estimate": 4,
    "answer": 5,
    "solve": 4,
    "reject": 1,
    "confirm": 4,
    "close": 1,
    "invoice": 4,
    "told": 1,
    "bounce": 1,
    "ask": 1,
    "reply": 1,
    "period": 1,
    "correct": 2,
}
"""What can happen, and how often beside the others."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that somebody tries to do."""

    kind: str
    after: timedelta
    """Since the step before."""
    seconds: int
    yes: bool
    is_session: bool
    share: Decimal


@dataclass(frozen=True, slots=True)
class History:
    """A request and all that is tried on it."""

    terms: Terms
    package: str | None
    is_shown: bool
    service: str
    family: str | None
    severity: str | None
    version: Version
    received_at: datetime
    steps: tuple[Step, ...]
    decided: str
    """What a person says where the terms are silent: "included", "paid" or "refused"."""
    fee_paid: bool
    granted: Decimal
    """What the contract gives for a period."""
    carry: Carry


def history(chance: Random, terms: Terms) -> History:
    """Return a random history by some terms."""
    first = max(FIRST_DAY, terms.in_force_from)
    day = first + timedelta(days=chance.randint(0, (LAST_DAY - first).days))
    received = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(terms.vendor.zone)).astimezone(UTC)
    paid = [terms.service(row.service) for row in terms.matrix if Cell.PAID in row.cells.values()]
    service = chance.choice(paid if paid and chance.randint(0, 1) else terms.services)
    families = service.families or tuple(each.id for each in terms.families)
    return History(
        terms=terms,
        package=chance.choice(
            [None, *(each.id for each in terms.packages), *(each.id for each in terms.packages)]
        ),
        is_shown=chance.randint(0, 3) > 0,
        service=service.id,
        family=chance.choice(families) if families and (service.families or chance.randint(0, 1)) else None,
        severity=chance.choice(terms.severities).id if terms.severities else None,
        version="outdated" if chance.randint(0, 4) == 0 else "current",
        received_at=received + timedelta(seconds=chance.choice([chance.randint(0, 86_399), 9 * 3600])),
        steps=tuple(_step(chance, kind) for kind in _kinds(chance)),
        decided=chance.choice(["included", "paid", "paid", "refused"]),
        fee_paid=chance.randint(0, 1) == 1,
        granted=Decimal(chance.choice([0, 1, 2, 5])),
        carry=chance.choice(list(Carry)),
    )


def _kinds(chance: Random) -> Iterator[str]:
    """Yield what is tried: anything in any order, or the usual with a step in five left out and one in five put in."""
    kinds, often = list(STEPS), list(STEPS.values())
    if chance.randint(0, 1):
        yield from chance.choices(kinds, often, k=chance.randint(1, STEPS_MAX))
        return
    for kind in USUAL:
        if chance.randint(0, 4) == 0:
            yield chance.choice(kinds)
        if chance.randint(0, 4):
            yield kind


def _step(chance: Random, kind: str) -> Step:
    minutes = chance.choice([0, 1, 15, 29, 30, 31, 55, 59, 60, 61, 80, 90, 119, 120, 121, 240])
    return Step(
        kind=kind,
        after=timedelta(
            seconds=chance.choice([0, 1, chance.randint(0, 7200), chance.randint(0, 3 * 86_400)])
        ),
        seconds=max(0, minutes * 60 + chance.choice([0, 0, -1, 1, 17])),
        yes=chance.randint(0, 4) > 0,
        is_session=chance.randint(0, 1) == 1,
        share=Decimal(chance.randint(0, 100)) / 100,
    )
