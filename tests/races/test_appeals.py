"""Two owners answer one appeal at the same moment: one answer counts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from attacks import drop_guards
from people import Cast, ask, by, desk_of, technician_of
from pomost.journal.models import Fact
from pomost.people.models import Technician
from pomost.tickets import actions
from pomost.tickets.actions import appealing
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Restriction, RestrictionAppeal
from races.crossing import Crossing, of_kind, remove_locks

NOW = datetime(2026, 6, 15, 6, tzinfo=UTC)

only_postgresql = pytest.mark.parametrize("both_own_databases", ["postgresql"], indirect=True)


@pytest.fixture
def desk(both_own_databases: str) -> Cast:
    with transaction.atomic():
        return desk_of("centaur")


def answered_at_once(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Let one owner lift and another uphold; each stops when it has seen that the appeal waits."""
    with transaction.atomic():
        olga = technician_of(desk.vendor, "Olga", Technician.Role.OWNER)
    row = actions.restrict(
        ask(desk.ada, "settings-advice", NOW, severity="low"),
        scope="customer",
        refusal="conduct",
        what_happened="Shouting.",
        until_at=NOW + timedelta(days=7),
        technician=desk.dora,
        by=by(desk.dora),
        at=NOW,
    )
    appeal = actions.appeal_restriction(row, "No.", contact=desk.ada, by=by(desk.ada), at=NOW)
    crossing = Crossing()
    monkeypatch.setattr(appealing, "restricted_by", crossing.after(appealing.restricted_by))

    def answer(who: Technician, *, grant: bool) -> Callable[[], object]:
        return lambda: actions.decide_appeal(
            appeal, grant=grant, reason="We listened.", technician=who, by=by(who), at=NOW
        )

    return crossing.run(answer(desk.owen, grant=True), answer(olga, grant=False))


def told() -> int:
    return Fact.objects.filter(kind__in=("restriction.lifted", "restriction.upheld")).count()


def test_one_answer_counts_and_the_other_owner_is_told_so(
    desk: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = answered_at_once(desk, monkeypatch)

    assert len(of_kind(ends, RestrictionAppeal)) == 1, ends
    assert len(of_kind(ends, TicketRefused)) == 1, ends
    lifted = Restriction.objects.get().ended_at is not None
    assert RestrictionAppeal.objects.get().state == ("granted" if lifted else "upheld")
    assert told() == 1


def test_without_the_lock_the_database_holds_it(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_locks(monkeypatch)

    ends = answered_at_once(desk, monkeypatch)

    assert len(of_kind(ends, RestrictionAppeal)) == 1, ends
    assert len(of_kind(ends, DatabaseError)) == 1, ends
    assert told() == 1


@only_postgresql
def test_without_lock_and_guards_both_would_count(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_locks(monkeypatch)
    drop_guards()

    ends = answered_at_once(desk, monkeypatch)

    assert len(of_kind(ends, RestrictionAppeal)) == 2, ends
    assert told() == 2
