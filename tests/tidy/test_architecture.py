"""ARCHITECTURE.md tells where to go; what it names must be there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "ARCHITECTURE.md"


def named_paths(text: str) -> list[str]:
    """Return the paths in the second column of the table "to change X, open Y"."""
    table = text.split("## To change X, open Y", 1)[1].split("\n## ", 1)[0]
    rows = [
        row.split("|")[2] for row in table.splitlines() if row.startswith("|") and not row.startswith("|--")
    ][1:]
    return [path for row in rows for path in re.findall(r"`([^`]+)`", row)]


def test_every_place_the_table_names_exists() -> None:
    paths = named_paths(PAGE.read_text())

    assert len(paths) > 20
    assert [p for p in paths if not list(ROOT.glob(p))] == []


def test_every_folder_of_the_package_is_described() -> None:
    text = PAGE.read_text()

    assert [
        d.name
        for d in (ROOT / "src" / "pomost").iterdir()
        if (d / "__init__.py").exists() and f"`{d.name}/`" not in text
    ] == []


def test_a_wrong_path_would_be_noticed() -> None:
    assert not list(
        ROOT.glob(named_paths("## To change X, open Y\n| a | b |\n|---|---|\n| x | `src/nowhere.py` |\n")[0])
    )


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("terms/*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text())
        if not (page.parent / target).exists()
    ]

    assert broken == []
