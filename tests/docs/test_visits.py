"""The tables in docs/explain/visits.md are true: each row is read and run."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Literal
from typing import cast as typed
from zoneinfo import ZoneInfo

import pytest

from docs.test_explain import Row, tables
from pomost.rules.visits import ASKS_A_PERSON, Incident, judge, misfit
from vendors import shipped

MOSCOW = ZoneInfo("Europe/Moscow")


def check_place(row: Row) -> None:
    terms = shipped("centaur")
    assert terms.visits is not None
    cities = None if row["Cities"] == "unstated" else tuple(row["Cities"].split(", "))
    elsewhere = typed(Literal["after-approval", "no"], row["Elsewhere"])
    terms = replace(terms, visits=replace(terms.visits, cities=cities, elsewhere=elsewhere))
    incident = Incident(int(row["Allowed"]) if row["Allowed"] else None, int(row["Made"]))

    decision = judge(terms, "visit", row["City"], incident)

    assert decision.outcome == row["Outcome"]
    assert ("yes" if decision.outcome in ASKS_A_PERSON else "no") == row["Asks a person"]
    assert decision.clause == ("8.2" if row["Outcome"] in ("approval-needed", "refused") else "8.1")


def check_day(row: Row) -> None:
    begins, ends = (datetime.fromisoformat(row[name]).replace(tzinfo=MOSCOW) for name in ("From", "To"))

    found = misfit(shipped("centaur").calendar("office"), begins, ends)

    assert (found.value if found else "") == row["Why not"]


CHECKS: Mapping[str, Callable[[Row], None]] = {"place": check_place, "day": check_day}
TABLES = tables("visits.md")
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
    row = {"From": "2026-06-13 10:00", "To": "2026-06-13 12:00", "Why not": ""}

    with pytest.raises(AssertionError):
        check_day(row)
