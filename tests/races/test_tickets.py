"""Two hands at one desk: numbers, times of technicians and answers, when they come at the same moment."""

from datetime import UTC, datetime
from functools import partial
from importlib import import_module

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from attacks import drop_constraints
from people import Cast, ask, by, desk_of
from pomost.journal.models import Fact
from pomost.tickets import actions
from pomost.tickets.actions import Slot
from pomost.tickets.actions.consents import keep_consent
from pomost.tickets.actions.register import next_sequence
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Booking, Consent, SeverityProposal, Ticket
from races.crossing import Crossing, of_kind, remove_locks

NOW = datetime(2026, 6, 15, 6, tzinfo=UTC)
RACERS = 4

only_postgresql = pytest.mark.parametrize("both_own_databases", ["postgresql"], indirect=True)


@pytest.fixture
def desk(both_own_databases: str) -> Cast:
    with transaction.atomic():
        return desk_of("centaur")


def june(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, 16, hour, minute, tzinfo=UTC)


# --- who takes a request ---------------------------------------------------------------------------------------------


def take_at_once(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Let two technicians take one request; each stops when it has the request before it."""
    with transaction.atomic():
        ticket = ask(desk.ada, "settings-advice", NOW, severity="low")
        actions.assign(ticket, None, by="desk", at=NOW)
    crossing = Crossing()
    module = import_module("pomost.tickets.actions.work")
    monkeypatch.setattr(module, "hold", crossing.after(module.hold))
    return crossing.run(
        *(
            partial(actions.take, ticket, technician, by=by(technician), at=NOW)
            for technician in (desk.tess, desk.dora)
        )
    )


def test_one_of_two_takes_a_request_and_the_other_is_told_who_has_it(
    desk: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = take_at_once(desk, monkeypatch)

    (taken,) = of_kind(ends, Ticket)
    (refused,) = of_kind(ends, TicketRefused)
    assert taken.assigned_to.person.name in str(refused)
    assert Ticket.objects.get().assigned_to_id == taken.assigned_to_id


@only_postgresql
def test_without_the_lock_both_would_take_it(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_locks(monkeypatch)

    assert len(of_kind(take_at_once(desk, monkeypatch), Ticket)) == 2


# --- the number ------------------------------------------------------------------------------------------------------


def register_at_once(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Let several customers ask at once; each stops between the next number and its use."""
    crossing = Crossing()
    module = import_module("pomost.tickets.actions.register")  # the package has a function of that name
    monkeypatch.setattr(module, "next_sequence", crossing.after(next_sequence))
    one = partial(ask, desk.ada, "settings-advice", NOW, severity="low")
    return crossing.run(*[one] * RACERS)


def test_requests_at_once_get_numbers_of_their_own_in_order(
    desk: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = register_at_once(desk, monkeypatch)

    assert len(of_kind(ends, Ticket)) == RACERS, ends
    assert list(Ticket.objects.order_by("id").values_list("number", flat=True)) == [
        f"Ц-{2001 + number}" for number in range(RACERS)
    ]
    assert Fact.objects.filter(kind="ticket.registered").count() == RACERS


def test_without_the_lock_all_would_take_the_same_number(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_locks(monkeypatch)

    ends = register_at_once(desk, monkeypatch)

    assert len(of_kind(ends, Ticket)) == 1
    assert len(of_kind(ends, DatabaseError)) == RACERS - 1, ends
    assert Ticket.objects.count() == 1


@only_postgresql
def test_without_the_lock_and_the_key_all_would_have_it(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_locks(monkeypatch)
    drop_constraints("tickets_ticket")

    ends = register_at_once(desk, monkeypatch)

    assert len(of_kind(ends, Ticket)) == RACERS, ends
    assert set(Ticket.objects.values_list("number", flat=True)) == {"Ц-2001"}


# --- the time of a technician ----------------------------------------------------------------------------------------

OVERLAPPING = [(june(10), june(11)), (june(10, 30), june(11, 30))]
EQUAL = [(june(10), june(11))] * 2
ADJACENT = [(june(10), june(11)), (june(11), june(12))]


def book_at_once(
    desk: Cast, spans: list[tuple[datetime, datetime]], monkeypatch: pytest.MonkeyPatch
) -> list[object]:
    """Book Tess for several requests at once; each stops between the look at her day and the entry in it."""
    with transaction.atomic():
        tickets = [ask(who, "settings-advice", NOW, severity="low") for who in (desk.ada, desk.boris)]
    crossing = Crossing()
    manager = type(Booking.objects)
    monkeypatch.setattr(manager, "update_or_create", crossing.before(manager.update_or_create))
    return crossing.run(
        *(
            partial(actions.book, ticket, Slot(desk.tess, *span), by="desk", at=NOW)
            for ticket, span in zip(tickets, spans, strict=True)
        )
    )


@pytest.mark.parametrize("spans", [EQUAL, OVERLAPPING], ids=["the same hour", "hours that overlap"])
def test_of_two_bookings_at_once_one_is_refused(
    desk: Cast, spans: list[tuple[datetime, datetime]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = book_at_once(desk, spans, monkeypatch)

    (refusal,) = of_kind(ends, TicketRefused)
    assert "Tess is booked then" in str(refusal)
    assert Booking.objects.count() == 1


def test_hours_that_only_touch_are_both_booked(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = book_at_once(desk, ADJACENT, monkeypatch)

    assert len(of_kind(ends, Ticket)) == 2, ends


def test_without_the_lock_the_database_refuses_one(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_locks(monkeypatch)

    ends = book_at_once(desk, OVERLAPPING, monkeypatch)

    assert len(of_kind(ends, DatabaseError)) == 1, ends
    assert Booking.objects.count() == 1


@only_postgresql
def test_without_both_tess_would_be_in_two_places(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_locks(monkeypatch)
    drop_constraints("tickets_booking")

    ends = book_at_once(desk, OVERLAPPING, monkeypatch)

    assert len(of_kind(ends, Ticket)) == 2, ends
    first, second = Booking.objects.order_by("starts_at")
    assert first.technician == second.technician
    assert second.starts_at < first.ends_at


# --- two answers to one proposed severity ----------------------------------------------------------------------------


def answer_at_once(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Say yes in the portal and no on the phone at once; each stops between the question and the answer."""
    with transaction.atomic():
        ticket = ask(desk.ada, "settings-advice", NOW, severity="critical")
        actions.propose_severity(ticket, "low", by=by(desk.tess), at=NOW)
    crossing = Crossing()
    monkeypatch.setattr("pomost.tickets.actions.severity.keep_consent", crossing.before(keep_consent))
    return crossing.run(
        partial(actions.agree_severity, ticket, contact=desk.ada, channel="portal", by=by(desk.ada), at=NOW),
        partial(actions.refuse_severity, ticket, contact=desk.ada, channel="phone", by=by(desk.tess), at=NOW),
    )


def test_of_two_answers_to_a_severity_the_first_counts(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = answer_at_once(desk, monkeypatch)

    assert len(of_kind(ends, TicketRefused)) == 1, ends
    said = Consent.objects.get(kind="severity")
    assert (SeverityProposal.objects.get().state == SeverityProposal.State.AGREED) == said.accepted
    assert (Ticket.objects.get().severity == "low") == said.accepted


def test_without_the_lock_both_answers_would_be_taken_or_one_lost(
    desk: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove_locks(monkeypatch)

    ends = answer_at_once(desk, monkeypatch)

    if connection.vendor == "sqlite":
        assert len(of_kind(ends, OperationalError)) == 1, ends
    else:
        assert len(of_kind(ends, Ticket)) == 2, ends
        assert set(Consent.objects.values_list("accepted", flat=True)) == {True, False}
