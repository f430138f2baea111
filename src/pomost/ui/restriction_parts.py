"""A restriction of support in words: the part that the console and the portal share.

Owns the words of its steps and its states; what stands and what is possible is decided below. Both pages show the same
facts, only that staff also read who did what and what is to be done.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from pomost.contracts.queries import terms_of
from pomost.people import formats
from pomost.people.queries import names_of
from pomost.tickets.models import Restriction, RestrictionAppeal, RestrictionStep
from pomost.tickets.restricted import reason_words, until_words, value_of, who_words
from pomost.ui.parts import ClauseView, Risk
from pomost.ui.ticket_parts import clause_view

Kind = RestrictionStep.Kind

STEP_WORDS: Final[Mapping[str, tuple[str, Promise]]] = {
    Kind.IMPOSED: ("lock", _("Support is restricted.")),
    Kind.EXTENDED: ("calendar", _("It lasts otherwise.")),
    Kind.LIFTED: ("check", _("The restriction was lifted.")),
    Kind.LAPSED: ("check", _("Its time was over.")),
    Kind.REVIEW_DUE: ("hourglass", _("Somebody is to look at it again.")),
    Kind.APPEALED: ("message-square", _("Appeal.")),
    Kind.UPHELD: ("x", _("The appeal was answered: the restriction stays.")),
}
FOR_STAFF: Final[Collection[str]] = {Kind.REVIEW_DUE}


@dataclass(frozen=True, slots=True)
class StepView:
    """One thing that was done."""

    icon: str
    words: str
    text: str
    lasts: str
    """Until when it held after it, where that was decided."""
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RestrictionView:
    """A restriction as a page shows it."""

    key: int
    risk: Risk
    title: str
    """Stands, or how it ended."""
    who: str
    number: str
    """Of the request in which it came up."""
    reason: str
    clause: ClauseView | None
    until: str
    what_happened: str
    imposed_by: str
    starts_at: datetime
    stands: bool
    steps: Sequence[StepView]
    appeal: str
    """What waits for an answer; empty: nothing."""


def restriction_view(row: Restriction, *, now: datetime, language: str, internal: bool) -> RestrictionView:
    """Return a restriction with its history, in the active language."""
    (view,) = restriction_views([row], now=now, language=language, internal=internal)
    return view


def restriction_views(
    rows: Sequence[Restriction], *, now: datetime, language: str, internal: bool
) -> list[RestrictionView]:
    """Return restrictions with their history, in five queries however many there are."""
    prefetch_related_objects(rows, "steps", "appeals")
    actors = {row.imposed_by for row in rows}
    actors |= {step.person for row in rows for step in row.steps.all() if step.person}
    names = names_of(actors)
    return [_view(row, names, now=now, language=language, internal=internal) for row in rows]


def _view(
    row: Restriction, names: Mapping[str, str], *, now: datetime, language: str, internal: bool
) -> RestrictionView:
    steps = sorted(row.steps.all(), key=lambda each: each.pk)
    waiting = next(
        (each for each in row.appeals.all() if each.state == RestrictionAppeal.State.WAITING), None
    )
    stands = value_of(row).holds(now)
    return RestrictionView(
        key=row.pk,
        risk=Risk.LATE if stands else Risk.NONE,
        title=_title(row, steps, stands=stands),
        who=who_words(row),
        number=row.occasion.number,
        reason=reason_words(row),
        clause=clause_view(terms_of(row.terms), row.clause, language=language, with_date=False),
        until=until_words(row, now),
        what_happened=row.what_happened,
        imposed_by=names.get(row.imposed_by, ""),
        starts_at=row.starts_at,
        stands=stands,
        steps=[_step(each, names, now) for each in steps if internal or each.kind not in FOR_STAFF],
        appeal=waiting.text if waiting is not None else "",
    )


def _title(row: Restriction, steps: Sequence[RestrictionStep], *, stands: bool) -> str:
    if stands:
        return gettext("Support is restricted")
    lifted = any(each.kind == Kind.LIFTED for each in steps)
    return pgettext("restriction", "Lifted") if lifted else pgettext("restriction", "Ended")


def _step(step: RestrictionStep, names: Mapping[str, str], now: datetime) -> StepView:
    icon, words = STEP_WORDS[step.kind]
    lasts = ""
    if step.kind in (Kind.IMPOSED, Kind.EXTENDED):
        shown = Restriction(until_at=step.until_at, review_at=step.review_at)
        lasts = until_words(shown, now)
    return StepView(icon, str(words), step.text, lasts, names.get(step.person, ""), step.at)


def restriction_lines(row: Restriction, now: datetime) -> list[str]:
    """Return a restriction as lines of a mail: for whom, why by which clause, what happened."""
    terms = terms_of(row.terms)
    view = clause_view(terms, row.clause, language=formats.current_locale().language, with_date=False)
    lines = [
        gettext("Support is restricted for %(who)s, %(until)s.")
        % {"who": who_words(row), "until": until_words(row, now)}
    ]
    if view is not None:
        lines.append(f"{reason_words(row)}. {view.sentence} ({view.label})")
    return [*lines, gettext("What happened: %(words)s") % {"words": row.what_happened}]


def while_restricted() -> str:
    """Return what a restriction stops, and what it does not."""
    return gettext(
        "While it holds, no work begins and no session is offered. "
        "Requests are registered and get their number as always."
    )
