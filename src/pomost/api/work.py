"""Worked time and estimates: entered, proposed, answered and read. What they cost is billing's own to say."""

from typing import Annotated, Literal

from ninja import Router
from pydantic import Field

from pomost.api.guard import READ, WRITE
from pomost.api.named import named_in_body, term
from pomost.api.once import changes
from pomost.api.requests import ApiRequest, actor
from pomost.api.ticket_shapes import Who, who
from pomost.api.ticket_verbs import Heard
from pomost.api.tickets import Number
from pomost.api.values import NO_NUL, Amount, AmountGiven, Given, Id, Instant, Key, Told, whole
from pomost.billing import access as billing_access
from pomost.billing import actions as billing
from pomost.billing.models import Estimate
from pomost.contracts.queries import terms_of
from pomost.people import access as people
from pomost.tickets import access
from pomost.worklog.models import Entry

router = Router(tags=["Time and estimates"])

ENTRY_SECONDS_MAX = 24 * 3600
MORE_SECONDS_MAX = 2_000 * 3600


class EntryTold(Told):
    """Time worked on a request."""

    id: int
    source: str = Field(description="session, call or data.")
    technician: Who
    service: str
    family: str
    started_at: Instant
    worked_seconds: int
    note: str
    recorded_at: Instant


class EntryList(Told):
    """All entries of a request, in the order of work."""

    items: list[EntryTold]


class EntryGiven(Given):
    """Time worked without a session."""

    source: Literal["call", "data"]
    technician: Id
    service: Key = Field("", description="Left out: that of the request.")
    worked_seconds: Annotated[int, *whole(1, ENTRY_SECONDS_MAX)]
    started_at: Instant
    note: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""
    go_on: Literal["ask", "fitting", "uncharged"] = Field(
        "ask",
        description="Where it reaches beyond what the customer agreed to. ask: refuse it and say how far; fitting: "
        "enter only what was agreed to; uncharged: enter all, and the rest costs nothing until a price is accepted.",
    )


class EstimateTold(Told):
    """A price named before going on."""

    id: int
    state: str = Field(description="proposed, accepted or declined.")
    technician: Who
    more_seconds: int
    reason: str
    text: str = Field(description="The question as the customer reads it.")
    text_sha256: str = Field(description="The answer names it, so that nobody answers another text.")
    language: str
    net_if_accepted: Amount = Field(description="For the whole work.")
    net_if_declined: Amount
    quoted_net: Amount | None = Field(description="A fixed sum, where the tariff is by quotation.")
    currency: str
    clause: str
    proposed_at: Instant
    decided_at: Instant | None


class EstimateList(Told):
    """All estimates of a request, the oldest first."""

    items: list[EstimateTold]


class EstimateGiven(Given):
    """A price to name."""

    technician: Id
    more_seconds: Annotated[int, *whole(1, MORE_SECONDS_MAX)] = Field(
        description="Work still to come, beyond what is worked already."
    )
    reason: Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*\S[^\x00]*$")]
    quoted_net: AmountGiven | None = None


class EstimateAnswer(Given):
    """What the customer answered. It is final."""

    accepted: bool
    text_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    contact: Id | None = Field(None, description="Who answered; left out: who reported the request.")
    channel: Heard = "phone"


@router.get(
    "/tickets/{number}/entries",
    response=EntryList,
    auth=READ,
    operation_id="listEntries",
    summary="List the time worked on a request",
)
def list_entries(request: ApiRequest, number: Number) -> EntryList:
    """Sessions, calls and work on data."""
    ticket = access.ticket(request.auth, number)
    found = Entry.objects.select_related("technician__person").filter(ticket=ticket)
    return EntryList(items=[_entry(each) for each in found.order_by("started_at", "id")])


