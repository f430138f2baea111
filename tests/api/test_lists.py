"""Lists come in pages that fit together, in a number of queries that does not grow with them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.calling import Program, program, told
from people import Cast, ask, desk_of
from pomost.journal.actions import record, seal_next

NOW = datetime(2026, 6, 15, 12, tzinfo=ZoneInfo("Europe/Warsaw"))
LISTS = ("/customers", "/tickets", "/facts", "/technicians", "/invoices", "/terms/versions")


@pytest.fixture
def cast(db: None) -> Cast:
    return desk_of("satisoft")


@pytest.fixture
def crm(cast: Cast) -> Program:
    return program(cast.owen, NOW)


def fill(cast: Cast, count: int, crm: Program) -> None:
    for place in range(count):
        ask(cast.ada, "remote-help", NOW - timedelta(minutes=place + 1), family="subiekt")
        told(crm.post("/customers", {"name": f"Firm {crm.clock.at} {place}", "language": "en"}), 201)
    crm.clock.at += timedelta(minutes=1)
    seal_next()


def queries(crm: Program, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        told(
            crm.get(path, limit=100)
            if "technicians" not in path and "versions" not in path
            else crm.get(path)
        )
    return len(caught)


def test_a_longer_list_needs_no_more_queries(crm: Program, cast: Cast) -> None:
    fill(cast, 2, crm)
    crm.get("/me")
    short = {path: queries(crm, path) for path in LISTS}
    fill(cast, 12, crm)
    crm.get("/me")

    assert {path: queries(crm, path) for path in LISTS} == short
    assert max(short.values()) <= 8


@pytest.mark.parametrize("limit", [1, 3, 100])
@pytest.mark.parametrize(
    ("path", "key"), [("/tickets", "number"), ("/customers", "id"), ("/facts", "sequence")]
)
def test_pages_put_together_are_the_whole_list_once(
    crm: Program, cast: Cast, path: str, key: str, limit: int
) -> None:
    fill(cast, 7, crm)
    whole = [each[key] for each in told(crm.get(path, limit=100))["items"]]
    seen, after = [], ""
    for _page in range(200):
        page = told(crm.get(path, limit=limit, after=after))
        seen += [each[key] for each in page["items"]]
        after = page["next"]
        if not page.get("has_more", after is not None):
            break

    assert seen == whole
    assert len(seen) >= 7


def test_a_page_stays_in_place_while_new_ones_come(crm: Program, cast: Cast) -> None:
    fill(cast, 4, crm)
    first = told(crm.get("/tickets", limit=2))
    ask(cast.ada, "remote-help", NOW, family="subiekt")

    second = told(crm.get("/tickets", limit=2, after=first["next"]))

    assert {each["number"] for each in first["items"]}.isdisjoint(each["number"] for each in second["items"])
    assert len(second["items"]) == 2


def test_filters_narrow_and_words_are_found_in_any_case(crm: Program, cast: Cast) -> None:
    ask(cast.ada, "remote-help", NOW, family="subiekt")
    ask(cast.boris, "remote-help", NOW, family="subiekt")

    by_customer = told(crm.get("/tickets", customer=cast.acme.pk))["items"]

    assert [each["customer"]["name"] for each in by_customer] == ["Acme"]
    assert len(told(crm.get("/tickets", words="acME button"))["items"]) == 1
    assert told(crm.get("/tickets", state="closed"))["items"] == []
    assert told(crm.get("/tickets", assigned_to=cast.tess.pk))["items"] == []
    assert [each["name"] for each in told(crm.get("/customers", name="BOREA"))["items"]] == ["Borealis"]


def test_facts_about_invoices_need_their_own_scope(crm: Program, cast: Cast) -> None:
    record("invoice.issued", vendor="satisoft", subject="ticket:1", by="desk", at=NOW, data={"gross": "9.00"})
    record("invoice.issued", vendor="neighbour", subject="ticket:1", by="desk", at=NOW)
    seal_next()
    reader = program(cast.owen, NOW, ["read"], name="reader")

    assert [each["data"] for each in told(crm.get("/facts", kind="invoice.issued"))["items"]] == [
        {"gross": "9.00"}
    ]
    assert told(reader.get("/facts", kind="invoice.issued"))["items"] == []
