"""docs/explain has a page for each family of rules: every module of rules is named by a page, every page by the list."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXPLAIN = ROOT / "docs" / "explain"
RULES = ROOT / "src" / "pomost" / "rules"
NAMED = re.compile(r"`(?:src/pomost/)?rules/([a-z_]+(?:\.py|/))")


def families() -> set[str]:
    """Return the modules and folders of rules, as a page names them."""
    modules = {each.name for each in RULES.glob("*.py") if each.name != "__init__.py"}
    return modules | {f"{each.parent.name}/" for each in RULES.glob("*/__init__.py")}


def named_on(page: Path) -> set[str]:
    return set(NAMED.findall(page.read_text(encoding="utf-8")))


def test_every_module_of_rules_is_explained_on_a_page() -> None:
    named = set().union(*(named_on(page) for page in EXPLAIN.glob("*.md")))

    assert families() - named == set(), "name them below “Where it is” of the page that explains them"


def test_no_page_names_a_module_that_is_gone() -> None:
    for page in EXPLAIN.glob("*.md"):
        assert named_on(page) <= families(), page.name


def test_every_page_stands_in_the_list() -> None:
    listed = re.findall(r"\]\(([\w-]+\.md)\)", (EXPLAIN / "README.md").read_text(encoding="utf-8"))

    assert sorted(listed) == sorted(each.name for each in EXPLAIN.glob("*.md") if each.name != "README.md")


def test_every_page_of_rules_has_a_table_that_is_run() -> None:
    for page in EXPLAIN.glob("*.md"):
        if named_on(page):
            assert "<!-- checked: " in page.read_text(encoding="utf-8"), page.name
