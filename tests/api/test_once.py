"""A request with an idempotency key is done once, however often and from however many sides it comes."""

import threading
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connections

from api.calling import Program, program, told
from people import Cast, desk_of
from pomost.api import once
from pomost.api.models import KeptAnswer
from pomost.api.once import KEPT_FOR, forget_old
from pomost.people.models import Customer

NOW = datetime(2026, 6, 15, 12, tzinfo=ZoneInfo("Europe/Warsaw"))
FIRM = {"name": "Firm", "language": "en"}
THREADS = 6


@pytest.fixture
def cast(db: None) -> Cast:
    return desk_of("satisoft")


@pytest.fixture
def crm(cast: Cast) -> Program:
    return program(cast.owen, NOW)


def firms() -> int:
    return Customer.objects.filter(name="Firm").count()


def test_the_same_request_is_answered_as_before_and_not_done_again(crm: Program) -> None:
    first, second = (crm.post("/customers", FIRM, key="one") for _ in range(2))

    assert told(first, 201) == told(second, 201)
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert firms() == 1


def test_without_a_key_the_same_request_is_another_one(crm: Program) -> None:
    assert [crm.post("/customers", FIRM).status_code for _ in range(2)] == [201, 409]


@pytest.mark.parametrize("path", ["/customers", "/prices"], ids=["another body", "another address"])
def test_a_key_is_not_lent_to_another_request(crm: Program, path: str) -> None:
    crm.post("/customers", FIRM, key="one")
    body = (
        {"name": "Other", "language": "en"}
        if path == "/customers"
        else {"service": "remote-help", "worked_seconds": 1}
    )

    refused = told(crm.post(path, body, key="one"), 422)

    assert refused["type"].endswith("#key-reused")
    assert not Customer.objects.filter(name="Other").exists()


def test_two_programs_do_not_share_keys(crm: Program, cast: Cast) -> None:
    other = program(cast.owen, NOW, name="other")
    crm.post("/customers", FIRM, key="one")

    assert other.post("/customers", {"name": "Other", "language": "en"}, key="one").status_code == 201


def test_what_was_refused_may_be_tried_again_with_its_key(crm: Program) -> None:
    crm.post("/customers", FIRM)
    assert crm.post("/customers", FIRM, key="one").status_code == 409
    Customer.objects.filter(name="Firm").update(name="Renamed")

    assert crm.post("/customers", FIRM, key="one").status_code == 201


def test_a_key_is_free_again_after_a_day(crm: Program) -> None:
    crm.post("/customers", FIRM, key="one")
    crm.clock.at = NOW + KEPT_FOR - timedelta(seconds=1)
    assert crm.post("/customers", FIRM, key="one").status_code == 201
    crm.clock.at = NOW + KEPT_FOR

    assert crm.post("/customers", FIRM, key="one").status_code == 409


def test_old_answers_are_dropped_and_young_ones_stay(crm: Program) -> None:
    crm.post("/customers", FIRM, key="old")
    crm.clock.at = NOW + timedelta(hours=1)
    crm.post("/customers", {"name": "Other", "language": "en"}, key="young")

    assert forget_old(NOW + KEPT_FOR) == 1
    assert [each.key for each in KeptAnswer.objects.all()] == ["young"]
    assert forget_old(NOW + KEPT_FOR) == 0


@pytest.mark.parametrize(
    "key", [" ", "x" * 201, "\x7f", "ключ"], ids=["blank", "long", "control", "not ASCII"]
)
def test_a_key_that_cannot_be_is_refused(crm: Program, key: str) -> None:
    body = {**FIRM}
    status = crm.post("/customers", body, key=key).status_code

    assert status == (201 if key == " " else 400)


def race(crm: Program) -> list[int]:
    """Send one request from many threads at the same moment; return the statuses."""
    gate, statuses = threading.Barrier(THREADS), []

    def send() -> None:
        mine = Program(crm.vendor, crm.written, crm.clock)
        gate.wait()
        try:
            statuses.append(mine.post("/customers", FIRM, key="one").status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


def test_of_requests_that_race_one_is_done_and_all_read_its_answer(disk_database: Path) -> None:
    crm = program(desk_of("satisoft").owen, NOW)

    assert race(crm) == [201] * THREADS
    assert firms() == 1
    assert KeptAnswer.objects.count() == 1


def test_if_keys_were_only_looked_up_the_race_would_be_lost(
    disk_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the row written after the action, as it is often done, does not hold."""
    crm = program(desk_of("satisoft").owen, NOW)
    together = threading.Barrier(THREADS)

    def late(request: Any, key: str) -> tuple[KeptAnswer, bool]:
        found = KeptAnswer.objects.filter(token=request.auth, key=key).first()
        if found is not None:
            return found, False
        together.wait()
        return KeptAnswer(token=request.auth, key=key, at=request.now), True

    monkeypatch.setattr(once, "_take", late)
    monkeypatch.setattr(KeptAnswer, "save", lambda *_args, **_kwargs: None)
    monkeypatch.setattr("pomost.api.once.transaction.atomic", nullcontext)

    statuses = race(crm)

    assert statuses == [201] + [409] * (THREADS - 1)


def test_an_answer_that_was_undone_is_not_kept(crm: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(KeptAnswer, "save", broken)
        assert crm.post("/customers", FIRM, key="one").status_code == 500

    assert (firms(), KeptAnswer.objects.count()) == (0, 0)
    assert crm.post("/customers", FIRM, key="one").status_code == 201
