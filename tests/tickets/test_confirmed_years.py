"""Once a year of public holidays is confirmed, what could not be promised into it is promised; nothing else moves."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from people import Cast, ask, by, desk_of, with_package
from pomost.contracts.calendars import CalendarBook
from pomost.contracts.holiday_actions import confirm_year
from pomost.journal.models import Fact
from pomost.tickets import actions
from pomost.tickets.actions.recomputing import Recomputer
from pomost.tickets.clockwork import recompute
from pomost.tickets.models import Clock, MovedClock, Ticket
from pomost.tickets.queries import timeline

MOSCOW = ZoneInfo("Europe/Moscow")
ASKED = datetime(2027, 12, 30, 15, tzinfo=MOSCOW)
CONFIRMED = datetime(2027, 12, 30, 16, tzinfo=MOSCOW)
WINTER = {date(2028, 1, day): "Новый год" for day in range(1, 9)}


@pytest.fixture
def desk(both_databases: str) -> Cast:
    made = desk_of("centaur")
    with_package(made.acme, "extended")
    return made


def confirm(desk: Cast, at: datetime = CONFIRMED) -> None:
    confirm_year(desk.vendor, ("RU", ""), 2028, days_off=WINTER, by=by(desk.owen), at=at)


def recomputed(at: datetime = CONFIRMED) -> int:
    recomputer = Recomputer(pause=lambda _took: None)
    return sum(recomputer.run_once(at + timedelta(minutes=5)) for _ in range(3))


def clock(ticket: Ticket) -> Clock:
    return Clock.objects.get(ticket=ticket, key="reaction")


def asked(desk: Cast, at: datetime = ASKED) -> Ticket:
    return ask(desk.ada, "settings-advice", at, severity="low")


def test_a_promise_into_the_year_is_made_then_and_the_request_says_so(desk: Cast) -> None:
    ticket = asked(desk)
    assert clock(ticket).due_at is None
    assert "Confirm the calendar of 2028" in clock(ticket).unpromised

    confirm(desk)
    assert recomputed() >= 1

    found = clock(ticket)
    assert found.unpromised == ""
    assert found.due_at is not None
    assert found.due_at.astimezone(MOSCOW).date() > date(2028, 1, 9)
    moved = MovedClock.objects.get(ticket=ticket, key="reaction")
    assert (moved.due_before, moved.due_after) == (None, found.due_at)
    assert Fact.objects.get(kind="calendar.recomputed").data["clocks"] >= 1
    said = [
        item.text for item in timeline(ticket, internal=False, language="en") if item.kind == "clock.moved"
    ]
    assert any("from nothing promised to" in text and "public holidays of 2028" in text for text in said)


def test_what_is_due_before_it_does_not_move(desk: Cast) -> None:
    early = asked(desk, datetime(2027, 12, 6, 10, tzinfo=MOSCOW))
    due = clock(early).due_at
    assert due is not None

    confirm(desk)
    recomputed()

    assert clock(early).due_at == due
    assert not MovedClock.objects.filter(ticket=early).exists()


def test_the_recomputed_row_is_what_a_whole_computation_gives(desk: Cast) -> None:
    ticket = asked(desk)
    confirm(desk)
    recomputed()
    due = clock(ticket).due_at

    recompute(ticket, CONFIRMED + timedelta(minutes=10))

    assert clock(ticket).due_at == due
    assert clock(ticket).edition == CalendarBook.of(desk.vendor.pk).edition


def test_a_year_confirmed_late_judges_what_ended_in_it_meanwhile(desk: Cast) -> None:
    ticket = asked(desk)
    answered = datetime(2028, 1, 11, 10, tzinfo=MOSCOW)
    actions.number_told(ticket, how="phone", at_told=answered, by=by(desk.tess), at=answered)
    assert clock(ticket).met is None

    late = datetime(2028, 1, 12, 10, tzinfo=MOSCOW)
    confirm(desk, late)
    recomputed(late)

    assert clock(ticket).met is True
    assert clock(ticket).used_seconds < timedelta(hours=20).total_seconds()


def test_the_wait_for_the_customers_word_gets_its_end(desk: Cast) -> None:
    ticket = asked(desk, datetime(2027, 12, 6, 10, tzinfo=MOSCOW))
    solved = datetime(2027, 12, 30, 11, tzinfo=MOSCOW)
    ticket = actions.propose_solution(ticket, "So.", technician=desk.tess, by=by(desk.tess), at=solved)
    assert ticket.silence_ends_at is None

    confirm(desk)
    recomputed()

    waiting = Ticket.objects.get(pk=ticket.pk)
    assert waiting.silence_ends_at is not None
    assert waiting.silence_ends_at.astimezone(MOSCOW).date() > date(2028, 1, 9)
