"""`pomost terms`: problems with their places, explanations with their clauses."""

import subprocess
import sys
from pathlib import Path

import pytest

from pomost.cli.main import main
from pomost.cli.sentences import SENTENCES
from pomost.contracts.shipped_terms import SHIPPED_TERMS
from pomost.rules.explain import MESSAGES
from vendors import ODD, SLUGS


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
