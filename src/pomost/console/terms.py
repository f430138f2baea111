"""The owner's terms: the versions, and the draft of the next one with its checks, its changes and its preview.

Everything here is the owner's alone. What a text means is `rules.terms`, what may be kept is `contracts.drafts`; this
module shows it. The check answers with the same part that stands in the page, so that the page does without JavaScript.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import unified_diff
from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pomost.billing.trials import months_to_try
from pomost.console.answers import CONFLICT, UNPROCESSABLE, actor
from pomost.console.guard import technician_page
from pomost.console.shell import page
from pomost.console.terms_forms import DraftForm, EditionForm, MonthForm, form_of, next_month, next_name
from pomost.contracts import access, drafts
from pomost.contracts.errors import DraftMoved, TermsRefused
from pomost.contracts.models import TermsDraft, TermsVersion
from pomost.contracts.queries import local_day, terms_of, versions_of
from pomost.people.models import Technician
from pomost.people.queries import names_of
from pomost.people.requests import DeskRequest
from pomost.rules.terms.model import Terms, said
from pomost.ui.terms.document import document
from pomost.ui.terms.problem_words import Sentence, sentence
from pomost.ui.terms_parts import ChangeView, change_views

OWNER: Final = Technician.Role.OWNER
PROBLEMS_SHOWN: Final = 50
LINES_MAX: Final = 3000
"""That are compared or numbered on a page: comparing is quadratic at worst, and terms have a few hundred."""


@dataclass(frozen=True, slots=True)
class VersionView:
    """One published version in the list."""

    id: int
    name: str
    first_day: date
    last_day: date | None
    stand: str
    """`past`, `now` or `later`."""
    url: str
    changes_url: str
    """What it changed; empty for the first one."""


@dataclass(frozen=True, slots=True)
class ProblemView:
    """One thing to mend, with the line as it was typed."""

    line: int | None
    line_text: str
    key: str
    what: Sentence
    do: Sentence


@dataclass(frozen=True, slots=True)
class CheckView:
    """What the check says of a text."""

    problems: tuple[ProblemView, ...]
    count: int
    refusal: str
    changes: list[ChangeView]
    against: str
    """The version that it is compared with."""


@technician_page(OWNER)
@require_GET
def terms(request: DeskRequest) -> HttpResponse:
    """Show the published versions, the newest first, and the draft."""
    draft = access.draft(request.technician)
    context: dict[str, object] = {
        "versions": _versions(versions_of(request.vendor), local_day(request.vendor, request.now)),
        "draft": draft,
        "edited_by": _name(draft),
    }
    return page(request, "console/terms.html", "terms", context)


@technician_page(OWNER)
@require_GET
def terms_file(request: DeskRequest, version_id: int) -> HttpResponse:
    """Hand out a version's file, byte for byte."""
    version = access.version(request.technician, version_id)
    answer = HttpResponse(
        version.text.encode("utf-8", "surrogatepass"), content_type="application/toml; charset=utf-8"
    )
    name = f"{request.vendor.slug}-{version.valid_from.isoformat()}.toml"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@technician_page(OWNER)
@require_POST
def terms_start(request: DeskRequest, version_id: int) -> HttpResponse:
    """Begin a draft with a version's text, from the first day of a month that nobody has terms for yet."""
    version = access.version(request.technician, version_id)
    versions = versions_of(request.vendor)
    last = max(local_day(request.vendor, request.now), versions[-1].valid_from)
    drafts.start_draft(
        version,
        version=next_name([each.version for each in versions]),
        first_day=next_month(last),
        by=actor(request),
        at=request.now,
    )
    return redirect("console:terms_draft", request.vendor.slug)


