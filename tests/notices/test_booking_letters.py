"""Mails about agreed times, read as a mail program reads them: the words, and the calendar file that it offers."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest

from mail_server import MailServer, text_of
from moments import june
from notices.letters import sent
from people import Cast, ask, by, desk_of
from pomost.notices import sender
from pomost.notices.models import Mail
from pomost.people.models import Contact
from pomost.tickets import actions
from pomost.tickets.actions import Slot
from pomost.tickets.models import Ticket

NOW = june(15, 9)


@pytest.fixture
def desk(db: None) -> Cast:
    made = desk_of("bonus")
    Contact.objects.filter(customer__vendor=made.vendor).update(language="en")
    for contact in (made.ada, made.boris):
        contact.refresh_from_db()
    for technician in (made.tess, made.dora):
        technician.person.language = "en"
        technician.person.save(update_fields=["language"])
    return made


@pytest.fixture
def ticket(desk: Cast) -> Ticket:
    return ask(desk.ada, "direct-connection", NOW)


def invitation(message: EmailMessage) -> tuple[str, Any]:
    """Return the method and the event that a mail program finds; both places say the same."""
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    offered, attached = parts
    assert attached.get_filename() == "invite.ics"
    content = offered.get_content()
    assert content.replace("\r\n", "\n") == attached.get_content().replace("\r\n", "\n")
    made: Any = icalendar.Calendar.from_ical(content)
    assert offered.get_param("method") == str(made["method"])
    (event,) = made.walk("VEVENT")
    return str(made["method"]), event


def span(event: Any) -> tuple[datetime, datetime]:
    return event["dtstart"].dt, event["dtend"].dt


def test_a_booked_time_is_an_invitation_to_both_sides(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    actions.book(ticket, Slot(desk.tess, june(16, 10), june(16, 11)), by=by(desk.dora), at=june(15, 9, 5))

    (to_ada,) = sent("book", mail_server, desk.ada.email, june(15, 9, 6))
    (to_tess,) = sent("book", mail_server, desk.tess.person.email, june(15, 9, 6))

    assert "Agreed: Tue 16 June, 10:00–11:00." in text_of(to_ada)
    assert "until" in text_of(to_ada)
    method, event = invitation(to_ada)
    assert method == "REQUEST"
    assert span(event) == (june(16, 10), june(16, 11))
    assert event["dtstart"].params["tzid"] == "Europe/Moscow"
    assert event["dtstamp"].dt == june(15, 9, 5)
    assert event["sequence"] == 0
    assert event["attendee"] == f"mailto:{desk.ada.email}"
    assert event["organizer"] == f"mailto:{desk.vendor.sender}"
    assert ticket.number in event["description"]
    assert "Acme" in text_of(to_tess)
    staff_event = invitation(to_tess)[1]
    assert staff_event["uid"] == event["uid"]
    assert staff_event["attendee"] == f"mailto:{desk.tess.person.email}"
    assert desk.ada.email not in str(staff_event["attendee"])


def test_a_moved_time_is_the_same_event_with_a_higher_number(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    actions.book(ticket, Slot(desk.tess, june(16, 10), june(16, 11)), by="x", at=NOW)
    sender.run_once(NOW)
    actions.book(ticket, Slot(desk.tess, june(17, 10), june(17, 11)), by="x", at=june(15, 10))

    first, second = sent("book", mail_server, desk.ada.email, june(15, 10))

    assert "a new time" in str(second["Subject"])
    (_method, before), (method, after) = invitation(first), invitation(second)
    assert method == "REQUEST"
    assert after["uid"] == before["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert span(after) == (june(17, 10), june(17, 11))


def test_a_cancelled_time_is_taken_out_of_both_calendars(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    actions.book(ticket, Slot(desk.tess, june(16, 10), june(16, 11)), by="x", at=NOW)
    sender.run_once(NOW)
    actions.cancel_booking(ticket, by=by(desk.ada), at=june(15, 10))

    for to in (desk.ada.email, desk.tess.person.email):
        first, second = sent("book", mail_server, to, june(15, 10))
        method, event = invitation(second)
        assert method == "CANCEL"
        assert event["status"] == "CANCELLED"
        assert event["uid"] == invitation(first)[1]["uid"]
        assert event["sequence"] == 1
        assert span(event) == (june(16, 10), june(16, 11))


def test_a_time_agreed_after_a_cancelled_one_is_another_event(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    slot = Slot(desk.tess, june(16, 10), june(16, 11))
    actions.book(ticket, slot, by="x", at=NOW)
    sender.run_once(NOW)
    actions.cancel_booking(ticket, by="x", at=june(15, 10))
    sender.run_once(june(15, 10))
    actions.book(ticket, slot, by="x", at=june(15, 11))

    first, _cancelled, third = (
        invitation(each)[1] for each in sent("book", mail_server, desk.ada.email, june(15, 11))
    )

    assert third["uid"] != first["uid"]
    assert third["sequence"] == 0


def test_a_second_time_after_the_first_has_passed_leaves_the_first_in_the_calendar(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    actions.book(ticket, Slot(desk.tess, june(16, 10), june(16, 11)), by="x", at=NOW)
    sender.run_once(NOW)
    actions.book(ticket, Slot(desk.tess, june(17, 10), june(17, 11)), by="x", at=june(16, 12))

    first, second = (invitation(each)[1] for each in sent("book", mail_server, desk.ada.email, june(16, 12)))

    assert second["uid"] != first["uid"]


def test_whoever_loses_the_time_to_a_colleague_hears_of_it(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    actions.book(ticket, Slot(desk.tess, june(16, 10), june(16, 11)), by="x", at=NOW)
    sender.run_once(NOW)
    actions.book(ticket, Slot(desk.dora, june(16, 10), june(16, 11)), by="x", at=june(15, 10))

    (invited, taken_back) = sent("book", mail_server, desk.tess.person.email, june(15, 10))
    (new,) = sent("book", mail_server, desk.dora.person.email, june(15, 10))

    assert invitation(taken_back)[0] == "CANCEL"
    assert invitation(taken_back)[1]["uid"] == invitation(invited)[1]["uid"]
    assert invitation(taken_back)[1]["sequence"] > invitation(invited)[1]["sequence"]
    assert invitation(new)[0] == "REQUEST"


def test_what_is_outdated_before_it_leaves_is_not_sent(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    actions.book(ticket, Slot(desk.tess, june(16, 10), june(16, 11)), by="x", at=NOW)
    actions.book(ticket, Slot(desk.tess, june(17, 10), june(17, 11)), by="x", at=NOW + timedelta(minutes=1))

    (only,) = sent("book", mail_server, desk.ada.email, june(15, 9, 2))

    assert span(invitation(only)[1]) == (june(17, 10), june(17, 11))
    assert Mail.objects.filter(kind="booked", state=Mail.State.DROPPED).count() == 2


def test_saying_the_same_time_twice_tells_nobody_twice(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    slot = Slot(desk.tess, june(16, 10), june(16, 11))
    actions.book(ticket, slot, by="x", at=NOW)
    actions.book(ticket, slot, by="x", at=NOW)

    assert len(sent("book", mail_server, desk.ada.email, NOW)) == 1


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "Договорено:"), ("pl", "Umówione:"), ("en", "Agreed:")]
)
def test_the_words_are_in_the_customers_language(
    mail_server: MailServer, desk: Cast, language: str, words: str
) -> None:
    Contact.objects.filter(pk=desk.ada.pk).update(language=language)
    desk.ada.refresh_from_db()
    ticket = ask(desk.ada, "direct-connection", NOW)
    actions.book(ticket, Slot(desk.tess, june(16, 10), june(16, 11)), by="x", at=NOW)

    (mail,) = sent("book", mail_server, desk.ada.email, NOW)

    assert words in text_of(mail)


def test_a_closed_request_gives_up_the_time_ahead_and_keeps_the_one_that_began(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    other = ask(desk.boris, "direct-connection", NOW)
    actions.book(ticket, Slot(desk.tess, june(16, 10), june(16, 11)), by="x", at=NOW)
    actions.book(other, Slot(desk.tess, june(15, 10), june(15, 11)), by="x", at=NOW)
    sender.run_once(NOW)

    for each in (ticket, other):
        actions.close(each, "Not needed any more.", by="x", at=june(15, 10, 30))

    assert [invitation(each)[0] for each in sent("book", mail_server, desk.ada.email, june(15, 10, 30))] == [
        "REQUEST",
        "CANCEL",
    ]
    assert [
        invitation(each)[0] for each in sent("book", mail_server, desk.boris.email, june(15, 10, 30))
    ] == ["REQUEST"]


def test_the_invitation_is_stamped_with_the_moment_of_the_fact_however_late_it_leaves(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    actions.book(ticket, Slot(desk.tess, june(16, 10), june(16, 11)), by="x", at=NOW)

    (mail,) = sent("book", mail_server, desk.ada.email, june(15, 18))

    assert invitation(mail)[1]["dtstamp"].dt == NOW.astimezone(UTC)
