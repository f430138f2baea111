"""Agreed times through the API: what is free, agreeing, moving, giving up."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.calling import Program, program, told
from people import Cast, ask, desk_of
from pomost.tickets.models import Ticket

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 6, 15, 10, 12, tzinfo=MOSCOW)


@pytest.fixture
def bonus(db: None) -> Cast:
    made = desk_of("bonus")
    made.acme.consultant = made.tess
    made.acme.save(update_fields=["consultant"])
    return made


@pytest.fixture
def crm(bonus: Cast) -> Program:
    return program(bonus.owen, NOW)


def asked(bonus: Cast) -> Ticket:
    return ask(bonus.ada, "direct-connection", NOW - timedelta(hours=1))


def test_free_agreed_moved_and_given_up(bonus: Cast, crm: Program) -> None:
    path = f"/tickets/{asked(bonus).number}"
    times = told(crm.get(f"{path}/times"))
    assert times["agreed"] is None
    first, second, *_rest = times["free"]
    assert first["is_own"]
    assert first["technician"] == {"id": bonus.tess.pk, "name": "Tess"}
    assert datetime.fromisoformat(first["starts_at"]) == NOW.replace(hour=12, minute=0)

    for wanted in (first, second):
        body = {
            "technician": wanted["technician"]["id"],
            "starts_at": wanted["starts_at"],
            "ends_at": wanted["ends_at"],
        }
        told(crm.post(f"{path}/booking", body))
        assert told(crm.get(f"{path}/times"))["agreed"]["starts_at"] == wanted["starts_at"]
    told(crm.post(f"{path}/booking/cancellation"))

    assert told(crm.get(f"{path}/times")) == times


def test_a_taken_time_is_not_offered_to_another_request(bonus: Cast, crm: Program) -> None:
    first = told(crm.get(f"/tickets/{asked(bonus).number}/times"))["free"][0]
    body = {"technician": bonus.tess.pk, "starts_at": first["starts_at"], "ends_at": first["ends_at"]}
    told(crm.post(f"/tickets/{asked(bonus).number}/booking", body))

    other = asked(bonus).number

    assert first not in told(crm.get(f"/tickets/{other}/times"))["free"]
    told(crm.post(f"/tickets/{other}/booking", body), 409)


def test_where_the_terms_do_not_say_how_nothing_is_offered(bonus: Cast, crm: Program) -> None:
    line = ask(bonus.ada, "phone-line", NOW)

    assert told(crm.get(f"/tickets/{line.number}/times")) == {"agreed": None, "free": []}
