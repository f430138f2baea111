"""A visit and a booking of one technician, when two people give the same hours away at once."""

from datetime import UTC, datetime
from functools import partial

import pytest
from django.db import DatabaseError, transaction

from attacks import drop_guards
from people import Cast, ask, by, desk_of, with_package
from pomost.tickets import actions
from pomost.tickets.actions import Place, Slot
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Booking, Ticket, Visit
from races.crossing import Crossing, of_kind, remove_locks

NOW = datetime(2026, 6, 15, 6, tzinfo=UTC)
BEGINS, ENDS = datetime(2026, 6, 16, 7, tzinfo=UTC), datetime(2026, 6, 16, 9, tzinfo=UTC)
HALFWAY = datetime(2026, 6, 16, 8, tzinfo=UTC)

only_postgresql = pytest.mark.parametrize("both_own_databases", ["postgresql"], indirect=True)


@pytest.fixture
def desk(both_own_databases: str) -> Cast:
    with transaction.atomic():
        made = desk_of("centaur")
        with_package(made.acme, "extended")
    return made


def give_away_at_once(
    desk: Cast, monkeypatch: pytest.MonkeyPatch, begins: datetime = HALFWAY
) -> list[object]:
    """Propose a visit of Tess and book her; each stops between the look at her day and the entry in it."""
    with transaction.atomic():
        visited = ask(desk.ada, "visit", NOW, severity="low")
        booked = ask(desk.boris, "settings-advice", NOW, severity="low")
    crossing = Crossing()
    manager = type(Booking.objects)
    monkeypatch.setattr(manager, "update_or_create", crossing.before(manager.update_or_create))
    monkeypatch.setattr(Visit, "save", crossing.before(Visit.save))
    return crossing.run(
        partial(
            actions.propose_visit,
            visited,
            Place("Kazan"),
            Slot(desk.tess, BEGINS, ENDS),
            reason="Near.",
            by=by(desk.dora),
            at=NOW,
        ),
        partial(actions.book, booked, Slot(desk.tess, begins, begins + (ENDS - BEGINS)), by="desk", at=NOW),
    )


def test_of_a_visit_and_a_booking_at_once_one_is_refused(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = give_away_at_once(desk, monkeypatch)

    assert len(of_kind(ends, TicketRefused)) == 1, ends
    assert Booking.objects.count() + Visit.objects.count() == 1


def test_hours_that_only_touch_are_both_given_away(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = give_away_at_once(desk, monkeypatch, begins=ENDS)

    assert len(of_kind(ends, Visit)) == 1, ends
    assert len(of_kind(ends, Ticket)) == 1, ends


def test_without_the_lock_the_database_refuses_one(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_locks(monkeypatch)

    ends = give_away_at_once(desk, monkeypatch)

    assert len(of_kind(ends, DatabaseError)) == 1, ends
    assert Booking.objects.count() + Visit.objects.count() == 1


@only_postgresql
def test_without_both_tess_would_be_in_two_places(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_locks(monkeypatch)
    drop_guards()

    ends = give_away_at_once(desk, monkeypatch)

    assert not of_kind(ends, Exception), ends
    visit, booking = Visit.objects.get(), Booking.objects.get()
    assert visit.technician == booking.technician
    assert visit.ends_at is not None
    assert booking.starts_at < visit.ends_at
