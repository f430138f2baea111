"""/audit/ beside a desk, on both databases: its terms in force judge, and its journal hears nothing of it."""

import pytest
from django.test import Client

from audit.test_page import TABLE
from people import Cast, desk_of
from pomost.audit import page
from pomost.audit.pace import Pace
from pomost.journal.models import Fact


@pytest.fixture
def desk(both_databases: str, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(page, "pace", Pace())
    return desk_of("satisoft")


@pytest.fixture
def stranger(desk: Cast) -> Client:
    browser = Client()
    browser.cookies["language"] = "en"
    return browser


def test_the_terms_of_this_desk_stand_in_for_the_example(stranger: Client) -> None:
    text = stranger.get("/audit/").content.decode()

    assert 'value="sample-satisoft"' not in text
    assert text.index('value="desk-satisoft"') < text.index('value="sample-')


def test_they_judge_a_table_and_nothing_of_it_is_kept(stranger: Client) -> None:
    facts = Fact.objects.count()

    text = stranger.post("/audit/", {"terms": "desk-satisoft", "table": TABLE}).content.decode()

    assert "400.00\N{NO-BREAK SPACE}PLN net never billed" in text
    assert "§\N{NO-BREAK SPACE}4.1" in text
    assert Fact.objects.count() == facts > 0


def test_they_are_named_in_the_report(stranger: Client) -> None:
    answer = stranger.post("/audit/", {"terms": "desk-satisoft", "table": TABLE, "report": "pdf"})

    assert answer["Content-Disposition"] == 'attachment; filename="pomost-audit-satisoft-en.pdf"'
    assert answer.content.startswith(b"%PDF")
