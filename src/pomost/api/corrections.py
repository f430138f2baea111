"""What is taken back of an invoice, and what was paid of it. The sums are billing's own to say."""

from decimal import Decimal
from typing import Annotated

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from pomost.api.guard import BILLING
from pomost.api.invoices import invoice_of
from pomost.api.once import changes
from pomost.api.problems import FieldError, Invalid
from pomost.api.requests import ApiRequest, actor
from pomost.api.values import (
    NO_NUL,
    Amount,
    AmountGiven,
    Day,
    Given,
    Id,
    Instant,
    SignedAmountGiven,
    Told,
    whole,
)
from pomost.billing import access, actions
from pomost.billing.corrected import standing
from pomost.billing.models import Correction, Invoice

router = Router(tags=["Invoices"])


class CorrectedLine(Told):
    """What a correction takes back of one line."""

    position: int = Field(description="Of the invoice's line.")
    net: Amount = Field(description="Below zero.")


class CorrectionTold(Told):
    """A document that takes back part of an invoice, or all of it."""

    id: int
    number: str
    invoice: str = Field(description="Number of the invoice.")
    issued_on: Day
    reason: str
    net: Amount = Field(description="What changes: below zero.")
    vat: Amount
    gross: Amount
    issued_at: Instant
    lines: list[CorrectedLine]


class CorrectionList(Told):
    """The corrections of an invoice, in their order."""

    items: list[CorrectionTold]


class LineNet(Given):
    """The net sum that a line of the invoice shall have."""

    position: Annotated[int, *whole(1, 10_000)]
    net: AmountGiven


class CorrectionGiven(Given):
    """What is taken back, and why."""

    lines: Annotated[list[LineNet], Field(min_length=1, max_length=500)] = Field(
        description="A line that is left out stays as it is."
    )
    reason: Annotated[str, Field(min_length=1, max_length=1000, pattern=NO_NUL)] = Field(
        description="The customer reads it."
    )


class PaymentTold(Told):
    """Money that came for an invoice."""

    id: int
    amount: Amount
    received_on: Day
    note: str
    recorded_at: Instant


class PaymentList(Told):
    """What was paid of an invoice, and what is left to pay after its corrections."""

    items: list[PaymentTold]
    gross_left: Amount = Field(description="The invoice after its corrections.")
    paid: Amount
    to_pay: Amount = Field(description="Below zero: more was paid than is left.")
    currency: str


class PaymentGiven(Given):
    """Money that came for an invoice."""

    amount: SignedAmountGiven = Field(
        description="In the invoice's currency; below zero: sent back, or noted wrongly before."
    )
    received_on: Day
    note: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""


@router.get(
    "/invoices/{invoice}/corrections",
    response=CorrectionList,
    auth=BILLING,
    operation_id="listCorrections",
    summary="List the corrections of an invoice",
)
def list_corrections(request: ApiRequest, invoice: Id) -> CorrectionList:
    """In the order in which they were made."""
    found = invoice_of(request, invoice)
    rows = found.corrections.defer("pdf").order_by("pk")
    return CorrectionList(items=[_correction(each, found) for each in rows])


@router.post(
    "/invoices/{invoice}/corrections",
    response={201: CorrectionTold},
    auth=BILLING,
    operation_id="correctInvoice",
    summary="Correct an invoice",
)
@changes(201)
def correct(request: ApiRequest, invoice: Id, given: CorrectionGiven) -> CorrectionTold:
    """By a document with a number of its own; the invoice stays as it was issued."""
    found = invoice_of(request, invoice)
    nets: dict[int, Decimal] = {}
    for place, line in enumerate(given.lines):
        if line.position in nets:
            raise Invalid(
                FieldError(
                    "body",
                    f"lines.{place}.position",
                    "repeated",
                    _("Line %(position)s is named twice. Say once what it shall be.")
                    % {"position": line.position},
                )
            )
        nets[line.position] = line.net
    made = actions.correct_invoice(found, nets, reason=given.reason, by=actor(request), at=request.now)
    return _correction(made, found)


@router.get(
    "/corrections/{correction}/pdf",
    auth=BILLING,
    operation_id="getCorrectionPdf",
    summary="Read a correction as PDF",
    openapi_extra={
        "responses": {
            200: {
                "description": "The document, byte for byte as it was sent.",
                "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def get_correction_pdf(request: ApiRequest, correction: Id) -> HttpResponse:
    """Made on the first call, then kept."""
    found = access.correction_by_id(request.auth, correction)
    return HttpResponse(actions.render_correction_pdf(found), content_type="application/pdf")


@router.get(
    "/invoices/{invoice}/payments",
    response=PaymentList,
    auth=BILLING,
    operation_id="listPayments",
    summary="Read what was paid of an invoice",
)
def list_payments(request: ApiRequest, invoice: Id) -> PaymentList:
    """With what is left to pay."""
    return _payments(invoice_of(request, invoice))


@router.post(
    "/invoices/{invoice}/payments",
    response={201: PaymentList},
    auth=BILLING,
    operation_id="notePayment",
    summary="Note money that came for an invoice",
)
@changes(201)
def pay(request: ApiRequest, invoice: Id, given: PaymentGiven) -> PaymentList:
    """Answered with all payments and what is left."""
    found = invoice_of(request, invoice)
    actions.note_payment(
        found,
        given.amount,
        received_on=given.received_on,
        note=given.note,
        by=actor(request),
        at=request.now,
    )
    return _payments(found)


def _correction(correction: Correction, invoice: Invoice) -> CorrectionTold:
    same = ("number", "issued_on", "reason", "net", "vat", "gross", "issued_at")
    lines = sorted(correction.lines.select_related("line"), key=lambda each: each.line.position)
    return CorrectionTold(
        **{name: getattr(correction, name) for name in same},
        id=correction.pk,
        invoice=invoice.number,
        lines=[CorrectedLine(position=each.line.position, net=each.net) for each in lines],
    )


def _payments(invoice: Invoice) -> PaymentList:
    now = standing(invoice)
    return PaymentList(
        items=[
            PaymentTold(
                id=each.pk,
                amount=each.amount,
                received_on=each.received_on,
                note=each.note,
                recorded_at=each.recorded_at,
            )
            for each in invoice.payments.order_by("pk")
        ],
        gross_left=now.left.gross.amount,
        paid=now.paid,
        to_pay=now.to_pay,
        currency=invoice.currency,
    )
