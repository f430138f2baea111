"""Restrictions through the API: a program restricts for a person, and the desk asks of that person what it asks of all."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse

from api.calling import Program, program
from people import Cast, ask, desk_of
from pomost.tickets.models import Restriction, Ticket

NOW = datetime(2026, 6, 15, 6, tzinfo=UTC)
LATER = (NOW + timedelta(days=7)).isoformat()


@pytest.fixture
def desk(db: None) -> Cast:
    return desk_of("centaur")


@pytest.fixture
def crm(desk: Cast) -> Program:
    return program(desk.owen, NOW)


@pytest.fixture
def ticket(desk: Cast) -> Ticket:
    return ask(desk.ada, "settings-advice", NOW, severity="low")


def body(answer: HttpResponse) -> Any:
    return json.loads(answer.content)


def given(desk: Cast, **other: object) -> dict[str, object]:
    return {
        "scope": "customer",
        "reason": "conduct",
        "what_happened": "Shouting.",
        "until_at": LATER,
        "technician": desk.dora.pk,
    } | other


def test_the_whole_story_through_the_api(desk: Cast, crm: Program, ticket: Ticket) -> None:
    made = crm.post(f"/tickets/{ticket.number}/restrictions", given(desk))
    assert made.status_code == 201, made.content
    told = body(made)
    assert (told["reason"], told["clause"]["key"], told["stands"]) == ("conduct", "6.3", True)
    assert told["imposed_by"] == f"technician:{desk.dora.pk}"
    assert told["steps"][0]["by"].startswith("token:")

    here = f"/restrictions/{told['id']}"
    begun = crm.post(f"/tickets/{ticket.number}/work/begin", {})
    assert begun.status_code == 409
    assert "6.3" in body(begun)["detail"]

    appealed = crm.post(f"{here}/appeals", {"contact": desk.ada.pk, "text": "It was not so."})
    appeal = body(appealed)["appeals"][0]
    assert (appealed.status_code, appeal["state"]) == (201, "waiting")

    answer = {"granted": False, "reason": "We listened.", "technician": desk.owen.pk}
    assert body(crm.post(f"{here}/appeals/{appeal['id']}/answer", answer))["appeals"][0]["state"] == "upheld"
    again = crm.post(f"{here}/appeals/{appeal['id']}/answer", answer | {"granted": True})
    assert again.status_code == 409

    later = {"reason": "Again.", "review_at": LATER, "technician": desk.dora.pk}
    assert body(crm.post(f"{here}/extension", later))["until_at"] is None
    lifted = body(crm.post(f"{here}/lifting", {"reason": "Sorry was said.", "technician": desk.dora.pk}))
    assert (lifted["stands"], lifted["steps"][-1]["kind"]) == (False, "lifted")
    assert [each["id"] for each in body(crm.get("/restrictions?state=ended"))["items"]] == [told["id"]]
    assert body(crm.get("/restrictions?state=open"))["items"] == []


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({"scope": "everybody"}, 422),
        ({"reason": "too-many-questions"}, 409),
        ({"what_happened": ""}, 422),
        ({"what_happened": "   "}, 409),
        ({"what_happened": "a\x00b"}, 422),
        ({"what_happened": "x" * 1001}, 422),
        ({"until_at": None}, 409),
        ({"review_at": LATER}, 409),
        ({"until_at": NOW.isoformat()}, 409),
        ({"until_at": "2099-01-01T00:00:00Z"}, 409),
        ({"until_at": "tomorrow"}, 422),
        ({"technician": 999_999}, 422),
        ({"technician": 2**63}, 422),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(
    desk: Cast, crm: Program, ticket: Ticket, other: dict[str, object], status: int
) -> None:
    answer = crm.post(f"/tickets/{ticket.number}/restrictions", given(desk) | other)

    assert answer.status_code == status, answer.content
    assert not Restriction.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("tess", 409), ("nils", 422)])
def test_the_named_technician_must_be_one_who_may(
    desk: Cast, crm: Program, ticket: Ticket, who: str, status: int
) -> None:
    answer = crm.post(f"/tickets/{ticket.number}/restrictions", given(desk, technician=getattr(desk, who).pk))

    assert answer.status_code == status


def test_an_appeal_of_another_restriction_is_not_found_at_this_one(
    desk: Cast, crm: Program, ticket: Ticket
) -> None:
    first = body(crm.post(f"/tickets/{ticket.number}/restrictions", given(desk)))["id"]
    second = body(crm.post(f"/tickets/{ticket.number}/restrictions", given(desk, scope="contact")))["id"]
    appeal = body(crm.post(f"/restrictions/{first}/appeals", {"contact": desk.ada.pk, "text": "No."}))
    answer = {"granted": True, "reason": "Yes.", "technician": desk.owen.pk}

    found = crm.post(f"/restrictions/{second}/appeals/{appeal['appeals'][0]['id']}/answer", answer)

    assert found.status_code == 404
