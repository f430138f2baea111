"""Visits for programs: what the terms say to one, its day, the customer's word, and what was made of it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from ninja import Router
from pydantic import Field

from pomost.api.guard import READ, WRITE
from pomost.api.named import contact_of, technician_of
from pomost.api.once import changes
from pomost.api.requests import ApiRequest, actor
from pomost.api.shapes import DecisionTold, decision_told
from pomost.api.ticket_shapes import Who, who
from pomost.api.ticket_verbs import Heard
from pomost.api.tickets import Number
from pomost.api.values import NO_NUL, AmountGiven, Given, Id, Instant, Told, whole
from pomost.rules.decision import Subject
from pomost.rules.visits import CITY_CHARACTERS_MAX
from pomost.tickets import access, actions, queries
from pomost.tickets.actions.visits import REASON_CHARACTERS_MAX, TEXT_CHARACTERS_MAX
from pomost.tickets.models import Ticket, Visit
from pomost.worklog import visits as worklog

router = Router(tags=["Visits"])

WORKED_SECONDS_MAX = 24 * 3600
F = TypeVar("F", bound=Callable[..., Any])
City = Annotated[str, Field(min_length=1, max_length=CITY_CHARACTERS_MAX, pattern=NO_NUL)]
Line = Annotated[str, Field(max_length=TEXT_CHARACTERS_MAX, pattern=NO_NUL)]
Reason = Annotated[str, Field(max_length=REASON_CHARACTERS_MAX, pattern=NO_NUL)]


class VisitTold(Told):
    """A visit to a customer."""

    id: int
    state: str = Field(description="asked, proposed, agreed, done or cancelled.")
    city: str
    address: str
    wish: str = Field(description="What the customer said about the day.")
    technician: Who | None = Field(description="Null while no day is proposed.")
    starts_at: Instant | None
    ends_at: Instant | None
    needs_approval: bool = Field(description="The terms or the contract ask a person before it is proposed.")
    sequence: int = Field(description="How often its day was changed, as its calendar file says.")


class VisitList(Told):
    """The visits of a request, the oldest first, and what was decided about them last."""

    items: list[VisitTold]
    decision: DecisionTold | None


class VisitAsked(Given):
    """A visit that the customer wants."""

    city: City
    address: Line = ""
    wish: Line = ""


class VisitProposed(Given):
    """A day for a visit."""

    city: City
    address: Line = ""
    technician: Id
    starts_at: Instant
    ends_at: Instant
    reason: Reason = Field("", description="Why it is made, where the terms or the contract ask a person.")


class VisitAgreed(Given):
    """The customer's yes to the proposed day."""

    contact: Id | None = Field(None, description="Who said it; left out: who reported the request.")
    channel: Heard = "phone"


class VisitMoved(Given):
    """The day does not suit the customer."""

    wish: Line = ""


class VisitCancelled(Given):
    """Why it is called off."""

    reason: Reason = ""


class VisitMade(Given):
    """What was worked, and the way where the terms price it."""

    started_at: Instant
    worked_seconds: Annotated[int, *whole(1, WORKED_SECONDS_MAX)]
    note: Line = ""
    travelled: AmountGiven | None = Field(
        None, description="Kilometres or hours where the price list counts so; left out: one."
    )
    agreed_net: AmountGiven | None = Field(
        None, description="Agreed to with the customer, where the price list states no rate."
    )


def _held(request: ApiRequest, number: str) -> Ticket:
    return access.ticket(request.auth, number)


def _told(visit: Visit) -> VisitTold:
    return VisitTold(
        id=visit.pk,
        state=visit.state,
        city=visit.city,
        address=visit.address,
        wish=visit.wish,
        technician=who(visit.technician) if visit.technician is not None else None,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        needs_approval=visit.needs_approval,
        sequence=visit.sequence,
    )


def _all(request: ApiRequest, ticket: Ticket) -> VisitList:
    rows = Visit.objects.select_related("technician__person").filter(ticket=ticket).order_by("pk")
    kept = queries.decisions_of(ticket, Subject.VISIT)[-1:]
    return VisitList(
        items=[_told(each) for each in rows],
        decision=decision_told(kept[0].terms, kept[0].decision, request.spoken) if kept else None,
    )


def _verb(path: str, name: str, summary: str) -> Callable[[F], F]:
    return router.post(
        f"/tickets/{{number}}/visits{path}",
        response=VisitList,
        auth=WRITE,
        operation_id=name,
        summary=summary,
    )


@router.get(
    "/tickets/{number}/visits",
    response=VisitList,
    auth=READ,
    operation_id="listVisits",
    summary="List the visits of a request",
)
def list_visits(request: ApiRequest, number: Number) -> VisitList:
    """With the last decision about them."""
    return _all(request, _held(request, number))


@_verb("", "askForVisit", "Note that the customer wants a visit")
@changes()
def ask(request: ApiRequest, number: Number, given: VisitAsked) -> VisitList:
    """What the terms and the contract say to it is decided at once."""
    ticket = _held(request, number)
    place = actions.Place(given.city, given.address)
    actions.ask_for_visit(ticket, place, wish=given.wish, by=actor(request), at=request.now)
    return _all(request, ticket)


@_verb("/proposal", "proposeVisit", "Propose a day for a visit")
@changes()
def propose(request: ApiRequest, number: Number, given: VisitProposed) -> VisitList:
    """The first day or another one; the technician's time is kept free until the customer answers."""
    ticket = _held(request, number)
    slot = actions.Slot(technician_of(request, given.technician), given.starts_at, given.ends_at)
    actions.propose_visit(
        ticket,
        actions.Place(given.city, given.address),
        slot,
        reason=given.reason,
        by=actor(request),
        at=request.now,
    )
    return _all(request, ticket)


@_verb("/agreement", "agreeVisit", "Note that the customer agrees to the day")
@changes()
def agree(request: ApiRequest, number: Number, given: VisitAgreed) -> VisitList:
    """The words of the desk are kept with the yes."""
    ticket = _held(request, number)
    actions.agree_visit(
        ticket,
        contact=contact_of(request, ticket, given.contact),
        channel=given.channel,
        by=actor(request),
        at=request.now,
    )
    return _all(request, ticket)


@_verb("/another-day", "moveVisit", "Note that the day does not suit the customer")
@changes()
def move(request: ApiRequest, number: Number, given: VisitMoved) -> VisitList:
    """The technician's time is free again."""
    ticket = _held(request, number)
    actions.ask_for_another_day(ticket, given.wish, by=actor(request), at=request.now)
    return _all(request, ticket)


@_verb("/made", "finishVisit", "Enter a visit that was made")
@changes()
def finish(request: ApiRequest, number: Number, given: VisitMade) -> VisitList:
    """Its time, and the way where the terms price it."""
    ticket = _held(request, number)
    made = worklog.Made(
        started_at=given.started_at,
        worked_seconds=given.worked_seconds,
        note=given.note,
        travelled=given.travelled if given.travelled is not None else Decimal(1),
        agreed_net=given.agreed_net,
    )
    worklog.finish_visit(ticket, made, contact=ticket.contact, by=actor(request), at=request.now)
    return _all(request, ticket)


@_verb("/cancellation", "cancelVisit", "Call the visit off")
@changes()
def cancel(request: ApiRequest, number: Number, given: VisitCancelled) -> VisitList:
    """Harmless if there is none."""
    ticket = _held(request, number)
    actions.cancel_visit(ticket, given.reason, by=actor(request), at=request.now)
    return _all(request, ticket)
