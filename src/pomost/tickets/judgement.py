"""What the terms say to one request: by which package it is served, whether it is included, what it still lacks.

Owns the way from rows to the rules and back: facts of the ticket in, a verdict out, kept as JSON with its clauses and
the version. The judging itself is rules/entitlement.py.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from pomost.contracts.queries import contract_of
from pomost.people.models import Customer
from pomost.rules import decision
from pomost.rules.entitlement import Fact, Outcome, Verdict, decide
from pomost.rules.levels import LEVELS_BY_WORD
from pomost.rules.terms.model import Terms, Unknown
from pomost.rules.terms.parts import PartKind, RequestPart
from pomost.tickets.errors import TicketRefused


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, in keys of the terms; empty where the terms ask for nothing."""

    service: str
    family: str = ""
    severity: str = ""
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """The package that the customer says to have."""

    package: str
    """Empty: none."""
    is_shown: bool


def claim_of(customer: Customer, day: date, claimed: str) -> Claim:
    """Return what the customer claims: by word if they said so, else by contract.

    A package counts as shown when a contract of that day has it and nobody noted otherwise (C5).
    """
    contract = contract_of(customer, day)
    package = claimed or (contract.package if contract else "")
    return Claim(package, contract is not None and contract.package == package and contract.shown)


def judge(terms: Terms, wanted: Wanted, claim: Claim, day: date) -> Verdict:
    """Return the verdict of the terms.

    Raises:
        TicketRefused: a key that the terms do not know, or a product or severity that they ask for is not given.
    """
    try:
        service = terms.service(wanted.service)
        if service.families and not wanted.family:
            raise TicketRefused(_("Choose the product that this is about."))
        verdict = decide(
            terms,
            claim.package or None,
            claim.is_shown,
            wanted.service,
            "outdated" if wanted.outdated else "current",
            family=wanted.family or None,
            on=day,
        )
        if wanted.severity:
            terms.severity(wanted.severity)
    except Unknown as unknown:
        raise TicketRefused(str(unknown)) from unknown
    if terms.severities and not wanted.severity:
        raise TicketRefused(_("Choose how badly it hurts: the promised time depends on it."))
    return verdict


def verdict_as_json(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as the ticket keeps it."""
    return {
        "outcome": verdict.outcome.value,
        "package": verdict.package,
        "service": verdict.service,
        "clause": verdict.clause,
        "level": verdict.level.word,
        "level_if_agreed": verdict.level_if_agreed.word,
        "facts": [fact.value for fact in verdict.facts],
        "fact_clauses": list(verdict.fact_clauses),
        "used": [fact.as_json() for fact in verdict.used],
        "version": verdict.version,
    }


def verdict_from_json(kept: Mapping[str, Any]) -> Verdict:
    """Return the verdict that a ticket keeps."""
    return Verdict(
        outcome=Outcome(kept["outcome"]),
        package=kept["package"],
        service=kept["service"],
        clause=kept["clause"],
        level=LEVELS_BY_WORD[kept["level"]],
        level_if_agreed=LEVELS_BY_WORD[kept["level_if_agreed"]],
        facts=tuple(Fact(fact) for fact in kept["facts"]),
        fact_clauses=tuple(kept["fact_clauses"]),
        # Verdicts of the first version were kept without them.
        used=tuple(decision.Fact.from_json(fact) for fact in kept.get("used", ())),
        version=kept["version"],
    )


def missing_parts(
    terms: Terms, service: str, *, text: str, phone: str, parts: Collection[str], agreed: Collection[str]
) -> tuple[RequestPart, ...]:
    """Return what the terms demand of such a request and it does not carry, in the order of the terms.

    `parts` are the keys of what is there besides text and phone, `agreed` those of the consents given.
    """

    def is_there(part: RequestPart) -> bool:
        if part.kind is PartKind.CONSENT:
            return part.id in agreed
        if part.kind is PartKind.TEXT:
            return bool(text.strip())
        if part.kind is PartKind.PHONE:
            return bool(phone.strip())
        return part.id in parts

    return tuple(part for part in terms.parts_for(service) if not is_there(part))
