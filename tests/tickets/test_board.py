from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from moments import MOSCOW, june
from people import Cast, ask, by, desk_of, with_package
from pomost.contracts.calendars import CalendarBook
from pomost.contracts.models import TermsVersion
from pomost.contracts.queries import terms_of
from pomost.people.models import Technician
from pomost.tickets import actions
from pomost.tickets.actions import Slot
from pomost.tickets.models import Ticket
from pomost.tickets.queries import (
    BoardRow,
    Group,
    NextStep,
    PromisesKept,
    Risk,
    board,
    chain,
    promises_kept,
    row,
)

MONDAY_9_12 = datetime(2026, 6, 15, 9, 12, tzinfo=MOSCOW)


@pytest.fixture
def centaur(db: None) -> Cast:
    made = desk_of("centaur")
    with_package(made.acme, "extended")
    return made


def told(ticket: Ticket, at: datetime) -> Ticket:
    return actions.number_told(ticket, how="mail", at_told=at, by="desk", at=at)


def on_board(desk: Cast, now: datetime = MONDAY_9_12) -> tuple[BoardRow, ...]:
    return board(desk.vendor, now, language="en").rows


def test_what_falls_due_first_stands_first_and_late_ones_above_all(centaur: Cast) -> None:
    later = ask(centaur.boris, "settings-advice", june(15, 9), severity="low")
    today = ask(centaur.ada, "settings-advice", june(11, 16, 30), severity="critical")
    late = ask(centaur.ada, "settings-advice", june(11, 15), severity="critical")
    none = told(ask(centaur.ada, "settings-advice", june(11, 14), severity="low"), june(11, 14, 1))
    paused = told(ask(centaur.ada, "settings-advice", june(11, 14, 30), severity="low"), june(11, 14, 31))
    actions.wait_for_customer(paused, technician=centaur.tess, by=by(centaur.tess), at=june(11, 15))

    rows = on_board(centaur)

    assert [(each.ticket, each.group) for each in rows] == [
        (late, Group.LATE),
        (today, Group.TODAY),
        (later, Group.LATER),
        (paused, Group.PAUSED),
        (none, Group.NONE),
    ]


def test_a_row_says_how_much_working_time_is_left_and_when_it_is_due(centaur: Cast) -> None:
    ask(centaur.ada, "settings-advice", june(11, 16, 30), severity="critical")

    (shown,) = on_board(centaur)

    assert (shown.due_at, shown.left) == (june(15, 9, 30), timedelta(minutes=18))
    assert (shown.risk, shown.used_percent) == (Risk.SOON, 70)
    assert (shown.promise, shown.promise_label, shown.clause) == ("reaction", "Notice of the number", "4.1")
    assert (shown.severity_label, shown.severity_rank, shown.severity_count) == ("Critical", 3, 3)
    assert (shown.package_label, shown.package_shown) == ("Extended", True)
    assert shown.next_step is NextStep.NUMBER_ON_ITS_WAY


def test_lateness_is_counted_in_working_time(centaur: Cast) -> None:
    ask(centaur.ada, "settings-advice", june(11, 15, 50), severity="critical")

    (shown,) = on_board(centaur)

    assert (shown.due_at, shown.left, shown.risk) == (june(11, 16, 50), -timedelta(minutes=22), Risk.LATE)
    assert shown.used_percent == 100


@pytest.mark.parametrize(
    ("minute", "risk"),
    [(0, Risk.ONTIME), (29, Risk.ONTIME), (30, Risk.SOON), (59, Risk.SOON)],
    ids=["a whole hour", "31 minutes", "30 minutes", "a minute"],
)
def test_soon_begins_with_the_last_half_hour_of_a_short_promise(
    centaur: Cast, minute: int, risk: Risk
) -> None:
    ask(centaur.ada, "settings-advice", june(15, 10), severity="critical")

    assert on_board(centaur, june(15, 10, minute))[0].risk is risk


