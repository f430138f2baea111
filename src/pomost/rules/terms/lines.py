"""Which line of a terms file a key stands on.

The TOML reader of the standard library gives values without places. This is a
small scan of its own: it follows table headers and keys, skips over strings and
brackets that span lines, and answers with the nearest line it knows. It judges
nothing; a file that is not TOML never gets here.
"""

import re
from collections.abc import Iterator
from typing import Final

Path = tuple[str | int, ...]
"""The way to a value: keys by name, entries of repeated tables by index from 0."""

PARTS_MAX: Final = 12
"""Deeper keys mean nothing in terms; the line of what encloses them is near enough."""

_HEADER: Final = re.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_PART: Final = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*(\.|=|$)""")
_TOKEN: Final = re.compile(r'"""|\'\'\'|"(?:[^"\\]|\\.)*"|\'[^\']*\'|#|[\[\]{}]')


def _parts(text: str) -> tuple[tuple[str, ...], int] | None:
    """Return the dotted key that `text` starts with and where it ends, or None."""
    names: list[str] = []
    at = 0
    while found := _PART.match(text, at):
        names.append(next(group for group in found.groups()[:3] if group is not None))
        at = found.end()
        if found[4] != ".":
            return tuple(names), at
    return None


class _Open:
    """What is still open at the end of a line: brackets, or a string of several lines."""

    def __init__(self) -> None:
        self.depth = 0
        self.quote: str | None = None

    def read(self, text: str) -> None:
        at = 0
        while at < len(text):
            if self.quote is not None:
                end = text.find(self.quote, at)
                while self.quote == '"""' and end > 0 and _escaped(text, end):
                    end = text.find(self.quote, end + 1)
                if end < 0:
                    return
                at, self.quote = end + 3, None
                continue
            found = _TOKEN.search(text, at)
            if found is None or found[0] == "#":
                return
            at = found.end()
            if found[0] in ('"""', "'''"):
                self.quote = found[0]
            elif found[0] in ("[", "{"):
                self.depth += 1
            elif found[0] in ("]", "}"):
                self.depth -= 1

    @property
    def is_open(self) -> bool:
        return self.depth > 0 or self.quote is not None


def _escaped(text: str, at: int) -> bool:
    """Whether an odd number of backslashes stands before `at`."""
    before = text[:at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _keys(text: str) -> Iterator[tuple[Path, int]]:
    """Yield each table and key of the file with its line."""
    table: Path = ()
    counts: dict[Path, int] = {}
    still = _Open()
    for number, line in enumerate(text.splitlines(), start=1):
        if still.is_open:
            still.read(line)
            continue
        if line.lstrip().startswith("["):
            header = _HEADER.match(line)
            named = _parts(header[2]) if header else None
            if header and named:
                table = _resolve(named[0], counts, repeated=header[1] == "[[")
                yield table, number
                if isinstance(table[-1], int):
                    yield (
                        table[:-1],
                        number,
                    )  # the repeated table as a whole stands where its first entry does
            continue
        key = _parts(line)
        if key is not None:
            path = table + key[0]
            for length in range(len(table) + 1, min(len(path), PARTS_MAX) + 1):
                yield path[:length], number
            still.read(line[key[1] :])


def _resolve(names: tuple[str, ...], counts: dict[Path, int], *, repeated: bool) -> Path:
    """Return the path of a header, with the index of each repeated table on the way."""
    path: Path = ()
    for position, name in enumerate(names):
        path += (name,)
        if repeated and position == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path += (counts[path],)
    return path


class LineIndex:
    """Lines of keys, looked up by path; the nearest known ancestor answers for what stands inside a line."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        for path, number in _keys(text):
            self._lines.setdefault(path, number)

    def line(self, path: Path) -> int | None:
        """Return the line of `path` or of what encloses it; None where nothing does."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return None
