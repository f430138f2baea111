"""What the mails say, as the customer receives them."""

from datetime import datetime, time, timedelta

import pytest

from billing.stories import story_of
from mail_server import MailServer, text_of
from moments import MOSCOW, june
from people import Cast, ask, by, desk_of, with_package
from pomost.contracts.models import Contract, TermsVersion
from pomost.contracts.queries import terms_of
from pomost.notices import sender
from pomost.notices.models import Mail
from pomost.people.models import Contact
from pomost.tickets import actions
from pomost.tickets.actions import Slot


def desk_in_english(slug: str) -> Cast:
    made = desk_of(slug)
    Contact.objects.filter(customer__vendor=made.vendor).update(language="en")
    for contact in (made.ada, made.boris):
        contact.refresh_from_db()
    return made


def last_mail(mail_server: MailServer, now: datetime) -> tuple[str, str]:
    """Let the loop run; return the subject and the text of what arrived last."""
    sender.run_once(now)
    message = mail_server.arrived[-1]
    return str(message["Subject"]).strip(), text_of(message)  # a long subject begins on a line of its own


def test_the_notice_names_the_number_and_what_happens_next(mail_server: MailServer, db: None) -> None:
    desk = desk_in_english("centaur")
    with_package(desk.acme, "extended")
    desk.acme.consultant = desk.tess
    desk.acme.save(update_fields=["consultant"])
    ticket = ask(desk.ada, "settings-advice", june(11, 16, 30), severity="critical")

    subject, text = last_mail(mail_server, june(11, 16, 30))

    assert subject == f"Request {ticket.number} registered · It does not work"
    assert f"Its number is {ticket.number}." in text
    assert "Severity: Critical" in text
    assert "Package: Extended" in text
    assert "In charge: Tess." in text
    assert "by Mon 15 June" not in text  # the only promise is kept by this very mail


def test_the_notice_names_what_is_promised_next(mail_server: MailServer, db: None) -> None:
    desk = desk_in_english("kryzhik")
    with_package(desk.acme, "start")
    ask(desk.ada, "consultation", june(8, 10))

    _subject, text = last_mail(mail_server, june(8, 10))

    assert "Beginning of work: by Mon 8 June, 10:30 (§ 3.1)." in text


def test_b1_the_first_answer_names_exactly_what_is_missing(mail_server: MailServer, db: None) -> None:
    desk = desk_in_english("bonus")
    ticket = ask(desk.ada, "backup-by-mail", june(8, 10), parts=["backup-file"])

    subject, text = last_mail(mail_server, june(8, 10))

    assert subject.startswith(f"Request {ticket.number}: something is missing")
    assert "Missing: the consent to pay. We have the rest." in text
    assert "backup file" not in text
    assert "Work begins once everything is here (§ 2.1)." in text
    assert "{price}" not in text


def test_a_refusal_by_the_terms_is_said_with_its_clause(mail_server: MailServer, db: None) -> None:
    desk = desk_in_english("centaur")
    ask(desk.ada, "remote-connection", june(8, 9), severity="low")

    _subject, text = last_mail(mail_server, june(8, 9))

    assert "Not included." in text
    assert "§ 2.7: " in text
    assert "version 1, in force from 1 Jan 2024" in text
    assert "Package: Basic" in text


def test_a_solution_asks_for_a_word_and_says_when_silence_counts(mail_server: MailServer, db: None) -> None:
    desk = desk_in_english("centaur")
    ticket = ask(desk.ada, "settings-advice", june(15, 9), severity="low")
    sender.run_once(june(15, 9))
    actions.propose_solution(
        ticket, "Update to 3.16.", technician=desk.tess, by=by(desk.tess), at=june(15, 10)
    )

    subject, text = last_mail(mail_server, june(15, 10))

    assert f"Request {ticket.number}: a solution" in subject
    assert "Tess: Update to 3.16." in text
    assert "Without an answer by the end of Thu 18 June it counts as solved (§ 9)." in text
    assert "Say whether it helped: https://desk.example.org/centaur/requests/" in text


def test_a_solution_that_was_confirmed_before_the_mail_left_asks_nothing(
    mail_server: MailServer, db: None
) -> None:
    desk = desk_in_english("centaur")
    ticket = ask(desk.ada, "settings-advice", june(15, 9), severity="low")
    sender.run_once(june(15, 9))
    actions.propose_solution(ticket, "Update.", technician=desk.tess, by=by(desk.tess), at=june(15, 10))
    actions.confirm_solution(ticket, contact=desk.ada, channel="phone", by=by(desk.tess), at=june(15, 10))

    sender.run_once(june(15, 10))

    assert [mail.state for mail in Mail.objects.order_by("pk")] == ["accepted", "dropped"]


def test_a_proposed_severity_is_explained_and_asked(mail_server: MailServer, db: None) -> None:
    desk = desk_in_english("centaur")
    ticket = ask(desk.ada, "settings-advice", june(15, 9), severity="critical")
    sender.run_once(june(15, 9))
    actions.propose_severity(ticket, "medium", by=by(desk.tess), at=june(15, 10))

    _subject, text = last_mail(mail_server, june(15, 10))

    assert "We propose the severity “Medium” instead of “Critical”." in text
    assert "Medium: The main functions work worse than they should." in text
    assert "Nothing changes until you agree: “Critical” holds." in text


def test_a_question_says_that_an_answer_is_awaited(mail_server: MailServer, db: None) -> None:
    desk = desk_in_english("centaur")
    ticket = ask(desk.ada, "settings-advice", june(15, 9), severity="critical")
    sender.run_once(june(15, 9))
    actions.wait_for_customer(
        ticket, question="Which queue?", technician=desk.tess, by=by(desk.tess), at=june(15, 10)
    )

    _subject, text = last_mail(mail_server, june(15, 10))

    assert "Tess: Which queue? We wait for your answer." in text


