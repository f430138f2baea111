"""What can be done to a request: one operation a verb, each one action, each answered with the whole request.

Where a person's name stands under something, `technician` or `contact` says whose; the journal names the token. What a
customer answered is noted here as it was heard (`channel`), with the words of the desk itself.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

from ninja import Router
from pydantic import Field

from pomost.api.guard import WRITE
from pomost.api.named import contact_of, technician_of, term
from pomost.api.once import changes
from pomost.api.requests import ApiRequest, actor
from pomost.api.ticket_shapes import TicketWhole, whole
from pomost.api.tickets import Channel, ConsentGivenTold, Number
from pomost.api.values import NO_NUL, Given, Id, Instant, Key, Line, Words
from pomost.contracts.queries import terms_of
from pomost.tickets import access, actions
from pomost.tickets.models import Ticket

router = Router(tags=["Requests: work"])

F = TypeVar("F", bound=Callable[..., Any])
Heard = Literal["phone", "mail"]


class Empty(Given):
    """Nothing has to be said."""


class PartsGiven(Given):
    """What has come of what was missing."""

    parts: Annotated[list[Key], Field(max_length=50)] = Field(default_factory=list)
    consents: Annotated[list[ConsentGivenTold], Field(max_length=20)] = Field(default_factory=list)
    contact: Id | None = Field(None, description="Who gave the consents; left out: who reported the request.")
    channel: Channel


class ToldGiven(Given):
    """The customer was called and told the number."""

    told_at: Instant | None = Field(None, description="When; left out: now.")


class PackageGiven(Given):
    """Whether the customer could show a package."""

    package: Key
    shown: bool


class DecisionGiven(Given):
    """What a person decides where the terms are silent."""

    outcome: Literal["included", "paid", "refused"]
    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=NO_NUL)]


class SeverityGiven(Given):
    """Another severity."""

    severity: Key


class SeverityAnswer(Given):
    """What the customer said to the severity that is proposed."""

    agreed: bool
    contact: Id | None = None
    channel: Heard = "phone"


class AssignmentGiven(Given):
    """Who works on it; null: nobody."""

    technician: Id | None


class StopGiven(Given):
    """Why work is put aside."""

    reason: Line


class MessageGiven(Given):
    """Something written or said.

    A reply goes to the customer; a note is for colleagues; a call is what was said on the phone; `from-customer` is what
    the customer wrote.
    """

    kind: Literal["reply", "note", "call", "from-customer"]
    text: Words
    technician: Id | None = Field(None, description="Whose words; not for `from-customer`.")
    contact: Id | None = Field(
        None, description="Of `from-customer`: whose words; left out: who reported the request."
    )


class QuestionGiven(Given):
    """A question to the customer, for whose answer the desk waits."""

    technician: Id
    question: Annotated[str, Field(max_length=20_000, pattern=NO_NUL)] = ""


class TextGiven(Given):
    """A text under a technician's name."""

    technician: Id
    text: Words


class ConfirmationGiven(Given):
    """The customer said that it is solved."""

    contact: Id | None = None
    channel: Heard = "phone"


class RejectionGiven(ConfirmationGiven):
    """The customer said that it is not solved, and why."""

    reason: Words


class ReasonGiven(Given):
    """Why it is closed without a solution."""

    reason: Words


class BookingGiven(Given):
    """An agreed time of a technician."""

    technician: Id
    starts_at: Instant
    ends_at: Instant


def _held(request: ApiRequest, number: str) -> Ticket:
    return access.ticket(request.auth, number)


def _now(request: ApiRequest, ticket: Ticket) -> TicketWhole:
    return whole(ticket, request.now, request.spoken)


def _verb(path: str, name: str, summary: str) -> Callable[[F], F]:
    return router.post(
        f"/tickets/{{number}}/{path}", response=TicketWhole, auth=WRITE, operation_id=name, summary=summary
    )


