"""The draft of the next terms as a program works on it: begin, check, keep, try on a month, publish, throw away.

What a text means is rules.terms, what may be kept contracts.drafts, what it would have made of a month billing.trials.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from pomost.api.guard import TERMS
from pomost.api.once import changes
from pomost.api.problems import FieldError, Invalid
from pomost.api.requests import ApiRequest, actor
from pomost.api.terms import TOML_CHARACTERS_MAX, VersionTold, about, invalid
from pomost.api.values import NO_NUL, Amount, Day, Given, Instant, Number, Told, whole
from pomost.billing.trials import gathered, months_to_try, tried
from pomost.contracts import access, drafts
from pomost.contracts.errors import TermsRefused
from pomost.contracts.models import TermsDraft, TermsVersion
from pomost.contracts.queries import terms_of, versions_of
from pomost.people.errors import NotFound
from pomost.rules.terms.head import VERSION_CHARACTERS_MAX, head_of
from pomost.rules.terms.model import Terms
from pomost.rules.trial.compare import PromiseDiffers, Tried
from pomost.rules.trial.side import Kept, Lacks, Side
from pomost.ui.terms.changes import changes_said
from pomost.ui.terms.problem_words import sentence
from pomost.ui.trial_parts import headline

router = Router(tags=["Terms: drafts"])
PROBLEMS_MAX: Final = 200
TRIED_MAX: Final = 500
MONTH_PATTERN: Final = r"^(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])$"

Toml = Annotated[str, Field(min_length=1, max_length=TOML_CHARACTERS_MAX, pattern=NO_NUL)]
VersionName = Annotated[str, Field(min_length=1, max_length=VERSION_CHARACTERS_MAX, pattern=NO_NUL)]
Edition = Annotated[int, *whole(1, 2**31 - 1)]


class ProblemTold(Told):
    """One thing to mend in a text."""

    line: int | None = Field(description="From 1; null: it has no line of its own.")
    key: str
    what: str
    do: str


class ChangeTold(Told):
    """One thing that a text says otherwise than the version before it."""

    what: str
    before: str = Field(description="Empty: nothing was said of it.")
    after: str = Field(description="Empty: nothing is said of it any more.")
    clause_before: str = Field(description="Empty: none.")
    clause_after: str = Field(description="Empty: none.")
    holds_from: Day


class CheckTold(Told):
    """What a text is: terms of this desk with what they change, or everything that is wrong with it."""

    is_right: bool
    problems: list[ProblemTold]
    refusal: str = Field(description="Why terms that can be read are not for this desk; empty: they are.")
    against: str = Field(description="The version that it is compared with; empty: there is none.")
    changes: list[ChangeTold]


class DraftTold(Told):
    """The draft of the next version."""

    version: str = Field(description="As the text names it; empty: it names none.")
    first_day: Day | None
    based_on: str
    edition: int = Field(description="Grows with every change; name it when you change the draft.")
    edited_at: Instant
    edited_by: str = Field(examples=["technician:3"])
    text: str


class DraftBegun(Given):
    """Which version's text to begin with."""

    based_on: VersionName
    version: VersionName = Field(description="What the new one will be called.")
    first_day: Day


class TextGivenToCheck(Given):
    """A text to check."""

    text: Toml


class DraftTextGiven(Given):
    """A text to keep as the draft, right or wrong."""

    text: Toml
    edition: Edition = Field(description="The one that you had before you.")


class EditionGiven(Given):
    """The edition that you had before you."""

    edition: Edition


class PublicationGiven(EditionGiven):
    """Under which name and from which day the draft is published."""

    version: VersionName
    first_day: Day


class TrialGiven(Given):
    """A month whose requests the draft is tried on."""

    month: Annotated[str, Field(pattern=MONTH_PATTERN, examples=["2026-05"])] = Field(
        description="The running one, or one of the twelve before it."
    )


class KeptTold(Told):
    """How a promise came out."""

    met: bool | None = Field(description="Null: it was still open.")
    due_at: Instant | None
    clause: str


class PromiseTried(Told):
    """A promise that would have come out otherwise; null: it is not made, or never began."""

    key: str
    before: KeptTold | None
    after: KeptTold | None


