"""The desk as the engine sees it: a session played through the gateway, on a database that threads share."""

import asyncio
import base64
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client
from django.utils import translation

from billing.stories import Story, story_of
from people import by
from pomost.billing.actions import decide_estimate, propose_estimate, settle
from pomost.billing.errors import BillingRefused
from pomost.config.board_news import BoardNews
from pomost.config.session_gateway import SessionGateway
from pomost.engine import gateway as engine
from pomost.journal.actions import seal_next
from pomost.people.keys import public_key
from pomost.people.models import Technician
from pomost.remote import lines
from pomost.remote.actions import answer, close_abandoned
from pomost.remote.models import RemoteSession
from pomost.remote.queries import find
from pomost.tickets.models import Ticket
from pomost.wire.control import Language
from pomost.wire.levels import Level, Side
from pomost.wire.offer import Offer
from pomost.wire.shape import read
from pomost.worklog.models import Entry

CALLER = engine.Caller(name="Ada", company="Acme", language=Language.PL, app_version="0.1.0")
MINUTE_MS = 60_000


class StoppedClock:
    """Shows the moment it was given."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def monotonic_ms(self) -> int:
        return 0


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def story(disk_database: Path) -> Story:
    return story_of("satisoft")


@pytest.fixture
def ten(story: Story) -> datetime:
    return story.at("2026-06-16 10:00")


@pytest.fixture
def desk(story: Story, ten: datetime) -> engine.Gateway:
    # Named as the Protocol, so that mypy checks the fit of the two.
    return SessionGateway(StoppedClock(ten))


def answered(
    desk: engine.Gateway, story: Story, at: datetime, *, family: str = "subiekt"
) -> tuple[str, Ticket]:
    """Call through the gateway, answer as the console does, and pass the gates as the app does."""
    ticket = story.ticket("remote-help", at, family=family)
    session = asyncio.run(desk.call("satisoft", str(story.tess.pk), CALLER, at))
    answer(
        find(session),
        ticket,
        technician=story.tess,
        fees_paid=(),
        noted=["phone-call"],
        by=by(story.tess),
        at=at,
    )
    offered = asyncio.run(desk.viewer_may_join(session, str(story.tess.pk)))
    assert offered is not None
    for gate in read(Offer, offered.offer, named="The offer").gates:
        told(desk, session, engine.ConsentAnswered(gate.key, gate.text_sha256, accepted=True), at)
    return session, ticket


def told(desk: engine.Gateway, session: str, event: engine.SessionEvent, at: datetime) -> None:
    asyncio.run(desk.record(session, event, at))


def test_the_list_names_people_in_the_vendors_words(desk: engine.Gateway, story: Story) -> None:
    Technician.objects.filter(pk=story.tess.pk).update(speciality="Subiekt i Gestor")

    (shown,) = asyncio.run(desk.people("satisoft", Language.PL))

    assert (shown.id, shown.name, shown.initials) == (str(story.tess.pk), "Tess", "T")
    assert (shown.what, shown.presence.value) == ("Subiekt i Gestor", "free")


def test_an_unknown_vendor_has_no_list_and_no_configuration(desk: engine.Gateway) -> None:
    with pytest.raises(engine.Refused, match="no support desk"):
        asyncio.run(desk.people("nowhere", Language.EN))
    assert asyncio.run(desk.agent_config("nowhere")) is None


def test_the_app_is_told_the_key_to_pin(desk: engine.Gateway, story: Story) -> None:
    config = asyncio.run(desk.agent_config("satisoft"))

    assert config is not None
    Ed25519PublicKey.from_public_bytes(base64.b64decode(config.desk_key))
    assert base64.b64decode(config.desk_key) == public_key(story.vendor)
    assert config.languages == (Language.PL, Language.RU, Language.EN)


def test_a_technician_is_known_by_the_cookie_of_the_sign_in(desk: engine.Gateway, story: Story) -> None:
    browser = Client()
    browser.force_login(story.tess.person)
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}

    seen = asyncio.run(desk.technician_of("satisoft", cookies))

    assert seen == engine.TechnicianSeen(str(story.tess.pk), "Tess")
    assert asyncio.run(desk.technician_of("nowhere", cookies)) is None


@pytest.mark.parametrize("cookies", [{}, {"sessionid": ""}, {"sessionid": "forged"}, {"other": "x"}])
def test_nobody_else_is_a_technician(desk: engine.Gateway, cookies: dict[str, str]) -> None:
    assert asyncio.run(desk.technician_of("satisoft", cookies)) is None


def test_a_customer_is_no_technician(desk: engine.Gateway, story: Story) -> None:
    assert story.ada.person is not None
    browser = Client()
    browser.force_login(story.ada.person)
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}

    assert asyncio.run(desk.technician_of("satisoft", cookies)) is None


@pytest.mark.parametrize("technician", ["0", "-1", "x", "99999999999999999999", ""])
def test_a_call_to_nobody_is_refused(desk: engine.Gateway, ten: datetime, technician: str) -> None:
    with pytest.raises(engine.Refused):
        asyncio.run(desk.call("satisoft", technician, CALLER, ten))


def test_presence_follows_the_open_page_and_busy_stays(
    desk: engine.Gateway, story: Story, ten: datetime
) -> None:
    def after(online: bool) -> str:
        asyncio.run(desk.presence("satisoft", str(story.tess.pk), online, ten))
        return Technician.objects.get(pk=story.tess.pk).presence

    assert (after(online=False), after(online=True)) == ("off", "free")
    Technician.objects.filter(pk=story.tess.pk).update(presence="busy")
    assert (after(online=False), after(online=True)) == ("busy", "busy")


def test_only_the_technician_who_answered_may_join_and_only_while_it_lasts(
    desk: engine.Gateway, story: Story, ten: datetime
) -> None:
    session, _ticket = answered(desk, story, ten)

    assert asyncio.run(desk.viewer_may_join(session, str(story.tess.pk + 1))) is None
    told(desk, session, engine.Ended("Gotowe.", Side.VIEWER, 0), ten)
    assert asyncio.run(desk.viewer_may_join(session, str(story.tess.pk))) is None


def test_a_grant_above_the_ceiling_is_refused_in_the_customers_words(
    desk: engine.Gateway, story: Story, ten: datetime
) -> None:
    session, _ticket = answered(desk, story, ten)

    with pytest.raises(engine.Refused):
        told(desk, session, engine.LevelGranted(Level.CHANGE_MANY), ten)
    assert find(session).level == "none"


def test_the_meter_shows_a_started_hour_at_once_in_both_languages(
    desk: engine.Gateway, story: Story, ten: datetime
) -> None:
    session, _ticket = answered(desk, story, ten)
    told(desk, session, engine.LevelGranted(Level.LOOK), ten)

    metered = asyncio.run(desk.metered(session, 4_000, ten))

    assert (metered.agent.cost.net, metered.agent.cost.currency) == ("200.00", "PLN")
    assert metered.agent.cost.clause == "§ 4.1"
    assert [plank.filled_percent for plank in metered.agent.planks] == [100, 0, 0, 0]
    assert [plank.asks_before for plank in metered.agent.planks] == [False, True, False, False]
    assert not metered.gate_reached


def test_time_past_the_gate_is_not_counted_until_the_customer_agrees(
    desk: engine.Gateway, story: Story, ten: datetime
) -> None:
    session, ticket = answered(desk, story, ten)
    told(desk, session, engine.LevelGranted(Level.ACT), ten)

    held = asyncio.run(desk.metered(session, 60 * MINUTE_MS + 3_900, ten + timedelta(hours=1)))

    assert held.gate_reached
    assert (held.agent.cost.net, find(session).metered_ms) == ("200.00", 60 * MINUTE_MS)
    told(desk, session, engine.MeterHeld(60 * MINUTE_MS + 3_900), ten + timedelta(hours=1))
    estimate = propose_estimate(
        ticket, technician=story.tess, more_seconds=1200, reason="Indeks.", by=by(story.tess), at=ten
    )
    decided = asyncio.run(
        desk.decide_estimate(session, str(estimate.pk), estimate.text_sha256, accepted=True, at=ten)
    )
    told(desk, session, engine.MeterReleased(60 * MINUTE_MS + 3_900), ten + timedelta(hours=1))
    after = asyncio.run(desk.metered(session, 80 * MINUTE_MS, ten + timedelta(minutes=80)))
    assert decided.go_on
    assert (after.agent.cost.net, after.gate_reached, find(session).metered_ms) == (
        "400.00",
        False,
        80 * MINUTE_MS,
    )


def test_an_end_right_after_the_gate_charges_one_hour(
    desk: engine.Gateway, story: Story, ten: datetime
) -> None:
    session, _ticket = answered(desk, story, ten)
    told(desk, session, engine.LevelGranted(Level.ACT), ten)

    told(desk, session, engine.Ended("Gotowe.", Side.AGENT, 60 * MINUTE_MS + 2_000), ten + timedelta(hours=1))

    assert Entry.objects.get().worked_seconds == 3600


def test_a_no_ends_the_session_and_leaves_nothing(desk: engine.Gateway, story: Story, ten: datetime) -> None:
    session, ticket = answered(desk, story, ten)
    told(desk, session, engine.LevelGranted(Level.ACT), ten)
    asyncio.run(desk.metered(session, 55 * MINUTE_MS, ten))
    estimate = propose_estimate(
        ticket, technician=story.tess, more_seconds=10_800, reason="Indeks.", by=by(story.tess), at=ten
    )

    decided = asyncio.run(
        desk.decide_estimate(session, str(estimate.pk), estimate.text_sha256, accepted=False, at=ten)
    )
    told(desk, session, engine.Ended(decided.why, Side.AGENT, 55 * MINUTE_MS), ten)

    assert (decided.go_on, find(session).end_reason) == (False, decided.why)
    with pytest.raises(BillingRefused, match="nothing to pay"):
        settle(ticket, by="desk", at=ten)


@pytest.mark.parametrize("estimate", ["0", "x", "", "1; DROP TABLE"])
def test_an_estimate_of_something_else_is_not_answered(
    desk: engine.Gateway, story: Story, ten: datetime, estimate: str
) -> None:
    session, _ticket = answered(desk, story, ten)

    with pytest.raises(engine.Refused):
        asyncio.run(desk.decide_estimate(session, estimate, "0" * 64, accepted=True, at=ten))


def test_an_answer_to_another_text_leaves_the_question_open(
    desk: engine.Gateway, story: Story, ten: datetime
) -> None:
    session, ticket = answered(desk, story, ten)
    estimate = propose_estimate(
        ticket, technician=story.tess, more_seconds=600, reason="Indeks.", by=by(story.tess), at=ten
    )

    with pytest.raises(engine.Refused):
        asyncio.run(desk.decide_estimate(session, str(estimate.pk), "0" * 64, accepted=True, at=ten))
    estimate.refresh_from_db()
    assert estimate.state == "proposed"


def test_the_end_and_its_entry_are_one(desk: engine.Gateway, story: Story, ten: datetime) -> None:
    session, ticket = answered(desk, story, ten)
    told(desk, session, engine.LevelGranted(Level.LOOK), ten)

    told(desk, session, engine.Ended("Gotowe.", None, 5 * MINUTE_MS), ten + timedelta(minutes=5))
    told(desk, session, engine.Ended("Gotowe.", None, 9 * MINUTE_MS), ten + timedelta(minutes=9))

    entry = Entry.objects.get(ticket=ticket)
    assert (entry.worked_seconds, str(entry.session_id)) == (300, session)
    with pytest.raises(engine.Refused):
        told(desk, session, engine.LevelGranted(Level.LOOK), ten)


def test_every_event_of_the_engine_has_its_place_in_the_record(
    desk: engine.Gateway, story: Story, ten: datetime
) -> None:
    session, _ticket = answered(desk, story, ten)
    events: list[engine.SessionEvent] = [
        engine.ViewerJoined(str(story.tess.pk)),
        engine.WordsCompared(Side.AGENT, match=True),
        engine.WordsCompared(Side.VIEWER, match=True),
        engine.LevelAsked(Level.LOOK),
        engine.LevelGranted(Level.LOOK),
        engine.InputsCounted(counted=3, dropped=1),
        engine.LinkLost(Side.AGENT),
        engine.LinkBack(Side.AGENT),
        engine.MeterHeld(1_000),
        engine.MeterReleased(1_000),
        engine.LevelWithdrawn(Level.NONE),
        engine.Ended("Gotowe.", Side.AGENT, 1_000),
    ]
    for event in events:
        told(desk, session, event, ten)

    kinds = list(find(session).events.order_by("id").values_list("kind", flat=True))

    assert kinds == [
        "answered",
        "consent.answered",
        "viewer.joined",
        "words.compared",
        "words.compared",
        "level.asked",
        "level.granted",
        "meter.started",
        "link.lost",
        "meter.stopped",
        "link.back",
        "meter.started",
        "meter.held",
        "meter.stopped",
        "meter.released",
        "meter.started",
        "level.withdrawn",
        "meter.stopped",
        "ended",
    ]
    assert {type(event) for event in events} | {engine.ConsentAnswered} == set(engine.SessionEvent.__args__)


def test_a_restart_ends_what_was_open_and_enters_its_minutes(
    desk: engine.Gateway, story: Story, ten: datetime
) -> None:
    session, ticket = answered(desk, story, ten)
    told(desk, session, engine.LevelGranted(Level.LOOK), ten)
    asyncio.run(desk.metered(session, 7 * MINUTE_MS, ten + timedelta(minutes=7)))

    SessionGateway(StoppedClock(ten + timedelta(hours=2))).close_abandoned()

    assert Entry.objects.get(ticket=ticket).worked_seconds == 420
    assert find(session).ended_at == ten + timedelta(minutes=7)
    assert not RemoteSession.objects.exclude(state="ended").exists()
    assert Technician.objects.get(pk=story.tess.pk).presence == "off"
    assert close_abandoned(at=ten) == []


class HeardOf(lines.NoLines):
    """Keeps what running sessions were told of an answer."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, bool, bool, str]] = []

    def estimate_decided(self, session: str, estimate: str, *, accepted: bool, go_on: bool, why: str) -> None:
        self.answers.append((session, accepted, go_on, why))


def test_a_session_hears_of_an_answer_that_was_given_in_the_portal(
    desk: engine.Gateway, story: Story, ten: datetime
) -> None:
    session, ticket = answered(desk, story, ten)
    estimate = propose_estimate(
        ticket, technician=story.tess, more_seconds=3600, reason="Indeks.", by=by(story.tess), at=ten
    )
    news, heard_of, before = BoardNews(), HeardOf(), lines.lines()
    seal_next()
    news.run_once()
    lines.connect(heard_of)
    try:
        decide_estimate(
            estimate,
            accepted=False,
            text_sha256=estimate.text_sha256,
            contact=ticket.contact,
            channel="portal",
            by="contact:1",
            at=ten,
        )
        seal_next()
        news.run_once()
    finally:
        lines.connect(before)

    [(heard, accepted, go_on, why)] = heard_of.answers
    assert (heard, accepted, go_on) == (session, False, False)
    assert why
