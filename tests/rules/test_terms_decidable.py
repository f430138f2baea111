"""Terms that are accepted can be decided by: every mutant of six files is refused, or answers every question.

A mutant has some of its values replaced by others that occur under the same key somewhere, lines left out, or cells
exchanged. Whatever the checks let through must give a verdict, clocks, gates, consent texts, prices and a bill for every
package, service, product, severity and version, on every day on which something changes, and no paid work without consent.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pomost.contracts.shipped_terms import SHIPPED_TERMS
from pomost.rules.consent import GateAnswer, allowed_level, consent_text, gates_for
from pomost.rules.entitlement import Fact, Outcome, Version, decide
from pomost.rules.explain import explain
from pomost.rules.levels import Level
from pomost.rules.money import Money
from pomost.rules.pricing import NoPrice, bill_work, price_words, tariff_for
from pomost.rules.terms.diff import diff
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parse import parse_terms
from pomost.rules.terms.parts import Cell, GateKind, PartKind
from pomost.rules.terms.problems import TermsInvalid
from vendors import ODD, SLUGS, no_holidays

FILES = [*(SHIPPED_TERMS / f"{slug}.toml" for slug in SLUGS), ODD]
TEXTS = [file.read_text(encoding="utf-8") for file in FILES]
LINE = re.compile(r"^([\w.-]+) = (.+)$", re.MULTILINE)
VERSIONS: tuple[Version, ...] = ("current", "outdated")
CONSENTS = (GateKind.PRICE_ACCEPTED, GateKind.DECLARATION)

EXTREMES = {
    "amounts": ['"99999h"', '"1s"', '"none"'],
    "hours": ["{ mon-fri = [] }", '{ sun = ["00:00-24:00"] }'],
    "rate_per_hour": ['"0.00"', '"unstated"', '"999999999999.99"'],
    "vat": ['"none"', '"exempt"', '"0"', '"100"'],
    "budget": ['"1s"', '"99999h"'],
    "before": ['"look"', '"act"', '"change-many"'],
    "level": ['"none"', '"look"', '"change-many"'],
    "waivable": ["true"],
    "default": ["true", "false"],
    "from": ["2023-06-01", "2026-06-11", "2030-01-01"],
    "until": ["2024-06-01", "2026-06-10"],
    "multiple": ['"0.01"', '"8"'],
    "silence_working_days": ["1", "400"],
}


def pool() -> dict[str, list[str]]:
    """Every value of the six files by its key, and some that nobody would write."""
    found: dict[str, set[str]] = defaultdict(set)
    for key, value in LINE.findall("\n".join(TEXTS)):
        found[key].add(value)
    for key, values in EXTREMES.items():
        found[key] |= set(values)
    return {key: sorted(values) for key, values in found.items()}


POOL = pool()
DECIDING = re.compile(
    r"(cells|gates|level|before|channels|families|packages|services|service|hours|from|until|kind|rate_per_hour|vat|budget"
    r"|starts|stops|pauses|resumes|reopens|time|default|waivable|outdated_stays|if_not_shown|remedy|counts|multiple|scope"
    r"|decline_leaves|beyond|after|silence_working_days|complaint_working_days|unit|minimum|step|public_holidays|in_use"
    r"|booked_clause|set_by|change|[a-z-]+) = "
)
"""Lines that decide something: the keys of the format that do, and the packages in a table of amounts."""
NAMING = re.compile(
    r"(id|clause|name|assumed|version|title|slug|mark|languages|zone|currency|country|legal_name|tax_id|address|email|phone"
    r"|ticket|first|invoice|file|text|ask|definition|liability|note|days|format|sentence|says|source)(\.\w+)? = "
)


@st.composite
def mutants(draw: st.DrawFn) -> str:
    """Draw one of the files with one to three of its deciding lines written otherwise."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 3))):
        lines = [
            found for found in LINE.finditer(text) if DECIDING.match(found[0]) and not NAMING.match(found[0])
        ]
        found = draw(st.sampled_from(lines))
        words = re.findall(r'"[^"]*"', found[2])
        how = draw(st.sampled_from(["other", "inner", "inner", "fewer", "gone"]))
        new = f"{found[1]} = {draw(st.sampled_from(POOL[found[1]]))}"
        if how == "gone":
            new = ""
        elif how == "inner" and words:
            old = draw(st.sampled_from(words))
            new = f"{found[1]} = {found[2].replace(old, draw(st.sampled_from(likely(found[1], text))), 1)}"
        elif how == "fewer" and found[2].startswith("[") and len(words) > 1:
            kept = draw(st.lists(st.sampled_from(words), min_size=1, max_size=len(words) - 1, unique=True))
            new = f"{found[1]} = [{', '.join(kept)}]"
        text = text[: found.start()] + new + text[found.end() :]
    return text


