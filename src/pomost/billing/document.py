"""An invoice as a page and as a PDF, drawn from what was stored when it was issued.

Owns the words and the order of the document, in the language of the invoice. The PDF itself is people/paper.py's.
Layout: ui/static/ui/invoice.css; look.md, "Invoice".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pomost.billing.models import Invoice, InvoiceLine
from pomost.contracts.queries import terms_of
from pomost.people.formats import clock_time, date_figures, date_words, length_words, money, number
from pomost.people.paper import pdf_from
from pomost.people.queries import names_of
from pomost.remote.models import RemoteSession
from pomost.remote.queries import record_sha256
from pomost.rules.money import Money, VatRate, vat_of
from pomost.rules.tariff import BillLine, VatSum, price_job
from pomost.rules.terms.model import said
from pomost.rules.words import amount_in_words
from pomost.tickets.models import Consent, Ticket

HOUR_SECONDS: Final = 3600
HASH_GROUP: Final = 4


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line with its figures written."""

    position: int
    description: str
    detail: str
    clause: str
    quantity: str
    unit: str
    unit_price: str
    net: str
    vat: str
    rate: str
    """The VAT rate, for invoices that hold several."""
    gross: str


@dataclass(frozen=True, slots=True)
class RateShown:
    """The sum of one VAT rate."""

    label: str
    net: str
    vat: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A clause with its sentence, for “why this sum”."""

    clause: str
    text: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A session that was charged, and the hash of its record."""

    ticket: str
    sha256: str
    """In groups, so that two of them can be compared by eye."""


def pdf_of(invoice: Invoice) -> bytes:
    """Return the PDF of an invoice, whose `vendor` and `customer` are loaded.

    Raises:
        DocumentFailed: something it asks for is none of our static files, or is not installed.
    """
    return pdf_from(html_of(invoice))


def html_of(invoice: Invoice) -> str:
    """Return the page that the PDF is made from."""
    with translation.override(invoice.language), timezone.override(ZoneInfo(invoice.vendor.zone)):
        return render_to_string("billing/invoice.html", _context(invoice))


def _context(invoice: Invoice) -> dict[str, Any]:
    rows = list(invoice.lines.select_related("settlement__ticket__terms__vendor").order_by("position"))
    sums = vat_sums(rows, invoice.currency)
    return {
        "invoice": invoice,
        "number": invoice.number,
        "seller": seller_shown(invoice),
        "buyer": invoice.buyer,
        "issued_on": date_words(invoice.issued_on),
        "supplied_on": date_words(invoice.supplied_on),
        "due_on": date_words(invoice.due_on),
        "lines": _lines(rows, invoice.currency),
        "vat_label": vat_label(sums[0].rate) if len(sums) == 1 else _("VAT"),
        "has_vat": any(each.rate.percent is not None for each in sums),
        "by_rate": [
            RateShown(
                vat_label(each.rate),
                money(each.net.amount, invoice.currency),
                money(each.vat.amount, invoice.currency),
            )
            for each in sums
        ],
        "net": money(invoice.net, invoice.currency),
        "vat": money(invoice.vat, invoice.currency),
        "gross": money(invoice.gross, invoice.currency),
        "words": amount_in_words(Money(invoice.gross, invoice.currency), invoice.language),
        "reasons": _reasons(invoice, rows),
        "proofs": _proofs(rows),
    }


def seller_shown(invoice: Invoice) -> dict[str, str]:
    """Return the seller as it was on the day of issue.

    The name stands above the address, so it is left out of one that was entered as on an envelope.
    """
    seller: Mapping[str, str] = invoice.seller
    first, _newline, rest = seller["address"].partition("\n")
    return {**seller, "address": rest if first.strip() == seller["name"] else seller["address"]}


def vat_label(rate: VatRate) -> str:
    """Write a VAT rate in the active language: `VAT 23 %`, `exempt from VAT`, `No VAT`."""
    if rate.exempt:
        return _("Exempt from VAT")
    if rate.percent is None:
        return _("No VAT")
    return _("VAT %(percent)s %%") % {"percent": number(rate.percent + 0)}


def rate_of(row: InvoiceLine) -> VatRate:
    """Return the VAT rate of a line as it was issued, without its clause: what makes a sum of its own."""
    return VatRate(row.vat_percent and row.vat_percent.normalize(), exempt=row.vat_exempt)


def vat_sums(rows: Sequence[InvoiceLine], currency: str) -> tuple[VatSum, ...]:
    """Return the net sum and the tax of each rate, in the order in which the rates first occur (decision A6)."""
    lines = (BillLine(row.kind, row.clause, Money(row.net, currency), rate_of(row)) for row in rows)
    return price_job(lines, currency).vat_sums


