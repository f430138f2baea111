"""What happens inside a session: consents, grants, words and links, and what is refused."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import translation

from billing.stories import Story, story_of
from pomost.contracts.actions import add_contract
from pomost.remote import actions, record
from pomost.remote.errors import SessionRefused
from pomost.remote.models import RemoteSession
from pomost.rules.levels import Level
from pomost.tickets.models import ClockEvent, Consent


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
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
def session(story: Story, ten: datetime) -> RemoteSession:
    return story.answered(story.ticket("direct-connection", ten), ten)


def consent(session: RemoteSession, key: str, at: datetime, *, accepted: bool = True) -> Consent:
    gate = next(gate for gate in record.offer_of(session).gates if gate.key == key)
    return record.consent_answered(session, gate=key, text_sha256=gate.text_sha256, accepted=accepted, at=at)


def test_a_consent_in_the_app_is_kept_with_its_words(session: RemoteSession, ten: datetime) -> None:
    kept = consent(session, "price", ten)

    assert kept.text == record.offer_of(session).gates[0].text
    assert "4 000,00" in kept.text.replace("\N{NO-BREAK SPACE}", " ")
    assert (kept.channel, kept.session, kept.language, kept.text_version) == (
        "app",
        str(session.pk),
        "ru",
        "1",
    )
    assert session.ticket is not None
    assert kept.by == f"contact:{session.ticket.contact_id}"


def test_an_answer_to_another_text_is_not_recorded(session: RemoteSession, ten: datetime) -> None:
    with pytest.raises(SessionRefused, match="another text"):
        record.consent_answered(session, gate="price", text_sha256="0" * 64, accepted=True, at=ten)
    with pytest.raises(SessionRefused, match="Nothing called “everything”"):
        record.consent_answered(session, gate="everything", text_sha256="0" * 64, accepted=True, at=ten)

    assert not Consent.objects.filter(channel="app").exists()


def test_looking_waits_for_the_price_and_acting_for_the_backup(session: RemoteSession, ten: datetime) -> None:
    with pytest.raises(SessionRefused, match=r"Not yet: .*1300"):
        record.level_granted(session, Level.LOOK, at=ten)
    consent(session, "price", ten)
    assert record.level_granted(session, Level.LOOK, at=ten).level == "look"
    with pytest.raises(SessionRefused, match=r"Not yet: .*копию"):
        record.level_granted(session, Level.ACT, at=ten)

    consent(session, "backup", ten)

    assert record.level_granted(session, Level.ACT, at=ten).level == "act"


def test_a_no_keeps_the_gate_closed(session: RemoteSession, ten: datetime) -> None:
    consent(session, "price", ten, accepted=False)

    with pytest.raises(SessionRefused, match="Not yet"):
        record.level_granted(session, Level.LOOK, at=ten)


def test_yesterdays_backup_does_not_count_in_the_next_session(
    story: Story, session: RemoteSession, ten: datetime
) -> None:
    consent(session, "price", ten)
    consent(session, "backup", ten)
    actions.end(session, why="Готово.", at=ten)
    assert session.ticket is not None

    again = story.answered(session.ticket, ten + timedelta(days=1))

    assert [gate.key for gate in record.offer_of(again).gates] == ["backup"]


def test_no_grant_goes_above_what_the_service_allows(db: None) -> None:
    story = story_of("satisoft")
    at = story.at("2026-06-16 10:00")
    session = story.granted(story.ticket("remote-help", at, family="subiekt"), at)

    with pytest.raises(SessionRefused, match="“change many” is not part"):
        record.level_granted(session, Level.CHANGE_MANY, at=at)


def test_a_withdrawal_never_raises_the_level(story: Story, ten: datetime) -> None:
    session = story.granted(story.ticket("direct-connection", ten), ten, level="look")

    assert record.level_withdrawn(session, Level.ACT, at=ten).level == "look"
    assert record.level_withdrawn(session, Level.NONE, at=ten).level == "none"


def test_words_that_differ_once_differ_for_good(session: RemoteSession, ten: datetime) -> None:
    record.words_compared(session, side="viewer", match=False, at=ten)

    assert record.words_compared(session, side="agent", match=True, at=ten).words_matched is False


def test_inputs_are_counted_up_only(session: RemoteSession, ten: datetime) -> None:
    record.inputs_counted(session, counted=7, dropped=2, at=ten)
    record.inputs_counted(session, counted=3, dropped=1, at=ten)

    session.refresh_from_db()
    assert (session.inputs_accepted, session.inputs_dropped) == (7, 2)


def test_the_clocks_hear_when_the_meter_starts_and_stops(story: Story, ten: datetime) -> None:
    ticket = story.ticket("direct-connection", ten)
    session = story.granted(ticket, ten)
    record.link_lost(session, side="agent", at=ten + timedelta(minutes=1))
    record.link_lost(session, side="viewer", at=ten + timedelta(minutes=2))
    record.link_back(session, side="agent", at=ten + timedelta(minutes=3))
    record.link_back(session, side="viewer", at=ten + timedelta(minutes=4))
    record.meter_held(session, at=ten + timedelta(minutes=5))
    record.level_granted(session, Level.ACT, at=ten + timedelta(minutes=6))
    record.meter_released(session, at=ten + timedelta(minutes=7))
    actions.end(session, why="Готово.", at=ten + timedelta(minutes=8))

    heard = ClockEvent.objects.filter(ticket=ticket, name__startswith="meter.").order_by("id")

    assert [(event.name, (event.at - ten).seconds // 60) for event in heard] == [
        ("meter.started", 0),
        ("meter.stopped", 1),
        ("meter.started", 4),
        ("meter.stopped", 5),
        ("meter.started", 7),
        ("meter.stopped", 8),
    ]


AFTER_THE_END: list[Callable[[RemoteSession, datetime], object]] = [
    lambda session, at: record.consent_answered(
        session, gate="price", text_sha256="0" * 64, accepted=True, at=at
    ),
    lambda session, at: record.level_asked(session, Level.ACT, at=at),
    lambda session, at: record.level_granted(session, Level.LOOK, at=at),
    lambda session, at: record.level_withdrawn(session, Level.NONE, at=at),
    lambda session, at: record.words_compared(session, side="agent", match=True, at=at),
    lambda session, at: record.viewer_joined(session, at=at),
    lambda session, at: record.link_lost(session, side="agent", at=at),
    lambda session, at: record.link_back(session, side="agent", at=at),
    lambda session, at: record.meter_held(session, at=at),
    lambda session, at: record.meter_released(session, at=at),
    lambda session, at: record.inputs_counted(session, counted=1, dropped=0, at=at),
]


@pytest.mark.parametrize("late", AFTER_THE_END)
def test_nothing_is_accepted_after_the_end(
    session: RemoteSession, ten: datetime, late: Callable[[RemoteSession, datetime], object]
) -> None:
    actions.end(session, why="Готово.", at=ten)

    with pytest.raises(SessionRefused, match="over"):
        late(session, ten)
