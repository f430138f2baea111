"""A request is registered while the restriction that it would fall under ends: its last word is what holds afterwards."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from people import Cast, ask, by, desk_of
from pomost.people.models import Technician
from pomost.tickets import actions
from pomost.tickets.actions import restricting
from pomost.tickets.models import DecisionKept, Restriction, Ticket
from pomost.tickets.restricted import standing_for, tickets_under
from races.crossing import Crossing, of_kind, remove_locks

NOW = datetime(2026, 6, 15, 6, tzinfo=UTC)
UNTIL = NOW + timedelta(days=7)

End = Callable[[Restriction, Technician], object]
"""Ends a restriction."""

only_postgresql = pytest.mark.parametrize("both_own_databases", ["postgresql"], indirect=True)


@pytest.fixture
def desk(both_own_databases: str) -> Cast:
    with transaction.atomic():
        return desk_of("centaur")


def lifted(row: Restriction, who: Technician) -> object:
    return actions.lift_restriction(row, "Enough.", technician=who, by=by(who), at=UNTIL)


def lapsed(row: Restriction, _who: Technician) -> object:
    return restricting.pass_time(row.pk, UNTIL)


def granted(row: Restriction, who: Technician) -> object:
    appeal = row.appeals.get()
    return actions.decide_appeal(
        appeal, grant=True, reason="We listened.", technician=who, by=by(who), at=UNTIL
    )


def registered_while(end: End, desk: Cast, monkeypatch: pytest.MonkeyPatch) -> Ticket:
    """Register a request while a restriction ends.

    The one stops when it has seen what stands, the other when it has found whom to tell.
    """
    lapses = end is lapsed
    row = actions.restrict(
        ask(desk.ada, "settings-advice", NOW, severity="low"),
        scope="customer",
        refusal="conduct",
        what_happened="Shouting.",
        until_at=UNTIL if lapses else UNTIL + timedelta(days=7),
        technician=desk.dora,
        by=by(desk.dora),
        at=NOW,
    )
    actions.appeal_restriction(row, "No.", contact=desk.ada, by=by(desk.ada), at=NOW)
    # The time of a restriction ends as its sweep begins; who registers a moment before still sees it.
    asked_at = UNTIL - timedelta(seconds=1)
    crossing = Crossing()
    monkeypatch.setattr(restricting, "standing_for", crossing.after(standing_for))
    monkeypatch.setattr(restricting, "tickets_under", crossing.after(tickets_under))

    ends = crossing.run(
        lambda: ask(desk.ada, "settings-advice", asked_at, severity="low"), lambda: end(row, desk.owen)
    )

    assert not of_kind(ends, Exception), ends
    assert Restriction.objects.get().ended_at == UNTIL
    (ticket,) = of_kind(ends, Ticket)
    assert isinstance(ticket, Ticket)
    return ticket


def says_restricted(ticket: Ticket) -> bool:
    kept = DecisionKept.objects.filter(ticket=ticket, subject="restriction").order_by("id").last()
    return kept is not None and kept.outcome == "restricted"


@pytest.mark.parametrize("end", [lifted, lapsed, granted])
def test_a_request_registered_meanwhile_is_not_left_restricted(
    desk: Cast, monkeypatch: pytest.MonkeyPatch, end: End
) -> None:
    ticket = registered_while(end, desk, monkeypatch)

    assert standing_for(ticket, UNTIL) is None
    assert not says_restricted(ticket)


@only_postgresql
def test_without_the_lock_it_would_say_so_for_ever(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_locks(monkeypatch)

    ticket = registered_while(lifted, desk, monkeypatch)

    assert standing_for(ticket, UNTIL) is None
    assert says_restricted(ticket)
