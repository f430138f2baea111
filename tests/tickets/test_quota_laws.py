"""Whatever is done in whatever order: no quota falls below zero, what is used is the sum of the draws, and both agree with the terms."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people import Cast, by, desk_of, with_package
from pomost.contracts.models import QuotaPeriod
from pomost.contracts.queries import contract_of, local_day
from pomost.contracts.quotas import held
from pomost.rules.quota import Carry, Period
from pomost.rules.tariff import QuotaUnit, quota_used
from pomost.tickets import actions
from pomost.tickets.actions.use import drawn_by, worked_on
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import QuotaDraw, Ticket
from pomost.worklog.errors import EntryRefused
from tickets.desk_of_quotas import MOSCOW, give, included, worked

FIRST: Final = datetime(2026, 1, 5, 10, tzinfo=MOSCOW)
Step = tuple[str, int, int, int]
"""What is done, to which ticket, to which other one or for how many minutes, after how many days."""

steps = st.lists(
    st.tuples(
        st.sampled_from(["ask", "begin", "work", "close", "split", "merge", "stop"]),
        st.integers(0, 5),
        st.integers(1, 90),
        st.integers(0, 20),
    ),
    max_size=12,
)


class History:
    """One customer's requests over some months."""

    def __init__(self, desk: Cast) -> None:
        self.desk = desk
        self.at = FIRST
        self.made: list[Ticket] = []

    def do(self, step: Step) -> None:
        verb, which, other, days = step
        self.at += timedelta(days=days, minutes=1)
        if verb == "ask" or not self.made:
            self.made.append(included(self.desk, self.at))
            return
        ticket = Ticket.objects.get(pk=self.made[which % len(self.made)].pk)
        who = by(self.desk.tess)
        acts: dict[str, Callable[[], object]] = {
            "begin": lambda: actions.begin_work(ticket, by=who, at=self.at),
            "work": lambda: worked(self.desk, ticket, other, self.at),
            "close": lambda: actions.close(ticket, "Withdrawn", by=who, at=self.at),
            "split": lambda: self._split(ticket),
            "merge": lambda: actions.merge(ticket, self.made[other % len(self.made)], by=who, at=self.at),
            "stop": lambda: actions.stop_work(ticket, reason="lunch", by=who, at=self.at),
        }
        try:
            with transaction.atomic():
                acts[verb]()
        except (TicketRefused, EntryRefused):
            return  # it does not fit here; the histories go on

    def _split(self, ticket: Ticket) -> None:
        message = ticket.messages.order_by("id").first()
        assert message is not None
        message.text = "One thing. Another thing."
        message.save(update_fields=["text"])
        new = actions.split(ticket, message, [1], subject="Another", by=by(self.desk.tess), at=self.at)
        self.made.append(actions.decide(new, "included", "In the tariff", by=by(self.desk.tess), at=self.at))

    def check(self) -> None:
        for period in QuotaPeriod.objects.all():
            drawn = sum(
                (each.amount if each.kind == "drawn" else -each.amount)
                for each in QuotaDraw.objects.filter(period=period)
            )
            assert period.used == drawn
            assert period.granted is None or 0 <= period.used <= period.granted + period.carried
        for ticket in Ticket.objects.all():
            self._check_one(ticket)
        contract = contract_of(self.desk.acme, local_day(self.desk.vendor, self.at))
        assert contract is not None
        for each in held(contract, local_day(self.desk.vendor, self.at)):
            assert each.stand.left is None or each.stand.left >= 0

    def _check_one(self, ticket: Ticket) -> None:
        mine = sum(drawn_by(ticket).values(), Decimal(0))
        if ticket.state == Ticket.State.CLOSED:
            assert mine == 0
        elif ticket.verdict["outcome"] == "from-quota":
            began = ticket.clock_events.filter(name="work.began").exists() or any(
                each.clock_events.filter(name="work.began").exists() for each in ticket.merged.all()
            )
            counts: QuotaUnit = "hours" if ticket.package == "nadezhny" else "requests"
            multiple = Decimal("0.5") if counts == "hours" else Decimal(1)
            if not ticket.merged.exists():
                assert mine == quota_used(multiple, counts, worked_on(ticket), int(began))


@pytest.mark.parametrize(("package", "unit"), [("start", "requests"), ("nadezhny", "hours")])
@given(
    amount=st.integers(0, 4),
    period=st.sampled_from(Period),
    carry=st.sampled_from(Carry),
    history=steps,
)
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_history_overdraws_and_every_sum_holds(
    db: None, package: str, unit: QuotaUnit, amount: int, period: Period, carry: Carry, history: list[Step]
) -> None:
    with transaction.atomic():
        desk = desk_of("kryzhik")
        contract = with_package(desk.acme, package)
        give(contract, unit, str(amount), period=period, carry=carry)
        lived = History(desk)
        for step in history:
            lived.do(step)
            lived.check()
        transaction.set_rollback(True)
