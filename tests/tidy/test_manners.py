"""The repository's own manners, each with a sample that the rule must catch."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def tracked(*patterns: str) -> list[Path]:
    """Return the files under these patterns that belong to the project (tracked, or new and not ignored)."""
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def lines(files: list[Path]) -> Iterator[tuple[str, str]]:
    """Yield each line with its place."""
    for file in files:
        for number, line in enumerate(file.read_text().splitlines(), 1):
            yield f"{file.relative_to(ROOT)}:{number}", line


def found(pattern: str, files: list[Path]) -> list[str]:
    """Return the places where `pattern` occurs, with the line."""
    rule = re.compile(pattern)
    return [f"{place}: {line.strip()[:120]}" for place, line in lines(files) if rule.search(line)]


RULES = [
    pytest.param(
        r"^\s*print\(",
        ["src/pomost/*.py"],
        ["src/pomost/cli/", "src/pomost/demo/", "src/pomost/agent/main.py"],
        "    print(x)",
        id="only commands print",
    ),
    pytest.param(
        r"from \"\./|from '\./|import \"\./",
        ["src/*.js"],
        [],
        'import { a } from "./a.js"',
        id="modules import by one name",
    ),
    pytest.param(
        r"\sstyle=\"|<style|\son[a-z]+=\"",
        ["src/pomost/*.html"],
        ["/templates/notices/", "/templates/billing/"],
        '<p style="x">',
        id="no inline style or handler, since the CSP forbids them",
    ),
    pytest.param(
        r"\bfloat\(|: float\b",
        [
            "src/pomost/rules/*.py",
            "src/pomost/billing/*.py",
            "src/pomost/worklog/*.py",
            "src/pomost/contracts/*.py",
        ],
        [],
        "x: float",
        id="no float where money and time are decided",
    ),
    pytest.param(
        r"datetime\.now\(|date\.today\(|timezone\.now\(|\btime\.time\(",
        ["src/pomost/*.py"],
        ["src/pomost/wire/clock.py", "src/pomost/demo/"],
        "datetime.now()",
        id="only the clock knows the time",
    ),
    pytest.param(
        r"#[0-9a-fA-F]{6}\b",
        ["src/pomost/*.css"],
        ["tokens.css", "invoice.css", "/demo/"],
        "color: #123456",
        id="colours are tokens",
    ),
    pytest.param(
        r"\"resolved\"|registry\.|pythonhosted|--index-url|--find-links",
        ["requirements/*", "package-lock.json", "package.json", "Makefile", "ops/*"],
        [],
        '"resolved": "https://host/x"',
        id="no host of a registry",
    ),
]


@pytest.mark.parametrize(("pattern", "where", "but", "sample"), RULES)
def test_the_tree_keeps_its_manners(pattern: str, where: list[str], but: list[str], sample: str) -> None:
    files = [
        f
        for f in tracked(*where)
        if not any(part in str(f.relative_to(ROOT)) for part in but) and f.suffix != ".mo"
    ]

    assert found(pattern, files) == []
    assert re.search(pattern, sample), "the rule no longer catches its own bad sample"


def vendor_words() -> set[str]:
    """Return the words that only terms files may know: vendors, packages, product families."""
    words = set()
    for file in (ROOT / "terms").glob("*.toml"):
        terms = tomllib.loads(file.read_text())
        words |= {terms["vendor"]["slug"], terms["vendor"]["name"]}
        words |= {row["id"] for part in ("package", "family") for row in terms.get(part, [])}
    return {w for w in words if len(w) > 5}


COMMON_WORDS = {"extended", "database-repair", "programming"}
"""Keys that are ordinary English words as well."""


def test_no_vendor_package_or_family_is_named_in_the_code() -> None:
    words = vendor_words() - COMMON_WORDS
    assert len(words) > 8

    files = [
        f
        for f in tracked("src/pomost/*.py", "src/pomost/*.html", "src/pomost/*.js")
        if "/demo/data/" not in str(f)
    ]
    assert found("|".join(rf"\b{re.escape(w)}\b" for w in sorted(words)), files) == []


def test_every_module_opens_with_what_it_owns() -> None:
    bare = [
        str(f.relative_to(ROOT))
        for f in tracked("src/pomost/*.py")
        if "/migrations/" not in str(f) and not f.read_text().lstrip().startswith('"""')
    ]

    assert bare == []


def test_every_setting_an_operator_may_set_is_documented() -> None:
    used = set(re.findall(r"POMOST_[A-Z_]+", "\n".join(f.read_text() for f in tracked("src/pomost/*.py"))))
    documented = set(re.findall(r"POMOST_[A-Z_]+", (ROOT / "docs" / "operate" / "settings.md").read_text()))

    assert used <= documented
