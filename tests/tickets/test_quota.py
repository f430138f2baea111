"""Use of a contract's quota: drawn once for each unit of work, given back when it was not used, never below zero."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from people import BEFORE, TERMS, Cast, ask, by, cast, desk_of, with_package
from pomost.contracts.actions import publish_terms
from pomost.contracts.models import Contract, QuotaPeriod
from pomost.contracts.quotas import held
from pomost.journal.models import Fact as Recorded
from pomost.rules.decision import Subject
from pomost.rules.quota import Beyond, Carry
from pomost.tickets import actions
from pomost.tickets.models import QuotaDraw
from pomost.tickets.queries import decisions_of
from pomost.worklog.actions import enter_call
from tickets.desk_of_quotas import (
    MOSCOW,
    begun,
    draws,
    give,
    included,
    june,
    left,
    quota_outcomes,
    worked,
)


@pytest.fixture
def desk(db: None) -> Cast:
    return desk_of("kryzhik")


@pytest.fixture
def start(desk: Cast) -> Contract:
    """Ada's firm has the first column: requests, two a month."""
    contract = with_package(desk.acme, "start")
    give(contract, "requests", "2")
    return contract


@pytest.fixture
def nadezhny(desk: Cast) -> Contract:
    """Ada's firm has a column that counts hours: two a month."""
    contract = with_package(desk.acme, "nadezhny")
    give(contract, "hours", "2")
    return contract


def test_a_request_counts_when_work_begins_and_once_only(desk: Cast, start: Contract) -> None:
    ticket = included(desk, june(10))
    assert left(desk) == 2

    ticket = actions.begin_work(ticket, by=by(desk.tess), at=june(10, 20))
    ticket = actions.stop_work(ticket, reason="lunch", by=by(desk.tess), at=june(11))
    actions.begin_work(ticket, by=by(desk.tess), at=june(12))

    assert draws(ticket) == [("drawn", Decimal(1))]
    assert left(desk) == 1
    drawn = decisions_of(ticket, Subject.QUOTA)[-1].decision
    assert (drawn.outcome, drawn.clause) == ("drawn", "4.1")
    assert (drawn.value("quota-needed"), drawn.value("quota-left")) == ("1 requests", "1 requests")
    assert Recorded.objects.filter(kind="ticket.quota-drawn").count() == 1


def test_hours_are_drawn_by_the_multiple_and_only_the_difference_as_they_grow(
    desk: Cast, nadezhny: Contract
) -> None:  # A8
    ticket = worked(desk, begun(desk, june(10)), 25, june(10, 30))
    assert draws(ticket) == [("drawn", Decimal("0.5"))]

    ticket = worked(desk, ticket, 5, june(10, 40))
    assert draws(ticket) == [("drawn", Decimal("0.5"))]

    ticket = worked(desk, ticket, 10, june(11))
    assert draws(ticket) == [("drawn", Decimal("0.5")), ("drawn", Decimal("0.5"))]
    assert left(desk, "hours") == 1


def test_work_on_another_service_is_not_drawn_for_this_one(desk: Cast, nadezhny: Contract) -> None:
    ticket = begun(desk, june(10))

    enter_call(
        ticket,
        technician=desk.tess,
        service="data-analysis",
        worked_seconds=1800,
        started_at=june(10),
        by=by(desk.tess),
        at=june(11),
    )

    assert draws(ticket) == []


def test_when_the_quota_is_used_up_a_person_is_asked(desk: Cast, start: Contract) -> None:
    begun(desk, june(10))
    begun(desk, june(11))

    third = begun(desk, june(12))

    assert draws(third) == []
    assert left(desk) == 0
    assert third.verdict["outcome"] == "unstated"
    assert quota_outcomes(third) == ["unstated"]
    asked = decisions_of(third)[-1].decision
    assert (asked.outcome, asked.clause, asked.value("quota-exhausted")) == ("unstated", "4.1", "yes")

    given = actions.decide(third, "included", "For the wait in May", by=by(desk.dora), at=june(12, 5))

    assert given.verdict["outcome"] == "included"
    assert draws(given) == []
    assert left(desk) == 0


def test_hours_are_asked_for_before_the_work_when_none_are_left(desk: Cast, nadezhny: Contract) -> None:
    worked(desk, begun(desk, june(8)), 120, june(10))

    assert begun(desk, june(11)).verdict["outcome"] == "unstated"