def test_soon_begins_with_the_last_quarter_of_a_long_promise(centaur: Cast) -> None:
    ask(centaur.ada, "settings-advice", june(15, 9), severity="low")

    assert on_board(centaur, june(15, 14, 59))[0].risk is Risk.ONTIME
    assert on_board(centaur, june(15, 15))[0].risk is Risk.SOON


def test_due_at_the_very_moment_is_not_late_yet(centaur: Cast) -> None:
    ask(centaur.ada, "settings-advice", june(11, 16, 30), severity="critical")

    assert on_board(centaur, june(15, 9, 30))[0].group is Group.TODAY
    assert on_board(centaur, june(15, 9, 30) + timedelta(seconds=1))[0].group is Group.LATE


def test_an_agreed_time_is_shown_as_agreed_and_not_as_a_promise(db: None) -> None:
    bonus = desk_of("bonus")
    with_package(bonus.acme, "licence")
    slot = Slot(bonus.tess, june(15, 11), june(15, 12))
    ticket = told(ask(bonus.ada, "direct-connection", june(11, 10), slot=slot), june(11, 10, 1))

    (shown,) = on_board(bonus)

    assert (shown.group, shown.risk, shown.due_at) == (Group.TODAY, Risk.AGREED, june(15, 11))
    assert shown.left == timedelta(hours=1, minutes=48)
    assert (shown.next_step, shown.next_at) == (NextStep.BOOKED, june(15, 11))
    assert (shown.promise, shown.clause, shown.used_percent) == ("", "", None)
    assert row(ticket, june(15, 12), language="en").risk is Risk.NONE


def _nothing(desk: Cast, ticket: Ticket) -> Ticket:
    return ticket


def _delayed(desk: Cast, ticket: Ticket) -> Ticket:
    at = june(15, 9, 5)
    return actions.notice_delayed(ticket, answer="450 later", next_try_at=june(15, 9, 20), by="desk", at=at)


def _refused(desk: Cast, ticket: Ticket) -> Ticket:
    return actions.notice_refused(ticket, answer="550 no such user", by="desk", at=june(15, 9, 5))


def _told(desk: Cast, ticket: Ticket) -> Ticket:
    return told(ticket, june(15, 9, 5))


def _taken(desk: Cast, ticket: Ticket) -> Ticket:
    return actions.take(_told(desk, ticket), desk.tess, by=by(desk.tess), at=june(15, 9, 6))


def _begun(desk: Cast, ticket: Ticket) -> Ticket:
    return actions.begin_work(_taken(desk, ticket), by=by(desk.tess), at=june(15, 9, 7))


def _waiting(desk: Cast, ticket: Ticket) -> Ticket:
    taken = _taken(desk, ticket)
    return actions.wait_for_customer(taken, technician=desk.tess, by=by(desk.tess), at=june(15, 9, 7))


def _milder(desk: Cast, ticket: Ticket) -> Ticket:
    return actions.propose_severity(_taken(desk, ticket), "low", by=by(desk.tess), at=june(15, 9, 7))


def _solved(desk: Cast, ticket: Ticket) -> Ticket:
    return actions.propose_solution(
        _begun(desk, ticket), "Done.", technician=desk.tess, by=by(desk.tess), at=june(15, 9, 8)
    )


def _confirmed(desk: Cast, ticket: Ticket) -> Ticket:
    return actions.confirm_solution(
        _solved(desk, ticket), contact=desk.ada, channel="portal", by=by(desk.ada), at=june(15, 9, 9)
    )


def _closed(desk: Cast, ticket: Ticket) -> Ticket:
    return actions.close(ticket, "withdrawn", by=by(desk.tess), at=june(15, 9, 9))


