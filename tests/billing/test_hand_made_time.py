"""S5 for time that is entered by hand: beyond the budget nothing is charged until an estimate is accepted."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from people import Cast, ask, by, desk_of
from pomost.billing.actions import (
    GoOn,
    Worked,
    decide_estimate,
    enter_and_estimate,
    enter_by_hand,
    propose_estimate,
)
from pomost.billing.by_hand import BeyondAgreed, beyond_agreed
from pomost.billing.errors import BillingRefused
from pomost.billing.meter import estimate_due
from pomost.billing.queries import cost_so_far
from pomost.journal.models import Fact
from pomost.tickets import actions
from pomost.tickets.models import Ticket
from pomost.worklog.actions import enter_call, enter_data_work
from pomost.worklog.errors import EntryRefused
from pomost.worklog.models import Entry

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


AT = START + timedelta(hours=3)


def subiekt(desk: Cast) -> Ticket:
    return ask(desk.ada, "remote-help", START, family="subiekt")


def phoned(minutes: int) -> Worked:
    return Worked("call", minutes * 60, AT - timedelta(minutes=minutes), "Rebuilt the index.")


def entered(ticket: Ticket) -> list[int]:
    """Return the minutes of each entry."""
    return [each.worked_seconds // 60 for each in Entry.objects.filter(ticket=ticket).order_by("id")]


def test_an_entry_beyond_the_free_minutes_is_not_kept_before_somebody_says_how_to_go_on(desk: Cast) -> None:
    ticket = subiekt(desk)
    worked(desk, ticket, 50)
    facts = Fact.objects.count()

    with pytest.raises(BeyondAgreed) as asked:
        enter_by_hand(ticket, phoned(30), technician=desk.tess, by=by(desk.tess), at=AT)

    beyond = asked.value.beyond
    assert (beyond.left_seconds, beyond.beyond_seconds, beyond.clause) == (600, 1200, "5.1")
    assert "estimate: 10 minutes. Beyond it: 20 minutes" in str(asked.value)
    assert "§ 5.1" in str(asked.value)
    assert (entered(ticket), Fact.objects.count()) == ([50], facts)


@pytest.mark.parametrize(
    ("go_on", "kept"), [pytest.param(GoOn.FITTING, [50, 10]), pytest.param(GoOn.UNCHARGED, [50, 30])]
)
def test_one_enters_what_fits_or_all_and_either_way_only_what_was_agreed_to_is_charged(
    desk: Cast, go_on: GoOn, kept: list[int]
) -> None:
    ticket = subiekt(desk)
    worked(desk, ticket, 50)

    enter_by_hand(ticket, phoned(30), technician=desk.tess, go_on=go_on, by=by(desk.tess), at=AT)

    assert entered(ticket) == kept
    assert net(ticket)[0] == Decimal("200.00")


def test_g_s1_by_hand_the_rest_is_entered_once_its_price_was_accepted(desk: Cast) -> None:
    ticket = subiekt(desk)

    estimate = enter_and_estimate(ticket, phoned(80), technician=desk.tess, by=by(desk.tess), at=AT)

    assert entered(ticket) == [60]
    assert (estimate.more_seconds, estimate.net_if_declined) == (1200, Decimal(0))
    assert estimate.net_if_accepted == Decimal("400.00")
    with pytest.raises(BeyondAgreed) as asked:
        enter_by_hand(ticket, phoned(20), technician=desk.tess, by=by(desk.tess), at=AT)
    assert asked.value.beyond.estimate_waits
    decide_estimate(
        estimate,
        accepted=True,
        text_sha256=estimate.text_sha256,
        contact=desk.ada,
        channel="phone",
        by=by(desk.tess),
        at=AT,
    )
    enter_by_hand(ticket, phoned(20), technician=desk.tess, by=by(desk.tess), at=AT)
    assert (entered(ticket), net(ticket)) == ([60, 20], (Decimal("400.00"), 0))
    with pytest.raises(BeyondAgreed, match="accepted estimate: 40 minutes"):
        enter_by_hand(ticket, phoned(41), technician=desk.tess, by=by(desk.tess), at=AT)


def test_where_nothing_is_left_nothing_fits(desk: Cast) -> None:
    ticket = subiekt(desk)
    worked(desk, ticket, 60)

    with pytest.raises(BillingRefused, match="no part of the entry fits"):
        enter_by_hand(ticket, phoned(5), technician=desk.tess, go_on=GoOn.FITTING, by=by(desk.tess), at=AT)

    assert entered(ticket) == [60]


def test_no_price_is_named_for_work_that_was_agreed_to(desk: Cast) -> None:
    with pytest.raises(BillingRefused, match="agreed to all of this work"):
        enter_and_estimate(subiekt(desk), phoned(60), technician=desk.tess, by=by(desk.tess), at=AT)


def test_if_the_price_cannot_be_named_nothing_is_entered_either(desk: Cast) -> None:
    ticket = subiekt(desk)
    silent = Worked("call", 80 * 60, AT - timedelta(minutes=80), " ")

    with pytest.raises(BillingRefused, match="and why"):
        enter_and_estimate(ticket, silent, technician=desk.tess, by=by(desk.tess), at=AT)

    assert entered(ticket) == []


def test_time_that_cannot_be_is_refused_before_anything_is_asked(desk: Cast) -> None:
    late = Worked("data", 80 * 60, AT - timedelta(minutes=70))

    with pytest.raises(EntryRefused, match="in the future"):
        enter_by_hand(subiekt(desk), late, technician=desk.tess, go_on=GoOn.FITTING, by=by(desk.tess), at=AT)


def test_included_work_is_never_beyond(db: None) -> None:
    centaur = desk_of("centaur")
    ticket = ask(centaur.ada, "error-diagnosis", START, severity="low")

    assert beyond_agreed(ticket, 24 * 3600) is None
