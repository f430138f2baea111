"""Attacks on edits of calendars, and on years of public holidays, with raw SQL."""

from datetime import timedelta

import pytest

from attacks import refusal, truncation
from people import BEFORE, desk_of
from pomost.contracts.calendar_edits import override_calendar
from pomost.contracts.models import CalendarEdit, HolidayYear

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


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE contracts_holidayyear SET days_off = '[]' WHERE id = %s",
        "UPDATE contracts_holidayyear SET working_days = '[]' WHERE id = %s",
        "UPDATE contracts_holidayyear SET year = 2099 WHERE id = %s",
        "UPDATE contracts_holidayyear SET \"by\" = 'nobody' WHERE id = %s",
        "DELETE FROM contracts_holidayyear WHERE id = %s",
    ],
    ids=["its days", "its working days", "the year", "by whom", "deleting"],
)
def test_raw_sql_cannot_touch_a_year(edit: CalendarEdit, sql: str) -> None:
    year = HolidayYear.objects.get(year=2026)

    assert "calendars: a year of public holidays is never changed" in refusal(sql, year.pk)

    assert ["2026-06-12", "День России"] in HolidayYear.objects.get(year=2026).days_off


@pytest.mark.parametrize("which_database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("which", [0, 1000], ids=["its row", "another row of the year"])
def test_replace_cannot_touch_a_year_either(edit: CalendarEdit, which: int) -> None:
    attack = """
        INSERT OR REPLACE INTO contracts_holidayyear
            (id, vendor_id, country, subdivision, year, days_off, working_days, proposed_by, edit_id, at, "by")
        SELECT id + %s, vendor_id, country, subdivision, year, '[]', working_days, proposed_by, edit_id, at, "by"
        FROM contracts_holidayyear WHERE year = 2026
    """

    assert "calendars: a year of public holidays is never changed" in refusal(attack, which)


@pytest.mark.parametrize("which_database", ["postgresql"], indirect=True)
def test_years_are_not_emptied(edit: CalendarEdit) -> None:
    assert "calendars: a year of public holidays is never changed" in truncation("contracts_holidayyear")
