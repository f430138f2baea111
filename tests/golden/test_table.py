"""docs/reference/golden-cases.md is true: every case that needs no screen has its row, and every test that a row names is there."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "reference" / "golden-cases.md"
CASES = ["G-B1", "G-B2", "G-D1", "G-D2", "G-C1", "G-C2", "G-C3", "G-S1", "G-S2", "G-K1", "G-K2"]
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def rows() -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| G-")
    ]


def test_every_case_has_its_row() -> None:
    assert [row[0] for row in rows()] == CASES
    assert all(NAMED.search(row[2]) and NAMED.search(row[3]) for row in rows()), "by pages and by the API"


def test_every_test_that_is_named_is_there() -> None:
    for row in rows():
        for file, name in NAMED.findall(" ".join(row)):
            text = (TESTS / file).read_text(encoding="utf-8")
            assert re.search(rf"^def {name}_\w+\(", text, re.MULTILINE), f"{row[0]}: {file} has no {name}_…"


def test_a_case_by_page_is_named_for_it() -> None:
    text = (TESTS / "golden" / "test_by_pages.py").read_text(encoding="utf-8")
    found = {f"G-{each.upper()}" for each in re.findall(r"^def test_([a-z]\d)_", text, re.MULTILINE)}

    assert found == set(CASES)
