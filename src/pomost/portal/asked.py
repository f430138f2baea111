"""What the terms ask of a customer before the work, with the exact words and the price in them.

Owns the way from parts and gates of the terms to what stands beside a box in the portal. The words carry their SHA-256,
and an answer names it: nobody agrees to words that changed between reading and sending. Prices are rules/pricing.py's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext

from pomost.billing.queries import fees_paid
from pomost.contracts.prices import price_said
from pomost.contracts.queries import local_day, terms_in_force, terms_of
from pomost.people.errors import Refused
from pomost.people.requests import DeskRequest
from pomost.rules.consent import gates_for
from pomost.rules.entitlement import Outcome
from pomost.rules.pricing import NoPrice
from pomost.rules.terms.model import Terms, said
from pomost.rules.terms.parts import GateKind, PartKind
from pomost.tickets.actions import ConsentGiven
from pomost.tickets.models import Ticket
from pomost.ui.parts import ClauseView
from pomost.ui.ticket_parts import clause_view

BEFOREHAND = (GateKind.DECLARATION, GateKind.PRICE_ACCEPTED)
"""Gates that may be passed with the request already; a backup is made right before the session, and not declared."""


class WordsChanged(Refused):
    """The customer answered to other words than those that hold now."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked for, as far as prices depend on it."""

    terms: Terms
    """Whose parts and gates count."""
    prices: Terms
    """Whose price list counts: the terms in force today."""
    day: date
    service: str
    package: str | None
    family: str | None
    fees_paid: frozenset[str]
    """Keys of the one-off fees that the customer has paid."""


@dataclass(frozen=True, slots=True)
class AskedView:
    """One thing that is asked for."""

    id: str
    kind: str
    """Value of PartKind; a gate is a "consent"."""
    name: str
    words: str
    sha256: str
    clause: ClauseView | None
    given: str = ""
    """What was typed already, when the page comes back."""


def case_of(ticket: Ticket, request: DeskRequest) -> Case:
    """Return the case of a registered request, at today's prices."""
    day = local_day(request.vendor, request.now)
    _version, in_force = terms_in_force(request.vendor, day)
    return Case(
        terms=terms_of(ticket.terms),
        prices=in_force,
        day=day,
        service=ticket.service,
        package=ticket.package or None,
        family=ticket.family or None,
        fees_paid=fees_paid(request.contact.customer),
    )


def price_of(case: Case, language: str) -> str:
    """Return the price as the words of a consent name it."""
    try:
        return price_said(
            case.prices,
            case.day,
            language,
            service=case.service,
            package=case.package,
            family=case.family,
            fees_paid=case.fees_paid,
        )
    except NoPrice:
        with translation.override(language):
            return gettext("the price is agreed separately")


def parts_asked(case: Case, language: str, only: Iterable[str] | None = None) -> tuple[AskedView, ...]:
    """Return what a request for the service must carry, in the order of the terms; `only` narrows it to these keys."""
    wanted = None if only is None else set(only)
    price = price_of(case, language)
    return tuple(
        _asked(
            case,
            part.id,
            part.kind.value,
            said(part.name, language),
            said(part.ask, language).replace("{price}", price),
            part.clause,
            language,
        )
        for part in case.terms.parts_for(case.service)
        if wanted is None or part.id in wanted
    )


def gates_asked(case: Case, outcome: Outcome, language: str) -> tuple[AskedView, ...]:
    """Return what the customer may declare with the request already, so that the app need not ask it again."""
    gates = [gate for gate in gates_for(case.terms, case.service, outcome) if gate.kind in BEFOREHAND]
    price = price_of(case, language) if gates else ""
    return tuple(
        _asked(
            case,
            gate.id,
            "consent",
            "",
            said(gate.text, language).replace("{price}", price),
            gate.clause,
            language,
        )
        for gate in gates
    )


def _asked(case: Case, key: str, kind: str, name: str, words: str, clause: str, language: str) -> AskedView:
    fingerprint = sha256(words.encode()).hexdigest()
    chip = clause_view(case.terms, clause, language=language, with_date=False)
    return AskedView(key, kind, name, words, fingerprint, chip)


def consents_given(asked: Iterable[AskedView], sent: QueryDict, language: str) -> list[ConsentGiven]:
    """Return what was ticked, each with the words that were read.

    Raises:
        WordsChanged: the words were others when the page was shown.
    """
    ticked = set(sent.getlist("part"))
    given = []
    for each in asked:
        if each.kind != PartKind.CONSENT.value or each.id not in ticked:
            continue
        if sent.get(f"words-{each.id}") != each.sha256:
            raise WordsChanged(
                gettext("The words you agree to have changed: “%(words)s” Read them and mark the box again.")
                % {"words": each.words}
            )
        given.append(ConsentGiven(each.id, True, each.words, language))
    return given
