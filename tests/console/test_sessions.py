"""Calls and sessions as the technician's pages show them."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from console.scene import SignIn, page, post
from moments import june
from people import Cast, ask, by, desk_of
from pomost.people.actions import set_presence
from pomost.people.models import Technician
from pomost.remote import actions
from pomost.remote.lines import NoLines, connect, lines
from pomost.remote.models import RemoteSession
from pomost.tickets.actions import take
from pomost.tickets.models import Restriction, Ticket
from pomost.wire.control import AskEstimate


class Heard(NoLines):
    """Lines that remember what was told to the engine."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def answered(self, session: str, offer: bytes, signature: bytes) -> None:
        assert offer
        assert signature
        self.told.append(("answered", session))

    def declined(self, session: str, why: str) -> None:
        self.told.append(("declined", session))

    def end(self, session: str, why: str) -> None:
        self.told.append(("end", session))

    def estimate_asked(self, session: str, estimate: AskEstimate) -> None:
        self.told.append(("estimate", session))


@pytest.fixture
def heard() -> Iterator[Heard]:
    before = lines()
    listening = Heard()
    connect(listening)
    yield listening
    connect(before)


@pytest.fixture
def ticket(desk: Cast) -> Ticket:
    found = ask(desk.ada, "remote-connection", june(15, 9), severity="critical")
    return take(found, desk.tess, by=by(desk.tess), at=june(15, 9, 1))


@pytest.fixture
def call(desk: Cast, ticket: Ticket) -> RemoteSession:
    set_presence(desk.tess, Technician.Presence.FREE, by="system", at=june(15, 9))
    return actions.ring(desk.tess, caller_name="Ada", caller_company="acme", language="ru", at=june(15, 9, 5))


def state(call: RemoteSession) -> str:
    return RemoteSession.objects.get(pk=call.pk).state


def test_a_call_appears_on_every_page_of_whom_it_rings_for(call: RemoteSession, tess: Client) -> None:
    assert "Ada calls" in page(tess)
    assert "Ada calls" in page(tess, "sessions/ringing/")


def test_a_call_does_not_appear_for_others(call: RemoteSession, desk: Cast, tess: Client) -> None:
    browser = Client()
    browser.force_login(desk.dora.person)

    assert "Ada calls" not in browser.get("/centaur/console/").content.decode()


def test_the_call_page_shows_how_far_the_session_may_go_before_it_begins(
    call: RemoteSession, tess: Client, ticket: Ticket
) -> None:
    html = page(tess, f"sessions/{call.pk}/")

    assert ticket.number in html
    assert "not in the terms" in html
    assert "Take the call" in html


def test_taking_the_call_ties_it_to_the_request_and_tells_the_engine(
    call: RemoteSession, tess: Client, ticket: Ticket, heard: Heard
) -> None:
    post(tess, f"sessions/{call.pk}/answer/", ticket=ticket.number)

    answered = RemoteSession.objects.get(pk=call.pk)
    assert (answered.state, answered.ticket, answered.ceiling) == ("answered", ticket, "act")
    assert heard.told == [("answered", str(call.pk))]


def test_a_service_that_the_terms_refuse_gives_no_session(
    call: RemoteSession, desk: Cast, tess: Client, heard: Heard
) -> None:
    base = ask(desk.boris, "remote-connection", june(15, 9, 2), severity="low")

    html = post(tess, f"sessions/{call.pk}/answer/", status=409, ticket=base.number)

    assert "2.7" in html
    assert state(call) == "ringing"
    assert heard.told == []


def test_without_a_request_nothing_is_answered(call: RemoteSession, tess: Client, heard: Heard) -> None:
    post(tess, f"sessions/{call.pk}/answer/", status=422)

    assert state(call) == "ringing"


def test_a_declined_call_ends_and_the_caller_is_told(call: RemoteSession, tess: Client, heard: Heard) -> None:
    post(tess, f"sessions/{call.pk}/decline/")

    assert state(call) == "ended"
    assert heard.told == [("declined", str(call.pk))]


def test_the_viewer_asks_for_no_level_that_the_terms_do_not_give(
    call: RemoteSession, tess: Client, ticket: Ticket, heard: Heard
) -> None:
    post(tess, f"sessions/{call.pk}/answer/", ticket=ticket.number)

    html = page(tess, f"sessions/{call.pk}/")

    assert 'data-ask="act"' in html
    assert f'data-now="{int(june(15, 9, 12).timestamp())}"' in html
    assert 'data-zone="Europe/Moscow"' in html
    assert 'data-ask="change-many"' not in html
    assert f"/centaur/viewer/{call.pk}/ws" in html


def test_the_viewer_is_for_the_technician_who_took_the_call(
    call: RemoteSession, tess: Client, ticket: Ticket, desk: Cast, heard: Heard
) -> None:
    post(tess, f"sessions/{call.pk}/answer/", ticket=ticket.number)
    browser = Client()
    browser.force_login(desk.dora.person)

    html = browser.get(f"/centaur/console/sessions/{call.pk}/").content.decode()

    assert "data-socket" not in html
    assert "Record of the session" in html


