"""The vendor's product for programs: its releases, its known errors, which request is about which, which version it has."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from ninja import Query, Router
from pydantic import Field

from pomost.api.guard import READ, WRITE
from pomost.api.named import named_in_body
from pomost.api.once import changes
from pomost.api.requests import ApiRequest, actor
from pomost.api.shapes import Paged, cut
from pomost.api.ticket_shapes import TicketWhole, whole
from pomost.api.ticket_verbs import Empty
from pomost.api.tickets import Number
from pomost.api.values import NO_NUL, Day, Given, Id, Key, Told
from pomost.rules.releases import VERSION_CHARACTERS_MAX
from pomost.tickets import access, actions
from pomost.tickets.actions.known_errors import TEXT_CHARACTERS_MAX, TITLE_CHARACTERS_MAX
from pomost.tickets.actions.versions import REASON_CHARACTERS_MAX
from pomost.tickets.models import ErrorLink, KnownError, Release

router = Router(tags=["The product"])

TitleText = Annotated[str, Field(max_length=TITLE_CHARACTERS_MAX, pattern=NO_NUL)]
LongText = Annotated[str, Field(max_length=TEXT_CHARACTERS_MAX, pattern=NO_NUL)]
VersionText = Annotated[str, Field(min_length=1, max_length=VERSION_CHARACTERS_MAX, pattern=NO_NUL)]
FoundIn = Annotated[str, Field(max_length=VERSION_CHARACTERS_MAX, pattern=NO_NUL)]


class TitleGiven(Given):
    """A title by language; at least one is needed."""

    en: TitleText = ""
    pl: TitleText = ""
    ru: TitleText = ""


class WordsByLanguage(Given):
    """A text by language."""

    en: LongText = ""
    pl: LongText = ""
    ru: LongText = ""


class ErrorGiven(Given):
    """An error of the product, in words that name no customer."""

    title: TitleGiven
    symptom: WordsByLanguage = Field(default_factory=WordsByLanguage, description="How it shows.")
    workaround: WordsByLanguage = Field(
        default_factory=WordsByLanguage, description="How to live with it until it is mended."
    )
    found_in: FoundIn = Field("", description="The version; left out: that of the request.")


class MendGiven(Given):
    """The release that mends an error, or is to; null: none is known."""

    release: Id | None


class ReleaseGiven(Given):
    """A release that is to come."""

    version: VersionText
    family: Key = Field("", description="Key of a product; empty where the terms know none.")
    planned_for: Day | None = None
    notes: WordsByLanguage = Field(default_factory=WordsByLanguage, description="What is new.")


class ReleasePublicationGiven(Given):
    """The errors that a release mends, by number, and the day on which it came out."""

    mends: Annotated[list[Id], Field(max_length=200)] = Field(default_factory=list)
    released_on: Day | None = Field(None, description="Left out: today.")
    notes: WordsByLanguage | None = Field(None, description="Left out: as they are.")


class OutdatingGiven(Given):
    """The first day on which a release is outdated; null: it is kept alive."""

    outdated_from: Day | None


class VersionGiven(Given):
    """The version that the customer names."""

    version: VersionText


class VersionDecisionGiven(Given):
    """Whether a version is outdated, decided by a person."""

    outdated: bool
    reason: Annotated[str, Field(min_length=1, max_length=REASON_CHARACTERS_MAX, pattern=NO_NUL)]


class ReleaseTold(Told):
    """A version of the product."""

    id: int
    version: str
    family: str
    planned_for: Day | None
    released_on: Day | None = Field(description="Null: it is to come.")
    outdated_from: Day | None
    notes: dict[str, str]


class ReleaseList(Told):
    """A page of releases, in the order in which they were entered."""

    items: list[ReleaseTold]
    next: str | None = Field(description="Give it as `after` for the next page; null: there is none.")


class ErrorTold(Told):
    """A known error."""

    number: int
    state: str = Field(description="found (only staff see it), confirmed (public) or mended.")
    family: str
    title: dict[str, str]
    symptom: dict[str, str]
    workaround: dict[str, str]
    found_in: str
    release: ReleaseTold | None = Field(description="The one that mends it, or is to.")
    tickets: list[str] = Field(description="Numbers of the requests that are about it, the newest first.")
    customers: list[int] = Field(description="Ids of the customers whom it concerns.")


class ErrorList(Told):
    """A page of known errors, in the order of their numbers."""

    items: list[ErrorTold]
    next: str | None = Field(description="Give it as `after` for the next page; null: there is none.")


@router.get(
    "/known-errors",
    response=ErrorList,
    auth=READ,
    operation_id="listKnownErrors",
    summary="List the known errors",
)
def list_known_errors(request: ApiRequest, page: Query[Paged]) -> ErrorList:
    """In the order of their numbers."""
    found = access.known_errors(request.auth).order_by("sequence")
    if page.begins_after is not None:
        found = found.filter(sequence__gt=page.begins_after)
    rows, has_more = cut(list(found[: page.limit + 1]), page.limit)
    return ErrorList(items=_errors(rows), next=str(rows[-1].sequence) if has_more else None)


@router.get(
    "/known-errors/{error}",
    response=ErrorTold,
    auth=READ,
    operation_id="getKnownError",
    summary="Read a known error",
)
def get_known_error(request: ApiRequest, error: Id) -> ErrorTold:
    """With the requests and customers whom it concerns."""
    return _error(access.known_error(request.auth, error))


@router.post(
    "/known-errors/{error}/words",
    response=ErrorTold,
    auth=WRITE,
    operation_id="rewordKnownError",
    summary="Put a known error into other words",
)
@changes()
def reword(request: ApiRequest, error: Id, given: ErrorGiven) -> ErrorTold:
    """What is left out becomes empty."""
    done = actions.reword_error(
        access.known_error(request.auth, error),
        title=given.title.model_dump(),
        symptom=given.symptom.model_dump(),
        workaround=given.workaround.model_dump(),
        found_in=given.found_in,
        by=actor(request),
        at=request.now,
    )
    return _error(done)


@router.post(
    "/known-errors/{error}/confirmation",
    response=ErrorTold,
    auth=WRITE,
    operation_id="confirmKnownError",
    summary="Confirm that it is the product's error",
)
@changes()
def confirm(request: ApiRequest, error: Id, given: Empty) -> ErrorTold:
    """From then on customers can read it."""
    found = access.known_error(request.auth, error)
    return _error(actions.confirm_error(found, by=actor(request), at=request.now))


@router.post(
    "/known-errors/{error}/release",
    response=ErrorTold,
    auth=WRITE,
    operation_id="mendKnownError",
    summary="Say which release mends a known error",
)
@changes()
def mend(request: ApiRequest, error: Id, given: MendGiven) -> ErrorTold:
    """One to come is promised; by one that is out it is mended, and the customers concerned are told."""
    found = access.known_error(request.auth, error)
    release: Release | None = None
    if given.release is not None:
        release = named_in_body("release", lambda wanted: access.release(request.auth, wanted), given.release)
    return _error(actions.mend_in(found, release, by=actor(request), at=request.now))


@router.post(
    "/tickets/{number}/known-errors",
    response={201: ErrorTold},
    auth=WRITE,
    operation_id="reportKnownError",
    summary="Report an error found in a request",
)
@changes(201)
def report(request: ApiRequest, number: Number, given: ErrorGiven) -> ErrorTold:
    """Only staff see it until it is confirmed."""
    made = actions.report_error(
        access.ticket(request.auth, number),
        title=given.title.model_dump(),
        symptom=given.symptom.model_dump(),
        workaround=given.workaround.model_dump(),
        found_in=given.found_in,
        by=actor(request),
        at=request.now,
    )
    return _error(made)


@router.post(
    "/tickets/{number}/known-errors/{error}",
    response=ErrorTold,
    auth=WRITE,
    operation_id="linkKnownError",
    summary="Note that a request is about a known error",
)
@changes()
def link(request: ApiRequest, number: Number, error: Id, given: Empty) -> ErrorTold:
    """If a release has mended it already, the customer is told."""
    ticket, found = access.ticket(request.auth, number), access.known_error(request.auth, error)
    return _error(actions.link_error(ticket, found, by=actor(request), at=request.now))


@router.post(
    "/tickets/{number}/known-errors/{error}/removal",
    response=ErrorTold,
    auth=WRITE,
    operation_id="unlinkKnownError",
    summary="Take back that a request is about a known error",
)
@changes()
def unlink(request: ApiRequest, number: Number, error: Id, given: Empty) -> ErrorTold:
    """Harmless where nobody said so."""
    ticket, found = access.ticket(request.auth, number), access.known_error(request.auth, error)
    return _error(actions.unlink_error(ticket, found, by=actor(request), at=request.now))


@router.post(
    "/tickets/{number}/version",
    response=TicketWhole,
    auth=WRITE,
    operation_id="nameVersion",
    summary="Keep the version that the customer names",
)
@changes()
def name_version(request: ApiRequest, number: Number, given: VersionGiven) -> TicketWhole:
    """The list of releases judges it as of the day of receipt; one that is not in it is asked of a person."""
    ticket = access.ticket(request.auth, number)
    done = actions.name_version(ticket, given.version, by=actor(request), at=request.now)
    return whole(done, request.now, request.spoken)


@router.post(
    "/tickets/{number}/version/decision",
    response=TicketWhole,
    auth=WRITE,
    operation_id="decideVersion",
    summary="Decide by hand whether a version is outdated",
)
@changes()
def decide_version(request: ApiRequest, number: Number, given: VersionDecisionGiven) -> TicketWhole:
    """With a reason, which is kept."""
    done = actions.decide_version(
        access.ticket(request.auth, number),
        outdated=given.outdated,
        reason=given.reason,
        by=actor(request),
        at=request.now,
    )
    return whole(done, request.now, request.spoken)


@router.get(
    "/releases", response=ReleaseList, auth=READ, operation_id="listReleases", summary="List the releases"
)
def list_releases(request: ApiRequest, page: Query[Paged]) -> ReleaseList:
    """Those to come are among them."""
    found = access.releases(request.auth).order_by("pk")
    if page.begins_after is not None:
        found = found.filter(pk__gt=page.begins_after)
    rows, has_more = cut(list(found[: page.limit + 1]), page.limit)
    items = [_release(each) for each in rows]
    return ReleaseList(items=items, next=str(rows[-1].pk) if has_more else None)


@router.post(
    "/releases",
    response={201: ReleaseTold},
    auth=WRITE,
    operation_id="planRelease",
    summary="Add a release that is to come",
)
@changes(201)
def plan(request: ApiRequest, given: ReleaseGiven) -> ReleaseTold:
    """Nobody is told of it. 3.16 and 3.16.0 are the same version."""
    made = actions.plan_release(
        request.vendor,
        version=given.version,
        family=given.family,
        planned_for=given.planned_for,
        notes=given.notes.model_dump(),
        by=actor(request),
        at=request.now,
    )
    return _release(made)


@router.post(
    "/releases/{release}/publication",
    response=ReleaseTold,
    auth=WRITE,
    operation_id="publishRelease",
    summary="Publish a release with the errors that it mends",
)
@changes()
def publish(request: ApiRequest, release: Id, given: ReleasePublicationGiven) -> ReleaseTold:
    """Every contact whose request is about one of them is told by mail, once."""
    found = access.release(request.auth, release)
    mends = [
        named_in_body("mends", lambda wanted: access.known_error(request.auth, wanted), each)
        for each in dict.fromkeys(given.mends)
    ]
    done = actions.publish_release(
        found,
        mends=mends,
        released_on=given.released_on,
        notes=given.notes.model_dump() if given.notes else None,
        by=actor(request),
        at=request.now,
    )
    return _release(done)


@router.post(
    "/releases/{release}/outdating",
    response=ReleaseTold,
    auth=WRITE,
    operation_id="outdateRelease",
    summary="Say from which day a release is outdated",
)
@changes()
def outdate(request: ApiRequest, release: Id, given: OutdatingGiven) -> ReleaseTold:
    """Requests that are there stay as they were judged."""
    found = access.release(request.auth, release)
    since: date | None = given.outdated_from
    return _release(actions.outdate_release(found, since, by=actor(request), at=request.now))


def _release(release: Release) -> ReleaseTold:
    return ReleaseTold(
        id=release.pk,
        version=release.version,
        family=release.family,
        planned_for=release.planned_for,
        released_on=release.released_on,
        outdated_from=release.outdated_from,
        notes=release.notes,
    )


def _error(error: KnownError) -> ErrorTold:
    return _errors([error])[0]


def _errors(errors: Sequence[KnownError]) -> list[ErrorTold]:
    """Return known errors with whom they concern, in one query more."""
    links = ErrorLink.objects.filter(error__in=errors).select_related("ticket").order_by("-ticket__sequence")
    about: dict[int, list[ErrorLink]] = {}
    for each in links:
        about.setdefault(each.error_id, []).append(each)
    return [
        ErrorTold(
            number=error.sequence,
            state=error.state,
            family=error.family,
            title=error.title,
            symptom=error.symptom,
            workaround=error.workaround,
            found_in=error.found_in,
            release=_release(error.release) if error.release else None,
            tickets=[each.ticket.number for each in about.get(error.pk, ())],
            customers=sorted({each.ticket.customer_id for each in about.get(error.pk, ())}),
        )
        for error in errors
    ]
