"""What a customer is entitled to: package, service and version in, one verdict with its clause out.

Owns the order of judgement (A15): sold separately, then the package, then the
version; and which package serves a customer who cannot show the claimed one. Where
the terms are silent the verdict is "ask a person", never a guess. Prices, gates
and clocks are tariff.py, consent.py and clocks.py. Read next: terms/README.md.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from pomost.rules import decision
from pomost.rules.decision import Decision, Subject
from pomost.rules.levels import Level
from pomost.rules.money import Money
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import Cell, Package, Service

Version = Literal["current", "outdated"]


class Outcome(StrEnum):
    """What the terms say to a request for a service."""

    INCLUDED = "included"
    FROM_QUOTA = "from-quota"
    PAID = "paid"
    ASK_PERSON = "unstated"
    """The terms are silent: a person decides, with a reason that is kept."""
    SOLD_SEPARATELY = "sold-separately"
    KNOWN_SOLUTIONS_ONLY = "known-solutions-only"
    REFUSED = "refused"


class Fact(StrEnum):
    """Something that the verdict rests on besides the matrix."""

    NO_PACKAGE = "no-package"
    """No package was named, and the terms have none for whoever names none."""
    NOT_SHOWN = "not-shown"
    """The claimed package could not be shown, so another one serves."""
    NOT_SHOWN_UNSTATED = "not-shown-unstated"
    """The claimed package could not be shown, and the terms do not say who serves then."""
    FAMILY_UNSTATED = "family-unstated"
    """The product is not among those that the service is given for."""
    RATE_UNSTATED = "rate-unstated"
    """The service is paid, and the terms give no rate for this product."""
    OUTDATED = "outdated"
    """The customer's version of the product is outdated."""


ENTITLED = frozenset({Outcome.INCLUDED, Outcome.FROM_QUOTA, Outcome.PAID})

_OUTCOME_OF_CELL = {
    Cell.YES: Outcome.INCLUDED,
    Cell.QUOTA: Outcome.FROM_QUOTA,
    Cell.PAID: Outcome.PAID,
    Cell.NO: Outcome.REFUSED,
    Cell.SOLD_SEPARATELY: Outcome.SOLD_SEPARATELY,
    Cell.UNSTATED: Outcome.ASK_PERSON,
}

