"""What waits for the customer on one request: something to send, to agree to, to confirm; each with the words to answer."""

from dataclasses import dataclass
from enum import StrEnum

from pomost.billing.models import Estimate
from pomost.contracts.queries import terms_of
from pomost.people import formats
from pomost.rules.terms.model import said
from pomost.rules.terms.parts import PartKind
from pomost.tickets.actions.severity import severity_question
from pomost.tickets.actions.solution import solution_question
from pomost.tickets.models import Ticket
from pomost.ui.parts import ClauseView
from pomost.ui.ticket_parts import clause_view


class Ask(StrEnum):
    """What kind of answer is waited for."""

    PARTS = "parts"
    SEVERITY = "severity"
    ESTIMATE = "estimate"
    SOLUTION = "solution"


@dataclass(frozen=True, slots=True)
class PartView:
    """One thing that the terms demand and that is not there yet."""

    id: str
    name: str
    ask: str
    is_consent: bool
    clause: ClauseView | None


@dataclass(frozen=True, slots=True)
class WaitingView:
    """One question to the customer."""

    ask: Ask
    question: str
    parts: tuple[PartView, ...] = ()
    estimate: Estimate | None = None
    if_yes: str = ""
    if_no: str = ""
    clause: ClauseView | None = None


def waiting_for(ticket: Ticket, estimates: list[Estimate], language: str) -> list[WaitingView]:
    """Return the questions that are open on a ticket; `estimates` are those still without an answer."""
    terms = terms_of(ticket.terms)
    found = []
    if ticket.missing:
        found.append(WaitingView(Ask.PARTS, "", parts=missing_of(ticket, language)))
    if ticket.severity_proposed:
        found.append(WaitingView(Ask.SEVERITY, severity_question(ticket, language)))
    found += [
        WaitingView(
            Ask.ESTIMATE,
            estimate.reason,
            estimate=estimate,
            if_yes=formats.money(estimate.net_if_accepted, estimate.currency),
            if_no=formats.money(estimate.net_if_declined, estimate.currency),
            clause=clause_view(terms, estimate.clause, language=language),
        )
        for estimate in estimates
    ]
    if ticket.state == Ticket.State.SOLVED:
        found.append(WaitingView(Ask.SOLUTION, solution_question(ticket, language)))
    return found


def missing_of(ticket: Ticket, language: str) -> tuple[PartView, ...]:
    """Return what a request still lacks, by name, in the order of the terms."""
    terms = terms_of(ticket.terms)
    return tuple(
        PartView(
            id=part.id,
            name=said(part.name, language),
            ask=said(part.ask, language),
            is_consent=part.kind is PartKind.CONSENT,
            clause=clause_view(terms, part.clause, language=language, with_date=False),
        )
        for part in terms.parts_for(ticket.service)
        if part.id in ticket.missing
    )
