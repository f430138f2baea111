"""Every decision can be said: each outcome and each fact has its words, in each language."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.template import engines
from django.utils import translation

from pomost.contracts.public_holidays import public_holidays
from pomost.rules.decision import FACTS, OUTCOMES, Decision, Fact, Kind, Subject
from pomost.rules.terms.parse import parse_terms
from pomost.tickets.queries import Explained
from pomost.ui.decision_parts import (
    FACT_WORDS,
    FOR_STAFF,
    OUTCOME_WORDS,
    SUBJECT_WORDS,
    actors_in,
    why_lines,
    why_view,
)

FILE = Path(__file__).parents[2] / "terms" / "centaur.toml"
TERMS = parse_terms(FILE.read_text(encoding="utf-8"), FILE.name, public_holidays)
NOW = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
SAMPLES: Mapping[Kind, object] = {
    Kind.DAY: date(2026, 6, 15),
    Kind.INSTANT: NOW,
    Kind.SECONDS: timedelta(hours=4),
    Kind.YES: True,
    Kind.AMOUNT: "1300.00 RUB",
    Kind.NUMBER: "0.5",
    Kind.QUANTITY: "0.5 hours",
    Kind.PACKAGE: "extended",
    Kind.SERVICE: "phone-line",
    Kind.SEVERITY: "critical",
    Kind.PERSON: "technician:3",
    Kind.TICKET: "Ц-2001",
    Kind.TEXT: "because",
    Kind.PROMISE: "reaction",
    Kind.REFUSAL: "conduct",
    Kind.FAMILY: "of-another-version",
}
EVERY_FACT = tuple(Fact.of(name, SAMPLES[kind], "2.7") for name, kind in FACTS.items())  # type: ignore[arg-type]
REFUSED = Explained(
    Decision(Subject.ENTITLEMENT, "refused", "2.7", EVERY_FACT, TERMS.version), TERMS, "technician:3", NOW
)


def test_every_outcome_and_every_fact_has_its_words_and_no_other_has() -> None:
    assert set(OUTCOME_WORDS) == {(subject, each) for subject, named in OUTCOMES.items() for each in named}
    assert set(SUBJECT_WORDS) == set(OUTCOMES)
    assert set(FACT_WORDS) == set(FACTS)


@pytest.mark.parametrize("language", ["ru", "pl", "en"])
def test_a_decision_says_outcome_clause_facts_and_version(language: str) -> None:
    with translation.override(language):
        view = why_view(REFUSED, {"technician:3": "Tess"}, now=NOW, language=language, internal=True)
        html = engines["django"].from_string("{% load pomost_ui %}{% why view %}").render({"view": view})
        lines = why_lines(view)

    assert TERMS.clause("2.7").sentence[language] in html
    for said in (view.words, TERMS.package("extended").name[language], "Tess"):
        assert said in html
    assert all(each.value in html for each in view.facts)
    assert lines[1].startswith("§ 2.7: ")
    assert "2024" in lines[-1]
    assert all(line.strip() for line in lines)


def test_words_for_colleagues_are_not_shown_to_customers() -> None:
    view = why_view(REFUSED, {}, now=NOW, language="en", internal=False)

    assert "Reason" not in [each.name for each in view.facts]
    assert len(view.facts) == len(FACTS) - len(FOR_STAFF) - 1  # who decided stands in the last line


def test_the_names_of_everybody_who_decided_are_asked_for() -> None:
    assert actors_in([REFUSED]) == {"technician:3"}
