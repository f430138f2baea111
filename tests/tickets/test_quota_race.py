"""Two technicians begin work on the last request of a quota at the same moment: one draws it, for the other a person is asked."""

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connection

from people import Cast, by, desk_of, with_package
from pomost.contracts.models import QuotaPeriod
from pomost.rules.quota import Stand
from pomost.tickets import actions
from pomost.tickets.actions import use
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import QuotaDraw, Ticket
from tickets.desk_of_quotas import give, included, june


@pytest.fixture
def desk(disk_database: Path) -> Cast:
    made = desk_of("kryzhik")
    give(with_package(made.acme, "start"), "requests", "1")
    return made


def both(tickets: list[Ticket], act: Callable[[Ticket], object]) -> list[Exception]:
    """Do it for each ticket in a thread of its own, begun together; return what went wrong."""
    ready = threading.Barrier(len(tickets))
    wrong: list[Exception] = []

    def run(ticket: Ticket) -> None:
        try:
            ready.wait()
            act(ticket)
        except (DatabaseError, TicketRefused) as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(ticket,)) for ticket in tickets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_of_two_draws_of_the_last_unit_one_wins(desk: Cast) -> None:
    tickets = [included(desk, june(9)) for _each in range(4)]

    wrong = both(tickets, lambda each: actions.begin_work(each, by=by(desk.tess), at=june(10)))

    assert wrong == []
    outcomes = sorted(Ticket.objects.values_list("verdict__outcome", flat=True))
    assert outcomes == ["from-quota", "unstated", "unstated", "unstated"]
    assert QuotaDraw.objects.get().amount == 1
    assert QuotaPeriod.objects.get(first_day=date(2026, 6, 1)).used == 1


def test_the_race_is_seen_where_nobody_looks_what_is_left_and_then_the_database_refuses(
    desk: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: draws that believe in what was left before are stopped by the period's own constraint."""
    tickets = [included(desk, june(9)) for _each in range(2)]
    monkeypatch.setattr(use, "stand_of", lambda period: Stand(Decimal(1), Decimal(0), Decimal(0)))

    wrong = both(tickets, lambda each: actions.begin_work(each, by=by(desk.tess), at=june(10)))

    assert [type(each) for each in wrong] == [IntegrityError]
    assert QuotaPeriod.objects.get(first_day=date(2026, 6, 1)).used == 1


def test_the_race_happens_where_neither_looks(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: without the look and without the trigger that counts, both draw the last unit."""
    tickets = [included(desk, june(9)) for _each in range(2)]
    monkeypatch.setattr(use, "stand_of", lambda period: Stand(Decimal(1), Decimal(0), Decimal(0)))
    connection.cursor().execute("DROP TRIGGER tickets_quotadraw_counts")

    both(tickets, lambda each: actions.begin_work(each, by=by(desk.tess), at=june(10)))

    assert sum(each.amount for each in QuotaDraw.objects.all()) == 2