def _lines(rows: Sequence[InvoiceLine], currency: str) -> list[LineShown]:
    found: dict[int, Money] = {}
    for rate in {rate_of(row): None for row in rows}:
        same = [row for row in rows if rate_of(row) == rate]
        found |= {
            row.pk: share
            for row, share in zip(same, shares([Money(row.net, currency) for row in same], rate), strict=True)
        }
    return [
        LineShown(
            position=row.position,
            description=row.description,
            detail=row.detail,
            clause=_clause(row),
            quantity=number(row.quantity.normalize() + 0),
            unit=_unit(row),
            unit_price=figure(row.unit_price_net, currency),
            net=figure(row.net, currency),
            vat=figure(found[row.pk].amount, currency),
            rate=_rate_word(rate_of(row)),
            gross=figure(row.net + found[row.pk].amount, currency),
        )
        for row in rows
    ]


def _rate_word(rate: VatRate) -> str:
    """Write a rate as it stands in a narrow column."""
    if rate.percent is None:
        return pgettext("VAT rate", "exempt") if rate.exempt else "–"
    return f"{number(rate.percent + 0)} %"


def shares(nets: Sequence[Money], rate: VatRate) -> list[Money]:
    """Return each line's share of the tax. They add up to the tax on the net sum (decision A6).

    A share is what the tax on the sum so far grows by, so no cent is lost or found in the rounding.
    """
    found = []
    so_far = Money.zero(nets[0].currency)
    for net in nets:
        found.append(vat_of(so_far + net, rate) - vat_of(so_far, rate))
        so_far += net
    return found


def figure(amount: Decimal, currency: str) -> str:
    """Write an amount without its currency, which stands in the sums below the table."""
    return money(amount, currency).rsplit("\N{NO-BREAK SPACE}", 1)[0]


def _clause(row: InvoiceLine) -> str:
    return _("§ %(clause)s · from %(day)s") % {"clause": row.clause, "day": date_figures(row.clause_from)}


def _unit(row: InvoiceLine) -> str:
    if row.unit_seconds is None:
        return pgettext("unit of quantity", "pc.")
    if row.unit_seconds == HOUR_SECONDS:
        return pgettext("unit of quantity", "h")
    return length_words(timedelta(seconds=row.unit_seconds))


def _reasons(invoice: Invoice, rows: Sequence[InvoiceLine]) -> list[Reason]:
    """Return each clause once: those of the lines, of the VAT, and why the work may be charged now."""
    reasons = {row.clause: row.clause_text for row in rows}
    for row in rows:
        if row.vat_clause:
            reasons.setdefault(row.vat_clause, row.vat_clause_text)
    for ticket in {row.settlement.ticket: None for row in rows}:
        settlement = next(row.settlement for row in rows if row.settlement.ticket_id == ticket.pk)
        sentence = said(terms_of(ticket.terms).clause(settlement.clause).sentence, invoice.language)
        known = reasons.get(settlement.clause, sentence)
        reasons[settlement.clause] = f"{known} {_confirmed(ticket)}"
    return [Reason(f"§\N{NO-BREAK SPACE}{clause}", text) for clause, text in reasons.items()]


def _confirmed(ticket: Ticket) -> str:
    """Return who confirmed the solution and when, in a sentence that needs no grammar of names."""
    when = ticket.confirmed_at
    assert when is not None  # noqa: S101 (a settlement exists: the database holds that it was confirmed)
    said_so = Consent.objects.filter(ticket=ticket, kind="solution", accepted=True).order_by("-id").first()
    facts = {"number": ticket.number, "when": f"{date_figures(when)}, {clock_time(when)}"}
    if said_so is None:
        return _("%(number)s: no objection until %(when)s.") % facts
    actor = f"contact:{said_so.contact_id}"
    return _("%(number)s, solution confirmed: %(name)s, %(when)s.") % (
        facts | {"name": names_of({actor})[actor]}
    )


def _proofs(rows: Sequence[InvoiceLine]) -> list[Proof]:
    sessions = (
        RemoteSession.objects.select_related("vendor", "technician__person", "ticket")
        .filter(entry__billed__line__in=rows)
        .order_by("rung_at")
    )
    return [
        Proof(session.ticket.number, _in_groups(record_sha256(session)))
        for session in sessions
        if session.ticket
    ]


def _in_groups(digest: str) -> str:
    return " ".join(digest[at : at + HASH_GROUP] for at in range(0, len(digest), HASH_GROUP))
