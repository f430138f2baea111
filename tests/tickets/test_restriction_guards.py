"""Attacks on restrictions, their steps and appeals, with raw SQL, each beside what is allowed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from attacks import refusal, run_sql, truncation
from people import Cast, ask, by, desk_of
from pomost.tickets import actions
from pomost.tickets.models import Restriction, RestrictionAppeal, RestrictionStep

NOW = datetime(2026, 6, 15, 6, tzinfo=UTC)
LATER = NOW + timedelta(days=7)

FIXED = "restriction: who, why and for whom never changes"
STEP = "restriction: how long it lasts is what its last step says"
ENDED = "restriction: one that ended is never opened again"
ONCE = "restriction: an appeal is decided once"


@dataclass(frozen=True, slots=True)
class Rows:
    """Ada's firm is restricted and has appealed; an older restriction was lifted."""

    desk: Cast
    stands: Restriction
    lifted: Restriction
    appeal: RestrictionAppeal


@pytest.fixture
def rows(both_databases: object) -> Rows:
    desk = desk_of("centaur")
    ticket = ask(desk.ada, "settings-advice", NOW, severity="low")

    def restrict(scope: str) -> Restriction:
        return actions.restrict(
            ticket,
            scope=scope,
            refusal="conduct",
            what_happened="Shouting.",
            until_at=LATER,
            technician=desk.dora,
            by=by(desk.dora),
            at=NOW,
        )

    lifted = actions.lift_restriction(
        restrict("contact"), "Enough.", technician=desk.dora, by=by(desk.dora), at=NOW
    )
    stands = restrict("customer")
    appeal = actions.appeal_restriction(stands, "It was not so.", contact=desk.ada, by=by(desk.ada), at=NOW)
    return Rows(desk, stands, lifted, appeal)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("scope = 'request'", FIXED),
        ("refusal = 'against-the-manual'", FIXED),
        ("clause = '6.2'", FIXED),
        ("what_happened = 'Nothing.'", FIXED),
        ("imposed_by = 'technician:1'", FIXED),
        ("starts_at = '2020-01-01'", FIXED),
        ("until_at = '2030-01-01'", STEP),
        ("until_at = NULL, review_at = '2030-01-01'", STEP),
        ("ended_at = '2026-06-16', next_at = NULL", STEP),
    ],
)
def test_what_a_restriction_is_does_not_change_without_a_step(rows: Rows, change: str, why: str) -> None:
    assert why in refusal(f"UPDATE tickets_restriction SET {change} WHERE id = %s", rows.stands.pk)  # noqa: S608 (our own words)


def test_the_sweep_may_put_itself_off(rows: Rows) -> None:
    assert run_sql("UPDATE tickets_restriction SET next_at = %s WHERE id = %s", LATER, rows.stands.pk) == 1


@pytest.mark.parametrize("change", ["ended_at = NULL", "next_at = '2030-01-01', ended_at = NULL"])
def test_one_that_ended_is_not_opened_again(rows: Rows, both_databases: str, change: str) -> None:
    said = refusal(f"UPDATE tickets_restriction SET {change} WHERE id = %s", rows.lifted.pk)  # noqa: S608 (our own words)

    assert {"sqlite": STEP, "postgresql": ENDED}[both_databases] in said, (
        "both hold it; which speaks is the database's choice"
    )


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("tickets_restrictionappeal", "an appeal is never deleted"),
        ("tickets_restrictionstep", "a step is never changed or deleted"),
    ],
)
def test_steps_and_appeals_are_not_deleted(rows: Rows, table: str, why: str) -> None:
    assert why in refusal(f"DELETE FROM {table}")  # noqa: S608 (our own words)


def test_a_restriction_is_not_deleted(rows: Rows) -> None:
    run_sql("UPDATE tickets_restriction SET next_at = next_at WHERE id = %s", rows.stands.pk)

    with pytest.raises(Exception, match="restriction: it is never deleted"):
        run_sql("DELETE FROM tickets_restriction WHERE id = %s", rows.stands.pk)