def likely(key: str, text: str) -> list[str]:
    """Return words that may stand under a key of this very file."""
    tables = {
        "gates": "gate",
        "families": "family",
        "packages": "package",
        "services": "service",
        "service": "service",
    }
    if key in tables:
        return re.findall(rf'\[\[{tables[key]}\]\]\nid = ("[^"]*")', text) or ['"none"']
    if key == "cells":
        return CELLS
    inside = sorted({word for value in POOL[key] for word in re.findall(r'"[^"]*"', value)})
    return inside + AMOUNTS if key not in KNOWN else inside or AMOUNTS


CELLS = sorted(f'"{cell.value}"' for cell in Cell)
AMOUNTS = ['"none"', '"30m"', '"4h"', '"99999h"', '"1s"']
KNOWN = frozenset(EXTREMES)


def days_that_matter(terms: Terms) -> list[date]:
    """The days on which something begins, and one far away."""
    days = {terms.in_force_from, date(2026, 6, 11)}
    days |= {prices.valid_from for prices in terms.price_lists}
    days |= {prices.valid_until + timedelta(days=1) for prices in terms.price_lists if prices.valid_until}
    return sorted(day for day in days if terms.is_in_force(day))[:4]


def questions(terms: Terms) -> Iterator[tuple[str | None, bool, str, str | None, str | None, Version, date]]:
    packages = [None, *(each.id for each in terms.packages)]
    severities: list[str | None] = [*(each.id for each in terms.severities)] or [None]
    for service in terms.services:
        yield from product(
            packages,
            (True, False),
            [service.id],
            service.families or (None,),
            severities,
            VERSIONS,
            days_that_matter(terms),
        )


def show(amount: Money) -> str:
    return str(amount)


def answer_everything(terms: Terms) -> int:
    """Ask every question; raises where one has no answer. Returns how many there were."""
    count = 0
    for package, shown, service, family, severity, version, day in questions(terms):
        count += 1
        at = datetime.combine(day, time(10), ZoneInfo(terms.vendor.zone))
        verdict = decide(terms, package, shown, service, version, family=family, on=day)
        terms.clause(verdict.clause)
        said = explain(
            terms,
            service=service,
            package=package,
            package_shown=shown,
            severity=severity,
            family=family,
            version=version,
            at=at,
        )
        assert said
        gates = gates_for(terms, service, verdict.outcome)
        priced = ""
        if verdict.outcome is Outcome.PAID:
            priced = answer_price(terms, service, verdict.package, family, day)
            answer_consent(terms, service)
        for gate in gates:
            if priced or gate.kind is not GateKind.PRICE_ACCEPTED:
                assert consent_text(gate, "en", priced).text
        passed = [GateAnswer(gate.id, accepted=True) for gate in gates]
        assert allowed_level(verdict.level, gates, passed) == verdict.level
    return count


def answer_price(terms: Terms, service: str, package: str | None, family: str | None, day: date) -> str:
    found = tariff_for(terms, day, service=service, package=package, family=family)
    assert found.tariff.rate_per_hour is not None
    bill = bill_work(
        terms, day, 80 * 60, service=service, package=package, family=family, estimate="accepted"
    )
    assert bill.gross == bill.net + bill.vat
    for line in bill.lines:
        terms.clause(line.clause)
    return price_words(terms, day, "en", show, service=service, package=package, family=family)


def answer_consent(terms: Terms, service: str) -> None:
    """Nothing is paid that nobody agreed to before the first paid second."""
    parts = [part for part in terms.parts_for(service) if part.kind is PartKind.CONSENT]
    gates = [gate for gate in gates_for(terms, service) if gate.kind in CONSENTS and not gate.waivable]
    assert parts or any(gate.before is Level.LOOK for gate in gates)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_files_themselves_answer_everything(file: Path) -> None:
    terms = parse_terms(file.read_text(encoding="utf-8"), file.name, no_holidays)

    assert answer_everything(terms) >= 12


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(mutants())
@example(TEXTS[4].replace('budget = "60m"', 'budget = "99999h"'))
def test_an_accepted_mutant_answers_everything(text: str) -> None:
    try:
        terms = parse_terms(text, "mutant.toml", no_holidays)
    except TermsInvalid:
        return

    answer_everything(terms)
    assert diff(terms, terms) == ()


def test_the_questions_can_fail() -> None:
    """A price list that ends leaves its days to a person; a verdict that says "paid" then would be caught."""
    text = TEXTS[4].replace("from = 2024-01-01\nassumed", "from = 2024-01-01\nuntil = 2024-12-31\nassumed")
    terms = parse_terms(text, "ends.toml", no_holidays)

    verdict = decide(terms, None, True, "database-repair", family="database-repair", on=date(2026, 1, 1))

    assert (verdict.outcome, verdict.facts) == (Outcome.ASK_PERSON, (Fact.RATE_UNSTATED,))
    with pytest.raises(NoPrice):
        answer_price(terms, "database-repair", "price-list", "database-repair", date(2026, 1, 1))
