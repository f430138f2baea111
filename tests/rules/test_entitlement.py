"""Who is entitled to what: the order of judgement, and silence that stays silence."""

from datetime import date

import pytest

from pomost.rules.entitlement import Fact, Outcome, decide
from pomost.rules.levels import Level
from pomost.rules.terms.model import Unknown
from vendors import odd, shipped

CENTAUR = shipped("centaur")
KRYZHIK = shipped("kryzhik")
SATISOFT = shipped("satisoft")


def test_a_service_of_the_package_is_included_with_its_matrix_row_as_the_reason() -> None:
    verdict = decide(CENTAUR, "extended", True, "remote-connection")

    assert verdict.outcome is Outcome.INCLUDED
    assert verdict.is_entitled
    assert verdict.clause == "2.7"
    assert verdict.level is Level.ACT
    assert verdict.version == "1"


def test_golden_case_c2_who_cannot_show_extended_is_served_as_basic() -> None:  # G-C2, C5
    verdict = decide(CENTAUR, "extended", False, "remote-connection")

    assert verdict.package == "basic"
    assert verdict.outcome is Outcome.REFUSED
    assert verdict.clause == "2.7"
    assert verdict.level is Level.NONE
    assert verdict.facts == (Fact.NOT_SHOWN,)
    assert verdict.fact_clauses == ("6.4",)


def test_basic_needs_no_showing() -> None:
    verdict = decide(CENTAUR, "basic", False, "email-line")

    assert verdict.package == "basic"
    assert verdict.outcome is Outcome.INCLUDED
    assert verdict.facts == ()


def test_who_names_no_package_is_served_by_the_default() -> None:
    assert decide(CENTAUR, None, False, "email-line").package == "basic"


def test_who_names_no_package_is_put_before_a_person_where_there_is_no_default() -> None:
    verdict = decide(KRYZHIK, None, False, "consultation")

    assert verdict.package is None
    assert verdict.outcome is Outcome.ASK_PERSON
    assert verdict.facts == (Fact.NO_PACKAGE,)


@pytest.mark.parametrize("package", ["start", "nadezhny"])
@pytest.mark.parametrize("version", ["current", "outdated"])
def test_a_lost_cell_is_put_before_a_person_whatever_else_holds(package: str, version: str) -> None:  # K1
    verdict = decide(
        KRYZHIK, package, True, "programming", "outdated" if version == "outdated" else "current"
    )

    assert verdict.outcome is Outcome.ASK_PERSON
    assert verdict.clause == "2.1"
    assert verdict.level is Level.NONE
    assert verdict.level_if_agreed is Level.ACT


def test_what_is_sold_separately_is_so_in_any_package_and_version() -> None:  # C2, A15
    for package in ("basic", "extended"):
        assert (
            decide(CENTAUR, package, True, "first-installation", "outdated").outcome
            is Outcome.SOLD_SEPARATELY
        )


def test_the_package_is_judged_before_the_version() -> None:  # A15
    assert decide(CENTAUR, "basic", True, "remote-update", "outdated").outcome is Outcome.REFUSED


@pytest.mark.parametrize("service", ["updates-self-install", "remote-update"])
def test_updates_stay_for_an_outdated_version(service: str) -> None:  # A15
    assert decide(CENTAUR, "extended", True, service, "outdated").outcome is Outcome.INCLUDED


def test_everything_else_comes_down_to_known_solutions_for_an_outdated_version() -> None:  # C6
    verdict = decide(CENTAUR, "extended", True, "remote-connection", "outdated")

    assert verdict.outcome is Outcome.KNOWN_SOLUTIONS_ONLY
    assert verdict.clause == "7.1"
    assert verdict.level is Level.NONE
    assert verdict.facts == (Fact.OUTDATED,)


def test_terms_without_a_rule_for_versions_do_not_ask_for_them() -> None:
    assert decide(SATISOFT, None, True, "remote-help", "outdated", family="subiekt").outcome is Outcome.PAID


def test_a_product_without_a_rate_is_put_before_a_person() -> None:  # S7
    verdict = decide(SATISOFT, None, True, "remote-help", family="navireo", on=date(2026, 6, 1))

    assert verdict.outcome is Outcome.ASK_PERSON
    assert verdict.facts == (Fact.RATE_UNSTATED,)
    assert verdict.clause == "4.6"


def test_a_product_that_the_service_is_not_for_is_put_before_a_person() -> None:
    verdict = decide(SATISOFT, None, True, "remote-help", family="programming")

    assert verdict.outcome is Outcome.ASK_PERSON
    assert verdict.facts == (Fact.FAMILY_UNSTATED,)


def test_a_paid_service_is_put_before_a_person_on_a_day_without_prices() -> None:
    assert decide(SATISOFT, None, True, "remote-help", on=date(2020, 1, 1)).outcome is Outcome.ASK_PERSON


def test_a_package_not_shown_is_put_before_a_person_where_the_terms_are_silent() -> None:
    verdict = decide(shipped("damal"), "sla", False, "remote-consultation")

    assert verdict.outcome is Outcome.ASK_PERSON
    assert verdict.facts == (Fact.NOT_SHOWN_UNSTATED,)


def test_a_quota_cell_is_taken_from_the_quota() -> None:
    assert decide(odd(), "gold", True, "advice").outcome is Outcome.FROM_QUOTA
    assert decide(odd(), "gold", False, "advice").outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    ("package", "service", "near"),
    [("extendet", "visit", "extended"), ("basic", "remote_connection", "remote-connection")],
)
def test_an_unknown_name_is_refused_with_the_nearest_one(package: str, service: str, near: str) -> None:
    with pytest.raises(Unknown, match=f"Did you mean “{near}”"):
        decide(CENTAUR, package, True, service)


def test_an_unknown_product_is_refused() -> None:
    with pytest.raises(Unknown, match="Did you mean “subiekt”"):
        decide(SATISOFT, None, True, "remote-help", family="subjekt")
