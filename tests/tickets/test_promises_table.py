"""Every promise of the five vendors, by package and severity, lived through the actions that start and stop it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from people import ask, by, desk_of, with_package
from pomost.tickets import actions
from pomost.tickets.models import Clock, Ticket
from vendors import SLUGS, shipped

MOSCOW = ZoneInfo("Europe/Moscow")
HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 6, 15, 9, tzinfo=MOSCOW)
SECOND = timedelta(seconds=1)

CENTAUR = [
    ("basic", "low", 24, datetime(2026, 6, 17, 17, tzinfo=MOSCOW)),
    ("basic", "medium", 8, datetime(2026, 6, 15, 17, tzinfo=MOSCOW)),
    ("basic", "critical", 4, datetime(2026, 6, 15, 13, tzinfo=MOSCOW)),
    ("extended", "low", 8, datetime(2026, 6, 15, 17, tzinfo=MOSCOW)),
    ("extended", "medium", 4, datetime(2026, 6, 15, 13, tzinfo=MOSCOW)),
    ("extended", "critical", 1, datetime(2026, 6, 15, 10, tzinfo=MOSCOW)),
]
KRYZHIK = [
    ("start", 4),
    ("kryzhik-base", 4),
    ("kryzhik", 2),
    ("nadezhny", 1),
    ("nadezhny-upravlencheskiy", 1),
]


def clock(ticket: Ticket, key: str) -> Clock:
    return Clock.objects.get(ticket=ticket, key=key)


def test_three_of_the_five_promise_no_times_and_two_do() -> None:
    assert {slug: [each.id for each in shipped(slug).promises] for slug in SLUGS} == {
        "bonus": [],
        "centaur": ["reaction"],
        "damal": [],
        "kryzhik": ["begin", "answer", "solve"],
        "satisoft": [],
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "service", "family"),
    [
        ("bonus", "direct-connection", ""),
        ("damal", "remote-consultation", ""),
        ("satisoft", "remote-help", "subiekt"),
    ],
)
def test_where_nothing_is_promised_no_clock_runs(slug: str, service: str, family: str) -> None:
    desk = desk_of(slug)
    ticket = ask(desk.ada, service, MONDAY, family=family)

    assert not Clock.objects.filter(ticket=ticket).exists()
    assert ticket.due_at is None


@pytest.mark.django_db
@pytest.mark.parametrize(("package", "severity", "hours", "due_at"), CENTAUR)
@pytest.mark.parametrize("late", [timedelta(0), SECOND], ids=["at the very instant", "a second later"])
def test_c4_the_reaction_by_package_and_severity(
    package: str, severity: str, hours: int, due_at: datetime, late: timedelta
) -> None:
    desk = desk_of("centaur")
    with_package(desk.acme, package)
    ticket = ask(desk.ada, "settings-advice", MONDAY, severity=severity)
    reaction = clock(ticket, "reaction")
    assert (reaction.amount_seconds, reaction.started_at, reaction.due_at) == (hours * 3600, MONDAY, due_at)

    at = due_at + late
    actions.number_told(ticket, how="phone", at_told=at, by=by(desk.tess), at=at)

    told = clock(ticket, "reaction")
    assert (told.stopped_at, told.met) == (at, not late)


@pytest.mark.django_db
@pytest.mark.parametrize(("package", "severity", "hours", "due_at"), CENTAUR)
def test_c4_a_bounce_reopens_each_from_the_same_start(
    package: str, severity: str, hours: int, due_at: datetime
) -> None:
    desk = desk_of("centaur")
    with_package(desk.acme, package)
    ticket = ask(desk.ada, "settings-advice", MONDAY, severity=severity)
    told_at = MONDAY + timedelta(minutes=1)
    actions.number_told(ticket, how="mail", at_told=told_at, by="desk", at=told_at)
    actions.notice_bounced(ticket, answer="550", by="desk", at=MONDAY + timedelta(minutes=30))

    again = clock(ticket, "reaction")
    assert (again.started_at, again.due_at, again.stopped_at, again.met) == (MONDAY, due_at, None, None)
    assert again.used_seconds == 30 * 60


@pytest.mark.django_db
@pytest.mark.parametrize(("package", "hours"), KRYZHIK)
def test_k2_k3_each_clock_of_the_chain_begins_with_its_own_event(package: str, hours: int) -> None:
    desk = desk_of("kryzhik")
    with_package(desk.acme, package)
    tess = by(desk.tess)
    ticket = ask(desk.ada, "consultation", MONDAY + HOUR)
    begin = clock(ticket, "begin")
    assert (begin.started_at, begin.due_at) == (MONDAY + HOUR, MONDAY + 1.5 * HOUR)
    assert clock(ticket, "solve").started_at is None

    actions.decide(ticket, "included", "As ever.", by=tess, at=MONDAY + HOUR)
    began = MONDAY + HOUR + timedelta(minutes=20)
    actions.begin_work(ticket, by=tess, at=began)

    assert clock(ticket, "begin").met is True
    solve = clock(ticket, "solve")
    assert (solve.started_at, solve.due_at) == (began, began + hours * HOUR)
    promises_answer = package in ("start", "kryzhik-base")
    assert Clock.objects.filter(ticket=ticket, key="answer").exists() is promises_answer
    if promises_answer:
        assert clock(ticket, "answer").due_at == began + timedelta(minutes=30)


@pytest.mark.django_db
@pytest.mark.parametrize(("package", "hours"), KRYZHIK)
def test_k3_a_rejected_solution_lets_the_clock_run_on_from_the_beginning_of_work(
    package: str, hours: int
) -> None:
    desk = desk_of("kryzhik")
    with_package(desk.acme, package)
    tess = by(desk.tess)
    ticket = ask(desk.ada, "consultation", MONDAY + HOUR)
    actions.decide(ticket, "included", "As ever.", by=tess, at=MONDAY + HOUR)
    actions.begin_work(ticket, by=tess, at=MONDAY + HOUR)
    actions.propose_solution(
        ticket, "So.", technician=desk.tess, by=tess, at=MONDAY + HOUR + timedelta(minutes=20)
    )
    assert clock(ticket, "solve").met is True

    actions.reject_solution(
        ticket,
        "It is not.",
        contact=desk.ada,
        channel="portal",
        by=by(desk.ada),
        at=MONDAY + HOUR + timedelta(minutes=40),
    )

    solve = clock(ticket, "solve")
    assert (solve.met, solve.stopped_at, solve.due_at) == (None, None, MONDAY + (1 + hours) * HOUR)