def test_an_ended_session_shows_its_record_and_never_a_viewer(
    call: RemoteSession, tess: Client, ticket: Ticket, heard: Heard
) -> None:
    post(tess, f"sessions/{call.pk}/answer/", ticket=ticket.number)
    actions.end(RemoteSession.objects.get(pk=call.pk), why="done", total_ms=0, at=june(15, 9, 11))

    html = page(tess, f"sessions/{call.pk}/")

    assert "SHA-256 of the record" in html
    assert "data-socket" not in html


def test_another_vendors_session_does_not_exist_here(call: RemoteSession, desk: Cast) -> None:
    browser = Client()
    browser.force_login(desk.nils.person)

    assert browser.get(f"/neighbour/console/sessions/{call.pk}/").status_code == 404
    assert browser.post(f"/neighbour/console/sessions/{call.pk}/answer/").status_code == 404


@pytest.fixture
def bonus_call(db: None) -> tuple[Cast, RemoteSession, Ticket]:
    """A call at a desk whose terms leave it to a person whether somebody without a licence is helped."""
    desk = desk_of("bonus")
    ticket = ask(desk.ada, "direct-connection", june(15, 9))
    set_presence(desk.tess, Technician.Presence.FREE, by="system", at=june(15, 9))
    call = actions.ring(desk.tess, caller_name="Ada", caller_company="acme", language="ru", at=june(15, 9, 5))
    return desk, call, ticket


def test_a_refused_answer_keeps_the_reason_and_the_ticks(
    bonus_call: tuple[Cast, RemoteSession, Ticket], sign_in: SignIn
) -> None:
    desk, call, ticket = bonus_call
    typed = {"ticket": ticket.number, "reason": "Договор подписан", "noted": "readiness"}

    answer = sign_in(desk.tess).post(f"/bonus/console/sessions/{call.pk}/answer/", typed)
    html = answer.content.decode()

    assert answer.status_code == 409
    assert 'value="Договор подписан"' in html
    assert re.search(r'value="readiness" checked', html)
    assert not re.search(r'value="voice" checked', html)


def test_a_longer_list_of_sessions_needs_no_more_queries(
    call: RemoteSession, desk: Cast, tess: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    actions.decline(call, why="Later.", by=by(desk.tess), at=june(15, 9, 6))
    for minute in range(8):
        rung = actions.ring(desk.tess, caller_name=f"Ada {minute}", language="ru", at=june(15, 9, 7))
        actions.decline(rung, why="Later.", by=by(desk.tess), at=june(15, 9, 8))

    with django_assert_max_num_queries(12):
        html = page(tess, "sessions/")

    assert html.count("Ada") >= 9


INSULTS = "Insults the technician."


@pytest.fixture
def running(call: RemoteSession, ticket: Ticket, desk: Cast) -> RemoteSession:
    return actions.answer(
        call, ticket, technician=desk.tess, fees_paid=(), by=by(desk.tess), at=june(15, 9, 6)
    )


def test_a_technician_ends_a_session_by_the_terms_and_nobody_is_restricted(
    running: RemoteSession, tess: Client, heard: Heard
) -> None:
    assert "End it by the terms" in page(tess, f"sessions/{running.pk}/")

    part = post(
        tess,
        f"sessions/{running.pk}/end-by-terms/",
        status=200,
        refusal="conduct",
        what_happened=INSULTS,
    )

    assert "Nobody is restricted by it" in part
    assert "Restrict support as well" not in part  # a technician may not
    assert heard.told[-1] == ("end", str(running.pk))
    assert running.events.get(kind="ended-by-terms").data["why"] == INSULTS
    assert not Restriction.objects.exists()
    again = post(
        tess, f"sessions/{running.pk}/end-by-terms/", status=409, refusal="conduct", what_happened=INSULTS
    )
    assert "already" in again
    assert running.events.filter(kind="ended-by-terms").count() == 1


def test_a_dispatcher_is_led_on_to_the_restriction_with_the_reason_and_words_filled_in(
    running: RemoteSession, ticket: Ticket, desk: Cast, sign_in: SignIn, heard: Heard
) -> None:
    dora = sign_in(desk.dora)
    part = post(
        dora, f"sessions/{running.pk}/end-by-terms/", status=200, refusal="conduct", what_happened=INSULTS
    )

    (query,) = re.findall(r'/restrict/\?([^"]+)"', part)
    form = page(dora, f"tickets/{ticket.number}/restrict/?{unescape(query)}")
    assert '<option value="conduct" selected>' in form
    assert INSULTS in form
    assert not Restriction.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"refusal": "conduct", "what_happened": " "}, "Say what happened"),
        ({"refusal": "against-the-manual", "what_happened": INSULTS}, "valid choice"),
        ({}, "Say what happened"),
    ],
)
def test_a_session_goes_on_where_the_reason_or_the_words_are_missing(
    running: RemoteSession, tess: Client, heard: Heard, typed: dict[str, str], said: str
) -> None:
    assert said in post(tess, f"sessions/{running.pk}/end-by-terms/", status=422, **typed)
    assert not heard.told
    assert not running.events.filter(kind="ended-by-terms").exists()
