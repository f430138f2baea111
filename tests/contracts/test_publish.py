from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from people import cast
from pomost.contracts import actions, queries
from pomost.contracts.errors import ContractRefused, NoTermsInForce, TermsRefused
from pomost.contracts.models import TermsVersion
from pomost.journal.models import Fact
from pomost.people.models import Customer, Vendor

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
TERMS = (Path(__file__).resolve().parents[2] / "terms" / "satisoft.toml").read_text()
SECOND = TERMS.replace('version = "1"', 'version = "2"').replace(
    "from = 2024-01-01\nassumed", "from = 2026-05-01\nassumed"
)


@pytest.fixture
def vendor(db: None) -> Vendor:
    return cast("satisoft", language="pl", currency="PLN").vendor


@pytest.fixture
def acme(vendor: Vendor) -> Customer:
    actions.publish_terms(vendor, TERMS, by="system", at=NOW)
    return Customer.objects.get(name="Acme")


def published(vendor: Vendor) -> list[str]:
    return list(TermsVersion.objects.filter(vendor=vendor).values_list("version", flat=True))


def test_published_terms_hold_from_the_day_they_name(vendor: Vendor) -> None:
    actions.publish_terms(vendor, TERMS, by="system", at=NOW)

    version, terms = queries.terms_in_force(vendor, date(2024, 1, 1))

    assert version.text == TERMS
    assert terms.version == "1"
    with pytest.raises(NoTermsInForce, match="no terms in force on 2023-12-31"):
        queries.terms_in_force(vendor, date(2023, 12, 31))


def test_each_day_has_the_version_that_was_in_force_then(vendor: Vendor) -> None:
    for text in (TERMS, SECOND):
        actions.publish_terms(vendor, text, by="system", at=NOW)

    assert queries.terms_in_force(vendor, date(2026, 4, 30))[1].version == "1"
    assert queries.terms_in_force(vendor, date(2026, 5, 1))[1].version == "2"


def test_terms_that_have_ended_hold_no_longer(vendor: Vendor) -> None:
    ended = TERMS.replace("from = 2024-01-01\nassumed", "from = 2024-01-01\nuntil = 2024-06-30\nassumed")
    actions.publish_terms(vendor, ended, by="system", at=NOW)

    assert queries.terms_in_force(vendor, date(2024, 6, 30))[1].version == "1"
    with pytest.raises(NoTermsInForce):
        queries.terms_in_force(vendor, date(2024, 7, 1))


def test_a_text_is_parsed_once(vendor: Vendor) -> None:
    version = actions.publish_terms(vendor, TERMS, by="system", at=NOW)

    assert queries.terms_of(version) is queries.terms_of(TermsVersion.objects.get())


def test_publishing_the_same_again_is_harmless(vendor: Vendor) -> None:
    first = actions.publish_terms(vendor, TERMS, by="system", at=NOW)
    again = actions.publish_terms(vendor, TERMS, by="system", at=NOW)

    assert again == first
    assert Fact.objects.filter(kind="terms.published").count() == 1


def test_invalid_terms_are_refused_with_every_problem_and_nothing_is_kept(vendor: Vendor) -> None:
    broken = TERMS.replace('clause = "5.1"', 'clause = "5.9"').replace('budget = "60m"', 'budget = "-60m"')

    with pytest.raises(TermsRefused) as refusal:
        actions.publish_terms(vendor, broken, by="system", at=NOW)

    assert {problem.key for problem in refusal.value.problems} == {"estimate.clause", "estimate.budget"}
    assert all(f"satisoft.toml:{problem.line}" in str(refusal.value) for problem in refusal.value.problems)
    assert published(vendor) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TERMS.replace('name = "Navireo"', 'name = "Navireo PRO"'), "published with another text"),
        (SECOND.replace("2026-05-01", "2024-01-01"), "holds from 2024-01-01 already"),
        (SECOND.replace("2026-05-01", "2023-01-01"), "holds from 2024-01-01 already"),
        (SECOND.replace('"satisoft"', '"other"'), "vendor.slug = “other”"),
        (SECOND.replace('currency = "PLN"', 'currency = "EUR"'), "vendor.currency = “EUR”"),
    ],
    ids=[
        "a changed text under an old version",
        "a day that has terms",
        "a day before",
        "another vendor's",
        "another currency",
    ],
)
def test_terms_that_collide_are_refused(vendor: Vendor, text: str, says: str) -> None:
    actions.publish_terms(vendor, TERMS, by="system", at=NOW)

    with pytest.raises(TermsRefused, match=says):
        actions.publish_terms(vendor, text, by="system", at=NOW)

    assert published(vendor) == ["1"]


def contract(
    customer: Customer, number: str, first: date, last: date | None = None, package: str = "price-list"
) -> None:
    actions.add_contract(
        customer=customer,
        number=number,
        package=package,
        valid_from=first,
        valid_until=last,
        by="system",
        at=NOW,
    )


def test_a_contract_holds_from_its_first_day_to_its_last(acme: Customer) -> None:
    contract(acme, "C-1", date(2026, 1, 1), date(2026, 6, 30))
    contract(acme, "C-2", date(2026, 7, 1))

    held = {
        day: getattr(queries.contract_of(acme, day), "number", None)
        for day in (
            date(2025, 12, 31),
            date(2026, 1, 1),
            date(2026, 6, 30),
            date(2026, 7, 1),
            date(2040, 1, 1),
        )
    }

    assert list(held.values()) == [None, "C-1", "C-1", "C-2", "C-2"]


@pytest.mark.parametrize(
    ("number", "first", "last", "package", "says"),
    [
        ("C-2", date(2026, 6, 30), None, "price-list", "C-1 holds in that time"),
        ("C-2", date(2025, 1, 1), date(2026, 1, 1), "price-list", "C-1 holds in that time"),
        ("C-1", date(2027, 1, 1), None, "price-list", "a contract C-1 already"),
        ("C-2", date(2027, 1, 2), date(2027, 1, 1), "price-list", "end before it begins"),
        ("C-2", date(2027, 1, 1), None, "gold", "no package “gold”"),
    ],
)
def test_a_contract_that_cannot_be_is_refused(
    acme: Customer, number: str, first: date, last: date | None, package: str, says: str
) -> None:
    contract(acme, "C-1", date(2026, 1, 1), date(2026, 6, 30))

    with pytest.raises(ContractRefused, match=says):
        contract(acme, number, first, last, package)


def test_whether_a_package_was_shown_is_noted_once(acme: Customer) -> None:
    contract(acme, "C-1", date(2026, 1, 1))
    kept = queries.contract_of(acme, date(2026, 5, 4))
    assert kept is not None

    for _ in range(2):
        actions.set_shown(kept, False, by="technician:1", at=NOW)

    assert getattr(queries.contract_of(acme, date(2026, 5, 4)), "shown", None) is False
    assert Fact.objects.filter(kind="contract.shown").count() == 1


def test_a_day_is_the_vendors_own(vendor: Vendor) -> None:
    assert queries.local_day(vendor, datetime(2026, 5, 3, 22, 30, tzinfo=UTC)) == date(2026, 5, 4)
