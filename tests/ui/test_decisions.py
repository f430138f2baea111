"""Every decision can be said: each outcome and each fact has its words, in each language."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.template import engines
from django.utils import translation

from pomost.contracts.public_holidays import public_holidays
from pomost.rules.decision import FACTS, FACTS_MAX, OUTCOMES, Decision, Fact, Kind, Subject
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
DECIDED_BY = Fact.of("decided-by", SAMPLES[Kind.PERSON])  # type: ignore[arg-type]
OTHER_FACTS = tuple(fact for fact in EVERY_FACT if fact.name != "decided-by")
REFUSED = tuple(
    Explained(
        Decision(Subject.ENTITLEMENT, "refused", "2.7", (*facts, DECIDED_BY), TERMS.version),
        TERMS,
        "technician:3",
        NOW,
    )
    for facts in (OTHER_FACTS[: FACTS_MAX // 2], OTHER_FACTS[FACTS_MAX // 2 :])
)
"""Two decisions that rest on every fact between them, as one holds no more than FACTS_MAX; a person decided both."""


def test_every_outcome_and_every_fact_has_its_words_and_no_other_has() -> None:
    assert set(OUTCOME_WORDS) == {(subject, each) for subject, named in OUTCOMES.items() for each in named}
    assert set(SUBJECT_WORDS) == set(OUTCOMES)
    assert set(FACT_WORDS) == set(FACTS)


@pytest.mark.parametrize("language", ["ru", "pl", "en"])
def test_a_decision_says_outcome_clause_facts_and_version(language: str) -> None:
    shown = ""
    for refused in REFUSED:
        with translation.override(language):
            view = why_view(refused, {"technician:3": "Tess"}, now=NOW, language=language, internal=True)
            html = engines["django"].from_string("{% load pomost_ui %}{% why view %}").render({"view": view})
            lines = why_lines(view)

        assert TERMS.clause("2.7").sentence[language] in html
        for said in (view.words, "Tess"):
            assert said in html
        assert len(view.facts) == len(refused.decision.facts) - 1  # who decided stands in the last line
        assert all(each.value in html for each in view.facts)
        assert lines[1].startswith("§ 2.7: ")
        assert "2024" in lines[-1]
        assert all(line.strip() for line in lines)
        shown += html

    assert TERMS.package("extended").name[language] in shown


def test_words_for_colleagues_are_not_shown_to_customers() -> None:
    views = [why_view(refused, {}, now=NOW, language="en", internal=False) for refused in REFUSED]
    shown = [each.name for view in views for each in view.facts]

    assert {"answer", "appeal", "reason", "what-happened"} == FOR_STAFF
    assert "Reason" not in shown
    assert len(shown) == len(FACTS) - len(FOR_STAFF) - 1  # who decided stands in the last line


def test_the_names_of_everybody_who_decided_are_asked_for() -> None:
    assert actors_in(REFUSED) == {"technician:3"}
