"""The page /audit/: terms and a table in, what they cost out. For anybody; nothing is stored or logged.

Owns the views. What is sent is read, judged, shown and forgotten; the result carries the table in its own form, so that a
row can be mended in place or a report asked for. The form is form.py, judging rules/audit.
"""

from datetime import datetime, timedelta
from threading import BoundedSemaphore
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from pomost.audit import report, words
from pomost.audit.form import OWN, Asked, TermsChoice, asked, choices, example_choice, with_samples
from pomost.audit.pace import pace
from pomost.audit.shown import AuditShown, show
from pomost.people.requests import DeskRequest
from pomost.rules.audit.audit import audit
from pomost.sheets.columns import NAMES, name_of, other_names
from pomost.sheets.example import example_csv
from pomost.ui.theme import THEME_AGE_SECONDS

LINES_MOST: Final = 100
"""Lines of a kind on the page; the report has more."""
BAD_MOST: Final = 50
AT_ONCE: Final = 2
"""Audits at the same moment: each takes a processor for a while, and the desk has others to serve."""
OTHERS_SHOWN: Final = 5

_free = BoundedSemaphore(AT_ONCE)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: DeskRequest) -> HttpResponse:
    """Show the form; with a table, what it cost, or its report as a PDF."""
    picked = request.POST.get("language", "")
    if picked not in dict(settings.LANGUAGES):
        return _answer(request)
    with translation.override(picked):
        answer = _answer(request)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        picked,
        max_age=THEME_AGE_SECONDS,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return answer


def _answer(request: DeskRequest) -> HttpResponse:
    known = choices(request)
    if request.method != "POST":
        return _form(request, known, Asked(key=known[0].key if known else OWN))
    until = pace.ask(request.META.get("REMOTE_ADDR", ""), request.now)
    if until is not None:
        return _later(request, known, until)
    if not _free.acquire(blocking=False):
        return _busy(request, known)
    try:
        return _judged(request, known)
    finally:
        _free.release()


def _judged(request: DeskRequest, known: list[TermsChoice]) -> HttpResponse:
    sent = asked(request, known)
    if not sent.is_usable or sent.terms is None or sent.sheet is None:
        return _form(request, known, sent, status=422)
    found = audit(sent.terms, sent.sheet.history, sent.month_day)
    if "report" in request.POST:
        shown = show(sent.terms, sent.sheet, found, report.LINES_MOST, report.BAD_MOST)
        name = f"pomost-audit-{sent.terms.vendor.slug}-{words.language()}.pdf"
        return HttpResponse(
            report.pdf_of(shown),
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
    return _form(request, known, sent, show(sent.terms, sent.sheet, found, LINES_MOST, BAD_MOST))


def _form(
    request: DeskRequest,
    known: list[TermsChoice],
    sent: Asked,
    shown: AuditShown | None = None,
    *,
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    language = words.language()
    columns = [
        (name_of(column, language), words.meaning(column), other_names(column, language)[:OTHERS_SHOWN])
        for column in NAMES
    ]
    context = {
        "choices": known,
        "samples": list(with_samples(known)),
        "own": OWN,
        "sent": sent,
        "shown": shown,
        "columns": columns,
        "wrong": wrong,
    }
    return render(request, "audit/page.html", context, status=status)


def _later(request: DeskRequest, known: list[TermsChoice], until: datetime) -> HttpResponse:
    """Answer that it was too often (429), with the form as it was sent."""
    minutes = -(-(until - request.now) // timedelta(minutes=1))
    wrong = gettext("Too many audits from your address. Try again in %(minutes)d min.") % {"minutes": minutes}
    answer = _form(request, known, _sent_back(request), wrong=wrong, status=429)
    answer["Retry-After"] = str(int((until - request.now).total_seconds()) + 1)
    return answer


def _busy(request: DeskRequest, known: list[TermsChoice]) -> HttpResponse:
    """Answer that others are being served (503), with the form as it was sent."""
    wrong = gettext("Others are being served just now. Try again in a moment.")
    answer = _form(request, known, _sent_back(request), wrong=wrong, status=503)
    answer["Retry-After"] = "5"
    return answer


def _sent_back(request: DeskRequest) -> Asked:
    text = request.POST
    return Asked(
        text.get("terms", ""), text.get("terms_text", ""), text.get("table", ""), text.get("month", "")
    )


@login_not_required
@require_safe
def example(request: DeskRequest, key: str) -> HttpResponse:
    """Answer a sample table for some terms, to be filled in with a spreadsheet."""
    terms = example_choice(choices(request), key)
    if terms is None:
        raise Http404(f"There are no terms “{key}” here.")
    # The mark at the beginning tells spreadsheets that it is UTF-8.
    table = "\ufeff" + example_csv(terms, words.language())
    return HttpResponse(
        table.encode(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{terms.vendor.slug}.csv"'},
    )
