"""What a session about a request would be: how far, behind which gates, at which price; and the signed offer of it.

Owns the step from a ticket's verdict and the gates of its service to what the customer is shown. A service that the
terms refuse gives no offer; where they are silent, a person decides with a reason that is kept. Judging is
rules/entitlement.py and rules/consent.py; the offer's bytes and signature are wire/offer.py.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from pomost.contracts.prices import price_said
from pomost.contracts.queries import local_day, terms_in_force, terms_of
from pomost.files.models import Version
from pomost.files.queries import newest_backup
from pomost.people.keys import sign
from pomost.people.models import Technician
from pomost.remote.errors import SessionRefused
from pomost.remote.models import RemoteSession
from pomost.rules.consent import (
    ASKED_OF_CUSTOMER,
    ConsentText,
    Gate,
    GateAnswer,
    GateKind,
    consent_text,
    gates_for,
    open_gates,
)
from pomost.rules.entitlement import Outcome, Verdict
from pomost.rules.levels import Level
from pomost.rules.pricing import NoPrice
from pomost.rules.terms.model import Terms, said
from pomost.tickets.actions import subject_of
from pomost.tickets.models import Consent, Ticket
from pomost.tickets.overrun import verdict_of_work
from pomost.tickets.restricted import refusal_words, standing_for
from pomost.wire import offer as wire
from pomost.wire.control import Language
from pomost.wire.shape import canonical, written

OFFER_HOURS: Final = 12
"""An offer is bound to one session, which is never opened twice; this only bounds the longest one."""
EVERY_SESSION: Final = frozenset({GateKind.BACKUP_ATTESTED})
"""Gates that each session passes anew: yesterday's backup says nothing of today's data."""


BACKUP_HOLDS: Final = timedelta(hours=12)
"""How old the file may be that passes the gate of the backup: of this working day."""


@dataclass(frozen=True, slots=True)
class GateShown:
    """A gate that is still open, with the very words for it."""

    gate: Gate
    words: ConsentText
    clause_text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a session about a ticket can be, before anybody is asked."""

    verdict: Verdict
    terms: Terms
    language: str
    """Of the customer: all texts are in it."""
    ceiling: Level
    clause: str
    clause_text: str
    price: str
    price_clause: str
    noted_by_staff: tuple[GateShown, ...]
    """Open gates that the technician notes: the phone call before, the check of the programs."""
    asked_of_customer: tuple[GateShown, ...]
    """Open gates that the customer passes in the app."""
    passed_by_backup: tuple[GateShown, ...]
    """Gates of the backup that a file has passed already; the customer is not asked again."""
    backup: Version | None
    """That file: sent by the customer, hashed and kept."""

    @property
    def needs_reason(self) -> bool:
        """The terms are silent, so whoever answers decides and says why."""
        return self.verdict.outcome is Outcome.ASK_PERSON


def proposal(ticket: Ticket, *, language: str, fees_paid: Collection[str], at: datetime) -> Proposal:
    """Return what a session about the ticket can be.

    Args:
        ticket: what it is about.
        language: of the customer; where the terms do not speak it, their texts are English.
        fees_paid: keys of the one-off fees that the customer has paid (billing.queries.fees_paid).
        at: the moment; the price is that of the vendor's day.

    Raises:
        SessionRefused: support is restricted, or the terms do not allow a session; the sentence names the clause.
    """
    terms = terms_of(ticket.terms)
    restricted = standing_for(ticket, at)
    if restricted is not None:
        raise SessionRefused(_("No session: %(sentence)s") % {"sentence": refusal_words(restricted, at)})
    verdict = verdict_of_work(ticket)
    ceiling = verdict.level_if_agreed if verdict.outcome is Outcome.ASK_PERSON else verdict.level
    spoken = language if language in terms.vendor.languages else "en"
    if ceiling is Level.NONE:
        raise SessionRefused(_refusal(terms, verdict))
    day = local_day(ticket.vendor, at)
    with translation.override(spoken):
        price, price_clause = _price(ticket, verdict, day, spoken, fees_paid)
    gates = gates_of(ticket)
    still_open = [
        GateShown(gate, consent_text(gate, spoken, price), said(terms.clause(gate.clause).sentence, spoken))
        for gate in open_gates(gates, answers(ticket, gates))
    ]
    backup = fresh_backup(ticket, at)
    passed = [each for each in still_open if backup and each.gate.kind is GateKind.BACKUP_ATTESTED]
    still_open = [each for each in still_open if each not in passed]
    return Proposal(
        verdict=verdict,
        terms=terms,
        language=spoken,
        ceiling=ceiling,
        clause=verdict.clause,
        clause_text=said(terms.clause(verdict.clause).sentence, spoken),
        price=price,
        price_clause=price_clause,
        noted_by_staff=tuple(each for each in still_open if each.gate.kind not in ASKED_OF_CUSTOMER),
        asked_of_customer=tuple(each for each in still_open if each.gate.kind in ASKED_OF_CUSTOMER),
        passed_by_backup=tuple(passed),
        backup=backup if passed else None,
    )


