"""S5 on a ticket's page: before time by hand reaches beyond the free minutes, the page says how far and asks how to go on."""

from datetime import datetime, timedelta
from typing import cast as typed
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from people import Cast, ask, desk_of
from pomost.billing.models import Estimate
from pomost.config.middleware import CLOCK_KEY
from pomost.tickets.models import Ticket
from pomost.worklog.models import Entry
from portal.scene import MovedClock, words

START = datetime(2026, 6, 15, 9, tzinfo=ZoneInfo("Europe/Warsaw"))


@pytest.fixture
def desk(db: None) -> Cast:
    made = desk_of("satisoft")
    made.tess.person.language = "en"
    made.tess.person.save(update_fields=["language"])
    return made


@pytest.fixture
def ticket(desk: Cast) -> Ticket:
    return ask(desk.ada, "remote-help", START, family="subiekt")


@pytest.fixture
def tess(desk: Cast) -> Client:
    browser = Client()
    typed(dict[str, object], browser.defaults)[CLOCK_KEY] = MovedClock(START + timedelta(hours=3))
    browser.force_login(desk.tess.person)
    return browser


def enter(browser: Client, ticket: Ticket, minutes: object, status: int = 302, go_on: str = "") -> str:
    """Send the form and return the answered page's words."""
    answer = browser.post(
        f"/satisoft/console/tickets/{ticket.number}/work/",
        {"source": "call", "minutes": minutes, "note": "Rebuilt the index.", "go_on": go_on},
    )
    assert answer.status_code == status
    return words(answer.content.decode())


def entered(ticket: Ticket) -> list[int]:
    return [each.worked_seconds // 60 for each in Entry.objects.filter(ticket=ticket).order_by("id")]


def test_the_page_says_what_is_left_and_what_lies_beyond_and_enters_nothing(
    ticket: Ticket, tess: Client
) -> None:
    page = enter(tess, ticket, 80, 409)

    assert "1 hour. Beyond it: 20 minutes" in page
    assert "§ 5.1" in page
    assert "Enter what fits, name a price for the rest" in page
    assert "Enter only what fits" in page
    assert "Enter all, the rest without charge" in page
    assert entered(ticket) == []


@pytest.mark.parametrize(
    ("go_on", "kept"), [("fitting", [60]), ("uncharged", [80])], ids=["what fits", "all"]
)
def test_one_button_enters_what_fits_or_all(
    ticket: Ticket, tess: Client, go_on: str, kept: list[int]
) -> None:
    enter(tess, ticket, 80, go_on=go_on)

    assert entered(ticket) == kept


def test_one_button_enters_what_fits_and_names_the_price_of_the_rest(ticket: Ticket, tess: Client) -> None:
    enter(tess, ticket, 80, go_on="estimate")

    estimate = Estimate.objects.get(ticket=ticket)
    assert (entered(ticket), estimate.more_seconds) == ([60], 20 * 60)
    page = enter(tess, ticket, 20, 409)
    assert "An estimate waits for the customer's answer." in page
    assert "Name the price to the customer" not in page


def test_an_unknown_way_to_go_on_is_asked_about_again(ticket: Ticket, tess: Client) -> None:
    enter(tess, ticket, 80, 409, go_on="quietly")

    assert entered(ticket) == []


@pytest.mark.parametrize(
    ("minutes", "is_warned"),
    [
        ("60", False),
        ("61", True),
        ("999999999", False),
        ("-5", False),
        ("٦١", False),
        ("", False),
        ("1440", True),
    ],
)
def test_the_hint_warns_while_one_types_and_writes_nothing(
    ticket: Ticket, tess: Client, minutes: str, is_warned: bool
) -> None:
    answer = tess.get(f"/satisoft/console/tickets/{ticket.number}/work/fit/", {"minutes": minutes})

    assert answer.status_code == 200
    assert ("§ 5.1" in answer.content.decode()) == is_warned
    assert entered(ticket) == []