class SideTold(Told):
    """What one version makes of a request."""

    outcome: str
    package: str | None
    clause: str
    net: Amount
    clauses: list[str] = Field(description="Those that ask for the sum.")
    quota: Number | None = Field(description="What it takes from a quota; null: nothing.")
    lacks: str = Field(
        description="Of what kind a name is that the version does not know; empty: it knows all."
    )


class TriedTold(Told):
    """A request that would have come out otherwise."""

    number: str
    promises: list[PromiseTried]
    before: SideTold
    after: SideTold
    more_net: Amount | None = Field(description="Below zero: less. Null: one version cannot judge it.")


class TrialTold(Told):
    """What a draft would have made of a month, beside the version that it would follow."""

    month: str
    against: str
    words: str = Field(description="The totals in one sentence.")
    requests: int
    of: int = Field(description="How many the month had; more than `requests` where it was cut.")
    not_judged: int
    otherwise: int
    missed_before: int
    missed_after: int
    newly_missed: int
    no_longer_missed: int
    net_before: Amount
    net_after: Amount
    more_net: Amount
    currency: str
    items: list[TriedTold] = Field(description=f"Those that differ, by number; at most {TRIED_MAX}.")


@router.get(
    "/terms/draft",
    response=DraftTold,
    auth=TERMS,
    operation_id="getDraft",
    summary="Read the draft of the terms",
)
def get_draft(request: ApiRequest) -> DraftTold:
    """A desk has one at a time."""
    return _draft(_held(request))


@router.post(
    "/terms/draft",
    response={201: DraftTold},
    auth=TERMS,
    operation_id="startDraft",
    summary="Begin a draft of the terms",
)
@changes(201)
def start(request: ApiRequest, given: DraftBegun) -> DraftTold:
    """With the text of a published version. Where there is a draft already, it is answered as it is."""
    based_on = TermsVersion.objects.select_related("vendor").filter(
        vendor=request.vendor, version=given.based_on
    )
    found = based_on.first()
    if found is None:
        raise Invalid(
            FieldError("body", "based_on", "unknown", _("There is no such version of the terms here."))
        )
    try:
        draft = drafts.start_draft(
            found, version=given.version, first_day=given.first_day, by=actor(request), at=request.now
        )
    except TermsRefused as refused:
        raise invalid(refused) from refused
    return _draft(draft)


@router.post(
    "/terms/check", response=CheckTold, auth=TERMS, operation_id="checkTerms", summary="Check a terms file"
)
@changes()
def check(request: ApiRequest, given: TextGivenToCheck) -> CheckTold:
    """Nothing is kept. Every mistake comes back with its line; without any, what the text would change for whom."""
    found = drafts.checked(request.vendor, given.text)
    before = _last(request)
    said = changes_said(before, found.terms, request.spoken) if before and found.terms else []
    return CheckTold(
        is_right=found.terms is not None,
        problems=[
            ProblemTold(
                line=each.line, key=each.key, what=sentence(each.what).text, do=sentence(each.do).text
            )
            for each in found.problems[:PROBLEMS_MAX]
        ],
        refusal=found.refusal,
        against=before.version if before else "",
        changes=[
            ChangeTold(
                what=each.what,
                before=each.before,
                after=each.after,
                clause_before=each.clause_before,
                clause_after=each.clause_after,
                holds_from=each.holds_from,
            )
            for each in said
        ],
    )


@router.post(
    "/terms/draft/text",
    response=DraftTold,
    auth=TERMS,
    operation_id="saveDraft",
    summary="Keep a text as the draft",
)
@changes()
def save(request: ApiRequest, given: DraftTextGiven) -> DraftTold:
    """Right or wrong. Refused where somebody changed the draft meanwhile: read it anew, then decide."""
    draft = drafts.save_draft(
        _held(request), given.text, edition=given.edition, by=actor(request), at=request.now
    )
    return _draft(draft)


@router.post(
    "/terms/draft/discard",
    response=DraftTold,
    auth=TERMS,
    operation_id="discardDraft",
    summary="Throw the draft away",
)
@changes()
def discard(request: ApiRequest, given: EditionGiven) -> DraftTold:
    """It cannot be brought back; it is answered once more."""
    draft = _held(request)
    drafts.discard_draft(draft, edition=given.edition, by=actor(request), at=request.now)
    return _draft(draft)