def fresh_backup(ticket: Ticket, at: datetime) -> Version | None:
    """Return the newest backup that the customer sent about the request, if it is of this working day."""
    found = newest_backup(subject_of(ticket))
    return found if found is not None and found.at > at - BACKUP_HOLDS else None


def gates_of(ticket: Ticket) -> tuple[Gate, ...]:
    """Return the gates of what is worked on; an accepted estimate after the promised time closes that of the price."""
    verdict = verdict_of_work(ticket)
    gates = gates_for(terms_of(ticket.terms), verdict.service, verdict.outcome)
    if verdict.service == ticket.service:
        return gates
    return tuple(gate for gate in gates if gate.kind is not GateKind.PRICE_ACCEPTED)


def answers(ticket: Ticket, gates: Collection[Gate], session: str = "") -> list[GateAnswer]:
    """Return what is on record for gates: the ticket's consents, and for gates of every session only this session's."""
    kinds = {gate.id: gate.kind for gate in gates}
    rows = Consent.objects.filter(ticket=ticket, kind__in=kinds).order_by("id")
    return [
        GateAnswer(row.kind, row.accepted)
        for row in rows
        if kinds[row.kind] not in EVERY_SESSION or (session and row.session == session)
    ]


def signed_offer(
    session: RemoteSession, ticket: Ticket, proposed: Proposal, technician: Technician, at: datetime
) -> tuple[bytes, bytes]:
    """Return the offer's bytes and the vendor's signature over them.

    Raises:
        LocalProtocolError: a text of the terms is longer than the protocol carries.
    """
    terms = proposed.terms
    offer = wire.Offer(
        session=str(session.pk),
        vendor=session.vendor.slug,
        technician=wire.OfferedTechnician(str(technician.pk), technician.person.name),
        ticket=wire.OfferedTicket(ticket.number, ticket.subject),
        ceiling=wire.Ceiling(proposed.ceiling, terms.clause(proposed.clause).label, proposed.clause_text),
        gates=tuple(
            wire.Gate(
                key=each.gate.id,
                kind=each.gate.kind.value,
                before=each.gate.before,
                text=each.words.text,
                text_sha256=each.words.sha256,
                clause=terms.clause(each.gate.clause).label,
            )
            for each in proposed.asked_of_customer
        ),
        price=wire.Price(proposed.price, terms.clause(proposed.price_clause).label),
        terms_version=terms.version,
        language=Language(proposed.language),
        made_at=at.isoformat(),
        expires_at=(at + timedelta(hours=OFFER_HOURS)).isoformat(),
    )
    raw = canonical(written(offer, "The offer"))
    return raw, sign(session.vendor, wire.SIGNED_AS + raw)


def _price(
    ticket: Ticket, verdict: Verdict, day: date, language: str, fees_paid: Collection[str]
) -> tuple[str, str]:
    """Return the price in words and its clause; called in the customer's language."""
    terms = terms_of(ticket.terms)
    if verdict.outcome in (Outcome.INCLUDED, Outcome.FROM_QUOTA):
        if verdict.package is None:
            return _("Included."), verdict.clause
        name = said(terms.package(verdict.package).name, language)
        return _("Included in “%(package)s”.") % {"package": name}, verdict.clause
    _version, in_force = terms_in_force(ticket.vendor, day)
    package, family = ticket.package or None, ticket.family or None
    try:
        words = price_said(
            in_force,
            day,
            language,
            service=verdict.service,
            package=package,
            family=family,
            fees_paid=fees_paid,
        )
    except NoPrice:
        return _("The terms name no price; it is agreed before the work."), verdict.clause
    return words, in_force.tariffs(day, service=verdict.service, package=package, family=family)[
        0
    ].tariff.clause


def _refusal(terms: Terms, verdict: Verdict) -> str:
    """Return the clause's own sentence, in the language of whoever asked."""
    language = translation.get_language() or "en"
    return _("No session: %(sentence)s (%(clause)s)") % {
        "sentence": said(terms.clause(verdict.clause).sentence, language),
        "clause": terms.clause(verdict.clause).label,
    }
