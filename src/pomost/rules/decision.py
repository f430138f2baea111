"""Why something holds: the one type of every verdict, whatever it is about.

Owns its shape: the subject, the outcome, the clause that decides, the facts that were used, the version of the terms;
and the way to JSON and back, which refuses whatever is not exactly a decision. OUTCOMES and FACTS are closed: a new
outcome or fact is a row here and its words in ui/decision_parts.py (a test compares them). Values are typed text (an ISO
instant, a decimal, a key of the terms), so nothing is lost on the way through a database or to another machine. Decides
nothing itself: entitlement.py, quota.py and the others do. Read next: ui/decision_parts.py.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final, Self

from pomost.rules.money import Money
from pomost.rules.terms.head import VERSION_CHARACTERS_MAX


class Subject(StrEnum):
    """What a decision is about."""

    ENTITLEMENT = "entitlement"
    PACKAGE = "package"
    SEVERITY = "severity"
    CLOCK = "clock"
    QUOTA = "quota"
    ESTIMATE = "estimate"
    FEE = "fee"
    PRICE = "price"
    CONFIRMATION = "confirmation"
    COMPLAINT = "complaint"
    GUARANTEE = "guarantee"
    LIABILITY = "liability"
    RESTRICTION = "restriction"
    SESSION = "session"
    VERSION = "version"
    VISIT = "visit"
    BOOKING = "booking"
    INVOICE = "invoice"
    CORRECTION = "correction"


UNSTATED: Final = "unstated"
"""The outcome of every subject where the terms are silent: a person is asked. It alone may stand without a clause."""

OUTCOMES: Final[Mapping[Subject, frozenset[str]]] = {
    Subject.ENTITLEMENT: frozenset(
        {
            "included",
            "from-quota",
            "paid",
            UNSTATED,
            "sold-separately",
            "known-solutions-only",
            "refused",
        }
    ),
    Subject.PACKAGE: frozenset({"as-claimed", "base-only", UNSTATED}),
    Subject.QUOTA: frozenset({"drawn", "given-back", "not-counted", "paid", UNSTATED}),
    Subject.CLOCK: frozenset({"goes-on", "agree-price", "ended"}),
    Subject.COMPLAINT: frozenset({"in-time", "under-guarantee", "late", UNSTATED}),
    Subject.GUARANTEE: frozenset({"free-repair", "goodwill", "rejected"}),
    Subject.LIABILITY: frozenset({"pay-received"}),
    Subject.RESTRICTION: frozenset({"restricted", "upheld", "lifted", "lapsed"}),
    Subject.SESSION: frozenset({"ended"}),
    Subject.VERSION: frozenset({"current", "outdated", UNSTATED}),
    Subject.VISIT: frozenset(
        {"within-terms", "approval-needed", "beyond-count", "approved", "refused", UNSTATED}
    ),
}
"""What each subject can come out as."""


class Kind(StrEnum):
    """What the text of a fact's value is."""

    AMOUNT = "amount"
    """Money: `1300.00 RUB`."""
    DAY = "day"
    """`2026-06-15`."""
    FAMILY = "family"
    """A key of the terms, as the other names of their parts."""
    INSTANT = "instant"
    """ISO 8601 with an offset."""
    NUMBER = "number"
    """A decimal: `0.5`."""
    PACKAGE = "package"
    PERSON = "person"
    """As in the journal: `technician:3`."""
    PROMISE = "promise"
    QUANTITY = "quantity"
    """Of a quota: `1 requests`, `0.5 hours`."""
    REFUSAL = "refusal"
    SECONDS = "seconds"
    """A length of time, whole seconds."""
    SERVICE = "service"
    SEVERITY = "severity"
    TEXT = "text"
    """Words of a person."""
    TICKET = "ticket"
    """A ticket's number."""
    YES = "yes"
    """That it is so; the value is always `yes`."""


