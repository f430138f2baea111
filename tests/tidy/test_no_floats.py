"""No binary fraction where promises and money are decided: the syntax trees of those folders hold none."""

import ast
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[2] / "src" / "pomost"
FOLDERS = ("rules", "contracts", "tickets", "worklog", "billing")
REFUSERS = {"rules/terms/reading.py": ["float"], "rules/terms/table.py": ["float"]}
"""Where a number with a point in a terms file is met and refused."""


def floats_in(source: str) -> list[str]:
    """Return what in a module makes, names or stores a binary fraction."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            found.append(f"the literal {node.value!r}")
        elif isinstance(node, ast.Name) and node.id == "float":
            found.append("float")
        elif isinstance(node, ast.Attribute) and node.attr in ("FloatField", "from_float"):
            found.append(node.attr)
        elif (
            isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and _is_whole(node.left, node.right)
        ):
            found.append("a division of whole numbers")
    return found


def _is_whole(*sides: ast.expr) -> bool:
    """Say whether every side is seen to be a whole number: a literal, or a length or a sum of one."""
    return all(
        (isinstance(side, ast.Constant) and isinstance(side.value, int))
        or (isinstance(side, ast.Call) and getattr(side.func, "id", "") in ("len", "int", "round", "sum"))
        for side in sides
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_binary_fraction_decides_anything(folder: str) -> None:
    modules = sorted((SOURCES / folder).rglob("*.py"))

    assert modules
    assert {
        str(module.relative_to(SOURCES)): found
        for module in modules
        if (found := floats_in(module.read_text(encoding="utf-8")))
    } == {name: found for name, found in REFUSERS.items() if name.startswith(f"{folder}/")}


@pytest.mark.parametrize(
    "sample",
    [
        "rate = 0.23",
        "net = Decimal(1300.0)",
        "def price(net: float) -> None: ...",
        "share = float(net)",
        "net = models.DecimalField(default=0.0)",
        "net = models.FloatField()",
        "net = Decimal.from_float(x)",
        "share = len(parts) / 3",
        "z = 2j",
    ],
)
def test_the_check_catches_what_it_is_for(sample: str) -> None:
    assert floats_in(sample)


def test_decimals_and_whole_numbers_pass() -> None:
    assert floats_in("vat = net * (Decimal('23') / 100)\nhours = seconds // 3600") == []
