"""Agreeing on a time by phone: from the request to a free time in two clicks, and giving it up again."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client

from console.scene import SignIn
from moments import june
from people import Cast, ask, desk_of
from pomost.tickets import actions
from pomost.tickets.models import Booking, Ticket

NOW = june(15, 9, 12)


@pytest.fixture
def bonus(db: None) -> Cast:
    made = desk_of("bonus")
    made.dora.person.language = "en"
    made.dora.person.save(update_fields=["language"])
    made.acme.consultant = made.tess
    made.acme.save(update_fields=["consultant"])
    return made


@pytest.fixture
def dora(bonus: Cast, sign_in: SignIn) -> Client:
    return sign_in(bonus.dora)


@pytest.fixture
def ticket(bonus: Cast) -> Ticket:
    return ask(bonus.ada, "direct-connection", june(15, 9))


def address(ticket: Ticket, rest: str = "") -> str:
    return f"/bonus/console/tickets/{quote(ticket.number)}/{rest}"


def offered(page: str) -> list[str]:
    return [unescape(value) for value in re.findall(r'name="slot"\s+value="([^"]+)"', page)]


def test_d4_two_clicks_from_the_request_to_an_agreed_time(bonus: Cast, dora: Client, ticket: Ticket) -> None:
    request_page = dora.get(address(ticket)).content.decode()
    assert address(ticket, "times/") in request_page

    page = dora.get(address(ticket, "times/")).content.decode()
    first = offered(page)[0]
    answer = dora.post(address(ticket, "times/"), {"slot": first})

    assert answer.status_code == 302
    booking = Booking.objects.get()
    assert (booking.technician, booking.starts_at) == (bonus.tess, june(15, 11))
    left = offered(dora.get(address(ticket, "times/")).content.decode())
    assert first not in left
    assert left, "it can be moved"


def test_b2_the_line_stands_in_on_a_day_on_which_the_own_consultant_is_away(
    bonus: Cast, dora: Client, ticket: Ticket
) -> None:
    actions.note_absence(bonus.tess, june(16, 0), june(17, 0), by="x", at=NOW)

    values = offered(dora.get(address(ticket, "times/")).content.decode())

    by_day = {
        day: {v.rpartition("/")[2] for v in values if v.startswith(f"2026-06-{day}")} for day in (15, 16)
    }
    assert by_day[15] == {str(bonus.tess.pk)}
    assert by_day[16]
    assert str(bonus.tess.pk) not in by_day[16]


def test_a_time_that_somebody_took_meanwhile_is_refused_with_the_next_ones_beside_it(
    bonus: Cast, dora: Client, ticket: Ticket
) -> None:
    first, second, *_rest = offered(dora.get(address(ticket, "times/")).content.decode())
    other = ask(bonus.boris, "direct-connection", june(15, 9))
    actions.book(other, actions.Slot(bonus.tess, june(15, 11), june(15, 12)), by="x", at=NOW)

    answer = dora.post(address(ticket, "times/"), {"slot": first})

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "not free any more" in page
    assert offered(page)[0] == second


def test_staff_give_an_agreed_time_up(bonus: Cast, dora: Client, ticket: Ticket) -> None:
    actions.book(ticket, actions.Slot(bonus.tess, june(16, 11), june(16, 12)), by="x", at=NOW)

    assert "Tess" in dora.get(address(ticket, "times/")).content.decode()
    dora.post(address(ticket, "book/cancel/"))

    assert Booking.objects.count() == 0


@pytest.mark.parametrize("slot", ["", "tomorrow", "2026-06-15T03:00:00+00:00/1", "x" * 5000, "\u202e/1"])
def test_what_is_not_offered_is_refused(bonus: Cast, dora: Client, ticket: Ticket, slot: str) -> None:
    assert dora.post(address(ticket, "times/"), {"slot": slot}).status_code == 409
    assert Booking.objects.count() == 0


def test_a_service_that_the_terms_say_nothing_of_offers_none(bonus: Cast, dora: Client) -> None:
    line = ask(bonus.ada, "phone-line", june(15, 9))

    assert offered(dora.get(address(line, "times/")).content.decode()) == []
