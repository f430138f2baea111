"""Texts that staff wrote in one or several languages: which one a reader gets."""

from collections.abc import Mapping
from typing import Final

ORDER: Final = ("en", "ru", "pl")
"""Where a text is not there in the reader's language."""


def in_language(text: Mapping[str, str], language: str) -> str:
    """Return a text in the reader's language, else in the first of ORDER in which it is there; empty for no text."""
    return text.get(language) or next((text[each] for each in ORDER if text.get(each)), "")


def language_of(text: Mapping[str, str], language: str) -> str:
    """Return the language that `in_language` gives it in; empty where there is no text."""
    return language if text.get(language) else next((each for each in ORDER if text.get(each)), "")
