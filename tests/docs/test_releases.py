"""The tables in docs/explain/releases.md are true: each row is read and run."""

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from docs.test_explain import Row, tables
from pomost.rules.entitlement import Version, decide
from pomost.rules.releases import Release, VersionInvalid, judge_version, version_key
from vendors import shipped

CENTAUR = shipped("centaur")
LIST = (
    Release("3.12", date(2024, 3, 1), date(2025, 1, 1)),
    Release("3.15.2", date(2025, 9, 1), date(2026, 6, 16)),
    Release("3.16.0", date(2026, 2, 1)),
    Release("3.16.2", date(2026, 5, 20)),
    Release("4.0", date(2026, 7, 1)),
)
"""As the page tells it."""


def check_order(row: Row) -> None:
    if row["Is"] == "no version":
        with pytest.raises(VersionInvalid):
            version_key(row["One"])
        return
    one, other = version_key(row["One"]), version_key(row["Other"])

    assert {"newer than": one > other, "the same as": one == other, "older than": one < other}[row["Is"]]


def check_version(row: Row) -> None:
    decision = judge_version(CENTAUR, LIST, row["Named"], date.fromisoformat(row["On"]))

    assert decision is not None
    facts = {each.name: each.value for each in decision.facts}
    assert (decision.outcome, facts.get("version-newest", "")) == (row["Is"], row["Advice"])


def check_gets(row: Row) -> None:
    version: Version = "outdated" if row["Version"] == "outdated" else "current"
    verdict = decide(CENTAUR, "extended", True, row["Service"], version)

    assert (verdict.outcome.value, verdict.clause) == (row["Outcome"], row["Clause"])


CHECKS: Mapping[str, Callable[[Row], None]] = {
    "order": check_order,
    "version": check_version,
    "gets": check_gets,
}
TABLES = tables("releases.md")
ROWS = [
    pytest.param(table.check, row, id=f"{table.check}:{number}")
    for table in TABLES
    for number, row in table.rows
]


@pytest.mark.parametrize(("check", "row"), ROWS)
def test_what_the_page_says_is_what_the_rules_do(check: str, row: Row) -> None:
    CHECKS[check](row)


def test_every_table_is_checked_and_every_check_has_its_table() -> None:
    assert sorted(table.check for table in TABLES) == sorted(CHECKS)
    assert all(table.rows for table in TABLES)


def test_a_wrong_cell_is_noticed() -> None:
    with pytest.raises(AssertionError):
        check_version({"Named": "3.12", "On": "2026-06-15", "Is": "current", "Advice": "3.16.2"})
