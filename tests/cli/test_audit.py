"""`pomost audit` as its users run it: no database, no desk, three languages."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pomost.cli.main import main
from pomost.contracts.shipped_terms import SHIPPED_TERMS

TERMS = str(SHIPPED_TERMS / "satisoft.toml")
TABLE = """nr zgłoszenia;klient;program;wpłynęło;rozwiązano;czas;wycena;kwota netto
Z-1;Fikcja;Subiekt;06.05.2026 11:00;06.05.2026 13:00;1:20;przyjęta;
Z-2;Fikcja;Gestor;06.05.2026 11:00;06.05.2026 13:00;40 min;;200,00
Z-3;Fikcja;Gestorek;06.05.2026 11:00;06.05.2026 13:00;40 min;;200,00
"""


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "maj.csv"
    path.write_text(TABLE, encoding="windows-1250")
    return str(path)


def test_it_names_what_was_never_billed_and_the_row_that_cannot_be_read(
    table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["audit", TERMS, table])

    out = capsys.readouterr().out
    assert code == 1
    assert "400.00\N{NO-BREAK SPACE}PLN net never billed" in out
    assert "line 2 · Z-1, Fikcja: Worked 1:20, counted 2:00, nothing billed" in out
    assert "line 4 · program “Gestorek”: The terms have no such name. Did you mean “Gestor”?" in out
    assert "windows-1250" in out


@pytest.mark.parametrize(
    ("language", "words"),
    [("ru", "так и не выставлено"), ("pl", "w ogóle nie zafakturowano"), ("en", "net never billed")],
)
def test_it_speaks_three_languages(
    language: str, words: str, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["audit", TERMS, table, "--lang", language])

    assert words in capsys.readouterr().out


def test_a_month_without_faults_ends_with_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ok.csv"
    path.write_text("\n".join((TABLE.splitlines()[0], TABLE.splitlines()[2])), encoding="utf-8")

    assert main(["audit", TERMS, str(path)]) == 0
    assert "0.00\N{NO-BREAK SPACE}PLN net never billed" in capsys.readouterr().out


def test_another_month_is_left_out(table: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", TERMS, table, "--month", "2026-06"]) == 0
    assert "never billed: 1" not in capsys.readouterr().out.lower()


@pytest.mark.parametrize("suffix", [".pdf", ".html", ".PDF"])
def test_it_writes_a_report(suffix: str, table: str, tmp_path: Path) -> None:
    report = tmp_path / f"report{suffix}"

    main(["audit", TERMS, table, "--lang", "pl", "--report", str(report)])

    data = report.read_bytes()
    assert data.startswith(b"%PDF" if suffix.lower() == ".pdf" else b"<!DOCTYPE html>")
    if suffix == ".html":
        text = data.decode()
        assert "Ile kosztował poprzedni miesiąc?" in text
        assert "href=" not in text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["audit"], "Name a terms file"),
        (["audit", TERMS], "Name a table"),
        (["audit", TERMS, "/nowhere.csv"], "cannot be read"),
        (["audit", TERMS, TERMS], "no column"),
        (["audit", "/nowhere.toml", "x.csv"], "cannot be read"),
    ],
)
def test_what_it_cannot_use_ends_with_two_and_a_sentence(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert says in capsys.readouterr().err


def test_a_report_needs_a_name_it_knows(table: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", TERMS, table, "--report", "report.docx"]) == 2
    assert "neither .pdf nor .html" in capsys.readouterr().err


def test_it_explains_its_columns_and_prints_a_sample(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--columns", "--lang", "ru"]) == 0
    assert "номер обращения" in capsys.readouterr().out
    assert main(["audit", TERMS, "--example", "--lang", "pl"]) == 0
    assert capsys.readouterr().out.startswith("numer;klient;usługa;program;")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {
            "DJANGO_SETTINGS_MODULE": "pomost.config.settings",
            "POMOST_DATABASE": "postgresql://nobody@127.0.0.1:1/nowhere",
        },
    ],
    ids=["no desk", "a desk whose PostgreSQL does not answer"],
)
def test_it_needs_no_database(given: dict[str, str], table: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    of_a_desk = ("DJANGO_SETTINGS_MODULE", "POMOST_DATA", "POMOST_DATABASE")
    bare = {key: value for key, value in os.environ.items() if key not in of_a_desk}
    program = "from pomost.cli.main import main; raise SystemExit(main())"

    done = subprocess.run(
        [sys.executable, "-c", program, "audit", TERMS, table, "--report", str(tmp_path / "r.pdf")],
        cwd=empty,
        env=bare | given,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, "")
    assert "400.00\N{NO-BREAK SPACE}PLN net never billed" in done.stdout
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    assert given or list(empty.iterdir()) == []
