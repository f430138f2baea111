"""A decision goes to JSON and back unchanged, and nothing that is not one comes back as one."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.rules.decision import (
    FACTS,
    OUTCOMES,
    UNSTATED,
    Decision,
    DecisionInvalid,
    Fact,
    Kind,
    Subject,
)
from pomost.rules.money import Money

keys = st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True)
clauses = st.one_of(st.just(""), st.from_regex(r"[0-9]{1,2}(\.[0-9]{1,2})?", fullmatch=True))
amounts = st.decimals(-(10**9), 10**9, places=2)
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.AMOUNT: st.builds(Money, amounts, st.sampled_from(["RUB", "PLN", "EUR"])),
    Kind.DAY: st.dates(),
    Kind.INSTANT: st.datetimes(timezones=st.just(UTC)),
    Kind.NUMBER: st.decimals(-(10**6), 10**6, places=1),
    Kind.PERSON: st.sampled_from(["desk", "technician:3", "contact:18"]),
    Kind.QUANTITY: st.sampled_from(["1 requests", "0.5 hours", "120 hours"]),
    Kind.SECONDS: st.timedeltas(timedelta(0), timedelta(days=400)),
    Kind.TEXT: st.text(min_size=1, max_size=80).filter(lambda text: bool(text.strip())),
    Kind.TICKET: st.text(min_size=1, max_size=40),
    Kind.YES: st.just(True),
}


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    name = draw(st.sampled_from(sorted(FACTS)))
    return Fact.of(name, draw(VALUES.get(FACTS[name], keys)), draw(clauses))


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    subject = draw(st.sampled_from(sorted(OUTCOMES)))
    outcome = draw(st.sampled_from(sorted(OUTCOMES[subject])))
    clause = draw(clauses if outcome == UNSTATED else clauses.filter(bool))
    used = draw(st.lists(facts(), max_size=6))
    return Decision(subject, outcome, clause, tuple(used), draw(keys))


@given(decisions())
def test_a_decision_goes_to_json_and_back_unchanged(decision: Decision) -> None:
    assert Decision.from_json(decision.as_json()) == decision


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_whatever_else_is_json_is_no_decision(kept: object) -> None:
    with pytest.raises(DecisionInvalid):
        Decision.from_json(kept)


@given(
    decisions(), st.sampled_from(["subject", "outcome", "clause", "facts", "version", "more"]), json_values
)
def test_a_changed_decision_is_refused_or_another_whole_one(
    decision: Decision, key: str, value: object
) -> None:
    changed = decision.as_json() | {key: value}

    try:
        found = Decision.from_json(changed)
    except DecisionInvalid:
        return
    assert found.as_json() == changed


INCLUDED = Decision(
    Subject.ENTITLEMENT, "included", "2.1", (Fact("service", "advice"), Fact.of("outdated", True)), "1"
)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"subject": "weather"}, id="a subject nobody decides"),
        pytest.param({"outcome": "free"}, id="an outcome of another world"),
        pytest.param({"outcome": ["included"]}, id="an outcome in a list"),
        pytest.param({"clause": ""}, id="no clause although the terms decide"),
        pytest.param({"clause": None}, id="a clause that is null"),
        pytest.param({"clause": "4" * 61}, id="a clause too long"),
        pytest.param({"facts": {"service": "advice"}}, id="facts as an object"),
        pytest.param({"facts": [{"name": "service", "value": 7}]}, id="a number for a key"),
        pytest.param({"facts": [{"name": "service", "value": "a b"}]}, id="a key with a blank"),
        pytest.param({"facts": [{"name": "weather", "value": "fine"}]}, id="an unknown fact"),
        pytest.param({"facts": [{"name": "rate", "value": "200"}]}, id="an amount without currency"),
        pytest.param({"facts": [{"name": "rate", "value": "2e2 PLN"}]}, id="an amount as a float writes it"),
        pytest.param({"facts": [{"name": "outdated", "value": "no"}]}, id="a yes that says no"),
        pytest.param({"facts": [{"name": "decided-by", "value": "root"}]}, id="nobody the journal knows"),
        pytest.param({"facts": [{"name": "service", "value": "a", "is": "b"}]}, id="a fact with more"),
        pytest.param({"facts": [{"name": "service", "value": "advice"}] * 61}, id="facts without end"),
        pytest.param({"version": 1}, id="a version as a number"),
        pytest.param({"more": 1}, id="a key too many"),
    ],
)
def test_what_is_not_exactly_a_decision_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(DecisionInvalid):
        Decision.from_json(INCLUDED.as_json() | changed)


@pytest.mark.parametrize("key", ["subject", "outcome", "clause", "facts", "version"])
def test_a_decision_with_something_missing_is_refused(key: str) -> None:
    kept = INCLUDED.as_json()
    del kept[key]

    with pytest.raises(DecisionInvalid):
        Decision.from_json(kept)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("rate", 1.5, id="a float"),
        pytest.param("outdated", False, id="what is not so"),
        pytest.param("reason", "  ", id="blank words"),
        pytest.param("rate", Decimal("NaN"), id="no number"),
    ],
)
def test_a_fact_holds_only_what_is_exact(name: str, value: Any) -> None:
    with pytest.raises(DecisionInvalid):
        Fact.of(name, value)


def test_only_the_silence_of_the_terms_stands_without_a_clause() -> None:
    assert Decision(Subject.ENTITLEMENT, UNSTATED, "", (), "1").clauses == ()

    with pytest.raises(DecisionInvalid, match="clause"):
        Decision(Subject.ENTITLEMENT, "paid", "", (), "1")


def test_every_clause_is_named_once_its_own_first() -> None:
    used = (Fact("service", "a", "3"), Fact("package", "b", "2.1"), Fact("family", "c", "3"))

    assert Decision(Subject.ENTITLEMENT, "paid", "2.1", used, "1").clauses == ("2.1", "3")


def test_a_value_is_found_by_name() -> None:
    assert (INCLUDED.value("service"), INCLUDED.value("rate")) == ("advice", None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 6, 15, 9, 30, tzinfo=UTC), "2026-06-15T09:30:00+00:00"),
        (date(2026, 6, 15), "2026-06-15"),
        (timedelta(minutes=40), "2400"),
        (Decimal("0.50"), "0.5"),
        (Decimal("1E+2"), "100"),
        (Money.of("1300", "RUB"), "1300.00 RUB"),
        (7, "7"),
        (True, "yes"),
    ],
)
def test_values_become_typed_text(value: Any, text: str) -> None:
    name = {"yes": "outdated", "1300.00 RUB": "rate"}.get(text, "reason")

    assert Fact.of(name, value).value == text
