"""Calendars through the API: what a change would move, the change, its withdrawal, and a year of holidays."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse

from api.calling import Program, program
from people import Cast, ask, desk_of, with_package
from pomost.contracts.models import CalendarEdit, HolidayYear
from pomost.tickets.actions import Recomputer
from pomost.tickets.models import Ticket

NOW = datetime(2026, 6, 15, 6, 12, tzinfo=UTC)
EDITS = "/calendars/office/edits"
YEAR = "/calendars/office/years/2028"


@pytest.fixture
def desk(db: None) -> Cast:
    made = desk_of("centaur")
    with_package(made.acme, "basic")
    return made


@pytest.fixture
def crm(desk: Cast) -> Program:
    return program(desk.owen, NOW)


@pytest.fixture
def ticket(desk: Cast) -> Ticket:
    return ask(desk.ada, "settings-advice", NOW, severity="low")


def body(answer: HttpResponse, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def test_the_calendars_are_named_in_the_callers_language(desk: Cast, crm: Program) -> None:
    (office,) = body(crm.get("/calendars"))["items"]

    assert (office["key"], office["name"], office["country"]) == ("office", "Support hours", "RU")
    assert (office["confirmed_until"], office["next_year"]) == ("2027-12-31", 2028)
    polish = program(desk.owen, NOW, name="PL", language="pl")
    assert body(polish.get("/calendars"))["items"][0]["name"] == "Godziny pracy wsparcia"


def test_an_exception_from_the_question_to_its_withdrawal(crm: Program, ticket: Ticket) -> None:
    day = {"first_day": "2026-06-16", "note": "Stocktaking"}
    assert body(crm.post(f"{EDITS}/preview", day)) == {
        "earlier": 0,
        "later": 1,
        "asked": 0,
        "looked_at": 1,
        "of": 1,
    }
    assert not CalendarEdit.objects.exists()

    made = body(crm.post(EDITS, day, key="a"), 201)
    assert (made["kind"], made["hours"], made["holds"]) == ("exception", "", True)
    assert made["by"].startswith("token:")
    assert body(crm.post(EDITS, day, key="a"), 201) == made
    assert CalendarEdit.objects.count() == 1
    assert body(crm.post(EDITS, day), 409)["detail"].endswith("Withdraw that one first.")

    Recomputer(pause=lambda _took: None).run_once(NOW + timedelta(minutes=5))
    here = f"{EDITS}/{made['id']}/withdrawal"
    assert body(crm.post(f"{here}/preview"))["earlier"] == 1
    gone = body(crm.post(here), 201)
    assert (gone["kind"], gone["withdraws"]) == ("withdrawal", made["id"])
    assert crm.post(here).status_code == 404

    first = body(crm.get(EDITS, limit=1))
    assert [each["id"] for each in first["items"]] == [gone["id"]]
    second = body(crm.get(EDITS, after=first["next"]))
    assert [(each["id"], each["holds"]) for each in second["items"]] == [(made["id"], False)]
    assert second["next"] is None


def test_shortened_hours_are_given_as_people_write_them(crm: Program) -> None:
    made = body(crm.post(EDITS, {"first_day": "2026-06-16", "hours": "09:00-13:00, 14:00-16:00"}), 201)

    assert made["hours"] == "09:00-13:00, 14:00-16:00"
    (day,) = (
        each for each in body(crm.get("/calendars/office/years/2026"))["days"] if each["day"] == "2026-06-16"
    )
    assert (day["hours"], day["reason"]) == ("09:00-13:00, 14:00-16:00", "desk")


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 422),
        ({"first_day": "2026-02-30"}, 422),
        ({"first_day": "2026-06-16", "hours": "9-13"}, 422),
        ({"first_day": "2026-06-16", "hours": "13:00-09:00"}, 422),
        ({"first_day": "2026-06-16", "hours": "09:00-13:00, 12:00-14:00"}, 409),
        ({"first_day": "2026-06-12"}, 409),
        ({"first_day": "2026-06-16", "last_day": "2026-06-15"}, 409),
        ({"first_day": "2026-06-16", "note": "x" * 121}, 422),
    ],
)
def test_what_cannot_be_is_refused_by_question_and_change_alike(
    crm: Program, given: dict[str, object], status: int
) -> None:
    for path in (EDITS, f"{EDITS}/preview"):
        assert crm.post(path, given).status_code == status
    assert not CalendarEdit.objects.exists()


def test_an_edit_of_another_calendar_or_desk_is_not_found(desk: Cast, crm: Program) -> None:
    made = body(crm.post(EDITS, {"first_day": "2026-06-16"}), 201)

    assert crm.post(f"/calendars/night/edits/{made['id']}/withdrawal").status_code == 404
    stranger = program(desk.nils, NOW, name="theirs")
    assert stranger.post(f"{EDITS}/{made['id']}/withdrawal").status_code == 404


def test_a_year_is_looked_through_and_confirmed(crm: Program) -> None:
    proposed = body(crm.get(YEAR))
    assert not proposed["is_confirmed"]
    assert not proposed["is_complete"]
    assert len(proposed["proposed"]) == 14

    days = [*proposed["proposed"], {"day": "2028-05-08", "name": "Перенос"}]
    told = body(crm.post(YEAR, {"days_off": days, "working_days": ["2028-04-29"]}), 201)

    assert (told["is_confirmed"], told["proposed"]) == (True, [])
    assert {"2028-05-08", "2028-04-29"} <= {each["day"] for each in told["days"]}
    kept = HolidayYear.objects.get(year=2028)
    assert (len(kept.days_off), kept.by[:6]) == (15, "token:")
    assert body(crm.get("/calendars"))["items"][0]["next_year"] == 2029
    assert [each["kind"] for each in body(crm.get(EDITS))["items"]] == ["year"]
    assert body(crm.post(YEAR, {"days_off": days}), 409)["detail"].startswith("2028 is confirmed already")


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 422),
        ({"days_off": [{"day": "2028-01-01", "name": " "}]}, 422),
        ({"days_off": [{"day": "2028-01-01", "name": "a"}, {"day": "2028-01-01", "name": "b"}]}, 422),
        ({"days_off": [{"day": "2027-01-01", "name": "a"}]}, 409),
        ({"days_off": [], "working_days": ["2028-01-03"]}, 409),
    ],
)
def test_what_is_no_year_is_refused(crm: Program, given: dict[str, object], status: int) -> None:
    assert crm.post(YEAR, given).status_code == status
    assert not CalendarEdit.objects.exists()


def test_reading_needs_no_more_than_a_reader_and_changing_the_terms_scope(desk: Cast) -> None:
    reader = program(desk.owen, NOW, ["read", "write"], name="reader")

    assert reader.post(f"{EDITS}/preview", {"first_day": "2026-06-16"}).status_code == 200
    assert reader.post(EDITS, {"first_day": "2026-06-16"}).status_code == 403
    assert reader.post(YEAR, {"days_off": []}).status_code == 403
