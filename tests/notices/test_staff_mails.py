"""Mails to the staff: a warning and an escalation, each once, in the reader's language, with the way to the request."""

from mail_server import MailServer, text_of
from moments import june
from people import ask, by, desk_of, with_package
from pomost.notices import sender
from pomost.notices.models import Mail
from pomost.tickets import actions


def test_a_warning_goes_to_who_has_the_request_and_an_escalation_to_the_dispatcher(
    mail_server: MailServer, db: None
) -> None:
    desk = desk_of("centaur")
    with_package(desk.acme, "extended")
    desk.tess.person.language = "en"
    desk.tess.person.save(update_fields=["language"])
    mail_server.answers[desk.ada.email] = "451 later"  # the number does not get through
    ticket = ask(desk.ada, "settings-advice", june(15, 9), severity="low")
    actions.take(ticket, desk.tess, by=by(desk.tess), at=june(15, 9, 5))
    sender.run_once(june(15, 9, 6))
    for minute in range(3):
        actions.sweep(june(15, 15, minute))
        sender.run_once(june(15, 15, minute))

    (warning,) = mail_server.arrived
    assert desk.tess.person.email in str(warning["To"])
    assert str(warning["Subject"]).strip().startswith(f"Soon due: request {ticket.number}")
    assert "by Mon 15 June, 17:00 (§ 4.1)." in text_of(warning)
    assert "https://desk.example.org/centaur/console/tickets/" in text_of(warning)

    actions.sweep(june(15, 17, 1))
    sender.run_once(june(15, 17, 1))
    actions.sweep(june(15, 17, 2))
    sender.run_once(june(15, 17, 2))

    assert len(mail_server.arrived) == 2
    late = mail_server.arrived[1]
    assert desk.dora.person.email in str(late["To"])
    assert "Просрочено" in str(late["Subject"])  # Dora reads Russian


def test_a_warning_that_came_too_late_is_not_sent(mail_server: MailServer, db: None) -> None:
    desk = desk_of("centaur")
    with_package(desk.acme, "extended")
    ticket = ask(desk.ada, "settings-advice", june(15, 9), severity="low")
    actions.sweep(june(15, 15))
    at = june(15, 15, 1)
    actions.number_told(ticket, how="phone", at_told=at, by=by(desk.tess), at=at)

    sender.run_once(june(15, 15, 2))

    assert Mail.objects.get(kind="warning").state == Mail.State.DROPPED
    assert mail_server.arrived == []
