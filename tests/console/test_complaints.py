"""The console's pages of complaints and travel."""

import pytest
from django.test import Client

from moments import june
from people import Cast, ask, by, desk_of
from pomost.billing.models import Complaint
from pomost.tickets import actions
from pomost.tickets.models import Ticket
from pomost.worklog.models import Travel


@pytest.fixture
def desk(db: None) -> Cast:
    made = desk_of("damal")
    made.tess.person.language = "en"
    made.tess.person.save(update_fields=["language"])
    return made


@pytest.fixture
def done(desk: Cast) -> Ticket:
    ticket = ask(desk.ada, "remote-consultation", june(12, 8))
    actions.propose_solution(ticket, "Done.", technician=desk.tess, by=by(desk.tess), at=june(12, 9))
    return actions.confirm_solution(
        ticket, contact=desk.ada, channel="portal", by=by(desk.ada), at=june(12, 10)
    )


def address(ticket: Ticket) -> str:
    return f"/damal/console/tickets/{ticket.number}/"


def test_a_complaint_by_phone_is_noted_looked_at_and_rejected_with_its_travel(
    tess: Client, desk: Cast, done: Ticket
) -> None:
    assert "complaints/" in tess.get(address(done)).content.decode()
    tess.post(f"{address(done)}complaints/new/", {"text": "It prints nothing again."})
    page = tess.get(f"{address(done)}complaints/").content.decode()
    assert "The complaint is in time." in page
    assert "It prints nothing again." in page

    tess.post(f"{address(done)}complaints/examine/")
    looked_at = Complaint.objects.get().follow_up
    assert looked_at is not None
    assert done.number in tess.get(address(looked_at)).content.decode()
    travel = {"key": "travel", "quantity": "1", "travelled_on": "2026-06-15"}
    refused = tess.post(f"{address(looked_at)}travel/", travel)
    assert refused.status_code == 409
    assert "Agree on a sum" in refused.content.decode()
    tess.post(f"{address(looked_at)}travel/", travel | {"agreed_net": "120.00"})
    assert Travel.objects.get().consent is not None
    tess.post(f"{address(done)}complaints/reject/", {"clause": "4", "reason": "No paper."})

    complaint = Complaint.objects.get()
    assert (complaint.state, complaint.decision_clause) == ("rejected", "4")
    assert "No paper." in tess.get(f"{address(done)}complaints/").content.decode()
    looked_at.refresh_from_db()
    assert looked_at.state == Ticket.State.SOLVED


def test_a_decision_without_its_reason_or_clause_comes_back(tess: Client, done: Ticket) -> None:
    tess.post(f"{address(done)}complaints/new/", {"text": "It prints nothing again."})

    answers = [
        tess.post(f"{address(done)}complaints/reject/", {"clause": "4", "reason": ""}),
        tess.post(f"{address(done)}complaints/reject/", {"clause": "99", "reason": "No."}),
        tess.post(f"{address(done)}complaints/new/", {"text": "Twice."}),
        tess.post(f"{address(done)}complaints/new/", {"text": ""}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 409, 422]
    assert Complaint.objects.get().state == "open"


def test_where_nothing_waits_nothing_is_decided(tess: Client, done: Ticket) -> None:
    assert tess.post(f"{address(done)}complaints/accept/").status_code == 409


def test_an_accepted_one_links_to_its_free_repair(tess: Client, done: Ticket) -> None:
    tess.post(f"{address(done)}complaints/new/", {"text": "It prints nothing again."})

    tess.post(f"{address(done)}complaints/accept/", {"reason": ""})

    repair = Complaint.objects.get().follow_up
    assert repair is not None
    assert repair.number in tess.get(f"{address(done)}complaints/").content.decode()
