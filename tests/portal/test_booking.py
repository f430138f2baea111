"""An agreed time on the page of the request: moved and cancelled until the lead, taken into one's own calendar."""

from datetime import datetime
from typing import Any
from typing import cast as typed
from urllib.parse import quote

import icalendar
import pytest
from django.test import Client

from moments import june
from people import Cast, ask
from pomost.config.middleware import CLOCK_KEY
from pomost.tickets import actions
from pomost.tickets.actions import Slot
from pomost.tickets.models import Booking, Ticket
from portal.scene import NOW, MovedClock, browser_of, page, post, slots, words

ICS = "invite.ics"


@pytest.fixture
def ticket(bonus: Cast) -> Ticket:
    """Tess is agreed on for 13:00; NOW is 10:12."""
    bonus.acme.consultant = bonus.tess
    bonus.acme.save(update_fields=["consultant"])
    return ask(
        bonus.ada,
        "direct-connection",
        june(15, 9),
        slot=Slot(bonus.tess, june(15, 13), june(15, 14)),
    )


def address(ticket: Ticket, rest: str = "") -> str:
    return f"/bonus/requests/{quote(ticket.number)}/{rest}"


def browser_at(bonus: Cast, moment: datetime) -> Client:
    browser = browser_of(bonus.ada)
    typed(dict[str, object], browser.defaults)[CLOCK_KEY] = MovedClock(moment)
    return browser


def test_the_customer_moves_an_agreed_time_and_it_does_not_stand_in_its_own_way(
    bonus: Cast, ticket: Ticket
) -> None:
    browser = browser_of(bonus.ada)
    shown = page(browser, address(ticket))
    assert "Agreed time Mon 15 June, 13:00–14:00 Tess" in words(shown)
    assert "cancel it until 12:00" in words(shown)
    later = next(each for each in slots(shown) if "T11:00" in each)  # 14:00 in Moscow
    assert not [each for each in slots(shown) if "15T10:00" in each], "it is agreed on already"

    for _twice in range(2):  # as by a second click
        post(browser, address(ticket, "book/"), slot=later)

    assert Booking.objects.get().starts_at == june(15, 14)
    assert [each for each in slots(page(browser, address(ticket))) if "15T10:00" in each]
    assert "Agreed time Mon 15 June, 14:00–15:00" in words(page(browser, address(ticket)))


def test_the_customer_cancels_an_agreed_time(bonus: Cast, ticket: Ticket) -> None:
    browser = browser_of(bonus.ada)

    post(browser, address(ticket, "book/cancel/"))

    assert Booking.objects.count() == 0
    assert "The agreed time was given up." in words(page(browser, address(ticket)))


@pytest.mark.parametrize(
    ("hour", "minute", "left"), [(12, 0, 0), (12, 1, 1)], ids=["in time", "a minute late"]
)
def test_after_the_lead_they_have_to_call(
    bonus: Cast, ticket: Ticket, hour: int, minute: int, left: int
) -> None:
    browser = browser_at(bonus, june(15, hour, minute))
    shown = page(browser, address(ticket))

    post(browser, address(ticket, "book/cancel/"))

    assert Booking.objects.count() == left
    assert ("Cancel the agreed time" in words(shown)) is not bool(left)
    if left:
        assert "To change it now, call us." in words(shown)
        assert "It is too late to change the time here" in words(page(browser, address(ticket)))


def test_moving_late_is_refused_as_well(bonus: Cast, ticket: Ticket) -> None:
    browser = browser_at(bonus, june(15, 12, 1))

    post(browser, address(ticket, "book/"), slot=f"2026-06-15T11:00:00+00:00/{bonus.tess.pk}")

    assert Booking.objects.get().starts_at == june(15, 13)


def test_once_the_time_has_passed_another_one_can_be_agreed_on(bonus: Cast, ticket: Ticket) -> None:
    browser = browser_at(bonus, june(15, 14, 5))
    first = slots(page(browser, address(ticket)))[0]

    post(browser, address(ticket, "book/"), slot=first)

    assert Booking.objects.get().starts_at == june(15, 16)


def test_the_agreed_time_comes_as_a_file_for_the_calendar(bonus: Cast, ticket: Ticket) -> None:
    answer = browser_of(bonus.ada).get(address(ticket, ICS))

    assert answer["Content-Type"] == "text/calendar"
    made: Any = icalendar.Calendar.from_ical(answer.content)
    (event,) = made.walk("VEVENT")
    assert str(made["method"]) == "PUBLISH"
    assert (event["dtstart"].dt, event["dtend"].dt) == (june(15, 13), june(15, 14))
    assert event["dtstamp"].dt == NOW
    assert "attendee" not in event  # nobody is asked for an answer by a file


def test_without_an_agreed_time_there_is_no_file_and_the_page_says_so(bonus: Cast, ticket: Ticket) -> None:
    actions.cancel_booking(ticket, by="x", at=NOW)
    browser = browser_of(bonus.ada)

    assert browser.get(address(ticket, ICS)).status_code == 302
    assert "No time is agreed for this request." in words(page(browser, address(ticket)))


def test_nobody_elses_time_is_seen_or_touched(bonus: Cast, ticket: Ticket) -> None:
    boris = browser_of(bonus.boris)

    assert boris.get(address(ticket, ICS)).status_code == 404
    assert boris.post(address(ticket, "book/cancel/")).status_code == 404
    assert boris.post(address(ticket, "book/"), {"slot": "x"}).status_code == 404
    assert Booking.objects.count() == 1


def test_a_confirmed_request_offers_no_times_and_keeps_none_ahead(bonus: Cast, ticket: Ticket) -> None:
    actions.close(ticket, "Not needed any more.", by="x", at=NOW)
    browser = browser_of(bonus.ada)

    assert slots(page(browser, address(ticket))) == []
    assert Booking.objects.count() == 0
