"""After an edit of a calendar every clock that it concerns moves, with both values kept, on both databases."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from moments import MOSCOW, june
from people import BEFORE, TERMS, Cast, ask, by, customer_of, desk_of, with_package
from pomost.contracts.actions import publish_terms
from pomost.contracts.calendar_edits import override_calendar, withdraw_override
from pomost.contracts.calendars import CalendarBook
from pomost.contracts.models import CalendarEdit
from pomost.journal.models import Fact
from pomost.tickets import actions
from pomost.tickets.actions.recomputing import Recomputer
from pomost.tickets.clockwork import recompute
from pomost.tickets.concerned import Concerned
from pomost.tickets.models import Clock, MovedClock, Recomputation, Ticket
from pomost.tickets.moving import Mover
from pomost.tickets.queries.ahead import moves_ahead

NOW = june(15, 15, 30)
TUESDAY = date(2026, 6, 16)
SETTLED = NOW + timedelta(minutes=5)


def made_desk() -> Cast:
    made = desk_of("centaur")
    with_package(made.acme, "extended")
    return made


@pytest.fixture
def desk(both_databases: str) -> Cast:
    return made_desk()


def asked(desk: Cast, severity: str = "medium", at: datetime | None = None) -> Ticket:
    return ask(desk.ada, "settings-advice", at or june(15, 15), severity=severity)


def close(desk: Cast, day: date = TUESDAY, at: datetime = NOW) -> CalendarEdit:
    return override_calendar(
        desk.vendor, "office", first_day=day, last_day=day, hours=(), by=by(desk.owen), at=at
    )


def recomputed(now: datetime = SETTLED) -> int:
    """Go on until nothing is left to do."""
    recomputer, moved = Recomputer(pause=lambda _took: None), 0
    for _ in range(4):
        moved += recomputer.run_once(now)
    return moved


def due(ticket: Ticket) -> datetime | None:
    ticket.refresh_from_db()
    assert ticket.due_at == Clock.objects.get(ticket=ticket).due_at
    return ticket.due_at


def test_a_day_off_moves_the_clocks_that_run_over_it_and_keeps_both_values(desk: Cast) -> None:
    over, before = asked(desk), asked(desk, "critical")
    assert (due(over), due(before)) == (june(16, 11), june(15, 16))
    edit = close(desk)

    assert recomputed() == 1

    assert (due(over), due(before)) == (june(17, 11), june(15, 16))
    kept = MovedClock.objects.get()
    assert (kept.ticket, kept.key, kept.left_seconds) == (over, "reaction", 7 * 1800)
    assert (kept.due_before, kept.due_after) == (june(16, 11), june(17, 11))
    fact = Fact.objects.get(kind="calendar.recomputed")
    assert fact.data["clocks"] == 1
    assert Recomputation.objects.get().finished_at == SETTLED
    assert Clock.objects.get(ticket=over).edition == edit.pk


def test_what_the_short_step_gives_is_what_a_ticket_recomputed_whole_has(desk: Cast) -> None:
    tickets = [asked(desk, severity) for severity in ("low", "medium", "critical")]
    close(desk)
    recomputed()
    short = [due(ticket) for ticket in tickets]

    for ticket in tickets:
        with transaction.atomic():
            recompute(ticket, SETTLED)

    assert [due(ticket) for ticket in tickets] == short


def test_a_withdrawn_exception_moves_them_back_and_a_second_run_does_nothing(desk: Cast) -> None:
    ticket = asked(desk)
    edit = close(desk)
    recomputed()
    withdraw_override(edit, by=by(desk.owen), at=SETTLED)

    assert recomputed(SETTLED + timedelta(minutes=5)) == 1

    assert due(ticket) == june(16, 11)
    assert recomputed(SETTLED + timedelta(minutes=9)) == 0
    assert Recomputation.objects.filter(finished_at=None).count() == 0
    assert MovedClock.objects.count() == 2


def test_two_edits_at_once_are_both_counted(desk: Cast) -> None:
    ticket = asked(desk)
    close(desk)
    close(desk, date(2026, 6, 17), at=NOW + timedelta(minutes=1))

    recomputed(SETTLED)

    assert due(ticket) == june(18, 11)


def test_a_clock_that_stopped_is_left_as_it_was(desk: Cast) -> None:
    ticket = asked(desk)
    actions.number_told(ticket, how="phone", at_told=NOW, by=by(desk.tess), at=NOW)
    close(desk)

    assert recomputed() == 0

    assert Clock.objects.get(ticket=ticket).due_at == june(16, 11)


def test_a_clock_that_started_after_the_edit_without_knowing_it_is_asked_whole(desk: Cast) -> None:
    ticket = asked(desk, at=NOW + timedelta(minutes=1))
    assert due(ticket) == june(16, 11, 31)
    edit = close(desk)

    concerned = Concerned(edit, CalendarBook.of(edit.vendor_id))
    with Mover(edit.pk, concerned.steps()) as mover:
        found = mover.look(concerned.clocks[0], concerned.clocks[-1])
    assert (found.moves, found.hard) == (0, [ticket.pk])

    assert recomputed() == 1

    assert due(ticket) == june(17, 11, 31)
    kept = MovedClock.objects.get()
    assert (kept.left_seconds, kept.due_after) == (4 * 3600 - 4 * 60, june(17, 11, 31))


def test_a_ticket_registered_after_the_edit_needs_no_recomputing(desk: Cast) -> None:
    close(desk)
    ticket = asked(desk, at=NOW + timedelta(minutes=1))

    assert due(ticket) == june(17, 11, 31)
    assert recomputed() == 0


def test_the_wait_for_the_customers_word_counts_by_the_edited_calendar(desk: Cast) -> None:
    ticket = actions.propose_solution(
        asked(desk), "Update to 3.16.", technician=desk.tess, by=by(desk.tess), at=NOW
    )
    assert ticket.silence_ends_at == june(19, 0)
    close(desk)

    recomputed()

    ticket.refresh_from_db()
    assert ticket.silence_ends_at == june(20, 0)


def test_a_neighbours_clocks_do_not_move(desk: Cast) -> None:
    ticket = asked(desk)
    Clock.objects.update(due_at=june(16, 11))
    CalendarEdit.objects.create(
        vendor=desk.neighbour,
        calendar="office",
        kind=CalendarEdit.Kind.EXCEPTION,
        first_day=TUESDAY,
        last_day=TUESDAY,
        hours=[],
        by="system",
        at=NOW,
    )

    assert recomputed() == 0
    assert due(ticket) == june(16, 11)


def test_a_neighbours_clocks_are_not_counted_among_those_to_look_at(desk: Cast) -> None:
    text = (TERMS / "centaur.toml").read_text("utf-8")
    publish_terms(
        desk.neighbour, re.sub(r"(?m)^(slug\s*=).*", r'\1 "neighbour"', text), by="system", at=BEFORE
    )
    _firm, nina = customer_of(desk.neighbour, "Nordic", "Nina", "en")
    theirs = [ask(nina, "settings-advice", june(15, 15), severity="medium") for _ in range(3)]
    own = asked(desk)
    theirs.append(ask(nina, "settings-advice", june(15, 15), severity="medium"))
    promised = [due(each) for each in theirs]
    edit = close(desk)

    concerned = Concerned(edit, CalendarBook.of(edit.vendor_id))
    assert list(concerned.clocks) == list(Clock.objects.filter(ticket=own).values_list("pk", flat=True))
    another = CalendarEdit(
        vendor=desk.vendor,
        calendar="office",
        kind=CalendarEdit.Kind.EXCEPTION,
        first_day=date(2026, 6, 17),
        last_day=date(2026, 6, 17),
        hours=[],
        by="system",
        at=NOW,
    )
    ahead = moves_ahead([another])
    assert (ahead.later, ahead.looked_at, ahead.of) == (1, 1, 1)
    assert recomputed() == 1
    work = Recomputation.objects.get()
    assert (work.to_look_at, work.looked_at) == (1, 1)
    assert [due(each) for each in theirs] == promised


def test_past_the_confirmed_year_a_clock_says_that_it_promises_nothing(desk: Cast) -> None:
    ticket = asked(desk, at=datetime(2027, 12, 28, 15, tzinfo=MOSCOW))
    now = datetime(2027, 12, 28, 16, tzinfo=MOSCOW)
    before = due(ticket)
    assert before is not None
    edit = override_calendar(
        desk.vendor,
        "office",
        first_day=before.date(),
        last_day=date(2027, 12, 31),
        hours=(),
        by="system",
        at=now,
    )

    assert recomputed(now + timedelta(minutes=5)) == 1

    clock = Clock.objects.get(ticket=ticket)
    assert clock.due_at is None
    assert "confirmed only until 2027-12-31" in clock.unpromised
    kept = MovedClock.objects.get()
    left = timedelta(hours=8) - timedelta(hours=1, minutes=5)  # of the promise, at the moment of the run
    assert (kept.left_seconds, kept.due_before, kept.due_after) == (left.total_seconds(), before, None)
    withdraw_override(edit, by="system", at=now + timedelta(minutes=6))
    assert recomputed(now + timedelta(minutes=12)) == 1
    assert due(ticket) == before


def test_a_clock_that_changed_since_it_was_looked_at_is_not_overwritten(desk: Cast) -> None:
    ticket, other = asked(desk), asked(desk)
    edit = close(desk)
    work = Recomputation.objects.create(edit=edit, started_at=NOW)
    concerned = Concerned(edit, CalendarBook.of(edit.vendor_id))

    with Mover(edit.pk, concerned.steps()) as mover:
        found = mover.look(concerned.clocks[0], concerned.clocks[-1])
        assert (found.earlier, found.later, found.hard) == (0, 2, [])
        Clock.objects.filter(ticket=ticket).update(due_at=june(18, 9))
        assert mover.write(work, 2) == 1
        assert mover.write(work, 0) == 0  # the second of two runs

    assert Clock.objects.get(ticket=ticket).due_at == june(18, 9)
    assert due(other) == june(17, 11)
    assert [row.ticket for row in MovedClock.objects.all()] == [other]


def test_a_run_that_is_stopped_goes_on_where_it_stood(desk: Cast) -> None:
    tickets = [asked(desk) for _ in range(3)]
    close(desk)
    stops = iter([False, True, True, True])
    one_batch = Recomputer(pause=lambda _took: None, is_stopped=lambda: next(stops))
    one_batch._batch = 1

    assert one_batch.run_once(SETTLED) == 1
    assert Recomputation.objects.get().finished_at is None
    assert recomputed() == 2

    assert {due(ticket) for ticket in tickets} == {june(17, 11)}
    assert Recomputation.objects.get().clocks == 3


# Races, with real commits


def in_background(work: Callable[[], object]) -> Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


def test_an_action_that_had_not_heard_of_the_edit_is_made_good_once_it_has_settled(
    postgres_database: str,
) -> None:
    desk = made_desk()
    ticket = asked(desk)
    computed, committed = Event(), Event()

    def slow_action() -> None:
        with transaction.atomic():
            recompute(Ticket.objects.select_for_update().get(pk=ticket.pk), NOW)
            computed.set()
            committed.wait(20)

    thread = in_background(slow_action)
    assert computed.wait(20)
    close(desk)

    Recomputer(pause=lambda _took: None).run_once(NOW + timedelta(seconds=1))
    committed.set()
    thread.join()

    assert due(ticket) == june(16, 11)  # nobody could see it: the clocks had not been committed
    assert Recomputation.objects.get().finished_at is None
    assert Recomputer(pause=lambda _took: None).run_once(SETTLED) == 1
    assert due(ticket) == june(17, 11)
    assert Recomputation.objects.get().finished_at == SETTLED


def test_clocks_that_are_stopped_meanwhile_stay_stopped(both_own_databases: str) -> None:
    desk = made_desk()
    tickets = [asked(desk) for _ in range(12)]
    close(desk)
    recomputer = Recomputer(pause=lambda _took: None)
    recomputer._batch = 1

    thread = in_background(lambda: recomputer.run_once(SETTLED))
    for ticket in tickets[::2]:
        actions.number_told(ticket, how="phone", at_told=NOW, by=by(desk.tess), at=SETTLED)
    thread.join()
    recomputed(SETTLED + timedelta(minutes=1))

    assert all(Clock.objects.get(ticket=ticket).stopped_at == NOW for ticket in tickets[::2])
    assert {Ticket.objects.get(pk=ticket.pk).due_at for ticket in tickets[::2]} == {None}
    assert {due(ticket) for ticket in tickets[1::2]} == {june(17, 11)}
