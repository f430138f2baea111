"""The version and the first day that a terms file names: read from its text, and written into it.

Owns two lines of a text that may not be terms yet: a draft is dated while its other lines are still wrong, and every
other character stays as it was typed. Whether the whole can be read is parse.py's to say.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from pomost.rules.terms.problems import BadValue
from pomost.rules.terms.worded import worded

_HEADER: Final = re.compile(r"[ \t]*\[")
_TERMS: Final = re.compile(r"[ \t]*\[[ \t]*terms[ \t]*\][ \t\r]*(?:#.*)?")
_VERSION: Final = re.compile(r"([ \t]*version[ \t]*=[ \t]*)(\"(?:[^\"\\]|\\.)*\"|'[^']*')(.*)")
_FROM: Final = re.compile(r"([ \t]*from[ \t]*=[ \t]*)(\d{4}-\d\d-\d\d)(.*)", re.ASCII)

VERSION_CHARACTERS_MAX: Final = 40


def head_of(text: str) -> tuple[str, date | None]:
    """Return the version and the first day that the text names; "" and None for what cannot be read."""
    version, first_day = "", None
    for _number, line in _lines_of_head(text):
        if not version and (found := _VERSION.fullmatch(line)):
            version = _unquoted(found[2])
        elif first_day is None and (found := _FROM.fullmatch(line)):
            first_day = _day(found[2])
    return version, first_day


def with_head(text: str, *, version: str, first_day: date) -> str:
    """Return the text with this version and this first day in [terms], and nothing else changed.

    Raises:
        BadValue: the text has no line to write them on, or the version is empty, too long or no plain text.
    """
    if not 0 < len(version) <= VERSION_CHARACTERS_MAX or not version.isprintable():
        raise BadValue(
            worded("version-not", version=version),
            worded("version-letters", most=VERSION_CHARACTERS_MAX),
        )
    lines = text.split("\n")
    missing = {"version", "from"}
    for number, line in _lines_of_head(text):
        if "version" in missing and (found := _VERSION.fullmatch(line)):
            lines[number] = f"{found[1]}{json.dumps(version, ensure_ascii=False)}{found[3]}"
            missing.discard("version")
        elif "from" in missing and (found := _FROM.fullmatch(line)):
            lines[number] = f"{found[1]}{first_day.isoformat()}{found[3]}"
            missing.discard("from")
    if missing:
        raise BadValue(
            worded("head-no-lines", one="from", other="version")
            if len(missing) > 1
            else worded("head-no-line", key=min(missing)),
            worded("head-lines"),
        )
    return "\n".join(lines)


def _lines_of_head(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of the first [terms], with their places from 0."""
    inside = False
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n")):
        if _HEADER.match(line):
            if inside:
                return
            inside = _TERMS.fullmatch(line) is not None
        elif inside:
            yield number, line


def _unquoted(written: str) -> str:
    if written.startswith("'"):
        return written[1:-1]
    try:
        return str(json.loads(written))
    except ValueError:
        return ""


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
