"""The tables of docs/explain/audit.md and docs/guide/audit.md are true: each row is read and run."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from docs.test_explain import Row, seconds, tables
from pomost.rules.audit.audit import audit
from pomost.rules.audit.findings import Finding, Kind
from pomost.rules.audit.history import Case, Column, History, Stretch
from pomost.rules.clocks import Event
from pomost.rules.money import Money
from pomost.sheets import cells
from pomost.sheets.columns import LANGUAGES, NAMES, name_of
from pomost.sheets.problems import CellBad
from vendors import shipped

WARSAW = ZoneInfo("Europe/Warsaw")
MOSCOW = ZoneInfo("Europe/Moscow")
GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "audit.md"
RECEIVED = datetime(2026, 6, 11, 16, 30, tzinfo=MOSCOW)
SOLVED = datetime(2026, 5, 6, 12, tzinfo=WARSAW)


def read(row: Row) -> str:
    text = row["Cell"]
    try:
        match row["In a column of"]:
            case "moments":
                _day, at = cells.moment(text, WARSAW)
                return f"{at:%Y-%m-%d %H:%M}" if at else "a day"
            case "time":
                return f"{cells.duration(text, None) // 60} min"
            case _:
                return f"{cells.amount(text, 'PLN'):.2f}"
    except CellBad as bad:
        return bad.problem


def check_cells(row: Row) -> None:
    assert read(row) == row["Read as"]


def moscow(text: str) -> datetime:
    at = datetime.strptime(text[4:], "%Y-%m-%d %H:%M").replace(tzinfo=MOSCOW)
    assert text[:3] == at.strftime("%a")
    return at


def check_promises(row: Row) -> None:
    events = [Event("request.received", RECEIVED)]
    if row["Number told"]:
        events.append(Event("notice.accepted", moscow(row["Number told"])))
    if row["Solved"]:
        events.append(Event("solution.proposed", moscow(row["Solved"])))
    other = Event("work.began", moscow("Mon 2026-06-15 11:00"))

    def case(number: int, *happened: Event) -> Case:
        return Case(
            row=number,
            rows=(number,),
            number="",
            customer="",
            day=RECEIVED.date(),
            package="extended",
            severity="critical",
            service="email-line",
            events=happened,
        )

    columns = frozenset(Column) - {Column.COMPLETED}
    found = audit(shipped("centaur"), History((case(2, *events), case(3, other)), columns))

    findings = [each for each in found.findings if each.rows == (2,)]
    if row["Found"] == "kept":
        assert (findings, found.kept) == ([], 1)
        return
    (finding,) = findings
    assert finding.reason == row["Found"]
    late = finding.facts.get("late")
    assert late == (timedelta(seconds=seconds(row["Late"])) if row["Late"] else None)


def check_bills(row: Row) -> None:
    terms = shipped("satisoft")
    worked = Stretch(2, SOLVED.date(), seconds(row["Worked"]), "remote-help", "subiekt", is_session=True)
    case = Case(
        row=2,
        rows=(2,),
        number="",
        customer="",
        day=SOLVED.date(),
        service="remote-help",
        family="subiekt",
        events=(Event("solution.proposed", SOLVED),),
        work=(worked,),
        answer=None if row["Estimate"] == "unknown" else row["Estimate"],  # type: ignore[arg-type]  # one of them, or the test fails
        billed_net=Money.of(row["Billed"], "PLN") if row["Billed"] else None,
    )
    columns = frozenset(Column) - ({Column.ESTIMATE} if row["Estimate"] == "unknown" else set())

    found = audit(terms, History((case,), columns)).findings

    assert said(found) == (row["Found"], row["Sum"], row["Clause"])


def said(found: tuple[Finding, ...]) -> tuple[str, str, str]:
    """Return the first finding, which is about money where there is such a one."""
    ordered = sorted(found, key=lambda each: each.kind is Kind.NOT_JUDGED)
    if not ordered:
        return ("", "", "")
    first = ordered[0]
    return (first.reason, str(first.net.amount) if first.net else "", first.clause or "")


CHECKS = {"cells": check_cells, "promises": check_promises, "bills": check_bills}
TABLES = [table for table in tables("audit.md") if table.check]
ROWS = [
    pytest.param(table.check, row, id=f"audit.md:{number}") for table in TABLES for number, row in table.rows
]


@pytest.mark.parametrize(("check", "row"), ROWS)
def test_what_the_page_says_is_what_the_audit_does(check: str, row: Row) -> None:
    CHECKS[check](row)


def test_every_table_is_checked() -> None:
    assert sorted(table.check for table in TABLES) == sorted(CHECKS)


def test_the_guide_names_every_column_in_three_languages() -> None:
    text = GUIDE.read_text(encoding="utf-8")

    for column in NAMES:
        names = " | ".join(name_of(column, language) for language in LANGUAGES)
        assert f"| {names} |" in text, column
