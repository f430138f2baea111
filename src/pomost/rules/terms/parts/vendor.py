"""Who speaks in the terms, and what all their parts lean on: sentences, clauses, assumptions, public holidays."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pomost.rules.terms.values import NumberPattern

Text = Mapping[str, str]
"""The same sentence in each language of the vendor, by language code."""


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """The public holidays of a country over some years."""

    days_off: Mapping[date, str]
    working_days: frozenset[date]
    """Days of a weekend that an official transfer makes working days."""
    confirmed_until: date | None
    """Last day whose holidays are known; None where there are none to know."""


HolidaySource = Callable[[str, str | None, Sequence[int]], PublicHolidays]
"""Holidays of (country, subdivision, years). Raises LookupError with a sentence for a country it does not know."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A decision where the vendor's own text is silent, so that the vendor sees what it never said."""

    id: str
    says: Text


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence of the terms that decisions point at."""

    id: str
    sentence: Text
    source_file: str
    """Number of the published document the clause comes from."""
    source_at: str
    """Heading or clause number in that document."""
    assumed: str | None

    @property
    def label(self) -> str:
        """What a chip shows: `§ 3.2`."""
        return f"§ {self.id}"


@dataclass(frozen=True, slots=True)
class Vendor:
    """Who gives the support."""

    slug: str
    name: str
    mark: str
    """One or two letters for places where the name does not fit."""
    languages: tuple[str, ...]
    """The vendor's own language first."""
    zone: str
    currency: str
    country: str
    legal_name: str
    tax_id: str
    address: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Numbering:
    """How requests and invoices are numbered."""

    ticket: NumberPattern
    ticket_first: int
    invoice: NumberPattern
    correction: NumberPattern
    """Of documents that take back part of an invoice."""
