"""Public holidays are taken once: what the package of holidays says later changes nothing that a desk has taken."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from hypothesis import given
from hypothesis import strategies as st

from attacks import refusal
from people import BEFORE, TERMS, Cast, by, cast, desk_of
from pomost.contracts import actions, drafts, holiday_actions, holiday_years, queries
from pomost.contracts.calendar_edits import override_calendar
from pomost.contracts.calendars import CalendarBook
from pomost.contracts.errors import ContractRefused
from pomost.contracts.holiday_actions import confirm_year
from pomost.contracts.holiday_years import Difference, Differs, differences
from pomost.contracts.models import CalendarEdit, HolidayYear, TermsVersion
from pomost.contracts.public_holidays import proposed_year, public_holidays
from pomost.contracts.queries import terms_in_force
from pomost.journal.models import Fact
from pomost.rules.calendar import Calendar, NotPromised
from pomost.rules.terms.parts import Hours, PublicHolidays

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 6, 15, 7, tzinfo=UTC)
TODAY = NOW.date()
RUSSIA = ("RU", "")
OFF = {date(2028, 1, 3): "Новый год", date(2028, 6, 12): "День России"}
SATURDAY = date(2028, 2, 19)


@pytest.fixture
def desk(db: None) -> Cast:
    return desk_of("centaur")


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later package of holidays: it knows 2028, gives 16 June off, and 12 June no more."""

    def said(country: str, subdivision: str | None, years: Sequence[int]) -> PublicHolidays:
        found = public_holidays(country, subdivision, years)
        days = {date(2026, 6, 16): "Invented", **found.days_off}
        days.pop(date(2026, 6, 12), None)
        return PublicHolidays(days, found.working_days, date(2028, 12, 31))

    monkeypatch.setattr(holiday_years, "public_holidays", said)
    monkeypatch.setattr(holiday_actions, "public_holidays", said)
    monkeypatch.setattr(queries, "_parsed", {})


def office(desk: Cast, day: date = TODAY) -> Calendar:
    _version, terms = terms_in_force(desk.vendor, day)
    return CalendarBook.of(desk.vendor.pk).applied_to(terms).calendar("office")


def confirm(desk: Cast, year: int = 2028, at: datetime = NOW, **other: Any) -> CalendarEdit:
    given: dict[str, Any] = {"days_off": OFF, "working_days": {SATURDAY}} | other
    return confirm_year(desk.vendor, RUSSIA, year, **given, by=by(desk.owen), at=at)


def test_publishing_terms_takes_the_years_that_are_official(desk: Cast) -> None:
    years = list(HolidayYear.objects.filter(vendor=desk.vendor))

    assert [each.year for each in years] == [2023, 2024, 2025, 2026, 2027]
    assert {(each.country, each.by, each.edit_id) for each in years} == {("RU", "system", None)}
    assert ["2026-06-12", "День России"] in years[3].days_off
    assert "2025-11-01" in years[2].working_days
    assert all(each.proposed_by.startswith("holidays ") for each in years)
    assert Fact.objects.get(kind="terms.published").data["holiday_years"] == {"RU": [2023, 2027]}


def test_a_newer_package_changes_nothing_that_was_taken(desk: Cast, newer: None) -> None:
    assert not office(desk).is_working_day(date(2026, 6, 12))
    assert office(desk).is_working_day(date(2026, 6, 16))
    assert office(desk).confirmed_until == date(2027, 12, 31)


def test_nor_when_further_terms_are_published_or_drafted(desk: Cast, newer: None) -> None:
    text = TermsVersion.objects.get().text
    second = text.replace('version = "1"', 'version = "2"').replace("from = 2024-01-01", "from = 2026-07-01")
    draft = drafts.checked(desk.vendor, second).terms
    actions.publish_terms(desk.vendor, second, by="system", at=NOW)

    assert HolidayYear.objects.count() == 5
    for terms in (draft, terms_in_force(desk.vendor, date(2026, 7, 1))[1]):
        assert terms is not None
        assert terms.version == "2"
        assert terms.calendar("office").confirmed_until == date(2027, 12, 31)
        assert terms.calendar("office").is_working_day(date(2026, 6, 16))


