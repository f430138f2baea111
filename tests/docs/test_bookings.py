"""The table in docs/explain/bookings.md is true: each row is read and run."""

from datetime import UTC, datetime, timedelta

import pytest

from docs.test_explain import Row, tables
from pomost.rules.calendar import Calendar, Span
from pomost.rules.slots import Line, free_days

NAMES = {1: "Tess", 2: "Dora"}
CALENDAR = Calendar("UTC", {0: ((540, 750),)})


def monday(clock: str) -> datetime:
    return datetime.strptime(f"2026-06-15 {clock}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def taken(cell: str) -> list[Span]:
    first, dash, last = cell.partition("-")
    return [Span(monday(first), monday(last))] if dash else []


def check_day(row: Row) -> None:
    found = free_days(
        CALENDAR,
        timedelta(minutes=int(row["Length"])),
        timedelta(minutes=int(row["Lead"])),
        Line(1, (2,)),
        {1: taken(row["Tess is taken"]), 2: taken(row["Dora is taken"])},
        now=monday(row["Now"]),
        days=1,
        look_ahead=1,
    )
    times = [f"{each.starts_at:%H:%M} {NAMES[each.technician]}" for _day, free in found for each in free]

    assert ", ".join(times) == row["Offered"].replace("nothing", "")


(TABLE,) = tables("bookings.md")


@pytest.mark.parametrize("row", [row for _number, row in TABLE.rows])
def test_what_the_page_says_is_what_the_rule_does(row: Row) -> None:
    assert TABLE.check == "day"
    check_day(row)


def test_a_wrong_cell_is_noticed() -> None:
    with pytest.raises(AssertionError):
        check_day({**TABLE.rows[0][1], "Offered": "08:00 Tess"})
