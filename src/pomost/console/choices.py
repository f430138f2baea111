"""What the terms offer to choose from, as the phone form shows it: services, products, severities, packages.

Reads the terms and their prices, nothing else; which of it fits together is the action's decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pomost.console.phone_consents import words_shown
from pomost.rules.terms.model import Terms, said
from pomost.rules.terms.parts import PartKind


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose, with the sentence that explains it."""

    key: str
    name: str
    hint: str = ""
    families: str = ""
    """Keys of the products that a service asks for, separated by spaces."""


@dataclass(frozen=True, slots=True)
class PartChoice:
    """Something that a request must carry, ticked off when it is there."""

    key: str
    ask: str
    services: str
    """Keys of the services that demand it, separated by spaces; empty: all."""
    is_consent: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything there is to choose for one vendor."""

    services: Sequence[Choice]
    families: Sequence[Choice]
    severities: Sequence[Choice]
    packages: Sequence[Choice]
    parts: Sequence[PartChoice]
    asks_version: bool


def choices_of(terms: Terms, language: str, day: date) -> Choices:
    """Return what these terms let somebody choose, in the order of the file, at the prices of the vendor's day."""
    return Choices(
        services=[
            Choice(
                each.id,
                said(each.name, language),
                said(terms.clause(each.clause).sentence, language),
                " ".join(each.families),
            )
            for each in terms.services
        ],
        families=[Choice(each.id, said(each.name, language)) for each in terms.families],
        severities=[
            Choice(each.id, said(each.name, language), said(each.definition, language))
            for each in terms.severities
        ],
        packages=[Choice(each.id, said(each.name, language)) for each in terms.packages],
        parts=[
            PartChoice(
                part.id,
                words_shown(
                    terms,
                    said(part.ask, language),
                    language=language,
                    day=day,
                    services=part.services or [each.id for each in terms.services],
                ),
                " ".join(part.services),
                part.kind is PartKind.CONSENT,
            )
            for part in terms.parts
            if part.kind in {PartKind.CONSENT, PartKind.FILE, PartKind.CHOICE}
        ],
        asks_version=terms.version_rule is not None,
    )
