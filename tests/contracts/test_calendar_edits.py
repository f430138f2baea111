"""Exceptions to the hours of the terms: from now on only, never twice for a day, and taken back as they were made."""

from datetime import date, datetime, timedelta

import pytest

from moments import june
from people import Cast, by, desk_of
from pomost.contracts.calendar_edits import override_calendar, withdraw_override
from pomost.contracts.calendars import CalendarBook
from pomost.contracts.errors import ContractRefused
from pomost.contracts.models import CalendarEdit
from pomost.contracts.queries import terms_in_force
from pomost.journal.models import Fact
from pomost.rules.calendar import Calendar
from pomost.rules.hours import Hours
from pomost.rules.terms.model import Terms

HOUR = timedelta(hours=1)
TUESDAY = date(2026, 6, 16)


NOW = june(15, 10)


@pytest.fixture
def desk(db: None) -> Cast:
    return desk_of("centaur")


def close(
    desk: Cast,
    first: date = TUESDAY,
    last: date | None = None,
    *,
    hours: Hours = (),
    at: datetime = NOW,
    calendar: str = "office",
) -> CalendarEdit:
    return override_calendar(
        desk.vendor,
        calendar,
        first_day=first,
        last_day=last or first,
        hours=hours,
        note="Moving house",
        by=by(desk.owen),
        at=at,
    )


def terms(desk: Cast) -> Terms:
    _version, published = terms_in_force(desk.vendor, NOW.date())
    return CalendarBook.of(desk.vendor.pk).applied_to(published)


def office(desk: Cast) -> Calendar:
    return terms(desk).calendar("office")


def test_without_exceptions_the_calendar_is_that_of_the_terms(desk: Cast) -> None:
    _version, published = terms_in_force(desk.vendor, NOW.date())

    assert terms(desk) is published
    assert CalendarBook.of(desk.vendor.pk).edition == 0


def test_a_day_that_is_closed_has_no_hours_and_is_named(desk: Cast) -> None:
    assert office(desk).add(june(15, 15), 4 * HOUR) == june(16, 11)

    edit = close(desk)

    assert office(desk).add(june(15, 15), 4 * HOUR) == june(17, 11)
    assert terms(desk).hours[0].holiday_names[TUESDAY] == "Moving house"
    assert CalendarBook.of(desk.vendor.pk).edition == edit.pk
    fact = Fact.objects.get(kind="calendar.overridden")
    assert (fact.by, fact.at, fact.data["first_day"]) == (by(desk.owen), NOW, "2026-06-16")


def test_a_saturday_can_be_opened_and_a_whole_week_closed(desk: Cast) -> None:
    close(desk, date(2026, 6, 20), hours=[(600, 720)])
    close(desk, date(2026, 6, 22), date(2026, 6, 28))

    assert office(desk).worked(june(19, 23), june(29, 0)) == 2 * HOUR


def test_of_today_only_what_is_left_can_be_closed(desk: Cast) -> None:
    close(desk, NOW.date(), at=june(15, 12))

    assert office(desk).worked(june(15, 0), june(16, 0)) == 3 * HOUR


def test_an_exception_that_is_withdrawn_holds_no_longer_but_did_until_then(desk: Cast) -> None:
    edit = close(desk, TUESDAY, date(2026, 6, 17))

    withdrawal = withdraw_override(edit, by=by(desk.owen), at=june(16, 14))

    assert office(desk).worked(june(16, 0), june(17, 0)) == 3 * HOUR
    assert office(desk).is_working_day(date(2026, 6, 17))
    assert withdraw_override(edit, by=by(desk.owen), at=june(16, 15)) == withdrawal
    assert Fact.objects.filter(kind="calendar.override-withdrawn").count() == 1
    assert CalendarBook.of(desk.vendor.pk).exceptions("office") == ()


def test_a_day_whose_exception_was_withdrawn_can_get_another_one(desk: Cast) -> None:
    withdraw_override(close(desk), by=by(desk.owen), at=NOW)

    close(desk, hours=[(600, 660)])

    assert office(desk).worked(june(16, 0), june(17, 0)) == HOUR


def test_edits_hold_one_after_the_other_even_when_a_clock_is_behind(desk: Cast) -> None:
    first = close(desk)
    second = close(desk, date(2026, 6, 18), at=NOW - timedelta(minutes=1))

    assert second.at == first.at
    assert office(desk).worked(june(18, 0), june(19, 0)) == timedelta(0)


@pytest.mark.parametrize(
    ("first", "last", "hours", "what"),
    [
        (date(2026, 6, 14), date(2026, 6, 14), (), "is over"),
        (date(2026, 6, 18), date(2026, 6, 17), (), "before the first"),
        (date(2026, 6, 18), date(2026, 8, 19), (), "at most 62 days"),
        (date(9999, 12, 1), date(9999, 12, 31), (), "at most 62 days"),
        (TUESDAY, TUESDAY, [(600, 600)], "Give each as"),
        (TUESDAY, TUESDAY, [(600, 700), (650, 720)], "overlap"),
        (TUESDAY, TUESDAY, [(600, 1500)], "leave the day"),
    ],
)
def test_an_exception_that_makes_no_sense_is_refused_and_not_kept(
    desk: Cast, first: date, last: date, hours: Hours, what: str
) -> None:
    with pytest.raises(ContractRefused, match=what):
        close(desk, first, last, hours=hours)

    assert not CalendarEdit.objects.exists()


def test_a_calendar_that_the_terms_do_not_have_is_refused(desk: Cast) -> None:
    with pytest.raises(ContractRefused, match="no calendar “night”"):
        close(desk, calendar="night")


def test_two_exceptions_for_one_day_are_refused(desk: Cast) -> None:
    close(desk, TUESDAY, date(2026, 6, 19))

    with pytest.raises(ContractRefused, match="2026-06-18 has an exception already"):
        close(desk, date(2026, 6, 18), date(2026, 6, 22))


def test_an_exception_that_is_over_is_not_withdrawn(desk: Cast) -> None:
    edit = close(desk)

    with pytest.raises(ContractRefused, match="2026-06-16 is over"):
        withdraw_override(edit, by=by(desk.owen), at=june(17, 1))


def test_a_neighbours_exceptions_are_not_ours(desk: Cast) -> None:
    close(desk)

    assert CalendarBook.of(desk.neighbour.pk).edits == ()
