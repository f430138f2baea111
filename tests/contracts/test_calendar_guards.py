"""Attacks on edits of calendars with raw SQL."""

from datetime import timedelta

import pytest

from attacks import refusal, truncation
from people import BEFORE, desk_of
from pomost.contracts.calendar_edits import override_calendar
from pomost.contracts.models import CalendarEdit

DAY = BEFORE.date() + timedelta(days=10)


@pytest.fixture
def edit(both_databases: object) -> CalendarEdit:
    desk = desk_of("centaur")
    return override_calendar(
        desk.vendor, "office", first_day=DAY, last_day=DAY, hours=(), note="Move", by="system", at=BEFORE
    )


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE contracts_calendaredit SET first_day = '2020-01-01' WHERE id = %s",
        "UPDATE contracts_calendaredit SET \"by\" = 'nobody' WHERE id = %s",
        "UPDATE contracts_calendaredit SET note = '' WHERE id = %s",
        "DELETE FROM contracts_calendaredit WHERE id = %s",
    ],
    ids=["the day", "by whom", "the reason", "deleting"],
)
def test_raw_sql_cannot_touch_an_edit(edit: CalendarEdit, sql: str) -> None:
    assert "calendars: an edit is never changed" in refusal(sql, edit.pk)

    assert CalendarEdit.objects.get().note == "Move"
    assert CalendarEdit.objects.get().first_day == DAY


@pytest.mark.parametrize("which_database", ["sqlite"], indirect=True)
def test_replace_cannot_either(edit: CalendarEdit) -> None:
    attack = """
        INSERT OR REPLACE INTO contracts_calendaredit (id, vendor_id, calendar, kind, first_day, last_day, hours, note, at, "by")
        SELECT id, vendor_id, calendar, kind, first_day, last_day, hours, 'other', at, "by" FROM contracts_calendaredit
        WHERE id = %s
    """

    assert "calendars: an edit is never changed" in refusal(attack, edit.pk)


@pytest.mark.parametrize("which_database", ["postgresql"], indirect=True)
def test_edits_are_not_emptied(edit: CalendarEdit) -> None:
    assert "calendars: an edit is never changed" in truncation("contracts_calendaredit")
