"""Absences: nobody is booked while away; what was booked before stays, and staff are shown it."""

from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from people import Cast, ask, by, desk_of
from pomost.journal.models import Fact
from pomost.people.models import Technician
from pomost.tickets import actions
from pomost.tickets.actions import Slot
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Absence, Booking
from pomost.tickets.queries import absences, filled

NOW = datetime(2026, 6, 15, 6, tzinfo=UTC)


def june(day: int, hour: int) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=UTC)


@pytest.fixture
def desk(db: None) -> Cast:
    return desk_of("centaur")


def away(who: Technician, start: datetime, end: datetime, at: datetime = NOW) -> Absence:
    return actions.note_absence(who, start, end, reason=" Dentist \n ", by=by(who), at=at)


def test_nobody_is_booked_while_away(desk: Cast) -> None:
    away(desk.tess, june(16, 8), june(16, 12))
    ticket = ask(desk.ada, "settings-advice", NOW, severity="low")

    with pytest.raises(TicketRefused, match="Tess is away then"):
        actions.book(ticket, Slot(desk.tess, june(16, 11), june(16, 13)), by="x", at=NOW)

    actions.book(ticket, Slot(desk.tess, june(16, 12), june(16, 13)), by="x", at=NOW)
    assert Booking.objects.get().starts_at == june(16, 12)


def test_who_takes_an_absence_back_can_be_booked_again(desk: Cast) -> None:
    absence = away(desk.tess, june(16, 8), june(16, 12))
    ticket = ask(desk.ada, "settings-advice", NOW, severity="low")

    actions.withdraw_absence(absence, by=by(desk.tess), at=NOW)
    actions.withdraw_absence(absence, by=by(desk.tess), at=NOW)
    actions.book(ticket, Slot(desk.tess, june(16, 8), june(16, 9)), by="x", at=NOW)

    assert list(
        Fact.objects.filter(kind__startswith="technician.absence").values_list("kind", flat=True)
    ) == [
        "technician.absence-noted",
        "technician.absence-withdrawn",
    ]


def test_what_was_booked_before_stays_and_is_shown_beside_the_absence(desk: Cast) -> None:
    first, second = (ask(who, "settings-advice", NOW, severity="low") for who in (desk.ada, desk.boris))
    actions.book(first, Slot(desk.tess, june(16, 8), june(16, 9)), by="x", at=NOW)
    actions.book(second, Slot(desk.tess, june(16, 12), june(16, 13)), by="x", at=NOW)

    away(desk.tess, june(16, 0), june(16, 12))

    (row,) = absences(desk.vendor, NOW)
    assert row.absence.reason == "Dentist"
    assert [each.ticket.number for each in row.collisions] == [first.number]
    assert Booking.objects.count() == 2


def test_however_many_are_away_three_queries_say_what_stands_meanwhile(
    desk: Cast, django_assert_num_queries: object
) -> None:
    for who in (desk.tess, desk.dora, desk.bela):
        away(who, june(16, 0), june(17, 0))
        ticket = ask(desk.ada, "settings-advice", NOW, severity="low")
        actions.book(ticket, Slot(who, june(17, 8), june(17, 9)), by="x", at=NOW)

    with django_assert_num_queries(3):  # type: ignore[operator]
        rows = absences(desk.vendor, NOW)

    assert [row.collisions for row in rows] == [(), (), ()]


def test_an_absence_of_another_vendor_is_nobodys_business(desk: Cast) -> None:
    away(desk.nils, june(16, 0), june(16, 12))

    assert absences(desk.vendor, NOW) == ()


def test_what_fills_a_day_is_read_in_three_queries_and_a_ticket_to_be_moved_does_not_count(
    desk: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ticket = ask(desk.ada, "settings-advice", NOW, severity="low")
    actions.book(ticket, Slot(desk.tess, june(16, 8), june(16, 9)), by="x", at=NOW)
    away(desk.tess, june(17, 0), june(18, 0))

    with django_assert_num_queries(3):
        taken = filled([desk.tess, desk.dora], NOW)

    assert taken == {
        desk.tess.pk: [(june(16, 8), june(16, 9)), (june(17, 0), june(18, 0))],
        desk.dora.pk: [],
    }
    assert filled([desk.tess], NOW, but=ticket.pk)[desk.tess.pk] == [(june(17, 0), june(18, 0))]


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        (june(16, 12), june(16, 12), "before it begins"),
        (june(16, 12), june(16, 11), "before it begins"),
        (june(14, 8), june(15, 6), "is past"),
        (june(16, 9), june(16, 10), "away then already"),
        (june(16, 7), june(16, 13), "away then already"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(desk: Cast, start: datetime, end: datetime, why: str) -> None:
    away(desk.tess, june(16, 8), june(16, 12))

    with pytest.raises(TicketRefused, match=why):
        away(desk.tess, start, end)

    assert Absence.objects.count() == 1


def test_a_reason_that_does_not_fit_is_refused_with_its_length(desk: Cast) -> None:
    with pytest.raises(TicketRefused, match="121 characters; 120 fit"):
        actions.note_absence(desk.tess, june(16, 8), june(16, 9), reason="x" * 121, by="x", at=NOW)
