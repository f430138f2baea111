"""Make an invoice from settled work, and its PDF.

The number is the next one of the vendor's year, taken under the vendor's lock, so the row of numbers has no gap. Prices
are those of the day of the work, VAT that of the day on which it was finished; one invoice may hold several rates.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pomost.billing.actions.settlements import settle
from pomost.billing.document import pdf_of
from pomost.billing.errors import BillingRefused
from pomost.billing.lines import LineDrawn, lines_of
from pomost.billing.models import BilledEntry, Estimate, Invoice, InvoiceLine, OneOffFee, Settlement
from pomost.billing.queries import cost_to_settle
from pomost.contracts.queries import local_day, terms_in_force
from pomost.journal.actions import record
from pomost.people.models import Customer, Vendor
from pomost.rules.money import VatRate
from pomost.rules.tariff import Bill, BillLine, price_job
from pomost.rules.terms.model import Terms
from pomost.tickets.models import Ticket

PAYMENT_DAYS: Final = 14
"""The sources name no term of payment; two weeks are what the trade grants, and the bookkeeper may give another day."""


@transaction.atomic
def make_invoice(tickets: Sequence[Ticket], *, due_on: date | None = None, by: str, at: datetime) -> Invoice:
    """Invoice the work on tickets of one customer; what is not settled yet is settled first.

    Args:
        tickets: confirmed and not invoiced.
        due_on: last day of payment; None: PAYMENT_DAYS after the day of issue.
        by: as in the journal.
        at: aware; its day in the vendor's zone is the day of issue.

    Raises:
        BillingRefused: see settle; also tickets of several customers, one that is invoiced already, work without a
            price, or nothing to pay.
        NoTermsInForce: the vendor had no terms on a day that counts.
    """
    if not tickets:
        raise BillingRefused(_("Choose the requests to invoice."))
    vendor = Vendor.objects.select_for_update(no_key=True).get(pk=tickets[0].vendor_id)
    rows = list(
        Ticket.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vendor", "customer", "contact", "terms__vendor")
        .filter(pk__in=[ticket.pk for ticket in tickets])
        .order_by("sequence")
    )
    customer = rows[0].customer
    if any(ticket.customer_id != customer.pk for ticket in rows):
        raise BillingRefused(_("An invoice is for one customer. Choose the requests of one."))
    settlements = {ticket: _unbilled(settle(ticket, by=by, at=at)) for ticket in rows}
    drawn = _drawn(vendor, customer, rows)
    if not drawn:
        raise BillingRefused(_("There is nothing to pay for this work, so there is no invoice."))
    bill = _bill(line for _ticket, line in drawn)
    issued_on = local_day(vendor, at)
    _version, terms = terms_in_force(vendor, issued_on)
    year, sequence, number = _next_number(vendor, terms, issued_on)
    invoice = Invoice.objects.create(
        vendor=vendor,
        year=year,
        sequence=sequence,
        number=number,
        customer=customer,
        language=customer.language,
        currency=bill.currency,
        issued_on=issued_on,
        supplied_on=max(line.supplied_on for _ticket, line in drawn),
        due_on=due_on or issued_on + timedelta(days=PAYMENT_DAYS),
        net=bill.net.amount,
        vat=bill.vat.amount,
        gross=bill.gross.amount,
        seller=_seller(vendor, terms),
        buyer=_buyer(customer),
        issued_at=at,
    )
    for position, (ticket, line) in enumerate(drawn, start=1):
        _keep(invoice, settlements[ticket], position, line)
    for ticket in settlements:
        _issued(invoice, ticket, by=by, at=at)
    return invoice


def _issued(invoice: Invoice, ticket: Ticket, *, by: str, at: datetime) -> None:
    data = {
        "invoice": invoice.pk,
        "number": invoice.number,
        "gross": str(invoice.gross),
        "currency": invoice.currency,
    }
    subject = f"ticket:{ticket.pk}"
    record("invoice.issued", vendor=invoice.vendor.slug, subject=subject, by=by, at=at, data=data)


def _unbilled(settlement: Settlement) -> Settlement:
    line = InvoiceLine.objects.select_related("invoice").filter(settlement=settlement).first()
    if line is not None:
        raise BillingRefused(
            _("%(ticket)s stands on invoice %(invoice)s already.")
            % {"ticket": settlement.ticket.number, "invoice": line.invoice.number}
        )
    return settlement


def _drawn(vendor: Vendor, customer: Customer, tickets: Sequence[Ticket]) -> list[tuple[Ticket, LineDrawn]]:
    """Return the lines of the tickets. A fee that two of them would charge stands once."""
    costs = [cost_to_settle(ticket) for ticket in tickets]
    for ticket, cost in zip(tickets, costs, strict=True):
        if cost.unpriced:
            raise BillingRefused(
                _(
                    "The terms state no rate for the work on %(number)s. Agree on a fixed sum with an estimate."
                )
                % {"number": ticket.number}
            )
    drawn: list[tuple[Ticket, LineDrawn]] = []
    charged: set[str] = set()
    with translation.override(customer.language), timezone.override(ZoneInfo(vendor.zone)):
        for ticket, cost in zip(tickets, costs, strict=True):
            estimates = list(
                Estimate.objects.filter(ticket=ticket, state=Estimate.State.ACCEPTED).order_by("id")
            )
            lines = [
                line
                for line in lines_of(ticket, cost, estimates, customer.language)
                if line.fee not in charged
            ]
            charged |= {line.fee for line in lines if line.fee}
            drawn += [(ticket, line) for line in lines]
    return drawn


def _bill(lines: Iterable[LineDrawn]) -> Bill:
    """Return the sums: VAT on the net sum of each rate, whatever clause the rate comes from (decision A6)."""
    drawn = list(lines)
    parts = (
        BillLine(line.kind, line.clause, line.net, VatRate(line.vat.percent, exempt=line.vat.exempt))
        for line in drawn
    )
    return price_job(parts, drawn[0].net.currency)


def _next_number(vendor: Vendor, terms: Terms, on: date) -> tuple[int, int, str]:
    """Return year, place in it, and number. A pattern that does not name the year counts on through all of them."""
    year = on.year if "{year}" in terms.numbering.invoice.text else 0
    last = (
        Invoice.objects.filter(vendor=vendor, year=year)
        .order_by("-sequence")
        .values_list("sequence", flat=True)
        .first()
    )
    sequence = (last or 0) + 1
    return year, sequence, terms.invoice_number(sequence, on)


def _seller(vendor: Vendor, terms: Terms) -> dict[str, str]:
    return {
        "name": terms.vendor.legal_name or vendor.name,
        "short_name": vendor.name,
        "mark": vendor.mark,
        "address": vendor.address or terms.vendor.address,
        "tax_id": vendor.tax_id or terms.vendor.tax_id,
        "email": vendor.sender,
        "bank_account": vendor.bank_account,
    }


def _buyer(customer: Customer) -> dict[str, str]:
    return {"name": customer.name, "address": customer.address, "tax_id": customer.tax_id}


def _keep(invoice: Invoice, settlement: Settlement, position: int, line: LineDrawn) -> None:
    if line.fee:
        OneOffFee.objects.create(customer=invoice.customer, fee=line.fee, settlement=settlement)
    kept = InvoiceLine.objects.create(
        invoice=invoice,
        settlement=settlement,
        position=position,
        kind=line.kind,
        description=line.description,
        detail=line.detail,
        clause=line.clause,
        clause_from=line.clause_from,
        clause_text=line.clause_text,
        worked_seconds=line.worked_seconds,
        billed_seconds=line.billed_seconds,
        quantity=line.quantity,
        unit_seconds=line.unit_seconds,
        unit_price_net=line.unit_price.amount,
        net=line.net.amount,
        vat_percent=line.vat.percent,
        vat_exempt=line.vat.exempt,
        vat_clause=line.vat.clause,
        vat_clause_text=line.vat_clause_text,
        supplied_on=line.supplied_on,
    )
    for entry in line.entries:
        BilledEntry.objects.create(line=kept, entry=entry)


def render_pdf(invoice: Invoice) -> bytes:
    """Return the invoice's PDF: made on the first call, then kept and never made again. It leaves no fact.

    It takes a second or two, so it is made outside any transaction; of two that race, the first one kept counts.
    """
    kept = Invoice.objects.values_list("pdf", flat=True).get(pk=invoice.pk)
    if kept is not None:
        return bytes(kept)
    made = pdf_of(Invoice.objects.select_related("vendor", "customer").get(pk=invoice.pk))
    if Invoice.objects.filter(pk=invoice.pk, pdf=None).update(pdf=made):
        return made
    return render_pdf(invoice)