@technician_page(OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def terms_draft(request: DeskRequest) -> HttpResponse:
    """Show the editor; sent, keep what was typed, right or wrong."""
    draft = access.draft(request.technician)
    if request.method == "POST":
        return _with_draft(request, draft, _save)
    if draft is None:
        return redirect("console:terms", request.vendor.slug)
    return _editor(request, draft, form_of(draft.text, draft.edition))


@technician_page(OWNER)
@require_POST
def terms_check(request: DeskRequest) -> HttpResponse:
    """Answer with what is wrong with a text, or what it would change; nothing is kept."""
    text = DraftForm(request.POST).typed()
    return render(request, "console/_terms_check.html", {"check": check_view(request, text)})


@technician_page(OWNER)
@require_POST
def terms_preview(request: DeskRequest) -> HttpResponse:
    """Show a text as customers would read it; nothing is kept."""
    text = DraftForm(request.POST).typed()
    found, language = drafts.checked(request.vendor, text).terms, request.LANGUAGE_CODE or ""
    context: dict[str, object] = {
        "vendor": request.vendor,
        "terms_url": reverse("portal:terms", args=[request.vendor.slug]),
        "title": said(found.title, language) if found else "",
        "found": found,
        "sections": document(found, language, on=found.in_force_from) if found else [],
        "check": None if found else check_view(request, text),
    }
    return render(request, "console/terms_preview.html", context, status=200 if found else UNPROCESSABLE)


@technician_page(OWNER)
@require_POST
def terms_publish(request: DeskRequest) -> HttpResponse:
    """Publish what is in the editor under the name and from the day of the form."""
    return _with_draft(request, access.draft(request.technician), _publish)


@technician_page(OWNER)
@require_POST
def terms_discard(request: DeskRequest) -> HttpResponse:
    """Throw the draft away, unless somebody else changed it meanwhile: then show what it is now."""
    draft, form = access.draft(request.technician), EditionForm(request.POST)
    if draft is not None and form.is_valid():
        try:
            drafts.discard_draft(
                draft, edition=form.cleaned_data["edition"], by=actor(request), at=request.now
            )
        except DraftMoved as moved:
            if moved.now is not None:
                now = form_of(moved.now.text, moved.now.edition)
                return _editor(request, moved.now, now, refused=str(moved), status=CONFLICT)
    return redirect("console:terms", request.vendor.slug)


def _save(request: DeskRequest, draft: TermsDraft, form: DraftForm) -> HttpResponse:
    drafts.save_draft(
        draft, form.typed(), edition=form.cleaned_data["edition"], by=actor(request), at=request.now
    )
    return redirect("console:terms_draft", request.vendor.slug)


def _publish(request: DeskRequest, draft: TermsDraft, form: DraftForm) -> HttpResponse:
    typed = form.cleaned_data
    drafts.publish_draft(
        draft,
        typed["text"],
        edition=typed["edition"],
        version=typed["version"],
        first_day=typed["first_day"],
        by=actor(request),
        at=request.now,
    )
    return redirect("console:terms", request.vendor.slug)


def _with_draft(
    request: DeskRequest,
    draft: TermsDraft | None,
    act: Callable[[DeskRequest, TermsDraft, DraftForm], HttpResponse],
) -> HttpResponse:
    """Act on the draft with what was typed; whatever is refused, the typed text stays on the page."""
    form = DraftForm(request.POST)
    if draft is None:
        gone = _("The draft was published or thrown away meanwhile.")
        return _editor(request, None, form, moved=gone, status=CONFLICT)
    if not form.is_valid():
        return _editor(request, draft, form, status=UNPROCESSABLE)
    try:
        return act(request, draft, form)
    except DraftMoved as moved:
        return _editor(request, moved.now, form, moved=str(moved), status=CONFLICT)
    except TermsRefused as refused:
        sentence = str(refused).partition("\n")[0]
        return _editor(request, draft, form, refused=sentence, status=CONFLICT)


def _editor(
    request: DeskRequest,
    draft: TermsDraft | None,
    form: DraftForm,
    *,
    moved: str = "",
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the editor with what was typed, else the draft; after a collision with what the other one did."""
    text = form.typed() if form.is_bound else str(form.initial["text"])
    others: list[str] | None = None
    if moved and draft is not None:
        others = _compared(draft.text, text)
        form = DraftForm({**request.POST.dict(), "edition": draft.edition})
    context: dict[str, object] = {
        "draft": draft,
        "form": form,
        "lines": text.split("\n")[:LINES_MAX],
        "check": check_view(request, text),
        "months": MonthForm(months=months_to_try(request.vendor, request.now)),
        "moved": moved,
        "others": others,
        "refused": refused,
        "edited_by": _name(draft),
    }
    return page(request, "console/terms_draft.html", "terms", context, status=status)


def _compared(theirs: str, ours: str) -> list[str] | None:
    """Return the lines in which two texts differ; None where they are too long to compare."""
    old, new = theirs.split("\n"), ours.split("\n")
    if max(len(old), len(new)) > LINES_MAX:
        return None
    found = list(unified_diff(old, new, n=0, lineterm=""))[3:]  # after the two names and the first place
    return ["⋯" if line.startswith("@@") else line for line in found]


def check_view(request: DeskRequest, text: str) -> CheckView:
    """Check a text, and compare it with the version that it would follow."""
    found = drafts.checked(request.vendor, text)
    lines = text.split("\n")
    problems = tuple(
        ProblemView(
            line=each.line,
            line_text=lines[each.line - 1].strip()[:120] if each.line and each.line <= len(lines) else "",
            key=each.key,
            what=sentence(each.what),
            do=sentence(each.do),
        )
        for each in found.problems[:PROBLEMS_SHOWN]
    )
    before = _last_terms(request)
    changes = change_views(before, found.terms, request.LANGUAGE_CODE or "") if before and found.terms else []
    return CheckView(
        problems=problems,
        count=len(found.problems),
        refusal=found.refusal,
        changes=changes,
        against=before.version if before else "",
    )


def _last_terms(request: DeskRequest) -> Terms | None:
    """Return the version that a new one would follow."""
    versions = versions_of(request.vendor)
    return terms_of(versions[-1]) if versions else None


def _versions(versions: list[TermsVersion], today: date) -> list[VersionView]:
    views = []
    for place, each in enumerate(versions):
        following = versions[place + 1] if place + 1 < len(versions) else None
        last_day = following.valid_from - timedelta(days=1) if following else None
        stand = "later" if each.valid_from > today else "now" if not last_day or last_day >= today else "past"
        public = [each.vendor.slug, each.valid_from.isoformat()]
        views.append(
            VersionView(
                id=each.pk,
                name=each.version,
                first_day=each.valid_from,
                last_day=last_day,
                stand=stand,
                url=reverse("portal:terms_version", args=public),
                changes_url=reverse("portal:terms_changes", args=public) if place else "",
            )
        )
    return views[::-1]


def _name(draft: TermsDraft | None) -> str:
    return names_of({draft.edited_by}).get(draft.edited_by, "") if draft else ""
