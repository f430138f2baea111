"""A call from the ring to the end: what is offered, what is refused, and that the end is the end."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils import translation

from billing.stories import Story, story_of
from people import by, technician_of
from pomost.journal.models import Fact
from pomost.people.actions import set_presence
from pomost.people.keys import public_key
from pomost.people.models import Technician
from pomost.remote import access, actions
from pomost.remote.errors import SessionRefused
from pomost.remote.models import RemoteSession
from pomost.remote.queries import open_sessions, record_of, record_sha256, ringing
from pomost.tickets.actions import register
from pomost.tickets.models import ClockEvent, Consent, Ticket
from pomost.wire.levels import Level as WireLevel
from pomost.wire.offer import verified


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


def presence_of(technician: Technician) -> str:
    return Technician.objects.get(pk=technician.pk).presence


@pytest.mark.parametrize("presence", ["off", "busy", "call"])
def test_only_a_technician_who_is_free_can_be_called(story: Story, ten: datetime, presence: str) -> None:
    set_presence(story.tess, presence, by=by(story.tess), at=ten)

    with pytest.raises(SessionRefused, match="Tess is"):
        story.ring(ten)
    assert not RemoteSession.objects.exists()


def test_a_technician_who_takes_no_calls_is_not_rung(story: Story, ten: datetime) -> None:
    Technician.objects.update(takes_calls=False)

    with pytest.raises(SessionRefused, match="not on line"):
        story.ring(ten)


def test_a_caller_gives_a_name(story: Story, ten: datetime) -> None:
    with pytest.raises(SessionRefused, match="Give your name"):
        actions.ring(story.tess, caller_name="  ", language="pl", at=ten)


def test_a_ring_occupies_the_technician_until_it_is_declined(story: Story, ten: datetime) -> None:
    session = story.ring(ten)
    assert (presence_of(story.tess), ringing(story.tess)) == ("call", session)
    with pytest.raises(SessionRefused, match="busy"):
        story.ring(ten)

    declined = actions.decline(session, why="W terenie do 14.", by=by(story.tess), at=ten)

    assert (declined.state, declined.end_reason) == ("ended", "W terenie do 14.")
    assert (presence_of(story.tess), ringing(story.tess)) == ("free", None)


def test_a_caller_who_hangs_up_frees_the_technician(story: Story, ten: datetime) -> None:
    session = actions.hang_up(story.ring(ten), at=ten)

    assert (session.state, presence_of(story.tess)) == ("ended", "free")
    assert actions.hang_up(session, at=ten) == session


def test_the_offer_is_signed_and_holds_ceiling_gates_and_price(story: Story, ten: datetime) -> None:
    session = story.answered(story.ticket("remote-help", ten, family="subiekt"), ten)
    assert session.offer is not None
    assert session.offer_signature is not None

    offer = verified(
        bytes(session.offer),
        bytes(session.offer_signature),
        Ed25519PublicKey.from_public_bytes(public_key(story.vendor)),
        vendor="satisoft",
        technician=str(story.tess.pk),
        session=str(session.pk),
        now=ten + timedelta(hours=2),
    )

    assert offer.ceiling.level is WireLevel.ACT
    assert [gate.key for gate in offer.gates] == ["price"]
    assert offer.price.text == "200,00\N{NO-BREAK SPACE}zł netto za każdą rozpoczętą godzinę"
    assert offer.price.text in offer.gates[0].text
    assert (offer.price.clause, offer.terms_version, offer.language.value) == ("§ 4.1", "1", "pl")


def test_answering_begins_the_work_and_notes_the_phone_call(story: Story, ten: datetime) -> None:
    ticket = story.ticket("remote-help", ten, family="subiekt")

    story.answered(ticket, ten)

    ticket.refresh_from_db()
    assert ticket.began_at == ten
    consent = Consent.objects.get(ticket=ticket, kind="phone-call")
    assert (consent.accepted, consent.channel, consent.by) == (True, "phone", by(story.tess))


def test_a_gate_of_the_staff_that_is_left_open_is_named(story: Story, ten: datetime) -> None:
    ticket = story.ticket("remote-help", ten, family="subiekt")
    session = story.ring(ten)

    with pytest.raises(SessionRefused, match="Rozmawialiśmy przez telefon"):
        actions.answer(session, ticket, technician=story.tess, fees_paid=(), by=by(story.tess), at=ten)
    session.refresh_from_db()
    assert session.state == "ringing"


def test_only_the_technician_who_was_called_answers(story: Story, ten: datetime) -> None:
    ticket = story.ticket("remote-help", ten, family="subiekt")
    other = technician_of(story.vendor, "Otto", Technician.Role.TECHNICIAN)

    with pytest.raises(SessionRefused, match="for Tess"):
        actions.answer(
            story.ring(ten),
            ticket,
            technician=other,
            fees_paid=(),
            noted=["phone-call"],
            by=by(other),
            at=ten,
        )


@pytest.mark.parametrize("state", ["incomplete", "confirmed", "closed"])
def test_a_call_is_not_answered_for_a_request_that_is_over_or_incomplete(
    story: Story, ten: datetime, state: str
) -> None:
    ticket = story.ticket("remote-help", ten, family="subiekt")
    Ticket.objects.filter(pk=ticket.pk).update(state=state)

    with pytest.raises(SessionRefused, match=ticket.number):
        story.answered(ticket, ten)


def test_what_the_terms_leave_open_needs_a_reason_that_is_kept(story: Story, ten: datetime) -> None:
    navireo = story.ticket("remote-help", ten, family="navireo")
    with pytest.raises(SessionRefused, match="write your reason"):
        story.answered(navireo, ten)
    RemoteSession.objects.filter(state="ringing").update(state="ended", ended_at=ten)
    set_presence(story.tess, "free", by="desk", at=ten)

    session = story.answered(navireo, ten, reason="Stały klient, cena 300 zł uzgodniona.")

    assert session.events.get(kind="answered").data["reason"] == "Stały klient, cena 300 zł uzgodniona."
    assert session.ticket is not None
    assert session.ticket.verdict["outcome"] == "paid"
    assert session.ticket.verdict["decided_by"] == by(story.tess)
    assert session.ceiling == "act"


def test_what_the_terms_refuse_is_refused_with_the_sentence_of_the_clause(db: None) -> None:
    story = story_of("centaur")
    at = story.at("2026-06-08 09:00")
    ticket = register(
        vendor=story.vendor,
        contact=story.ada,
        channel="phone",
        subject="Нет звука",
        text="Нет звука в линии.",
        service="remote-connection",
        severity="low",
        package_claimed="extended",  # but not shown, so Basic serves (C5, G-C2)
        received_at=at,
        by=by(story.tess),
        at=at,
    )

    with pytest.raises(SessionRefused, match=r"No session: .*§"):
        story.proposal(ticket, at)


def test_a_second_end_changes_nothing(story: Story, ten: datetime) -> None:
    session = story.granted(story.ticket("remote-help", ten, family="subiekt"), ten)
    first = actions.end(session, why="Gotowe.", total_ms=60_000, at=ten + timedelta(minutes=1))
    facts = Fact.objects.count()

    second = actions.end(session, why="Jeszcze raz.", total_ms=120_000, at=ten + timedelta(minutes=2))

    assert (second.end_reason, second.metered_ms, second.ended_at) == ("Gotowe.", 60_000, first.ended_at)
    assert Fact.objects.count() == facts


def test_the_meter_never_goes_back(story: Story, ten: datetime) -> None:
    session = story.granted(story.ticket("remote-help", ten, family="subiekt"), ten)

    actions.metered(session, 8_000, at=ten)

    assert actions.metered(session, 4_000, at=ten).metered_ms == 8_000


def test_nothing_is_measured_after_the_end(story: Story, ten: datetime) -> None:
    session = story.granted(story.ticket("remote-help", ten, family="subiekt"), ten)
    actions.end(session, why="Gotowe.", total_ms=1_000, at=ten)

    with pytest.raises(SessionRefused, match="over"):
        actions.metered(session, 2_000, at=ten)


def test_after_a_restart_open_sessions_end_at_their_last_metered_moment(story: Story, ten: datetime) -> None:
    ticket = story.ticket("remote-help", ten, family="subiekt")
    session = story.granted(ticket, ten)
    last = ten + timedelta(minutes=7)
    actions.metered(session, 7 * 60_000, at=last)

    (closed,) = actions.close_abandoned(at=ten + timedelta(hours=3))

    assert (closed.state, closed.ended_at, closed.metered_ms) == ("ended", last, 420_000)
    assert closed.end_reason == "The desk was restarted."
    assert ClockEvent.objects.get(ticket=ticket, name="meter.stopped").at == last
    assert open_sessions(story.vendor) == []
    assert presence_of(story.tess) == "free"


def test_the_record_of_a_session_is_the_same_bytes_whenever_it_is_read(story: Story, ten: datetime) -> None:
    session = story.granted(story.ticket("remote-help", ten, family="subiekt"), ten)
    while_open = record_sha256(session)
    session = actions.end(session, why="Gotowe.", total_ms=60_000, at=ten)

    again = RemoteSession.objects.get(pk=session.pk)

    assert record_of(again) == record_of(session)
    assert record_sha256(session) != while_open
    assert b'"kind":"level.granted"' in record_of(again)


def test_nobody_sees_the_sessions_of_others(story: Story, ten: datetime) -> None:
    session = story.granted(story.ticket("remote-help", ten, family="subiekt"), ten)

    assert access.session(story.tess, session.pk) == session
    assert list(access.for_contact(story.ada)) == [session]
    with pytest.raises(Exception, match="no such session"):
        access.session(story.tess, "not an id")


def test_whoever_says_free_in_a_session_stays_in_it_until_it_ends(story: Story, ten: datetime) -> None:
    actions.choose_presence(story.tess, "free", by=by(story.tess), at=ten)
    call = actions.ring(story.tess, caller_name="Ada", language="pl", at=ten)
    assert presence_of(story.tess) == "call"

    actions.choose_presence(story.tess, "free", by=by(story.tess), at=ten)
    assert presence_of(story.tess) == "call"

    actions.decline(call, why="Later.", by=by(story.tess), at=ten)
    assert presence_of(story.tess) == "free"


@pytest.mark.parametrize("chosen", ["busy", "off"])
def test_what_is_said_by_hand_outlasts_the_session(story: Story, ten: datetime, chosen: str) -> None:
    actions.choose_presence(story.tess, "free", by=by(story.tess), at=ten)
    call = actions.ring(story.tess, caller_name="Ada", language="pl", at=ten)

    actions.choose_presence(story.tess, chosen, by=by(story.tess), at=ten)
    actions.decline(call, why="Later.", by=by(story.tess), at=ten)

    assert presence_of(story.tess) == chosen


@pytest.mark.parametrize("wanted", ["", "call", "FREE", "\x00", "gone"])
def test_only_three_presences_can_be_chosen(story: Story, ten: datetime, wanted: str) -> None:
    with pytest.raises(SessionRefused, match="Choose whether"):
        actions.choose_presence(story.tess, wanted, by=by(story.tess), at=ten)