@pytest.mark.parametrize(
    "change", ["text = 'Enough!'", "person = ''", "until_at = '2030-01-01'", "at = '2020-01-01'"]
)
def test_a_step_never_changes(rows: Rows, change: str) -> None:
    step = RestrictionStep.objects.filter(restriction=rows.stands).first()
    assert step is not None

    said = refusal(f"UPDATE tickets_restrictionstep SET {change} WHERE id = %s", step.pk)  # noqa: S608 (our own words)

    assert "a step is never changed" in said


def test_no_step_is_added_after_the_end(rows: Rows) -> None:
    said = refusal(
        "INSERT INTO tickets_restrictionstep (restriction_id, kind, person, text, by, at)"
        " VALUES (%s, 'extended', '', '', 'x', %s)",
        rows.lifted.pk,
        NOW,
    )

    assert "none is added after the end" in said


def test_no_restriction_begins_ended(rows: Rows) -> None:
    names = [field.attname for field in Restriction._meta.concrete_fields if field.attname != "id"]
    values = ", ".join({"ended_at": "starts_at", "next_at": "NULL"}.get(name, name) for name in names)

    assert "begins without an end" in refusal(
        f"INSERT INTO tickets_restriction ({', '.join(names)})"  # noqa: S608 (our own column names)
        f" SELECT {values} FROM tickets_restriction WHERE id = %s",
        rows.stands.pk,
    )


@pytest.mark.parametrize("change", ["text = 'I agree.'", "contact_id = %s", "appealed_at = '2020-01-01'"])
def test_the_words_of_an_appeal_never_change(rows: Rows, change: str) -> None:
    values = (rows.desk.boris.pk, rows.appeal.pk) if "%s" in change else (rows.appeal.pk,)

    assert ONCE in refusal(f"UPDATE tickets_restrictionappeal SET {change} WHERE id = %s", *values)  # noqa: S608 (our own words)


def test_a_decided_appeal_stays_decided(rows: Rows) -> None:
    actions.decide_appeal(
        rows.appeal, grant=False, reason="No.", technician=rows.desk.owen, by=by(rows.desk.owen), at=NOW
    )

    for change in ("state = 'granted'", "reason = 'Yes.'", "alone = (1 = 1)", "decided_by = 'technician:1'"):
        assert ONCE in refusal(
            f"UPDATE tickets_restrictionappeal SET {change} WHERE id = %s",  # noqa: S608 (our own words)
            rows.appeal.pk,
        )


APPEAL = (
    "INSERT INTO tickets_restrictionappeal"
    " (restriction_id, contact_id, text, appealed_at, by, state, decided_by, alone, reason)"
    " VALUES (%s, %s, 'x', %s, 'x', 'waiting', '', (1 = 0), '')"
)


def test_an_appeal_is_by_the_customer_and_against_one_that_stands(rows: Rows) -> None:
    desk = rows.desk

    assert "an appeal begins waiting" in refusal(APPEAL, rows.lifted.pk, desk.ada.pk, NOW)
    actions.decide_appeal(
        rows.appeal, grant=False, reason="No.", technician=desk.owen, by=by(desk.owen), at=NOW
    )
    assert "an appeal begins waiting" in refusal(APPEAL, rows.stands.pk, desk.boris.pk, NOW)
    assert run_sql(APPEAL, rows.stands.pk, desk.ada.pk, NOW) == 1


@pytest.mark.parametrize("which_database", ["sqlite"], indirect=True)
def test_replace_does_not_get_around_it(rows: Rows) -> None:
    for model, key in ((Restriction, rows.stands.pk), (RestrictionAppeal, rows.appeal.pk)):
        table = model._meta.db_table
        names = ", ".join(field.attname for field in model._meta.concrete_fields)
        said = refusal(
            f"INSERT OR REPLACE INTO {table} ({names}) SELECT {names} FROM {table} WHERE id = %s",  # noqa: S608 (our own column names)
            key,
        )
        assert "restriction: " in said


@pytest.mark.parametrize("which_database", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "table", ["tickets_restriction", "tickets_restrictionstep", "tickets_restrictionappeal"]
)
def test_nothing_is_emptied(rows: Rows, table: str) -> None:
    assert "restriction: " in truncation(table)
