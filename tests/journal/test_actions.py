from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from attacks import drop_guards, refusal, run_sql, truncation
from pomost.journal import actions
from pomost.journal.models import Fact

both = pytest.mark.usefixtures("both_databases")

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def fact(kind: str = "ticket.registered", **data: object) -> Fact:
    return actions.record(kind, vendor="acme", subject="ticket:17", by="contact:8", at=NOON, data=data)


@both
def test_a_fact_says_what_happened_to_what_by_whom_and_when() -> None:
    fact(number="A-1")

    kept = Fact.objects.get()
    assert (kept.vendor, kept.kind, kept.subject, kept.by, kept.at) == (
        "acme",
        "ticket.registered",
        "ticket:17",
        "contact:8",
        NOON,
    )
    assert kept.data == {"number": "A-1"}


@both
@pytest.mark.parametrize("odd", [NOON, float("nan"), {1, 2}], ids=["a moment", "not a number", "a set"])
def test_a_fact_that_json_cannot_hold_is_refused(odd: object) -> None:
    with pytest.raises(ValueError, match="JSON cannot hold"):
        fact(odd=odd)


@both
def test_a_fact_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="names no zone"):
        actions.record("x.done", vendor="", subject="x:1", by="desk", at=NOON.replace(tzinfo=None))


def test_a_fact_outside_a_transaction_is_refused(both_own_databases: object) -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        fact()


def test_listeners_hear_of_a_fact_after_its_commit_and_never_of_one_taken_back(
    both_own_databases: object,
) -> None:
    heard: list[int] = []

    def hear() -> None:
        heard.append(Fact.objects.count())

    actions.listen(hear)
    try:
        with transaction.atomic():
            fact()
            assert heard == []
        assert heard == [1]

        with transaction.atomic():
            fact()
            transaction.set_rollback(True)
        assert heard == [1]
    finally:
        actions.forget(hear)

    with transaction.atomic():
        fact()
    assert heard == [1]


@both
def test_sealing_numbers_the_facts_without_gaps_and_in_order() -> None:
    facts = [fact(n=n) for n in range(5)]

    assert actions.seal_next(batch=2) == 2
    assert actions.seal_next(batch=2) == 2
    assert actions.seal_next(batch=2) == 1
    assert actions.seal_next() == 0

    sealed = Fact.objects.order_by("sequence")
    assert [each.pk for each in sealed] == [each.pk for each in facts]
    assert [each.sequence for each in sealed] == [1, 2, 3, 4, 5]
    assert actions.verify_chain() is None


@both
def test_the_hash_of_a_fact_covers_everything_before_it() -> None:
    fact(n=1)
    fact(n=2)
    actions.seal_next()
    first = list(Fact.objects.order_by("sequence").values_list("hash", flat=True))

    assert first[0] != first[1]
    assert all(len(value) == 64 for value in first)


ATTACKS = {
    "changing what it says": "UPDATE journal_fact SET data = '{\"n\": 9}' WHERE id = %s",
    "changing who did it": "UPDATE journal_fact SET \"by\" = 'technician:1' WHERE id = %s",
    "changing when": "UPDATE journal_fact SET at = '2020-01-01 00:00:00' WHERE id = %s",
    "moving it to another vendor": "UPDATE journal_fact SET vendor = 'other' WHERE id = %s",
    "sealing it anew": "UPDATE journal_fact SET sequence = 77 WHERE id = %s",
    "unsealing it": "UPDATE journal_fact SET sequence = NULL, hash = '' WHERE id = %s",
    "deleting it": "DELETE FROM journal_fact WHERE id = %s",
    "deleting all": "DELETE FROM journal_fact WHERE id > 0 OR id = %s",
    "taking its place": 'INSERT INTO journal_fact (id, vendor, kind, subject, "by", at, data, hash)'
    " VALUES (%s, 'acme', 'x', 'y', 'z', '2020-01-01', '{}', '') ON CONFLICT (id) DO UPDATE SET kind = 'other'",
}
REPLACING = (
    'INSERT OR REPLACE INTO journal_fact (id, vendor, kind, subject, "by", at, data, hash)'
    " VALUES (%s, 'acme', 'x', 'y', 'z', '2020-01-01', '{}', '')"
)


@both
@pytest.mark.parametrize("sql", ATTACKS.values(), ids=ATTACKS.keys())
def test_raw_sql_cannot(sql: str) -> None:
    kept = fact(n=1)
    actions.seal_next()

    assert "journal: a" in refusal(sql, kept.pk)

    assert Fact.objects.get(pk=kept.pk).data == {"n": 1}
    assert actions.verify_chain() is None


@pytest.mark.django_db
def test_replace_cannot_either() -> None:
    kept = fact(n=1)
    actions.seal_next()

    assert "replaces none" in refusal(REPLACING, kept.pk)


@both
@pytest.mark.parametrize("which_database", ["postgresql"], indirect=True)
def test_the_journal_is_not_emptied() -> None:
    fact(n=1)

    assert "never deleted" in truncation("journal_fact")


WAITING = ["UPDATE journal_fact SET data = '{}' WHERE id = %s", "DELETE FROM journal_fact WHERE id = %s"]


@both
@pytest.mark.parametrize("sql", WAITING, ids=["changing", "deleting"])
def test_raw_sql_cannot_touch_a_fact_that_waits_for_its_seal_either(sql: str) -> None:
    fact(n=1)
    actions.seal_next()
    waiting = fact(n=2)

    assert "journal: a fact is never" in refusal(sql, waiting.pk)


@both
def test_no_fact_takes_the_place_of_a_sealed_one() -> None:
    fact(n=1)
    actions.seal_next()
    waiting = fact(n=2)

    refusal("UPDATE journal_fact SET sequence = 1 WHERE id = %s", waiting.pk)


@pytest.mark.django_db
def test_replace_does_not_take_the_place_of_a_sealed_one() -> None:
    fact(n=1)
    actions.seal_next()
    waiting = fact(n=2)

    assert "is never" in refusal("UPDATE OR REPLACE journal_fact SET sequence = 1 WHERE id = %s", waiting.pk)


@both
def test_a_fact_cannot_be_slipped_in_with_a_place_of_its_own() -> None:
    assert "unsealed" in refusal(
        'INSERT INTO journal_fact (vendor, kind, subject, "by", at, data, sequence, hash)'
        " VALUES ('acme', 'x', 'y', 'z', '2020-01-01', '{}', 5, 'abc')"
    )


@both
def test_the_chain_shows_a_change_that_the_triggers_could_not_stop() -> None:
    facts = [fact(n=n) for n in range(3)]
    actions.seal_next()
    drop_guards()
    run_sql("UPDATE journal_fact SET at = %s WHERE id = %s", NOON + timedelta(seconds=1), facts[1].pk)

    broken = actions.verify_chain()

    assert broken is not None
    assert broken.sequence == 2
    assert "does not match its hash" in broken.what


@both
def test_the_chain_shows_a_fact_that_was_taken_out() -> None:
    facts = [fact(n=n) for n in range(3)]
    actions.seal_next()
    drop_guards()
    run_sql("DELETE FROM journal_fact WHERE id = %s", facts[1].pk)

    broken = actions.verify_chain()

    assert broken is not None
    assert (broken.sequence, broken.what) == (2, "Fact 2 is missing: the next one is 3.")
