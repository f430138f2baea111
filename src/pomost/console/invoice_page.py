"""One invoice for the bookkeeper: what is left of it, what was paid, and the way to take part of it back.

The page only shows and asks; whether a correction may be made is billing's decision, and its sentence comes back onto
this page beside what was typed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from pomost.billing import access, actions
from pomost.billing.actions.corrections import REASON_CHARACTERS_MAX, tickets_of
from pomost.billing.corrected import LineLeft, standing
from pomost.billing.models import Correction, Invoice
from pomost.console.answers import CONFLICT, UNPROCESSABLE, actor
from pomost.console.forms import DeskForm
from pomost.console.guard import technician_page
from pomost.console.shell import page
from pomost.contracts.queries import local_day
from pomost.people.errors import NotFound, Refused
from pomost.people.models import Technician
from pomost.people.requests import DeskRequest

BOOKKEEPER: Final = Technician.Role.BOOKKEEPER
SUM_MAX: Final = Decimal("999999999999.99")


def _sum_field(label: Any, **limits: Any) -> forms.DecimalField:
    widget = forms.NumberInput(attrs={"class": "form-control right", "step": "0.01"})
    return forms.DecimalField(label=label, max_digits=14, decimal_places=2, widget=widget, **limits)


class CorrectForm(DeskForm):
    """What each line shall come to, and why."""

    reason = forms.CharField(
        label=_("Why it is corrected"),
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": "2"}),
        error_messages={"required": _("Say why: it stands on the document.")},
    )

    def __init__(self, *args: Any, lines: tuple[LineLeft, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in lines:
            self.fields[f"net-{each.line.position}"] = _sum_field(
                f"{each.line.position}. {each.line.description}",
                min_value=Decimal(0),
                max_value=each.net,
                initial=each.net,
            )
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def nets(self) -> dict[int, Decimal]:
        """Return the sums by the positions of their lines."""
        return {
            int(name.removeprefix("net-")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("net-")
        }


class PaymentForm(DeskForm):
    """Money that came; below zero: sent back."""

    amount = _sum_field(_("Sum"), min_value=-SUM_MAX, max_value=SUM_MAX)
    received_on = forms.DateField(
        label=_("Received on"),
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=_("Remark"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )


@dataclass(frozen=True, slots=True)
class Typed:
    """Forms as they came back from a refusal."""

    correct: CorrectForm | None = None
    payment: PaymentForm | None = None
    refused: str = ""
    status: int = 200


@technician_page(BOOKKEEPER)
@require_safe
def invoice(request: DeskRequest, number: str) -> HttpResponse:
    """Show an invoice."""
    return _page(request, access.invoice(request.technician, number), Typed())


def _page(request: DeskRequest, found: Invoice, typed: Typed) -> HttpResponse:
    now = standing(found)
    today = local_day(request.vendor, request.now)
    context: dict[str, object] = {
        "invoice": found,
        "standing": now,
        "tickets": tickets_of(found),
        "corrections": Correction.objects.defer("pdf").filter(invoice=found).order_by("pk"),
        "payments": found.payments.order_by("received_on", "pk"),
        "correct": typed.correct or CorrectForm(lines=now.lines),
        "payment": typed.payment
        or PaymentForm(initial={"received_on": today, "amount": max(now.to_pay, Decimal(0))}),
        "opens": "correct" if typed.correct else "payment" if typed.payment else "",
        "refused": typed.refused,
    }
    return page(request, "console/invoice.html", "invoices", context, status=typed.status)


def _refusing(request: DeskRequest, found: Invoice, act: Callable[[], object], typed: Typed) -> HttpResponse:
    """Do it and go back to the page; a refusal comes with what was typed."""
    try:
        act()
    except NotFound:
        raise
    except Refused as refused:
        kept = Typed(typed.correct, typed.payment, str(refused), CONFLICT)
        return _page(request, found, kept)
    return redirect("console:invoice", request.vendor.slug, found.number)


@technician_page(BOOKKEEPER)
@require_POST
def correct(request: DeskRequest, number: str) -> HttpResponse:
    """Take back part of an invoice."""
    found = access.invoice(request.technician, number)
    form = CorrectForm(request.POST, lines=standing(found).lines)
    if not form.is_valid():
        return _page(request, found, Typed(correct=form, status=UNPROCESSABLE))
    reason, nets = form.cleaned_data["reason"], form.nets()
    return _refusing(
        request,
        found,
        lambda: actions.correct_invoice(found, nets, reason=reason, by=actor(request), at=request.now),
        Typed(correct=form),
    )


@technician_page(BOOKKEEPER)
@require_POST
def pay(request: DeskRequest, number: str) -> HttpResponse:
    """Note a payment."""
    found = access.invoice(request.technician, number)
    form = PaymentForm(request.POST)
    if not form.is_valid():
        return _page(request, found, Typed(payment=form, status=UNPROCESSABLE))
    given = form.cleaned_data
    return _refusing(
        request,
        found,
        lambda: actions.note_payment(
            found,
            given["amount"],
            received_on=given["received_on"],
            note=given["note"],
            by=actor(request),
            at=request.now,
        ),
        Typed(payment=form),
    )


@technician_page(BOOKKEEPER)
@require_safe
def correction_pdf(request: DeskRequest, number: str) -> HttpResponse:
    """Send a correction as it was issued."""
    found = access.correction(request.technician, number)
    answer = HttpResponse(actions.render_correction_pdf(found), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number.replace("/", "-")}.pdf"'
    return answer
