"""The tables in docs/explain/restrictions.md are true: each row is read and run."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from docs.test_explain import Row, tables
from pomost.rules.restriction import (
    Appeal,
    Concerned,
    Restriction,
    Scope,
    may_appeal,
    may_decide,
    standing,
    unfit,
)

OCCASION = Concerned(customer=1, contact=11, request=111)
ABOUT = {
    "This request": OCCASION,
    "Split off from it": Concerned(1, 12, 112, frozenset({111})),
    "Another of the same contact": Concerned(1, 11, 113),
    "A colleague's": Concerned(1, 12, 114),
    "Another firm's": Concerned(2, 21, 211),
}
IMPOSED = datetime(2026, 6, 15, 12, tzinfo=UTC)


def instant(text: str) -> datetime | None:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC) if text else None


def restriction(
    key: int = 1,
    scope: Scope = Scope.CUSTOMER,
    until_at: datetime | None = None,
    ended_at: datetime | None = None,
) -> Restriction:
    return Restriction(
        key=key,
        scope=scope,
        about=OCCASION,
        name="Acme",
        refusal="conduct",
        clause="6.3",
        version="1",
        what_happened="Shouting.",
        imposed_by="technician:1",
        starts_at=IMPOSED,
        until_at=until_at,
        review_at=None if until_at else IMPOSED + timedelta(days=60),
        ended_at=ended_at,
    )


def check_reach(row: Row) -> None:
    it = restriction(scope=Scope(row["Scope"]))

    for column, about in ABOUT.items():
        assert it.concerns(about) is (row[column] == "yes"), column


def check_span(row: Row) -> None:
    now = instant(row["Now"])
    assert now is not None

    why = unfit(instant(row["Until"]), instant(row["Looked at again"]), now)

    assert (why.value if why else "yes") == row["It can be so"]


def check_standing(row: Row) -> None:
    until = row["Second until"]
    first = restriction(1, until_at=instant(row["First until"]))
    second = restriction(
        2, until_at=None if until == "no end" else instant(until), ended_at=instant(row["Second lifted"])
    )
    at = instant(row["At"])
    assert at is not None

    found = standing([first, second], OCCASION, at)

    assert {None: "none", first: "first", second: "second"}[found] == row["Decides"]


def check_decider(row: Row) -> None:
    owners, restricted_by = row["Owners"].split(", "), row["Restricted or prolonged"].split(", ")

    assert may_decide(row["Asks to decide"], restricted_by, owners).value == row["May"]


def check_appeal(row: Row) -> None:
    answered = row["Answered"]
    appeals = [Appeal(IMPOSED, None if answered == "waits" else instant(answered))] if answered else []
    at = instant(row["Asked at"])
    assert at is not None

    found = may_appeal(
        restriction(until_at=IMPOSED + timedelta(days=90)), appeals, instant(row["Prolonged"]), at
    )

    assert found.value == row["Possible"]


CHECKS: Mapping[str, Callable[[Row], None]] = {
    "reach": check_reach,
    "span": check_span,
    "standing": check_standing,
    "decider": check_decider,
    "appeal": check_appeal,
}
TABLES = tables("restrictions.md")


@pytest.mark.parametrize(
    ("check", "row"),
    [
        pytest.param(table.check, row, id=f"{table.check}:{number}")
        for table in TABLES
        for number, row in table.rows
    ],
)
def test_what_the_page_says_is_what_the_rule_does(check: str, row: Row) -> None:
    CHECKS[check](row)


def test_every_table_is_checked_and_every_check_has_its_table() -> None:
    assert sorted(table.check for table in TABLES) == sorted(CHECKS)
    assert all(table.rows for table in TABLES)


def test_a_wrong_cell_is_noticed() -> None:
    row = {"Owners": "owen", "Restricted or prolonged": "owen", "Asks to decide": "owen", "May": "yes"}

    with pytest.raises(AssertionError):
        check_decider(row)
