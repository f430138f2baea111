"""Programs of the vendor: the owner makes and revokes tokens, and says which facts are sent where.

A token and a webhook's secret are shown in the one answer that made them and never again; so that answer is kept by no cache.
"""

from datetime import timedelta
from typing import Final

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pomost.console.answers import CONFLICT, UNPROCESSABLE, actor
from pomost.console.forms import DeskForm
from pomost.console.guard import technician_page
from pomost.console.shell import page
from pomost.people import access as people
from pomost.people import actions as people_actions
from pomost.people.errors import NotFound, Refused
from pomost.people.models import Technician
from pomost.people.requests import DeskRequest
from pomost.people.tokens import SCOPES, Written
from pomost.webhooks import access, actions
from pomost.webhooks.actions import KINDS_MAX
from pomost.webhooks.addresses import URL_CHARACTERS_MAX
from pomost.webhooks.message import secret_written
from pomost.webhooks.models import Subscription
from pomost.webhooks.queries import last_deliveries, standings
from pomost.webhooks.signing import signs_along

OWNER: Final = Technician.Role.OWNER
SCOPE_WORDS: Final = {
    "read": _("Read everything but invoices"),
    "write": _("Register requests and work on them"),
    "terms": _("Publish terms"),
    "billing": _("Read and make invoices"),
}


