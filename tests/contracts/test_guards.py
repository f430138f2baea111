"""Attacks on published terms with raw SQL."""

from datetime import UTC, datetime

import pytest

from attacks import refusal, truncation
from people import TERMS, cast
from pomost.contracts import actions
from pomost.contracts.models import TermsVersion

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)


@pytest.fixture
def version(both_databases: object) -> TermsVersion:
    vendor = cast("satisoft", language="pl", currency="PLN").vendor
    text = (TERMS / "satisoft.toml").read_text(encoding="utf-8")
    return actions.publish_terms(vendor, text, by="system", at=NOW)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE contracts_termsversion SET text = 'cheaper' WHERE id = %s",
        "UPDATE contracts_termsversion SET valid_from = '2020-01-01' WHERE id = %s",
        "DELETE FROM contracts_termsversion WHERE id = %s",
    ],
    ids=["the text", "the day", "deleting"],
)
def test_raw_sql_cannot_touch_a_published_version(version: TermsVersion, sql: str) -> None:
    assert "terms: a published version is never" in refusal(sql, version.pk)

    assert TermsVersion.objects.get().text == version.text


@pytest.mark.parametrize("which_database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "columns", ["id, vendor_id, 'other'", "NULL, vendor_id, version"], ids=["by its number", "by its version"]
)
def test_replace_cannot_either(version: TermsVersion, columns: str) -> None:
    # Names of columns are put in, no value that came from anywhere.
    attack = f"""
        INSERT OR REPLACE INTO contracts_termsversion (id, vendor_id, version, valid_from, text, sha256, published_at)
        SELECT {columns}, valid_from, '', '', published_at FROM contracts_termsversion WHERE id = %s
    """  # noqa: S608

    assert "never replaced" in refusal(attack, version.pk)


@pytest.mark.parametrize("which_database", ["postgresql"], indirect=True)
def test_published_terms_are_not_emptied(version: TermsVersion) -> None:
    assert "terms: a published version is never" in truncation("contracts_termsversion")
