"""A correction as a page and as a PDF: what stood on the invoice, what stands after it, and the difference.

Owns the words and the order of the document, in the language of the invoice. It is drawn from what was stored; how
the PDF is made, and what it may read, is people/paper.py's.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone, translation

from pomost.billing.corrected import standing
from pomost.billing.document import figure, rate_of, seller_shown, vat_label
from pomost.billing.models import Correction
from pomost.people.formats import date_words, money
from pomost.people.paper import pdf_from
from pomost.rules.correction import credit
from pomost.rules.money import Money
from pomost.rules.words import amount_in_words


@dataclass(frozen=True, slots=True)
class LineCorrected:
    """A line with its figures written."""

    position: int
    description: str
    detail: str
    rate: str
    before: str
    after: str
    difference: str


@dataclass(frozen=True, slots=True)
class SumCorrected:
    """The difference of one VAT rate."""

    label: str
    net: str
    vat: str


def correction_pdf(correction: Correction) -> bytes:
    """Return the PDF of a correction, whose vendor and invoice are loaded.

    Raises:
        DocumentFailed: something it asks for is none of our static files, or is not installed.
    """
    return pdf_from(correction_html(correction))


def correction_html(correction: Correction) -> str:
    """Return the page that the PDF is made from."""
    invoice = correction.invoice
    with translation.override(invoice.language), timezone.override(ZoneInfo(correction.vendor.zone)):
        return render_to_string("billing/correction.html", _context(correction))


def _context(correction: Correction) -> dict[str, Any]:
    invoice = correction.invoice
    currency = invoice.currency
    differences = dict(correction.lines.values_list("line_id", "net"))
    stood = standing(invoice, before=correction)
    after = [each.net + differences.get(each.line.pk, Decimal(0)) for each in stood.lines]
    made = credit(
        [each.as_bill_line(currency) for each in stood.lines], [Money(net, currency) for net in after]
    )
    left = stood.left.gross + made.gross
    return {
        "correction": correction,
        "number": correction.number,
        "invoice": invoice,
        "seller": seller_shown(invoice),
        "buyer": invoice.buyer,
        "issued_on": date_words(correction.issued_on),
        "invoice_issued_on": date_words(invoice.issued_on),
        "lines": [
            LineCorrected(
                position=each.line.position,
                description=each.line.description,
                detail=each.line.detail,
                rate=vat_label(rate_of(each.line)),
                before=figure(each.net, currency),
                after=figure(net, currency),
                difference=figure(net - each.net, currency),
            )
            for each, net in zip(stood.lines, after, strict=True)
            if net != each.net
        ],
        "sums": [
            SumCorrected(
                vat_label(each.rate), money(each.net.amount, currency), money(each.vat.amount, currency)
            )
            for each in made.vat_sums
            if each.net.amount
        ],
        "has_vat": any(each.rate.percent is not None for each in made.vat_sums),
        "net": money(correction.net, currency),
        "gross": money(correction.gross, currency),
        "less": money(-correction.gross, currency),
        "words": amount_in_words(Money(-correction.gross, currency), invoice.language),
        "left": money(left.amount, currency),
    }