@pytest.mark.parametrize(
    ("story", "step", "at"),
    [
        (_nothing, NextStep.NUMBER_ON_ITS_WAY, None),
        (_delayed, NextStep.TELL_NUMBER, june(15, 9, 20)),
        (_refused, NextStep.CALL_WITH_NUMBER, None),
        (_told, NextStep.TAKE, None),
        (_taken, NextStep.BEGIN_WORK, None),
        (_begun, NextStep.SOLVE, None),
        (_waiting, NextStep.AWAIT_CUSTOMER, None),
        (_milder, NextStep.AWAIT_SEVERITY, None),
        (_solved, NextStep.AWAIT_CONFIRMATION, june(19, 0)),
        (_confirmed, NextStep.DONE, None),
        (_closed, NextStep.DONE, None),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_the_next_step_after_each_part_of_the_story(
    centaur: Cast, story: Callable[[Cast, Ticket], Ticket], step: NextStep, at: datetime | None
) -> None:
    ticket = story(centaur, ask(centaur.ada, "settings-advice", june(15, 9), severity="medium"))

    shown = row(ticket, MONDAY_9_12, language="en")

    assert (shown.next_step, shown.next_at) == (step, at)


def test_what_is_over_leaves_the_board(centaur: Cast) -> None:
    _confirmed(centaur, ask(centaur.ada, "settings-advice", june(15, 9), severity="medium"))
    _closed(centaur, ask(centaur.ada, "settings-advice", june(15, 9), severity="medium"))

    assert on_board(centaur) == ()


def test_a_package_that_was_not_shown_is_to_be_checked(centaur: Cast) -> None:
    with_package(centaur.borealis, "extended", shown=False)
    ticket = told(ask(centaur.boris, "settings-advice", june(15, 9), severity="low"), june(15, 9, 1))

    shown = row(ticket, MONDAY_9_12, language="en")

    assert (shown.package_label, shown.package_shown, shown.next_step) == (
        "Basic",
        False,
        NextStep.CHECK_PACKAGE,
    )


def test_a_missing_part_is_the_customers_next_step(db: None) -> None:
    bonus = desk_of("bonus")
    ticket = told(ask(bonus.ada, "backup-by-mail", june(15, 9)), june(15, 9, 1))

    shown = row(ticket, MONDAY_9_12, language="en")

    assert (shown.next_step, shown.group, shown.paused_since) == (
        NextStep.COMPLETE,
        Group.PAUSED,
        june(15, 9, 1),
    )


def test_a_price_is_to_be_agreed_once_the_terms_stop_the_work(db: None) -> None:
    kryzhik = desk_of("kryzhik")
    with_package(kryzhik.acme, "start")
    ticket = told(ask(kryzhik.ada, "consultation", june(15, 10)), june(15, 10))
    assert row(ticket, june(15, 10, 1), language="en").next_step is NextStep.DECIDE
    ticket = actions.decide(ticket, "included", "By phone", by=by(kryzhik.tess), at=june(15, 10, 10))
    ticket = actions.begin_work(ticket, by=by(kryzhik.tess), at=june(15, 10, 20))
    assert row(ticket, june(15, 10, 30), language="en").next_step is NextStep.TAKE
    ticket = actions.take(ticket, kryzhik.tess, by=by(kryzhik.tess), at=june(15, 10, 31))
    assert row(ticket, june(15, 10, 32), language="en").next_step is NextStep.PROPOSE_ANSWER

    actions.sweep(june(15, 14, 21))

    assert row(ticket, june(15, 14, 21), language="en").next_step is NextStep.AGREE_PRICE


def test_the_deck_shows_today_and_the_next_working_days_with_a_post_for_each_promise(centaur: Cast) -> None:
    ask(centaur.ada, "settings-advice", june(11, 15, 50), severity="critical")
    soon = ask(centaur.ada, "settings-advice", june(11, 16, 30), severity="critical")
    tomorrow = ask(centaur.ada, "settings-advice", june(15, 9, 10), severity="low")

    days = board(centaur.vendor, MONDAY_9_12, language="en").deck

    assert [day.day.day for day in days] == [15, 16, 17]
    assert [(post.number, post.percent, post.risk) for post in days[0].posts][1:] == [
        (soon.number, Decimal("6.25"), Risk.SOON)
    ]
    assert (days[0].late, days[0].posts[0].percent, days[0].now_percent) == (1, Decimal(0), Decimal("2.50"))
    assert [(post.number, post.percent) for post in days[1].posts] == [(tomorrow.number, Decimal("2.08"))]
    assert days[1].now_percent is None


def test_the_deck_leaves_out_days_on_which_the_desk_is_closed(centaur: Cast) -> None:
    friday_the_holiday = june(12, 11)

    days = board(centaur.vendor, friday_the_holiday, language="en").deck

    assert [day.day.day for day in days] == [15, 16, 17]
    assert all(day.now_percent is None for day in days)


def test_promises_kept_are_counted_in_the_month_in_which_they_fell_due(centaur: Cast) -> None:
    told(ask(centaur.ada, "settings-advice", june(8, 10), severity="low"), june(8, 11))
    ask(centaur.ada, "settings-advice", june(8, 10), severity="low")
    in_may = datetime(2026, 5, 29, 10, tzinfo=MOSCOW)
    told(ask(centaur.boris, "settings-advice", in_may, severity="critical"), in_may.replace(hour=14))
    actions.sweep(june(10, 9))

    assert board(centaur.vendor, MONDAY_9_12, language="en").kept == PromisesKept(met=1, missed=1)
    may = june(1, 0).date().replace(month=5)
    assert promises_kept(centaur.vendor, may, may.replace(day=31)) == PromisesKept(met=1, missed=0)


def test_the_board_of_one_customer_holds_only_their_requests(centaur: Cast) -> None:
    ask(centaur.ada, "settings-advice", june(15, 9), severity="low")
    own = ask(centaur.boris, "settings-advice", june(15, 9), severity="low")

    rows = board(centaur.vendor, MONDAY_9_12, language="en", customer=centaur.borealis).rows

    assert [each.ticket for each in rows] == [own]


def test_the_board_of_another_vendor_is_empty(centaur: Cast) -> None:
    ask(centaur.ada, "settings-advice", june(15, 9), severity="low")

    assert board(centaur.neighbour, MONDAY_9_12, language="en").rows == ()


def test_the_board_takes_as_many_queries_for_forty_tickets_as_for_one(
    centaur: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def read() -> None:
        for shown in board(centaur.vendor, MONDAY_9_12, language="ru").rows:
            assert all([shown.ticket.customer.name, shown.ticket.contact.name, shown.ticket.vendor.name])
            assert shown.who is None or shown.who.person.name

    def register_one(n: int) -> None:
        ticket = ask(centaur.ada, "settings-advice", june(15, 9) - timedelta(minutes=n), severity="low")
        if n % 2:
            technician = Technician.objects.get(pk=centaur.tess.pk)
            actions.take(ticket, technician, by=by(technician), at=june(15, 9, 5))
        if n % 3:
            slot = Slot(centaur.dora, june(16, 9) + timedelta(hours=n), june(16, 9, 30) + timedelta(hours=n))
            actions.book(ticket, slot, by=by(centaur.dora), at=june(15, 9, 6))

    register_one(1)
    read()
    with django_assert_num_queries(7):
        read()
    for n in range(2, 41):
        register_one(n)
    with django_assert_num_queries(7):
        read()


def test_a_promise_past_the_confirmed_calendar_says_why_nothing_is_due(centaur: Cast) -> None:
    terms = terms_of(TermsVersion.objects.get(vendor=centaur.vendor))
    last = terms.calendar("office").confirmed_until
    assert last is not None
    evening = datetime.combine(last, time(16, 59), MOSCOW)
    with_package(centaur.borealis, "basic")
    ticket = ask(centaur.boris, "settings-advice", evening, severity="low")

    shown = row(ticket, evening, language="en")
    (link,) = [
        link
        for link in chain(ticket, evening, book=CalendarBook.of(ticket.vendor_id), language="en")
        if link.kind == "none"
    ]

    assert (shown.due_at, shown.group) == (None, Group.NONE)
    assert f"confirmed only until {last}" in shown.unpromised
    assert link.label.startswith("Notice of the number: no moment yet")
