"""Sealers and writers of the journal at the same moment."""

from datetime import UTC, datetime
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from pomost.journal import actions
from pomost.journal.models import Fact
from races.crossing import Crossing, of_kind, remove_locks

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
WRITERS, FACTS_EACH, SEALERS = 4, 25, 2


def write(count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            actions.record(
                "x.done", vendor="acme", subject="x:1", by="desk", at=NOON, data={"number": number}
            )


def seal_at_once(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Let two seal five of ten facts each; each stops when it knows where the chain ends."""
    write(3)
    actions.seal_next()
    write(10)
    crossing = Crossing(one_by_one=True)
    monkeypatch.setattr(actions, "_end_of_chain", crossing.after(actions._end_of_chain))
    return crossing.run(*[partial(actions.seal_next, batch=5)] * SEALERS)


def test_sealers_at_once_make_one_chain(both_own_databases: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = seal_at_once(monkeypatch)

    assert ends == [5, 5]
    assert actions.verify_chain() is None
    assert Fact.objects.exclude(sequence=None).count() == 13


def test_without_their_lock_sealers_would_take_the_same_places(
    both_own_databases: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove_locks(monkeypatch)
    monkeypatch.setattr(actions, "_keep_other_sealers_out", lambda: None)

    ends = seal_at_once(monkeypatch)

    assert len(of_kind(ends, DatabaseError)) == 1, ends


def test_facts_of_many_writers_are_sealed_while_they_write(both_own_databases: str) -> None:
    def writer() -> str:
        write(FACTS_EACH)
        return "wrote"

    def sealer() -> int:
        sealed = 0
        while Fact.objects.exclude(sequence=None).count() < WRITERS * FACTS_EACH:
            sealed += actions.seal_next(batch=7)
        return sealed

    ends = Crossing().run(*[writer] * WRITERS, *[sealer] * SEALERS)

    assert ends[:WRITERS] == ["wrote"] * WRITERS, ends
    assert sum(of_kind(ends, int)) == WRITERS * FACTS_EACH, ends
    assert list(Fact.objects.order_by("sequence").values_list("sequence", flat=True)) == list(
        range(1, WRITERS * FACTS_EACH + 1)
    )
    assert actions.verify_chain() is None
    assert connection.vendor == both_own_databases
