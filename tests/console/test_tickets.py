"""The list of all requests: what the board no longer shows is found here."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from console.scene import page
from moments import june
from people import Cast, ask, by
from pomost.tickets import actions
from pomost.tickets.models import Ticket


def numbers(html: str) -> list[str]:
    return re.findall(r'data-ticket="([^"]+)"', html)


@pytest.fixture
def closed(desk: Cast) -> Ticket:
    ticket = ask(desk.ada, "settings-advice", june(15, 8), severity="low")
    return actions.close(ticket, "Отозвано", by=by(desk.tess), at=june(15, 8, 30))


@pytest.fixture
def solved(desk: Cast) -> Ticket:
    ticket = ask(desk.boris, "settings-advice", june(15, 8, 1), severity="low")
    text = "Очередь снова с оператором."
    return actions.propose_solution(ticket, text, technician=desk.tess, by=by(desk.tess), at=june(15, 8, 40))


def test_closed_and_solved_requests_are_in_the_list_the_newest_first(
    closed: Ticket, solved: Ticket, tess: Client
) -> None:
    html = page(tess, "tickets/")

    assert numbers(html) == [solved.number, closed.number]
    assert "closed without a solution" in html
    assert "solved, not confirmed yet" in html


@pytest.mark.parametrize("case", [str.lower, str.upper, str.title])
def test_words_are_found_whatever_their_case_also_in_cyrillic(
    closed: Ticket, solved: Ticket, tess: Client, case: Callable[[str], str]
) -> None:
    assert numbers(page(tess, f"tickets/?q={case('очередь')}")) == [solved.number]
    assert numbers(page(tess, f"tickets/?q={case('acme')}")) == [closed.number]
    assert numbers(page(tess, f"tickets/?q={case(solved.number)}")) == [solved.number]


def test_each_word_has_to_fit(closed: Ticket, solved: Ticket, tess: Client) -> None:
    assert numbers(page(tess, "tickets/?q=borealis+оператором")) == [solved.number]
    assert numbers(page(tess, "tickets/?q=acme+оператором")) == []


@pytest.mark.parametrize("words", ["(((", "%", "[a-", "\\", ".*", "<script>", "%00", "x" * 5000])
def test_signs_of_patterns_are_looked_for_as_they_stand(
    closed: Ticket, solved: Ticket, tess: Client, words: str
) -> None:
    answer = tess.get("/centaur/console/tickets/", {"q": words})

    assert answer.status_code == 200
    assert numbers(answer.content.decode()) == []
    assert "<script>”" not in answer.content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999999999", "²", ""])
def test_a_page_that_cannot_be_is_the_first(closed: Ticket, tess: Client, number: str) -> None:
    assert tess.get("/centaur/console/tickets/", {"page": number}).status_code == 200


def test_states_narrow_the_list_and_say_how_many_they_leave(
    closed: Ticket, solved: Ticket, tess: Client
) -> None:
    html = page(tess, "tickets/?state=closed")

    assert numbers(html) == [closed.number]
    assert re.search(r"All\s*<b>2</b>", html)
    assert re.search(r"Solved\s*<b>1</b>", html)


def test_another_desks_requests_are_not_found(desk: Cast, closed: Ticket, tess: Client) -> None:
    Ticket.objects.filter(pk=closed.pk).update(vendor=desk.neighbour)

    assert numbers(page(tess, "tickets/")) == []


def test_a_long_list_comes_in_pages_and_needs_no_more_queries(
    desk: Cast, solved: Ticket, tess: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [Ticket.objects.get(pk=solved.pk) for _each in range(104)]
    for place, row in enumerate(rows, start=1):
        row.pk, row.sequence, row.number = None, solved.sequence + place, f"Ц-9{place:03}"
        row.registered_at = solved.registered_at + timedelta(minutes=place)
    Ticket.objects.bulk_create(rows)

    with django_assert_max_num_queries(12):
        first = page(tess, "tickets/")
    second = page(tess, "tickets/?page=2")

    assert (len(numbers(first)), len(numbers(second))) == (100, 5)
    assert "1 to 100 of 105 requests" in first
    assert "101 to 105 of 105 requests" in second
    assert "?page=2" in first
    assert 'rel="next"' not in second


def test_a_search_of_the_board_that_finds_nothing_leads_on_to_all_requests(
    closed: Ticket, tess: Client
) -> None:
    assert "/centaur/console/tickets/?q=Acme" in page(tess, "?q=Acme")
