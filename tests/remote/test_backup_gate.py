"""The gate of the backup takes the file itself: sent today, hashed and kept, it needs no word of the customer's in the app."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django import Settings

from billing.stories import Story, story_of
from files.sending import on_record, sent
from people import by
from pomost.contracts.actions import add_contract
from pomost.files.models import Version
from pomost.files.permits import Permit
from pomost.remote import record
from pomost.remote.models import RemoteSession
from pomost.remote.offers import BACKUP_HOLDS
from pomost.rules.levels import Level
from pomost.tickets.actions import subject_of
from pomost.tickets.models import Consent, Ticket


@pytest.fixture(autouse=True)
def in_english(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.FILES_FOLDER = tmp_path
    with translation.override("en"):
        yield


@pytest.fixture
def story(db: None) -> Story:
    story = story_of("bonus")
    began = story.at("2026-01-01 00:00")
    add_contract(
        customer=story.customer, number="L-1", package="licence", valid_from=began.date(), by="desk", at=began
    )
    return story


@pytest.fixture
def ten(story: Story) -> datetime:
    return story.at("2026-06-16 10:00")


@pytest.fixture
def ticket(story: Story, ten: datetime) -> Ticket:
    return story.ticket("direct-connection", ten - timedelta(days=2))


def backup(story: Story, ticket: Ticket, at: datetime, *, kind: str = "backup") -> Version:
    permit = Permit(ticket.customer, subject_of(ticket), kind, None, by(story.ada), "ru")
    return sent(permit, b"balances", name="база.zip", at=at)


def asked(session: RemoteSession) -> list[str]:
    return [gate.key for gate in record.offer_of(session).gates]


def pay(session: RemoteSession, at: datetime) -> None:
    gate = next(gate for gate in record.offer_of(session).gates if gate.key == "price")
    record.consent_answered(session, gate="price", text_sha256=gate.text_sha256, accepted=True, at=at)


def test_a_backup_that_was_sent_opens_the_gate_and_its_hash_is_in_the_record(
    story: Story, ticket: Ticket, ten: datetime
) -> None:
    backup(story, ticket, ten - timedelta(hours=1))

    session = story.answered(ticket, ten)

    assert "backup" not in asked(session)
    pay(session, ten)
    assert record.level_granted(session, Level.ACT, at=ten).level == "act"
    digest = sha256(b"balances").hexdigest()
    kept = Consent.objects.get(kind="backup")
    assert (kept.channel, kept.session, kept.by) == ("portal", str(session.pk), by(story.ada))
    assert digest in kept.text
    assert "база.zip" in kept.text
    event = session.events.get(kind="backup.kept")
    assert event.data["sha256"] == digest


def test_without_a_file_the_app_asks_as_before(story: Story, ticket: Ticket, ten: datetime) -> None:
    assert "backup" in asked(story.answered(ticket, ten))


@pytest.mark.parametrize("age", [BACKUP_HOLDS, timedelta(days=1)])
def test_yesterdays_file_opens_nothing(story: Story, ticket: Ticket, ten: datetime, age: timedelta) -> None:
    backup(story, ticket, ten - age)

    assert "backup" in asked(story.answered(ticket, ten))


def test_an_attachment_is_no_backup(story: Story, ticket: Ticket, ten: datetime) -> None:
    backup(story, ticket, ten - timedelta(hours=1), kind="attachment")

    assert "backup" in asked(story.answered(ticket, ten))


def test_a_backup_of_another_request_opens_nothing(story: Story, ticket: Ticket, ten: datetime) -> None:
    other = story.ticket("direct-connection", ten - timedelta(days=1))
    on_record(other, story.ada, at=ten - timedelta(hours=1))

    assert "backup" in asked(story.answered(ticket, ten))
