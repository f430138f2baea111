"""Lines of keys: found through headers, dots, texts and lists of several lines."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.rules.terms.lines import LineIndex, Path

TEXT = '''\
top = 1
[head]
a = "x = [ not a list"  # nor { this
list = [
  "b",  # ]
  "c = 3",
]
text = """
[not.a.header]
d = 4 \\"""
"""
e.f = 5
"quoted key" = 6

[[row]]
id = "first"
[row.inner]
deep = 1
[[row]]
id = "second"
  [[row.part]]
  n = 1
  [[row.part]]
  n = 2
  cells = { a = 1, b = 2 }
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 1),
        (("head",), 2),
        (("head", "a"), 3),
        (("head", "list"), 4),
        (("head", "text"), 8),
        (("head", "e", "f"), 12),
        (("head", "quoted key"), 13),
        (("row", 0), 15),
        (("row", 0, "inner", "deep"), 18),
        (("row", 1, "id"), 20),
        (("row", 1, "part", 1, "n"), 24),
        pytest.param(("row",), 15, id="a repeated table stands where its first entry does"),
        pytest.param(("row", 1, "part", 1, "cells", "b"), 25, id="what stands in a line has that line"),
        pytest.param(("row", 1, "missing"), 19, id="what is missing has the line of its table"),
        pytest.param(("nowhere",), None, id="what stands nowhere has none"),
        pytest.param((), None, id="the file has none"),
    ],
)
def test_a_key_is_found_on_its_line(path: Path, line: int | None) -> None:
    tomllib.loads(TEXT)  # the sample is TOML

    assert LineIndex(TEXT).line(path) == line


@given(st.text(alphabet="ab=[]{}\".'#\\\n ", max_size=80))
def test_any_text_has_lines_or_none(text: str) -> None:
    line = LineIndex(text).line(("a", 0, "b"))

    assert line is None or 1 <= line <= text.count("\n") + 1
