"""The owner looks a year of public holidays through, confirms it, and is told what the catalogue says otherwise."""

from datetime import date, datetime
from typing import Any, cast

import pytest
from django.test import Client

from console.scene import NOW, FixedClock, SignIn, page, post
from moments import MOSCOW
from people import Cast, ask, by
from pomost.config.middleware import CLOCK_KEY
from pomost.contracts import calendar_years
from pomost.contracts.calendar_edits import override_calendar
from pomost.contracts.models import CalendarEdit, HolidayYear
from pomost.contracts.public_holidays import ProposedYear, proposed_year
from pomost.rules.terms.parts import PublicHolidays

YEAR = "opening-hours/office/years/2028/"
LOOK = "opening-hours/?calendar=office&year=2028"
OFF = ["2028-01-01", "2028-01-07", "2028-06-12"]


def test_the_next_year_is_proposed_with_what_the_catalogue_does_not_know(owen: Client) -> None:
    text = page(owen, LOOK)

    assert "The catalogue knows 14 public holidays of 2028" in text
    assert "moved by decree are not known to it yet" in text
    assert text.count('name="off"') == 14
    assert "Confirm 2028" in text
    assert "Confirm 2027" not in page(owen, "opening-hours/?year=2027")


def test_it_is_confirmed_with_days_left_out_and_added(desk: Cast, owen: Client) -> None:
    post(
        owen,
        YEAR,
        off=OFF,
        day_1="2028-05-08",
        name_1="Перенос",
        kind_1="off",
        day_2="2028-04-29",
        kind_2="works",
    )

    kept = HolidayYear.objects.get(year=2028)
    assert kept.days_off == [
        ["2028-01-01", "Новогодние каникулы"],
        ["2028-01-07", "Рождество Христово"],
        ["2028-05-08", "Перенос"],
        ["2028-06-12", "День России"],
    ]
    assert kept.working_days == ["2028-04-29"]
    assert (kept.by, kept.at) == (by(desk.owen), NOW)
    text = page(owen, LOOK)
    assert "4 public holidays confirmed" in text
    assert "Confirm 2028" not in text
    assert "now says something else" not in text  # the owner knew what the catalogue says
    assert "Confirm 2029" in page(owen, "opening-hours/?year=2029")


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"off": ["2028-01-02x"]}, 422, "not one of the available choices"),
        ({"day_1": "2028-05-08", "kind_1": "off"}, 422, "which holiday it is"),
        ({"name_1": "Nameless"}, 422, "Give the day as well"),
        ({"day_1": "2029-05-08", "name_1": "x", "kind_1": "off"}, 409, "no day of 2028"),
        ({"day_1": "2028-05-08", "kind_1": "works"}, 409, "no day of a weekend"),
        ({"off": OFF, "day_1": OFF[0], "name_1": "x", "kind_1": "off"}, 422, "stands in the list already"),
        ({"day_1": "soon", "name_1": "x"}, 422, "date"),
    ],
)
def test_a_slip_is_said_and_what_was_typed_stays(
    owen: Client, typed: dict[str, object], status: int, said: str
) -> None:
    text = post(owen, YEAR, status, **typed)

    assert said in text
    assert "Confirm 2028" in text
    assert text.count(" checked>") == (3 if typed.get("off") == OFF else 0)
    assert not HolidayYear.objects.filter(year=2028).exists()


@pytest.mark.parametrize(("year", "status"), [(2027, 409), (2029, 409), (1, 404), (99999, 404)])
def test_another_year_is_not_confirmed(owen: Client, year: int, status: int) -> None:
    post(owen, f"opening-hours/office/years/{year}/", status)

    assert not CalendarEdit.objects.exists()


class Autumn(FixedClock):
    """Seven weeks before the confirmed time ends."""

    def now(self) -> datetime:
        return datetime(2027, 11, 12, 9, tzinfo=MOSCOW)


def in_autumn(browser: Client) -> Client:
    cast(dict[str, object], browser.defaults)[CLOCK_KEY] = Autumn()
    return browser


def test_before_the_confirmed_time_ends_the_owner_is_reminded(desk: Cast, sign_in: SignIn) -> None:
    owner = sign_in(desk.owen)
    for address in ("", "opening-hours/"):
        assert "are known until" not in page(owner, address)

    in_autumn(owner)
    for address in ("", "opening-hours/"):
        text = page(owner, address)
        assert "are known until 31" in text
        assert "Look through 2028 and confirm it" in text
    assert "are known until" not in page(in_autumn(sign_in(desk.dora)))

    post(owner, YEAR, off=OFF)
    for address in ("", "opening-hours/"):
        assert "are known until" not in page(owner, address)


def test_how_many_requests_wait_for_the_year_is_said(desk: Cast, owen: Client) -> None:
    ask(desk.ada, "settings-advice", datetime(2027, 12, 30, 16, tzinfo=MOSCOW), severity="low")

    assert "1 request waits for a promise" in page(owen, LOOK)


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later catalogue: 16 June is a holiday now, 6 November is none, and 12 June, which is over, neither."""

    def said(country: str, subdivision: str | None, year: int) -> ProposedYear:
        found = proposed_year(country, subdivision, year).holidays
        days = {date(2026, 6, 16): "Invented", date(2026, 6, 20): "A Saturday", **found.days_off}
        for gone in (date(2026, 11, 4), date(2026, 6, 12)):
            days.pop(gone, None)
        return ProposedYear(PublicHolidays(days, found.working_days, None), is_complete=True)

    monkeypatch.setattr(calendar_years, "proposed_year", said)
    monkeypatch.setattr(calendar_years, "CATALOGUE", "holidays 99")


@pytest.mark.usefixtures("newer")
def test_what_the_catalogue_says_otherwise_is_shown_and_changes_nothing(owen: Client) -> None:
    text = page(owen, "opening-hours/?year=2026")

    assert "now says something else of 2026" in text
    assert "a public holiday now (Invented)" in text
    assert "no public holiday any more (День народного единства)" in text
    assert text.count('<input type="hidden" name="first_day"') == 2
    assert "now says something else" not in page(owen, "opening-hours/?year=2025")
    assert 'title="Invented"' not in text


@pytest.mark.usefixtures("newer")
def test_the_owner_takes_it_as_an_exception(desk: Cast, owen: Client) -> None:
    day: dict[str, Any] = {"first_day": "2026-06-16", "hours": "", "note": "Invented"}
    assert "Before it holds: what it moves" in post(owen, "opening-hours/office/new/", 200, **day)
    post(owen, "opening-hours/office/new/", keep="1", **day)

    text = page(owen, "opening-hours/?year=2026")
    assert "a public holiday now (Invented)" not in text
    assert "no public holiday any more" in text
    assert 'title="Invented"' in text


@pytest.mark.usefixtures("newer")
def test_a_day_that_the_desk_settled_itself_is_not_suggested(desk: Cast, owen: Client) -> None:
    override_calendar(
        desk.vendor,
        "office",
        first_day=date(2026, 11, 2),
        last_day=date(2026, 11, 6),
        hours=((540, 600),),
        by=by(desk.owen),
        at=NOW,
    )

    assert "no public holiday any more" not in page(owen, "opening-hours/?year=2026")
