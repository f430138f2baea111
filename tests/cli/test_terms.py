"""`pomost terms`: problems with their places, explanations with their clauses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pomost.cli.main import main
from pomost.cli.sentences import SENTENCES
from pomost.contracts.shipped_terms import SHIPPED_TERMS
from pomost.rules.explain import MESSAGES
from pomost.rules.terms.model import said
from vendors import ODD, SLUGS, odd, shipped


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["terms", *arguments])
    out = capsys.readouterr()
    return code, out.out, out.err


def test_files_without_problems_are_told_with_their_version(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(SHIPPED_TERMS / f"{slug}.toml") for slug in SLUGS]

    code, out, _ = run(capsys, "check", *files, str(ODD))

    assert code == 0
    assert out.count("No problem.") == 6


def test_every_problem_is_told_on_a_line_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = (
        ODD.read_text(encoding="utf-8")
        .replace('time = "elapsed"', 'tiem = "elapsed"')
        .replace('"EUR"', '"euro"')
    )
    file = tmp_path / "broken.toml"
    file.write_text(broken, encoding="utf-8")
    line = broken[: broken.index("tiem")].count("\n") + 1

    code, out, error = run(capsys, "check", str(file), str(ODD))

    assert code == 1
    assert f"{file}:{line}: promise[call-back].tiem: This key means nothing here. Did you mean “time”?" in out
    assert f"{file}:16: vendor.currency: “euro” is not a currency." in out
    assert "No problem." in out
    assert error == "3 problems.\n"


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, error = run(capsys, "check", "nowhere.toml")

    assert code == 2
    assert error.startswith("pomost: nowhere.toml cannot be read")


def test_an_explanation_gives_verdict_due_time_and_clauses(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(
        capsys,
        *(
            "explain",
            str(SHIPPED_TERMS / "centaur.toml"),
            "--package",
            "extended",
            "--service",
            "remote-connection",
        ),
        *("--severity", "critical", "--at", "2026-06-11T16:30", "--lang", "ru"),
    )

    assert code == 0
    assert "Удалённое подключение: included in “Расширенный”." in out
    assert "§ 2.7 Подключаемся и помогаем с настройкой" in out
    assert "Сообщение номера: within 1 h, by Mon 2026-06-15 09:30." in out


def test_an_explanation_of_the_odd_terms_is_in_their_language(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(
        capsys,
        *("explain", str(ODD), "--package", "gold", "--service", "repair", "--severity", "fire"),
        *("--family", "press", "--lang", "pl", "--at", "2026-06-11T16:30:00Z"),
    )

    assert code == 0
    assert "96.00 EUR za godzinę, po kwadransie." in out
    assert "counted from this event: the clock “call-back” stopped" in out


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--package", "gold", "--service", "repair"), "Choose one of: calm, fire"),
        (("--package", "golden", "--service", "repair", "--severity", "fire"), "Did you mean “gold”?"),
        (("--service", "repair", "--severity", "fire", "--at", "noon"), "“noon” is not a moment"),
    ],
)
def test_an_explanation_that_cannot_be_given_says_why(
    capsys: pytest.CaptureFixture[str], more: tuple[str, ...], says: str
) -> None:
    code, out, error = run(capsys, "explain", str(ODD), *more)

    assert (code, out) == (2, "")
    assert says in error


def test_every_message_has_a_sentence_with_all_its_values() -> None:
    assert SENTENCES.keys() == MESSAGES.keys()
    for message, values in MESSAGES.items():
        named = {value for value in values if f"{{{value}}}" in SENTENCES[message]}
        within_another = {"rate", "amount"} if message in ("price.rate", "price.fee") else set()
        assert named | within_another >= set(values), message


def test_the_command_needs_no_django() -> None:
    code = (
        "import sys, pomost.cli.main; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _newer(tmp_path: Path, slug: str, *edits: tuple[str, str]) -> str:
    text = (SHIPPED_TERMS / f"{slug}.toml").read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / "newer.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (
            "ru",
            "Сообщение номера: Расширенный; Критическая\n    1 час → 30 минут\n    (§\N{NO-BREAK SPACE}4.1; с 1",
        ),
        ("pl", "1 godzina → 30 minut"),
        ("en", "1 hour → 30 minutes"),
    ],
)
def test_a_difference_is_told_in_words_with_its_clause_and_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, says: str
) -> None:
    newer = _newer(
        tmp_path,
        "centaur",
        ("from = 2024-01-01", "from = 2026-07-01"),
        ('critical = "1h"', 'critical = "30m"'),
    )

    code, out, _ = run(capsys, "diff", str(SHIPPED_TERMS / "centaur.toml"), newer, "--lang", language)

    assert code == 1
    assert says in out
    assert out.count("→") == 1


def test_remarks_in_a_file_change_nothing_for_anybody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = _newer(tmp_path, "damal", ("format = 1", "# A remark.\nformat = 1"))

    code, out, _ = run(capsys, "diff", str(SHIPPED_TERMS / "damal.toml"), newer, "--lang", "en")

    assert code == 0
    assert "Nothing changes for anybody." in out


def test_two_vendors_cannot_be_compared(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(SHIPPED_TERMS / f"{slug}.toml") for slug in ("damal", "bonus")]

    code, _, error = run(capsys, "diff", *files)

    assert code == 2
    assert "Compare two versions of one vendor." in error


@pytest.mark.parametrize("slug", [*SLUGS, "odd"])
@pytest.mark.parametrize("language", ["ru", "pl", "en"])
def test_a_whole_file_is_shown_with_every_clause_and_nothing_left_untranslated(
    capsys: pytest.CaptureFixture[str], slug: str, language: str
) -> None:
    path = ODD if slug == "odd" else SHIPPED_TERMS / f"{slug}.toml"
    terms = odd() if slug == "odd" else shipped(slug)

    code, out, _ = run(capsys, "show", str(path), "--lang", language, "--on", "2026-06-11")

    assert code == 0
    words = " ".join(out.split())
    for clause in terms.clauses:
        assert said(clause.sentence, language) in words
    for name in (*(each.name for each in terms.packages), *(each.name for each in terms.services)):
        assert said(name, language) in words
    for prices in terms.price_lists:
        for tariff in prices.tariffs if prices is terms.price_lists[-1] else ():
            assert said(tariff.name, language) in words
    assert "{" not in out
    assert "%(" not in out


def test_a_shown_price_is_net_and_gross_and_an_example_rate_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, satisoft, _ = run(
        capsys, "show", str(SHIPPED_TERMS / "satisoft.toml"), "--lang", "pl", "--on", "2026-06-11"
    )
    _, damal, _ = run(capsys, "show", str(SHIPPED_TERMS / "damal.toml"), "--lang", "en", "--on", "2026-06-11")

    nbsp = "\N{NO-BREAK SPACE}"
    assert f"200,00{nbsp}zł netto za każdą rozpoczętą godzinę (246,00{nbsp}zł z VAT)" in " ".join(
        satisoft.split(" ")
    )
    assert "The rates are examples" in damal


@pytest.mark.parametrize(
    ("language", "fine", "wrong", "counted"),
    [
        ("ru", "Ошибок нет.", "Счёт выставляется после отказа от сметы", "1"),
        ("pl", "Bez błędów.", "Faktura następuje po odrzuceniu wyceny", "1"),
    ],
)
def test_problems_are_told_in_the_language_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, fine: str, wrong: str, counted: str
) -> None:
    good = SHIPPED_TERMS / "satisoft.toml"
    bad = tmp_path / "bad.toml"
    text = good.read_text(encoding="utf-8")
    bad.write_text(
        text.replace('after = "solution.confirmed"', 'after = "estimate.declined"', 1), encoding="utf-8"
    )

    code, out, error = run(capsys, "check", "--lang", language, str(good), str(bad))

    assert code == 1
    assert fine in out
    assert wrong in out
    assert counted in error


def test_the_command_speaks_without_a_desk_too(tmp_path: Path) -> None:
    file = str(SHIPPED_TERMS / "satisoft.toml")
    code = f"from pomost.cli.main import main\nraise SystemExit(main(['terms', 'check', '--lang', 'ru', {file!r}]))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        cwd=tmp_path,
        env={"PYTHONPATH": os.environ.get("PYTHONPATH", ""), "PYTHONUTF8": "1"},
    )

    assert "Ошибок нет." in done.stdout.decode()
    assert list(tmp_path.iterdir()) == []
