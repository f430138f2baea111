"""Restrictions of support: what stands and which appeals wait, one with its history, and what is done about it.

Everybody who works here reads them; a dispatcher restricts, extends and lifts, an owner decides appeals. What may be done
is decided by tickets/actions; a refusal comes back onto the page, beside what was typed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pomost.console.answers import CONFLICT, UNPROCESSABLE, actor
from pomost.console.forms import DeskForm
from pomost.console.guard import may, technician_page
from pomost.console.shell import page
from pomost.contracts.queries import local_day, terms_in_force
from pomost.people.errors import NotFound, Refused
from pomost.people.models import Contact, Technician
from pomost.people.requests import DeskRequest
from pomost.remote import actions as remote
from pomost.remote.lines import lines
from pomost.remote.queries import running_under
from pomost.rules.terms.model import said
from pomost.tickets import access, actions
from pomost.tickets.actions.appealing import APPEAL_CHARACTERS_MAX, may_appeal_now
from pomost.tickets.actions.restricting import WORDS_CHARACTERS_MAX
from pomost.tickets.models import Restriction, RestrictionAppeal, Ticket
from pomost.ui.restriction_parts import RestrictionView, restriction_views

ENDED_SHOWN: Final = 50
"""Ended restrictions in the list, the newest first."""
LAST_DAY: Final = date(2999, 12, 31)
"""What is later is a slip of the keyboard; the actions bound it further."""


def _words(label: Any, missing: Any, most: int = WORDS_CHARACTERS_MAX) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": "3"}),
        error_messages={"required": missing},
    )


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        validators=[MaxValueValidator(LAST_DAY)],
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )


class LastingForm(DeskForm):
    """Until which day it holds, or on which day somebody looks at it again."""

    until_day = _day(_("Last day"))
    review_day = _day(_("Or without an end: look at it again on"))

    def span(self, zone: str) -> dict[str, datetime | None]:
        """Return the moments of the days: it holds to the end of the last one, and is looked at when a day begins."""
        last, review = self.cleaned_data["until_day"], self.cleaned_data["review_day"]
        return {
            "until_at": _midnight(last + timedelta(days=1), zone) if last else None,
            "review_at": _midnight(review, zone) if review else None,
        }


class RestrictForm(LastingForm):
    """What is restricted, and why."""

    refusal = forms.ChoiceField(
        label=_("Reason in the terms"),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": _("Choose the reason.")},
    )
    scope = forms.ChoiceField(
        label=_("Holds for"), widget=forms.Select(attrs={"class": "form-select"}), initial="request"
    )
    what_happened = _words(_("What happened"), _("Say what happened: the customer reads it."))
    ends_session = forms.BooleanField(
        label=_("End the session that runs now"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    field_order = ("refusal", "scope", "what_happened", "until_day", "review_day", "ends_session")

    def __init__(
        self, *args: Any, refusals: list[tuple[str, str]], scopes: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["refusal"].choices = [("", ""), *refusals]  # type: ignore[attr-defined]
        self.fields["scope"].choices = scopes  # type: ignore[attr-defined]


class ExtendForm(LastingForm):
    """How long it lasts from now on, and why."""

    reason = _words(_("Reason"), _("Say why: the customer reads it."))


class LiftForm(DeskForm):
    """Why it ends before its time."""

    reason = _words(_("Reason"), _("Say why: the customer reads it."))


class AppealForm(DeskForm):
    """What the customer said on the phone against it."""

    contact = forms.ChoiceField(label=_("Who said it"), widget=forms.Select(attrs={"class": "form-select"}))
    text = _words(_("What they said"), _("Write what they said."), APPEAL_CHARACTERS_MAX)

    def __init__(self, *args: Any, contacts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].choices = contacts  # type: ignore[attr-defined]


class DecideForm(DeskForm):
    """The answer to an appeal."""

    answer = forms.ChoiceField(
        label=_("Your decision"),
        choices=[
            ("", ""),
            ("grant", _("The appeal is right: lift the restriction")),
            ("uphold", _("The restriction stays")),
        ],
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": _("Choose whether the restriction stays.")},
    )
    reason = _words(_("Reason"), _("Say why: the customer reads it."))


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


@technician_page()
@require_safe
def restrictions(request: DeskRequest) -> HttpResponse:
    """List what waits for an answer or a look, what stands, and what has ended."""
    found = access.restrictions(request.technician)
    standing = views_of(request, list(found.filter(ended_at=None).order_by("-pk")))
    ended = views_of(request, list(found.exclude(ended_at=None).order_by("-ended_at", "-pk")[:ENDED_SHOWN]))
    context: dict[str, object] = {
        "waiting": [each for each in standing if each.appeal],
        "standing": [each for each in standing if not each.appeal],
        "ended": ended,
    }
    return page(request, "console/restrictions.html", "customers", context)


@technician_page()
@require_safe
def restriction(request: DeskRequest, restriction_id: int) -> HttpResponse:
    """Show one restriction with its history."""
    return _page(request, access.restriction(request.technician, restriction_id))


@technician_page(Technician.Role.DISPATCHER)
@require_http_methods(["GET", "HEAD", "POST"])
def restrict(request: DeskRequest, number: str) -> HttpResponse:
    """Restrict support because of what came up in a request."""
    occasion = access.ticket(request.technician, number)
    _version, terms = terms_in_force(request.vendor, local_day(request.vendor, request.now))
    language = request.technician.person.language
    form = RestrictForm(
        request.POST or None,
        initial={
            "scope": request.GET.get("scope", "request"),
            "refusal": request.GET.get("refusal", ""),
            "what_happened": request.GET.get("what_happened", "")[:WORDS_CHARACTERS_MAX],
        },
        refusals=[(each.id, f"{said(each.name, language)} (§ {each.clause})") for each in terms.refusals],
        scopes=_scopes(occasion),
    )
    refused, status = "", 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = _restrict(request, occasion, form)
            except NotFound:
                raise
            except Refused as refusal:
                refused, status = str(refusal), CONFLICT
            else:
                return redirect("console:restriction", request.vendor.slug, made.pk)
        else:
            status = UNPROCESSABLE
    context: dict[str, object] = {
        "ticket": occasion,
        "form": form,
        "has_reasons": bool(terms.refusals),
        "refused": refused,
    }
    return page(request, "console/restrict.html", "customers", context, status=status)


def _restrict(request: DeskRequest, occasion: Ticket, form: RestrictForm) -> Restriction:
    """Restrict, and end what runs under it where that was ticked: both or neither; then the engine is told."""
    typed = form.cleaned_data
    ended: list[tuple[str, str]] = []
    with transaction.atomic():
        made = actions.restrict(
            occasion,
            scope=typed["scope"],
            refusal=typed["refusal"],
            what_happened=typed["what_happened"],
            **form.span(request.vendor.zone),
            technician=request.technician,
            by=actor(request),
            at=request.now,
        )
        if typed["ends_session"]:
            ended = [
                (
                    str(each.pk),
                    remote.end_by_terms(
                        each,
                        typed["refusal"],
                        typed["what_happened"],
                        technician=request.technician,
                        by=actor(request),
                        at=request.now,
                    ),
                )
                for each in running_under(made)
            ]
    for session, why in ended:
        lines().end(session, why)
    return made


@technician_page(Technician.Role.DISPATCHER)
@require_POST
def extend(request: DeskRequest, restriction_id: int) -> HttpResponse:
    """Let it last until another day."""
    found = access.restriction(request.technician, restriction_id)
    form = ExtendForm(request.POST)

    def act() -> object:
        return actions.extend_restriction(
            found,
            form.cleaned_data["reason"],
            **form.span(request.vendor.zone),
            technician=request.technician,
            by=actor(request),
            at=request.now,
        )

    return _doing(request, found, "extend", form, act)


@technician_page(Technician.Role.DISPATCHER)
@require_POST
def lift(request: DeskRequest, restriction_id: int) -> HttpResponse:
    """End it before its time."""
    found = access.restriction(request.technician, restriction_id)
    form = LiftForm(request.POST)

    def act() -> object:
        return actions.lift_restriction(
            found,
            form.cleaned_data["reason"],
            technician=request.technician,
            by=actor(request),
            at=request.now,
        )

    return _doing(request, found, "lift", form, act)


@technician_page()
@require_POST
def appeal(request: DeskRequest, restriction_id: int) -> HttpResponse:
    """Note what the customer said against it on the phone."""
    found = access.restriction(request.technician, restriction_id)
    form = AppealForm(request.POST, contacts=_contacts(found))

    def act() -> object:
        contact = Contact.objects.get(pk=form.cleaned_data["contact"], customer_id=found.customer_id)
        return actions.appeal_restriction(
            found, form.cleaned_data["text"], contact=contact, by=actor(request), at=request.now
        )

    return _doing(request, found, "appeal", form, act)


@technician_page(Technician.Role.OWNER)
@require_POST
def decide(request: DeskRequest, restriction_id: int) -> HttpResponse:
    """Answer the appeal that waits."""
    found = access.restriction(request.technician, restriction_id)
    form = DecideForm(request.POST)
    waiting = _waiting(found)
    if waiting is None:
        raise NotFound(_("No appeal waits here. Look at the history of the restriction."))

    def act() -> object:
        return actions.decide_appeal(
            waiting,
            grant=form.cleaned_data["answer"] == "grant",
            reason=form.cleaned_data["reason"],
            technician=request.technician,
            by=actor(request),
            at=request.now,
        )

    return _doing(request, found, "decide", form, act)


def _doing(
    request: DeskRequest, found: Restriction, name: str, form: DeskForm, act: Callable[[], object]
) -> HttpResponse:
    """Act and go back to the page; what does not fit comes with what was typed."""
    if not form.is_valid():
        return _page(request, found, {name: form}, status=UNPROCESSABLE)
    try:
        act()
    except NotFound:
        raise
    except Refused as refusal:
        fresh = access.restriction(request.technician, found.pk)
        return _page(request, fresh, {name: form}, refused=str(refusal), status=CONFLICT)
    return redirect("console:restriction", request.vendor.slug, found.pk)


def _page(
    request: DeskRequest,
    found: Restriction,
    typed: Mapping[str, DeskForm] | None = None,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    waiting = _waiting(found)
    (view,) = views_of(request, [found])
    typed = typed or {}
    context: dict[str, object] = {
        "restriction": view,
        "customer": found.customer,
        "waiting": waiting,
        "may_restrict": view.stands and may(request.technician, Technician.Role.DISPATCHER),
        "may_decide": waiting is not None and may(request.technician, Technician.Role.OWNER),
        "may_appeal": may_appeal_now(found, request.now).value == "yes",
        "extend": typed.get("extend") or ExtendForm(),
        "lift": typed.get("lift") or LiftForm(),
        "appeal": typed.get("appeal") or AppealForm(contacts=_contacts(found)),
        "decide": typed.get("decide") or DecideForm(),
        "opens": next(iter(typed), ""),
        "refused": refused,
    }
    return page(request, "console/restriction.html", "customers", context, status=status)


def views_of(request: DeskRequest, rows: Sequence[Restriction]) -> list[RestrictionView]:
    """Return restrictions as pages of the console show them."""
    language = request.technician.person.language
    return restriction_views(rows, now=request.now, language=language, internal=True)


def _waiting(found: Restriction) -> RestrictionAppeal | None:
    return (
        RestrictionAppeal.objects.select_related("restriction", "contact")
        .filter(restriction=found, state=RestrictionAppeal.State.WAITING)
        .first()
    )


def _contacts(found: Restriction) -> list[tuple[str, str]]:
    rows = found.customer.contacts.order_by("name")
    if found.scope == Restriction.Scope.CONTACT:
        rows = rows.filter(pk=found.contact_id)
    return [(str(each.pk), each.name) for each in rows]


def _scopes(occasion: Ticket) -> list[tuple[str, str]]:
    return [
        ("request", str(_("this request, %(number)s")) % {"number": occasion.number}),
        ("contact", str(_("the contact, %(name)s")) % {"name": occasion.contact.name}),
        ("customer", str(_("the whole customer, %(name)s")) % {"name": occasion.customer.name}),
    ]
