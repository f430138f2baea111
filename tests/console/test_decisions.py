"""Where the terms are silent the pages ask the technician, who decides and says why."""

import re

import pytest
from django.test import Client

from console.scene import SignIn
from moments import june
from people import Cast, ask, desk_of, with_package
from pomost.people.actions import set_presence
from pomost.people.models import Technician
from pomost.remote import actions as remote
from pomost.tickets import actions
from pomost.tickets.models import Ticket

HOME = "/kryzhik/console/"


@pytest.fixture
def kryzhik(db: None) -> Cast:
    made = desk_of("kryzhik")
    with_package(made.acme, "start")
    made.tess.person.language = "en"
    made.tess.person.save(update_fields=["language"])
    return made


@pytest.fixture
def ticket(kryzhik: Cast) -> Ticket:
    found = ask(kryzhik.ada, "solving", june(15, 9))
    return actions.number_told(found, how="mail", at_told=june(15, 9, 1), by="desk", at=june(15, 9, 1))


@pytest.fixture
def tess(kryzhik: Cast, sign_in: SignIn) -> Client:
    return sign_in(kryzhik.tess)


def shown(tess: Client, ticket: Ticket) -> str:
    return tess.get(f"{HOME}tickets/{ticket.number}/").content.decode()


def test_an_unstated_service_asks_for_a_decision_first(ticket: Ticket, tess: Client) -> None:
    html = shown(tess, ticket)

    assert "The terms do not say whether this is included" in html
    assert "Keep the decision" in html
    assert "Decide: the terms do not say" in tess.get(HOME).content.decode()


def test_a_decision_stands_on_the_page_with_its_reason_and_name(ticket: Ticket, tess: Client) -> None:
    typed = {"outcome": "included", "reason": "Agreed when the contract was signed"}

    answer = tess.post(f"{HOME}tickets/{ticket.number}/decide/", typed)

    assert answer.status_code == 302
    html = shown(tess, ticket)
    assert "Decided by Tess" in html
    assert "Agreed when the contract was signed" in html
    assert "Keep the decision" not in html


def test_a_decision_without_a_reason_is_refused_and_the_choice_stays(ticket: Ticket, tess: Client) -> None:
    answer = tess.post(f"{HOME}tickets/{ticket.number}/decide/", {"outcome": "paid", "reason": " "})

    assert answer.status_code == 422
    assert "Say why: the reason is kept." in answer.content.decode()
    assert re.search(r'value="paid" selected', answer.content.decode())


def test_a_call_can_be_taken_by_deciding_at_once(ticket: Ticket, tess: Client, kryzhik: Cast) -> None:
    set_presence(kryzhik.tess, Technician.Presence.FREE, by="system", at=june(15, 9))
    call = remote.ring(
        kryzhik.tess, caller_name="Ada", caller_company="Acme", language="ru", at=june(15, 9, 5)
    )
    assert "you decide" in tess.get(f"{HOME}sessions/{call.pk}/").content.decode()

    answer = tess.post(
        f"{HOME}sessions/{call.pk}/answer/",
        {"ticket": ticket.number, "decided": "included", "reason": "Promised last week"},
    )

    assert answer.status_code == 302
    verdict = Ticket.objects.get(pk=ticket.pk).verdict
    assert (verdict["outcome"], verdict["reason"]) == ("from-quota", "Promised last week")


def test_nothing_is_decided_by_a_choice_that_nobody_made(ticket: Ticket, tess: Client, kryzhik: Cast) -> None:
    set_presence(kryzhik.tess, Technician.Presence.FREE, by="system", at=june(15, 9))
    call = remote.ring(kryzhik.tess, caller_name="Ada", language="ru", at=june(15, 9, 5))

    by_call = tess.post(f"{HOME}sessions/{call.pk}/answer/", {"ticket": ticket.number, "reason": "Promised"})
    by_form = tess.post(f"{HOME}tickets/{ticket.number}/decide/", {"outcome": "", "reason": "Promised"})

    assert (by_call.status_code, by_form.status_code) == (409, 422)
    assert "Choose whether it is included" in by_call.content.decode()
    assert Ticket.objects.get(pk=ticket.pk).verdict["outcome"] == "unstated"
