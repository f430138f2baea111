"""Tables of tickets. A ticket's next deadline is a column with an index; its clocks are rows; neither is a workflow."""

from pomost.tickets.models.agreed import Consent, DecisionKept, Overrun, SeverityProposal
from pomost.tickets.models.bookings import Absence, Booking
from pomost.tickets.models.clocks import AlertTold, Clock, ClockEvent, MovedClock, Recomputation
from pomost.tickets.models.products import ErrorLink, KnownError, Release, ReleaseTold
from pomost.tickets.models.quotas import QuotaDraw
from pomost.tickets.models.requests import Message, Ticket
from pomost.tickets.models.restrictions import Restriction, RestrictionAppeal, RestrictionStep
from pomost.tickets.models.visits import Visit

__all__ = [
    "Absence",
    "AlertTold",
    "Booking",
    "Clock",
    "ClockEvent",
    "Consent",
    "DecisionKept",
    "ErrorLink",
    "KnownError",
    "Message",
    "MovedClock",
    "Overrun",
    "QuotaDraw",
    "Recomputation",
    "Release",
    "ReleaseTold",
    "Restriction",
    "RestrictionAppeal",
    "RestrictionStep",
    "SeverityProposal",
    "Ticket",
    "Visit",
]