def test_a_country_that_new_terms_bring_is_taken_with_them(desk: Cast) -> None:
    text = TermsVersion.objects.get().text
    second = text.replace('version = "1"', 'version = "2"').replace("from = 2024-01-01", "from = 2026-07-01")
    actions.publish_terms(
        desk.vendor,
        second.replace('public_holidays = "RU"', 'public_holidays = "PL"'),
        by="system",
        at=NOW,
    )

    assert set(HolidayYear.objects.values_list("country", flat=True)) == {"RU", "PL"}
    assert not office(desk, date(2026, 7, 1)).is_working_day(date(2026, 11, 11))


def test_a_year_that_is_confirmed_counts_from_then_on(desk: Cast) -> None:
    assert office(desk).confirmed_until == date(2027, 12, 31)
    with pytest.raises(NotPromised):
        office(desk).working_day_after(date(2027, 12, 31), 1)

    edit = confirm(desk)

    found = office(desk)
    assert found.confirmed_until == date(2028, 12, 31)
    assert found.working_day_after(date(2027, 12, 31), 1) == date(2028, 1, 4)
    assert found.is_working_day(SATURDAY)
    assert found.hours_on(SATURDAY)[0].start.hour == 9
    assert found.known_at(datetime(2026, 6, 1, tzinfo=UTC)).confirmed_until == date(2027, 12, 31)
    fact = Fact.objects.get(kind="calendar.year-confirmed")
    assert (fact.by, fact.data["year"], fact.data["country"]) == (by(desk.owen), 2028, "RU")
    assert fact.subject == f"calendar-edit:{edit.pk}"
    assert fact.data["days_off"] == [["2028-01-03", "Новый год"], ["2028-06-12", "День России"]]


def test_the_next_version_of_the_terms_has_the_confirmed_year_as_well(desk: Cast) -> None:
    confirm(desk)
    text = TermsVersion.objects.get().text
    second = text.replace('version = "1"', 'version = "2"').replace("from = 2024-01-01", "from = 2026-07-01")
    actions.publish_terms(desk.vendor, second, by="system", at=NOW)

    assert office(desk, date(2026, 7, 1)).confirmed_until == date(2028, 12, 31)


def test_a_year_confirmed_late_holds_from_its_first_day(desk: Cast) -> None:
    late = datetime(2028, 1, 20, 9, tzinfo=MOSCOW)
    before = override_calendar(
        desk.vendor,
        "office",
        first_day=date(2028, 1, 13),
        last_day=date(2028, 1, 13),
        hours=(),
        by=by(desk.owen),
        at=datetime(2028, 1, 12, 9, tzinfo=MOSCOW),
    )
    confirm(desk, at=late)

    found = office(desk)
    assert not found.is_working_day(date(2028, 1, 3))
    assert not found.is_working_day(before.first_day)
    assert found.working_day_after(date(2028, 1, 12), 1) == date(2028, 1, 14)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"year": 2027}, "2027 is confirmed already"),
        ({"year": 2029}, "2028 comes first"),
        ({"days_off": {date(2029, 1, 1): "New Year"}}, "no day of 2028"),
        ({"days_off": OFF | {SATURDAY: "Both"}}, "as a day off and as a working day"),
        ({"working_days": {date(2028, 2, 21)}}, "no day of a weekend"),
        ({"days_off": {date(2028, 1, 3): "  "}}, "a name of 1 to 120"),
        ({"days_off": {date(2028, 1, 3): "x" * 121}}, "a name of 1 to 120"),
        (
            {"days_off": {date(2028, 3, 1) + timedelta(days=n): "x" for n in range(121)}},
            "at most",
        ),
    ],
)
def test_what_is_no_year_is_refused_and_nothing_is_kept(desk: Cast, given: dict[str, Any], said: str) -> None:
    with pytest.raises(ContractRefused, match=said):
        confirm(desk, **given)

    assert not CalendarEdit.objects.exists()
    assert HolidayYear.objects.count() == 5


def test_a_country_that_no_calendar_follows_has_no_year(desk: Cast) -> None:
    with pytest.raises(ContractRefused, match="follows the public holidays"):
        confirm_year(desk.vendor, ("PL", ""), 2028, days_off={}, by="system", at=NOW)


def test_a_year_is_confirmed_once(desk: Cast) -> None:
    confirm(desk)

    with pytest.raises(ContractRefused, match="is confirmed already"):
        confirm(desk)


