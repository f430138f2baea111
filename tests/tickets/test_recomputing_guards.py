"""Attacks with raw SQL on what a recomputation made: why a promise is due at another time stays."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from attacks import refusal, run_sql, truncation
from people import Cast, ask, by, desk_of, with_package
from pomost.contracts.calendar_edits import override_calendar
from pomost.journal.models import Fact
from pomost.tickets.actions import recomputing
from pomost.tickets.actions.recomputing import Recomputer
from pomost.tickets.models import MovedClock, Recomputation

AT = datetime(2026, 6, 15, 15, tzinfo=ZoneInfo("Europe/Moscow"))
TUESDAY = date(2026, 6, 16)
MOVED = "recomputation: what it made of a clock is never changed or deleted"
WORK = "recomputation: one that is finished is never changed, and none is deleted or begun anew"


@pytest.fixture
def desk(both_databases: str) -> Cast:
    """A desk with one clock that waits to be moved."""
    desk = desk_of("centaur")
    with_package(desk.acme, "extended")
    ask(desk.ada, "settings-advice", AT, severity="medium")
    override_calendar(
        desk.vendor, "office", first_day=TUESDAY, last_day=TUESDAY, hours=(), by=by(desk.owen), at=AT
    )
    return desk


@pytest.fixture
def finished(desk: Cast) -> Recomputation:
    recomputer = Recomputer(pause=lambda _took: None)
    while Recomputation.objects.exclude(finished_at=None).count() == 0:
        recomputer.run_once(AT + timedelta(minutes=5))
    assert MovedClock.objects.count() == 1
    return Recomputation.objects.get()


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        ("UPDATE tickets_movedclock SET due_before = due_after", MOVED),
        ("UPDATE tickets_movedclock SET left_seconds = 0", MOVED),
        ("DELETE FROM tickets_movedclock", MOVED),
        ("UPDATE tickets_recomputation SET clocks = 0", WORK),
        ("UPDATE tickets_recomputation SET looked_at = looked_at + 1", WORK),
        ("UPDATE tickets_recomputation SET finished_at = NULL", WORK),
        ("DELETE FROM tickets_recomputation", WORK),
    ],
)
def test_raw_sql_cannot_touch_what_was_made(finished: Recomputation, attack: str, said: str) -> None:
    assert said in refusal(attack)

    assert Recomputation.objects.get() == finished
    assert MovedClock.objects.get().due_before != MovedClock.objects.get().due_after


@pytest.mark.parametrize("which_database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("attack", "said"),
    [
        ("INSERT OR REPLACE INTO tickets_movedclock SELECT * FROM tickets_movedclock", MOVED),
        ("INSERT OR REPLACE INTO tickets_recomputation SELECT * FROM tickets_recomputation", WORK),
        (
            "INSERT OR REPLACE INTO tickets_recomputation (edit_id, started_at, clocks, to_look_at, looked_at)"
            " SELECT edit_id, started_at, 0, 0, 0 FROM tickets_recomputation",
            WORK,
        ),
    ],
)
def test_replace_cannot_either(finished: Recomputation, attack: str, said: str) -> None:
    assert said in refusal(attack)


@pytest.mark.parametrize("which_database", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("table", "said"), [("tickets_movedclock", MOVED), ("tickets_recomputation", WORK)])
def test_nothing_is_emptied(finished: Recomputation, table: str, said: str) -> None:
    assert said in truncation(table)


def test_work_that_goes_on_may_be_counted_but_never_begins_at_another_time(desk: Cast) -> None:
    work = Recomputation.objects.create(edit_id=desk.vendor.calendar_edits.get().pk, started_at=AT)

    assert run_sql("UPDATE tickets_recomputation SET clocks = 1, looked_at = 1, swept_at = started_at") == 1
    assert WORK in refusal(
        "UPDATE tickets_recomputation SET started_at = '2020-01-01' WHERE id = %s", work.pk
    )
    assert WORK in refusal("DELETE FROM tickets_recomputation WHERE id = %s", work.pk)


def test_a_run_that_comes_after_the_end_changes_nothing(
    finished: Recomputation, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Recomputation.objects.values().get()
    monkeypatch.setattr(recomputing, "_next", lambda _now: finished.edit)  # chosen while it went on

    assert Recomputer(pause=lambda _took: None).run_once(AT + timedelta(minutes=6)) == 0

    assert Recomputation.objects.values().get() == before
    assert Fact.objects.filter(kind="calendar.recomputed").count() == 1
