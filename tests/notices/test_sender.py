"""The way of a notice: from the fact to the receiving server's answer, and what the answer does to the ticket."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import pairwise

import pytest
from pytest_django import Settings

from mail_server import MailServer, free_port
from moments import june
from people import Cast, ask, by, desk_of, with_package
from pomost.journal.actions import record
from pomost.journal.models import Fact
from pomost.notices import sender
from pomost.notices.models import Mail
from pomost.people.models import Contact
from pomost.tickets import actions
from pomost.tickets.models import Clock, Message, Ticket
from pomost.tickets.queries import NextStep, row, timeline

ADA = "ada@acme.example.org"
BORIS = "boris@borealis.example.org"


RECEIVED = june(11, 16, 30)


@pytest.fixture
def desk(db: None) -> Cast:
    made = desk_of("centaur")
    with_package(made.acme, "extended")
    return made


@pytest.fixture
def ticket(desk: Cast) -> Ticket:
    return ask(desk.ada, "settings-advice", RECEIVED, severity="critical")


def step(ticket: Ticket, now: datetime) -> NextStep:
    return row(ticket, now, language="en").next_step


def body(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content


def test_the_moment_at_which_the_server_takes_the_notice_stops_the_clock(
    mail_server: MailServer, ticket: Ticket
) -> None:
    taken_at = RECEIVED + timedelta(seconds=3)
    assert sender.run_once(RECEIVED, moment=lambda: taken_at) == 1

    ticket.refresh_from_db()
    clock = Clock.objects.get(ticket=ticket)
    assert (ticket.notice, ticket.told_at, ticket.told_how) == ("told", taken_at, "mail")
    assert (clock.stopped_at, clock.met) == (taken_at, True)
    mail = Mail.objects.get()
    assert (mail.state, mail.sent_at, mail.answer) == ("accepted", taken_at, "250 2.0.0 taken as 4711")
    assert [str(message["To"]) for message in mail_server.arrived] == [f"Ada <{ADA}>"]


def test_a_notice_is_sent_once_however_often_the_loop_runs(mail_server: MailServer, ticket: Ticket) -> None:
    assert [sender.run_once(RECEIVED + timedelta(minutes=minute)) for minute in range(3)] == [1, 0, 0]

    assert len(mail_server.arrived) == 1


def test_a_server_that_says_later_is_asked_again_while_the_clock_runs(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    mail_server.answers[ADA] = "450 4.2.0 try again later"
    sender.run_once(RECEIVED, moment=lambda: RECEIVED + timedelta(seconds=2))

    ticket.refresh_from_db()
    assert (ticket.notice, ticket.notice_next_try_at) == ("delayed", RECEIVED + timedelta(seconds=62))
    assert ticket.due_at == june(15, 9, 30)
    assert step(ticket, RECEIVED) is NextStep.TELL_NUMBER
    assert (
        "450 4.2.0 try again later"
        in [item.text for item in timeline(ticket, internal=True, language="en")][-1]
    )

    assert sender.run_once(RECEIVED + timedelta(seconds=61)) == 0
    del mail_server.answers[ADA]
    assert sender.run_once(RECEIVED + timedelta(seconds=62)) == 1
    ticket.refresh_from_db()
    assert ticket.notice == "told"
    assert ticket.due_at is None


def test_the_waits_grow_and_end_with_a_call_to_the_customer(mail_server: MailServer, ticket: Ticket) -> None:
    mail_server.answers[ADA] = "450 4.2.0 try again later"
    tries = []
    now = RECEIVED
    while (mail := Mail.objects.first()) is None or mail.state == "waiting":
        tries.append(now)
        sender.run_once(now)
        now = Mail.objects.get().next_try_at or now

    minutes = [(later - sooner) // timedelta(minutes=1) for sooner, later in pairwise(tries)]
    assert minutes[:8] == [1, 2, 5, 10, 20, 30, 60, 60]
    assert timedelta(hours=48) <= tries[-1] - RECEIVED < timedelta(hours=50)
    assert step(ticket, tries[-1]) is NextStep.CALL_WITH_NUMBER


@pytest.mark.parametrize("where", ["answers", "after_data"], ids=["the address", "the whole mail"])
def test_a_refusal_for_good_makes_calling_the_next_step(
    mail_server: MailServer, ticket: Ticket, where: str
) -> None:
    getattr(mail_server, where)[ADA] = "550 5.1.1 no such user"
    sender.run_once(RECEIVED)

    ticket.refresh_from_db()
    assert (ticket.notice, ticket.due_at) == ("refused", june(15, 9, 30))
    assert step(ticket, RECEIVED) is NextStep.CALL_WITH_NUMBER
    assert (Mail.objects.get().state, Mail.objects.get().answer) == ("refused", "550 5.1.1 no such user")
    assert Fact.objects.get(kind="ticket.notice-refused").data["answer"] == "550 5.1.1 no such user"
    assert sender.run_once(RECEIVED + timedelta(days=1)) == 0


def test_a_server_that_cannot_be_reached_is_asked_again(
    settings: Settings, mail_server: MailServer, ticket: Ticket
) -> None:
    settings.EMAIL_PORT = free_port()
    sender.run_once(RECEIVED)

    ticket.refresh_from_db()
    assert ticket.notice == "delayed"
    assert Mail.objects.get().answer == "no connection: Connection refused"


def test_a_number_told_by_phone_meanwhile_is_not_mailed_any_more(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    mail_server.answers[ADA] = "450 later"
    sender.run_once(RECEIVED)
    told = RECEIVED + timedelta(seconds=30)
    actions.number_told(ticket, how="phone", at_told=told, by=by(desk.tess), at=told)
    del mail_server.answers[ADA]

    sender.run_once(RECEIVED + timedelta(minutes=1))

    assert mail_server.arrived == []
    assert Mail.objects.get().state == "dropped"


def test_a_notice_can_be_sent_again_after_a_refusal(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    mail_server.answers[ADA] = "550 no such user"
    sender.run_once(RECEIVED)
    Contact.objects.filter(pk=desk.ada.pk).update(email="ada.new@acme.example.org")
    ticket = actions.send_notice_again(ticket, by=by(desk.tess), at=RECEIVED + timedelta(minutes=5))
    assert ticket.notice == "sending"

    sender.run_once(RECEIVED + timedelta(minutes=5))

    ticket.refresh_from_db()
    assert ticket.notice == "told"
    assert [str(message["To"]) for message in mail_server.arrived] == ["Ada <ada.new@acme.example.org>"]


def test_a_mail_that_cannot_be_written_does_not_hold_up_the_others(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(service="a-service-that-is-gone")
    ask(desk.boris, "settings-advice", RECEIVED, severity="low")

    assert sender.run_once(RECEIVED) == 2

    poisoned = Mail.objects.get(to=ADA)
    assert (poisoned.state, poisoned.next_try_at) == ("waiting", RECEIVED + timedelta(hours=1))
    assert "a-service-that-is-gone" in poisoned.answer
    assert [str(message["To"]) for message in mail_server.arrived] == [f"Boris <{BORIS}>"]


def test_a_fact_without_its_ticket_is_passed_over(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    record(
        "ticket.solved",
        vendor="centaur",
        subject="ticket:999999",
        by="desk",
        at=RECEIVED,
        data={"message": 1},
    )
    record("ticket.solved", vendor="centaur", subject="nonsense", by="desk", at=RECEIVED)

    assert sender.run_once(RECEIVED) == 1


def test_who_has_no_mail_address_gets_no_mail(mail_server: MailServer, desk: Cast) -> None:
    Contact.objects.filter(pk=desk.ada.pk).update(email="")
    desk.ada.refresh_from_db()
    ask(desk.ada, "settings-advice", RECEIVED, severity="low")

    assert sender.run_once(RECEIVED) == 0
    assert mail_server.asked == []


def test_old_news_is_not_sent_but_a_number_nobody_was_told_is(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    actions.reply(ticket, "We are on it.", technician=desk.tess, by=by(desk.tess), at=RECEIVED)

    sender.run_once(RECEIVED + timedelta(days=4))

    assert [mail.kind for mail in Mail.objects.all()] == ["number"]


def test_a_reply_that_is_refused_is_said_on_the_tickets_page(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    sender.run_once(RECEIVED)
    mail_server.answers[ADA] = "552 mailbox full"
    later = RECEIVED + timedelta(minutes=1)
    actions.reply(ticket, "We are on it.", technician=desk.tess, by=by(desk.tess), at=later)
    sender.run_once(later + timedelta(seconds=1))

    ticket.refresh_from_db()
    assert ticket.notice == "told"
    last = timeline(ticket, internal=True, language="en")[-1]
    assert (last.is_bad, last.text) == (True, f"A mail to {ADA} was refused: “552 mailbox full”.")


def test_another_who_has_the_mail_already_is_not_disturbed(mail_server: MailServer, ticket: Ticket) -> None:
    """Two loops at once: who moved the row first sends it."""
    mail_server.answers[ADA] = "450 later"
    sender.run_once(RECEIVED)
    seen = Mail.objects.get().next_try_at
    assert seen is not None
    Mail.objects.update(next_try_at=seen + timedelta(minutes=5))

    assert sender._try(Mail.objects.get().pk, seen, seen, lambda: seen) is False
    assert len(mail_server.asked) == 1


def test_mails_of_a_request_hang_together_and_robots_are_told_not_to_answer(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    sender.run_once(RECEIVED)
    for text in ("First.", "Second."):
        actions.reply(ticket, text, technician=desk.tess, by=by(desk.tess), at=RECEIVED)
        sender.run_once(RECEIVED)

    notice, first, second = mail_server.arrived
    assert notice["Message-ID"].endswith("@centaur.example.org>")
    assert notice["In-Reply-To"] is None
    assert (first["In-Reply-To"], first["References"]) == (notice["Message-ID"], notice["Message-ID"])
    assert second["In-Reply-To"] == first["Message-ID"]
    assert second["References"] == f"{notice['Message-ID']} {first['Message-ID']}"
    assert len({message["Message-ID"] for message in mail_server.arrived}) == 3
    assert [message["Auto-Submitted"] for message in mail_server.arrived] == ["auto-generated", None, None]
    assert all(ticket.number in str(message["Subject"]) for message in mail_server.arrived)


def test_a_try_again_keeps_the_message_id(mail_server: MailServer, ticket: Ticket) -> None:
    mail_server.after_data[ADA] = "451 later"
    sender.run_once(RECEIVED)
    before = Mail.objects.get().message_id
    mail_server.after_data.clear()
    sender.run_once(RECEIVED + timedelta(minutes=1))

    assert mail_server.arrived[0]["Message-ID"] == before


def test_text_and_html_say_the_same_and_hostile_words_stay_words(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    sender.run_once(RECEIVED)
    hostile = "<script>alert(1)</script> & https://example.org/?a=1&b=2\n.\nSecond line"
    actions.reply(ticket, hostile, technician=desk.tess, by=by(desk.tess), at=RECEIVED)
    sender.run_once(RECEIVED)

    message = mail_server.arrived[-1]
    assert hostile.replace("\n", "\r\n") in body(message).replace("\r\n", "\n").replace("\n", "\r\n")
    assert "<script>" not in body(message, "html")
    assert "&lt;script&gt;" in body(message, "html")


@pytest.mark.parametrize("name", ["Ada\r\nBcc: eve@example.org", 'Ada" <eve@example.org>, "'])
def test_a_name_cannot_add_a_header_or_an_address(
    mail_server: MailServer, desk: Cast, ticket: Ticket, name: str
) -> None:
    Contact.objects.filter(pk=desk.ada.pk).update(name=name)

    sender.run_once(RECEIVED)

    assert mail_server.asked == [ADA]
    (message,) = mail_server.arrived
    assert message["Bcc"] is None
    assert [address.addr_spec for address in message["To"].addresses] == [ADA]


def test_only_who_can_sign_in_is_given_the_address_of_the_portal(mail_server: MailServer, desk: Cast) -> None:
    Contact.objects.filter(pk=desk.boris.pk).update(person=None)
    desk.boris.refresh_from_db()
    for who in (desk.ada, desk.boris):
        ask(who, "settings-advice", RECEIVED, severity="low")

    sender.run_once(RECEIVED)

    with_link, without = (body(message) for message in mail_server.arrived)
    assert "https://desk.example.org/centaur/requests/%D0%A6-2001/" in with_link
    assert "https://" not in without


def test_messages_count_nothing_but_what_was_sent(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    actions.note(ticket, "Internal only.", technician=desk.tess, by=by(desk.tess), at=RECEIVED)
    sender.run_once(RECEIVED)

    assert Message.objects.filter(kind="note").exists()
    assert not any("Internal" in body(message) for message in mail_server.arrived)
