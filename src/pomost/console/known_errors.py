"""The known errors of the product: the list with its counts, and one error with whom it concerns and what is done about it."""

from collections.abc import Callable
from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pomost.console.answers import CONFLICT, UNPROCESSABLE, actor
from pomost.console.guard import may, technician_page
from pomost.console.product_forms import TEXTS, MendForm, TextsForm
from pomost.console.shell import page
from pomost.contracts.queries import local_day, terms_in_force
from pomost.people.errors import NotFound, Refused
from pomost.people.models import Technician, Vendor
from pomost.people.requests import DeskRequest
from pomost.rules.terms.model import Terms
from pomost.tickets import access, actions, queries
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import KnownError, Release
from pomost.ui.product_parts import ErrorView, error_view, family_name

ROW_DIGITS_MAX: Final = 18
STATE_WORDS: Final = {
    KnownError.State.FOUND: pgettext_lazy("known error", "found, not confirmed"),
    KnownError.State.CONFIRMED: pgettext_lazy("known error", "confirmed"),
    KnownError.State.MENDED: pgettext_lazy("known error", "mended"),
}


@technician_page()
@require_safe
def known_errors(request: DeskRequest) -> HttpResponse:
    """List the known errors: those not mended first, the newest on top."""
    language = request.technician.person.language
    terms = terms_today(request)
    found = queries.counted(access.known_errors(request.technician))
    found.sort(key=lambda each: each.error.state == KnownError.State.MENDED)
    rows = [
        {
            "shown": error_view(each.error, language),
            "state": STATE_WORDS[KnownError.State(each.error.state)],
            "family": family_name(terms, each.error.family, language),
            "tickets": each.tickets,
            "customers": each.customers,
        }
        for each in found
    ]
    return page(request, "console/known_errors.html", "known_errors", {"rows": rows})


@technician_page()
@require_safe
def known_error(request: DeskRequest, sequence: int) -> HttpResponse:
    """Show one error."""
    return _page(request, access.known_error(request.technician, sequence))


@technician_page()
@require_POST
def known_error_words(request: DeskRequest, sequence: int) -> HttpResponse:
    """Put an error into other words."""
    error = access.known_error(request.technician, sequence)
    form = TextsForm(request.POST, languages=languages_of(request, error))
    if not form.is_valid():
        return _page(request, error, words=form, status=UNPROCESSABLE)
    title, symptom, workaround = (form.texts(text) for text in TEXTS)
    return _do(
        request,
        error,
        lambda: actions.reword_error(
            error,
            title=title,
            symptom=symptom,
            workaround=workaround,
            found_in=form.cleaned_data["found_in"],
            by=actor(request),
            at=request.now,
        ),
        words=form,
    )


@technician_page()
@require_POST
def known_error_confirm(request: DeskRequest, sequence: int) -> HttpResponse:
    """Say that it is the product's error: customers can read it from now on."""
    error = access.known_error(request.technician, sequence)
    return _do(request, error, lambda: actions.confirm_error(error, by=actor(request), at=request.now))


@technician_page()
@require_POST
def known_error_release(request: DeskRequest, sequence: int) -> HttpResponse:
    """Say which release mends it; of one that is out, the customers concerned hear at once."""
    error = access.known_error(request.technician, sequence)
    chosen = request.POST.get("release", "")
    release: Release | None = None
    if chosen:
        release = access.release(request.technician, row_key(chosen))
        if release.published_at is not None and not may(request.technician, Technician.Role.DISPATCHER):
            raise TicketRefused(
                gettext("%(version)s is out: customers are told at once. A dispatcher can choose it.")
                % {"version": release.version}
            )
    return _do(request, error, lambda: actions.mend_in(error, release, by=actor(request), at=request.now))


def row_key(typed: str) -> int:
    """Return the key of a row as it was sent.

    Raises:
        TicketRefused: it is none.
    """
    if not (typed.isascii() and typed.isdigit() and len(typed) <= ROW_DIGITS_MAX):
        raise TicketRefused(gettext("Choose one from the list."))
    return int(typed)


def terms_today(request: DeskRequest) -> Terms:
    """Return the terms in force, by which products are named."""
    _version, terms = terms_in_force(request.vendor, local_day(request.vendor, request.now))
    return terms


def languages_of(request: DeskRequest, error: KnownError | None = None) -> list[str]:
    """Return the vendor's languages, and those in which the error has words already."""
    spoken = list(terms_today(request).vendor.languages)
    written = {language for text in TEXTS for language in getattr(error, text, {})} if error else set()
    return [*spoken, *sorted(written - set(spoken))]


def release_choices(vendor: Vendor, family: str) -> list[tuple[str, str]]:
    """Return the releases of a product as a form's choices; those to come first, and marked as such."""
    to_come = gettext("to come")
    return [
        (str(each.pk), each.version if each.published_at else f"{each.version} ({to_come})")
        for each in queries.in_order(Release.objects.filter(vendor=vendor, family=family))
    ]


def _do(
    request: DeskRequest, error: KnownError, act: Callable[[], object], *, words: TextsForm | None = None
) -> HttpResponse:
    try:
        act()
    except NotFound:
        raise
    except Refused as refused:
        fresh = access.known_error(request.technician, error.sequence)
        return _page(request, fresh, refused=str(refused), words=words, status=CONFLICT)
    return redirect("console:known_error", request.vendor.slug, error.sequence)


def _page(
    request: DeskRequest,
    error: KnownError,
    *,
    refused: str = "",
    words: TextsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    language = request.technician.person.language
    languages = languages_of(request, error)
    concerned = queries.concerned_by(error)
    initial = {f"{text}_{each}": getattr(error, text).get(each, "") for text in TEXTS for each in languages}
    shown: ErrorView = error_view(error, language)
    context: dict[str, object] = {
        "error": error,
        "shown": shown,
        "state": STATE_WORDS[KnownError.State(error.state)],
        "family": family_name(terms_today(request), error.family, language),
        "concerned": concerned,
        "customers": len({each.ticket.customer_id for each in concerned}),
        "missing": [each for each in languages if not error.workaround.get(each)],
        "words": words or TextsForm(languages=languages, initial={**initial, "found_in": error.found_in}),
        "words_open": words is not None,
        "mend": MendForm(
            releases=release_choices(request.vendor, error.family),
            initial={"release": str(error.release_id or "")},
        ),
        "refused": refused,
    }
    return page(request, "console/known_error.html", "known_errors", context, status=status)
