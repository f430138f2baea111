"""Invoices: what can be invoiced, made and read. The sums, and what may be charged at all, are billing's own to say."""

from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from pomost.api.guard import BILLING
from pomost.api.once import changes
from pomost.api.problems import FieldError, Invalid
from pomost.api.requests import ApiRequest, actor
from pomost.api.shapes import Paged, cut
from pomost.api.ticket_shapes import Who
from pomost.api.values import NO_NUL, Amount, Day, Given, Id, Instant, Told
from pomost.api.values import Number as Decimals
from pomost.billing import access as billing_access
from pomost.billing import actions as billing
from pomost.billing.models import Invoice, InvoiceLine
from pomost.billing.queries import billable
from pomost.people.errors import NotFound
from pomost.tickets import access

router = Router(tags=["Invoices"])


class LineTold(Told):
    """A line of an invoice."""

    position: int
    kind: str
    description: str
    detail: str
    clause: str
    clause_from: Day
    clause_text: str
    worked_seconds: int
    billed_seconds: int
    quantity: Decimals
    unit_seconds: int | None
    unit_price_net: Amount
    net: Amount
    vat_percent: Decimals | None = Field(description="Null: no VAT, or exempt from it.")
    vat_exempt: bool
    supplied_on: Day


class InvoiceTold(Told):
    """An invoice as issued."""

    id: int
    number: str
    customer: Who
    language: str
    currency: str
    issued_on: Day
    supplied_on: Day
    due_on: Day
    net: Amount
    vat: Amount
    gross: Amount
    issued_at: Instant


class InvoiceWhole(InvoiceTold):
    """An invoice with its lines and parties."""

    seller: dict[str, str]
    buyer: dict[str, str]
    lines: list[LineTold]


class InvoiceList(Told):
    """A page of invoices, the newest first."""

    items: list[InvoiceTold]
    next: str | None = Field(description="Give it as `after` for the next page; null: there is none.")


class InvoiceFilter(Paged):
    """Which invoices."""

    customer: Id | None = None
    number: str = Field("", max_length=40, pattern=NO_NUL)


class InvoiceGiven(Given):
    """Confirmed requests of one customer to invoice."""

    tickets: Annotated[
        list[Annotated[str, Field(max_length=40, pattern=NO_NUL)]], Field(min_length=1, max_length=200)
    ]
    due_on: Day | None = Field(None, description="Left out: 14 days after the day of issue.")


class BillableTold(Told):
    """What can be invoiced to one customer."""

    customer: Who
    tickets: list[str] = Field(description="Numbers of the requests.")
    net: Amount
    currency: str


class BillableList(Told):
    """What can be invoiced, by customer."""

    items: list[BillableTold]


@router.get(
    "/billable",
    response=BillableList,
    auth=BILLING,
    operation_id="listBillable",
    summary="List what can be invoiced",
)
def list_billable(request: ApiRequest) -> BillableList:
    """Confirmed, not invoiced, and with something to pay, by customer."""
    return BillableList(
        items=[
            BillableTold(
                customer=Who(id=each.customer.pk, name=each.customer.name),
                tickets=[ticket.number for ticket in each.tickets],
                net=each.net.amount,
                currency=each.net.currency,
            )
            for each in billable(request.vendor)
        ]
    )


@router.get(
    "/invoices", response=InvoiceList, auth=BILLING, operation_id="listInvoices", summary="List invoices"
)
def list_invoices(request: ApiRequest, page: Query[InvoiceFilter]) -> InvoiceList:
    """The newest first."""
    found = billing_access.invoices_for_technician(request.auth).order_by("-pk")
    if page.customer is not None:
        found = found.filter(customer_id=page.customer)
    if page.number:
        found = found.filter(number=page.number)
    if page.begins_after is not None:
        found = found.filter(pk__lt=page.begins_after)
    rows, has_more = cut(list(found[: page.limit + 1]), page.limit)
    return InvoiceList(
        items=[InvoiceTold(**_invoice(each)) for each in rows], next=str(rows[-1].pk) if has_more else None
    )


@router.post(
    "/invoices",
    response={201: InvoiceWhole},
    auth=BILLING,
    operation_id="makeInvoice",
    summary="Make an invoice",
)
@changes(201)
def make_invoice(request: ApiRequest, given: InvoiceGiven) -> InvoiceWhole:
    """From confirmed requests of one customer. What the terms forbid to charge is refused."""
    tickets = []
    for place, number in enumerate(dict.fromkeys(given.tickets)):
        try:
            tickets.append(access.ticket(request.auth, number))
        except NotFound as missing:
            raise Invalid(FieldError("body", f"tickets.{place}", "unknown", str(missing))) from missing
    made = billing.make_invoice(tickets, due_on=given.due_on, by=actor(request), at=request.now)
    return _whole(made)


@router.get(
    "/invoices/{invoice}",
    response=InvoiceWhole,
    auth=BILLING,
    operation_id="getInvoice",
    summary="Read an invoice",
)
def get_invoice(request: ApiRequest, invoice: Id) -> InvoiceWhole:
    """With its lines, each with its clause."""
    return _whole(invoice_of(request, invoice))


@router.get(
    "/invoices/{invoice}/pdf",
    auth=BILLING,
    operation_id="getInvoicePdf",
    summary="Read an invoice as PDF",
    openapi_extra={
        "responses": {
            200: {
                "description": "The document, byte for byte as it was sent.",
                "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def get_invoice_pdf(request: ApiRequest, invoice: Id) -> HttpResponse:
    """Made on the first call, then kept."""
    return HttpResponse(billing.render_pdf(invoice_of(request, invoice)), content_type="application/pdf")


def invoice_of(request: ApiRequest, key: int) -> Invoice:
    """Return an invoice of the token's vendor.

    Raises:
        NotFound: there is none.
    """
    found = billing_access.invoices_for_technician(request.auth).filter(pk=key).first()
    if found is None:
        raise NotFound(_("There is no such invoice here. Look for it in the list."))
    return found


def _invoice(invoice: Invoice) -> dict[str, Any]:
    same = ("number", "language", "currency", "issued_on", "supplied_on", "due_on", "net", "vat", "gross")
    return {
        **{name: getattr(invoice, name) for name in (*same, "issued_at")},
        "id": invoice.pk,
        "customer": Who(id=invoice.customer_id, name=invoice.customer.name),
    }


def _whole(invoice: Invoice) -> InvoiceWhole:
    lines = InvoiceLine.objects.filter(invoice=invoice).order_by("position")
    same = tuple(name for name in LineTold.model_fields)
    return InvoiceWhole(
        **_invoice(invoice),
        seller=invoice.seller,
        buyer=invoice.buyer,
        lines=[LineTold(**{name: getattr(each, name) for name in same}) for each in lines],
    )
