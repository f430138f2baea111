"""The letter NUL is refused alike on both databases, though only PostgreSQL would mind."""

import pytest
from django.db import DataError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client

from moments import june
from people import Cast, ask, desk_of
from pomost.config.middleware import NoNul
from pomost.people.models import Customer
from pomost.tickets.models import Message

HOME = "/centaur/console/"


@pytest.fixture
def desk(both_databases: str) -> Cast:
    return desk_of("centaur")


@pytest.fixture
def tess(desk: Cast) -> Client:
    browser = Client()
    browser.force_login(desk.tess.person)
    return browser


def test_a_field_with_it_is_refused_and_nothing_is_kept(desk: Cast, tess: Client) -> None:
    ticket = ask(desk.ada, "settings-advice", june(15, 9), severity="low")
    before = Message.objects.count()

    answer = tess.post(f"{HOME}tickets/{ticket.number}/reply/", {"text": "a\x00b"})

    assert answer.status_code == 400
    assert "<html" in answer.content.decode()
    assert Message.objects.count() == before


def test_a_question_with_it_is_refused(tess: Client) -> None:
    assert tess.get(f"{HOME}tickets/", {"words": "a\x00b"}).status_code == 400


def test_nothing_is_called_so(tess: Client) -> None:
    assert tess.get(f"{HOME}tickets/a%00b/").status_code == 404


@pytest.mark.parametrize("which_database", ["postgresql"], indirect=True)
def test_one_that_came_another_way_is_the_senders_slip(desk: Cast) -> None:
    with pytest.raises(DataError) as met:
        Customer.objects.filter(name="a\x00b").exists()

    assert connection.vendor == "postgresql"
    with pytest.raises(Exception, match="letter NUL"):
        NoNul(lambda _request: HttpResponse()).process_exception(HttpRequest(), met.value)
