"""What must be on record before a technician gets further, and how far the customer's answers let a session go.

Owns the gates of a service and the level that open gates still allow. Does not
own the grant itself: that is a click in the customer's own app, and wire/ has its
table. Nothing here gives a level that the terms do not. Read next: levels.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from pomost.rules.entitlement import Outcome
from pomost.rules.levels import Level
from pomost.rules.terms.model import Terms, said
from pomost.rules.terms.parts import Gate, GateKind

__all__ = [
    "ASKED_OF_CUSTOMER",
    "ConsentText",
    "Gate",
    "GateAnswer",
    "GateKind",
    "Level",
    "allowed_level",
    "consent_text",
    "gates_for",
    "open_gates",
]

ASKED_OF_CUSTOMER: Final = frozenset(
    {GateKind.DECLARATION, GateKind.PRICE_ACCEPTED, GateKind.BACKUP_ATTESTED}
)
"""Gates that only the customer can pass; the others are noted by the technician or the dispatcher."""


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """What is on record for a gate."""

    gate: str
    accepted: bool
    waived: bool = False
    """The customer goes on without it, knowingly; counts only where the terms let a gate be waived."""


def gates_for(terms: Terms, service: str, outcome: Outcome = Outcome.PAID) -> tuple[Gate, ...]:
    """Return the gates of a service in the order in which they are put to the customer.

    A price is asked about only where there is one to pay: the gate falls away for what is included or taken from a
    quota.

    Raises:
        Unknown: the terms have no such service.
    """
    gates = tuple(terms.gate(key) for key in terms.service(service).gates)
    if outcome in (Outcome.INCLUDED, Outcome.FROM_QUOTA):
        return tuple(gate for gate in gates if gate.kind is not GateKind.PRICE_ACCEPTED)
    return gates


def open_gates(gates: Iterable[Gate], answers: Iterable[GateAnswer]) -> tuple[Gate, ...]:
    """Return the gates that no answer has closed yet; of several answers to one gate the last counts."""
    last = {answer.gate: answer for answer in answers}
    return tuple(gate for gate in gates if not _is_closed(gate, last.get(gate.id)))


def _is_closed(gate: Gate, answer: GateAnswer | None) -> bool:
    return answer is not None and (answer.accepted or (answer.waived and gate.waivable))


def allowed_level(ceiling: Level, gates: Iterable[Gate], answers: Iterable[GateAnswer]) -> Level:
    """Return how far a session may go now: the ceiling of the entitlement, held back by open gates."""
    held = (Level(gate.before - 1) for gate in open_gates(gates, answers))
    return min((ceiling, *held))


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The very words that a customer agrees to, and their SHA-256 (UTF-8, hexadecimal)."""

    text: str
    sha256: str


def consent_text(gate: Gate, language: str, price: str = "") -> ConsentText:
    """Return what the customer reads at a gate; `price` is the price in words (pricing.price_words).

    Raises:
        ValueError: the text speaks of a price and none is given: nobody agrees to a blank.
    """
    text = said(gate.text, language)
    if "{price}" in text and not price:
        raise ValueError(f"The text of the gate “{gate.id}” names the price, and none was given.")
    text = text.replace("{price}", price)
    return ConsentText(text, sha256(text.encode()).hexdigest())
