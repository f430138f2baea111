"""The board: what a technician sees, finds and takes."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from console.scene import page, post
from moments import june
from people import Cast, ask, by
from pomost.tickets import actions
from pomost.tickets.models import Ticket


def numbers(html: str) -> list[str]:
    return re.findall(r'data-ticket="([^"]+)"', html)


def test_the_board_stands_in_the_order_in_which_promises_fall_due(desk: Cast, tess: Client) -> None:
    low = ask(desk.boris, "settings-advice", june(15, 9), severity="low")
    critical = ask(desk.ada, "settings-advice", june(11, 16, 30), severity="critical")

    html = page(tess)

    assert numbers(html) == [critical.number, low.number]
    assert "0:18" in html
    assert "by 9:30" in html


def test_a_late_ticket_says_by_how_much_and_not_by_colour_alone(desk: Cast, tess: Client) -> None:
    ask(desk.ada, "settings-advice", june(11, 15), severity="critical")

    html = page(tess)

    assert "+1:12" in html
    assert '<span class="vh">Late</span>' in html


def test_an_empty_board_says_what_is_true_and_what_to_do_next(tess: Client) -> None:
    html = page(tess)

    assert "Everything is answered" in html
    assert "/centaur/console/calls/new/" in html


def test_mine_and_nobodys_narrow_the_board(desk: Cast, tess: Client) -> None:
    mine = ask(desk.ada, "settings-advice", june(15, 9), severity="low")
    free = ask(desk.boris, "settings-advice", june(15, 9, 1), severity="low")
    actions.take(mine, desk.tess, by=by(desk.tess), at=june(15, 9, 2))

    assert numbers(page(tess, "?whose=mine")) == [mine.number]
    assert numbers(page(tess, "?whose=nobody")) == [free.number]


def test_a_search_finds_by_customer_and_by_number_whatever_the_case(desk: Cast, tess: Client) -> None:
    ada = ask(desk.ada, "settings-advice", june(15, 9), severity="low")
    boris = ask(desk.boris, "settings-advice", june(15, 9, 1), severity="low")

    assert numbers(page(tess, "?q=ACME")) == [ada.number]
    assert numbers(page(tess, f"?q={boris.number.lower()}")) == [boris.number]


def test_a_search_that_finds_nothing_says_so_and_offers_all(desk: Cast, tess: Client) -> None:
    ask(desk.ada, "settings-advice", june(15, 9), severity="low")

    html = page(tess, "?q=<script>")

    assert "Nothing found" in html
    assert "<script>”" not in html


def test_take_makes_the_ticket_ones_own(desk: Cast, tess: Client) -> None:
    ticket = ask(desk.ada, "settings-advice", june(15, 9), severity="low")

    post(tess, f"tickets/{ticket.number}/take/")

    assert Ticket.objects.get(pk=ticket.pk).assigned_to == desk.tess


def test_the_part_that_renews_itself_is_the_board_without_the_page(desk: Cast, tess: Client) -> None:
    ticket = ask(desk.ada, "settings-advice", june(15, 9), severity="low")

    html = page(tess, "board/")

    assert numbers(html) == [ticket.number]
    assert "<html" not in html


def test_a_longer_board_needs_no_more_queries(
    desk: Cast, tess: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for minute in range(12):
        ask(desk.ada if minute % 2 else desk.boris, "settings-advice", june(15, 9, minute), severity="low")

    with django_assert_num_queries(14):
        html = page(tess)

    assert len(numbers(html)) == 12


def test_the_navigation_shows_who_is_on_shift(desk: Cast, tess: Client) -> None:
    post(tess, "presence/", presence="free")

    html = page(tess)

    assert "can help" in html
    assert re.search(r"1\s+of\s+4", html)


@pytest.mark.parametrize("language", ["ru", "pl", "en"])
def test_the_board_speaks_the_language_that_was_picked(desk: Cast, tess: Client, language: str) -> None:
    ask(desk.ada, "settings-advice", june(15, 9), severity="low")
    tess.cookies["language"] = language

    assert f'<html lang="{language}"' in page(tess)
