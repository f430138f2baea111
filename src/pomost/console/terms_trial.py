"""The owner's “try it on a month”: a draft over the requests that really came, and what would have come out otherwise.

Nothing is kept, of the text or of the outcome: each page of rows tries it anew (figures: docs/reference/figures.md). What is compared is `billing.trials`, the words are `ui.trial_parts`.
"""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from pomost.billing.trials import gathered, months_to_try, tried
from pomost.console.answers import UNPROCESSABLE
from pomost.console.guard import technician_page
from pomost.console.shell import page
from pomost.console.terms import OWNER, check_view
from pomost.console.terms_forms import DraftForm, MonthForm
from pomost.contracts import drafts
from pomost.contracts.queries import terms_of, versions_of
from pomost.people.requests import DeskRequest
from pomost.ui.trial_parts import figures, headline, tried_view

ROWS_A_PAGE: Final = 100
"""Requests that a page shows; the totals are of all."""
PAGE_DIGITS_MAX: Final = 4


@technician_page(OWNER)
@require_POST
def terms_try(request: DeskRequest) -> HttpResponse:
    """Try the text of the editor on a month's requests."""
    typed = DraftForm(request.POST)
    months = MonthForm(request.POST, months=months_to_try(request.vendor, request.now))
    text = typed.typed()
    context: dict[str, object] = {"months": months, "typed": typed}
    draft = drafts.checked(request.vendor, text).terms
    published = versions_of(request.vendor)
    if draft is None or not published:
        context["check"] = check_view(request, text)
        return page(request, "console/terms_trial.html", "terms", context, status=UNPROCESSABLE)
    if not months.is_valid():
        return page(request, "console/terms_trial.html", "terms", context, status=UNPROCESSABLE)
    before, language = terms_of(published[-1]), request.LANGUAGE_CODE or ""
    facts = gathered(request.vendor, months.chosen(), request.now)
    trial = tried(request.vendor, facts, before, draft)
    subjects = {ticket.number: ticket.subject for ticket in facts.tickets}
    differing = trial.differing
    shown = Paginator(differing, ROWS_A_PAGE).get_page(_wanted(request))
    context |= {
        "headline": headline(trial.totals),
        "totals": trial.totals,
        "figures": figures(trial.totals),
        "before": before,
        "draft": draft,
        "cut": facts.count if facts.count > len(facts.requests) else None,
        "rows": [
            tried_view(
                each,
                before,
                draft,
                subject=subjects[each.request.number],
                language=language,
                now=request.now,
            )
            for each in shown
        ],
        "shown": shown,
    }
    return page(request, "console/terms_trial.html", "terms", context)


def _wanted(request: DeskRequest) -> int:
    """Return the page that was asked for; the text is tried anew for each, because nothing of it is kept."""
    typed = request.POST.get("page", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= PAGE_DIGITS_MAX else 1
