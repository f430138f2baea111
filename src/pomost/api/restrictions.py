"""Support restricted for misuse or conduct: what stands, what was done about it, and the appeals against it.

Whose decision it is stands in the body (`technician`); the desk asks of them what it asks of people: a dispatcher at least
restricts, an owner who did not restrict decides an appeal. The journal names the token.
"""

from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import Field

from pomost.api.guard import READ, WRITE
from pomost.api.named import named_in_body, technician_of
from pomost.api.once import changes
from pomost.api.requests import ApiRequest, actor
from pomost.api.shapes import ClauseTold, Paged, clause_told, cut
from pomost.api.ticket_shapes import Who
from pomost.api.tickets import Number
from pomost.api.values import NO_NUL, Given, Id, Instant, Key, Told
from pomost.contracts.queries import terms_of
from pomost.people import access as people
from pomost.tickets import access, actions
from pomost.tickets.models import Restriction
from pomost.tickets.restricted import value_of

router = Router(tags=["Restrictions"])

Reason = Annotated[str, Field(min_length=1, max_length=1000, pattern=NO_NUL)]


class RestrictionStepTold(Told):
    """One thing that was done about it. It never changes."""

    kind: str = Field(description="imposed, extended, lifted, lapsed, review-due, appealed or upheld.")
    person: str = Field(description="Whose decision or words; empty: the desk's own, by the time.")
    text: str
    until_at: Instant | None
    review_at: Instant | None
    by: str = Field(description="Who did it, as in the journal.")
    at: Instant


class RestrictionAppealTold(Told):
    """What the customer said against it, and the answer."""

    id: int
    contact: Who
    text: str
    appealed_at: Instant
    state: str = Field(
        description="waiting, upheld (it stays), granted (it was lifted) or overtaken (it ended first)."
    )
    decided_by: str
    alone: bool = Field(description="Decided by who had restricted, because there was nobody else.")
    reason: str
    decided_at: Instant | None


class RestrictionTold(Told):
    """A restriction of support, with everything that was done about it."""

    id: int
    ticket: str = Field(description="Number of the request in which it came up.")
    scope: str = Field(description="request, contact or customer.")
    customer: Who
    contact: Who
    reason: str = Field(description="Key of the reason in the terms.")
    clause: ClauseTold
    what_happened: str
    imposed_by: str
    starts_at: Instant
    until_at: Instant | None = Field(
        description="The first moment at which it holds no more; null: without an end."
    )
    review_at: Instant | None = Field(description="When it is looked at again, where it has no end.")
    ended_at: Instant | None
    stands: bool = Field(description="Does it hold now?")
    steps: list[RestrictionStepTold]
    appeals: list[RestrictionAppealTold]


class RestrictionFilter(Paged):
    """Which restrictions. Each that is given narrows further."""

    state: Literal["", "open", "ended"] = Field("", description="Open, or ended; empty: both.")
    customer: int | None = Field(None, ge=1, le=2**63 - 1, description="Id of a customer.")


class RestrictionList(Told):
    """A page of restrictions, the oldest first."""

    items: list[RestrictionTold]
    next: str | None = Field(description="Give it as `after` for the next page; null: there is none.")


class LastingGiven(Given):
    """How long: one of the two."""

    until_at: Instant | None = Field(None, description="The first moment at which it holds no more.")
    review_at: Instant | None = Field(None, description="Without an end: when it is looked at again.")
    technician: Id = Field(description="Whose decision it is.")


class RestrictionGiven(LastingGiven):
    """A new restriction."""

    scope: Literal["request", "contact", "customer"]
    reason: Key = Field(description="Key of a reason in the terms (`[[refusal]]`).")
    what_happened: Reason


class RestrictionExtensionGiven(LastingGiven):
    """How long it lasts from now on, and why."""

    reason: Reason


class RestrictionLiftingGiven(Given):
    """Why it ends before its time."""

    reason: Reason
    technician: Id = Field(description="Whose decision it is.")


class RestrictionAppealGiven(Given):
    """What a contact of the customer said against it."""

    contact: Id
    text: Annotated[str, Field(min_length=1, max_length=2000, pattern=NO_NUL)]


class RestrictionAppealAnswer(Given):
    """The answer to an appeal."""

    granted: bool = Field(description="True lifts the restriction.")
    reason: Reason
    technician: Id = Field(description="An owner who did not restrict, unless there is nobody else.")


@router.get(
    "/restrictions",
    response=RestrictionList,
    auth=READ,
    operation_id="listRestrictions",
    summary="List restrictions of support",
)
def list_restrictions(request: ApiRequest, page: Query[RestrictionFilter]) -> RestrictionList:
    """With their steps and appeals, the oldest first."""
    found = access.restrictions(request.auth).prefetch_related("steps", "appeals__contact").order_by("pk")
    if page.begins_after is not None:
        found = found.filter(pk__gt=page.begins_after)
    if page.state:
        found = found.filter(ended_at__isnull=page.state == "open")
    if page.customer is not None:
        found = found.filter(customer_id=page.customer)
    rows, has_more = cut(list(found[: page.limit + 1]), page.limit)
    return RestrictionList(
        items=[_told(request, each) for each in rows], next=str(rows[-1].pk) if has_more else None
    )


