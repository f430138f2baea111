"""Terms for tests: the five that are shipped, and an odd sixth one. Read once and kept; they never change."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from pomost.contracts.public_holidays import public_holidays
from pomost.contracts.shipped_terms import SHIPPED_TERMS
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parse import read_terms
from pomost.rules.terms.parts import PublicHolidays

SLUGS = ("bonus", "centaur", "damal", "kryzhik", "satisoft")
ODD = Path(__file__).parent / "terms" / "odd.toml"


@cache
def shipped(slug: str) -> Terms:
    path = SHIPPED_TERMS / f"{slug}.toml"
    return read_terms(path.read_bytes(), path.name, public_holidays)


@cache
def odd() -> Terms:
    return read_terms(ODD.read_bytes(), ODD.name, no_holidays)


def no_holidays(country: str, subdivision: str | None, years: Sequence[int]) -> PublicHolidays:
    """A country without holidays, known to the end of the last year asked for."""
    return PublicHolidays({}, frozenset(), date(years[-1], 12, 31))
