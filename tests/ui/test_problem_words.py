"""Mistakes in a terms file are told in the languages of the desk, by one closed list."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from pomost.contracts.public_holidays import public_holidays
from pomost.contracts.shipped_terms import SHIPPED_TERMS
from pomost.rules.terms import worded as worded_module
from pomost.rules.terms.parse import parse_terms
from pomost.rules.terms.problems import Problem, TermsInvalid
from pomost.rules.terms.worded import WORDINGS, Worded, worded
from pomost.ui.terms.problem_words import PROBLEM_WORDS, problem_line, problem_words, sentence

RULES = Path(worded_module.__file__).parent
PLACE = re.compile(r"\{(\w+)\}")


def values(code: str) -> dict[str, str | int]:
    return {name: f"<{name}>" for name in PLACE.findall(WORDINGS[code])}


def problems_of(*edits: tuple[str, str]) -> tuple[Problem, ...]:
    text = (SHIPPED_TERMS / "satisoft.toml").read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(TermsInvalid) as refused:
        parse_terms(text, "satisoft.toml", public_holidays)
    return refused.value.problems


def test_every_sentence_has_its_words_and_none_is_left_over() -> None:
    assert set(PROBLEM_WORDS) == set(WORDINGS)


@pytest.mark.parametrize("code", WORDINGS)
def test_the_english_words_are_those_of_the_rules(code: str) -> None:
    said = worded(code, **values(code))

    with translation.override("en"):
        assert sentence(said).text == str(said)


@pytest.mark.parametrize("language", ["ru", "pl"])
@pytest.mark.parametrize("code", WORDINGS)
def test_every_sentence_is_said_in_every_language_with_the_same_values(code: str, language: str) -> None:
    said = worded(code, **values(code))

    with translation.override(language):
        text = sentence(said).text

    assert text != str(said)
    assert sorted(re.findall(r"<\w+>", text)) == sorted(str(each) for each in values(code).values())


def test_a_mistake_is_told_in_the_readers_language_with_its_values() -> None:
    (found,) = problems_of(('rate_per_hour = "200.00"', "rate_per_hour = 200.00"))

    with translation.override("ru"):
        text = problem_words(found.what, found.do)
    with translation.override("pl"):
        polish = problem_words(found.what, found.do)

    assert text == 'Здесь число с точкой, а нужно: текст. Запишите в кавычках: rate_per_hour = "200.0".'
    assert (
        polish == 'Tu jest liczba z kropką, a potrzeba: tekst. Zapisz w cudzysłowie: rate_per_hour = "200.0".'
    )
    assert str(found).endswith(
        'This is a number with a point, not text. Write it in quotes: rate_per_hour = "200.0".'
    )


def test_what_has_no_words_stays_english_and_says_so() -> None:
    plain = sentence("No code has this.")

    assert (plain.text, plain.is_english) == ("No code has this.", True)
    assert sentence(worded("key-missing")).is_english is False


def test_values_from_the_file_are_never_read_as_a_pattern() -> None:
    (found, *_more) = problems_of(('zone = "Europe/Warsaw"', 'zone = "Europe/Warsaw"\n"%(x)s{y}" = 1'))
    said = worded("not-known", word="%(x)s {y} %")

    with translation.override("pl"):
        assert "%(x)s {y} %" in sentence(said).text
        assert problem_words(found.what, found.do)


def test_most_of_what_can_go_wrong_in_a_line_has_its_words() -> None:
    """Each line of a file taken out, and each value made another kind of thing: what is told is nearly always worded."""
    text = (SHIPPED_TERMS / "satisoft.toml").read_text(encoding="utf-8").split("\n")
    told: list[Problem] = []
    for number in range(0, len(text), 7):
        line = text[number]
        if " = " not in line or line.startswith("#"):
            continue
        for other in ([], [f"{line.partition(' = ')[0]} = 2001-01-01T00:00:00"]):
            try:
                parse_terms(
                    "\n".join([*text[:number], *other, *text[number + 1 :]]), "satisoft.toml", public_holidays
                )
            except TermsInvalid as refused:
                told += refused.problems

    share = sum(isinstance(each.what, Worded) for each in told) / len(told)
    assert len(told) > 50
    assert share > 0.8


def test_two_clauses_that_disagree_are_both_named_in_the_readers_language() -> None:
    (found,) = problems_of(('after = "solution.confirmed"', 'after = "estimate.declined"'))

    with translation.override("ru"):
        russian = problem_line(found)
    with translation.override("pl"):
        polish = problem_line(found)

    place = f"satisoft.toml:{found.line}: invoice.after:"
    assert str(found).startswith(f"{place} An invoice follows a declined estimate")
    assert russian == (
        f"{place} Счёт выставляется после отказа от сметы, а отказ ничего не оставляет к оплате (пункт 6 против "
        'пункта 5.2). Напишите after = "solution.confirmed".'
    )
    assert polish == (
        f"{place} Faktura następuje po odrzuceniu wyceny, a wtedy nie ma nic do zapłaty (punkt 6 przeciw "
        'punktowi 5.2). Zapisz after = "solution.confirmed".'
    )


MODULES = sorted(path.name for path in RULES.glob("*.py") if path.name != "worded.py")


@pytest.mark.parametrize("module", MODULES)
def test_no_sentence_about_a_terms_file_is_plain_text(module: str) -> None:
    """What is wrong and what to do are the last two arguments of each of these calls."""
    tree = ast.parse((RULES / module).read_text(encoding="utf-8"))
    told = ("problem", "say", "Clash", "BadValue", "_refused")
    calls = [
        each
        for each in ast.walk(tree)
        if isinstance(each, ast.Call) and ast.unparse(each.func).rpartition(".")[2] in told
    ]

    plain = [
        ast.unparse(part)
        for call in calls
        for part in call.args[-2:]
        if isinstance(part, ast.Constant | ast.JoinedStr) and " " in ast.unparse(part)
    ]

    assert plain == []
