"""The cards of a new request: services, products and severities as the terms know them, each with its consequence."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import QueryDict

from pomost.people import formats
from pomost.rules.terms.model import Terms, said
from pomost.rules.terms.parts import Channel, PartKind, Service, TariffTerms
from pomost.ui.parts import SeverityView

CARDS_MAX: Final = 4
"""More services than this are a list to choose from, not cards."""
BARS: Final = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """One card of a choice, with its consequence."""

    id: str
    name: str
    hint: str = ""
    side: str = ""
    bars: SeverityView | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """What has been chosen so far, in keys that the terms know; empty where nothing is, or nothing of theirs."""

    service: str
    family: str
    severity: str


def chosen_of(terms: Terms, sent: QueryDict) -> Chosen:
    """Return what the form's choices mean. A product of one service only names that service by itself."""
    family, severity = sent.get("family", ""), sent.get("severity", "")
    service = sent.get("service", "")
    known = {each.id: each for each in terms.services}
    if asks_product_only(terms):
        service = next((each.id for each in terms.services if family in each.families), "")
    if service not in known:
        service = offered(terms)[0].id
    if family not in known[service].families:
        families = known[service].families
        family = families[0] if len(families) == 1 else ""
    return Chosen(service, family, severity if severity in {each.id for each in terms.severities} else "")


def offered(terms: Terms) -> tuple[Service, ...]:
    """Return the services that somebody can ask for: a download alone is no request."""
    return tuple(each for each in terms.services if set(each.channels) != {Channel.DOWNLOAD})


def asks_product_only(terms: Terms) -> bool:
    """Say whether each product belongs to one service, so that choosing the product is choosing the service."""
    families = [family for each in terms.services for family in each.families]
    return all(each.families for each in terms.services) and len(families) == len(set(families))


def services(terms: Terms, language: str) -> list[Choice]:
    """Return the services; none where the product alone decides."""
    if asks_product_only(terms):
        return []
    return [Choice(each.id, said(each.name, language)) for each in offered(terms)]


def families(terms: Terms, prices: Terms, day: date, service: str, language: str) -> list[Choice]:
    """Return the products, each with its rate; those of all services where the product alone decides."""
    asked = terms.services if asks_product_only(terms) else (terms.service(service),)
    return [
        Choice(
            key,
            said(terms.family(key).name, language),
            hint=rate(prices.tariffs(day, service=each.id, family=key), language),
        )
        for each in asked
        for key in each.families
    ]


def severities(terms: Terms, package: str, language: str) -> list[Choice]:
    """Return the severities with their definitions and the first promise at each."""
    return [
        Choice(
            id=each.id,
            name=said(each.name, language),
            hint=said(each.definition, language),
            side=_promised(terms, package, each.id),
            bars=SeverityView(max(1, BARS - (len(terms.severities) - place)), ""),
        )
        for place, each in enumerate(terms.severities, 1)
    ]


def asks_phone(terms: Terms, service: str) -> bool:
    """Say whether somebody will call about such a request."""
    parts = any(part.kind is PartKind.PHONE for part in terms.parts_for(service))
    return parts or Channel.PHONE in terms.service(service).channels


def asks_text(terms: Terms, service: str) -> bool:
    """Say whether the terms demand a description."""
    return any(part.kind is PartKind.TEXT for part in terms.parts_for(service))


def rate(tariffs: tuple[TariffTerms, ...], language: str) -> str:
    """Return the price in words of the first of some tariffs; empty where there is none."""
    if not tariffs:
        return ""
    found = tariffs[0].tariff.rate_per_hour
    amount = formats.money(found.amount, found.currency) if found is not None else ""
    return said(tariffs[0].says, language).replace("{rate}", amount)


def _promised(terms: Terms, package: str, severity: str) -> str:
    promises = terms.promises_for(package, severity) if package else ()
    return formats.length_words(promises[0].promise.amount) if promises else ""
