"""Staff are told before a promise breaks and after it broke: once, by mail and on the board, whatever is swept twice."""

from datetime import date, datetime, timedelta

import pytest

from moments import MOSCOW, june
from people import Cast, ask, by, desk_of, with_package
from pomost.contracts.calendar_edits import override_calendar, withdraw_override
from pomost.journal.models import Fact
from pomost.people.models import Technician
from pomost.rules.hours import Hours
from pomost.tickets import actions, queries
from pomost.tickets.actions.recomputing import Recomputer
from pomost.tickets.models import AlertTold, Clock, Ticket

ALERTS = ("ticket.promise-warned", "ticket.promise-escalated")


@pytest.fixture
def centaur(db: None) -> Cast:
    made = desk_of("centaur")
    with_package(made.acme, "extended")
    return made


@pytest.fixture
def kryzhik(db: None) -> Cast:
    made = desk_of("kryzhik")
    with_package(made.acme, "start")
    return made


@pytest.fixture
def low(centaur: Cast) -> Ticket:
    """Eight working hours from Monday 9:00: due at 17:00, a quarter is left at 15:00."""
    return ask(centaur.ada, "settings-advice", june(15, 9), severity="low")


def told() -> list[tuple[str, list[int]]]:
    return [(fact.kind.removeprefix("ticket.promise-"), fact.data["technicians"]) for fact in facts()]


def facts() -> list[Fact]:
    return list(Fact.objects.filter(kind__in=ALERTS).order_by("id"))


def test_the_next_alert_is_a_column(low: Ticket) -> None:
    assert Clock.objects.get().tell_at == june(15, 15)


def test_who_has_the_request_is_warned_when_a_quarter_is_left(centaur: Cast, low: Ticket) -> None:
    actions.take(low, centaur.tess, by=by(centaur.tess), at=june(15, 9, 5))

    assert actions.sweep(june(15, 14, 59, 59)) == 0
    assert actions.sweep(june(15, 15)) == 1

    assert told() == [("warned", [centaur.tess.pk])]
    assert Clock.objects.get().tell_at == june(15, 17)


def test_where_nobody_has_it_the_dispatchers_are_warned_and_else_the_owner(
    centaur: Cast, low: Ticket
) -> None:
    actions.sweep(june(15, 15))
    assert told() == [("warned", [centaur.dora.pk])]

    Technician.objects.filter(pk=centaur.dora.pk).update(role="technician")
    later = ask(centaur.ada, "settings-advice", june(16, 9), severity="low")
    actions.sweep(june(16, 15))
    assert [fact.data["technicians"] for fact in facts() if fact.subject == f"ticket:{later.pk}"] == [
        [centaur.owen.pk]
    ]


def test_what_was_missed_is_passed_on_to_the_dispatcher(centaur: Cast, low: Ticket) -> None:
    for at in (june(15, 15), june(15, 17), june(15, 17, 0, 1), june(16, 9, 30)):
        actions.sweep(at)

    assert [kind for kind, _whom in told()] == ["warned", "escalated"]
    assert Clock.objects.get().tell_at is None


def test_a_desk_that_was_off_tells_only_what_still_helps(low: Ticket) -> None:
    actions.sweep(june(16, 9, 30))

    assert [kind for kind, _whom in told()] == ["escalated"]


def test_nothing_is_told_twice_however_often_it_is_swept_or_recomputed(centaur: Cast, low: Ticket) -> None:
    for _time in range(3):
        actions.sweep(june(15, 15, 1))
    actions.take(low, centaur.tess, by=by(centaur.tess), at=june(15, 15, 2))
    actions.customer_wrote(low, "Hurry.", contact=centaur.ada, by=by(centaur.ada), at=june(15, 15, 3))
    actions.record_clock_event(
        low, "next.ordered", happened_at=june(15, 15, 4), by="desk", at=june(15, 15, 4)
    )
    actions.sweep(june(15, 15, 5))

    assert [kind for kind, _whom in told()] == ["warned"]


def test_who_kept_the_promise_is_told_nothing(centaur: Cast, low: Ticket) -> None:
    at = june(15, 9, 30)
    actions.number_told(low, how="phone", at_told=at, by=by(centaur.tess), at=at)

    assert Clock.objects.get().tell_at is None
    assert actions.sweep(june(16, 12)) == 0
    assert told() == []


def test_a_bounce_lets_it_be_told_after_all(centaur: Cast, low: Ticket) -> None:
    at = june(15, 9, 30)
    actions.number_told(low, how="mail", at_told=at, by="desk", at=at)
    actions.notice_bounced(low, answer="550", by="desk", at=june(15, 16))

    assert Clock.objects.get().tell_at == june(15, 15)
    actions.sweep(june(15, 16, 0, 1))
    assert [kind for kind, _whom in told()] == ["warned"]


