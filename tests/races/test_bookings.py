"""Two who want one technician's time at the same moment: customers, and a customer and an absence."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import transaction

from people import Cast, ask, by, desk_of
from pomost.contracts.queries import terms_of
from pomost.tickets import actions
from pomost.tickets.actions import Slot
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Absence, Booking, Ticket
from pomost.tickets.queries import free_times
from races.crossing import Crossing, of_kind, remove_locks

NOW = datetime(2026, 6, 15, 6, tzinfo=UTC)
TEN = datetime(2026, 6, 16, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(both_own_databases: str) -> Cast:
    with transaction.atomic():
        made = desk_of("bonus")
        for customer in (made.acme, made.borealis):
            customer.consultant = made.tess
            customer.save(update_fields=["consultant"])
    return made


def test_of_two_customers_one_gets_the_time_and_the_other_is_offered_the_next(
    desk: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        tickets = [ask(who, "direct-connection", NOW) for who in (desk.ada, desk.boris)]
    offers = [free_times(each.customer, terms_of(each.terms), each.service, NOW) for each in tickets]
    wanted = [offer[0].slots[0] for offer in offers]
    assert wanted[0].slot == wanted[1].slot
    crossing = Crossing()
    manager = type(Booking.objects)
    monkeypatch.setattr(manager, "update_or_create", crossing.before(manager.update_or_create))

    ends = crossing.run(
        *(
            partial(actions.customer_books, ticket, time.slot, by=by(ticket.contact), at=NOW)
            for ticket, time in zip(tickets, wanted, strict=True)
        )
    )

    (refusal,) = of_kind(ends, TicketRefused)
    assert "not free any more" in str(refusal)
    assert not any(each.number in str(refusal) for each in tickets)  # nor whose it is now
    (winner,) = of_kind(ends, Ticket)
    (loser,) = (each for each in tickets if each.pk != winner.pk)
    offered = free_times(loser.customer, terms_of(loser.terms), loser.service, NOW)[0].slots
    assert offered[0].technician == desk.tess
    assert offered[0].starts_at == wanted[0].starts_at + HOUR


def booked_while_an_absence_is_noted(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Book Tess after it was seen that she can be away, and before that is written."""
    with transaction.atomic():
        ticket = ask(desk.ada, "direct-connection", NOW)
    crossing = Crossing()
    booking, absence = type(Booking.objects), type(Absence.objects)
    monkeypatch.setattr(booking, "update_or_create", crossing.before(booking.update_or_create))
    monkeypatch.setattr(absence, "create", crossing.before(absence.create))
    book = partial(actions.book, ticket, Slot(desk.tess, TEN, TEN + HOUR), by="desk", at=NOW)
    note = partial(actions.note_absence, desk.tess, TEN, TEN + 4 * HOUR, by="desk", at=NOW)
    return crossing.run(note, crossing.later(book))


def test_a_booking_waits_for_the_absence_and_is_refused(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = booked_while_an_absence_is_noted(desk, monkeypatch)

    (refusal,) = of_kind(ends, TicketRefused)
    assert "is away then" in str(refusal)
    assert (Booking.objects.count(), Absence.objects.count()) == (0, 1)


@pytest.mark.parametrize("both_own_databases", ["postgresql"], indirect=True)
def test_without_the_lock_tess_would_be_booked_and_away(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_locks(monkeypatch)

    ends = booked_while_an_absence_is_noted(desk, monkeypatch)

    assert of_kind(ends, Ticket), ends
    assert (Booking.objects.count(), Absence.objects.count()) == (1, 1)
