import os
import subprocess
import sys
from pathlib import Path

import pytest

from pomost.agent.main import CANNOT_WORK_HERE, WRONG_ARGUMENTS, address_in, main, obstacle
from pomost.agent.texts import language_of, reason, translator
from pomost.wire.control import Because, Language


def run(environment: dict[str, str]) -> tuple[int, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    done = subprocess.run(
        [sys.executable, "-m", "pomost.agent.main", "--desk", "http://127.0.0.1:1/acme/"],
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def test_under_wayland_it_says_what_to_do_instead_of_showing_black() -> None:
    code, said = run({"WAYLAND_DISPLAY": "wayland-0", "XDG_SESSION_TYPE": "wayland", "LANG": "pl_PL.UTF-8"})
    assert code == CANNOT_WORK_HERE
    assert "Xorg" in said
    assert said.startswith("Ten pulpit")


def test_without_a_display_it_says_so() -> None:
    code, said = run({"LANG": "ru_RU.UTF-8"})
    assert code == CANNOT_WORK_HERE
    assert "DISPLAY" in said


def test_with_a_display_that_does_not_answer_it_says_so() -> None:
    code, said = run({"DISPLAY": ":40", "LANG": "C"})
    assert code == CANNOT_WORK_HERE
    assert "cannot be used" in said


def test_an_x11_session_is_no_obstacle() -> None:
    assert obstacle(str, {"DISPLAY": ":0", "XDG_SESSION_TYPE": "x11"}) == ""


@pytest.mark.parametrize(
    ("environment", "offered", "chosen"),
    [
        ({"LANG": "pl_PL.UTF-8"}, (Language.RU, Language.PL), Language.PL),
        ({"LANG": "de_DE.UTF-8"}, (Language.RU, Language.PL), Language.RU),
        ({"LC_ALL": "ru_RU", "LANG": "pl_PL"}, (Language.RU, Language.PL), Language.RU),
        ({}, (), Language.EN),
    ],
)
def test_the_language_is_the_persons_if_the_vendor_speaks_it(
    environment: dict[str, str], offered: tuple[Language, ...], chosen: Language
) -> None:
    assert language_of(environment, offered) is chosen


@pytest.mark.parametrize("because", list(Because))
@pytest.mark.parametrize("language", list(Language))
def test_every_reason_has_a_sentence_in_every_language(because: Because, language: Language) -> None:
    sentence = reason(translator(language), "", because)
    assert sentence.endswith(".")
    if language is not Language.EN:
        assert sentence != reason(translator(Language.EN), "", because)


def test_somebodys_own_words_are_shown_as_they_are() -> None:
    assert reason(translator(Language.PL), "Сегодня не могу.", None) == "Сегодня не могу."


def test_the_address_may_stand_in_a_file_as_any_editor_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "desk.txt"
    file.write_bytes(b"\xef\xbb\xbfhttps://help.example.org/acme/\r\n")
    assert address_in(file) == "https://help.example.org/acme/"


@pytest.mark.parametrize(
    "content", [None, b"", b"\xff\xfe\x00", b"help.example.org", b"https://" + b"a" * 500]
)
def test_a_file_without_an_address_is_said_and_nothing_starts(
    tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "desk.txt"
    if content is not None:
        file.write_bytes(content)
    assert main(["--desk-file", str(file)]) == WRONG_ARGUMENTS
    assert str(file) in capsys.readouterr().err