@router.post(
    "/tickets/{number}/entries",
    response={201: EntryTold},
    auth=WRITE,
    operation_id="enterTime",
    summary="Enter time worked without a session",
)
@changes(201)
def enter_time(request: ApiRequest, number: Number, given: EntryGiven) -> EntryTold:
    """On the phone, or on data that the customer sent. An entry is never changed. Beyond what the customer agreed to, see `go_on`."""
    ticket = access.ticket(request.auth, number)
    term("service", terms_of(ticket.terms).service, given.service or None)
    technician = named_in_body(
        "technician", lambda key: people.colleague(request.auth, key), given.technician
    )
    entry = billing.enter_by_hand(
        ticket,
        billing.Worked(given.source, given.worked_seconds, given.started_at, given.note, given.service),
        technician=technician,
        go_on=billing.GoOn(given.go_on),
        by=actor(request),
        at=request.now,
    )
    return _entry(entry)


@router.get(
    "/tickets/{number}/estimates",
    response=EstimateList,
    auth=READ,
    operation_id="listEstimates",
    summary="List the estimates of a request",
)
def list_estimates(request: ApiRequest, number: Number) -> EstimateList:
    """The oldest first; at most one waits for its answer."""
    ticket = access.ticket(request.auth, number)
    found = Estimate.objects.select_related("technician__person").filter(ticket=ticket).order_by("id")
    return EstimateList(items=[_estimate(each) for each in found])


@router.post(
    "/tickets/{number}/estimates",
    response={201: EstimateTold},
    auth=WRITE,
    operation_id="proposeEstimate",
    summary="Name the price of going on",
)
@changes(201)
def propose_estimate(request: ApiRequest, number: Number, given: EstimateGiven) -> EstimateTold:
    """In the customer's language, with what a yes and what a no costs."""
    ticket = access.ticket(request.auth, number)
    technician = named_in_body(
        "technician", lambda key: people.colleague(request.auth, key), given.technician
    )
    made = billing.propose_estimate(
        ticket,
        technician=technician,
        more_seconds=given.more_seconds,
        reason=given.reason,
        quoted_net=given.quoted_net,
        by=actor(request),
        at=request.now,
    )
    return _estimate(made)


@router.get(
    "/estimates/{estimate}",
    response=EstimateTold,
    auth=READ,
    operation_id="getEstimate",
    summary="Read an estimate",
)
def get_estimate(request: ApiRequest, estimate: Id) -> EstimateTold:
    """With the text that the customer reads."""
    return _estimate(billing_access.estimate(request.auth, estimate))


@router.post(
    "/estimates/{estimate}/answer",
    response=EstimateTold,
    auth=WRITE,
    operation_id="answerEstimate",
    summary="Note the customer's answer to an estimate",
)
@changes()
def answer_estimate(request: ApiRequest, estimate: Id, given: EstimateAnswer) -> EstimateTold:
    """Kept as a signed consent. It is final: a second answer is refused."""
    found = billing_access.estimate(request.auth, estimate)
    contact = (
        found.ticket.contact
        if given.contact is None
        else named_in_body("contact", lambda key: people.contact_at(request.auth, key), given.contact)
    )
    decided = billing.decide_estimate(
        found,
        accepted=given.accepted,
        text_sha256=given.text_sha256,
        contact=contact,
        channel=given.channel,
        by=actor(request),
        at=request.now,
    )
    return _estimate(decided)


def _entry(entry: Entry) -> EntryTold:
    return EntryTold(
        id=entry.pk,
        source=entry.source,
        technician=who(entry.technician),
        service=entry.service,
        family=entry.family,
        started_at=entry.started_at,
        worked_seconds=entry.worked_seconds,
        note=entry.note,
        recorded_at=entry.recorded_at,
    )


def _estimate(estimate: Estimate) -> EstimateTold:
    return EstimateTold(
        id=estimate.pk,
        state=estimate.state,
        technician=who(estimate.technician),
        more_seconds=estimate.more_seconds,
        reason=estimate.reason,
        text=estimate.text,
        text_sha256=estimate.text_sha256,
        language=estimate.language,
        net_if_accepted=estimate.net_if_accepted,
        net_if_declined=estimate.net_if_declined,
        quoted_net=estimate.quoted_net,
        currency=estimate.currency,
        clause=estimate.clause,
        proposed_at=estimate.proposed_at,
        decided_at=estimate.decided_at,
    )
