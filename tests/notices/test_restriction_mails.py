"""Mails about a restriction: the customer hears why, until when and how to appeal; owners hear of the appeal. Each once."""

from datetime import timedelta

import pytest

from mail_server import MailServer
from notices.test_letters import june, text_of
from people import Cast, ask, by, desk_of
from pomost.notices import sender
from pomost.tickets import actions
from pomost.tickets.models import Restriction, Ticket


@pytest.fixture
def desk(mail_server: MailServer, db: None) -> Cast:
    made = desk_of("centaur")
    for each in (made.ada, made.boris):
        each.language = "en"
        each.save(update_fields=["language"])
    for person in (made.owen, made.dora, made.bela):
        person.person.language = "en"
        person.person.save(update_fields=["language"])
    return made


@pytest.fixture
def ticket(desk: Cast, mail_server: MailServer) -> Ticket:
    """A request whose number was told."""
    made = ask(desk.ada, "settings-advice", june(15, 9), severity="low")
    sender.run_once(june(15, 9, 1))
    mail_server.arrived.clear()
    return made


def restrict(desk: Cast, ticket: Ticket, *, endless: bool = False) -> Restriction:
    return actions.restrict(
        ticket,
        scope="customer",
        refusal="conduct",
        what_happened="Shouting at the specialist.",
        until_at=None if endless else june(23, 0),
        review_at=june(30, 0) if endless else None,
        technician=desk.dora,
        by=by(desk.dora),
        at=june(15, 10),
    )


def sent(mail_server: MailServer, minute: int) -> list[tuple[str, str]]:
    """Send what waits; return to whom each new mail went, and its text."""
    mail_server.arrived.clear()
    sender.run_once(june(15, 12, minute))
    return [(str(each["To"]), f"{each['Subject']}\n{text_of(each)}") for each in mail_server.arrived]


def test_the_customer_hears_why_until_when_and_how_to_appeal(
    desk: Cast, mail_server: MailServer, ticket: Ticket
) -> None:
    restrict(desk, ticket)

    ((to, text),) = sent(mail_server, 1)

    assert desk.ada.email in to
    for each in (
        "support is restricted",
        "Acme",
        "Offensive conduct",
        "§ 6.3",
        "Shouting at the specialist.",
    ):
        assert each in text
    assert "until the end of Mon" in text
    assert "https://desk.example.org/centaur/answers/restriction/" in text
    assert sent(mail_server, 2) == []


def test_the_mail_with_the_number_of_a_new_request_says_it_too(
    desk: Cast, mail_server: MailServer, ticket: Ticket
) -> None:
    restrict(desk, ticket)
    sent(mail_server, 1)
    new = ask(desk.ada, "settings-advice", june(15, 11), severity="critical")

    ((_to, text),) = sent(mail_server, 2)

    assert f"Request {new.number} registered; support is restricted" in text
    assert "https://desk.example.org/centaur/answers/restriction/" in text
    new.refresh_from_db()
    assert new.notice == "told", "the reaction clock stops with it as always"


def test_an_appeal_goes_to_the_owner_and_the_answer_to_the_customer(
    desk: Cast, mail_server: MailServer, ticket: Ticket
) -> None:
    row = restrict(desk, ticket)
    sent(mail_server, 1)
    appeal = actions.appeal_restriction(
        row, "It was not so.", contact=desk.ada, by=by(desk.ada), at=june(15, 11)
    )

    ((to, text),) = sent(mail_server, 2)
    assert desk.owen.person.email in to
    assert "It was not so." in text
    assert f"https://desk.example.org/centaur/console/restrictions/{row.pk}/" in text

    actions.decide_appeal(
        appeal,
        grant=False,
        reason="We listened to it.",
        technician=desk.owen,
        by=by(desk.owen),
        at=june(15, 12),
    )
    ((to, text),) = sent(mail_server, 3)
    assert desk.ada.email in to
    assert "We listened to it." in text
    assert "The restriction stays" in text


def test_lifting_is_told_with_its_reason(desk: Cast, mail_server: MailServer, ticket: Ticket) -> None:
    row = restrict(desk, ticket)
    sent(mail_server, 1)
    actions.lift_restriction(row, "They said sorry.", technician=desk.dora, by=by(desk.dora), at=june(15, 12))

    ((_to, text),) = sent(mail_server, 2)

    assert "support is not restricted any more" in text
    assert "They said sorry." in text


def test_what_was_lifted_before_the_mail_left_is_not_imposed_by_mail(
    desk: Cast, mail_server: MailServer, ticket: Ticket
) -> None:
    row = restrict(desk, ticket)
    actions.lift_restriction(row, "A slip.", technician=desk.dora, by=by(desk.dora), at=june(15, 10, 1))

    texts = [text for _to, text in sent(mail_server, 1)]

    assert len(texts) == 1
    assert "not restricted any more" in texts[0]


def test_one_without_an_end_reminds_staff(desk: Cast, mail_server: MailServer, ticket: Ticket) -> None:
    row = restrict(desk, ticket, endless=True)
    sent(mail_server, 1)
    actions.sweep(june(30, 0))
    mail_server.arrived.clear()
    sender.run_once(june(30, 0) + timedelta(minutes=1))

    about = [each for each in mail_server.arrived if "Look at the restriction again" in str(each["Subject"])]

    assert sorted(str(each["To"]) for each in about)
    assert len(about) == 3, "dispatcher, bookkeeper, owner"
    assert all(f"/console/restrictions/{row.pk}/" in text_of(each) for each in about)
