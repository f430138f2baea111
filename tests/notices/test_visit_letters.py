"""Mails about visits, read as a mail program reads them: who hears of which day, and what their calendars are offered."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any, cast
from urllib.parse import quote

import icalendar
import pytest
from django.test import Client

from mail_server import MailServer, text_of
from moments import june
from notices.letters import sent
from people import Cast, ask, by, desk_of, technician_of, with_package
from pomost.config.middleware import CLOCK_KEY
from pomost.contracts.actions import set_visits
from pomost.notices import sender
from pomost.people.calendar_keys import make_calendar_key
from pomost.people.models import Contact, Technician
from pomost.tickets import actions
from pomost.tickets.actions import Place, Slot
from pomost.tickets.models import Ticket
from portal.scene import MovedClock

KAZAN = Place("Kazan", "Invented Street 3")


NOW = june(15, 9)


@pytest.fixture
def desk(db: None) -> Cast:
    made = desk_of(
        "centaur",
        lambda text: text.replace('cities = "unstated"', 'cities = ["Kazan", "Nizhny Novgorod"]', 1),
    )
    set_visits(with_package(made.acme, "extended"), 2, by="system", at=NOW)
    Contact.objects.filter(customer__vendor=made.vendor).update(language="en")
    made.ada.refresh_from_db()
    made.tess.person.language = "en"
    made.tess.person.save(update_fields=["language"])
    return made


@pytest.fixture
def ticket(desk: Cast) -> Ticket:
    """A request for which a visit is proposed on Wednesday from 10 to 12."""
    made = ask(desk.ada, "visit", NOW, severity="medium")
    propose(desk, made, june(17, 10), NOW)
    return made


def propose(desk: Cast, ticket: Ticket, start: datetime, at: datetime) -> None:
    slot = Slot(desk.tess, start, start + timedelta(hours=2))
    actions.propose_visit(ticket, KAZAN, slot, by=by(desk.tess), at=at)


def agree(desk: Cast, ticket: Ticket, at: datetime) -> None:
    actions.agree_visit(ticket, contact=desk.ada, channel="portal", by=by(desk.ada), at=at)


def event_of(message: EmailMessage) -> tuple[str, Any]:
    """Return the method and the event of the calendar file."""
    offered = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    made: Any = icalendar.Calendar.from_ical(offered.get_content())
    assert offered.get_param("method") == str(made["method"])
    (event,) = made.walk("VEVENT")
    return str(made["method"]), event


def test_a_proposed_day_is_a_question_and_no_event_yet(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    (to_ada,) = sent("visit", mail_server, desk.ada.email, NOW)

    assert "the day of a visit" in str(to_ada["Subject"])
    assert "Wed 17 June, 10:00" in text_of(to_ada)
    assert not any(part.get_content_type() == "text/calendar" for part in to_ada.walk())
    assert sent("visit", mail_server, desk.tess.person.email, NOW) == []


def test_an_agreed_day_goes_into_both_calendars(mail_server: MailServer, desk: Cast, ticket: Ticket) -> None:
    sender.run_once(NOW)
    agree(desk, ticket, june(15, 11))

    _question, to_ada = sent("visit", mail_server, desk.ada.email, june(15, 11))
    (to_tess,) = sent("visit", mail_server, desk.tess.person.email, june(15, 11))

    method, event = event_of(to_ada)
    assert method == "REQUEST"
    assert (event["dtstart"].dt, event["dtend"].dt) == (june(17, 10), june(17, 12))
    assert event["location"] == "Kazan, Invented Street 3"
    assert event["attendee"] == f"mailto:{desk.ada.email}"
    staff_method, staff_event = event_of(to_tess)
    assert staff_method == "REQUEST"
    assert staff_event["uid"] == event["uid"]
    assert staff_event["attendee"] == f"mailto:{desk.tess.person.email}"
    assert "Place: Kazan, Invented Street 3" in text_of(to_tess)
    assert "Wed 17 June, 10:00\N{EN DASH}12:00." in text_of(to_tess)
    assert "Acme" in text_of(to_tess)
    assert event["summary"] == "Centaur: It does not work"
    assert "Technician: Tess" in event["description"]
    assert str(event["url"]).endswith(f"/centaur/requests/{quote(ticket.number)}/")
    assert staff_event["summary"] == "Acme: It does not work"
    assert "Ada" in staff_event["description"]
    assert str(staff_event["url"]).endswith(f"/tickets/{quote(ticket.number)}/visits/")
    assert staff_event["location"] == event["location"]


def test_another_day_takes_the_first_out_of_both_calendars(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    agree(desk, ticket, june(15, 11))
    sender.run_once(june(15, 11))
    actions.ask_for_another_day(ticket, "Thursday, please", by=by(desk.ada), at=june(15, 12))

    for to in (desk.ada.email, desk.tess.person.email):
        *_before, agreed, off = sent("visit", mail_server, to, june(15, 12))
        method, event = event_of(off)
        assert method == "CANCEL"
        assert event["uid"] == event_of(agreed)[1]["uid"]
        assert event["sequence"] > event_of(agreed)[1]["sequence"]
    assert "Thursday, please" in text_of(off)

    propose(desk, ticket, june(18, 10), june(15, 13))
    agree(desk, ticket, june(15, 14))
    last = sent("visit", mail_server, desk.ada.email, june(15, 14))[-1]
    method, event = event_of(last)
    assert method == "REQUEST"
    assert event["dtstart"].dt == june(18, 10)
    assert event["sequence"] > event_of(off)[1]["sequence"]


def test_a_day_that_staff_move_leaves_both_calendars_and_nobody_says_the_customer_wanted_it(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    agree(desk, ticket, june(15, 11))
    sender.run_once(june(15, 11))
    other = technician_of(desk.vendor, "Tom", Technician.Role.TECHNICIAN)
    slot = Slot(other, june(18, 10), june(18, 12))
    moved = actions.propose_visit(ticket, KAZAN, slot, by=by(desk.dora), at=june(15, 12))

    *_question, agreed, off, asked = sent("visit", mail_server, desk.ada.email, june(15, 12))
    *_agreed, off_for_tess = sent("visit", mail_server, desk.tess.person.email, june(15, 12))

    for each in (off, off_for_tess):
        method, event = event_of(each)
        assert method == "CANCEL"
        assert event["uid"] == event_of(agreed)[1]["uid"]
        assert event["dtstart"].dt == june(17, 10)
        assert event_of(agreed)[1]["sequence"] < event["sequence"] < moved.sequence
    assert "Wed 17 June, 10:00" in text_of(off)
    assert "Thu 18 June, 10:00" in text_of(asked)
    assert "wanted" not in str(off_for_tess["Subject"])
    assert "Visit moved" in str(off_for_tess["Subject"])
    assert "Thu 18 June, 10:00" in text_of(off_for_tess)
    assert sent("visit", mail_server, other.person.email, june(15, 12)) == [], (
        "nothing is agreed with Tom yet"
    )


def test_a_visit_that_is_called_off_says_why_to_both_sides(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    agree(desk, ticket, june(15, 11))
    sender.run_once(june(15, 11))
    actions.cancel_visit(ticket, "It was solved by phone", by=by(desk.dora), at=june(15, 12))

    for to in (desk.ada.email, desk.tess.person.email):
        off = sent("visit", mail_server, to, june(15, 12))[-1]
        assert event_of(off)[0] == "CANCEL"
        assert "It was solved by phone" in text_of(off)


def test_a_day_that_was_proposed_anew_is_not_asked_about_twice(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    propose(desk, ticket, june(19, 10), june(15, 10))

    (only,) = sent("visit", mail_server, desk.ada.email, june(15, 10))

    assert "Fri 19 June, 10:00" in text_of(only)


def test_a_technicians_feed_names_events_as_their_mails_do_so_that_nobody_has_one_twice(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    agree(desk, ticket, june(15, 11))
    other = ask(desk.boris, "settings-advice", NOW, severity="low")
    for hour in (11, 13):
        slot = Slot(desk.tess, june(16, hour), june(16, hour + 1))
        actions.book(other, slot, by=by(desk.dora), at=june(15, 11))
    sender.run_once(june(15, 11))
    mailed = [event_of(each)[1] for each in mail_server.arrived if desk.tess.person.email in str(each["To"])]

    secret = make_calendar_key(desk.tess, by=by(desk.tess), at=june(15, 11))
    calendar_program = Client()
    cast(dict[str, object], calendar_program.defaults)[CLOCK_KEY] = MovedClock(june(15, 12))
    fed: Any = icalendar.Calendar.from_ical(
        calendar_program.get(f"/centaur/console/calendar/feed/{secret}.ics").content
    )

    assert len(mailed) == 2
    assert {(each["uid"], each["sequence"]) for each in fed.walk("VEVENT")} == {
        (each["uid"], each["sequence"]) for each in mailed
    }
