"""What contracts give per period, what was used of it, and by which requests. The rules are contracts/quotas.py's."""

from datetime import date
from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from pomost.api.guard import READ, WRITE
from pomost.api.once import changes
from pomost.api.requests import ApiRequest, actor
from pomost.api.values import Day, Given, Id, Instant, Number, QuarterGiven, Told
from pomost.contracts.models import Contract
from pomost.contracts.queries import local_day
from pomost.contracts.quotas import Held, held, set_allowance
from pomost.people import access
from pomost.people.errors import NotFound
from pomost.rules.quota import Beyond, Carry, Grant, Period
from pomost.rules.tariff import QuotaUnit
from pomost.tickets.queries import drawn_in

router = Router(tags=["Customers"])


class UseTold(Told):
    """What one request took."""

    ticket: str
    amount: Number
    at: Instant = Field(description="When it last drew.")


class QuotaTold(Told):
    """One unit of a contract in the period that holds a day."""

    unit: QuotaUnit
    first_day: Day
    last_day: Day | None
    granted: Number | None = Field(
        description="Null: the contract names no amount, so nothing limits the use."
    )
    carried: Number = Field(description="Left over from before; it is used first.")
    used: Number
    left: Number | None
    lapses: Number = Field(description="Of what is left, what nobody can use after this period.")
    period: Period | None
    carry: Carry | None
    beyond: Beyond | None = Field(description="What follows when it is used up.")
    draws: list[UseTold] = Field(description="The latest first.")


class QuotaList(Told):
    """Every unit that the contract gives or counts."""

    items: list[QuotaTold]


class QuotaFilter(BaseModel):
    """On which day."""

    on: Day | None = Field(None, description="Left out: today.")


class AllowanceGiven(Given):
    """What a contract gives of a unit from a day on. Nothing is changed: the newest that has begun holds."""

    unit: QuotaUnit
    amount: QuarterGiven
    period: Annotated[Period, Field(strict=False)]
    carry: Annotated[Carry, Field(strict=False)] = Carry.NONE
    beyond: Annotated[Beyond, Field(strict=False)] = Beyond.ASK
    valid_from: Day = Field(description="First day of a month, quarter or year, or of the contract.")


@router.get(
    "/customers/{customer}/contracts/{contract}/quotas",
    response=QuotaList,
    auth=READ,
    operation_id="listQuotas",
    summary="Read what is left of a contract's quotas",
)
def list_quotas(request: ApiRequest, customer: Id, contract: Id, page: Query[QuotaFilter]) -> QuotaList:
    """In the period that holds the day, with the requests that used it. Outside the contract's time: nothing."""
    found = contract_of(request, customer, contract)
    return _quotas(found, page.on or local_day(request.vendor, request.now))


@router.post(
    "/customers/{customer}/contracts/{contract}/allowances",
    response=QuotaList,
    auth=WRITE,
    operation_id="setAllowance",
    summary="Note what a contract gives",
)
@changes()
def allow(request: ApiRequest, customer: Id, contract: Id, given: AllowanceGiven) -> QuotaList:
    """Answered with the quotas of its first day. Saying the same again changes nothing."""
    found = contract_of(request, customer, contract)
    grant = Grant(given.unit, given.amount, given.period, given.carry, given.beyond, given.valid_from)
    set_allowance(found, grant, by=actor(request), at=request.now)
    return _quotas(found, given.valid_from)


def contract_of(request: ApiRequest, customer: int, contract: int) -> Contract:
    """Return a contract of one of the vendor's customers.

    Raises:
        NotFound: there is none, or it is another customer's.
    """
    found = access.customer(request.auth, customer).contracts.filter(pk=contract).first()
    if found is None:
        raise NotFound(_("There is no such contract here. Look for it at its customer."))
    return found


def _quotas(contract: Contract, day: date) -> QuotaList:
    return QuotaList(items=[_quota(contract, each) for each in held(contract, day)])


def _quota(contract: Contract, each: Held) -> QuotaTold:
    grant, stand = each.grant, each.stand
    return QuotaTold(
        unit=each.unit,
        first_day=each.span.first,
        last_day=each.span.last,
        granted=stand.granted,
        carried=stand.carried,
        used=stand.used,
        left=stand.left,
        lapses=each.lapses,
        period=grant.period if grant else None,
        carry=grant.carry if grant else None,
        beyond=grant.beyond if grant else None,
        draws=[
            UseTold(ticket=use.ticket.number, amount=use.amount, at=use.at)
            for use in drawn_in(contract, each)
        ],
    )