FACTS: Final[Mapping[str, Kind]] = {
    "answer": Kind.TEXT,
    "appeal": Kind.TEXT,
    "appealed-at": Kind.INSTANT,
    "cities-unstated": Kind.YES,
    "city": Kind.TEXT,
    "closed-unsolved": Kind.YES,
    "complained-at": Kind.INSTANT,
    "complaint-until": Kind.INSTANT,
    "confirmed-at": Kind.INSTANT,
    "contract": Kind.TEXT,
    "decided-alone": Kind.YES,
    "count-unstated": Kind.YES,
    "decided-by": Kind.PERSON,
    "decided-otherwise": Kind.YES,
    "estimate-declined": Kind.YES,
    "due-at": Kind.INSTANT,
    "elsewhere": Kind.YES,
    "family": Kind.FAMILY,
    "guarantee-until": Kind.DAY,
    "holidays-unknown": Kind.YES,
    "family-unstated": Kind.YES,
    "merged-into": Kind.TICKET,
    "next-service-at": Kind.INSTANT,
    "no-contract": Kind.YES,
    "no-package": Kind.YES,
    "not-shown": Kind.YES,
    "not-shown-unstated": Kind.YES,
    "outdated": Kind.YES,
    "outdated-from": Kind.DAY,
    "package": Kind.PACKAGE,
    "package-claimed": Kind.PACKAGE,
    "pay-received": Kind.AMOUNT,
    "product-version": Kind.TEXT,
    "period-from": Kind.DAY,
    "period-until": Kind.DAY,
    "quota-amount": Kind.QUANTITY,
    "quota-exhausted": Kind.YES,
    "quota-left": Kind.QUANTITY,
    "quota-multiple": Kind.QUANTITY,
    "quota-needed": Kind.QUANTITY,
    "promise": Kind.PROMISE,
    "rate": Kind.AMOUNT,
    "rate-unstated": Kind.YES,
    "reason": Kind.TEXT,
    "refusal": Kind.REFUSAL,
    "restricted-contact": Kind.PERSON,
    "restricted-customer": Kind.TEXT,
    "restricted-from": Kind.INSTANT,
    "restricted-request": Kind.TICKET,
    "restricted-review-at": Kind.INSTANT,
    "restricted-until": Kind.INSTANT,
    "service": Kind.SERVICE,
    "what-happened": Kind.TEXT,
    "released-on": Kind.DAY,
    "version-newest": Kind.TEXT,
    "version-unknown": Kind.YES,
    "visits-allowed": Kind.NUMBER,
    "visits-made": Kind.NUMBER,
    "visits-unstated": Kind.YES,
    "work-began": Kind.YES,
    "worked": Kind.SECONDS,
}
"""Every fact that a decision can rest on, by name."""

TEXT_CHARACTERS_MAX: Final = 2000
FACTS_MAX: Final = 60
CLAUSE_CHARACTERS_MAX: Final = 60

FactValue = str | int | Decimal | Money | datetime | date | timedelta | bool


class DecisionInvalid(ValueError):
    """This is no decision; the sentence says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a decision rests on.

    Raises:
        DecisionInvalid: the name is not in FACTS, or the value is not text of its kind.
    """

    name: str
    value: str
    clause: str = ""
    """The clause that makes it matter, where that is another one than the decision's."""

    def __post_init__(self) -> None:
        for what, text in (("name", self.name), ("value", self.value), ("clause", self.clause)):
            if not isinstance(text, str):
                raise DecisionInvalid(f"The {what} of a fact is text, not {type(text).__name__}.")
        if self.name not in FACTS:
            raise DecisionInvalid(
                f"There is no fact {self.name[:40]!r}. Add its row to rules/decision.py FACTS."
            )
        _bounded("clause", self.clause, CLAUSE_CHARACTERS_MAX, empty=True)
        _bounded(f"fact {self.name}", self.value, TEXT_CHARACTERS_MAX)
        if not _IS[FACTS[self.name]](self.value):
            raise DecisionInvalid(
                f"The fact {self.name} is {FACTS[self.name].value}, not {self.value[:40]!r}."
            )

    @classmethod
    def of(cls, name: str, value: FactValue, clause: str = "") -> Self:
        """Return a fact from a value: an aware instant, a day, a length, an amount, a decimal, text, or True.

        Raises:
            DecisionInvalid: as for the fact itself; a float, a naive instant or False above all.
        """
        return cls(name, _text(name, value), clause)

    @property
    def kind(self) -> Kind:
        """What the value is."""
        return FACTS[self.name]

    def as_json(self) -> dict[str, str]:
        """Return the fact for JSON; the clause only where it has one."""
        kept = {"name": self.name, "value": self.value}
        return {**kept, "clause": self.clause} if self.clause else kept

    @classmethod
    def from_json(cls, kept: object) -> Self:
        """Return the fact that `as_json` gave.

        Raises:
            DecisionInvalid: it is anything else.
        """
        found = _object("fact", kept, {"name", "value"}, {"clause"})
        return cls(found["name"], found["value"], found.get("clause", ""))


