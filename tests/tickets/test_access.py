from datetime import UTC, datetime

import pytest

from people import Cast, ask, desk_of
from pomost.people.errors import NotFound
from pomost.tickets import access
from pomost.tickets.models import Ticket

NOON = datetime(2026, 6, 15, 9, tzinfo=UTC)


@pytest.fixture
def centaur(db: None) -> Cast:
    return desk_of("centaur")


@pytest.fixture
def adas(centaur: Cast) -> Ticket:
    return ask(centaur.ada, "settings-advice", NOON, severity="low")


def test_staff_find_every_ticket_of_their_vendor(centaur: Cast, adas: Ticket) -> None:
    assert access.ticket(centaur.tess, adas.number) == adas
    assert list(access.for_technician(centaur.dora)) == [adas]


def test_staff_of_another_vendor_find_nothing(centaur: Cast, adas: Ticket) -> None:
    assert list(access.for_technician(centaur.nils)) == []
    with pytest.raises(NotFound, match=adas.number):
        access.ticket(centaur.nils, adas.number)


def test_a_contact_finds_the_tickets_of_their_own_customer(centaur: Cast, adas: Ticket) -> None:
    assert access.ticket_of_contact(centaur.ada, adas.number) == adas
    assert list(access.for_contact(centaur.ada)) == [adas]


def test_a_contact_of_another_customer_finds_nothing(centaur: Cast, adas: Ticket) -> None:
    assert list(access.for_contact(centaur.boris)) == []
    with pytest.raises(NotFound):
        access.ticket_of_contact(centaur.boris, adas.number)


def test_a_number_that_does_not_exist_gets_the_same_answer_as_a_strangers(
    centaur: Cast, adas: Ticket
) -> None:
    said = []
    for number in (adas.number, "Ц-9999"):
        with pytest.raises(NotFound) as refusal:
            access.ticket_of_contact(centaur.boris, number)
        said.append(str(refusal.value).replace(number, "N"))

    assert said[0] == said[1]