@router.post(
    "/terms/draft/publication",
    response={201: VersionTold},
    auth=TERMS,
    operation_id="publishDraft",
    summary="Publish the draft",
)
@changes(201)
def publish(request: ApiRequest, given: PublicationGiven) -> VersionTold:
    """Name and day are written into its text. What is wrong with it comes back with lines, all of it at once."""
    draft = _held(request)
    try:
        version = drafts.publish_draft(
            draft,
            draft.text,
            edition=given.edition,
            version=given.version,
            first_day=given.first_day,
            by=actor(request),
            at=request.now,
        )
    except TermsRefused as refused:
        raise invalid(refused) from refused
    return VersionTold(**about(version))


@router.post(
    "/terms/draft/trial",
    response=TrialTold,
    auth=TERMS,
    operation_id="tryDraft",
    summary="Try the draft on a month",
)
@changes()
def try_draft(request: ApiRequest, given: TrialGiven) -> TrialTold:
    """What would have come out otherwise of the requests that really came. Nothing is kept.

    Facts stay as they were: nobody is imagined to have worked faster.
    """
    draft = _held(request)
    month = date.fromisoformat(f"{given.month}-01")
    if month not in months_to_try(request.vendor, request.now):
        raise Invalid(FieldError("body", "month", "unknown", _("Choose one of the months.")))
    found = drafts.checked(request.vendor, draft.text)
    before = _last(request)
    if found.terms is None or before is None:
        raise invalid(
            TermsRefused(found.refusal or _("A text with mistakes cannot be tried."), found.problems)
        )
    facts = gathered(request.vendor, month, request.now)
    trial = tried(request.vendor, facts, before, found.terms)
    totals = trial.totals
    return TrialTold(
        month=given.month,
        against=before.version,
        words=headline(totals),
        requests=totals.requests,
        of=facts.count,
        not_judged=totals.not_judged,
        otherwise=totals.otherwise,
        missed_before=totals.missed_before,
        missed_after=totals.missed_after,
        newly_missed=totals.newly_missed,
        no_longer_missed=totals.no_longer_missed,
        net_before=totals.net_before.amount,
        net_after=totals.net_after.amount,
        more_net=totals.more.amount,
        currency=totals.more.currency,
        items=[_tried(each) for each in trial.differing[:TRIED_MAX]],
    )


def _held(request: ApiRequest) -> TermsDraft:
    draft = access.draft(request.auth)
    if draft is None:
        raise NotFound(_("There is no draft of the terms here. Begin one."))
    return draft


def _last(request: ApiRequest) -> Terms | None:
    """Return the version that a new one would follow."""
    versions = versions_of(request.vendor)
    return terms_of(versions[-1]) if versions else None


def _draft(draft: TermsDraft) -> DraftTold:
    version, first_day = head_of(draft.text)
    return DraftTold(
        version=version,
        first_day=first_day,
        based_on=draft.based_on.version,
        edition=draft.edition,
        edited_at=draft.edited_at,
        edited_by=draft.edited_by,
        text=draft.text,
    )


def _tried(each: Tried) -> TriedTold:
    return TriedTold(
        number=each.request.number,
        promises=[_promise(promise) for promise in each.promises],
        before=_side(each.before),
        after=_side(each.after),
        more_net=each.more.amount if each.more is not None else None,
    )


def _promise(promise: PromiseDiffers) -> PromiseTried:
    return PromiseTried(key=promise.key, before=_kept(promise.before), after=_kept(promise.after))


def _kept(kept: Kept | None) -> KeptTold | None:
    return None if kept is None else KeptTold(met=kept.met, due_at=kept.due_at, clause=kept.clause)


def _side(side: Side | Lacks) -> SideTold:
    if isinstance(side, Lacks):
        return SideTold(
            outcome="unstated",
            package=None,
            clause="",
            net=Decimal(0),
            clauses=[],
            quota=None,
            lacks=side.what,
        )
    return SideTold(
        outcome=side.outcome.value,
        package=side.verdict.package,
        clause=side.verdict.clause,
        net=side.net.amount,
        clauses=list(dict.fromkeys(line.clause for line in side.lines)),
        quota=side.used.amount if side.used else None,
        lacks="",
    )
