"""One request, one task (K6): what a customer wrote as sentences, splitting a second task off, merging what was told twice."""

from typing import Annotated

from ninja import Router
from pydantic import Field

from pomost.api.guard import READ, WRITE
from pomost.api.named import named_in_body, term
from pomost.api.once import changes
from pomost.api.requests import ApiRequest, actor
from pomost.api.ticket_shapes import TicketWhole, whole
from pomost.api.tickets import Number
from pomost.api.values import NO_NUL, Given, Id, Instant, Key, Line, Told
from pomost.api.values import whole as between
from pomost.contracts.queries import terms_of
from pomost.people.errors import NotFound
from pomost.tickets import access, actions
from pomost.tickets.models import Message, Ticket
from pomost.tickets.tasks import SENTENCES_MAX, sentences_of

router = Router(tags=["Requests: work"])


class SaidTold(Told):
    """A message of the customer, sentence by sentence."""

    message: int
    at: Instant
    sentences: list[str] = Field(description="Their places, from 0, are what splitting takes.")


class SaidList(Told):
    """What the customer wrote, the oldest first."""

    items: list[SaidTold]


class SplitGiven(Given):
    """The second task of a message."""

    message: Id
    sentences: Annotated[
        list[Annotated[int, *between(0, SENTENCES_MAX - 1)]], Field(min_length=1, max_length=SENTENCES_MAX)
    ]
    subject: Line
    service: Key = Field("", description="Left out: that of the request.")


class MergeGiven(Given):
    """The earlier request that goes on."""

    into: Annotated[str, Field(min_length=1, max_length=40, pattern=NO_NUL)]


@router.get(
    "/tickets/{number}/sentences",
    response=SaidList,
    auth=READ,
    operation_id="listSentences",
    summary="Read what the customer wrote as sentences",
)
def list_sentences(request: ApiRequest, number: Number) -> SaidList:
    """So that a second task in it can be picked out."""
    ticket = access.ticket(request.auth, number)
    return SaidList(
        items=[
            SaidTold(message=each.pk, at=each.at, sentences=list(sentences_of(each.text)))
            for each in _written(ticket)
        ]
    )


@router.post(
    "/tickets/{number}/split",
    response={201: TicketWhole},
    auth=WRITE,
    operation_id="splitTicket",
    summary="Make the second task a request of its own",
)
@changes(201)
def split(request: ApiRequest, number: Number, given: SplitGiven) -> TicketWhole:
    """Answered with the new request. Its clocks run from the same receipt, and the customer is told its number."""
    ticket = access.ticket(request.auth, number)
    term("service", terms_of(ticket.terms).service, given.service or None)
    messages = {each.pk: each for each in _written(ticket)}

    def look(key: int) -> Message:
        if key not in messages:
            raise NotFound(f"{key}")
        return messages[key]

    message = named_in_body("message", look, given.message)
    new = actions.split(
        ticket,
        message,
        given.sentences,
        subject=given.subject,
        service=given.service,
        by=actor(request),
        at=request.now,
    )
    return whole(new, request.now, request.spoken)


@router.post(
    "/tickets/{number}/merge",
    response=TicketWhole,
    auth=WRITE,
    operation_id="mergeTicket",
    summary="Let a request go on as an earlier one",
)
@changes()
def merge(request: ApiRequest, number: Number, given: MergeGiven) -> TicketWhole:
    """Answered with the earlier request; the later one is closed and points to it."""
    ticket = access.ticket(request.auth, number)
    into = named_in_body("into", lambda wanted: access.ticket(request.auth, wanted), given.into)
    done = actions.merge(ticket, into, by=actor(request), at=request.now)
    return whole(done, request.now, request.spoken)


def _written(ticket: Ticket) -> list[Message]:
    return list(ticket.messages.filter(author__startswith="contact:").order_by("at", "pk"))
