"""Golden cases of product.md that the rules decide: by the vendors' own files, with no code of their own."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from pomost.rules.clocks import ClockState, Event
from pomost.rules.entitlement import Outcome, decide
from pomost.rules.estimate import estimate_state
from pomost.rules.money import Money
from pomost.rules.pricing import bill_work, charge_work
from pomost.rules.promises import clock_states
from pomost.rules.tariff import Bill, quota_used
from pomost.rules.terms.parts import Remedy
from pomost.rules.warranty import complaint_until, guarantee_last_day
from vendors import shipped

MOSCOW = ZoneInfo("Europe/Moscow")
WARSAW = ZoneInfo("Europe/Warsaw")
JUNE = date(2026, 6, 16)


def moscow(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=MOSCOW)


def warsaw(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=WARSAW)


def sums(bill: Bill) -> tuple[str, str]:
    return str(bill.net.amount), str(bill.gross.amount)


def reaction(package: str, severity: str, *events: Event) -> ClockState:
    promises = shipped("centaur").promises_for(package, severity)
    return clock_states(promises, events, max(event.at for event in events))["reaction"]


def test_c1_a_critical_request_before_a_holiday_is_answered_on_monday() -> None:
    received = Event("request.received", moscow(6, 11, 16, 30))

    assert reaction("extended", "critical", received).due_at == moscow(6, 15, 9, 30)


@pytest.mark.parametrize(
    ("told", "met"), [(moscow(6, 15, 9, 30), True), (moscow(6, 15, 9, 31), False)], ids=["in time", "late"]
)
def test_c1_it_is_met_by_the_notice_and_not_by_the_registration(told: datetime, met: bool) -> None:
    received = Event("request.received", moscow(6, 11, 16, 30))
    registered = Event("request.registered", moscow(6, 11, 16, 31))

    assert reaction("extended", "critical", received, registered).met is None
    assert reaction("extended", "critical", received, registered, Event("notice.accepted", told)).met is met


def test_c1_a_bounce_reopens_the_clock_from_the_same_start() -> None:  # A11
    state = reaction(
        "extended",
        "critical",
        Event("request.received", moscow(6, 11, 16, 30)),
        Event("notice.accepted", moscow(6, 11, 16, 32)),
        Event("notice.bounced", moscow(6, 11, 16, 40)),
    )

    assert state.met is None
    assert state.due_at == moscow(6, 15, 9, 30)


def test_c2_who_cannot_show_the_package_is_served_as_basic() -> None:
    verdict = decide(shipped("centaur"), "extended", False, "remote-connection")

    assert verdict.package == "basic"
    assert verdict.outcome is Outcome.REFUSED
    assert shipped("centaur").clause(verdict.clause).source_at == "Набор услуг, строка 7"
    received = Event("request.received", moscow(6, 8, 9))
    assert reaction("basic", "low", received).due_at == moscow(6, 10, 17)


def test_c3_a_lower_severity_is_another_promise_from_the_same_receipt() -> None:
    received = Event("request.received", moscow(6, 11, 16, 30))

    assert reaction("extended", "critical", received).due_at == moscow(6, 15, 9, 30)
    assert reaction("extended", "medium", received).due_at == moscow(6, 15, 12, 30)


def test_s1_eighty_minutes_are_two_started_hours_or_one_and_a_third() -> None:
    terms = shipped("satisoft")
    eighty = 80 * 60

    started = bill_work(terms, JUNE, eighty, service="remote-help", family="subiekt", estimate="accepted")
    by_time = bill_work(
        terms, JUNE, eighty, service="database-repair", family="database-repair", estimate="accepted"
    )

    assert sums(started) == ("400.00", "492.00")
    assert started.lines[0].clause == "4.1"
    assert sums(by_time) == ("533.33", "656.00")
    assert by_time.lines[0].clause == "4.3"


def test_s1_no_second_of_the_second_hour_is_worked_without_an_estimate() -> None:
    estimate = shipped("satisoft").estimate

    assert estimate is not None
    assert estimate_state(estimate.rule, 3600, "none").demanded
    assert not estimate_state(estimate.rule, 3600, "proposed").may_work
    assert estimate_state(estimate.rule, 3600, "accepted").may_work


def test_s2_a_declined_estimate_leaves_nothing() -> None:
    bill = bill_work(
        shipped("satisoft"), JUNE, 55 * 60, service="remote-help", family="subiekt", estimate="declined"
    )

    assert sums(bill) == ("0.00", "0.00")
    assert bill.lines == ()


def test_a_quoted_sum_that_was_accepted_is_the_price() -> None:  # A5
    quoted = Money.of("600.00", "PLN")

    bill = bill_work(
        shipped("satisoft"), JUNE, 7200, family="programming", estimate="accepted", quoted=quoted
    )

    assert sums(bill) == ("600.00", "738.00")


def test_b1_thirty_five_minutes_on_a_copy_cost_an_hour() -> None:
    bill = bill_work(shipped("bonus"), JUNE, 35 * 60, service="backup-by-mail")

    assert sums(bill) == ("1300.00", "1300.00")


def test_b2_the_connection_fee_is_paid_once() -> None:
    terms = shipped("bonus")

    first = bill_work(terms, JUNE, 95 * 60, service="direct-connection")
    second = bill_work(terms, JUNE, 20 * 60, service="direct-connection", fees_paid=["connection"])

    assert [(line.kind, str(line.net.amount)) for line in first.lines] == [
        ("connection", "4000.00"),
        ("work", "2058.33"),
    ]
    assert [(line.kind, str(line.net.amount)) for line in second.lines] == [("work", "1300.00")]
    assert first.vat == Money.zero("RUB")


@pytest.mark.parametrize(("package", "units", "seconds"), [("sla", 3, 1800), ("none", 2, 3600)])
def test_d1_sixty_one_minutes_with_a_contract_and_without(package: str, units: int, seconds: int) -> None:
    charged = charge_work(shipped("damal"), JUNE, 61 * 60, service="remote-consultation", package=package)

    assert (charged.units, charged.unit_seconds) == (units, seconds)


@pytest.mark.parametrize(
    ("next_order", "until"),
    [
        pytest.param(warsaw(5, 5, 10), warsaw(5, 5, 10), id="until the next service starts"),
        pytest.param(None, warsaw(5, 7, 0), id="until the end of 6 May"),
    ],
)
def test_d2_a_complaint_over_the_may_holidays(next_order: datetime | None, until: datetime) -> None:
    terms = shipped("damal")
    warranty = terms.warranty
    assert warranty is not None
    calendar = terms.calendar(warranty.hours)
    confirmed = warsaw(4, 30, 12)

    assert complaint_until(confirmed, calendar, warranty.complaint_working_days, next_order) == until
    assert guarantee_last_day(confirmed, warranty.guarantee_days, zone=calendar.zone) == date(2026, 5, 14)


def test_k1_the_first_columns_chain_ends_in_a_priced_proposal() -> None:
    terms = shipped("kryzhik")
    promises = terms.promises_for("start")
    events = [
        Event("request.registered", moscow(3, 11, 10)),
        Event("work.began", moscow(3, 11, 10, 20)),
        Event("answer.proposed", moscow(3, 11, 10, 45)),
    ]

    states = clock_states(promises, events, moscow(3, 11, 14, 21))

    assert (states["begin"].due_at, states["begin"].met) == (moscow(3, 11, 10, 30), True)
    assert (states["answer"].due_at, states["answer"].met) == (moscow(3, 11, 10, 50), True)
    assert (states["solve"].due_at, states["solve"].met) == (moscow(3, 11, 14, 20), False)
    after = terms.aftermath_of("solve", "start")
    assert after is not None
    assert (after.remedy, after.service, after.clause) == (Remedy.AGREE_PAID_WORK, "data-analysis", "3.4")
    quota = terms.quota("start")
    assert quota is not None
    assert quota_used(quota.multiple, quota.counts, 4 * 3600, 1) == Decimal(1)


def test_k2_forty_minutes_use_an_hour_and_two_tasks_are_two_requests() -> None:
    terms = shipped("kryzhik")
    quota = terms.quota("nadezhny")

    assert quota is not None
    assert quota_used(quota.multiple, quota.counts, 40 * 60, 1) == Decimal("1.0")
    assert terms.request_rule is not None
    assert terms.request_rule.tasks == 1


def test_nothing_is_promised_past_the_last_official_year() -> None:
    late = Event("request.received", datetime(2035, 6, 1, 9, tzinfo=MOSCOW))

    state = reaction("extended", "low", late)

    assert state.due_at is None
    assert state.unpromised


def test_the_wait_for_a_silent_customer_is_counted_in_working_days() -> None:  # A12
    terms = shipped("satisoft")
    rule = terms.confirmation
    assert rule is not None
    calendar = terms.calendar(rule.hours)

    day = calendar.working_day_after(calendar.local_date(warsaw(4, 30, 12)), rule.silence_working_days)

    assert day == date(2026, 5, 6)
    assert calendar.end_of_day(day) - warsaw(4, 30, 12) == timedelta(days=6, hours=12)
