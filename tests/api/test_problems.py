"""Every error is a problem that explains itself, in the caller's language, whoever found it."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, override_settings

from api.calling import Program, program, told
from people import Cast, desk_of
from pomost.api.middleware import BODY_BYTES_MAX, language_of
from pomost.api.pace import pace
from pomost.api.problems import ABOUT
from pomost.people import access

NOW = datetime(2026, 6, 15, 12, tzinfo=ZoneInfo("Europe/Warsaw"))
DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "problems.md"


@pytest.fixture
def cast(db: None) -> Cast:
    return desk_of("satisoft")


@pytest.fixture
def crm(cast: Cast) -> Program:
    return program(cast.owen, NOW)


def shape(answer: HttpResponse, status: int, kind: str) -> Any:
    """Check that an answer is that problem; return it."""
    body = told(answer, status)
    assert answer["Content-Type"] == "application/problem+json"
    assert body["type"] == f"http://localhost:8000/api/problems/#{kind}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert answer["Cache-Control"] == "no-store"
    return body


def raw(crm: Program, body: bytes, content_type: str = "application/json") -> HttpResponse:
    address = crm.address("/customers")
    answer: Any = crm.client.post(address, body, content_type=content_type, headers=crm.headers())
    return answer  # type: ignore[no-any-return]


def test_what_is_not_there_is_a_problem(crm: Program) -> None:
    for path in ("/nothing", "/tickets/Z-1", "/customers/999999", "/contacts/1/2"):
        body = shape(crm.get(path), 404, "not-found")
        assert body["instance"] == f"/satisoft/api/v1{path}"


def test_a_desk_that_does_not_exist_answers_like_the_others(crm: Program) -> None:
    shape(Program("nowhere", crm.written, crm.clock).get("/me"), 404, "not-found")


def test_without_a_token_the_way_in_is_named(crm: Program) -> None:
    answer = Client().get("/satisoft/api/v1/me")

    shape(answer, 401, "unauthorized")  # type: ignore[arg-type]
    assert answer["WWW-Authenticate"] == 'Bearer realm="pomost"'


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer x", "Basic b3dlbjpwdw==", "Bearer pomost__", "Bearer pomost_a_b_c"],
)
def test_a_header_that_is_no_token_opens_nothing(crm: Program, header: str) -> None:
    answer: Any = crm.client.get(crm.address("/me"), headers={"Authorization": header})

    shape(answer, 401, "unauthorized")


def test_half_a_secret_is_no_secret(crm: Program) -> None:
    for written in (crm.written[:-1], crm.written + "x", crm.written.swapcase()):
        shape(Program("satisoft", written, crm.clock).get("/me"), 401, "unauthorized")


def test_another_method_is_named_with_those_that_are_taken(crm: Program) -> None:
    answer: Any = crm.client.delete(crm.address("/customers"), headers=crm.headers())

    shape(answer, 405, "method-not-allowed")
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"name": "\xd0"}', b"[" * 20_000], ids=repr)
def test_what_is_not_json_is_unreadable(crm: Program, body: bytes) -> None:
    shape(raw(crm, body), 400, "unreadable")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'"x"', b"1", b"NaN", b'{"a": NaN}', b'{"name": "\\ud800"}']
)
def test_json_of_another_shape_is_invalid(crm: Program, body: bytes) -> None:
    assert raw(crm, body).status_code in (400, 422)
    assert json.loads(raw(crm, body).content)["type"].startswith("http://localhost:8000/api/problems/#")


def test_other_media_types_are_refused(crm: Program) -> None:
    for media_type in ("text/plain", "multipart/form-data; boundary=x", "application/xml", ""):
        shape(raw(crm, b"{}", media_type), 415, "unsupported-media-type")


def test_a_large_body_is_refused_before_it_is_parsed(crm: Program) -> None:
    largest = b'"' + b"x" * (BODY_BYTES_MAX - 2) + b'"'

    assert raw(crm, largest).status_code == 422
    shape(raw(crm, largest + b" "), 413, "too-large")


def test_each_wrong_field_is_named(crm: Program) -> None:
    body = shape(
        crm.post("/customers", {"name": "", "language": "de", "tax_id": 7, "colour": "red"}), 422, "invalid"
    )

    assert {(each["in"], each["field"], each["code"]) for each in body["errors"]} == {
        ("body", "name", "string-too-short"),
        ("body", "language", "literal-error"),
        ("body", "tax_id", "string-type"),
        ("body", "colour", "extra-forbidden"),
    }


def test_wrong_parameters_are_named(crm: Program) -> None:
    answer = crm.get("/tickets", limit=0, after="x", state="strange", due_before="tomorrow")

    body = shape(answer, 422, "invalid")
    assert {(each["in"], each["field"]) for each in body["errors"]} == {
        ("query", "limit"),
        ("query", "after"),
        ("query", "state.0"),
        ("query", "due_before"),
    }


def test_a_name_inside_a_body_that_nothing_has_is_an_error_of_its_field(crm: Program, cast: Cast) -> None:
    request = {"contact": cast.ada.pk, "channel": "phone", "subject": "S", "service": "remote-hepl"}
    body = shape(crm.post("/tickets", request), 422, "invalid")

    (error,) = body["errors"]
    assert (error["field"], error["code"]) == ("service", "unknown")
    assert "remote-help" in error["detail"]


def test_a_refusal_keeps_the_desks_own_sentence(crm: Program) -> None:
    told(crm.post("/customers", {"name": "Firm", "language": "en"}), 201)

    body = shape(crm.post("/customers", {"name": "Firm", "language": "en"}), 409, "refused")

    assert body["detail"] == "There is a customer “Firm” already. Open that one."


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("pl", "pl"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("de, pl;q=0.5, en;q=0.4", "pl"),
        ("en;q=0.1, pl;q=0.2", "pl"),
        ("de", "en"),
        ("", "en"),
        ("*", "en"),
        ("pl;q=0", "en"),
        (";;;,,,q=1", "en"),
        ("x" * 10_000, "en"),
    ],
)
def test_the_language_is_the_best_of_those_accepted(accepted: str, language: str) -> None:
    assert language_of(accepted) == language


def test_the_sentence_is_in_the_callers_language_whatever_the_vendor_speaks(crm: Program) -> None:
    said = {}
    for language in ("en", "pl", "ru"):
        crm.language = language
        answer = crm.get("/tickets/Z-1")
        said[language] = told(answer, 404)["title"]
        assert answer["Content-Language"] == language

    assert len(set(said.values())) == 3


def test_a_token_that_runs_wild_is_slowed_down_alone(crm: Program, cast: Cast) -> None:
    other = program(cast.owen, NOW, name="other")
    pace.forget()
    with override_settings(API_REQUESTS_A_MINUTE=3):
        assert [crm.get("/me").status_code for _ in range(3)] == [200] * 3
        answer = crm.get("/me")
        shape(answer, 429, "too-many-requests")
        assert answer["Retry-After"] == "61"
        assert other.get("/me").status_code == 200


def test_a_crash_is_a_problem_and_not_a_page(crm: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_args: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(access, "customers", crash)
    body = shape(crm.get("/customers"), 500, "server-error")

    assert "secret" not in json.dumps(body)


def test_a_database_that_is_held_too_long_says_when_to_come_back(
    crm: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(**_given: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("pomost.api.customers.actions.add_customer", locked)
    answer = crm.post("/customers", {"name": "Firm", "language": "en"})

    shape(answer, 503, "busy")
    assert answer["Retry-After"] == "5"


def test_every_kind_of_problem_is_documented_with_its_status() -> None:
    documented = dict(
        re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    )

    assert documented == {kind.value: str(about.status) for kind, about in ABOUT.items()}


@pytest.mark.django_db
def test_the_type_of_a_problem_leads_to_its_paragraph() -> None:
    page = Client().get("/api/problems/").content.decode()

    assert [kind.value for kind in ABOUT if f'id="{kind.value}"' not in page] == []
