"""Worked time as it is entered."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import translation

from billing.stories import Story, story_of
from people import by
from pomost.journal.models import Fact
from pomost.remote import actions as remote
from pomost.tickets.models import Ticket
from pomost.worklog.actions import enter_call, enter_data_work, enter_session
from pomost.worklog.errors import EntryRefused
from pomost.worklog.models import Entry


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def story(db: None) -> Story:
    return story_of("satisoft")


@pytest.fixture
def ten(story: Story) -> datetime:
    return story.at("2026-06-16 10:00")


@pytest.fixture
def ticket(story: Story, ten: datetime) -> Ticket:
    return story.ticket("remote-help", ten, family="subiekt")


def test_of_the_last_second_only_a_full_one_counts(story: Story, ticket: Ticket, ten: datetime) -> None:
    session = remote.end(
        story.granted(ticket, ten), why="Gotowe.", total_ms=60_999, at=ten + timedelta(minutes=2)
    )

    entry = enter_session(session, at=ten + timedelta(minutes=2))

    assert entry is not None
    assert (entry.worked_seconds, entry.started_at, entry.service, entry.family) == (
        60,
        ten,
        "remote-help",
        "subiekt",
    )


def test_a_session_is_entered_once(story: Story, ticket: Ticket, ten: datetime) -> None:
    entry = story.worked(ticket, ten, 5)
    assert entry is not None
    assert entry.session is not None
    facts = Fact.objects.filter(kind="work.entered").count()

    assert enter_session(entry.session, at=ten) == entry
    assert Fact.objects.filter(kind="work.entered").count() == facts == 1


def test_a_session_that_measured_nothing_leaves_no_entry(story: Story, ticket: Ticket, ten: datetime) -> None:
    session = remote.end(story.answered(ticket, ten), why="Pomyłka.", total_ms=0, at=ten)

    assert enter_session(session, at=ten) is None
    assert not Entry.objects.exists()


def test_a_running_session_is_not_entered(story: Story, ticket: Ticket, ten: datetime) -> None:
    with pytest.raises(EntryRefused, match="still runs"):
        enter_session(story.granted(ticket, ten), at=ten)


def test_work_by_phone_and_on_data_is_entered_by_hand(story: Story, ticket: Ticket, ten: datetime) -> None:
    later = ten + timedelta(hours=2)
    call = enter_call(
        ticket,
        technician=story.tess,
        worked_seconds=600,
        started_at=ten,
        note=" Rozmowa ",
        by=by(story.tess),
        at=later,
    )
    data = enter_data_work(
        ticket, technician=story.tess, worked_seconds=1200, started_at=ten, by=by(story.tess), at=later
    )

    assert (call.source, call.note, call.service) == ("call", "Rozmowa", "remote-help")
    assert (data.source, data.worked_seconds) == ("data", 1200)


@pytest.mark.parametrize("seconds", [0, -60, 24 * 3600 + 1])
def test_work_takes_some_time_and_no_more_than_a_day(
    story: Story, ticket: Ticket, ten: datetime, seconds: int
) -> None:
    with pytest.raises(EntryRefused, match="24 hours"):
        enter_data_work(
            ticket,
            technician=story.tess,
            worked_seconds=seconds,
            started_at=ten,
            by=by(story.tess),
            at=ten + timedelta(days=3),
        )


def test_work_does_not_end_in_the_future(story: Story, ticket: Ticket, ten: datetime) -> None:
    with pytest.raises(EntryRefused, match="in the future"):
        enter_data_work(
            ticket,
            technician=story.tess,
            worked_seconds=61,
            started_at=ten,
            by=by(story.tess),
            at=ten + timedelta(seconds=60),
        )


@pytest.mark.parametrize("state", ["incomplete", "confirmed", "closed"])
def test_nothing_is_entered_by_hand_on_a_request_that_is_over_or_incomplete(
    story: Story, ticket: Ticket, ten: datetime, state: str
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(state=state)

    with pytest.raises(EntryRefused, match=ticket.number):
        enter_call(
            ticket,
            technician=story.tess,
            worked_seconds=60,
            started_at=ten,
            by=by(story.tess),
            at=ten + timedelta(hours=1),
        )