@_verb("completion", "completeTicket", "Note that missing parts have come")
@changes()
def complete(request: ApiRequest, number: Number, given: PartsGiven) -> TicketWhole:
    """Once nothing is missing, work can begin. What is not missing is passed over."""
    ticket = _held(request, number)
    done = actions.complete_missing(
        ticket,
        parts=given.parts,
        consents=[each.as_given() for each in given.consents],
        contact=contact_of(request, ticket, given.contact),
        channel=given.channel,
        by=actor(request),
        at=request.now,
    )
    return _now(request, done)


@_verb("told", "tellNumber", "Note that the customer was told the number by phone")
@changes()
def tell(request: ApiRequest, number: Number, given: ToldGiven) -> TicketWhole:
    """That, or the mail's arrival, is what the reaction clock waits for."""
    done = actions.number_told(
        _held(request, number),
        how="phone",
        at_told=given.told_at or request.now,
        by=actor(request),
        at=request.now,
    )
    return _now(request, done)


@_verb("notice-again", "sendNoticeAgain", "Send the mail with the number again")
@changes()
def notice_again(request: ApiRequest, number: Number, given: Empty) -> TicketWhole:
    """At once, where it was put off or refused."""
    return _now(request, actions.send_notice_again(_held(request, number), by=actor(request), at=request.now))


@_verb("package", "setPackageShown", "Note whether the customer could show a package")
@changes()
def package(request: ApiRequest, number: Number, given: PackageGiven) -> TicketWhole:
    """The request is judged anew, and its clocks are counted anew from the same start."""
    ticket = _held(request, number)
    term("package", terms_of(ticket.terms).package, given.package)
    done = actions.set_package_shown(
        ticket, package=given.package, shown=given.shown, by=actor(request), at=request.now
    )
    return _now(request, done)


@_verb("decision", "decideTicket", "Decide what the terms leave open")
@changes()
def decide(request: ApiRequest, number: Number, given: DecisionGiven) -> TicketWhole:
    """With a reason, which is kept."""
    done = actions.decide(
        _held(request, number), given.outcome, given.reason, by=actor(request), at=request.now
    )
    return _now(request, done)


@_verb("severity", "proposeSeverity", "Propose another severity")
@changes()
def propose_severity(request: ApiRequest, number: Number, given: SeverityGiven) -> TicketWhole:
    """Nothing changes until the customer agrees, unless the terms leave it to staff."""
    ticket = _held(request, number)
    term("severity", terms_of(ticket.terms).severity, given.severity)
    return _now(request, actions.propose_severity(ticket, given.severity, by=actor(request), at=request.now))


@_verb("severity/answer", "answerSeverity", "Note what the customer said to the proposed severity")
@changes()
def answer_severity(request: ApiRequest, number: Number, given: SeverityAnswer) -> TicketWhole:
    """A yes lets it hold, and the clocks are counted anew from the same receipt."""
    ticket = _held(request, number)
    act = actions.agree_severity if given.agreed else actions.refuse_severity
    contact = contact_of(request, ticket, given.contact)
    return _now(
        request, act(ticket, contact=contact, channel=given.channel, by=actor(request), at=request.now)
    )


@_verb("assignment", "assignTicket", "Give the request to a technician")
@changes()
def assign(request: ApiRequest, number: Number, given: AssignmentGiven) -> TicketWhole:
    """Or to nobody."""
    technician = technician_of(request, given.technician) if given.technician is not None else None
    return _now(
        request, actions.assign(_held(request, number), technician, by=actor(request), at=request.now)
    )


@_verb("work/begin", "beginWork", "Note that work began")
@changes()
def begin(request: ApiRequest, number: Number, given: Empty) -> TicketWhole:
    """Saying it twice is harmless."""
    return _now(request, actions.begin_work(_held(request, number), by=actor(request), at=request.now))


@_verb("work/stop", "stopWork", "Note that work was put aside")
@changes()
def stop(request: ApiRequest, number: Number, given: StopGiven) -> TicketWhole:
    """Work that never began stays so."""
    done = actions.stop_work(_held(request, number), reason=given.reason, by=actor(request), at=request.now)
    return _now(request, done)


