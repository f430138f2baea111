"""Complaints about confirmed work: noted, looked at, decided, appealed against. What the terms say to one is billing's."""

from typing import Annotated, Literal

from ninja import Router
from pydantic import Field

from pomost.api.guard import READ, WRITE
from pomost.api.named import contact_of, named_in_body, term
from pomost.api.once import changes
from pomost.api.requests import ApiRequest, actor
from pomost.api.ticket_shapes import Who
from pomost.api.ticket_verbs import Empty
from pomost.api.tickets import Number
from pomost.api.values import NO_NUL, Given, Id, Instant, Key, Told, Words
from pomost.billing import access as billing
from pomost.billing import actions
from pomost.billing.complained import complaints_about
from pomost.billing.models import Complaint
from pomost.contracts.queries import terms_of
from pomost.people import access as people
from pomost.tickets import access

router = Router(tags=["Complaints"])
Reason = Annotated[str, Field(min_length=1, max_length=1000, pattern=NO_NUL)]


class ComplaintTold(Told):
    """What a customer says against work, and what became of it."""

    id: int
    ticket: str = Field(description="Number of the request whose work it is about.")
    contact: Who
    channel: str
    text: str
    received_at: Instant
    outcome: str = Field(
        description="How it stands by the terms: in-time, under-guarantee, late or unstated."
    )
    clause: str = Field(description="Key of the clause that says so; empty where the terms are silent.")
    state: str = Field(description="open, accepted or rejected.")
    follow_up: str | None = Field(description="Number of the request in which it is looked at.")
    decided_at: Instant | None
    reason: str
    decision_clause: str
    goodwill: bool
    appeal: str
    appealed_at: Instant | None


class ComplaintList(Told):
    """What was complained of, the newest first."""

    items: list[ComplaintTold]


class ComplaintGiven(Given):
    """What is wrong with the work, as the customer said it."""

    text: Words
    contact: Id | None = Field(None, description="Who said so; left out: who reported the request.")
    channel: Literal["phone", "mail"] = "phone"


class AcceptanceGiven(Given):
    """Why it is accepted."""

    reason: Annotated[str, Field(max_length=1000, pattern=NO_NUL)] = Field(
        "", description="Needed where the terms do not ask for it: then it is goodwill."
    )


class ComplaintRejection(Given):
    """Why, and by which clause, it is rejected; the customer reads both."""

    reason: Reason
    clause: Key
    technician: Id


class AppealGiven(Given):
    """What the customer says against a rejection."""

    text: Words
    contact: Id | None = None


@router.get(
    "/tickets/{number}/complaints",
    response=ComplaintList,
    auth=READ,
    operation_id="listComplaints",
    summary="List complaints about the work on a request",
)
def list_complaints(request: ApiRequest, number: Number) -> ComplaintList:
    """The newest first."""
    ticket = access.ticket(request.auth, number)
    return ComplaintList(items=[_told(each, ticket.number) for each in complaints_about(ticket)])


@router.post(
    "/tickets/{number}/complaints",
    response={201: ComplaintTold},
    auth=WRITE,
    operation_id="openComplaint",
    summary="Note a complaint about confirmed work",
)
@changes(201)
def complain(request: ApiRequest, number: Number, given: ComplaintGiven) -> ComplaintTold:
    """One that comes late is registered all the same; a person decides."""
    ticket = access.ticket(request.auth, number)
    made = actions.complain(
        ticket,
        given.text,
        contact=contact_of(request, ticket, given.contact),
        channel=given.channel,
        by=actor(request),
        at=request.now,
    )
    return _told(made, ticket.number)


@router.get(
    "/complaints/{complaint}",
    response=ComplaintTold,
    auth=READ,
    operation_id="getComplaint",
    summary="Read a complaint",
)
def get_complaint(request: ApiRequest, complaint: Id) -> ComplaintTold:
    """With what was decided."""
    return _now(request, billing.complaint(request.auth, complaint))


@router.post(
    "/complaints/{complaint}/examination",
    response=ComplaintTold,
    auth=WRITE,
    operation_id="examineComplaint",
    summary="Register the request in which a complaint is looked at",
)
@changes()
def examine(request: ApiRequest, complaint: Id, given: Empty) -> ComplaintTold:
    """Doing it twice is harmless."""
    found = billing.complaint(request.auth, complaint)
    actions.examine_complaint(found, by=actor(request), at=request.now)
    return _now(request, found)


@router.post(
    "/complaints/{complaint}/acceptance",
    response=ComplaintTold,
    auth=WRITE,
    operation_id="acceptComplaint",
    summary="Accept a complaint",
)
@changes()
def accept(request: ApiRequest, complaint: Id, given: AcceptanceGiven) -> ComplaintTold:
    """The repair is free."""
    found = billing.complaint(request.auth, complaint)
    actions.accept_complaint(found, reason=given.reason, by=actor(request), at=request.now)
    return _now(request, found)


@router.post(
    "/complaints/{complaint}/rejection",
    response=ComplaintTold,
    auth=WRITE,
    operation_id="rejectComplaint",
    summary="Reject a complaint",
)
@changes()
def reject(request: ApiRequest, complaint: Id, given: ComplaintRejection) -> ComplaintTold:
    """By a clause, with a reason; the customer may appeal once."""
    found = billing.complaint(request.auth, complaint)
    term("clause", terms_of(found.ticket.terms).clause, given.clause)
    technician = named_in_body(
        "technician", lambda wanted: people.colleague(request.auth, wanted), given.technician
    )
    actions.reject_complaint(
        found,
        reason=given.reason,
        clause=given.clause,
        technician=technician,
        by=actor(request),
        at=request.now,
    )
    return _now(request, found)


@router.post(
    "/complaints/{complaint}/appeal",
    response=ComplaintTold,
    auth=WRITE,
    operation_id="appealComplaint",
    summary="Note what the customer says against a rejection",
)
@changes()
def appeal(request: ApiRequest, complaint: Id, given: AppealGiven) -> ComplaintTold:
    """Once."""
    found = billing.complaint(request.auth, complaint)
    contact = contact_of(request, found.ticket, given.contact) if given.contact else found.contact
    actions.appeal_complaint(found, given.text, contact=contact, by=actor(request), at=request.now)
    return _now(request, found)


def _now(request: ApiRequest, complaint: Complaint) -> ComplaintTold:
    fresh = billing.complaint(request.auth, complaint.pk)
    return _told(fresh, fresh.ticket.number)


def _told(complaint: Complaint, number: str) -> ComplaintTold:
    same = ("channel", "text", "received_at", "outcome", "clause", "state", "decided_at", "reason")
    more = ("decision_clause", "goodwill", "appeal", "appealed_at")
    return ComplaintTold(
        **{name: getattr(complaint, name) for name in (*same, *more)},
        id=complaint.pk,
        ticket=number,
        contact=Who(id=complaint.contact_id, name=complaint.contact.name),
        follow_up=complaint.follow_up.number if complaint.follow_up else None,
    )
