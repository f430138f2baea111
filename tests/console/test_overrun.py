"""G-K1 and what follows: the promised time is over, work stops, and the board says what lets it go on."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import cast as typed
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from people import Cast, ask, by, desk_of, with_package
from pomost.billing.models import Estimate
from pomost.billing.queries import cost_so_far
from pomost.config.middleware import CLOCK_KEY
from pomost.contracts.queries import terms_of
from pomost.people.models import Contact, Technician
from pomost.rules.decision import Subject
from pomost.tickets import actions, queries
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Clock, ClockEvent, DecisionKept, Overrun, Ticket
from pomost.tickets.overrun import verdict_of_work, working_service
from pomost.tickets.queries import NextStep
from pomost.worklog.actions import enter_data_work
from portal.scene import MovedClock, hidden, words

MOSCOW = ZoneInfo("Europe/Moscow")
State = Overrun.State


def june(hour: int, minute: int = 0, second: int = 0, day: int = 8) -> datetime:
    return datetime(2026, 6, day, hour, minute, second, tzinfo=MOSCOW)


def browser(person: Technician | Contact, at: datetime) -> Client:
    made = Client()
    typed(dict[str, object], made.defaults)[CLOCK_KEY] = MovedClock(at)
    made.cookies["language"] = "en"
    assert person.person is not None
    made.force_login(person.person)
    return made


def step(ticket: Ticket, at: datetime) -> NextStep:
    return queries.row(ticket, at, language="en").next_step


@pytest.fixture
def kryzhik(db: None) -> Cast:
    made = desk_of("kryzhik")
    Technician.objects.filter(pk=made.tess.pk).update()
    made.tess.person.language = "en"
    made.tess.person.save(update_fields=["language"])
    return made


def run_out(desk: Cast, package: str, at: datetime, *, registered: datetime | None = None) -> Ticket:
    """Let a consultation of this package begin 20 minutes after its registration at 10:00 and run out by `at`."""
    with_package(desk.acme, package)
    tess = by(desk.tess)
    ticket = ask(desk.ada, "consultation", registered or june(10))
    actions.number_told(ticket, how="phone", at_told=june(10, 2), by=tess, at=june(10, 2))
    actions.decide(ticket, "included", "Advice has always been included.", by=tess, at=june(10, 4))
    actions.take(ticket, desk.tess, by=tess, at=june(10, 5))
    actions.begin_work(ticket, by=tess, at=june(10, 20))
    actions.propose_answer(ticket, "Try this.", technician=desk.tess, by=tess, at=june(10, 45))
    actions.sweep(at)
    return Ticket.objects.get(pk=ticket.pk)


@pytest.fixture
def stopped(kryzhik: Cast) -> Ticket:
    """G-K1: first column, registered 10:00, began 10:20, proposed 10:45, unsolved at 14:20."""
    return run_out(kryzhik, "start", june(14, 20, 1))


def test_k1_both_promises_are_kept_and_work_stops_at_14_20_however_late_the_sweep(kryzhik: Cast) -> None:
    ticket = run_out(kryzhik, "start", june(15, 37))

    states = dict(Clock.objects.filter(ticket=ticket).values_list("key", "met"))
    assert states == {"begin": True, "answer": True, "solve": False}
    over = Overrun.objects.get(ticket=ticket)
    assert (over.state, over.service, over.clause, over.stopped_at) == (
        State.PRICE_DUE,
        "data-analysis",
        "3.4",
        june(14, 20),
    )
    assert ClockEvent.objects.get(ticket=ticket, name="work.stopped").at == june(14, 20)
    assert ticket.began_at is None


def test_k1_at_14_20_itself_the_promise_still_holds(kryzhik: Cast) -> None:
    ticket = run_out(kryzhik, "start", june(14, 20))

    assert not Overrun.objects.exists()
    assert ticket.began_at == june(10, 20)


def test_k1_the_page_says_what_to_do_and_the_price_lets_work_go_on(kryzhik: Cast, stopped: Ticket) -> None:
    tess, at = browser(kryzhik.tess, june(14, 25)), f"/kryzhik/console/tickets/{stopped.number}/"
    assert step(stopped, june(14, 21)) is NextStep.AGREE_PRICE
    seen = words(tess.get(at).content.decode())
    assert "The promised time is over: name the price of going on" in seen
    assert "Work stopped at 14:20." in seen

    with pytest.raises(TicketRefused, match="once the price of “Подключение к базе"):
        actions.begin_work(stopped, by=by(kryzhik.tess), at=june(14, 22))
    answer = tess.post(
        f"{at}estimate/",
        {"more_hours": "2", "quoted_net": "4000.00", "reason": "The base has to be analysed"},
    )
    assert answer.status_code == 302, words(answer.content.decode())
    estimate = Estimate.objects.get()
    assert (estimate.clause, estimate.net_if_accepted, estimate.net_if_declined) == (
        "3.4",
        Decimal("4000.00"),
        Decimal("0.00"),
    )
    assert step(stopped, june(14, 26)) is NextStep.AWAIT_PRICE

    ada = browser(kryzhik.ada, june(14, 40))
    page = ada.get(f"/kryzhik/requests/{stopped.number}/").content.decode()
    ada.post(
        f"/kryzhik/requests/{stopped.number}/estimates/{estimate.pk}/",
        {"answer": "yes", "words": hidden(page, "words")},
    )

    ticket = Ticket.objects.get(pk=stopped.pk)
    assert Overrun.objects.get().state == State.PRICE_AGREED
    assert step(ticket, june(14, 41)) is NextStep.BEGIN_WORK
    assert working_service(ticket) == "data-analysis"
    assert verdict_of_work(ticket).outcome == "paid"
    assert tess.post(f"{at}begin/").status_code == 302
    entry = enter_data_work(
        Ticket.objects.get(pk=ticket.pk),
        technician=kryzhik.tess,
        worked_seconds=90 * 60,
        started_at=june(14, 45),
        by=by(kryzhik.tess),
        at=june(16, 20),
    )
    assert entry.service == "data-analysis"
    cost = cost_so_far(Ticket.objects.get(pk=ticket.pk), now=june(16, 30))
    assert (cost.bill.net.amount, cost.unpriced) == (Decimal("4000.00"), ())
    assert actions.sweep(june(17)) == 0
    assert Ticket.objects.get(pk=ticket.pk).began_at is not None


def test_k1_a_declined_price_leaves_work_standing_and_costs_nothing(kryzhik: Cast, stopped: Ticket) -> None:
    tess, at = browser(kryzhik.tess, june(14, 25)), f"/kryzhik/console/tickets/{stopped.number}/"
    tess.post(f"{at}estimate/", {"more_hours": "2", "quoted_net": "4000", "reason": "Analysis"})
    tess.post(f"{at}estimate/answer/", {"agreed": "no"})

    ticket = Ticket.objects.get(pk=stopped.pk)
    assert step(ticket, june(14, 30)) is NextStep.PRICE_DECLINED
    assert "The customer declined the price" in words(tess.get(at).content.decode())
    with pytest.raises(TicketRefused, match="promised time is over"):
        actions.begin_work(ticket, by=by(kryzhik.tess), at=june(14, 31))
    assert cost_so_far(ticket, now=june(15)).bill.net.amount == 0
    tess.post(f"{at}estimate/", {"more_hours": "1", "quoted_net": "2000", "reason": "Only the balance"})
    assert step(ticket, june(14, 40)) is NextStep.AWAIT_PRICE


def test_a_price_without_a_sum_is_asked_for_where_the_terms_give_no_rate(
    kryzhik: Cast, stopped: Ticket
) -> None:
    tess = browser(kryzhik.tess, june(14, 25))
    answer = tess.post(
        f"/kryzhik/console/tickets/{stopped.number}/estimate/", {"more_hours": "2", "reason": "Analysis"}
    )

    assert "Name a fixed sum" in words(answer.content.decode())
    assert not Estimate.objects.exists()
    assert Overrun.objects.get().state == State.PRICE_DUE


def test_a_solution_that_was_there_stops_the_clock_late_as_it_is(kryzhik: Cast, stopped: Ticket) -> None:
    ticket = actions.propose_solution(
        stopped, "Found.", technician=kryzhik.tess, by=by(kryzhik.tess), at=june(14, 30)
    )

    assert ticket.state == Ticket.State.SOLVED
    assert ClockEvent.objects.filter(ticket=ticket, name="work.began").count() == 1
    ticket = actions.reject_solution(
        ticket, "It is not.", contact=kryzhik.ada, channel="portal", by=by(kryzhik.ada), at=june(15)
    )
    assert step(ticket, june(15, 1)) is NextStep.AGREE_PRICE


@pytest.mark.parametrize(("package", "over_at"), [("kryzhik", june(12, 20)), ("nadezhny", june(11, 20))])
def test_k4_in_the_other_columns_a_person_decides_and_the_reason_is_kept(
    kryzhik: Cast, package: str, over_at: datetime
) -> None:
    later = over_at + timedelta(seconds=1)
    ticket = run_out(kryzhik, package, later)
    tess, at = browser(kryzhik.tess, later), f"/kryzhik/console/tickets/{ticket.number}/"
    assert Overrun.objects.get().stopped_at == over_at
    assert step(ticket, later) is NextStep.DECIDE_OVERRUN
    assert "the terms do not say what then" in words(tess.get(at).content.decode())
    with pytest.raises(TicketRefused, match="Decide first how to go on"):
        actions.begin_work(ticket, by=by(kryzhik.tess), at=later)

    assert tess.post(f"{at}overrun/", {"way": "go-on", "reason": " "}).status_code == 422
    assert tess.post(f"{at}overrun/", {"way": "go-on", "reason": "Nearly there."}).status_code == 302

    kept = DecisionKept.objects.get(ticket=ticket, subject=Subject.CLOCK)
    assert (kept.outcome, kept.clause, kept.by) == ("goes-on", "3.5", by(kryzhik.tess))
    assert {each["name"]: each["value"] for each in kept.body["facts"]} == {
        "promise": "solve",
        "due-at": over_at.astimezone(UTC).isoformat(),
        "reason": "Nearly there.",
        "decided-by": by(kryzhik.tess),
    }
    assert step(ticket, later) is NextStep.BEGIN_WORK
    assert tess.post(f"{at}begin/").status_code == 302
    actions.sweep(later + timedelta(hours=3))
    assert Ticket.objects.get().began_at is not None
    assert working_service(ticket) == "consultation"


def test_k4_a_person_can_ask_for_a_price_or_end_it(kryzhik: Cast) -> None:
    ticket = run_out(kryzhik, "nadezhny", june(11, 30))
    tess, at = by(kryzhik.tess), june(11, 40)
    with pytest.raises(TicketRefused, match="needs a price"):
        actions.decide_overrun(ticket, "paid", "Too much.", service="solving", by=tess, at=at)

    actions.decide_overrun(ticket, "paid", "Too much.", service="data-analysis", by=tess, at=at)
    assert step(ticket, at) is NextStep.AGREE_PRICE
    assert DecisionKept.objects.get(subject=Subject.CLOCK).outcome == "agree-price"
    with pytest.raises(TicketRefused, match="The terms say what follows"):
        actions.decide_overrun(ticket, "go-on", "No.", by=tess, at=at)


def test_k4_ending_it_closes_the_request_with_the_reason(kryzhik: Cast) -> None:
    ticket = run_out(kryzhik, "nadezhny", june(11, 30))

    ticket = actions.decide_overrun(
        ticket, "close", "A programmer's work.", by=by(kryzhik.tess), at=june(11, 40)
    )

    assert ticket.state == Ticket.State.CLOSED
    assert terms_of(ticket.terms).clause(DecisionKept.objects.get(subject=Subject.CLOCK).clause).id == "3.5"


def test_nobody_decides_what_is_not_over_or_what_the_terms_say(kryzhik: Cast, stopped: Ticket) -> None:
    with pytest.raises(TicketRefused, match=r"The terms say what follows here \(§ 3.4\)"):
        actions.decide_overrun(stopped, "go-on", "Please.", by=by(kryzhik.tess), at=june(14, 30))
    fresh = ask(kryzhik.ada, "consultation", june(14, 30))
    with pytest.raises(TicketRefused, match="is not over"):
        actions.decide_overrun(fresh, "go-on", "Please.", by=by(kryzhik.tess), at=june(14, 31))


def test_another_package_that_is_shown_later_frees_the_work(kryzhik: Cast) -> None:
    ticket = run_out(kryzhik, "nadezhny", june(11, 30))
    assert step(ticket, june(11, 30)) is NextStep.DECIDE_OVERRUN

    ticket = actions.set_package_shown(
        ticket, package="start", shown=True, by=by(kryzhik.tess), at=june(11, 40)
    )

    assert Clock.objects.get(ticket=ticket, key="solve").due_at == june(14, 20)
    assert actions.begin_work(ticket, by=by(kryzhik.tess), at=june(11, 41)).began_at == june(11, 41)
