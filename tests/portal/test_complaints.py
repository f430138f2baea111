"""The customer complains in the portal, sees how it stands, and appeals."""

import pytest
from django.test import Client

from moments import june
from people import Cast, ask, by, desk_of
from pomost.billing.actions import reject_complaint
from pomost.billing.models import Complaint
from pomost.tickets import actions
from pomost.tickets.models import Ticket
from portal.scene import browser_of


@pytest.fixture
def desk(db: None) -> Cast:
    return desk_of("damal")


@pytest.fixture
def done(desk: Cast) -> Ticket:
    ticket = ask(desk.ada, "remote-consultation", june(15, 9))
    actions.propose_solution(ticket, "Gotowe.", technician=desk.tess, by=by(desk.tess), at=june(15, 9))
    return actions.confirm_solution(
        ticket, contact=desk.ada, channel="portal", by=by(desk.ada), at=june(15, 9)
    )


def test_a_customer_complains_and_appeals(desk: Cast, done: Ticket) -> None:
    ada: Client = browser_of(desk.ada, "pl")
    address = f"/damal/requests/{done.number}/"
    assert "Złóż reklamację" in ada.get(address).content.decode()

    ada.post(f"{address}complain/", {"text": "Znowu nie drukuje."})
    page = ada.get(address).content.decode()
    assert "Twoja reklamacja czeka na decyzję" in page
    assert "Złóż reklamację" not in page
    reject_complaint(
        Complaint.objects.get(),
        reason="Brak papieru.",
        clause="1.1",
        technician=desk.tess,
        by=by(desk.tess),
        at=june(15, 9),
    )
    assert "Brak papieru." in ada.get(address).content.decode()

    ada.post(f"{address}appeal/", {"text": "Papier jest."})

    assert "Papier jest." in ada.get(address).content.decode()
    assert ada.post(f"{address}appeal/", {"text": "Jest!"}).status_code == 422


def test_an_empty_complaint_comes_back_with_its_sentence(desk: Cast, done: Ticket) -> None:
    answer = browser_of(desk.ada, "pl").post(f"/damal/requests/{done.number}/complain/", {"text": " "})

    assert answer.status_code == 422
    assert not Complaint.objects.exists()


def test_nobody_complains_about_the_work_for_others(desk: Cast, done: Ticket) -> None:
    boris = browser_of(desk.boris, "pl")

    for verb in ("complain", "appeal"):
        assert boris.post(f"/damal/requests/{done.number}/{verb}/", {"text": "x"}).status_code == 404
