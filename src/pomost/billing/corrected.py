"""What is left of an invoice after its corrections, and what was paid of it. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pomost.billing.document import rate_of
from pomost.billing.models import Correction, CorrectionLine, Invoice, InvoiceLine
from pomost.rules.money import Money
from pomost.rules.tariff import Bill, BillLine, price_job

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class LineLeft:
    """A line of an invoice and what the corrections have left of it."""

    line: InvoiceLine
    net: Decimal

    def as_bill_line(self, currency: str) -> BillLine:
        """Return it as the rules take it."""
        return BillLine(self.line.kind, self.line.clause, Money(self.net, currency), rate_of(self.line))


@dataclass(frozen=True, slots=True)
class Standing:
    """How an invoice stands today."""

    lines: tuple[LineLeft, ...]
    left: Bill
    """The lines with what is left of each."""
    paid: Decimal
    to_pay: Decimal
    """Gross; below zero where more was paid than is left."""


def standing(invoice: Invoice, *, before: Correction | None = None) -> Standing:
    """Return how an invoice stands; with `before`, as it stood when that correction was made (payments as of today)."""
    corrections = CorrectionLine.objects.filter(line__invoice=invoice)
    if before is not None:
        corrections = corrections.filter(
            correction__sequence__lt=before.sequence, correction__year=before.year
        ) | (corrections.filter(correction__year__lt=before.year))
    taken: dict[int, Decimal] = {}
    for line_id, net in corrections.values_list("line_id", "net"):
        taken[line_id] = taken.get(line_id, NOTHING) + net
    rows = invoice.lines.order_by("position")
    lines = tuple(LineLeft(row, row.net + taken.get(row.pk, NOTHING)) for row in rows)
    left = price_job((each.as_bill_line(invoice.currency) for each in lines), invoice.currency)
    paid = sum(invoice.payments.values_list("amount", flat=True), NOTHING)
    return Standing(lines, left, paid, left.gross.amount - paid)


def pay_received(invoice: Invoice, ticket_id: int) -> Money:
    """Return what was paid for the work on one request, gross: its share of what was paid of the invoice it stands on.

    The share is that of the request's lines, with their tax, in what is left of the invoice; an invoice that is paid in
    full gives the whole sum of the request.
    """
    now = standing(invoice)
    ours = [each for each in now.lines if each.line.settlement.ticket_id == ticket_id]
    theirs = price_job((each.as_bill_line(invoice.currency) for each in ours), invoice.currency).gross
    whole = now.left.gross
    if whole.amount == 0:
        return Money.zero(invoice.currency)
    return min(
        theirs, Money(theirs.amount * min(now.paid, whole.amount) / whole.amount, invoice.currency).rounded()
    )


def nets_after(now: Standing, asked: Mapping[int, Decimal]) -> tuple[Decimal, ...]:
    """Return what each line shall have: what is asked for by its position, else what is left of it."""
    return tuple(asked.get(each.line.position, each.net) for each in now.lines)
