"""From bytes to text: which encoding a table was saved in.

Owns the order of belief: a mark at the beginning, UTF-8 that holds, then the old encodings of the languages asked for,
weighed by how much the text looks like those languages; what is left goes to charset-normalizer. Refuses what is no
text at all.
"""

import codecs
from collections.abc import Sequence
from typing import Final

from charset_normalizer import from_bytes

from pomost.sheets.problems import SheetUnusable

MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
OLD: Final = {"ru": ("windows-1251", "koi8-r"), "pl": ("windows-1250", "iso-8859-2"), "en": ("windows-1252",)}
LETTERS: Final = {
    "ru": frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяё"),
    "pl": frozenset("ąćęłńóśźż"),
    "en": frozenset(),
}
HARMLESS: Final = frozenset("№«»„”“’–—…§°€\N{NO-BREAK SPACE}")
"""Signs beyond ASCII that say nothing of the language, and are no sign of a wrong guess either."""
SAMPLE_BYTES: Final = 64 * 1024
NUL_SHARE: Final = 3
"""UTF-16 without a mark: at least one byte in so many is zero, on one side of each pair."""


def text_of(data: bytes, languages: Sequence[str]) -> tuple[str, str]:
    """Return the text and the name of its encoding; `languages` are those that its words may be in.

    Raises:
        SheetUnusable: it is no text.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding), encoding.removesuffix("-sig")
    if unmarked := _unmarked_utf16(data):
        return _decoded(data, unmarked), unmarked
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise SheetUnusable("not-text")
    sample = data[:SAMPLE_BYTES]
    candidates = [encoding for language in languages for encoding in OLD.get(language, ())]
    weighed = {encoding: _looks_right(sample, encoding, languages) for encoding in candidates}
    best = max(weighed, key=lambda encoding: weighed[encoding], default=None)
    if best is None or weighed[best] <= 0:
        guessed = from_bytes(sample).best()
        if guessed is None:
            raise SheetUnusable("not-text")
        best = guessed.encoding
    return data.decode(best, errors="replace"), best


def _unmarked_utf16(data: bytes) -> str | None:
    sample = data[:SAMPLE_BYTES]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    enough = len(sample) // (2 * NUL_SHARE)
    if odd > enough and even == 0:
        return "utf-16-le"
    if even > enough and odd == 0:
        return "utf-16-be"
    return None


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise SheetUnusable("not-text") from None


def _looks_right(sample: bytes, encoding: str, languages: Sequence[str]) -> int:
    """Weigh a guess: letters of the languages for it, other signs beyond ASCII against it.

    A capital inside a word tells the two Cyrillic encodings apart: each shows the other's small letters as capitals.
    """
    text = sample.decode(encoding, errors="replace")
    wanted = frozenset().union(*(LETTERS.get(language, frozenset()) for language in languages))
    weight, before = 0, " "
    for sign in text:
        if sign > "\x7f" and sign not in HARMLESS:
            known = sign.lower() in wanted
            weight += (3 if sign in wanted else 1) if known else -3
            if known and sign not in wanted and before.islower():
                weight -= 3
        before = sign
    return weight