@dataclass(frozen=True, slots=True)
class Decision:
    """What holds, by which clause, because of which facts.

    Raises:
        DecisionInvalid: the outcome is not one of the subject's, or there is no clause although the terms decide.
    """

    subject: Subject
    outcome: str
    clause: str
    """Id of the clause that decides; empty only where the outcome is UNSTATED and no clause comes near."""
    facts: tuple[Fact, ...]
    version: str
    """Version of the terms that this was judged by."""

    def __post_init__(self) -> None:
        if not isinstance(self.subject, Subject):
            raise DecisionInvalid(f"A decision is about one of {', '.join(Subject)}, not {self.subject!r}.")
        if not all(isinstance(each, str) for each in (self.outcome, self.clause, self.version)):
            raise DecisionInvalid("Outcome, clause and version of a decision are text.")
        known = OUTCOMES.get(self.subject, frozenset())
        if self.outcome not in known:
            raise DecisionInvalid(
                f"A decision on {self.subject.value} has no outcome {self.outcome[:40]!r}; "
                f"it has: {', '.join(sorted(known)) or 'none yet'}. Add a row to rules/decision.py OUTCOMES."
            )
        _bounded("clause", self.clause, CLAUSE_CHARACTERS_MAX, empty=self.outcome == UNSTATED)
        _bounded("version", self.version, VERSION_CHARACTERS_MAX)
        if len(self.facts) > FACTS_MAX:
            raise DecisionInvalid(f"A decision rests on at most {FACTS_MAX} facts, not {len(self.facts)}.")

    def value(self, name: str) -> str | None:
        """Return the value of the first fact of that name, or None."""
        return next((each.value for each in self.facts if each.name == name), None)

    @property
    def clauses(self) -> tuple[str, ...]:
        """Every clause that it names, its own first, each once."""
        named = (self.clause, *(each.clause for each in self.facts))
        return tuple(dict.fromkeys(each for each in named if each))

    def as_json(self) -> dict[str, Any]:
        """Return the decision as JSON holds it."""
        return {
            "subject": self.subject.value,
            "outcome": self.outcome,
            "clause": self.clause,
            "facts": [each.as_json() for each in self.facts],
            "version": self.version,
        }

    @classmethod
    def from_json(cls, kept: object) -> Self:
        """Return the decision that `as_json` gave.

        Raises:
            DecisionInvalid: it is anything else: another shape, a key too many, an unknown subject, outcome or fact.
        """
        found = _object("decision", kept, {"subject", "outcome", "clause", "facts", "version"}, set())
        try:
            subject = Subject(found["subject"])
        except ValueError:
            raise DecisionInvalid(f"Nothing is decided about {str(found['subject'])[:40]!r}.") from None
        facts = found["facts"]
        if not isinstance(facts, list):
            raise DecisionInvalid(f"The facts of a decision are a list, not {type(facts).__name__}.")
        if len(facts) > FACTS_MAX:
            raise DecisionInvalid(f"A decision rests on at most {FACTS_MAX} facts, not {len(facts)}.")
        read = tuple(Fact.from_json(each) for each in facts)
        return cls(subject, found["outcome"], found["clause"], read, found["version"])


def _text(name: str, value: FactValue) -> str:
    match value:
        case bool():
            if value:
                return "yes"
            raise DecisionInvalid(f"The fact {name} is not so. Leave it out.")
        case str():
            return value
        case int():
            return str(value)
        case Decimal():
            return f"{value.normalize():f}" if value.is_finite() else str(value)
        case Money():
            return f"{value.rounded().amount:f} {value.currency}"
        case datetime():  # before date: an instant is a day as well
            return value.isoformat()
        case date():
            return value.isoformat()
        case timedelta():
            return str(value // timedelta(seconds=1))
        case _:
            raise DecisionInvalid(f"The fact {name} is given as {type(value).__name__}; that is not exact.")


def _bounded(what: str, text: str, most: int, *, empty: bool = False) -> None:
    if not text and not empty:
        raise DecisionInvalid(f"The {what} of a decision is empty.")
    if len(text) > most:
        raise DecisionInvalid(f"The {what} of a decision has {len(text)} characters; {most} fit.")


def _object(what: str, kept: object, needed: set[str], allowed: set[str]) -> Mapping[str, Any]:
    if not isinstance(kept, Mapping):
        raise DecisionInvalid(f"A {what} is an object, not {type(kept).__name__}.")
    keys = set(kept)
    if keys - needed - allowed or needed - keys:
        shown = ", ".join(sorted(str(key)[:40] for key in keys)[:10])
        raise DecisionInvalid(f"A {what} has {', '.join(sorted(needed))}, not: {shown}.")
    return kept


_KEY: Final = re.compile(r"[\w.-]{1,60}", re.ASCII)
_PERSON: Final = re.compile(r"desk|system|(technician|contact|token):[1-9][0-9]{0,17}", re.ASCII)
_SECONDS: Final = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_NUMBER: Final = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", re.ASCII)
_QUANTITY: Final = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})? (requests|hours)", re.ASCII)
_AMOUNT: Final = re.compile(r"-?[0-9]{1,18}\.[0-9]{2} [A-Z]{3}", re.ASCII)


def _is_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_number(text: str) -> bool:
    try:
        return _NUMBER.fullmatch(text) is not None and Decimal(text).is_finite()
    except InvalidOperation:
        return False


_IS: Final[Mapping[Kind, Callable[[str], bool]]] = {
    Kind.AMOUNT: lambda text: _AMOUNT.fullmatch(text) is not None,
    Kind.DAY: _is_day,
    Kind.FAMILY: _is_key,
    Kind.INSTANT: _is_instant,
    Kind.NUMBER: _is_number,
    Kind.PACKAGE: _is_key,
    Kind.PERSON: lambda text: _PERSON.fullmatch(text) is not None,
    Kind.PROMISE: _is_key,
    Kind.QUANTITY: lambda text: _QUANTITY.fullmatch(text) is not None,
    Kind.REFUSAL: _is_key,
    Kind.SECONDS: lambda text: _SECONDS.fullmatch(text) is not None,
    Kind.SERVICE: _is_key,
    Kind.SEVERITY: _is_key,
    Kind.TEXT: lambda text: bool(text.strip()),
    Kind.TICKET: lambda text: len(text) <= 40,
    Kind.YES: lambda text: text == "yes",
}
