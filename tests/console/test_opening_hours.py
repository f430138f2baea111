"""The owner's calendars: the year, an exception that is shown with what it moves before it holds, and who made it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from console.scene import NOW, SignIn, page, post
from moments import june
from people import Cast, ask, by
from pomost.contracts.calendar_edits import override_calendar
from pomost.contracts.models import CalendarEdit, Contract
from pomost.tickets.actions import Recomputer
from pomost.tickets.models import Clock, Ticket
from pomost.tickets.queries import timeline

NEW = "opening-hours/office/new/"
DAY_OFF: Any = {"first_day": "2026-06-16", "note": "Stocktaking"}


@pytest.fixture
def ticket(desk: Cast) -> Ticket:
    """A request with 24 working hours to answer: until Wednesday."""
    Contract.objects.filter(customer=desk.acme).update(package="basic")
    return ask(desk.ada, "settings-advice", june(15, 9), severity="low")


def due(ticket: Ticket) -> str:
    return f"{Clock.objects.get(ticket=ticket).due_at:%m-%d}"


def recompute() -> None:
    for _turn in range(4):
        Recomputer(pause=lambda _took: None).run_once(NOW + timedelta(minutes=5))


def test_the_year_names_its_holidays_and_marks_what_is_not_confirmed(owen: Client) -> None:
    text = page(owen, "opening-hours/?year=2026")

    assert 'title="День России"' in text
    assert "unknown" not in page(owen, "opening-hours/?year=2026").split('class="year-key', 1)[0]
    far = page(owen, "opening-hours/?year=2030")
    assert "The public holidays are known until" in far
    assert "unknown" in far.split('class="year-key', 1)[0]


@pytest.mark.parametrize("year", ["", "0", "99999", "abcd", "²026", "-1"])
def test_a_year_that_is_none_shows_another(owen: Client, year: str) -> None:
    text = page(owen, f"opening-hours/?year={year}&calendar=nobody")

    assert '<b class="strong num">2026</b>' in text


@pytest.mark.parametrize(("year", "shown"), [("0000", 1900), ("1899", 1900), ("2200", 2199), ("9999", 2199)])
def test_a_year_beyond_the_calendars_shows_their_first_or_last(owen: Client, year: str, shown: int) -> None:
    assert f'<b class="strong num">{shown}</b>' in page(owen, f"opening-hours/?year={year}")


def test_what_an_exception_moves_is_shown_before_it_holds(owen: Client, ticket: Ticket) -> None:
    before = due(ticket)

    text = post(owen, NEW, 200, **DAY_OFF)

    assert "1 promise falls due later" in text
    assert "0 earlier" in text
    assert not CalendarEdit.objects.exists()
    assert due(ticket) == before


def test_saving_it_moves_the_clocks_and_the_request_says_why(
    desk: Cast, owen: Client, ticket: Ticket
) -> None:
    post(owen, NEW, keep="1", **DAY_OFF)
    assert "are about to be recomputed" in page(owen, "opening-hours/")

    recompute()

    edit = CalendarEdit.objects.get()
    assert (edit.first_day, edit.last_day, edit.hours, edit.by) == (
        date(2026, 6, 16),
        date(2026, 6, 16),
        [],
        by(desk.owen),
    )
    text = page(owen, "opening-hours/")
    assert "1 moved" in text
    assert "Stocktaking" in text
    assert desk.owen.person.name in text
    moved = next(
        item for item in timeline(ticket, internal=False, language="en") if item.kind == "clock.moved"
    )
    assert "due time moved from" in moved.text
    assert moved.text.endswith("(Support hours: Stocktaking).")
    assert moved.at == NOW


@pytest.mark.parametrize("language", ["ru", "pl", "en"])
def test_the_day_to_be_moved_stands_in_its_field_in_every_language(
    desk: Cast, owen: Client, language: str
) -> None:
    post(owen, NEW, keep="1", **DAY_OFF)
    desk.owen.person.language = language
    desk.owen.person.save(update_fields=["language"])

    html = page(owen, f"opening-hours/exceptions/{CalendarEdit.objects.get().pk}/move/")

    assert 'value="2026-06-16"' in html, "a browser's field of a day reads no other form"


def test_an_exception_is_moved_to_another_day_with_its_history(owen: Client, ticket: Ticket) -> None:
    post(owen, NEW, keep="1", **DAY_OFF)
    recompute()
    edit = CalendarEdit.objects.get()
    off = due(ticket)
    assert 'value="2026-06-16"' in page(owen, f"opening-hours/exceptions/{edit.pk}/move/")

    shown = post(
        owen, f"opening-hours/exceptions/{edit.pk}/move/", 200, first_day="2026-06-25", note="Stocktaking"
    )
    assert "1 earlier" in shown
    post(
        owen,
        f"opening-hours/exceptions/{edit.pk}/move/",
        keep="1",
        first_day="2026-06-25",
        note="Stocktaking",
    )
    recompute()

    assert due(ticket) < off
    assert CalendarEdit.objects.count() == 3
    page(owen, f"opening-hours/exceptions/{edit.pk}/move/", 404)


def test_taking_it_back_is_asked_once_and_brings_the_due_time_back(owen: Client, ticket: Ticket) -> None:
    before = due(ticket)
    post(owen, NEW, keep="1", **DAY_OFF)
    recompute()
    edit = CalendarEdit.objects.get()

    assert "1 earlier" in post(owen, f"opening-hours/exceptions/{edit.pk}/withdraw/", 200)
    post(owen, f"opening-hours/exceptions/{edit.pk}/withdraw/", keep="1")
    recompute()

    assert due(ticket) == before
    assert "as the terms say again" in page(owen, "opening-hours/history/?calendar=office")


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"first_day": "2026-06-12"}, 409, "is over"),
        ({"first_day": "2026-06-20", "last_day": "2026-06-19"}, 409, "before the first"),
        ({"first_day": "2026-06-20", "last_day": "2027-06-19"}, 409, "at most"),
        ({"first_day": "2026-06-16", "hours": "25:00-26:00"}, 422, "cannot be read"),
        ({"first_day": "2026-06-16", "hours": "09:00-13:00, 12:00-14:00"}, 409, "overlap"),
        ({"first_day": "yesterday"}, 422, "date"),
        ({}, 422, "required"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(
    owen: Client, typed: dict[str, str], status: int, said: str
) -> None:
    for keep in ({}, {"keep": "1"}):
        assert said in post(owen, NEW, status, **typed, **keep)
    assert not CalendarEdit.objects.exists()


def test_a_calendar_that_the_terms_do_not_have_is_not_found(owen: Client) -> None:
    post(owen, "opening-hours/nobody/new/", 404, **DAY_OFF)


def test_a_neighbours_exception_is_not_found(desk: Cast, owen: Client, sign_in: SignIn) -> None:
    edit = override_calendar(
        desk.vendor,
        "office",
        first_day=date(2026, 6, 16),
        last_day=date(2026, 6, 16),
        hours=(),
        by="x",
        at=NOW,
    )
    stranger = sign_in(desk.nils)
    address = f"/{desk.neighbour.slug}/console/opening-hours/exceptions/{edit.pk}/withdraw/"

    assert stranger.post(address, {"keep": "1"}).status_code in (403, 404)
    assert CalendarEdit.objects.count() == 1


def test_a_shortened_day_is_marked_and_named(owen: Client) -> None:
    post(owen, NEW, keep="1", first_day="2026-06-16", hours="09:00-12:00", note="Short")

    text = page(owen, "opening-hours/")

    assert 'class="short by-desk' in text
    assert "09:00-12:00" in text
