"""The tables in docs/explain/quotas.md are true: each row is read and run."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pytest

from docs.test_explain import Row, tables
from pomost.rules.quota import Beyond, Carry, Grant, Period, Span, Stand, carried_over, span_on

CONTRACT = Span(date(2026, 1, 15), date(2026, 11, 10))


def check_period(row: Row) -> None:
    grant = Grant("requests", Decimal(1), Period(row["Given for"]), Carry.NONE, Beyond.ASK, CONTRACT.first)

    span = span_on([grant], CONTRACT, date.fromisoformat(row["Day"]))

    assert span == Span(date.fromisoformat(row["From"]), date.fromisoformat(row["To"]))


def check_carry(row: Row) -> None:
    stand = Stand(Decimal(row["Given"]), Decimal(row["From before"]), Decimal(row["Used"]))

    assert stand.left == Decimal(row["Left"])
    assert carried_over(stand, Carry(row["Carried"])) == Decimal(row["Goes on"])


CHECKS: Mapping[str, Callable[[Row], None]] = {"period": check_period, "carry": check_carry}
TABLES = tables("quotas.md")
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
    row = {"Given": "10", "From before": "3", "Used": "4", "Left": "9", "Carried": "one", "Goes on": "10"}

    with pytest.raises(AssertionError):
        check_carry(row)
