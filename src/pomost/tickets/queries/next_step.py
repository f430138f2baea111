"""What a ticket waits for, in one word: where it stands on the board and what somebody has to do about it.

Owns the order in which reasons count. The words that people read are the pages'.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from pomost.rules.calendar import Span
from pomost.rules.entitlement import Fact, Outcome
from pomost.rules.terms.model import Terms
from pomost.tickets.models import Clock, Overrun, Ticket, Visit
from pomost.tickets.overrun import holds


class Group(StrEnum):
    """The heading under which a ticket stands on the board, in the order of the board."""

    LATE = "late"
    TODAY = "today"
    LATER = "later"
    PAUSED = "paused"
    """The desk waits for the customer, and no clock runs."""
    NONE = "none"
    """Nothing is promised any more, or never was."""


class Risk(StrEnum):
    """How a promise stands; the value is its colour's name in the style sheets."""

    LATE = "late"
    SOON = "soon"
    """In the last quarter of the promise, or within 30 minutes of working time."""
    ONTIME = "ontime"
    PAUSED = "paused"
    NONE = "none"
    AGREED = "agreed"
    """A date agreed with the customer, not a promise of the terms."""


class NextStep(StrEnum):
    """What comes next."""

    COMPLETE = "complete"
    """The customer sends what is missing."""
    NUMBER_ON_ITS_WAY = "number-on-its-way"
    TELL_NUMBER = "tell-number"
    """By phone: there is no mail address, or its server puts the mail off."""
    CALL_WITH_NUMBER = "call-with-number"
    """The mail server refused the notice for good."""
    CHECK_PACKAGE = "check-package"
    DECIDE = "decide"
    """The terms are silent: a person decides, with a reason."""
    TAKE = "take"
    BEGIN_WORK = "begin-work"
    RESTRICTED = "restricted"
    """The work would begin, and support is restricted."""
    PROPOSE_ANSWER = "propose-answer"
    SOLVE = "solve"
    AWAIT_CUSTOMER = "await-customer"
    AWAIT_SEVERITY = "await-severity"
    BOOKED = "booked"
    PROPOSE_VISIT = "propose-visit"
    """The customer wants a visit, or another day of it."""
    AGREE_PRICE = "agree-price"
    """The terms stopped the work until its price is agreed: name it."""
    AWAIT_PRICE = "await-price"
    """The named price is before the customer."""
    PRICE_DECLINED = "price-declined"
    """The customer declined it: name another one, or close the request."""
    DECIDE_OVERRUN = "decide-overrun"
    """The promised time is over and the terms do not say what then: a person decides how to go on."""
    AWAIT_CONFIRMATION = "await-confirmation"
    INVOICE_MAY_FOLLOW = "invoice-may-follow"
    DONE = "done"


_STEP_OF_NOTICE = {
    Ticket.Notice.SENDING: NextStep.NUMBER_ON_ITS_WAY,
    Ticket.Notice.DELAYED: NextStep.TELL_NUMBER,
    Ticket.Notice.BY_HAND: NextStep.TELL_NUMBER,
    Ticket.Notice.REFUSED: NextStep.CALL_WITH_NUMBER,
}

_STEP_OF_OVERRUN = {
    Overrun.State.PRICE_DUE: NextStep.AGREE_PRICE,
    Overrun.State.PRICE_ASKED: NextStep.AWAIT_PRICE,
    Overrun.State.PRICE_DECLINED: NextStep.PRICE_DECLINED,
    Overrun.State.PERSON_DUE: NextStep.DECIDE_OVERRUN,
}


def next_step(
    ticket: Ticket,
    clocks: Sequence[Clock],
    terms: Terms,
    visit: Visit | None,
    agreed: Span | None,
    now: datetime,
    *,
    is_restricted: bool,
) -> tuple[NextStep, datetime | None]:
    """Return the next step and, where there is one, the moment that belongs to it.

    `visit` is the one that is open; `agreed` the agreed time of a session or a visit that begins first.
    """
    if ticket.state == Ticket.State.CLOSED:
        return NextStep.DONE, None
    if ticket.state == Ticket.State.CONFIRMED:
        is_paid = ticket.verdict["outcome"] == Outcome.PAID
        return (NextStep.INVOICE_MAY_FOLLOW if is_paid else NextStep.DONE), None
    if ticket.state == Ticket.State.SOLVED:
        return NextStep.AWAIT_CONFIRMATION, ticket.silence_ends_at
    if ticket.notice != Ticket.Notice.TOLD:
        return _STEP_OF_NOTICE[Ticket.Notice(ticket.notice)], ticket.notice_next_try_at
    if ticket.state == Ticket.State.INCOMPLETE:
        return NextStep.COMPLETE, None
    over: Overrun | None = getattr(ticket, "overrun", None)
    if over is not None and holds(over, clocks):
        return _STEP_OF_OVERRUN[Overrun.State(over.state)], None
    if ticket.state == Ticket.State.WAITING:
        return NextStep.AWAIT_CUSTOMER, None
    if ticket.severity_proposed:
        return NextStep.AWAIT_SEVERITY, None
    if ticket.verdict["outcome"] == Outcome.ASK_PERSON:
        return NextStep.DECIDE, None
    if agreed is not None and now < agreed.end:
        return NextStep.BOOKED, agreed.start
    if visit is not None and visit.state == Visit.State.ASKED:
        return NextStep.PROPOSE_VISIT, None
    step = _step_of_work(ticket, clocks, terms)
    return (NextStep.RESTRICTED if step is NextStep.BEGIN_WORK and is_restricted else step), None


def _step_of_work(ticket: Ticket, clocks: Sequence[Clock], terms: Terms) -> NextStep:
    """Return the next step of a ticket that only its technician holds up."""
    if ticket.began_at is None and Fact.NOT_SHOWN in ticket.verdict["facts"]:
        return NextStep.CHECK_PACKAGE
    if ticket.assigned_to_id is None:
        return NextStep.TAKE
    if ticket.began_at is None:
        return NextStep.BEGIN_WORK
    answered_by = {promise.id: promise.stops for promise in terms.promises}
    for clock in clocks:
        if clock.started_at and not clock.stopped_at and "answer.proposed" in answered_by.get(clock.key, ()):
            return NextStep.PROPOSE_ANSWER
    return NextStep.SOLVE
