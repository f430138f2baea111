"""Attacks on what customers agreed to, with raw SQL."""

from datetime import UTC, datetime

import pytest

from attacks import refusal, truncation
from people import ask, desk_of
from pomost.tickets import actions
from pomost.tickets.actions import ConsentGiven
from pomost.tickets.models import Consent

NOW = datetime(2026, 6, 15, 6, tzinfo=UTC)


@pytest.fixture
def consent(both_databases: object) -> Consent:
    """Somebody said no."""
    desk = desk_of("centaur")
    ticket = ask(desk.ada, "settings-advice", NOW, severity="critical")
    return actions.record_consent(
        ticket, ConsentGiven("price", False, "x", "en"), contact=desk.ada, channel="portal", by="x", at=NOW
    )


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tickets_consent SET accepted = (1 = 1) WHERE id = %s",
        "UPDATE tickets_consent SET text = 'something else' WHERE id = %s",
        "UPDATE tickets_consent SET at = '2020-01-01' WHERE id = %s",
        "DELETE FROM tickets_consent WHERE id = %s",
    ],
    ids=["a no into a yes", "the words", "the moment", "deleting"],
)
def test_raw_sql_cannot_touch_a_consent(consent: Consent, sql: str) -> None:
    assert "consent: an answer is never" in refusal(sql, consent.pk)

    assert Consent.objects.get().accepted is False


@pytest.mark.parametrize("which_database", ["sqlite"], indirect=True)
def test_replace_cannot_either(consent: Consent) -> None:
    names = ", ".join(field.attname for field in Consent._meta.concrete_fields)
    values = names.replace("accepted", "1")

    assert "never replaced" in refusal(
        f"INSERT OR REPLACE INTO tickets_consent ({names}) SELECT {values} FROM tickets_consent WHERE id = %s",  # noqa: S608 (our own column names)
        consent.pk,
    )


@pytest.mark.parametrize("which_database", ["postgresql"], indirect=True)
def test_consents_are_not_emptied(consent: Consent) -> None:
    assert "consent: an answer is never" in truncation("tickets_consent")