_ABOUT_THE_PACKAGE = frozenset({"package-claimed", "package", "not-shown", "not-shown-unstated"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the terms say to a request, and why."""

    outcome: Outcome
    package: str | None
    """Package that the request is served as; None where no package could be told."""
    service: str
    clause: str
    """The clause that decides."""
    level: Level
    """How far a session may go now: NONE unless the outcome entitles to the service."""
    level_if_agreed: Level
    """How far a session may go once a person has decided for it: the service's highest level."""
    facts: tuple[Fact, ...]
    fact_clauses: tuple[str, ...]
    """Clauses behind the facts, such as the one that names the package in place of one not shown."""
    used: tuple[decision.Fact, ...]
    """Everything that it rests on, typed: what `facts` says, and the service, package, product and price."""
    version: str
    """Version of the terms that this was judged by."""

    @property
    def is_entitled(self) -> bool:
        """Whether work may begin without asking a person (gates and prices aside)."""
        return self.outcome in ENTITLED

    @property
    def decision(self) -> Decision:
        """The verdict as every page, mail and machine explains it."""
        return Decision(Subject.ENTITLEMENT, self.outcome.value, self.clause, self.used, self.version)

    @property
    def package_decision(self) -> Decision | None:
        """By which package it is judged, and why not by the claimed one; None where none was claimed."""
        claimed = next((each for each in self.used if each.name == "package-claimed"), None)
        if claimed is None:
            return None
        telling = tuple(each for each in self.used if each.name in _ABOUT_THE_PACKAGE)
        if Fact.NOT_SHOWN in self.facts:
            clause = next(iter(self.fact_clauses), self.clause)
            return Decision(Subject.PACKAGE, "base-only", clause, telling, self.version)
        outcome = decision.UNSTATED if Fact.NOT_SHOWN_UNSTATED in self.facts else "as-claimed"
        clause = next((each.clause for each in self.used if each.name == "package"), self.clause)
        return Decision(Subject.PACKAGE, outcome, clause, telling, self.version)


def decide(
    terms: Terms,
    package_claimed: str | None,
    package_shown: bool,
    service: str,
    version: Version = "current",
    *,
    family: str | None = None,
    on: date | None = None,
) -> Verdict:
    """Return what `terms` say to a request for `service`.

    `package_claimed` None means that the customer names none. `version` is that of the product. `on` is the day whose
    prices count (the vendor's local date); None: the newest price list.

    Raises:
        Unknown: the terms have no such package, service or family.

    Source: product.md C5, C6, K1, A15.
    """
    wanted = terms.service(service)
    package, facts, fact_clauses = _served_as(terms, package_claimed, package_shown)
    row = terms.row(service)
    if package is None:
        outcome, clause = Outcome.ASK_PERSON, row.clause
    else:
        outcome, clause = _OUTCOME_OF_CELL[row.cells[package.id]], row.clause
    if outcome in ENTITLED and family is not None and wanted.families:
        terms.family(family)
        if family not in wanted.families:
            outcome, facts = Outcome.ASK_PERSON, (*facts, Fact.FAMILY_UNSTATED)
    rate: tuple[Money, str] | None = None
    if outcome is Outcome.PAID and package is not None:
        unstated = _clause_without_rate(terms, wanted, package, family, on)
        rate = _rate(terms, wanted, package, family, on)
        if unstated is not None:
            outcome, clause, facts = Outcome.ASK_PERSON, unstated, (*facts, Fact.RATE_UNSTATED)
    if (
        version == "outdated"
        and outcome in ENTITLED
        and terms.version_rule is not None
        and not wanted.outdated_stays
    ):
        outcome, clause, facts = (
            Outcome.KNOWN_SOLUTIONS_ONLY,
            terms.version_rule.clause,
            (*facts, Fact.OUTDATED),
        )
    if Fact.NOT_SHOWN_UNSTATED in facts and outcome in ENTITLED:
        outcome = Outcome.ASK_PERSON
    return Verdict(
        outcome=outcome,
        package=package.id if package else None,
        service=service,
        clause=clause,
        level=wanted.level if outcome in ENTITLED else Level.NONE,
        level_if_agreed=wanted.level,
        facts=facts,
        fact_clauses=fact_clauses,
        used=_used(wanted, package, package_claimed, family, facts, fact_clauses, rate),
        version=terms.version,
    )


def _used(
    service: Service,
    package: Package | None,
    claimed: str | None,
    family: str | None,
    facts: tuple[Fact, ...],
    fact_clauses: tuple[str, ...],
    rate: tuple[Money, str] | None,
) -> tuple[decision.Fact, ...]:
    """Return what the verdict rests on, typed."""
    used = [decision.Fact("service", service.id, service.clause)]
    if family is not None:
        used.append(decision.Fact("family", family))
    if claimed is not None:
        used.append(decision.Fact("package-claimed", claimed))
    if package is not None:
        used.append(decision.Fact("package", package.id, package.clause))
    for fact in facts:
        clause = next(iter(fact_clauses), "") if fact is Fact.NOT_SHOWN else ""
        used.append(decision.Fact.of(fact.value, True, clause))
    if rate is not None:
        used.append(decision.Fact.of("rate", *rate))
    return tuple(used)


def _served_as(
    terms: Terms, claimed: str | None, shown: bool
) -> tuple[Package | None, tuple[Fact, ...], tuple[str, ...]]:
    """Return the package that serves a customer, and why it is not the claimed one."""
    if claimed is None:
        default = terms.default_package
        return default, () if default else (Fact.NO_PACKAGE,), ()
    package = terms.package(claimed)
    if shown or package.default:
        return package, (), ()
    if package.if_not_shown is None:
        return package, (Fact.NOT_SHOWN_UNSTATED,), ()
    clauses = (package.if_not_shown_clause,) if package.if_not_shown_clause else ()
    return terms.package(package.if_not_shown), (Fact.NOT_SHOWN,), clauses


def _clause_without_rate(
    terms: Terms, service: Service, package: Package, family: str | None, on: date | None
) -> str | None:
    """Return the clause of the price that leaves the rate open, or None where the rate is known or still to be asked."""
    day = terms.price_lists[-1].valid_from if on is None else on
    fitting = terms.tariffs(day, service=service.id, package=package.id, family=family)
    if not fitting:
        return terms.row(service.id).clause
    if all(each.tariff.rate_per_hour is None for each in fitting):
        return fitting[0].tariff.clause
    return None


def _rate(
    terms: Terms, service: Service, package: Package, family: str | None, on: date | None
) -> tuple[Money, str] | None:
    """Return the price of an hour and its clause, where the terms know one that fits."""
    day = terms.price_lists[-1].valid_from if on is None else on
    fitting = terms.tariffs(day, service=service.id, package=package.id, family=family)
    if len(fitting) != 1 or fitting[0].tariff.rate_per_hour is None:
        return None
    return fitting[0].tariff.rate_per_hour, fitting[0].tariff.clause


def prices_known(terms: Terms, package: str, service: str, family: str | None, on: date) -> bool:
    """Say whether the terms give a rate for a service, so that it can be paid by the price list. Raises Unknown."""
    wanted, held = terms.service(service), terms.package(package)
    return _clause_without_rate(terms, wanted, held, family, on) is None
