"""/audit/: anybody may ask, nothing is kept, and what cannot be used is said beside its field."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pomost.audit import page
from pomost.audit.pace import ASKS_MAX, WINDOW, Pace
from pomost.contracts.shipped_terms import SHIPPED_SAMPLES, SHIPPED_TERMS
from pomost.journal.models import Fact

TERMS = "sample-satisoft"
TABLE = """nr zgłoszenia;klient;program;wpłynęło;rozwiązano;czas;wycena;kwota netto
Z-1;Fikcja;Subiekt;06.05.2026 11:00;06.05.2026 13:00;1:20;przyjęta;
Z-2;<script>alert(1)</script>;Gestor;06.05.2026 11:00;06.05.2026 13:00;40 min;;200,00
=cmd|' /C calc'!A0;Fikcja;Gestorek;06.05.2026 11:00;06.05.2026 13:00;40 min;;200,00
"""


@pytest.fixture(autouse=True)
def rested(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins with an address that has not asked yet."""
    monkeypatch.setattr(page, "pace", Pace())


def sent(speaks: str = "en", /, **fields: Any) -> Any:
    browser = Client()
    browser.cookies["language"] = speaks
    return browser.post("/audit/", {"terms": TERMS, "table": TABLE, **fields})


def test_a_stranger_sees_the_form_and_the_terms_to_choose_from() -> None:
    text = Client().get("/audit/").content.decode()

    assert "What did last month cost you?" in text
    assert 'value="sample-satisoft"' in text
    assert 'value="own"' in text


def test_a_table_shows_what_it_cost_with_clause_and_row() -> None:
    answer = sent()

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "400.00\N{NO-BREAK SPACE}PLN net never billed" in text
    assert "§\N{NO-BREAK SPACE}4.1" in text
    assert "Did you mean “Gestor”?" in text
    assert answer["Cache-Control"].startswith("max-age=0")


def test_what_was_sent_is_never_run_or_kept() -> None:
    facts = Fact.objects.count()

    text = sent().content.decode()

    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert Fact.objects.count() == facts


def test_the_table_comes_back_to_be_mended() -> None:
    assert "Gestorek" in sent().content.decode().split('name="table"')[1]


@pytest.mark.parametrize("language", ["ru", "pl", "en"])
def test_the_report_is_a_pdf_in_the_language_of_the_page(language: str) -> None:
    answer = sent(language, report="pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="pomost-audit-satisoft-{language}.pdf"'
    assert answer.content.startswith(b"%PDF")


def test_another_language_is_chosen_without_losing_the_result() -> None:
    answer = sent("en", language="pl")

    assert "w ogóle nie zafakturowano" in answer.content.decode()
    assert answer.cookies["language"].value == "pl"


@pytest.mark.parametrize("slug", ["satisoft", "centaur"])
@pytest.mark.parametrize("language", ["ru", "pl", "en"])
def test_a_sample_is_one_button_away(slug: str, language: str) -> None:
    answer = sent(language, sample=f"sample-{slug}", terms="", table="")

    assert answer.status_code == 200
    assert 'class="result"' in answer.content.decode()


def test_a_file_goes_before_the_field_and_may_have_an_old_encoding() -> None:
    table = SimpleUploadedFile("maj.csv", TABLE.encode("iso-8859-2"))

    text = sent(table="nonsense", table_file=table).content.decode()

    assert "net never billed" in text
    assert "zgłoszenia" in text


def test_own_terms_may_be_pasted_or_sent() -> None:
    own = (SHIPPED_TERMS / "satisoft.toml").read_bytes()

    for fields in ({"terms_text": own.decode()}, {"terms_file": SimpleUploadedFile("mine.toml", own)}):
        assert "net never billed" in sent(terms="own", **fields).content.decode()


def test_what_is_wrong_with_own_terms_is_said_in_the_visitors_language() -> None:
    own = (SHIPPED_TERMS / "satisoft.toml").read_text(encoding="utf-8")
    own = own.replace('after = "solution.confirmed"', 'after = "estimate.declined"', 1)

    text = sent("pl", terms="own", terms_text=own).content.decode()

    assert "Faktura następuje po odrzuceniu wyceny" in text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"terms": "nothing"}, "Choose the terms to judge by."),
        ({"terms": ""}, "Choose the terms to judge by."),
        ({"table": ""}, "The table is empty."),
        ({"table": "a;b\n1;2"}, "names no column that is known"),
        ({"month": "June"}, "This is no month."),
        ({"month": "2026-13"}, "This is no month."),
        ({"terms": "own"}, "Choose or paste your terms file."),
        ({"terms": "own", "terms_text": "format = 2"}, "This format is not known."),
        ({"terms": "own", "terms_text": "]]][[["}, "This is not TOML"),
        ({"terms": "own", "terms_text": "x" * 300_000}, "The terms file is too large"),
        ({"terms": "own", "table": "", "terms_text": "x"}, "Choose or paste a table."),
        ({"table": "number;received\n" + "1;2026-06-11\n" * 6000}, "The table is too long"),
        ({"table": "number;received\n" + "x" * 2_000_001}, "The table is too large"),
    ],
)
def test_what_cannot_be_used_is_said(fields: dict[str, str], says: str) -> None:
    answer = sent(**fields)

    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_a_picture_is_no_table() -> None:
    answer = sent(table_file=SimpleUploadedFile("a.xlsx", b"PK\x03\x04" + bytes(range(256)) * 10))

    assert "This is no text table." in answer.content.decode()


def test_csrf_is_asked_for() -> None:
    assert Client(enforce_csrf_checks=True).post("/audit/", {"table": TABLE}).status_code == 403


def test_who_asks_too_often_is_told_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pace, "ask", lambda _pace, _place, now: now + timedelta(minutes=3))

    answer = sent()

    assert (answer.status_code, answer["Retry-After"]) == (429, "181")
    assert "Try again in 3 min." in answer.content.decode()
    assert "Gestorek" in answer.content.decode()


def test_no_more_than_a_few_are_judged_at_the_same_moment() -> None:
    taken = [page._free.acquire(blocking=False) for _ in range(page.AT_ONCE)]
    try:
        answer = sent()
    finally:
        for _ in taken:
            page._free.release()

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert sent().status_code == 200


def test_a_place_may_ask_so_often_and_then_again_later() -> None:
    counts, now = Pace(), datetime(2026, 6, 11, 10, tzinfo=UTC)

    first = [counts.ask("10.0.0.1", now + timedelta(seconds=n)) for n in range(ASKS_MAX)]

    assert set(first) == {None}
    assert counts.ask("10.0.0.1", now + timedelta(minutes=1)) == now + WINDOW
    assert counts.ask("10.0.0.2", now + timedelta(minutes=1)) is None
    assert counts.ask("10.0.0.1", now + WINDOW) is None


def test_the_sample_table_opens_in_a_spreadsheet() -> None:
    answer = Client().get("/audit/example/sample-satisoft.csv")

    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer["Content-Type"].startswith("text/csv")
    assert Client().get("/audit/example/nobody.csv").status_code == 404


def test_the_shipped_samples_belong_to_terms_that_are_shipped() -> None:
    found = sorted(SHIPPED_SAMPLES.glob("*.csv"))

    assert len(found) >= 2
    for path in found:
        assert (SHIPPED_TERMS / f"{path.name.rsplit('-', 2)[0]}.toml").exists()