def test_another_severity_moves_the_alerts_and_a_new_moment_is_told_anew(centaur: Cast) -> None:
    ticket = ask(centaur.ada, "settings-advice", june(15, 9), severity="critical")  # one hour
    actions.sweep(june(15, 9, 45))
    actions.propose_severity(ticket, "low", by=by(centaur.tess), at=june(15, 9, 46))
    actions.agree_severity(
        ticket, contact=centaur.ada, channel="portal", by=by(centaur.ada), at=june(15, 9, 50)
    )

    assert Clock.objects.get().tell_at == june(15, 15)
    actions.sweep(june(15, 15))
    assert [fact.data["due_at"] for fact in facts()] == [
        at.astimezone(MOSCOW).isoformat() for at in (june(15, 10), june(15, 17))
    ]


def test_a_moment_that_only_moves_back_is_not_told_again(centaur: Cast, low: Ticket) -> None:
    actions.sweep(june(15, 15))
    actions.propose_severity(low, "medium", by=by(centaur.tess), at=june(15, 15, 1))  # four hours: missed
    actions.agree_severity(low, contact=centaur.ada, channel="portal", by=by(centaur.ada), at=june(15, 15, 2))
    actions.sweep(june(15, 15, 3))

    assert [kind for kind, _whom in told()] == ["warned", "escalated"]


def test_a_request_that_is_over_alarms_nobody(centaur: Cast, low: Ticket) -> None:
    actions.close(low, "Withdrawn.", by=by(centaur.tess), at=june(15, 10))

    actions.sweep(june(16, 12))

    assert told() == []


def test_each_promise_of_a_chain_has_its_own(kryzhik: Cast) -> None:
    ticket = ask(kryzhik.ada, "consultation", june(8, 10))
    tess = by(kryzhik.tess)
    actions.sweep(june(8, 10, 23))
    actions.take(ticket, kryzhik.tess, by=tess, at=june(8, 10, 24))
    actions.begin_work(ticket, by=tess, at=june(8, 10, 25))
    actions.sweep(june(8, 10, 48))
    actions.sweep(june(8, 13, 25))

    assert [(fact.data["clock"], fact.data["step"]) for fact in facts()] == [
        ("begin", "warning:25%"),
        ("answer", "warning:25%"),
        ("answer", "escalation:0s"),
        ("solve", "warning:25%"),
    ]
    assert {tuple(fact.data["technicians"]) for fact in facts()[1:2]} == {(kryzhik.tess.pk,)}


def test_the_board_shows_that_it_was_told(centaur: Cast, low: Ticket) -> None:
    actions.sweep(june(15, 15))

    row = queries.row(low, june(15, 15, 10), language="en")
    assert row.told is not None
    assert (row.told.step, row.told.told_at) == ("warning:25%", june(15, 15))


def test_the_database_holds_that_a_moment_is_told_once(low: Ticket) -> None:
    actions.sweep(june(15, 15))
    row = AlertTold.objects.get()
    row.pk = None
    with pytest.raises(Exception, match=r"UNIQUE|unique"):
        row.save(force_insert=True)


def test_ten_sweeps_a_second_find_nothing_by_the_column(low: Ticket) -> None:
    actions.sweep(june(15, 15))

    assert not Clock.objects.filter(tell_at__lte=june(15, 16)).exists()
    assert Clock.objects.get().tell_at == june(15, 15) + timedelta(hours=2)


@pytest.mark.parametrize(
    ("hours", "due_at", "tell_at"),
    [((), june(16, 17), june(16, 15)), (((9 * 60, 21 * 60),), june(15, 17), june(15, 15))],
    ids=["later", "not moved"],
)
def test_an_edited_calendar_moves_the_alerts_too(
    centaur: Cast, low: Ticket, hours: Hours, due_at: datetime, tell_at: datetime
) -> None:
    override_calendar(
        centaur.vendor,
        "office",
        first_day=date(2026, 6, 15),
        last_day=date(2026, 6, 15),
        hours=hours,
        by=by(centaur.owen),
        at=june(15, 9),
    )
    for _time in range(4):
        Recomputer(pause=lambda _took: None).run_once(june(15, 9, 5))

    assert Clock.objects.get().due_at == due_at
    actions.sweep(june(15, 15))
    assert [kind for kind, _whom in told()] == (["warned"] if tell_at == june(15, 15) else [])
    if not told():
        assert Clock.objects.get().tell_at == tell_at
        actions.sweep(tell_at)
        assert [kind for kind, _whom in told()] == ["warned"]


def test_a_promise_that_is_due_earlier_is_warned_about_in_time(centaur: Cast) -> None:
    day_off = override_calendar(
        centaur.vendor,
        "office",
        first_day=date(2026, 6, 15),
        last_day=date(2026, 6, 15),
        hours=(),
        by=by(centaur.owen),
        at=june(12, 9),
    )
    Recomputer(pause=lambda _took: None).run_once(june(12, 10))
    ask(centaur.ada, "settings-advice", june(14, 12), severity="low")
    assert Clock.objects.get().tell_at == june(16, 15)

    withdraw_override(day_off, by=by(centaur.owen), at=june(14, 13))
    for _time in range(4):
        Recomputer(pause=lambda _took: None).run_once(june(14, 13, 5))

    assert Clock.objects.get().due_at == june(15, 17)
    assert actions.sweep(june(15, 15)) == 1
    assert told() == [("warned", [centaur.dora.pk])]
