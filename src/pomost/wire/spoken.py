"""The words two people compare over the telephone: 256 in each language, in words/*.txt.

Short concrete nouns of our own choice, none that sounds or looks like another of its list; a list
never changes once published, since both ends must read the same word for the same number.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from .control import Language

WORDS_IN_A_LIST: Final = 256
"""One word for each value of a byte."""


@cache
def word_list(language: Language) -> tuple[str, ...]:
    """Return the 256 words of a language, in the order of their numbers."""
    text = (files("pomost.wire") / "words" / f"{language.value}.txt").read_text("utf-8")
    return tuple(text.split())


def words(language: Language, numbers: Sequence[int]) -> tuple[str, ...]:
    """Return the words for the numbers that `Sealed.word_numbers` gave."""
    listed = word_list(language)
    return tuple(listed[number] for number in numbers)
