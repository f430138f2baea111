"""What waits for the customer on one request: something to send, to agree to, to answer, to confirm; each with its words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from django.utils import translation

from pomost.billing.models import Estimate
from pomost.billing.queries import vat_on
from pomost.billing.spoken import net_words
from pomost.contracts.queries import local_day, terms_of
from pomost.people.requests import DeskRequest
from pomost.portal.asked import AskedView, case_of, parts_asked
from pomost.rules.money import Money
from pomost.tickets.actions.solution import solution_question
from pomost.tickets.foreseen import severity_question
from pomost.tickets.models import Ticket
from pomost.ui.parts import ClauseView
from pomost.ui.ticket_parts import clause_view


class Ask(StrEnum):
    """What kind of answer is waited for."""

    PARTS = "parts"
    SEVERITY = "severity"
    ESTIMATE = "estimate"
    SOLUTION = "solution"
    QUESTION = "question"
    """Somebody asked something in a message."""
    VISIT = "visit"
    """A day is proposed; the part of the page about the visit asks it."""


@dataclass(frozen=True, slots=True)
class WaitingView:
    """One question to the customer."""

    ask: Ask
    question: str = ""
    words_sha256: str = ""
    """Of the question, where its answer has to be to exactly these words."""
    parts: tuple[AskedView, ...] = ()
    estimate: Estimate | None = None
    if_yes: str = ""
    if_no: str = ""
    clause: ClauseView | None = None


def asks_of(ticket: Ticket, open_estimates: Iterable[Estimate], *, has_day: bool = False) -> list[Ask]:
    """Return what is open on a ticket, in the order in which it is asked. `has_day`: the day of a visit is proposed."""
    over = ticket.state in (Ticket.State.CONFIRMED, Ticket.State.CLOSED)
    found = {
        Ask.PARTS: ticket.state == Ticket.State.INCOMPLETE,
        Ask.ESTIMATE: any(True for _estimate in open_estimates),
        Ask.SEVERITY: bool(ticket.severity_proposed),
        Ask.SOLUTION: ticket.state == Ticket.State.SOLVED,
        Ask.QUESTION: ticket.state == Ticket.State.WAITING,
        Ask.VISIT: has_day,
    }
    return [ask for ask, is_open in found.items() if is_open and not over]


def waiting_for(
    ticket: Ticket, open_estimates: list[Estimate], request: DeskRequest, typed: Mapping[str, str]
) -> list[WaitingView]:
    """Return the questions that are open on a ticket, in the words that an answer will keep; `typed` stays in its fields."""
    found: list[WaitingView] = []
    language = request.LANGUAGE_CODE or ""
    for ask in asks_of(ticket, open_estimates):
        if ask is Ask.PARTS:
            parts = parts_asked(case_of(ticket, request), language, only=ticket.missing)
            given = (replace(part, given=typed.get(f"given-{part.id}", "")) for part in parts)
            found.append(WaitingView(ask, parts=tuple(given)))
        elif ask is Ask.SEVERITY:
            words = severity_question(ticket, request.now, language)
            found.append(WaitingView(ask, words, sha256(words.encode()).hexdigest()))
        elif ask is Ask.SOLUTION:
            found.append(WaitingView(ask, solution_question(ticket, language)))
        elif ask is Ask.ESTIMATE:
            found += [_estimate(ticket, each, request) for each in open_estimates]
        else:
            found.append(WaitingView(ask))
    return found


def _estimate(ticket: Ticket, estimate: Estimate, request: DeskRequest) -> WaitingView:
    vat = vat_on(request.vendor, local_day(request.vendor, estimate.proposed_at))
    with translation.override(estimate.language):
        yes = net_words(Money(estimate.net_if_accepted, estimate.currency), vat)
        no = net_words(Money(estimate.net_if_declined, estimate.currency), vat)
    clause = clause_view(terms_of(ticket.terms), estimate.clause, language=request.LANGUAGE_CODE or "")
    return WaitingView(Ask.ESTIMATE, estimate.text, estimate=estimate, if_yes=yes, if_no=no, clause=clause)
