"""The journal alone gives the clocks that stand in the rows; what is told twice or out of order leaves one fact."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people import Cast, ask, by, desk_of, with_package
from pomost.billing.actions import decide_estimate, propose_estimate
from pomost.billing.models import Estimate
from pomost.journal.models import Fact
from pomost.people.errors import Refused
from pomost.tickets import actions
from pomost.tickets.clockwork import recompute
from pomost.tickets.models import Clock, ClockEvent, Ticket
from pomost.tickets.queries.replay import differences, replay

MOSCOW = ZoneInfo("Europe/Moscow")
START = datetime(2026, 6, 15, 9, tzinfo=MOSCOW)
Act = Callable[[Cast, Ticket, datetime], object]


def the_open_estimate(ticket: Ticket) -> Estimate:
    found = Estimate.objects.filter(ticket=ticket, state="proposed").first()
    if found is None:
        raise Refused("There is none.")
    return found


def answer(accepted: bool) -> Act:
    def act(desk: Cast, ticket: Ticket, at: datetime) -> object:
        estimate = the_open_estimate(ticket)
        return decide_estimate(
            estimate,
            accepted=accepted,
            text_sha256=estimate.text_sha256,
            contact=desk.ada,
            channel="portal",
            by=by(desk.ada),
            at=at,
        )

    return act


ACTS: dict[str, Act] = {
    "told": lambda d, t, at: actions.number_told(t, how="mail", at_told=at, by="desk", at=at),
    "told earlier": lambda d, t, at: actions.number_told(
        t, how="phone", at_told=max(t.registered_at, at - timedelta(minutes=7)), by=by(d.tess), at=at
    ),
    "bounced": lambda d, t, at: actions.notice_bounced(t, answer="550", by="desk", at=at),
    "decided": lambda d, t, at: actions.decide(t, "included", "As ever.", by=by(d.tess), at=at),
    "begun": lambda d, t, at: actions.begin_work(t, by=by(d.tess), at=at),
    "stopped": lambda d, t, at: actions.stop_work(t, reason="lunch", by=by(d.tess), at=at),
    "waits": lambda d, t, at: actions.wait_for_customer(t, technician=d.tess, by=by(d.tess), at=at),
    "answered": lambda d, t, at: actions.customer_answered(t, by=by(d.ada), at=at),
    "answer": lambda d, t, at: actions.propose_answer(t, "So.", technician=d.tess, by=by(d.tess), at=at),
    "solved": lambda d, t, at: actions.propose_solution(t, "So.", technician=d.tess, by=by(d.tess), at=at),
    "rejected": lambda d, t, at: actions.reject_solution(
        t, "No.", contact=d.ada, channel="portal", by=by(d.ada), at=at
    ),
    "confirmed": lambda d, t, at: actions.confirm_solution(
        t, contact=d.ada, channel="portal", by=by(d.ada), at=at
    ),
    "proposed": lambda d, t, at: actions.propose_severity(t, "medium", by=by(d.tess), at=at),
    "agreed": lambda d, t, at: actions.agree_severity(
        t, contact=d.ada, channel="portal", by=by(d.ada), at=at
    ),
    "package": lambda d, t, at: actions.set_package_shown(
        t, package="extended", shown=True, by=by(d.tess), at=at
    ),
    "closed": lambda d, t, at: actions.close(t, "Withdrawn.", by=by(d.tess), at=at),
    "swept": lambda d, t, at: actions.sweep(at),
    "price": lambda d, t, at: propose_estimate(
        t, technician=d.tess, more_seconds=3600, reason="More.", quoted_net=None, by=by(d.tess), at=at
    ),
    "price accepted": answer(True),
    "price declined": answer(False),
    "meter starts": lambda d, t, at: actions.record_clock_event(
        t, "meter.started", happened_at=at - timedelta(minutes=3), by="desk", at=at
    ),
    "meter stops": lambda d, t, at: actions.record_clock_event(
        t, "meter.stopped", happened_at=at + timedelta(minutes=3), by="desk", at=at
    ),
}
DESKS = {"centaur": ("remote-connection", "critical", ""), "kryzhik": ("consultation", "", "")}


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    slug=st.sampled_from(sorted(DESKS)),
    steps=st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 180)), max_size=12),
)
def test_the_journal_gives_the_rows_after_any_history(slug: str, steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        desk = desk_of(slug)
        with_package(desk.acme, {"centaur": "basic", "kryzhik": "start"}[slug])
        service, severity, family = DESKS[slug]
        ticket = ask(desk.ada, service, START, severity=severity, family=family)
        now = START
        for act, minutes in steps:
            now += timedelta(minutes=minutes)
            try:
                with transaction.atomic():
                    ACTS[act](desk, Ticket.objects.get(pk=ticket.pk), now)
            except Refused:
                pass  # what the desk refuses leaves nothing
        now += timedelta(minutes=1)
        recompute(Ticket.objects.get(pk=ticket.pk), now)

        assert differences(Ticket.objects.get(pk=ticket.pk), now) == []
        missed = [
            (fact.data["clock"], fact.data["due_at"])
            for fact in Fact.objects.filter(kind="ticket.promise-missed")
        ]
        assert len(missed) == len(set(missed))
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_events_from_elsewhere_leave_the_same_rows_in_any_order_and_one_fact_each(
    data: st.DataObject,
) -> None:
    told = [
        ("work.began", 20),
        ("meter.started", 25),
        ("meter.stopped", 60),
        ("answer.proposed", 45),
        ("estimate.proposed", 70),
        ("next.ordered", 90),
    ]
    doubled = told + data.draw(st.lists(st.sampled_from(told), max_size=5))
    shuffled = data.draw(st.permutations(doubled))
    with transaction.atomic():
        desk = desk_of("kryzhik")
        with_package(desk.acme, "start")
        now = START + timedelta(hours=2)
        found = []
        for order in (told, shuffled):
            ticket = ask(desk.ada, "consultation", START)
            for name, minute in order:
                actions.record_clock_event(
                    ticket,
                    name,
                    happened_at=START + timedelta(minutes=minute),
                    once=f"{name}:1",
                    by="desk",
                    at=now,
                )
            rows = Clock.objects.filter(ticket=ticket).order_by("key")
            found.append(
                list(rows.values("key", "started_at", "due_at", "stopped_at", "used_seconds", "met"))
            )
            assert ClockEvent.objects.filter(ticket=ticket, once__isnull=False).count() == len(told)
            elsewhere = Fact.objects.filter(subject=f"ticket:{ticket.pk}", kind="ticket.clock-event")
            assert elsewhere.count() == len(told)
            assert differences(ticket, now) == []
        assert found[0] == found[1]
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("skew", "counted_as"), [(timedelta(days=-2), START), (timedelta(hours=9), START + timedelta(hours=1))]
)
def test_a_wrong_clock_elsewhere_moves_nothing_before_the_receipt_or_into_the_future(
    skew: timedelta, counted_as: datetime
) -> None:
    desk = desk_of("kryzhik")
    with_package(desk.acme, "start")
    ticket = ask(desk.ada, "consultation", START)
    at = START + timedelta(hours=1)

    actions.record_clock_event(ticket, "work.began", happened_at=at + skew, by="desk", at=at)

    assert Clock.objects.get(ticket=ticket, key="begin").stopped_at == counted_as
    assert differences(ticket, at) == []


@pytest.mark.django_db
def test_the_same_happening_with_two_moments_counts_once() -> None:
    desk = desk_of("centaur")
    ticket = ask(desk.ada, "settings-advice", START, severity="low")
    for minute in (5, 9):
        actions.record_clock_event(
            ticket,
            "notice.accepted",
            happened_at=START + timedelta(minutes=minute),
            once="mail:<1@example.org>",
            by="desk",
            at=START + timedelta(minutes=10),
        )

    assert Clock.objects.get(ticket=ticket).stopped_at == START + timedelta(minutes=5)
    assert Fact.objects.filter(kind="ticket.clock-event").count() == 1


@pytest.mark.django_db
def test_a_row_that_was_tampered_with_is_found() -> None:
    desk = desk_of("centaur")
    ticket = ask(desk.ada, "settings-advice", START, severity="low")
    Clock.objects.filter(ticket=ticket).update(due_at=START + timedelta(days=9))

    (differs,) = differences(ticket, START)

    assert (differs.key, differs.field, differs.row) == ("reaction", "due_at", START + timedelta(days=9))
    assert replay(ticket, START)["reaction"].due_at == differs.journal
