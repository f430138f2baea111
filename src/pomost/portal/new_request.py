"""A new request: the customer says what happened and how much it hurts, and sees before sending what will happen and what it costs.

Two fields and one choice where the terms ask for no more. The preview is the same decision that registration will make,
asked without writing anything; a module asks for it anew when a choice changes.
"""

from dataclasses import dataclass

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pomost.contracts.queries import contract_of, local_day, terms_in_force
from pomost.people import formats
from pomost.people.errors import Refused
from pomost.people.requests import DeskRequest
from pomost.portal.guard import contact_page
from pomost.portal.shell import page
from pomost.rules.terms.model import Terms, said
from pomost.rules.terms.parts import PartKind, RequestPart, TariffTerms
from pomost.tickets import actions, queries
from pomost.tickets.actions.consents import ConsentGiven
from pomost.tickets.models import Ticket
from pomost.ui.parts import LEVELS, ClauseView, RungState, RungView, SeverityView
from pomost.ui.ticket_parts import clause_view

TEXT_MAX = 20_000

OUTCOME_WORDS: dict[str, Promise] = {
    "included": gettext_lazy("included in the package"),
    "from-quota": gettext_lazy("counted from the package"),
    "paid": gettext_lazy("paid by the price list"),
    "unstated": gettext_lazy("we decide and tell you before the work"),
    "sold-separately": gettext_lazy("sold separately"),
    "known-solutions-only": gettext_lazy("known solutions, or the advice to update"),
    "refused": gettext_lazy("not in the package"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One card of a choice, with its consequence."""

    id: str
    name: str
    hint: str = ""
    side: str = ""
    bars: SeverityView | None = None


class RequestForm(forms.Form):
    """What a request is made of. Only its shape is checked here; what it may be, the terms decide."""

    service = forms.CharField(max_length=60)
    family = forms.CharField(max_length=60, required=False)
    severity = forms.CharField(max_length=40, required=False)
    subject = forms.CharField(
        label=gettext_lazy("What happened"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control big"}),
        error_messages={"required": gettext_lazy("Say in a few words what happened.")},
    )
    text = forms.CharField(
        label=gettext_lazy("In detail"),
        help_text=gettext_lazy("What you did, what you saw, what you expected. One task in one request."),
        max_length=TEXT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": "4"}),
    )
    product_version = forms.CharField(
        label=gettext_lazy("Version"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control big"}),
    )


@contact_page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Show the form, or register what was sent."""
    _version, terms = terms_in_force(request.vendor, local_day(request.vendor, request.now))
    chosen = request.POST if request.method == "POST" else request.GET
    form = RequestForm(
        request.POST or None, initial={"product_version": request.contact.customer.product_version}
    )
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            ticket = _register(request, terms, form.cleaned_data)
        except Refused as refused:
            refusal = str(refused)
        else:
            return redirect("portal:request", request.vendor.slug, ticket.number)
    context = {
        "form": form,
        "refusal": refusal,
        **_choices(request, terms, chosen),
        **_preview(request, terms, chosen),
    }
    return page(
        request, "portal/new.html", "requests", context, status=422 if request.method == "POST" else 200
    )


@contact_page
@require_safe
def preview_part(request: DeskRequest) -> HttpResponse:
    """Answer with the preview alone, for the choices in the address."""
    _version, terms = terms_in_force(request.vendor, local_day(request.vendor, request.now))
    return render(request, "portal/_preview.html", _preview(request, terms, request.GET))


def _register(request: DeskRequest, terms: Terms, sent: dict[str, str]) -> Ticket:
    language = request.LANGUAGE_CODE or ""
    named = set(request.POST.getlist("part"))
    parts = [part for part in terms.parts_for(_known_service(terms, sent["service"])) if part.id in named]
    return actions.register(
        vendor=request.vendor,
        contact=request.contact,
        channel=Ticket.Channel.PORTAL,
        subject=sent["subject"],
        text=sent["text"],
        service=sent["service"],
        family=sent["family"],
        severity=sent["severity"],
        product_version=sent["product_version"],
        parts=[part.id for part in parts if part.kind is not PartKind.CONSENT],
        consents=[
            ConsentGiven(part.id, True, said(part.ask, language), language)
            for part in parts
            if part.kind is PartKind.CONSENT
        ],
        received_at=request.now,
        by=f"contact:{request.contact.pk}",
        at=request.now,
    )


def _known_service(terms: Terms, service: str) -> str:
    """Return a service of the terms; the first one where none, or none that is known, was chosen."""
    known = [each.id for each in terms.services]
    return service if service in known else known[0]


def _choices(request: DeskRequest, terms: Terms, chosen: QueryDict) -> dict[str, object]:
    """Return the cards of the form. A product stands with its rate, a severity with its definition and hours."""
    language = request.LANGUAGE_CODE or ""
    package = _package(request, terms)
    service = terms.service(_known_service(terms, chosen.get("service", "")))
    day = local_day(request.vendor, request.now)
    severities = [
        Choice(
            id=each.id,
            name=said(each.name, language),
            hint=said(each.definition, language),
            side=_reaction(terms, package, each.id),
            bars=SeverityView(max(1, min(3, place)), ""),
        )
        for place, each in enumerate(terms.severities, 1)
    ]
    return {
        "services": [Choice(each.id, said(each.name, language)) for each in terms.services],
        "service": service.id,
        "families": [
            Choice(
                key,
                said(terms.family(key).name, language),
                side=_rate(terms.tariffs(day, family=key, service=service.id), language),
            )
            for key in service.families
        ],
        "family": chosen.get("family", ""),
        "severities": severities,
        "severity_chosen": chosen.get("severity", ""),
        "severity_clause": clause_view(terms, terms.severity_rule.clause, language=language)
        if terms.severity_rule
        else None,
        "asks_version": terms.version_rule is not None,
        "parts": [
            _part(part, language)
            for part in terms.parts_for(service.id)
            if part.kind not in (PartKind.TEXT, PartKind.PHONE)
        ],
        "named": chosen.getlist("part"),
    }


def _part(part: RequestPart, language: str) -> Choice:
    return Choice(part.id, said(part.ask, language))


def _package(request: DeskRequest, terms: Terms) -> str:
    contract = contract_of(request.contact.customer, local_day(request.vendor, request.now))
    if contract is not None and contract.package:
        return contract.package
    return terms.default_package.id if terms.default_package else terms.packages[0].id


def _reaction(terms: Terms, package: str, severity: str) -> str:
    """Return the first promise at a severity in words, `4 hours`; empty where nothing is promised."""
    promises = terms.promises_for(package, severity)
    return formats.length_words(promises[0].promise.amount) if promises else ""


def _rate(tariffs: tuple[TariffTerms, ...], language: str) -> str:
    if not tariffs:
        return ""
    rate = tariffs[0].tariff.rate_per_hour
    amount = formats.money(rate.amount, rate.currency) if rate is not None else ""
    return said(tariffs[0].says, language).replace("{rate}", amount)


def _preview(request: DeskRequest, terms: Terms, chosen: QueryDict) -> dict[str, object]:
    """Decide what would happen with these choices, or say what is still to be chosen."""
    language = request.LANGUAGE_CODE or ""
    try:
        would = queries.preview(
            request.vendor,
            request.contact.customer,
            service=_known_service(terms, chosen.get("service", "")),
            family=chosen.get("family", ""),
            severity=chosen.get("severity", ""),
            package_claimed="",
            product_version=chosen.get("product_version", ""),
            received_at=request.now,
            now=request.now,
        )
    except Refused as refused:
        return {"to_choose": str(refused), "would": None}
    day = local_day(request.vendor, request.now)
    verdict = would.verdict
    tariffs = terms.tariffs(
        day, service=verdict.service, package=verdict.package, family=chosen.get("family") or None
    )
    paid = verdict.outcome.value == "paid"
    return {
        "to_choose": "",
        "would": would,
        "promises": [
            (
                shown.label,
                formats.by(shown.due_at, request.now),
                formats.length_words(shown.amount),
                _clause(terms, shown.clause, language),
            )
            for shown in would.promises
            if shown.due_at is not None
        ],
        "price": _rate(tariffs, language) if paid else formats.money(0, request.vendor.currency),
        "outcome": str(OUTCOME_WORDS[verdict.outcome.value]),
        "is_refused": verdict.outcome.value in ("refused", "sold-separately"),
        "outcome_clause": _clause(terms, verdict.clause, language),
        "price_clause": _clause(terms, tariffs[0].tariff.clause, language) if paid and tariffs else None,
        "fees": [
            (
                said(fee.name, language),
                formats.money(fee.fee.amount.amount, fee.fee.amount.currency),
                _clause(terms, fee.fee.clause, language),
            )
            for fee in terms.fees(day, verdict.service)
        ]
        if paid
        else [],
        "estimate_clause": _clause(terms, terms.estimate.rule.clause, language)
        if terms.estimate and paid
        else None,
        "invoice_clause": _clause(terms, terms.invoice.clause, language) if terms.invoice and paid else None,
        "rungs": _rungs(verdict.level.word),
        "can_connect": verdict.level > 0,
    }


def _rungs(ceiling: str) -> list[RungView]:
    top = ("none", *LEVELS).index(ceiling.replace("-", "_"))
    return [
        RungView(level, RungState.FREE if place <= top else RungState.LOCKED)
        for place, level in enumerate(LEVELS, 1)
    ]


def _clause(terms: Terms, clause: str, language: str) -> ClauseView | None:
    return clause_view(terms, clause, language=language)