class TokenForm(DeskForm):
    """A token to make."""

    name = forms.CharField(
        label=_("Name of the program"),
        max_length=60,
        help_text=_("The journal and the requests show it."),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=[(scope, SCOPE_WORDS[scope]) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Choose what it may do.")},
    )
    days = forms.TypedChoiceField(
        label=_("It holds"),
        coerce=int,
        choices=[(90, _("90 days")), (365, _("a year")), (0, _("until it is revoked"))],
        initial=365,
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class WebhookForm(DeskForm):
    """An address to tell facts."""

    url = forms.CharField(
        label=_("Address"),
        max_length=URL_CHARACTERS_MAX,
        help_text=_(
            "Like https://example.org/hook. Only public addresses, unless the operator allowed others."
        ),
        widget=forms.URLInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    kinds = forms.CharField(
        label=_("Kinds of facts"),
        required=False,
        max_length=KINDS_MAX * 61,
        help_text=_("One a line, like ticket.registered or ticket.*. Empty: all."),
        widget=forms.Textarea(attrs={"class": "form-control", "rows": "3", "spellcheck": "false"}),
    )


def _page(
    request: DeskRequest,
    *,
    token_form: TokenForm | None = None,
    webhook_form: WebhookForm | None = None,
    written: Written | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    tokens = [
        (each, [SCOPE_WORDS[scope] for scope in each.scopes]) for each in people.tokens(request.technician)
    ]
    context: dict[str, object] = {
        "tokens": tokens,
        "webhooks": standings(request.technician),
        "token_form": token_form or TokenForm(),
        "webhook_form": webhook_form or WebhookForm(),
        "written": str(written) if written else "",
        "refused": refused,
        "api_url": f"{settings.PUBLIC_URL}/{request.vendor.slug}/api/v1/",
    }
    answer = page(request, "console/programs.html", "programs", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@technician_page(OWNER)
@require_safe
def programs(request: DeskRequest) -> HttpResponse:
    """Show tokens and webhooks."""
    return _page(request)


@technician_page(OWNER)
@require_POST
def token_new(request: DeskRequest) -> HttpResponse:
    """Make a token and show it, this once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, token_form=form, status=UNPROCESSABLE)
    wanted = form.cleaned_data
    try:
        _token, written = people_actions.issue_token(
            owner=request.technician,
            name=wanted["name"],
            scopes=wanted["scopes"],
            expires_at=request.now + timedelta(days=wanted["days"]) if wanted["days"] else None,
            by=actor(request),
            at=request.now,
        )
    except Refused as refused:
        return _page(request, token_form=form, refused=str(refused), status=CONFLICT)
    return _page(request, written=written)


@technician_page(OWNER)
@require_POST
def token_revoke(request: DeskRequest, token_id: int) -> HttpResponse:
    """Let a token open nothing any more."""
    found = people.tokens(request.technician).filter(pk=token_id).first()
    if found is None:
        raise NotFound(_("There is no such token here."))
    people_actions.revoke_token(found, by=actor(request), at=request.now)
    return redirect("console:programs", request.vendor.slug)


@technician_page(OWNER)
@require_POST
def webhook_new(request: DeskRequest) -> HttpResponse:
    """Let an address be told facts."""
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return _page(request, webhook_form=form, status=UNPROCESSABLE)
    try:
        made, secret = actions.subscribe(
            owner=request.technician,
            url=form.cleaned_data["url"],
            kinds=form.cleaned_data["kinds"].split(),
            by=actor(request),
            at=request.now,
        )
    except Refused as refused:
        return _page(request, webhook_form=form, refused=str(refused), status=CONFLICT)
    return _webhook_page(request, access.subscription(request.technician, made.pk), secret=secret)


@technician_page(OWNER)
@require_POST
def webhook_secret(request: DeskRequest, webhook_id: int) -> HttpResponse:
    """Make a new secret and show it, this once; the old one signs along for a day or ends at once."""
    found = access.subscription(request.technician, webhook_id)
    secret = actions.renew_secret(
        found, keep_old=request.POST.get("old") != "end", by=actor(request), at=request.now
    )
    return _webhook_page(request, access.subscription(request.technician, found.pk), secret=secret)


@technician_page(OWNER)
@require_safe
def webhook(request: DeskRequest, webhook_id: int) -> HttpResponse:
    """Show one webhook with its last deliveries."""
    return _webhook_page(request, access.subscription(request.technician, webhook_id))


@technician_page(OWNER)
@require_POST
def webhook_ping(request: DeskRequest, webhook_id: int) -> HttpResponse:
    """Send a trial fact."""
    found = access.subscription(request.technician, webhook_id)
    try:
        actions.ping(found, by=actor(request), at=request.now)
    except Refused as refused:
        return _webhook_page(request, found, refused=str(refused))
    return redirect("console:webhook", request.vendor.slug, found.pk)


@technician_page(OWNER)
@require_POST
def webhook_on(request: DeskRequest, webhook_id: int) -> HttpResponse:
    """Tell the address again."""
    found = access.subscription(request.technician, webhook_id)
    actions.switch_on(found, by=actor(request), at=request.now)
    return redirect("console:webhook", request.vendor.slug, found.pk)


@technician_page(OWNER)
@require_POST
def webhook_remove(request: DeskRequest, webhook_id: int) -> HttpResponse:
    """Tell the address nothing more."""
    actions.remove(access.subscription(request.technician, webhook_id), by=actor(request), at=request.now)
    return redirect("console:programs", request.vendor.slug)


@technician_page(OWNER)
@require_POST
def delivery_again(request: DeskRequest, delivery_id: int) -> HttpResponse:
    """Send a delivery once more, under its own id."""
    found = access.delivery(request.technician, delivery_id)
    try:
        actions.send_again(found, by=actor(request), at=request.now)
    except Refused as refused:
        return _webhook_page(request, found.subscription, refused=str(refused))
    return redirect("console:webhook", request.vendor.slug, found.subscription_id)


def _webhook_page(
    request: DeskRequest, found: Subscription, *, secret: bytes | None = None, refused: str = ""
) -> HttpResponse:
    context: dict[str, object] = {
        "webhook": found,
        "secret": secret_written(secret) if secret else "",
        "old_until": found.old_secret_until if signs_along(found, request.now) else None,
        "deliveries": [(each, STATE_WORDS[each.state]) for each in last_deliveries(found)],
        "refused": refused,
    }
    status = CONFLICT if refused else 200
    answer = page(request, "console/webhook.html", "programs", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


STATE_WORDS: Final = {
    "waiting": pgettext_lazy("delivery", "waits"),
    "delivered": pgettext_lazy("delivery", "arrived"),
    "failed": pgettext_lazy("delivery", "given up"),
    "dropped": pgettext_lazy("delivery", "dropped"),
}