def test_hours_that_run_out_in_the_middle_stay_drawn_until_a_person_decides(
    desk: Cast, nadezhny: Contract
) -> None:
    ticket = worked(desk, begun(desk, june(8)), 90, june(10))
    ticket = worked(desk, ticket, 60, june(12))
    assert (left(desk, "hours"), ticket.verdict["outcome"]) == (Decimal("0.5"), "unstated")

    refused = actions.decide(ticket, "refused", "It is another program", by=by(desk.dora), at=june(12, 5))

    assert left(desk, "hours") == 2
    assert draws(refused)[-1] == ("given-back", Decimal("1.5"))


PAID_AFTER = """
[[price_list.tariff]]
id = "beyond"
clause = "5"
services = ["solving"]
kind = "plain"
rate_per_hour = "2000.00"
scope = "request"
name = { ru = "Сверх лимита", pl = "Ponad limit", en = "Beyond the quota" }
says.ru = "{rate} за час"
says.pl = "{rate} za godzinę"
says.en = "{rate} an hour"
"""


def test_beyond_the_quota_it_is_paid_where_the_contract_says_so_and_a_price_is_known(db: None) -> None:
    desk = with_price_beyond()
    contract = with_package(desk.acme, "start")
    give(contract, "requests", "0", beyond=Beyond.PAID)

    ticket = begun(desk, june(10))

    assert quota_outcomes(ticket) == ["paid"]
    assert ticket.verdict["outcome"] == "paid"


def test_without_a_price_a_person_is_asked_even_where_the_contract_says_paid(desk: Cast) -> None:
    contract = with_package(desk.acme, "start")
    give(contract, "requests", "0", beyond=Beyond.PAID)

    assert begun(desk, june(10)).verdict["outcome"] == "unstated"


def test_what_was_worked_already_is_never_made_paid_by_itself(db: None) -> None:
    desk = with_price_beyond()
    contract = with_package(desk.acme, "nadezhny")
    give(contract, "hours", "0.5", beyond=Beyond.PAID)

    ticket = worked(desk, begun(desk, june(10)), 40, june(11))

    assert ticket.verdict["outcome"] == "unstated"


def with_price_beyond() -> Cast:
    """A desk whose terms give solving a rate, and ask for consent to it."""
    made = cast("kryzhik", language="ru", zone="Europe/Moscow", currency="RUB")
    head, tail = (TERMS / "kryzhik.toml").read_text(encoding="utf-8").split("[confirmation]")
    ungated = 'level = "act"\n\n[[service]]\nid = "mass'
    assert ungated in head
    head = head.replace(ungated, ungated.replace('"act"', '"act"\ngates = ["price"]'))
    publish_terms(made.vendor, f"{head}{PAID_AFTER}\n[confirmation]{tail}", by="system", at=BEFORE)
    return made


def test_what_is_closed_without_a_solution_uses_nothing(desk: Cast, start: Contract) -> None:
    ticket = begun(desk, june(10))

    actions.close(ticket, "Withdrawn", by=by(desk.dora), at=june(11))

    assert left(desk) == 2
    assert quota_outcomes(ticket) == ["drawn", "given-back"]


def test_a_contract_without_an_amount_is_counted_and_not_limited(desk: Cast) -> None:
    contract = with_package(desk.acme, "start")

    begun(desk, june(10))

    (stand,) = (each.stand for each in held(contract, date(2026, 6, 15)))
    assert stand.used == 1
    assert stand.left is None


def test_without_a_contract_nothing_is_counted_and_that_is_said_once(desk: Cast) -> None:
    ticket = actions.set_package_shown(
        ask(desk.ada, "solving", june(9)), package="start", shown=True, by=by(desk.dora), at=june(9, 5)
    )
    ticket = actions.decide(ticket, "included", "By word", by=by(desk.tess), at=june(9, 6))
    ticket = actions.begin_work(ticket, by=by(desk.tess), at=june(9, 10))
    ticket = actions.count_use(ticket, by="desk", at=june(9, 11))

    assert quota_outcomes(ticket) == ["not-counted"]
    assert not QuotaPeriod.objects.exists()


