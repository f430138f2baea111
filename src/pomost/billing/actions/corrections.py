"""Take back part of an invoice, or all of it, by a document of its own; and note what was paid.

The invoice is never edited: a correction names it, has the next number of its own row, and takes back at most what is
left (triggers hold both). A correction of VAT follows from its lines.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.billing.corrected import nets_after, standing
from pomost.billing.correction_document import correction_pdf
from pomost.billing.errors import BillingRefused
from pomost.billing.models import Correction, CorrectionLine, Invoice, Payment
from pomost.contracts.queries import local_day, terms_in_force
from pomost.journal.actions import record
from pomost.people.models import Vendor
from pomost.rules.correction import NotCorrectable, credit
from pomost.rules.money import CENT, Money
from pomost.rules.terms.model import Terms
from pomost.tickets.models import Ticket

REASON_CHARACTERS_MAX: Final = 1000


@transaction.atomic
def correct_invoice(
    invoice: Invoice, nets: Mapping[int, Decimal], *, reason: str, by: str, at: datetime
) -> Correction:
    """Make a document that lowers lines of an invoice; nothing is returned to anybody by it.

    Args:
        invoice: issued.
        nets: the net sum that each line shall have, by its position; a line that is left out stays as it is.
        reason: why, in words that the customer reads.
        by: as in the journal.
        at: aware; its day in the vendor's zone is the day of issue.

    Raises:
        BillingRefused: no reason, a line would rise or fall below zero, or nothing changes.
        NoTermsInForce: the vendor has no terms today.
    """
    vendor = Vendor.objects.select_for_update(no_key=True).get(pk=invoice.vendor_id)
    if not reason.strip() or len(reason) > REASON_CHARACTERS_MAX:
        raise BillingRefused(
            _("Say why the invoice is corrected, in at most %(most)s characters.")
            % {"most": REASON_CHARACTERS_MAX}
        )
    now = standing(invoice)
    unknown = set(nets) - {each.line.position for each in now.lines}
    if unknown:
        raise BillingRefused(_("The invoice has no line %(line)s.") % {"line": min(unknown)})
    left = [each.as_bill_line(invoice.currency) for each in now.lines]
    after = [Money(net, invoice.currency) for net in nets_after(now, nets)]
    if any(net.amount != net.amount.quantize(CENT) for net in after):
        raise BillingRefused(_("Give sums with at most two decimals."))
    try:
        made = credit(left, after)
    except NotCorrectable as refused:
        raise BillingRefused(
            _("A correction lowers at least one line, and none below zero or above what is left of it.")
        ) from refused
    issued_on = local_day(vendor, at)
    _version, terms = terms_in_force(vendor, issued_on)
    year, sequence, number = _next_number(vendor, terms, issued_on)
    correction = Correction.objects.create(
        vendor=vendor,
        year=year,
        sequence=sequence,
        number=number,
        invoice=invoice,
        issued_on=issued_on,
        reason=reason.strip(),
        net=made.net.amount,
        vat=made.vat.amount,
        gross=made.gross.amount,
        issued_at=at,
    )
    for each, difference in zip(now.lines, made.lines, strict=True):
        if difference.amount:
            CorrectionLine.objects.create(correction=correction, line=each.line, net=difference.amount)
    data = {
        "correction": correction.pk,
        "number": number,
        "invoice": invoice.number,
        "gross": str(correction.gross),
        "currency": invoice.currency,
        "reason": correction.reason,
    }
    for ticket in tickets_of(invoice):
        record(
            "invoice.corrected", vendor=vendor.slug, subject=f"ticket:{ticket.pk}", by=by, at=at, data=data
        )
    return correction


def _next_number(vendor: Vendor, terms: Terms, on: date) -> tuple[int, int, str]:
    """Return year, place in it, and number; a pattern that does not name the year counts on through all of them."""
    year = on.year if "{year}" in terms.numbering.correction.text else 0
    last = (
        Correction.objects.filter(vendor=vendor, year=year)
        .order_by("-sequence")
        .values_list("sequence", flat=True)
        .first()
    )
    sequence = (last or 0) + 1
    return year, sequence, terms.correction_number(sequence, on)


def tickets_of(invoice: Invoice) -> list[Ticket]:
    """Return the requests that an invoice charges."""
    return list(Ticket.objects.filter(settlement__invoice_lines__invoice=invoice).distinct().order_by("pk"))


def render_correction_pdf(correction: Correction) -> bytes:
    """Return the correction's PDF: made on the first call, then kept and never made again. It leaves no fact."""
    kept = Correction.objects.values_list("pdf", flat=True).get(pk=correction.pk)
    if kept is not None:
        return bytes(kept)
    made = correction_pdf(
        Correction.objects.select_related("vendor", "invoice__vendor", "invoice__customer").get(
            pk=correction.pk
        )
    )
    if Correction.objects.filter(pk=correction.pk, pdf=None).update(pdf=made):
        return made
    return render_correction_pdf(correction)


@transaction.atomic
def note_payment(
    invoice: Invoice, amount: Decimal, *, received_on: date, note: str = "", by: str, at: datetime
) -> Payment:
    """Note money that came for an invoice; below zero: money that was sent back, or a payment noted wrongly.

    Raises:
        BillingRefused: nothing, more decimals than the currency has, a day to come, or more back than ever came.
    """
    invoice = (
        Invoice.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vendor")
        .get(pk=invoice.pk)
    )
    if amount == 0 or amount != amount.quantize(CENT):
        raise BillingRefused(_("Give the sum that came, with at most two decimals."))
    if received_on > local_day(invoice.vendor, at):
        raise BillingRefused(_("The payment cannot have come on a day that is yet to come."))
    if standing(invoice).paid + amount < 0:
        raise BillingRefused(_("More cannot be sent back than came."))
    payment = Payment.objects.create(
        invoice=invoice, amount=amount, received_on=received_on, note=note.strip(), recorded_at=at
    )
    data = {
        "payment": payment.pk,
        "number": invoice.number,
        "amount": str(amount),
        "currency": invoice.currency,
        "received_on": received_on.isoformat(),
    }
    for ticket in tickets_of(invoice):
        record(
            "invoice.paid", vendor=invoice.vendor.slug, subject=f"ticket:{ticket.pk}", by=by, at=at, data=data
        )
    return payment
