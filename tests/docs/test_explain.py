"""The tables in docs/explain are true: each row is read and run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, get_args
from zoneinfo import ZoneInfo

import pytest

from pomost.rules.calendar import Calendar
from pomost.rules.clocks import EVENTS, Event, Promise, run
from pomost.rules.correction import credit
from pomost.rules.estimate import Answer, EstimateRule, estimate_state, payable_seconds
from pomost.rules.money import Money, VatRate
from pomost.rules.tariff import BillLine, QuotaUnit, Tariff, charge, price_job, quota_used
from pomost.rules.terms.parts import Alert
from pomost.rules.warranty import complaint_until, guarantee_last_day, judge_complaint
from pomost.rules.words import amount_in_words
from vendors import shipped

DOCS = Path(__file__).parents[2] / "docs" / "explain"
PAGES = ("clocks.md", "pricing.md", "complaints.md")

WARSAW = ZoneInfo("Europe/Warsaw")
DESK = Calendar(
    "Europe/Warsaw",
    {weekday: [(9 * 60, 17 * 60)] for weekday in range(5)},
    holidays=[date(2026, 5, 1), date(2026, 5, 3)],
)
EDITED = date(2026, 3, 3)
STORY_DAY = date(2026, 3, 2)
PROMISES = {
    "reaction": Promise(
        key="reaction",
        clause="example",
        starts=("request.received",),
        stops=("notice.accepted",),
        reopens=("notice.bounced",),
        amount=timedelta(hours=4),
    ),
    "solving": Promise(
        key="solving",
        clause="example",
        starts=("work.began",),
        stops=("solution.proposed",),
        pauses=("customer.asked",),
        resumes=("customer.answered",),
        amount=timedelta(hours=4),
    ),
}
ESTIMATE = EstimateRule("estimate", "example", budget_seconds=3600, declined_leaves="nothing")
VERDICTS = {True: "kept", False: "broken", None: "open"}

Row = Mapping[str, str]


class Table(NamedTuple):
    page: str
    check: str
    """The name in the comment above the table; empty without one."""
    rows: list[tuple[int, Row]]
    """Line numbers and cells by the heading of their column."""


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def tables(page: str) -> list[Table]:
    found: list[Table] = []
    heads: list[str] = []
    above = ""
    for number, line in enumerate((DOCS / page).read_text(encoding="utf-8").splitlines(), start=1):
        if not line.startswith("|"):
            heads, above = [], line
        elif not heads:
            heads = cells(line)
            marker = re.fullmatch(r"<!-- checked: (\w+) -->", above)
            found.append(Table(page, marker[1] if marker else "", []))
        elif not set(line) <= set("|- "):
            found[-1].rows.append((number, dict(zip(heads, cells(line), strict=True))))
    return found


TABLES = [table for page in PAGES for table in tables(page)]


# Reading cells


def instant(text: str) -> datetime:
    at = datetime.strptime(text[4:], "%Y-%m-%d %H:%M").replace(tzinfo=WARSAW)
    assert text[:3] == at.strftime("%a"), f"{text} is a {at:%a}"
    return at


def day(text: str) -> date:
    return instant(f"{text} 00:00").date()


UNITS = {"h": 3600, "min": 60, "s": 1}


def seconds(text: str) -> int:
    parts = text.split()
    return sum(int(amount) * UNITS[unit] for amount, unit in zip(parts[::2], parts[1::2], strict=True))


def money(text: str) -> Money:
    amount, currency = text.split()
    return Money.of(amount, currency)


def shown(at: datetime) -> str:
    return f"{at:%a %Y-%m-%d %H:%M}"


# One check a kind of table


def check_add(row: Row) -> None:
    pauses = []
    if row["Pause"]:
        begin, end = row["Pause"].split(" to ")
        pauses.append((instant(begin), instant(end)))

    due = DESK.add(instant(row["Start"]), timedelta(seconds=seconds(row["Amount"])), pauses)

    assert shown(due) == row["Due"]


def check_edit(row: Row) -> None:
    start, edited_at = instant(row["Start"]), instant(row["Edited at"])
    amount = timedelta(seconds=seconds(row["Amount"]))
    edited = DESK.changed(edited_at, replace(DESK, holidays=[*DESK.holidays, EDITED]))

    assert shown(DESK.add(start, amount)) == row["Due before"]
    assert edited.worked(start, edited_at) == timedelta(seconds=seconds(row["Used by then"]))
    assert shown(edited.add(start, amount)) == row["Due after"]


def check_day(row: Row) -> None:
    always = Calendar.always("Europe/Warsaw")
    begin = instant(f"{row['Day']} 00:00")

    assert always.worked(begin, always.end_of_day(begin.date())) == timedelta(hours=int(row["Hours"]))


def check_story(row: Row) -> None:
    def today(clock: str) -> datetime:
        return datetime.combine(STORY_DAY, time.fromisoformat(clock), WARSAW)

    events = []
    for part in filter(None, row["Events"].split(", ")):
        clock, name = part.split()
        events.append(Event(name, today(clock)))

    state = run(PROMISES[row["Promise"]], DESK, events, today(row["Asked at"]))

    assert (f"{state.due_at:%H:%M}" if state.due_at else "-") == row["Due"]
    assert state.used == timedelta(seconds=seconds(row["Used"]))
    assert VERDICTS[state.met] == row["Verdict"]


def check_alert(row: Row) -> None:
    kind, text = row["Alert"].split(" ", 1)
    is_share = text.endswith("%")
    alert = Alert(
        "warning" if kind == "warning" else "escalation",
        (),
        seconds=0 if is_share else seconds(text),
        percent=int(text[:-1]) if is_share else 0,
    )

    told = DESK.add(instant("Mon 2026-03-02 15:00"), alert.amount(timedelta(seconds=seconds(row["Amount"]))))

    assert shown(told) == row["Told"]


def check_events(row: Row) -> None:
    assert EVENTS[row["Event"].strip("`")] == row["Meaning"]


def check_warranty(row: Row) -> None:
    confirmed = instant(row["Confirmed"])
    following = instant(row["Next service"]) if row["Next service"] else None

    assert shown(complaint_until(confirmed, DESK, 3, following)) == row["Too late from"]
    assert guarantee_last_day(confirmed, 14, zone=DESK.zone) == day(row["Last day of the guarantee"])


def check_estimate(row: Row) -> None:
    (answer,) = (each for each in get_args(Answer) if each == row["Estimate"])
    worked = seconds(row["Worked"])

    covers = None if row["Covers"] == "-" else seconds(row["Covers"])

    assert estimate_state(ESTIMATE, worked, answer, covers).may_work == (row["May work go on?"] == "yes")
    assert payable_seconds(ESTIMATE, worked, answer, covers) == seconds(row["Priced time"])


def tariff(text: str) -> tuple[Tariff, Money | None]:
    """Read "minimum 60 min then 1 min, 1300 RUB/h"; the sum beside it is the one that was quoted."""
    kind, _, rate = text.partition(", ")
    per_hour = None if rate == "no rate" else money(rate.removesuffix("/h"))
    word, _, rest = kind.partition(" ")
    quoted = None
    match word:
        case "started":
            read = Tariff("example", "1", "started-unit", per_hour, unit_seconds=seconds(rest))
        case "minimum":
            minimum, step = map(seconds, rest.split(" then "))
            read = Tariff(
                "example", "1", "minimum-then", per_hour, minimum_seconds=minimum, step_seconds=step
            )
        case "plain":
            read = Tariff("example", "1", "plain", per_hour)
        case _:
            assert word == "quoted"
            read, quoted = Tariff("example", "1", "quoted", per_hour), money(rest) if rest else None
    return read, quoted


def check_tariff(row: Row) -> None:
    read, quoted = tariff(row["Tariff"])

    charged = charge(read, seconds(row["Worked"]), quoted)

    assert ("-" if charged.units is None else str(charged.units)) == row["Units"]
    assert charged.billed_seconds == seconds(row["Billed"])
    assert ("-" if charged.net is None else str(charged.net)) == row["Net"]


def check_quota(row: Row) -> None:
    (counts,) = (each for each in get_args(QuotaUnit) if each == row["Counted in"])

    used = quota_used(Decimal(row["Multiple"]), counts, seconds(row["Worked"]), int(row["Tasks"]))

    assert used == Decimal(row["Used"])


def check_bill(row: Row) -> None:
    lines = []
    for part in row["Lines"].split(", "):
        amount, _, rate = part.partition(" ")
        percent = None if rate == "without VAT" else Decimal(rate.removeprefix("at ").removesuffix(" %"))
        lines.append(BillLine("work", "1", Money.of(amount, "PLN"), VatRate(percent)))

    bill = price_job(lines, "PLN")

    assert [str(each.amount) for each in (bill.net, bill.vat, bill.gross)] == [
        row["Net"],
        row["VAT"],
        row["Gross"],
    ]


def check_words(row: Row) -> None:
    assert amount_in_words(money(row["Amount"]), row["Language"]) == row["In words"]


def check_complaint(row: Row) -> None:
    following = instant(row["Next service"]) if row["Next service"] else None

    decision = judge_complaint(
        shipped("damal"), instant(row["Confirmed"]), instant(row["Complaint came"]), following
    )

    assert decision.outcome == row["It stands"]


def check_credit(row: Row) -> None:
    left = []
    for part in row["Left of the lines"].split(", "):
        amount, _, rate = part.partition(" ")
        percent = None if rate == "without VAT" else Decimal(rate.removeprefix("at ").removesuffix(" %"))
        left.append(BillLine("work", "1", Money.of(amount, "PLN"), VatRate(percent)))

    found = credit(left, [Money.of(amount, "PLN") for amount in row["Shall be"].split(", ")])

    assert [str(each.amount) for each in (found.net, found.vat, found.gross)] == [
        row["Net"],
        row["VAT"],
        row["Gross"],
    ]


CHECKS: Mapping[str, Callable[[Row], None]] = {
    "add": check_add,
    "day": check_day,
    "edit": check_edit,
    "story": check_story,
    "alert": check_alert,
    "events": check_events,
    "warranty": check_warranty,
    "estimate": check_estimate,
    "tariff": check_tariff,
    "quota": check_quota,
    "bill": check_bill,
    "words": check_words,
    "complaint": check_complaint,
    "credit": check_credit,
}

ROWS = [
    pytest.param(table.check, row, id=f"{table.page}:{number}")
    for table in TABLES
    for number, row in table.rows
]


@pytest.mark.parametrize(("check", "row"), ROWS)
def test_what_the_page_says_is_what_the_rules_do(check: str, row: Row) -> None:
    CHECKS[check](row)


def test_every_table_is_checked_and_every_check_has_its_table() -> None:
    assert sorted(table.check for table in TABLES) == sorted(CHECKS)
    assert all(table.rows for table in TABLES)


def test_every_event_is_on_the_page() -> None:
    (table,) = (table for table in TABLES if table.check == "events")

    assert [row["Event"].strip("`") for _, row in table.rows] == list(EVENTS)


def test_a_wrong_cell_is_noticed() -> None:
    row = {"Start": "Mon 2026-03-02 15:00", "Amount": "4 h", "Pause": "", "Due": "Tue 2026-03-03 12:00"}

    with pytest.raises(AssertionError):
        check_add(row)
    with pytest.raises(AssertionError, match="is a Mon"):
        check_add({**row, "Start": "Tue 2026-03-02 15:00"})
