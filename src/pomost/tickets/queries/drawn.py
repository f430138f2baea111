"""Which requests used a contract's quota."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Case, DecimalField, F, Max, Sum, When

from pomost.contracts.models import Contract
from pomost.contracts.quotas import Held
from pomost.tickets.models import QuotaDraw, Ticket


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one request used of a period."""

    ticket: Ticket
    amount: Decimal
    at: datetime
    """When it last drew."""


def drawn_in(contract: Contract, held: Held) -> list[Drawn]:
    """Return the requests that used a period of a contract, the latest first, in two queries."""
    signed = Case(
        When(kind=QuotaDraw.Kind.DRAWN, then=F("amount")), default=-F("amount"), output_field=DecimalField()
    )
    sums = (
        QuotaDraw.objects.filter(
            period__contract=contract, period__unit=held.unit, period__first_day=held.span.first
        )
        .values("ticket")
        .annotate(net=Sum(signed), last=Max("at"))
        .order_by("-last")
    )
    found = [each for each in sums if each["net"]]
    tickets = Ticket.objects.defer("terms__text").in_bulk([each["ticket"] for each in found])
    return [Drawn(tickets[each["ticket"]], Decimal(each["net"]), each["last"]) for each in found]