@_verb("messages", "writeMessage", "Write or note a message")
@changes()
def write(request: ApiRequest, number: Number, given: MessageGiven) -> TicketWhole:
    """To the customer, among colleagues, from the phone, or from the customer."""
    ticket, by, at = _held(request, number), actor(request), request.now
    if given.kind == "from-customer":
        contact = contact_of(request, ticket, given.contact)
        return _now(request, actions.customer_wrote(ticket, given.text, contact=contact, by=by, at=at))
    act = {"reply": actions.reply, "note": actions.note, "call": actions.note_call}[given.kind]
    technician = technician_of(request, given.technician or 0)
    return _now(request, act(ticket, given.text, technician=technician, by=by, at=at))


@_verb("wait", "waitForCustomer", "Ask the customer and wait")
@changes()
def wait(request: ApiRequest, number: Number, given: QuestionGiven) -> TicketWhole:
    """Clocks pause where the terms say so."""
    done = actions.wait_for_customer(
        _held(request, number),
        question=given.question,
        technician=technician_of(request, given.technician),
        by=actor(request),
        at=request.now,
    )
    return _now(request, done)


@_verb("answer", "proposeAnswer", "Propose a first answer")
@changes()
def propose_answer(request: ApiRequest, number: Number, given: TextGiven) -> TicketWhole:
    """Whoever answers has begun to work."""
    ticket = _held(request, number)
    technician = technician_of(request, given.technician)
    done = actions.propose_answer(
        ticket, given.text, technician=technician, by=actor(request), at=request.now
    )
    return _now(request, done)


@_verb("solution", "proposeSolution", "Give a solution")
@changes()
def propose_solution(request: ApiRequest, number: Number, given: TextGiven) -> TicketWhole:
    """The customer is asked to confirm it."""
    ticket = _held(request, number)
    technician = technician_of(request, given.technician)
    done = actions.propose_solution(
        ticket, given.text, technician=technician, by=actor(request), at=request.now
    )
    return _now(request, done)


@_verb("solution/confirmation", "confirmSolution", "Note that the customer says it is solved")
@changes()
def confirm(request: ApiRequest, number: Number, given: ConfirmationGiven) -> TicketWhole:
    """After this the work can be invoiced."""
    ticket = _held(request, number)
    done = actions.confirm_solution(
        ticket,
        contact=contact_of(request, ticket, given.contact),
        channel=given.channel,
        by=actor(request),
        at=request.now,
    )
    return _now(request, done)


@_verb("solution/rejection", "rejectSolution", "Note that the customer says it is not solved")
@changes()
def reject(request: ApiRequest, number: Number, given: RejectionGiven) -> TicketWhole:
    """The request is open again."""
    ticket = _held(request, number)
    done = actions.reject_solution(
        ticket,
        given.reason,
        contact=contact_of(request, ticket, given.contact),
        channel=given.channel,
        by=actor(request),
        at=request.now,
    )
    return _now(request, done)


@_verb("closure", "closeTicket", "Close a request without a solution")
@changes()
def close(request: ApiRequest, number: Number, given: ReasonGiven) -> TicketWhole:
    """Refused, withdrawn or declined."""
    return _now(
        request, actions.close(_held(request, number), given.reason, by=actor(request), at=request.now)
    )


@_verb("booking", "bookTime", "Agree on a time")
@changes()
def book(request: ApiRequest, number: Number, given: BookingGiven) -> TicketWhole:
    """A time agreed before is given up for it. Nobody can be in two places."""
    ticket = _held(request, number)
    slot = actions.Slot(technician_of(request, given.technician), given.starts_at, given.ends_at)
    return _now(request, actions.book(ticket, slot, by=actor(request), at=request.now))


@_verb("booking/cancellation", "cancelBooking", "Give up the agreed time")
@changes()
def cancel_booking(request: ApiRequest, number: Number, given: Empty) -> TicketWhole:
    """Harmless if there is none."""
    return _now(request, actions.cancel_booking(_held(request, number), by=actor(request), at=request.now))
