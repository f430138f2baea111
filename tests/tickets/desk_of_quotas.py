"""A desk that counts use: steps that the tests of quotas share."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from people import Cast, ask, by
from pomost.contracts.models import Contract
from pomost.contracts.queries import contract_of
from pomost.contracts.quotas import held, set_allowance
from pomost.rules.decision import Subject
from pomost.rules.quota import Beyond, Carry, Grant, Period
from pomost.rules.tariff import QuotaUnit
from pomost.tickets import actions
from pomost.tickets.models import QuotaDraw, Ticket
from pomost.tickets.queries import decisions_of
from pomost.worklog.actions import enter_call

MOSCOW = ZoneInfo("Europe/Moscow")


def june(hour: int, minute: int = 0, *, day: int = 15) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=MOSCOW)


def give(
    contract: Contract,
    unit: QuotaUnit,
    amount: str,
    *,
    period: Period = Period.MONTH,
    carry: Carry = Carry.NONE,
    beyond: Beyond = Beyond.ASK,
    valid_from: date = date(2026, 1, 1),
) -> None:
    grant = Grant(unit, Decimal(amount), period, carry, beyond, valid_from)
    set_allowance(contract, grant, by="system", at=june(8))


def included(desk: Cast, at: datetime, service: str = "solving") -> Ticket:
    """A request that a person has decided to be included, as the lost matrix demands."""
    ticket = ask(desk.ada, service, at)
    return actions.decide(ticket, "included", "It is in the tariff", by=by(desk.tess), at=at)


def begun(desk: Cast, at: datetime) -> Ticket:
    return actions.begin_work(included(desk, at), by=by(desk.tess), at=at)


def worked(desk: Cast, ticket: Ticket, minutes: int, at: datetime) -> Ticket:
    enter_call(
        ticket,
        technician=desk.tess,
        worked_seconds=minutes * 60,
        started_at=at - timedelta(minutes=minutes),
        by=by(desk.tess),
        at=at,
    )
    return Ticket.objects.get(pk=ticket.pk)


def left(desk: Cast, unit: QuotaUnit = "requests", on: date = date(2026, 6, 15)) -> Decimal | None:
    contract = contract_of(desk.acme, on)
    assert contract is not None
    return held(contract, on, (unit,))[0].stand.left


def draws(ticket: Ticket) -> Sequence[tuple[str, Decimal]]:
    return list(QuotaDraw.objects.filter(ticket=ticket).order_by("id").values_list("kind", "amount"))


def quota_outcomes(ticket: Ticket) -> Sequence[str]:
    return [each.decision.outcome for each in decisions_of(ticket, Subject.QUOTA)]