@router.get(
    "/restrictions/{restriction}",
    response=RestrictionTold,
    auth=READ,
    operation_id="getRestriction",
    summary="Read a restriction",
)
def get_restriction(request: ApiRequest, restriction: Id) -> RestrictionTold:
    """With everything that was done about it."""
    return _whole(request, restriction)


@router.post(
    "/tickets/{number}/restrictions",
    response={201: RestrictionTold},
    auth=WRITE,
    operation_id="restrictSupport",
    summary="Restrict support because of a request",
)
@changes(201)
def restrict(request: ApiRequest, number: Number, given: RestrictionGiven) -> RestrictionTold:
    """No work begins and no session is offered under it; requests are registered all the same."""
    made = actions.restrict(
        access.ticket(request.auth, number),
        scope=given.scope,
        refusal=given.reason,
        what_happened=given.what_happened,
        until_at=given.until_at,
        review_at=given.review_at,
        technician=technician_of(request, given.technician),
        by=actor(request),
        at=request.now,
    )
    return _whole(request, made.pk)


@router.post(
    "/restrictions/{restriction}/extension",
    response=RestrictionTold,
    auth=WRITE,
    operation_id="extendRestriction",
    summary="Let a restriction last otherwise",
)
@changes()
def extend(request: ApiRequest, restriction: Id, given: RestrictionExtensionGiven) -> RestrictionTold:
    """Longer or shorter, or without an end until it is looked at."""
    row = access.restriction(request.auth, restriction)
    actions.extend_restriction(
        row,
        given.reason,
        until_at=given.until_at,
        review_at=given.review_at,
        technician=technician_of(request, given.technician),
        by=actor(request),
        at=request.now,
    )
    return _whole(request, restriction)


@router.post(
    "/restrictions/{restriction}/lifting",
    response=RestrictionTold,
    auth=WRITE,
    operation_id="liftRestriction",
    summary="Lift a restriction",
)
@changes()
def lift(request: ApiRequest, restriction: Id, given: RestrictionLiftingGiven) -> RestrictionTold:
    """An appeal that waits is overtaken by it."""
    row = access.restriction(request.auth, restriction)
    actions.lift_restriction(
        row,
        given.reason,
        technician=technician_of(request, given.technician),
        by=actor(request),
        at=request.now,
    )
    return _whole(request, restriction)


@router.post(
    "/restrictions/{restriction}/appeals",
    response={201: RestrictionTold},
    auth=WRITE,
    operation_id="appealRestriction",
    summary="Note an appeal against a restriction",
)
@changes(201)
def appeal(request: ApiRequest, restriction: Id, given: RestrictionAppealGiven) -> RestrictionTold:
    """One waits at a time; the owners who may decide are told."""
    row = access.restriction(request.auth, restriction)
    contact = named_in_body("contact", lambda key: people.contact_at(request.auth, key), given.contact)
    actions.appeal_restriction(row, given.text, contact=contact, by=actor(request), at=request.now)
    return _whole(request, restriction)


@router.post(
    "/restrictions/{restriction}/appeals/{appeal}/answer",
    response=RestrictionTold,
    auth=WRITE,
    operation_id="answerAppeal",
    summary="Answer an appeal",
)
@changes()
def answer(
    request: ApiRequest, restriction: Id, appeal: Id, given: RestrictionAppealAnswer
) -> RestrictionTold:
    """Once. Granting it lifts the restriction."""
    row = access.restriction(request.auth, restriction)
    found = access.appeal(request.auth, row, appeal)
    actions.decide_appeal(
        found,
        grant=given.granted,
        reason=given.reason,
        technician=technician_of(request, given.technician),
        by=actor(request),
        at=request.now,
    )
    return _whole(request, restriction)


def _whole(request: ApiRequest, key: int) -> RestrictionTold:
    return _told(request, access.restriction(request.auth, key))


def _told(request: ApiRequest, row: Restriction) -> RestrictionTold:
    return RestrictionTold(
        id=row.pk,
        ticket=row.occasion.number,
        scope=row.scope,
        customer=Who(id=row.customer_id, name=row.customer.name),
        contact=Who(id=row.contact_id, name=row.contact.name),
        reason=row.refusal,
        clause=clause_told(terms_of(row.terms), row.clause, request.spoken),
        what_happened=row.what_happened,
        imposed_by=row.imposed_by,
        starts_at=row.starts_at,
        until_at=row.until_at,
        review_at=row.review_at,
        ended_at=row.ended_at,
        stands=value_of(row).holds(request.now),
        steps=[
            RestrictionStepTold(
                kind=each.kind,
                person=each.person,
                text=each.text,
                until_at=each.until_at,
                review_at=each.review_at,
                by=each.by,
                at=each.at,
            )
            for each in sorted(row.steps.all(), key=lambda each: each.pk)
        ],
        appeals=[
            RestrictionAppealTold(
                id=each.pk,
                contact=Who(id=each.contact_id, name=each.contact.name),
                text=each.text,
                appealed_at=each.appealed_at,
                state=each.state,
                decided_by=each.decided_by,
                alone=each.alone,
                reason=each.reason,
                decided_at=each.decided_at,
            )
            for each in sorted(row.appeals.all(), key=lambda each: each.pk)
        ],
    )
