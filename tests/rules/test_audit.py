"""What an audit finds, for the golden cases of the five vendors and one odd one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.rules.audit.audit import audit
from pomost.rules.audit.findings import REASONS, Audit, Finding, Kind
from pomost.rules.audit.history import EVENT_OF, Case, Column, History, Stretch
from pomost.rules.clocks import Event
from pomost.rules.money import Money
from pomost.rules.pricing import bill_work
from pomost.rules.terms.model import Terms
from vendors import odd, shipped

ALL = frozenset(Column)
Facts = dict[str, Any]


def at(text: str, terms: Terms) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(terms.vendor.zone))


def case(terms: Terms, row: int = 2, minutes: int = 0, billed: str | None = None, **given: Any) -> Case:
    """A case of one row; moments are given by the name of their column."""
    moments = {Column(key): value for key, value in given.items() if key in {c.value for c in EVENT_OF}}
    events = tuple(Event(EVENT_OF[column], at(text, terms)) for column, text in moments.items())
    rest = {key: value for key, value in given.items() if key not in {c.value for c in moments}}
    day = min((event.at.date() for event in events), default=date(2026, 6, 11))
    day = rest.pop("day", day)
    service, family = rest.get("service"), rest.get("family")
    work = (Stretch(row, day, minutes * 60, service, family, rest.pop("session", True)),) if minutes else ()
    if billed is not None:
        rest["billed_net"] = Money.of(billed, terms.vendor.currency)
    rest = {"customer": "Fikcja", "number": f"Z-{row}", "answer": "none", **rest}
    return Case(row=row, rows=(row,), day=day, events=events, work=work, **rest)


def audited(terms: Terms, *cases: Case, without: frozenset[Column] = frozenset()) -> Audit:
    return audit(terms, History(cases, ALL - without))


def found(result: Audit, kind: Kind) -> list[tuple[str, str | None, str | None]]:
    return [(each.reason, each.clause, str(each.net) if each.net else None) for each in result.of(kind)]


def one(result: Audit, kind: Kind) -> Finding:
    (finding,) = result.of(kind)
    return finding


# Promises


CRITICAL: Facts = {
    "package": "extended",
    "severity": "critical",
    "service": "email-line",
    "received": "2026-06-11 16:30",
    "solved": "2026-06-16 12:00",
}


def test_a_notice_after_the_holiday_is_late_by_working_time_only() -> None:
    terms = shipped("centaur")

    result = audited(terms, case(terms, told="2026-06-15 09:52", **CRITICAL))

    missed = one(result, Kind.MISSED)
    assert (missed.reason, missed.clause) == ("late", "4.1")
    assert missed.facts["due"] == at("2026-06-15 09:30", terms)
    assert missed.facts["late"] == timedelta(minutes=22)
    assert result.kept == 0


def test_a_notice_at_the_very_second_is_in_time() -> None:
    terms = shipped("centaur")

    result = audited(terms, case(terms, told="2026-06-15 09:30", **CRITICAL))

    assert (result.kept, result.findings) == (1, ())


def test_who_cannot_show_the_package_is_judged_by_the_one_that_serves_then() -> None:
    terms = shipped("centaur")

    result = audited(terms, case(terms, told="2026-06-15 12:30", is_shown=False, **CRITICAL))

    assert (result.kept, result.of(Kind.MISSED)) == (1, ())


def test_chained_promises_are_judged_from_their_own_beginnings() -> None:
    terms = shipped("kryzhik")
    story: Facts = {
        "registered": "2026-06-11 10:00",
        "received": "2026-06-11 10:00",
        "began": "2026-06-11 10:20",
        "answered": "2026-06-11 10:45",
        "solved": "2026-06-11 14:25",
    }

    result = audited(terms, case(terms, package="start", service="solving", **story))

    assert result.kept == 2
    assert one(result, Kind.MISSED).facts["late"] == timedelta(minutes=5)
    assert one(result, Kind.MISSED).clause == "3.3"


def test_a_blank_cell_of_a_finished_ticket_is_not_called_late() -> None:
    terms = shipped("centaur")

    result = audited(terms, case(terms, **CRITICAL))

    assert result.of(Kind.MISSED) == ()
    lacking = one(result, Kind.NOT_JUDGED)
    assert (lacking.reason, lacking.facts["column"], lacking.clause) == ("cell-blank", "told", "4.1")


def test_a_missing_column_is_said_once_for_all_rows() -> None:
    terms = shipped("centaur")
    cases = [case(terms, row=row, **CRITICAL) for row in (2, 3, 5)]

    result = audited(terms, *cases, without=frozenset({Column.TOLD}))

    lacking = one(result, Kind.NOT_JUDGED)
    assert (lacking.reason, lacking.rows) == ("column-missing", (2, 3, 5))


def test_an_open_ticket_is_late_as_of_the_end_of_the_table() -> None:
    terms = shipped("centaur")
    still: Facts = {key: value for key, value in CRITICAL.items() if key != "solved"}
    other = case(terms, row=3, **{**CRITICAL, "received": "2026-06-15 10:00", "told": "2026-06-15 10:30"})

    result = audited(terms, case(terms, **still), other)

    late = one(result, Kind.MISSED)
    assert (late.reason, late.facts["until"]) == ("still-open", at("2026-06-16 12:00", terms))
    assert late.facts["late"] == timedelta(hours=10, minutes=30)


def test_a_promise_by_severity_asks_for_the_severity() -> None:
    terms = shipped("centaur")
    unsaid: Facts = {key: value for key, value in CRITICAL.items() if key != "severity"}

    result = audited(terms, case(terms, **unsaid))

    assert one(result, Kind.NOT_JUDGED).reason == "severity-missing"


def test_days_whose_holidays_are_not_official_are_said_once() -> None:
    terms = shipped("centaur")
    far = {**CRITICAL, "received": "2031-06-11 16:30", "solved": "2031-06-16 12:00"}
    cases = [case(terms, row=row, told=f"2031-06-{row + 10} 09:30", **far) for row in (2, 3)]

    lacking = one(audited(terms, *cases), Kind.NOT_JUDGED)

    assert (lacking.reason, lacking.rows, lacking.clause) == ("unconfirmed", (2, 3), "4.1")


# Money

SUBIEKT: Facts = {
    "service": "remote-help",
    "family": "subiekt",
    "solved": "2026-05-06 13:00",
    "received": "2026-05-06 11:00",
}


def test_work_that_nobody_billed_stands_with_its_price_and_clause() -> None:
    terms = shipped("satisoft")

    result = audited(terms, case(terms, minutes=80, answer="accepted", **SUBIEKT))

    never = one(result, Kind.NEVER_BILLED)
    assert (never.clause, str(never.net), str(never.vat), str(never.gross)) == (
        "4.1",
        "400.00 PLN",
        "92.00 PLN",
        "492.00 PLN",
    )
    assert never.lines[0].billed_seconds == 7200
    assert never.facts["counted"] == timedelta(hours=2)


def test_a_bill_below_the_terms_shows_the_difference() -> None:
    terms = shipped("satisoft")
    repair: Facts = {**SUBIEKT, "service": "database-repair", "family": "database-repair"}

    result = audited(terms, case(terms, minutes=80, answer="accepted", billed="400.00", **repair))

    assert found(result, Kind.UNDER_BILLED) == [("below-terms", "4.3", "133.33 PLN")]


def test_a_declined_estimate_leaves_nothing_to_bill() -> None:
    terms = shipped("satisoft")

    billed = audited(terms, case(terms, minutes=55, answer="declined", billed="200.00", **SUBIEKT))
    unbilled = audited(terms, case(terms, minutes=55, answer="declined", **SUBIEKT))

    assert found(billed, Kind.OVER_BILLED) == [("declined", "5.2", "200.00 PLN")]
    assert unbilled.findings == ()


def test_work_over_the_budget_without_an_estimate_is_lost_or_billed_without_a_clause() -> None:
    terms = shipped("satisoft")

    lost = audited(terms, case(terms, minutes=80, billed="200.00", **SUBIEKT))
    taken = audited(terms, case(terms, minutes=80, billed="400.00", **SUBIEKT))

    assert found(lost, Kind.UNASKED) == [("over-budget", "5.1", "200.00 PLN")]
    assert found(taken, Kind.OVER_BILLED) == [("no-estimate", "5.1", "200.00 PLN")]
    assert taken.of(Kind.UNASKED) == ()


def test_the_budget_is_spent_in_the_order_of_the_work_whatever_counts_together() -> None:
    terms, day = odd(), date(2026, 6, 11)

    def by_order(*minutes: tuple[int, bool]) -> Audit:
        work = tuple(
            Stretch(row, day, length * 60, "repair", "press", is_session)
            for row, (length, is_session) in enumerate(minutes, start=2)
        )
        given: Facts = {"package": "silver", "service": "repair", "family": "press", "fee_paid": True}
        told = case(terms, billed="96.00", solved="2026-06-11 18:00", **given)
        return audited(terms, replace(told, work=work))

    # Of 45 minutes 10 and 4 are worked by hand and 31 in a session: 1 and 3 started quarters.
    assert by_order((10, False), (31, True), (20, False)).of(Kind.OVER_BILLED) == ()
    # Here 30 by hand and 15 in the session: 2 and 1.
    assert one(by_order((30, False), (31, True)), Kind.OVER_BILLED).facts["should"] == Money.of(
        "72.00", "EUR"
    )


def test_without_a_column_of_estimates_both_bills_are_possible() -> None:
    terms = shipped("satisoft")

    for billed in ("200.00", "400.00"):
        result = audited(terms, case(terms, minutes=80, billed=billed, **{**SUBIEKT, "answer": None}))
        assert [each.reason for each in result.findings] == ["estimate-unknown"]


def test_what_is_not_solved_is_neither_due_nor_to_be_billed() -> None:
    terms = shipped("satisoft")
    unsolved: Facts = {key: value for key, value in SUBIEKT.items() if key != "solved"}

    waiting = audited(terms, case(terms, minutes=30, **unsolved))
    billed = audited(terms, case(terms, minutes=30, billed="200.00", **unsolved))

    assert [each.reason for each in waiting.findings] == ["not-yet"]
    assert found(billed, Kind.OVER_BILLED) == [("not-solved", "6", "200.00 PLN")]


def test_included_work_is_billed_without_a_clause() -> None:
    terms = shipped("centaur")

    result = audited(terms, case(terms, minutes=30, billed="900.00", told="2026-06-15 09:30", **CRITICAL))

    assert found(result, Kind.OVER_BILLED) == [("included", "2.1", "900.00 RUB")]


def test_work_outside_the_package_is_named_with_its_time() -> None:
    terms = shipped("centaur")
    basic: Facts = {**CRITICAL, "package": "basic", "service": "remote-connection"}

    result = audited(terms, case(terms, minutes=50, told="2026-06-15 09:30", **basic))

    given_away = one(result, Kind.OUTSIDE)
    assert (given_away.reason, given_away.clause) == ("given-refused", "2.7")
    assert given_away.facts["worked"] == timedelta(minutes=50)


DIRECT: Facts = {"package": "licence", "service": "direct-connection", "session": True}


def test_a_first_connection_carries_the_fee_and_the_second_does_not() -> None:
    terms = shipped("bonus")
    first = case(terms, row=2, minutes=95, fee_paid=False, **DIRECT)
    second = case(terms, row=3, minutes=20, fee_paid=False, **DIRECT)

    result = audited(terms, first, second)

    assert [str(each.net) for each in result.of(Kind.NEVER_BILLED)] == ["6058.33 RUB", "1300.00 RUB"]
    assert str(result.total(Kind.NEVER_BILLED).gross) == "7358.33 RUB"


def test_a_fee_that_may_have_been_paid_before_is_not_claimed() -> None:
    terms = shipped("bonus")

    result = audited(terms, case(terms, minutes=95, billed="2058.33", **DIRECT))

    assert [each.reason for each in result.findings] == ["fee-unknown"]
    assert audited(terms, case(terms, minutes=95, billed="6058.33", **DIRECT)).findings == ()


def test_without_consent_nothing_may_be_billed() -> None:
    terms = shipped("bonus")
    copy: Facts = {"package": "licence", "service": "backup-by-mail", "session": False, "has_consent": False}

    billed = audited(terms, case(terms, minutes=35, billed="1300.00", **copy))
    lost = audited(terms, case(terms, minutes=35, **copy))

    assert [(each.reason, str(each.net)) for each in billed.findings] == [("no-consent", "1300.00 RUB")]
    assert [(each.reason, str(each.net)) for each in lost.findings] == [("without-consent", "1300.00 RUB")]


def test_each_session_has_its_own_started_units() -> None:
    terms = shipped("damal")
    sessions = [
        case(terms, row=row, minutes=61, package="sla", service="remote-consultation") for row in (2, 3)
    ]

    result = audited(terms, *sessions)

    assert [str(each.net) for each in result.of(Kind.NEVER_BILLED)] == ["270.00 PLN", "270.00 PLN"]
    assert result.has_sample_rates


def test_a_product_without_a_rate_is_left_open_with_its_time() -> None:
    terms = shipped("satisoft")

    result = audited(terms, case(terms, minutes=61, **{**SUBIEKT, "family": "navireo"}))

    lacking = one(result, Kind.NOT_JUDGED)
    assert (lacking.reason, lacking.clause, lacking.facts["worked"]) == (
        "no-rate",
        "4.6",
        timedelta(minutes=61),
    )


def test_an_unstated_cell_is_left_to_a_person() -> None:
    terms = shipped("kryzhik")
    lost_cell: Facts = {"package": "start", "service": "programming", "day": date(2026, 6, 11)}

    result = audited(terms, case(terms, minutes=30, billed="500.00", quota=Decimal(5), **lost_cell))

    assert "unstated" in [each.reason for each in result.of(Kind.NOT_JUDGED)]
    assert result.of(Kind.OVER_BILLED) == ()


def test_a_quota_that_is_overrun_names_how_much() -> None:
    terms = shipped("kryzhik")
    solving: Facts = {"package": "nadezhny", "service": "solving", "quota": Decimal(1)}
    cases = [
        case(terms, row=row, minutes=minutes, day=date(2026, 6, row), **solving)
        for row, minutes in ((2, 40), (3, 31))
    ]

    over = one(audited(terms, *cases), Kind.OVERRUN)

    assert (over.reason, over.rows, over.facts["over"]) == ("hours-over", (3,), Decimal("1.0"))


def test_each_overrun_is_named_once() -> None:
    terms = shipped("kryzhik")
    solving: Facts = {"package": "nadezhny", "service": "solving", "quota": Decimal(1)}
    cases = [case(terms, row=row, minutes=40, day=date(2026, 6, row), **solving) for row in (2, 3, 4)]

    over = audited(terms, *cases).of(Kind.OVERRUN)

    assert [(each.rows, each.facts["over"]) for each in over] == [((3,), Decimal(1)), ((4,), Decimal(1))]


def test_an_overrun_with_a_price_is_charged_by_it() -> None:
    terms = odd()
    advice: Facts = {"package": "gold", "service": "advice", "family": "loom", "quota": Decimal("0.5")}

    result = audited(terms, case(terms, minutes=60, severity="calm", **advice))

    assert found(result, Kind.OVERRUN) == [("hours-over", "I.b", "16.67 EUR")]


def test_within_the_quota_nothing_may_be_billed() -> None:
    terms = odd()
    advice: Facts = {"package": "gold", "service": "advice", "family": "loom", "quota": Decimal(5)}

    result = audited(terms, case(terms, minutes=60, severity="calm", billed="33.33", **advice))

    assert [(each.reason, str(each.net)) for each in result.of(Kind.OVER_BILLED)] == [
        ("in-quota", "33.33 EUR")
    ]


def test_gross_sums_are_compared_as_the_net_they_were_made_from() -> None:
    terms = shipped("satisoft")
    repair: Facts = {
        **SUBIEKT,
        "service": "database-repair",
        "family": "database-repair",
        "answer": "accepted",
    }

    result = audited(terms, case(terms, minutes=80, billed_gross=Money.of("656.00", "PLN"), **repair))

    assert result.findings == ()


def test_a_month_leaves_out_the_others() -> None:
    terms = shipped("satisoft")
    june: Facts = {**SUBIEKT, "received": "2026-06-01 10:00", "solved": "2026-06-01 11:00"}
    history = History(
        (case(terms, row=2, minutes=30, **SUBIEKT), case(terms, row=3, minutes=30, **june)), ALL
    )

    result = audit(terms, history, date(2026, 6, 15))

    assert (result.cases, [each.rows for each in result.of(Kind.NEVER_BILLED)]) == (1, [(3,)])


# Laws

MINUTES = st.integers(1, 300)
SUMS = st.integers(0, 200_000).map(lambda cents: Decimal(cents) / 100)
FAMILIES = st.sampled_from(["subiekt", "gestor", "rachmistrz", "rewizor", "gratyfikant"])


@given(st.lists(st.tuples(FAMILIES, MINUTES, SUMS), max_size=8))
def test_what_was_billed_and_what_was_found_add_up_to_the_terms(rows: list[tuple[str, int, Decimal]]) -> None:
    terms = shipped("satisoft")
    cases = [
        replace(
            case(terms, row=n + 2, minutes=minutes, answer="accepted", **{**SUBIEKT, "family": family}),
            billed_net=Money(billed, "PLN"),
        )
        for n, (family, minutes, billed) in enumerate(rows)
    ]

    result = audited(terms, *cases)

    should = sum(
        (
            bill_work(
                terms,
                date(2026, 5, 6),
                minutes * 60,
                service="remote-help",
                family=family,
                estimate="accepted",
            ).net.amount
            for family, minutes, _billed in rows
        ),
        Decimal(0),
    )
    missing = sum(result.total(kind).net.amount for kind in (Kind.NEVER_BILLED, Kind.UNDER_BILLED))
    over = result.total(Kind.OVER_BILLED).net.amount
    assert result.billed.amount + missing - over == should
    for kind in Kind:
        whole = result.total(kind)
        assert whole.gross == whole.net + whole.vat
        assert whole.net.amount == sum((each.net.amount for each in result.of(kind) if each.net), Decimal(0))


@given(st.permutations(range(4)), st.lists(MINUTES, min_size=4, max_size=4))
def test_the_order_of_the_rows_changes_nothing_but_the_rows(order: list[int], minutes: list[int]) -> None:
    terms = shipped("satisoft")
    cases = [case(terms, row=n + 2, minutes=minutes[n], **SUBIEKT) for n in range(4)]

    assert audited(terms, *cases) == audited(terms, *(cases[n] for n in order))


def test_a_finding_must_name_its_facts() -> None:
    with pytest.raises(ValueError, match="no reason"):
        Finding("nonsense", (2,), "", "", None)
    with pytest.raises(ValueError, match="missing"):
        Finding("late", (2,), "", "", None)
    assert {kind for kind, _facts in REASONS.values()} == set(Kind)
