"""Requests: found, read and registered. What is done to one that exists is ticket_verbs.py."""

from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import Field

from pomost.api import ticket_shapes
from pomost.api.guard import READ, WRITE
from pomost.api.named import named_in_body, term
from pomost.api.once import changes
from pomost.api.requests import ApiRequest, actor
from pomost.api.shapes import Paged, cut
from pomost.api.ticket_shapes import FreeTimes, TicketList, TicketStory, TicketWhole, free_times_told, whole
from pomost.api.values import NO_NUL, Given, Id, Instant, Key, Line, Words
from pomost.contracts.queries import local_day, terms_in_force, terms_of
from pomost.people import access as people
from pomost.tickets import access, actions
from pomost.tickets.queries import booking_of, due_before, free_times, holding, other_times

router = Router(tags=["Requests"])

Number = Annotated[str, Field(max_length=40, pattern=NO_NUL, description="Number of a request.")]
State = Literal["incomplete", "open", "waiting", "solved", "confirmed", "closed"]
Channel = Literal["portal", "phone", "mail"]


class TicketFilter(Paged):
    """Which requests. Each that is given narrows further."""

    state: list[State] = Field([], max_length=6, description="One or more of the states; none: all.")
    customer: Id | None = None
    contact: Id | None = None
    assigned_to: Id | None = Field(None, description="Id of a technician.")
    service: Key = ""
    words: str = Field("", max_length=200, pattern=NO_NUL, description="Each has to stand in it.")
    due_before: Instant | None = Field(None, description="Promises that fall due before this moment.")


class ConsentGivenTold(Given):
    """What the customer answered to which words."""

    kind: Key = Field(description="Key of a gate or part in the terms.")
    accepted: bool
    text: Words = Field(description="As it was shown, with the price filled in.")
    language: Literal["en", "pl", "ru"]

    def as_given(self) -> actions.ConsentGiven:
        """Return it as the action takes it."""
        return actions.ConsentGiven(self.kind, self.accepted, self.text, self.language)


class TicketGiven(Given):
    """A request to register."""

    contact: Id
    channel: Channel
    subject: Line
    text: Annotated[str, Field(max_length=20_000, pattern=NO_NUL)] = ""
    service: Key
    family: Key = ""
    severity: Key = ""
    product_version: Annotated[str, Field(max_length=40, pattern=NO_NUL)] = ""
    outdated: bool = False
    package: Key = Field("", description="The package that the customer says to have; empty: by contract.")
    parts: Annotated[list[Key], Field(max_length=50)] = Field(
        default_factory=list, description="Keys of the demanded parts that came with it."
    )
    consents: Annotated[list[ConsentGivenTold], Field(max_length=20)] = Field(default_factory=list)
    received_at: Instant | None = Field(None, description="When it came; left out: now.")


@router.get(
    "/tickets", response=TicketList, auth=READ, operation_id="listTickets", summary="List and find requests"
)
def list_tickets(request: ApiRequest, page: Query[TicketFilter]) -> TicketList:
    """The newest first."""
    found = holding(access.for_technician(request.auth), page.words)
    if page.state:
        found = found.filter(state__in=page.state)
    if page.due_before is not None:
        found = due_before(found, page.due_before)
    for name in ("customer", "contact", "assigned_to"):
        if getattr(page, name) is not None:
            found = found.filter(**{f"{name}_id": getattr(page, name)})
    if page.service:
        found = found.filter(service=page.service)
    if page.begins_after is not None:
        found = found.filter(sequence__lt=page.begins_after)
    rows, has_more = cut(
        list(found.prefetch_related("clocks").order_by("-sequence")[: page.limit + 1]), page.limit
    )
    return TicketList(
        items=[ticket_shapes.told(each) for each in rows],
        next=str(rows[-1].sequence) if has_more else None,
    )


@router.post(
    "/tickets",
    response={201: TicketWhole},
    auth=WRITE,
    operation_id="registerTicket",
    summary="Register a request",
)
@changes(201)
def register_ticket(request: ApiRequest, given: TicketGiven) -> TicketWhole:
    """It gets its number, the decision of the terms and its clocks; `missing` names what it still lacks."""
    contact = named_in_body("contact", lambda key: people.contact_at(request.auth, key), given.contact)
    received_at = given.received_at or request.now
    _version, terms = terms_in_force(request.vendor, local_day(request.vendor, received_at))
    for field, look in (
        ("service", terms.service),
        ("family", terms.family),
        ("severity", terms.severity),
        ("package", terms.package),
    ):
        term(field, look, getattr(given, field) or None)
    ticket = actions.register(
        vendor=request.vendor,
        contact=contact,
        channel=given.channel,
        subject=given.subject,
        text=given.text,
        service=given.service,
        family=given.family,
        severity=given.severity,
        product_version=given.product_version,
        outdated=given.outdated,
        package_claimed=given.package,
        parts=given.parts,
        consents=[each.as_given() for each in given.consents],
        received_at=received_at,
        by=actor(request),
        at=request.now,
    )
    return whole(ticket, request.now, request.spoken)


@router.get(
    "/tickets/{number}",
    response=TicketStory,
    auth=READ,
    operation_id="getTicket",
    summary="Read a request with its story",
)
def get_ticket(request: ApiRequest, number: Number) -> TicketStory:
    """Decisions, clocks, and the timeline as staff read it."""
    found = access.ticket(request.auth, number)
    return ticket_shapes.story(found, request.now, request.spoken)


@router.get(
    "/tickets/{number}/times",
    response=FreeTimes,
    auth=READ,
    operation_id="listFreeTimes",
    summary="List the times that can be agreed on for a request",
)
def free_times_of(request: ApiRequest, number: Number) -> FreeTimes:
    """By the hours, the length and the lead of the terms; the customer's own technician first. None: agree by phone."""
    found = access.ticket(request.auth, number)
    days = free_times(found.customer, terms_of(found.terms), found.service, request.now, moving=found)
    booking = booking_of(found)
    return free_times_told(booking, other_times(days, booking))
