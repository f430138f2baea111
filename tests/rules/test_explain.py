"""Explanations: what would happen, each statement with its clause and the values that it names."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pomost.contracts.shipped_terms import SHIPPED_TERMS
from pomost.rules.explain import MESSAGES, Statement, explain
from pomost.rules.money import Money
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parse import parse_terms
from vendors import SLUGS, no_holidays, odd, shipped

AT = datetime(2026, 6, 11, 16, 30, tzinfo=ZoneInfo("Europe/Moscow"))


def messages(statements: Sequence[Statement]) -> dict[str, Statement]:
    return {statement.message: statement for statement in statements}


def every_case(terms: Terms) -> list[Statement]:
    """All statements of all packages, services, severities and families, shown or not, in both versions."""
    severity = terms.severities[0].id if terms.severities else None
    return [
        statement
        for package in [None, *(each.id for each in terms.packages)]
        for service in terms.services
        for family in [None, *service.families]
        for shown in (True, False)
        for statement in explain(
            terms,
            service=service.id,
            package=package,
            package_shown=shown,
            severity=severity,
            family=family,
            version="current" if shown else "outdated",
            at=AT,
        )
    ]


@pytest.mark.parametrize("slug", [*SLUGS, "odd"])
def test_every_statement_names_a_clause_and_all_its_values(slug: str) -> None:
    terms = odd() if slug == "odd" else shipped(slug)
    silent = {
        "clock.none",
        "fact.no-package",
        "fact.family-unstated",
        "fact.rate-unstated",
        "fact.not-shown-unstated",
    }

    for statement in every_case(terms):
        assert set(statement.values) >= set(MESSAGES[statement.message]), statement
        if statement.message not in silent:
            assert statement.clause is not None, statement
        if statement.clause is not None:
            assert terms.clause(statement.clause).sentence["en"]


def test_a_clock_is_told_with_its_due_moment() -> None:
    found = messages(
        explain(
            shipped("centaur"), service="remote-connection", package="extended", severity="critical", at=AT
        )
    )

    assert found["clock.due"].values["due"] == datetime(2026, 6, 15, 9, 30, tzinfo=AT.tzinfo)
    assert found["clock.due"].values["amount"] == timedelta(hours=1)
    assert found["clock.due"].clause == "4.1"
    assert found["access.up-to"].values["level"] == "act"
    assert "price.nothing" in found


def test_who_is_refused_a_service_is_still_promised_an_answer() -> None:
    found = messages(explain(shipped("centaur"), service="visit", package="basic", severity="low", at=AT))

    assert found["entitlement.refused"].clause == "2.11"
    assert "clock.due" in found
    assert "price.nothing" not in found


def test_a_price_is_told_with_fee_estimate_and_vat() -> None:
    found = messages(explain(shipped("bonus"), service="direct-connection", package="licence", at=AT))

    assert found["price.rate"].values["rate"] == Money.of("1300.00", "RUB")
    assert found["price.fee"].values["amount"] == Money.of("4000.00", "RUB")
    assert found["price.no-vat"].clause == "4.1"
    assert found["request.booked"].clause == "3.1"


def test_a_sample_rate_says_that_it_is_one() -> None:
    assert "price.sample" in messages(
        explain(shipped("damal"), service="remote-consultation", package="sla", at=AT)
    )


def test_a_price_that_depends_on_the_product_asks_for_it() -> None:
    found = messages(explain(shipped("satisoft"), service="remote-help", at=AT))

    assert "price.depends" in found
    assert found["estimate.declined-nothing"].clause == "5.2"


def test_a_severity_that_the_terms_need_is_asked_for() -> None:
    with pytest.raises(ValueError, match="Choose one of: low, medium, critical"):
        explain(shipped("centaur"), service="visit", package="basic", at=AT)


def test_a_promise_past_the_official_calendar_says_so() -> None:
    late = AT.replace(year=2035)

    found = messages(explain(shipped("kryzhik"), service="solving", package="start", at=late))

    assert found["clock.unconfirmed"].values["why"]


def test_cities_for_visits_are_named_where_they_are_known() -> None:
    text = (SHIPPED_TERMS / "centaur.toml").read_text(encoding="utf-8")
    terms = parse_terms(
        text.replace('cities = "unstated"', 'cities = ["Kazan", "Samara"]'), "c.toml", no_holidays
    )

    found = messages(explain(terms, service="visit", package="extended", severity="low", at=AT))

    assert found["request.visit-cities"].values["cities"] == ("Kazan", "Samara")


def test_a_product_that_the_service_is_not_for_is_named() -> None:
    found = messages(explain(shipped("satisoft"), service="remote-help", family="programming", at=AT))

    assert found["fact.family-unstated"].values["family"] == shipped("satisoft").family("programming").name