def test_the_proposal_says_whether_its_decree_is_known() -> None:
    assert proposed_year("RU", None, 2027).is_complete
    open_year = proposed_year("RU", None, 2031)
    assert not open_year.is_complete
    assert date(2031, 6, 12) in open_year.holidays.days_off
    assert proposed_year("PL", None, 2050).is_complete


def test_differences_are_days_and_not_names() -> None:
    taken = PublicHolidays(
        {date(2026, 1, 1): "A", date(2026, 5, 1): "B"}, frozenset({date(2026, 5, 9)}), None
    )
    now = PublicHolidays({date(2026, 1, 1): "Z", date(2026, 5, 4): "C"}, frozenset({date(2026, 5, 16)}), None)

    assert differences(taken, now) == (
        Difference(date(2026, 5, 1), Differs.GONE, "B"),
        Difference(date(2026, 5, 4), Differs.NEW, "C"),
        Difference(date(2026, 5, 9), Differs.RESTS, ""),
        Difference(date(2026, 5, 16), Differs.WORKS, ""),
    )
    assert differences(taken, taken) == ()


def test_terms_that_were_published_before_get_their_years_by_the_migration(db: None) -> None:
    vendor = cast("centaur", language="ru", zone="Europe/Moscow", currency="RUB").vendor
    text = (TERMS / "centaur.toml").read_text()
    version = TermsVersion.objects.create(
        vendor=vendor,
        version="1",
        valid_from=date(2024, 1, 1),
        text=text,
        sha256="1" * 64,
        published_at=BEFORE,
    )
    assert queries.terms_of(version).calendar("office").confirmed_until == date(2022, 12, 31)

    import_module("pomost.contracts.migrations.0008_holiday_years").take(apps, None)

    assert list(HolidayYear.objects.values_list("year", "by")) == [
        (year, "desk") for year in range(2023, 2028)
    ]
    version.sha256 = "2" * 64
    assert not queries.terms_of(version).calendar("office").is_working_day(date(2026, 6, 12))


@pytest.mark.parametrize("database", ["disk_database", "postgres_database"])
def test_the_migration_runs_over_a_desk_that_works(database: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(database)
    desk = desk_of("centaur")
    MigrationExecutor(connection).migrate([("contracts", "0007_calendar_edits_stay")])

    MigrationExecutor(connection).migrate([("contracts", "0008_holiday_years")])

    assert [each.year for each in HolidayYear.objects.filter(vendor=desk.vendor)] == [
        2023,
        2024,
        2025,
        2026,
        2027,
    ]
    assert "is never changed" in refusal("DELETE FROM contracts_holidayyear WHERE year = %s", 2026)


@given(
    start=st.datetimes(datetime(2027, 6, 1), datetime(2028, 12, 1)),  # noqa: DTZ001 (the zone comes below)
    hours=st.integers(0, 200),
    confirmed=st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)),  # noqa: DTZ001
    off=st.sets(st.dates(date(2028, 1, 1), date(2028, 12, 31)), max_size=40),
)
def test_whenever_a_year_is_confirmed_it_counts_as_if_it_had_been_known(
    start: datetime, hours: int, confirmed: datetime, off: set[date]
) -> None:
    week = dict.fromkeys(range(5), ((540, 1020),))
    known = Calendar("Europe/Moscow", week, confirmed_until=date(2027, 12, 31))
    desk = Hours("office", {"en": "Office"}, "1", "XX", "", known, {}, None)
    edit = CalendarEdit(
        kind="year",
        first_day=date(2028, 1, 1),
        last_day=date(2028, 12, 31),
        at=confirmed.replace(tzinfo=MOSCOW),
    )
    days = [[f"{day}", "x"] for day in sorted(off)]
    HolidayYear(country="XX", year=2028, days_off=days, working_days=[], edit=edit)
    whole = replace(known, holidays=frozenset(off), confirmed_until=date(2028, 12, 31))

    def answer(calendar: Calendar) -> datetime | str:
        try:
            return calendar.add(start.replace(tzinfo=MOSCOW), timedelta(hours=hours))
        except NotPromised:
            return "not promised"

    assert answer(CalendarBook(1, (edit,)).calendar(desk)) == answer(whole)
