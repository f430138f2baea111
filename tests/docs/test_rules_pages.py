"""The tables of docs/explain on terms, versions, entitlement, consent, calendars, estimates, money and decisions are true."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import get_args

import pytest

from docs.test_explain import DESK, Row, instant, money, seconds, shown, tables
from pomost.contracts.calendars import CalendarBook
from pomost.contracts.models import CalendarEdit, HolidayYear
from pomost.rules.calendar import NotPromised
from pomost.rules.consent import GateAnswer, allowed_level, gates_for
from pomost.rules.decision import Decision, DecisionInvalid, Fact, Subject
from pomost.rules.entitlement import Outcome, decide
from pomost.rules.estimate import Answer, EstimateRule, agreed_share, estimate_state, payable_each
from pomost.rules.levels import LEVELS_BY_WORD
from pomost.rules.money import Money, VatRate, vat_of
from pomost.rules.terms import values
from pomost.rules.terms.head import head_of
from pomost.rules.terms.model import Terms, in_force
from pomost.rules.terms.parts import Hours
from pomost.rules.terms.problems import BadValue
from vendors import odd, shipped


def terms_named(name: str) -> Terms:
    return odd() if name == "odd" else shipped(name)


def yes(cell: str) -> bool:
    assert cell in ("yes", "no"), cell
    return cell == "yes"


# Entitlement and consent


def check_entitled(row: Row) -> None:
    version = row["Version"]
    assert version in ("current", "outdated")

    verdict = decide(
        terms_named(row["Terms"]),
        row["Package claimed"] or None,
        yes(row["Shown"]),
        row["Service"],
        "outdated" if version == "outdated" else "current",
        family=row["Product"] or None,
        on=date(2026, 6, 15),
    )

    said = (verdict.outcome.value, verdict.clause, verdict.package or "")
    assert said == (row["Outcome"], row["Clause"], row["Served as"])


def check_gates(row: Row) -> None:
    found = gates_for(terms_named(row["Terms"]), row["Service"], Outcome(row["Outcome"]))

    assert ", ".join(gate.id for gate in found) == row["Gates, in their order"]


def check_level(row: Row) -> None:
    answers = []
    for part in filter(None, row["Answers"].split(", ")):
        gate, said = part.split()
        answers.append(GateAnswer(gate, said == "yes", waived=said == "waived"))

    level = allowed_level(
        LEVELS_BY_WORD[row["Ceiling"]], gates_for(terms_named(row["Terms"]), row["Service"]), answers
    )

    assert level.word == row["Level now"]


# Calendars


def day(text: str) -> date:
    return instant(f"{text} 00:00").date()


def check_hours(row: Row) -> None:
    calendar = terms_named(row["Terms"]).calendar(row["Calendar"])

    spans = calendar.hours_on(day(row["Day"]))

    assert ", ".join(f"{a:%H:%M}-{b:%H:%M}".replace("-00:00", "-24:00") for a, b in spans) == row["Hours"]


def check_days(row: Row) -> None:
    calendar = terms_named(row["Terms"]).calendar(row["Calendar"])

    found = calendar.working_day_after(day(row["After"]), int(row["Days"]))

    assert f"{found:%a %Y-%m-%d}" == row["Is"]


def check_confirmed(row: Row) -> None:
    calendar = replace(DESK, confirmed_until=date(2026, 12, 31))

    try:
        due = shown(calendar.add(instant(row["Start"]), timedelta(seconds=seconds(row["Amount"]))))
    except NotPromised:
        due = "not promised"

    assert due == row["Due"]


def check_year(row: Row) -> None:
    """The desk knows 2027, and takes 2028 at a moment or not at all."""
    known = replace(DESK, confirmed_until=date(2027, 12, 31))
    hours = Hours("office", {"en": "Office"}, "1", "XX", "", known, {}, None)
    book = CalendarBook(1, (confirmed_2028(instant(row["2028 confirmed"])),) if row["2028 confirmed"] else ())

    try:
        amount = timedelta(seconds=seconds(row["Amount"]))
        due = shown(book.calendar(hours).add(instant(row["Start"]), amount))
    except NotPromised:
        due = "not promised"

    assert due == row["Due"]


def confirmed_2028(at: datetime) -> CalendarEdit:
    days = [[f"2028-01-{day:02}", "New Year"] for day in range(1, 9)]
    edit = CalendarEdit(kind="year", first_day=date(2028, 1, 1), last_day=date(2028, 12, 31), at=at)
    HolidayYear(country="XX", year=2028, days_off=days, working_days=[], edit=edit)
    return edit


# Estimates


def estimate(row: Row) -> tuple[Answer, int | None]:
    (answer,) = (each for each in get_args(Answer) if each == row["Answer"])
    return answer, None if row["Covers"] == "-" else seconds(row["Covers"])


def check_bound(row: Row) -> None:
    beyond = row["Beyond"]
    assert beyond in ("ask-again", "goes-on")
    rule = EstimateRule(
        "example",
        "1",
        seconds(row["Budget"]),
        "nothing",
        "goes-on" if beyond == "goes-on" else "ask-again",
    )
    answer, covers = estimate(row)

    state = estimate_state(rule, seconds(row["Worked"]), answer, covers)

    left = None if row["Left"] == "no bound" else seconds(row["Left"])
    assert (state.left_seconds, state.may_work) == (left, yes(row["May work go on?"]))
    assert state.demanded == yes(row["Asked for now?"])


def check_payable(row: Row) -> None:
    leaves = row["Declined leaves"]
    assert leaves in ("nothing", "worked-time")
    rule = EstimateRule("example", "1", 3600, "nothing" if leaves == "nothing" else "worked-time")
    answer, covers = estimate(row)

    payable = payable_each(
        rule, [seconds(each) for each in row["Stretches worked"].split(", ")], answer, covers
    )

    assert list(payable) == [seconds(each) for each in row["Of each, payable"].split(", ")]


# Money


def check_rounding(row: Row) -> None:
    assert str(money(row["Exact"]).rounded()) == row["Rounded"]


def rate(text: str) -> VatRate:
    if text == "exempt":
        return VatRate(None, exempt=True)
    return VatRate(None if text == "without VAT" else Decimal(text.removesuffix(" %")))


def check_vat(row: Row) -> None:
    assert str(vat_of(money(row["Net"]), rate(row["Rate"]))) == row["VAT"]


def check_day_of_vat(row: Row) -> None:
    (prices,) = shipped("kryzhik").price_lists
    older = replace(prices, valid_from=date(2025, 1, 1), vat=rate("20 %"))
    newer = replace(prices, valid_from=date(2026, 1, 1), vat=rate("22 %"))
    terms = replace(shipped("kryzhik"), price_lists=(older, newer))

    found = terms.price_list(date.fromisoformat(row["Supplied"]))

    assert (f"{found.vat.percent} %" if found else "no price list") == row["Rate"]


def check_no_money(row: Row) -> None:
    given: str | float = (
        row["Given"].strip('"') if row["Given"].startswith('"') else float(row["Given"].split()[0])
    )

    try:
        Money.of(given, "RUB")  # type: ignore[arg-type]  # a float is what is tried
    except (TypeError, ValueError):
        assert row["Taken?"] == "no"
    else:
        assert row["Taken?"] == "yes"


# Versions and decisions


def version(text: str) -> Terms:
    """Read "2 from 2026-07-01 to 2026-07-31"."""
    words = text.split()
    until = date.fromisoformat(words[4]) if "to" in words else None
    return replace(
        shipped("damal"), version=words[0], in_force_from=date.fromisoformat(words[2]), in_force_until=until
    )


def check_in_force(row: Row) -> None:
    found = in_force([version(each) for each in row["Versions"].split(", ")], date.fromisoformat(row["Day"]))

    assert (found.version if found else "none") == row["Holds"]


def check_head(row: Row) -> None:
    lines = [each.strip("`") for each in row["Lines of the file"].split(", ")]

    named, first = head_of("\n".join(lines))

    assert (named, first.isoformat() if first else "") == (row["Version"], row["From"])


def check_decision(row: Row) -> None:
    try:
        Decision(Subject(row["Subject"]), row["Outcome"], row["Clause"], (), "1")
    except DecisionInvalid:
        assert row["A decision?"] == "no"
    else:
        assert row["A decision?"] == "yes"


def check_fact(row: Row) -> None:
    try:
        kept = Fact(row["Name"], row["Value"])
    except DecisionInvalid:
        assert row["A fact?"] == "no"
    else:
        assert row["A fact?"] == "yes"
        assert Fact.from_json(kept.as_json()) == kept


# Values of a terms file


def share(text: str) -> str:
    length, percent = values.seconds_or_percent(text)
    return f"{percent} %" if percent else f"{length} s"


def hours(text: str) -> str:
    first, last = values.hours_minutes(text)
    return f"minute {first} to {last}"


def vat_rate(text: str) -> str:
    percent = values.percent(text)
    return "no VAT" if percent is None else str(percent)


READERS: Mapping[str, Callable[[str], str]] = {
    "duration": lambda text: f"{values.duration_seconds(text)} s",
    "share": share,
    "hours": hours,
    "days": lambda text: ", ".join(map(str, values.weekdays(text))),
    "amount": lambda text: str(values.amount(text)),
    "multiple": lambda text: str(values.positive_decimal(text)),
    "rate": vat_rate,
}


def check_value(row: Row) -> None:
    try:
        read = READERS[row["As"]](row["Written"])
    except BadValue as bad:
        read = f"refused: {bad.do}"

    assert read == row["Read as"]


def check_by_hand(row: Row) -> None:
    answer, covers = estimate(row)
    rule = EstimateRule("example", "1", seconds(row["Budget"]), "nothing")

    share = agreed_share(rule, seconds(row["Worked"]), seconds(row["Entered by hand"]), answer, covers)

    assert (share.within_seconds, share.beyond_seconds) == (seconds(row["Fits"]), seconds(row["Beyond"]))


def check_pattern(row: Row) -> None:
    try:
        number = values.number_pattern(row["Pattern"]).number(12, date(2026, 6, 5))
    except BadValue:
        number = "refused"

    assert number == row["Number"]


PAGES: Mapping[str, Mapping[str, Callable[[Row], None]]] = {
    "entitlement.md": {"entitled": check_entitled},
    "consent.md": {"gates": check_gates, "level": check_level},
    "calendars.md": {
        "hours": check_hours,
        "days": check_days,
        "confirmed": check_confirmed,
        "year": check_year,
    },
    "estimates.md": {"bound": check_bound, "payable": check_payable, "by_hand": check_by_hand},
    "money.md": {
        "rounding": check_rounding,
        "vat": check_vat,
        "day_of_vat": check_day_of_vat,
        "no_money": check_no_money,
    },
    "versions.md": {"in_force": check_in_force, "head": check_head},
    "decisions.md": {"decision": check_decision, "fact": check_fact},
    "terms.md": {"value": check_value, "pattern": check_pattern},
}

ROWS = [
    pytest.param(page, table.check, row, id=f"{page}:{number}")
    for page in PAGES
    for table in tables(page)
    for number, row in table.rows
]


@pytest.mark.parametrize(("page", "check", "row"), ROWS)
def test_what_the_page_says_is_what_the_rules_do(page: str, check: str, row: Row) -> None:
    PAGES[page][check](row)


@pytest.mark.parametrize("page", PAGES)
def test_every_table_is_checked_and_every_check_has_its_table(page: str) -> None:
    found = tables(page)

    assert [table.check for table in found] == list(PAGES[page])
    assert all(table.rows for table in found)


def test_a_wrong_cell_is_noticed() -> None:
    with pytest.raises(AssertionError):
        check_vat({"Net": "0.30 PLN", "Rate": "23 %", "VAT": "0.06 PLN"})
    with pytest.raises(AssertionError):
        check_hours(
            {"Terms": "centaur", "Calendar": "office", "Day": "Fri 2026-06-12", "Hours": "09:00-17:00"}
        )
    with pytest.raises(AssertionError):
        check_fact({"Name": "colour", "Value": "red", "A fact?": "yes"})
