"""G-C9: a request, the error found in it, the release that mends it; the customers concerned hear of it, each once."""

from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from mail_server import MailServer, text_of
from moments import june
from people import Cast, ask, by, desk_of, with_package
from pomost.journal.models import Fact
from pomost.notices import sender
from pomost.notices.models import Cursor, Mail
from pomost.people import actions as people
from pomost.people.models import Contact
from pomost.tickets import actions
from pomost.tickets.actions.telling import tell_of_release
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import KnownError, Release, ReleaseTold, Ticket

ADA = "ada@acme.example.org"
BORIS = "boris@borealis.example.org"


@pytest.fixture
def desk(db: None) -> Cast:
    made = desk_of("centaur")
    Contact.objects.update(language="en")
    for customer in (made.acme, made.borealis):
        with_package(customer, "extended")
    for contact in (made.ada, made.boris):
        contact.refresh_from_db()
    return made


def asks(contact: Contact, at: datetime) -> Ticket:
    return ask(contact, "settings-advice", at, severity="medium")


def found(desk: Cast, ticket: Ticket) -> KnownError:
    return actions.report_error(
        ticket,
        title={"en": "Totals are rounded twice", "ru": "Итоги округляются дважды"},
        symptom={"en": "The sum of a month differs by a kopeck."},
        workaround={"en": "Print the register by day."},
        by=by(desk.tess),
        at=june(15, 10),
    )


def planned(desk: Cast, version: str = "3.16.3") -> Release:
    return actions.plan_release(desk.vendor, version=version, by=by(desk.owen), at=june(15, 11))


def publish(desk: Cast, release: Release, *errors: KnownError, at: datetime | None = None) -> Release:
    return actions.publish_release(release, mends=errors, by=by(desk.owen), at=at or june(16, 9))


def about_the_release(mail_server: MailServer, now: datetime) -> list[EmailMessage]:
    """Let the loop run; return the mails of releases that arrived so far."""
    sender.run_once(now)
    return [each for each in mail_server.arrived if "mends it" in str(each["Subject"])]


def test_c9_everybody_concerned_hears_of_the_release_once(mail_server: MailServer, desk: Cast) -> None:
    first, second, other = (
        asks(desk.ada, june(15, 9)),
        asks(desk.ada, june(15, 9)),
        asks(desk.boris, june(15, 9)),
    )
    bystander = asks(desk.boris, june(15, 9))
    error = found(desk, first)
    for ticket in (second, other):
        actions.link_error(ticket, error, by=by(desk.tess), at=june(15, 12))

    publish(desk, planned(desk), error)
    mails = about_the_release(mail_server, june(16, 9))
    about_the_release(mail_server, june(16, 10))

    assert sorted(str(each["To"]) for each in mails) == [f"Ada <{ADA}>", f"Boris <{BORIS}>"]
    to_ada = next(each for each in mails if ADA in str(each["To"]))
    said = text_of(to_ada)
    assert f"Request {second.number}: version 3.16.3 mends it" in str(to_ada["Subject"])
    assert "Version 3.16.3 mends the error that you met: – Totals are rounded twice" in said
    assert f"{first.number}, {second.number}" in said
    assert other.number not in said
    error.refresh_from_db()
    assert (error.state, error.release.version if error.release else "") == ("mended", "3.16.3")
    told = {each.subject for each in Fact.objects.filter(kind="ticket.error-mended")}
    assert told == {f"ticket:{each.pk}" for each in (first, second, other)}
    assert f"ticket:{bystander.pk}" not in told


def test_the_mail_is_in_the_contacts_language(mail_server: MailServer, desk: Cast) -> None:
    Contact.objects.filter(pk=desk.ada.pk).update(language="ru")
    error = found(desk, asks(desk.ada, june(15, 9)))
    publish(desk, planned(desk), error)
    sender.run_once(june(16, 9))

    said = text_of(mail_server.arrived[-1])

    assert "Итоги округляются дважды" in said
    assert "16 июня 2026" in said


def test_publishing_again_is_refused_and_tells_nobody(mail_server: MailServer, desk: Cast) -> None:
    release = planned(desk)
    error = found(desk, asks(desk.ada, june(15, 9)))
    publish(desk, release, error)

    with pytest.raises(TicketRefused, match="published already"):
        publish(desk, release, error)
    with pytest.raises(TicketRefused, match=r"mended already, in 3\.16\.3"):
        publish(desk, planned(desk, "3.16.4"), error)

    assert len(about_the_release(mail_server, june(16, 10))) == 1


def test_a_mailer_that_reads_the_journal_anew_sends_nothing_twice(
    mail_server: MailServer, desk: Cast
) -> None:
    error = found(desk, asks(desk.ada, june(15, 9)))
    publish(desk, planned(desk), error)
    assert len(about_the_release(mail_server, june(16, 9))) == 1

    Cursor.objects.update(sequence=0)  # as after a restore of an older copy of that row

    assert len(about_the_release(mail_server, june(16, 9, 5))) == 1