def test_waiting_without_a_question_sends_nothing(mail_server: MailServer, db: None) -> None:
    desk = desk_in_english("centaur")
    ticket = ask(desk.ada, "settings-advice", june(15, 9), severity="critical")
    sender.run_once(june(15, 9))
    actions.wait_for_customer(ticket, technician=desk.tess, by=by(desk.tess), at=june(15, 10))

    assert sender.run_once(june(15, 10)) == 0


def test_an_agreed_time_is_confirmed_and_a_later_one_replaces_it(mail_server: MailServer, db: None) -> None:
    desk = desk_in_english("centaur")
    ticket = ask(desk.ada, "settings-advice", june(15, 9), severity="low")
    sender.run_once(june(15, 9))
    for hour in (10, 14):
        slot = Slot(desk.tess, june(16, hour), june(16, hour + 1))
        actions.book(ticket, slot, by=by(desk.dora), at=june(15, 10))

    sender.run_once(june(15, 10))

    ada, tess = sorted(mail_server.arrived[1:], key=lambda mail: str(mail["To"]))
    assert "Agreed: Tue 16 June, 14:00–15:00." in text_of(ada)
    assert desk.tess.person.email in str(tess["To"])


def test_a_price_is_asked_for_in_the_words_that_will_be_signed(mail_server: MailServer, db: None) -> None:
    story = story_of("satisoft")
    began = story.at("2026-06-16 10:02")
    ticket = story.ticket("remote-help", began, family="subiekt")
    sender.run_once(began)
    story.worked(ticket, began, 55)
    estimate = story.estimate(ticket, began + timedelta(minutes=56), more_minutes=60)

    _subject, text = last_mail(mail_server, began + timedelta(minutes=57))

    assert " ".join(estimate.text.split()) in text


def test_a_session_that_has_ended_is_summed_up(mail_server: MailServer, db: None) -> None:
    story = story_of("satisoft")
    Contact.objects.update(language="en")
    began = story.at("2026-06-16 10:02")
    ticket = story.ticket("remote-help", began, family="subiekt", contact=Contact.objects.get())
    sender.run_once(began)
    story.worked(ticket, began, 41)

    _subject, text = last_mail(mail_server, began + timedelta(minutes=42))

    assert "Nobody can return without your consent." in text
    assert "Technician: Tess From: Tue 16 June, 10:02 To: Tue 16 June, 10:43 Time counted: 0:41:00" in text


def test_an_invoice_for_two_requests_is_sent_once(mail_server: MailServer, db: None) -> None:
    story = story_of("satisoft")
    Contact.objects.update(language="en")
    ada = Contact.objects.get()
    began = story.at("2026-06-16 10:02")
    tickets = []
    for hours in (0, 2):
        ticket = story.ticket("remote-help", began + timedelta(hours=hours), family="subiekt", contact=ada)
        story.worked(ticket, began + timedelta(hours=hours), 41)
        tickets.append(story.confirmed(ticket, began + timedelta(hours=hours, minutes=50), contact=ada))
    sender.run_once(began + timedelta(hours=3))
    before = len(mail_server.arrived)
    invoice = story.invoice(tickets, began + timedelta(hours=4))

    _subject, text = last_mail(mail_server, began + timedelta(hours=4))

    assert len(mail_server.arrived) == before + 1
    assert f"Invoice: {invoice.number} To pay: 492.00" in text
    (attached,) = mail_server.arrived[-1].iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content().startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["ru", "pl", "en"])
def test_every_letter_can_be_written_in_every_language(
    mail_server: MailServer, db: None, language: str
) -> None:
    desk = desk_of("centaur")
    Contact.objects.filter(pk=desk.ada.pk).update(language=language)
    desk.ada.refresh_from_db()
    for technician in (desk.tess, desk.dora):
        technician.person.language = language
        technician.person.save(update_fields=["language"])
    ticket = ask(desk.ada, "settings-advice", june(15, 9), severity="critical")
    tess = by(desk.tess)
    sender.run_once(june(15, 9))
    actions.propose_severity(ticket, "medium", by=tess, at=june(15, 9, 1))
    actions.book(ticket, Slot(desk.tess, june(16, 10), june(16, 11)), by=tess, at=june(15, 9, 1))
    actions.wait_for_customer(ticket, question="?", technician=desk.tess, by=tess, at=june(15, 9, 1))
    actions.propose_solution(ticket, "!", technician=desk.tess, by=tess, at=june(15, 9, 1))
    sender.run_once(june(15, 9, 1))

    ada, tessa = desk.ada.email, desk.tess.person.email
    assert sorted(Mail.objects.values_list("kind", "to", "state")) == [
        ("booked", ada, "accepted"),
        ("booked", tessa, "accepted"),
        ("number", ada, "accepted"),
        ("reply", ada, "accepted"),
        ("severity", ada, "accepted"),
        ("solved", ada, "accepted"),
    ]


def test_the_notice_says_in_words_that_a_year_is_not_confirmed(mail_server: MailServer, db: None) -> None:
    desk = desk_in_english("kryzhik")
    with_package(desk.acme, "start")
    terms = terms_of(TermsVersion.objects.get(vendor=desk.vendor))
    last = terms.calendar("office").confirmed_until
    assert last is not None
    evening = datetime.combine(last, time(17, 59), MOSCOW)
    Contract.objects.filter(customer=desk.acme).update(valid_until=last)
    ask(desk.ada, "consultation", evening)

    _subject, text = last_mail(mail_server, evening)

    assert (
        "Beginning of work: no moment yet, the working days of that year are not confirmed (§ 3.1)." in text
    )
