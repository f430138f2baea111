"""What a contract gives per period and what is left of it: allowances, and the periods that draws lock.

Owns `Allowance` and `QuotaPeriod`. A period is opened when somebody first draws from it or looks at what is left; its
carried amount follows from the periods before it. Does not draw: tickets/actions/use.py does, and a trigger adds what is
drawn to the period's `used`. The rules of periods and carrying are rules/quota.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.contracts.errors import ContractRefused
from pomost.contracts.models import Allowance, Contract, QuotaPeriod, Unit
from pomost.journal.actions import record
from pomost.rules.quota import (
    Beyond,
    Carry,
    Grant,
    Period,
    Span,
    Stand,
    begins_a_period,
    carried_over,
    grant_on,
    span_on,
)
from pomost.rules.tariff import QuotaUnit

UNITS: Final[tuple[QuotaUnit, ...]] = ("requests", "hours")


@dataclass(frozen=True, slots=True)
class Held:
    """How one unit of a contract stands on a day."""

    unit: QuotaUnit
    span: Span
    stand: Stand
    grant: Grant | None
    """None: the contract names no amount."""
    lapses: Decimal
    """Of what is left, what nobody can use after this period."""


def time_of(contract: Contract) -> Span:
    """Return the days of a contract."""
    return Span(contract.valid_from, contract.valid_until)


def grants_of(contract: Contract, unit: QuotaUnit) -> tuple[Grant, ...]:
    """Return what a contract gives of a unit, the oldest first; of one day, the last is the newest."""
    return tuple(
        Grant(unit, each.amount, Period(each.period), Carry(each.carry), Beyond(each.beyond), each.valid_from)
        for each in Allowance.objects.filter(contract=contract, unit=unit).order_by("valid_from", "id")
    )


def open_period(contract: Contract, unit: QuotaUnit, day: date) -> QuotaPeriod:
    """Return the locked period that holds a day, opening those before it that nobody needed yet.

    The contract is locked first: whoever draws from it, or changes what it gives, waits here. Call it in a transaction.

    Raises:
        ValueError: the day is not in the contract.
    """
    Contract.objects.select_for_update(no_key=True).get(pk=contract.pk)
    periods, opened = _up_to(contract, grants_of(contract, unit), unit, day)
    for each in periods[opened:]:
        each.save(force_insert=True)
    return periods[-1]


def _up_to(
    contract: Contract, grants: Sequence[Grant], unit: QuotaUnit, day: date
) -> tuple[list[QuotaPeriod], int]:
    """Return the periods from the last that is open to the one of a day, and how many of them are open (one or none)."""
    time = time_of(contract)
    wanted = span_on(grants, time, day)
    last = (
        QuotaPeriod.objects.filter(contract=contract, unit=unit, first_day__lte=day)
        .order_by("-first_day")
        .first()
    )
    if last is not None:
        begin = (last.last_day or day) + timedelta(days=1)
    else:
        begin = min(grants[0].valid_from if grants else wanted.first, wanted.first)
    found = [last] if last is not None else []
    opened = len(found)
    before = last
    while before is None or before.first_day < wanted.first:
        span = span_on(grants, time, begin)
        grant = grant_on(grants, begin)
        before = QuotaPeriod(
            contract=contract,
            unit=unit,
            first_day=span.first,
            last_day=span.last,
            granted=grant.amount if grant else None,
            carried=_carried_from(before, grants) if before is not None else Decimal(0),
            used=Decimal(0),
        )
        found.append(before)
        begin = (span.last or day) + timedelta(days=1)
    return found, opened


def _carried_from(period: QuotaPeriod, grants: Sequence[Grant]) -> Decimal:
    grant = grant_on(grants, period.first_day)
    return carried_over(stand_of(period), grant.carry) if grant else Decimal(0)


def stand_of(period: QuotaPeriod) -> Stand:
    """Return how a period stands, as its row was read."""
    return Stand(period.granted, period.carried, period.used)


def carry_on(period: QuotaPeriod) -> None:
    """Hand what was given back to a past period on to those after it; the contract must be locked."""
    unit: QuotaUnit = "hours" if period.unit == Unit.HOURS else "requests"
    grants = grants_of(period.contract, unit)
    before = QuotaPeriod.objects.get(pk=period.pk)
    later = QuotaPeriod.objects.filter(
        contract_id=period.contract_id, unit=period.unit, first_day__gt=period.first_day
    ).order_by("first_day")
    for each in later:
        carried = _carried_from(before, grants)
        if carried != each.carried:
            each.carried = carried
            each.save(update_fields=["carried"])
        before = each


@transaction.atomic
def set_allowance(contract: Contract, grant: Grant, *, by: str, at: datetime) -> bool:
    """Note what a contract gives of a unit from a day on; return whether that is new.

    Saying the same again changes and records nothing. Periods that have begun are given the new amount from that day on; what was used of them stays used.

    Raises:
        ContractRefused: the day is not one on which such a period begins, more is used than would be given, or use is
            already counted by another kind of period from that day on.
    """
    contract = (
        Contract.objects.select_for_update(of=("self",), no_key=True)
        .select_related("customer__vendor")
        .get(pk=contract.pk)
    )
    if not time_of(contract).holds(grant.valid_from) or not begins_a_period(grant, time_of(contract)):
        raise ContractRefused(
            _("Let it begin on the first day of its month, quarter or year, or with the contract.")
        )
    grants = grants_of(contract, grant.unit)
    if grant_on(grants, grant.valid_from) == grant:
        return False
    Allowance.objects.create(
        contract=contract,
        unit=grant.unit,
        amount=grant.amount,
        period=grant.period.value,
        carry=grant.carry.value,
        beyond=grant.beyond.value,
        valid_from=grant.valid_from,
        given_at=at,
    )
    _regrant(contract, grant)
    record(
        "contract.allowance-set",
        vendor=contract.customer.vendor.slug,
        subject=f"contract:{contract.pk}",
        by=by,
        at=at,
        data={
            "unit": grant.unit,
            "amount": str(grant.amount),
            "period": grant.period.value,
            "carry": grant.carry.value,
            "beyond": grant.beyond.value,
            "valid_from": grant.valid_from.isoformat(),
        },
    )
    return True


def _regrant(contract: Contract, grant: Grant) -> None:
    """Give the periods that have begun their amounts anew; drop those nobody used that no longer fit."""
    grants = grants_of(contract, grant.unit)
    rows = QuotaPeriod.objects.filter(contract=contract, unit=grant.unit).order_by("first_day")
    before: QuotaPeriod | None = None
    for row in rows:
        if row.last_day is not None and row.last_day < grant.valid_from:
            before = row
            continue
        span = span_on(grants, time_of(contract), row.first_day)
        if (span.first, span.last) != (row.first_day, row.last_day):
            if row.used:
                raise ContractRefused(
                    _("Use is counted from %(first)s to %(last)s already. Let the new amount begin later.")
                    % {"first": row.first_day.isoformat(), "last": _iso(row.last_day)}
                )
            row.delete()
            continue
        given = grant_on(grants, row.first_day)
        row.granted = given.amount if given else None
        row.carried = _carried_from(before, grants) if before is not None else Decimal(0)
        if not stand_of(row).allows(Decimal(0)):
            raise ContractRefused(
                _("%(used)s are used of the period from %(first)s already. Give at least that.")
                % {"used": row.used, "first": row.first_day.isoformat()}
            )
        row.save(update_fields=["granted", "carried"])
        before = row


def _iso(day: date | None) -> str:
    return day.isoformat() if day else "…"


def held(contract: Contract, day: date, units: Sequence[QuotaUnit] = UNITS) -> tuple[Held, ...]:
    """Return how the units that a contract gives or counts stand on a day. Nothing is written.

    A unit that it neither gives nor counts is left out, as are all where the day is not in the contract.
    """
    if not time_of(contract).holds(day):
        return ()
    found = []
    for unit in units:
        grants = grants_of(contract, unit)
        if not grants and not QuotaPeriod.objects.filter(contract=contract, unit=unit).exists():
            continue
        row = _up_to(contract, grants, unit, day)[0][-1]
        grant = grant_on(grants, row.first_day)
        stand = stand_of(row)
        left = stand.left or Decimal(0)
        onward = carried_over(stand, grant.carry) if grant else Decimal(0)
        found.append(Held(unit, Span(row.first_day, row.last_day), stand, grant, left - onward))
    return tuple(found)
