import itertools
import unicodedata

import pytest

from pomost.wire.control import Language
from pomost.wire.spoken import WORDS_IN_A_LIST, word_list, words

from .ends import Browser

ALPHABETS = {
    Language.RU: "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    Language.PL: "aąbcćdeęfghijklłmnńoóprsśtuwyzźż",
    Language.EN: "abcdefghijklmnopqrstuvwxyz",
}
VOWELS = "аеёиоуыэюяaąeęioóuy"


def heard(word: str) -> str:
    """The word as it is on a bad line: ё as е, no Polish marks."""
    plain = word.replace("ё", "е").replace("ł", "l")
    return (
        plain
        if plain[0] in ALPHABETS[Language.RU]
        else "".join(mark for mark in unicodedata.normalize("NFD", plain) if not unicodedata.combining(mark))
    )


def distance(one: str, other: str) -> int:
    """Letters to change, put in or take out to make one word the other."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]


@pytest.mark.parametrize("language", Language)
def test_a_list_has_a_word_for_each_byte_in_its_own_letters(language: Language) -> None:
    listed = word_list(language)

    assert len(set(listed)) == len(listed) == WORDS_IN_A_LIST
    assert all(set(word) <= set(ALPHABETS[language]) for word in listed)
    assert all(3 <= len(word) <= 9 for word in listed)


@pytest.mark.parametrize("language", Language)
def test_four_letters_tell_each_word(language: Language) -> None:
    beginnings = {heard(word)[:4] for word in word_list(language)}

    assert len(beginnings) == WORDS_IN_A_LIST


@pytest.mark.parametrize("language", Language)
def test_no_two_words_are_nearer_than_three_letters(language: Language) -> None:
    pairs = itertools.combinations([heard(word) for word in word_list(language)], 2)

    assert [pair for pair in pairs if distance(*pair) < 3] == []


@pytest.mark.parametrize("language", Language)
def test_every_word_can_be_pronounced(language: Language) -> None:
    assert all(any(letter in VOWELS for letter in word) for word in word_list(language))


def test_the_measure_of_nearness_can_fail() -> None:
    assert distance("лодка", "водка") == 1
    assert distance("кот", "кит") == 1
    assert distance("most", "mostek") == 2


@pytest.mark.parametrize("language", Language)
def test_the_browser_says_the_same_words(browser: Browser, language: Language) -> None:
    numbers = [0, 255, 17, 128]

    assert browser.do("words", language=language.value, numbers=numbers)["answer"] == list(
        words(language, numbers)
    )
