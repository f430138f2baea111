"""Names as people type them, made comparable: case, accents, spaces and signs do not matter.

Owns that one comparison and the finding of near misses. Ё counts as Е, ł as l.
"""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

_OTHER_LETTERS = str.maketrans({"ł": "l", "ё": "е", "đ": "d", "ø": "o", "ß": "ss"})
_SIGNS = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """Return a name for comparison: "Nr zgłoszenia " becomes "nr zgloszenia", "received_at" "received at"."""
    small = name.casefold().translate(_OTHER_LETTERS).replace("№", " номер ")
    kept: list[str] = []
    for sign in unicodedata.normalize("NFD", small):
        # й is и with a mark in that form, and another letter: its mark stays.
        if unicodedata.combining(sign) and kept[-1:] != ["и"]:
            continue
        kept.append(sign)
    return _SIGNS.sub(" ", unicodedata.normalize("NFC", "".join(kept))).strip()


def nearest(name: str, among: Iterable[str]) -> str | None:
    """Return the folded name that is most like this one, or None where none is."""
    found = get_close_matches(fold(name)[:80], list(among), n=1, cutoff=0.7)
    return found[0] if found else None
