"""The customer's page of files: sends, fetches what came back corrected, gives a receipt; golden case G-B1 on the way."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from files.sending import digest, sent
from people import Cast, ask, by
from pomost.files import actions as files
from pomost.files.models import File, Receipt, Upload, Version
from pomost.files.permits import Permit, read_fetching, read_sending
from pomost.journal.models import Fact
from pomost.people.models import Contact, Technician
from pomost.tickets.actions import file_came, subject_of
from pomost.tickets.models import Ticket
from portal.scene import NOW, browser_of, page, post

BACKUP = b"balances of May"
MENDED = b"balances of May, mended"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.FILES_FOLDER = tmp_path


@pytest.fixture
def ticket(bonus: Cast) -> Ticket:
    """A request that lacks the backup and more."""
    return ask(bonus.ada, "backup-by-mail", NOW - timedelta(hours=1))


def files_page(ticket: Ticket, rest: str = "") -> str:
    return f"/{ticket.vendor.slug}/requests/{ticket.number}/files/{rest}"


def permit(ticket: Ticket, person: Contact | Technician, parent: Version | None = None) -> Permit:
    return Permit(ticket.customer, subject_of(ticket), "backup", parent, by(person), "en")


def came(ticket: Ticket, person: Contact, content: bytes, arrived: Callable[[Version], None]) -> Version:
    upload = files.begin_upload(permit(ticket, person), name="base.zip", size=len(content), at=NOW)
    files.append(upload.pk, 0, content, at=NOW)
    return files.finish(upload.pk, arrived=arrived, at=NOW)


def returned(desk: Cast, ticket: Ticket) -> Version:
    backup = sent(permit(ticket, desk.ada), BACKUP, at=NOW)
    return sent(permit(ticket, desk.tess, backup), MENDED, name="mended.zip", note="May mended.", at=NOW)


def test_the_page_lets_its_reader_send_a_backup_of_this_request_and_nothing_else(
    bonus: Cast, ticket: Ticket
) -> None:
    html = page(browser_of(bonus.ada), files_page(ticket))

    permits = [
        read_sending(part.split('"')[0], NOW)
        for part in html.split('name="permit"')[1:]
        for part in [part.split('value="', 1)[1]]
    ]
    assert [each.kind for each in permits] == [File.Kind.BACKUP, File.Kind.ATTACHMENT]
    assert {(each.customer.pk, each.subject, each.by, each.parent) for each in permits} == {
        (bonus.acme.pk, f"ticket:{ticket.pk}", by(bonus.ada), None)
    }
    assert "4.0 GB" in html
    assert "erased after 90 days" in html


def test_a_backup_that_came_is_no_longer_missing(bonus: Cast, ticket: Ticket) -> None:
    assert "backup-file" in ticket.missing

    came(ticket, bonus.ada, BACKUP, file_came)

    ticket.refresh_from_db()
    assert "backup-file" not in ticket.missing
    completed = Fact.objects.get(kind="ticket.completed", subject=f"ticket:{ticket.pk}")
    assert completed.data["parts"] == ["backup-file"]
    assert completed.by == by(bonus.ada)


def test_a_file_that_came_for_a_request_that_is_over_is_kept_all_the_same(
    bonus: Cast, ticket: Ticket
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(state=Ticket.State.CLOSED)

    assert came(ticket, bonus.ada, BACKUP, file_came).sha256 == digest(BACKUP)


def test_the_returned_copy_its_note_and_its_sha256_are_shown_to_both(bonus: Cast, ticket: Ticket) -> None:
    mended = returned(bonus, ticket)
    customers = page(browser_of(bonus.ada), files_page(ticket))
    technicians = page(browser_of(bonus.tess), f"/bonus/console/tickets/{ticket.number}/files/")

    for html in (customers, technicians):
        assert mended.sha256 in html
        assert digest(BACKUP) in html
        assert "May mended." in html
        assert "mended.zip" in html
        assert "the SHA-256 is the same on both sides" in html


def test_who_fetches_is_noted_and_led_to_the_content(bonus: Cast, ticket: Ticket) -> None:
    mended = returned(bonus, ticket)

    address = browser_of(bonus.ada).post(files_page(ticket, f"{mended.pk}/fetch/"))["Location"]

    assert address.startswith("/files/fetch/")
    assert read_fetching(address.removeprefix("/files/fetch/"), NOW) == mended
    fact = Fact.objects.get(kind="file.taken")
    assert (fact.by, fact.data["sha256"]) == (by(bonus.ada), mended.sha256)


def test_the_receipt_is_kept_once_and_shown(bonus: Cast, ticket: Ticket) -> None:
    mended = returned(bonus, ticket)
    browser = browser_of(bonus.ada)
    post(browser, files_page(ticket, f"{mended.pk}/receipt/"), sha256="0" * 64)
    assert not Receipt.objects.exists()

    post(browser, files_page(ticket, f"{mended.pk}/receipt/"), sha256=mended.sha256)

    assert Receipt.objects.get().by == by(bonus.ada)
    html = page(browser, files_page(ticket))
    assert "Received whole: Ada" in html
    assert "I have it, whole" not in html


def test_another_customers_file_is_not_there(bonus: Cast, ticket: Ticket) -> None:
    mended = returned(bonus, ticket)
    his = ask(bonus.boris, "backup-by-mail", NOW)

    for number in (ticket.number, his.number):
        for verb in ("fetch", "receipt"):
            post(browser_of(bonus.boris), f"/bonus/requests/{number}/files/{mended.pk}/{verb}/", 404)
    assert not Fact.objects.filter(kind="file.taken").exists()


def test_nothing_is_sent_about_a_request_that_is_over(bonus: Cast, ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(state=Ticket.State.CLOSED)

    assert 'name="permit"' not in page(browser_of(bonus.ada), files_page(ticket))
    assert 'name="permit"' not in page(
        browser_of(bonus.tess), f"/bonus/console/tickets/{ticket.number}/files/"
    )


def test_content_that_was_erased_is_shown_by_its_hash_and_cannot_be_fetched(
    bonus: Cast, ticket: Ticket
) -> None:
    mended = returned(bonus, ticket)
    files.erase(mended, by="desk", at=NOW)

    html = page(browser_of(bonus.ada), files_page(ticket))
    post(browser_of(bonus.ada), files_page(ticket, f"{mended.pk}/fetch/"))

    assert "Erased" in html
    assert mended.sha256 in html
    assert not Fact.objects.filter(kind="file.taken").exists()


def test_a_name_with_markup_is_shown_as_it_is(bonus: Cast, ticket: Ticket) -> None:
    sent(permit(ticket, bonus.ada), BACKUP, name="<b onload=x>.zip", at=NOW)

    for html in (
        page(browser_of(bonus.ada), files_page(ticket)),
        page(browser_of(bonus.ada), f"/bonus/requests/{ticket.number}/"),
        page(browser_of(bonus.tess), f"/bonus/console/tickets/{ticket.number}/"),
    ):
        assert "<b onload" not in html
        assert "&lt;b onload=x&gt;.zip" in html
    assert Upload.objects.count() == 1