def test_whoever_joins_an_error_that_is_mended_hears_at_once_but_not_again(
    mail_server: MailServer, desk: Cast
) -> None:
    error = found(desk, asks(desk.ada, june(15, 9)))
    publish(desk, planned(desk), error)
    sender.run_once(june(16, 9))

    late = asks(desk.boris, june(16, 12))
    again = asks(desk.ada, june(16, 12))
    for ticket in (late, again, late):
        actions.link_error(ticket, error, by=by(desk.tess), at=june(16, 13))

    to = [str(each["To"]) for each in about_the_release(mail_server, june(16, 14))]
    assert to == [f"Ada <{ADA}>", f"Boris <{BORIS}>"]
    assert ReleaseTold.objects.count() == 2


def test_two_contacts_of_one_mailbox_get_one_mail(mail_server: MailServer, desk: Cast) -> None:
    twin = people.add_contact(
        customer=desk.acme, name="Ada's desk", language="en", email=ADA.upper(), by="system", at=june(1, 9)
    )
    error = found(desk, asks(desk.ada, june(15, 9)))
    actions.link_error(asks(twin, june(15, 9)), error, by=by(desk.tess), at=june(15, 12))
    publish(desk, planned(desk), error)

    assert len(about_the_release(mail_server, june(16, 9))) == 1


def test_who_has_no_mail_address_is_kept_as_told_and_no_mail_waits(
    mail_server: MailServer, desk: Cast
) -> None:
    Contact.objects.filter(pk=desk.ada.pk).update(email="", phone="+7 000 000-00-01")
    desk.ada.refresh_from_db()
    error = found(desk, asks(desk.ada, june(15, 9)))
    publish(desk, planned(desk), error)

    assert about_the_release(mail_server, june(16, 9)) == []
    assert not Mail.objects.filter(kind="mended").exists()
    assert ReleaseTold.objects.get().contact == desk.ada


def test_a_request_that_turned_out_to_be_about_something_else_hears_nothing(
    mail_server: MailServer, desk: Cast
) -> None:
    ticket = asks(desk.ada, june(15, 9))
    error = found(desk, ticket)
    publish(desk, planned(desk), error)
    actions.unlink_error(ticket, error, by=by(desk.tess), at=june(16, 9))

    assert about_the_release(mail_server, june(16, 9)) == []
    assert Mail.objects.get(kind="mended").state == Mail.State.DROPPED


def test_an_error_that_was_promised_but_is_not_mended_stays_open(desk: Cast) -> None:
    release = planned(desk)
    mended, kept = (found(desk, asks(desk.ada, june(15, 9))) for _each in range(2))
    for error in (mended, kept):
        actions.mend_in(error, release, by=by(desk.tess), at=june(15, 12))

    publish(desk, release, mended)

    kept.refresh_from_db()
    assert (kept.state, kept.release) == (KnownError.State.FOUND, None)


def test_the_table_itself_lets_nobody_be_told_twice(desk: Cast) -> None:
    ticket = asks(desk.ada, june(15, 9))
    error = found(desk, ticket)
    release = publish(desk, planned(desk), error)

    told = tell_of_release(release, [error], [ticket], by=by(desk.owen), at=june(16, 9) + timedelta(hours=1))

    assert told == 0
    assert Fact.objects.filter(kind="ticket.error-mended", data__tell=True).count() == 1


def test_an_outdated_version_is_answered_with_the_version_to_update_to(
    mail_server: MailServer, desk: Cast
) -> None:
    publish(desk, planned(desk, "3.12"), at=june(15, 12))
    Release.objects.update(released_on="2024-03-01", outdated_from="2025-01-01")
    error = found(desk, asks(desk.boris, june(15, 9)))
    actions.confirm_error(error, by=by(desk.tess), at=june(15, 10))
    publish(desk, planned(desk, "3.16.2"), at=june(15, 12))

    ticket = actions.register(
        vendor=desk.vendor,
        contact=desk.ada,
        channel="portal",
        subject="The totals of a month differ",
        text="By one kopeck, rounded wrongly.",
        service="settings-advice",
        severity="medium",
        product_version="v3.12.0",
        received_at=june(16, 9),
        by=by(desk.ada),
        at=june(16, 9),
    )
    sender.run_once(june(16, 9))
    said = text_of(mail_server.arrived[-1])

    assert ticket.outdated
    assert ticket.verdict["outcome"] == "known-solutions-only"
    assert "Known solutions only: the version is outdated." in said
    assert "Please update to version 3.16.2." in said
    assert "Totals are rounded twice: Print the register by day." in said
