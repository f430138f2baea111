"""What a customer's contract gives and what is left of it, and the form in which that is agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pomost.console.forms import DeskForm
from pomost.contracts.models import Contract
from pomost.contracts.queries import contract_of, local_day
from pomost.contracts.quotas import grants_of, held
from pomost.people.requests import DeskRequest
from pomost.rules.quota import AMOUNT_MAX, Beyond, Carry, Grant, Period
from pomost.rules.tariff import QuotaUnit
from pomost.rules.terms.model import Terms, Unknown, said
from pomost.tickets.models import Ticket
from pomost.ui.parts import MeterView
from pomost.ui.quota_parts import quota_meter

UNIT_WORDS: Final = {
    "requests": pgettext_lazy("unit", "Requests"),
    "hours": pgettext_lazy("unit", "Hours"),
}
PERIODS: Final = [
    (Period.MONTH.value, _("each month")),
    (Period.QUARTER.value, _("each quarter")),
    (Period.YEAR.value, _("each year")),
    (Period.TERM.value, _("once for the whole contract")),
]
CARRIES: Final = [
    (Carry.NONE.value, _("it lapses")),
    (Carry.ONE.value, _("it can be used for one more period")),
    (Carry.UNLIMITED.value, _("it stays until the contract ends")),
]
BEYONDS: Final = [
    (Beyond.ASK.value, _("the contract does not say: a person decides")),
    (Beyond.PAID.value, _("the price list applies")),
]


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "form-select"})


class AllowanceForm(DeskForm):
    """How much a contract gives, from which day on."""

    unit = forms.ChoiceField(label=_("What is counted"), widget=_select())
    amount = forms.DecimalField(
        label=_("How much"),
        min_value=0,
        max_value=AMOUNT_MAX,
        decimal_places=2,
        step_size=Decimal("0.25"),
        widget=forms.NumberInput(attrs={"class": "form-control", "step": "0.25"}),
    )
    period = forms.ChoiceField(label=_("For which time"), choices=PERIODS, widget=_select())
    carry = forms.ChoiceField(label=_("What is left at its end"), choices=CARRIES, widget=_select())
    beyond = forms.ChoiceField(label=_("When it is used up"), choices=BEYONDS, widget=_select())
    valid_from = forms.DateField(
        label=_("From which day on"),
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
        help_text=_("The first day of a month, quarter or year, or of the contract."),
    )

    def __init__(self, *args: Any, contract: Contract, units: Sequence[QuotaUnit], **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"allowance-{contract.pk}-%s", **kwargs)
        self.fields["unit"].choices = [(each, UNIT_WORDS[each]) for each in units]  # type: ignore[attr-defined]

    def grant(self) -> Grant:
        """Return what was typed, once it is valid."""
        typed = self.cleaned_data
        unit: QuotaUnit = "hours" if typed["unit"] == "hours" else "requests"
        return Grant(
            unit,
            typed["amount"],
            Period(typed["period"]),
            Carry(typed["carry"]),
            Beyond(typed["beyond"]),
            typed["valid_from"],
        )


@dataclass(frozen=True, slots=True)
class ContractView:
    """A contract with what is left of it and, where its use is counted, the form for what it gives."""

    contract: Contract
    package: str
    meters: Sequence[MeterView]
    form: AllowanceForm | None


def contract_views(
    request: DeskRequest, terms: Terms, contracts: Sequence[Contract], typed: Mapping[int, AllowanceForm]
) -> list[ContractView]:
    """Return the contracts as their customer's page shows them; `typed` is a form that was refused, by contract."""
    language = request.technician.person.language
    today = local_day(request.vendor, request.now)
    return [
        ContractView(
            each,
            package_name(terms, each.package, language),
            [
                quota_meter(unit, terms, each.package, language=language)
                for unit in held(each, min(today, each.valid_until or today))
            ],
            typed.get(each.pk) or _form(each, terms, today),
        )
        for each in contracts
    ]


def package_name(terms: Terms, key: str, language: str) -> str:
    """Return a package's name; of one that the present terms no longer know, its key."""
    try:
        return said(terms.package(key).name, language) if key else ""
    except Unknown:
        return key


def allowance_form(contract: Contract, terms: Terms, data: Any = None, **kwargs: Any) -> AllowanceForm | None:
    """Return the form for a contract; None where the terms do not count the use of its package."""
    units = list(dict.fromkeys(each.counts for each in terms.quotas_of(contract.package)))
    return AllowanceForm(data, contract=contract, units=units, **kwargs) if units else None


def _form(contract: Contract, terms: Terms, today: date) -> AllowanceForm | None:
    quota = next(iter(terms.quotas_of(contract.package)), None)
    if quota is None or (contract.valid_until is not None and contract.valid_until < today):
        return None
    begin = max(contract.valid_from, today.replace(day=1))
    given = grants_of(contract, quota.counts)
    initial: dict[str, object] = {"unit": quota.counts, "valid_from": begin}
    if given:
        last = given[-1]
        initial |= {
            "amount": f"{last.amount.normalize():f}",
            "period": last.period,
            "carry": last.carry,
            "beyond": last.beyond,
        }
    return allowance_form(contract, terms, initial=initial)


def ticket_meter(request: DeskRequest, ticket: Ticket, terms: Terms) -> MeterView | None:
    """Return what is left of the quota that the ticket's service is counted by; None where there is none."""
    quota = terms.quota_for(ticket.package, ticket.service) if ticket.package else None
    today = local_day(request.vendor, request.now)
    contract = contract_of(ticket.customer, today) if quota is not None else None
    if quota is None or contract is None or contract.package != ticket.package:
        return None
    found = held(contract, today, (quota.counts,))
    language = request.technician.person.language
    return quota_meter(found[0], terms, ticket.package, language=language) if found else None
