"""S5 for time that is entered by hand: beyond the budget nothing is charged until an estimate is accepted."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from people import Cast, ask, by, desk_of
from pomost.billing.actions import decide_estimate, propose_estimate
from pomost.billing.meter import estimate_due
from pomost.billing.queries import cost_so_far
from pomost.tickets import actions
from pomost.tickets.models import Ticket
from pomost.worklog.actions import enter_call, enter_data_work

WARSAW = ZoneInfo("Europe/Warsaw")
START = datetime(2026, 6, 15, 9, tzinfo=WARSAW)


@pytest.fixture
def desk(db: None) -> Cast:
    return desk_of("satisoft")


def worked(desk: Cast, ticket: Ticket, minutes: int, *, after: int = 0, on_data: bool = False) -> None:
    began = START + timedelta(minutes=after)
    enter = enter_data_work if on_data else enter_call
    enter(
        ticket,
        technician=desk.tess,
        worked_seconds=minutes * 60,
        started_at=began,
        by=by(desk.tess),
        at=began + timedelta(minutes=minutes),
    )


def net(ticket: Ticket) -> tuple[Decimal, int]:
    """Return what is charged so far, and the seconds that nobody agreed to."""
    cost = cost_so_far(Ticket.objects.get(pk=ticket.pk), now=START + timedelta(hours=6))
    return cost.bill.net.amount, cost.unagreed_seconds


@pytest.mark.parametrize("on_data", [False, True], ids=["a call", "work on data"])
def test_g_s1_by_hand_the_second_hour_costs_nothing_before_a_yes_and_200_after_it(
    desk: Cast, on_data: bool
) -> None:
    ticket = ask(desk.ada, "remote-help", START, family="subiekt")
    worked(desk, ticket, 80, on_data=on_data)
    assert net(ticket) == (Decimal("200.00"), 20 * 60)
    due = estimate_due(ticket, 80 * 60)
    assert due is not None
    assert due.demanded
    assert not due.may_work

    at = START + timedelta(minutes=85)
    estimate = propose_estimate(
        ticket, technician=desk.tess, more_seconds=60, reason="It takes longer.", by=by(desk.tess), at=at
    )
    decide_estimate(
        estimate,
        accepted=True,
        text_sha256=estimate.text_sha256,
        contact=desk.ada,
        channel="phone",
        by=by(desk.tess),
        at=at,
    )

    assert net(ticket) == (Decimal("400.00"), 0)


def test_g_s2_by_hand_a_no_leaves_nothing_to_pay_for_what_was_entered(desk: Cast) -> None:
    ticket = ask(desk.ada, "remote-help", START, family="subiekt")
    worked(desk, ticket, 30)
    worked(desk, ticket, 25, after=30, on_data=True)
    at = START + timedelta(minutes=56)
    estimate = propose_estimate(
        ticket, technician=desk.tess, more_seconds=3 * 3600, reason="A repair.", by=by(desk.tess), at=at
    )
    decide_estimate(
        estimate,
        accepted=False,
        text_sha256=estimate.text_sha256,
        contact=desk.ada,
        channel="phone",
        by=by(desk.tess),
        at=at,
    )

    assert net(ticket)[0] == 0
    assert Ticket.objects.get(pk=ticket.pk).state == Ticket.State.CLOSED


def test_time_by_hand_and_in_several_entries_shares_one_budget(desk: Cast) -> None:
    ticket = ask(desk.ada, "remote-help", START, family="subiekt")
    for after in (0, 40):
        worked(desk, ticket, 40, after=after)
    actions.propose_solution(
        ticket, "Done.", technician=desk.tess, by=by(desk.tess), at=START + timedelta(minutes=90)
    )

    assert net(ticket) == (Decimal("200.00"), 20 * 60)
