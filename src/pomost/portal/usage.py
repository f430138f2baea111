"""What is left of the customer's package in this period, and the requests that used it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.urls import reverse

from pomost.contracts.models import Contract
from pomost.contracts.queries import local_day
from pomost.contracts.quotas import Held, held
from pomost.people import formats
from pomost.people.requests import DeskRequest
from pomost.rules.terms.model import Terms
from pomost.tickets.queries import drawn_in
from pomost.tickets.queries.sentences import quantity_words
from pomost.ui.parts import MeterView
from pomost.ui.quota_parts import quota_meter

ROWS_MAX: Final = 5


@dataclass(frozen=True, slots=True)
class UsedRow:
    """One request and what it used."""

    day: str
    subject: str
    url: str
    amount: str


@dataclass(frozen=True, slots=True)
class UsedView:
    """One unit of the contract in its present period."""

    meter: MeterView
    rows: Sequence[UsedRow]


def use_of(request: DeskRequest, terms: Terms, contract: Contract) -> list[UsedView]:
    """Return how each unit of a contract stands today; nothing where its package is not counted."""
    language = request.LANGUAGE_CODE or ""
    return [
        UsedView(
            quota_meter(each, terms, contract.package, language=language), _rows(request, contract, each)
        )
        for each in held(contract, local_day(request.vendor, request.now))
    ]


def _rows(request: DeskRequest, contract: Contract, unit: Held) -> list[UsedRow]:
    return [
        UsedRow(
            formats.day(each.at, request.now),
            each.ticket.subject,
            reverse("portal:request", args=[request.vendor.slug, each.ticket.number]),
            quantity_words(Decimal(each.amount), unit.unit),
        )
        for each in drawn_in(contract, unit)[:ROWS_MAX]
    ]
