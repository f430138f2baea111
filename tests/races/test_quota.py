"""The last unit of a quota, when two technicians begin to work at the same moment."""

from functools import partial

import pytest
from django.db import DatabaseError, transaction

from attacks import drop_constraints, drop_guards
from people import Cast, by, desk_of, with_package
from pomost.contracts.quotas import stand_of
from pomost.tickets import actions
from pomost.tickets.models import QuotaDraw, Ticket
from races.crossing import Crossing, of_kind, remove_locks
from tickets.desk_of_quotas import begun, give, included, june, left, quota_outcomes

only_postgresql = pytest.mark.parametrize("both_own_databases", ["postgresql"], indirect=True)


@pytest.fixture
def desk(both_own_databases: str) -> Cast:
    """Two requests a month, and one of them used."""
    with transaction.atomic():
        desk = desk_of("kryzhik")
        give(with_package(desk.acme, "start"), "requests", "2")
        begun(desk, june(9))
    return desk


def begin_at_once(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Begin to work on two requests at once; each stops when it knows what is left."""
    with transaction.atomic():
        tickets = [included(desk, june(10)) for _ticket in range(2)]
    crossing = Crossing()
    monkeypatch.setattr("pomost.tickets.actions.use.stand_of", crossing.after(stand_of))
    return crossing.run(
        *(
            partial(actions.begin_work, ticket, by=by(who), at=june(11))
            for ticket, who in zip(tickets, (desk.tess, desk.dora), strict=True)
        )
    )


def test_the_last_unit_is_drawn_once(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = begin_at_once(desk, monkeypatch)

    assert left(desk) == 0
    assert QuotaDraw.objects.count() == 2
    told = sorted(quota_outcomes(ticket)[-1] for ticket in of_kind(ends, Ticket))
    assert len(told) == 2, ends
    assert told[1] != told[0] == "drawn"


def test_without_the_lock_the_database_refuses_one(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_locks(monkeypatch)

    ends = begin_at_once(desk, monkeypatch)

    assert len(of_kind(ends, DatabaseError)) == 1, ends
    assert left(desk) == 0


@only_postgresql
def test_without_lock_and_guards_a_third_request_would_be_drawn_of_two(
    desk: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove_locks(monkeypatch)
    drop_guards()
    drop_constraints("contracts_quotaperiod")

    ends = begin_at_once(desk, monkeypatch)

    assert len(of_kind(ends, Ticket)) == 2, ends
    assert QuotaDraw.objects.count() == 3