def test_another_month_begins_full_again(desk: Cast, start: Contract) -> None:
    begun(desk, june(10))

    assert left(desk, on=date(2026, 7, 1)) == 2


def test_what_is_given_back_to_a_past_period_is_carried_on(desk: Cast) -> None:
    contract = with_package(desk.acme, "start")
    give(contract, "requests", "2", carry=Carry.ONE, valid_from=date(2026, 6, 1))
    first = begun(desk, june(10))
    july = datetime(2026, 7, 3, 10, tzinfo=MOSCOW)
    begun(desk, july)
    assert left(desk, on=date(2026, 7, 3)) == 2

    actions.close(first, "Withdrawn", by=by(desk.dora), at=july)

    assert left(desk, on=date(2026, 7, 3)) == 3
    assert left(desk) == 2


ATTACKS = {
    "a draw beyond what there is": (
        "INSERT INTO tickets_quotadraw (ticket_id, period_id, kind, amount, decision_id, at)"
        " SELECT ticket_id, period_id, 'drawn', 5, decision_id, at FROM tickets_quotadraw LIMIT 1",
        "quota_never_negative",
    ),
    "a part of a quarter": (
        "INSERT INTO tickets_quotadraw (ticket_id, period_id, kind, amount, decision_id, at)"
        " SELECT ticket_id, period_id, 'drawn', 0.1, decision_id, at FROM tickets_quotadraw LIMIT 1",
        "in quarters",
    ),
    "more back than was drawn": (
        "INSERT INTO tickets_quotadraw (ticket_id, period_id, kind, amount, decision_id, at)"
        " SELECT ticket_id, period_id, 'given-back', 2, decision_id, at FROM tickets_quotadraw LIMIT 1",
        "no more than it drew",
    ),
    "another sum": ("UPDATE contracts_quotaperiod SET used = 0", "sum of the draws"),
    "a smaller grant than is used": (
        "UPDATE contracts_quotaperiod SET granted = 0",
        "quota_never_negative",
    ),
    "a changed draw": ("UPDATE tickets_quotadraw SET amount = 2", "never changed"),
    "a deleted draw": ("DELETE FROM tickets_quotadraw", "never deleted"),
    "a replaced draw": (
        "INSERT OR REPLACE INTO tickets_quotadraw SELECT * FROM tickets_quotadraw",
        "never replaced",
    ),
    "a changed allowance": ("UPDATE contracts_allowance SET amount = 9", "never changed"),
    "a deleted allowance": ("DELETE FROM contracts_allowance", "never deleted"),
    "a period of another day": (
        "UPDATE contracts_quotaperiod SET first_day = '2026-01-01'",
        "keeps its contract",
    ),
}


ON_POSTGRESQL = {
    "a replaced draw": (
        "INSERT INTO tickets_quotadraw SELECT * FROM tickets_quotadraw"
        " ON CONFLICT (id) DO UPDATE SET amount = 9",
        "never changed",
    ),
    "a deleted draw": ("DELETE FROM tickets_quotadraw", "a draw is never changed or deleted"),
    "a deleted allowance": (
        "DELETE FROM contracts_allowance",
        "what a contract gives is never changed or deleted",
    ),
}
"""Where the attack is written otherwise there, or its refusal."""


@pytest.mark.parametrize("name", ATTACKS)
def test_the_database_keeps_the_sums_whoever_writes(both_databases: str, name: str) -> None:
    attack, says = (ON_POSTGRESQL if both_databases == "postgresql" else {}).get(name, ATTACKS[name])
    desk = desk_of("kryzhik")
    give(with_package(desk.acme, "start"), "requests", "2")
    begun(desk, june(10))

    with pytest.raises(DatabaseError, match=says), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)

    assert left(desk) == 1


def test_a_draw_from_another_customers_contract_is_refused(desk: Cast, start: Contract) -> None:
    ticket = begun(desk, june(10))
    other = with_package(desk.borealis, "start")
    period = QuotaPeriod.objects.create(
        contract=other, unit="requests", first_day=date(2026, 6, 1), last_day=date(2026, 6, 30)
    )
    draw = QuotaDraw.objects.get(ticket=ticket)

    with pytest.raises(DatabaseError, match="customer"), transaction.atomic():
        QuotaDraw.objects.create(
            ticket=ticket, period=period, kind="drawn", amount=1, decision=draw.decision, at=june(11)
        )
