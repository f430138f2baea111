"""A session that runs is ended by a reason that the terms allow (`may-end`), and nothing more: nobody is restricted by it.

Whoever may restrict is led there afterwards, with the same reason and words; that is a decision of its own. Read on:
docs/guide/restrictions.md.
"""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from pomost.console.forms import DeskForm
from pomost.console.guard import may, technician_page
from pomost.contracts.queries import terms_of
from pomost.people.errors import Refused
from pomost.people.models import Technician
from pomost.people.requests import DeskRequest
from pomost.remote import access, actions
from pomost.remote.actions import WHAT_HAPPENED_CHARACTERS_MAX
from pomost.remote.lines import lines
from pomost.rules.terms.model import said
from pomost.tickets.models import Ticket

CONFLICT: Final = 409
UNPROCESSABLE: Final = 422


class EndByTermsForm(DeskForm):
    """By which reason a session ends, and what happened."""

    refusal = forms.ChoiceField(
        label=_("Reason in the terms"),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": _("Choose the reason.")},
    )
    what_happened = forms.CharField(
        label=_("What happened"),
        max_length=WHAT_HAPPENED_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": "3"}),
        error_messages={"required": _("Say what happened: the customer reads it.")},
    )

    def __init__(self, *args: Any, reasons: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["refusal"].choices = [("", ""), *reasons] if len(reasons) > 1 else reasons  # type: ignore[attr-defined]


def ending_form(ticket: Ticket, language: str, typed: Any = None) -> EndByTermsForm | None:
    """Return the form with the reasons of the request's terms; None where they name none to end a session."""
    reasons = [
        (each.id, f"{said(each.name, language)} (§ {each.clause})")
        for each in terms_of(ticket.terms).refusals
        if each.effect == "may-end"
    ]
    return EndByTermsForm(typed, reasons=reasons) if reasons else None


@technician_page()
@require_POST
def end_by_terms(request: DeskRequest, session_id: UUID) -> HttpResponse:
    """End a session by a reason of the terms; answers with the part of the viewer's page that asked for it."""
    running = access.session(request.technician, session_id)
    context: dict[str, object] = {"session": running, "desk": request.vendor.slug}
    ticket, language = running.ticket, request.technician.person.language
    form = None if ticket is None else ending_form(ticket, language, request.POST)
    if ticket is None or form is None:
        context["refused"] = _("The terms name no reason to end a session.")
        return _part(request, context, CONFLICT)
    context["ending"] = form
    if not form.is_valid():
        return _part(request, context, UNPROCESSABLE)
    refusal, words = form.cleaned_data["refusal"], form.cleaned_data["what_happened"]
    try:
        why = actions.end_by_terms(
            running,
            refusal,
            words,
            technician=request.technician,
            by=f"technician:{request.technician.pk}",
            at=request.now,
        )
    except Refused as refused:
        context["refused"] = str(refused)
        return _part(request, context, CONFLICT)
    lines().end(str(running.pk), why)
    context["why"] = why
    if may(request.technician, Technician.Role.DISPATCHER):
        address = reverse("console:restrict", args=[request.vendor.slug, ticket.number])
        context["restrict_url"] = f"{address}?{urlencode({'refusal': refusal, 'what_happened': words})}"
    return _part(request, context, 200)


def _part(request: DeskRequest, context: dict[str, object], status: int) -> HttpResponse:
    return render(request, "console/_end_by_terms.html", context, status=status)
