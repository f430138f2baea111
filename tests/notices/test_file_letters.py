"""Mails about files: the customer hears of what the vendor sent, and of nothing that they sent themselves."""

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from files.sending import sent as keep
from mail_server import MailServer, text_of
from notices.letters import sent
from people import Cast, ask, by, desk_of
from pomost.files.models import Version
from pomost.files.permits import Permit
from pomost.people.models import Contact, Technician
from pomost.tickets.actions import subject_of
from pomost.tickets.models import Ticket
from portal.scene import NOW


@pytest.fixture
def desk(db: None, settings: Settings, tmp_path: Path) -> Cast:
    settings.FILES_FOLDER = tmp_path
    made = desk_of("bonus")
    Contact.objects.filter(customer__vendor=made.vendor).update(language="en")
    made.ada.refresh_from_db()
    return made


@pytest.fixture
def ticket(desk: Cast) -> Ticket:
    return ask(desk.ada, "backup-by-mail", NOW - timedelta(hours=1))


def permit(
    ticket: Ticket, person: Contact | Technician, parent: Version | None, kind: str = "backup"
) -> Permit:
    return Permit(ticket.customer, subject_of(ticket), kind, parent, by(person), "en")


def test_a_corrected_copy_is_told_with_what_changed_its_sum_and_the_way_to_it(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    backup = keep(permit(ticket, desk.ada, None), b"balances", at=NOW)
    assert sent("file", mail_server, desk.ada.email, NOW) == []

    mended = keep(permit(ticket, desk.tess, backup), b"mended", name="mended.zip", note="May mended.", at=NOW)

    (mail,) = sent("file", mail_server, desk.ada.email, NOW)
    text = text_of(mail)
    assert "a corrected copy is there" in str(mail["Subject"])
    for said in (mended.sha256, "mended.zip", "May mended.", "stays for 90 days"):
        assert said in text
    assert f"/bonus/requests/{ticket.number}/files/" in text.replace("%D0%91", "Б")


def test_another_file_of_the_vendors_is_told_as_well(
    mail_server: MailServer, desk: Cast, ticket: Ticket
) -> None:
    keep(permit(ticket, desk.tess, None, "attachment"), b"a manual", name="manual.pdf", at=NOW)

    (mail,) = sent("file", mail_server, desk.ada.email, NOW)
    assert "a file for you" in str(mail["Subject"])
