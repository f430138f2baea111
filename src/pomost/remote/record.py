"""What happens inside a running session: consents, grants, words, links, inputs; each stored before anybody is told.

Every event is a row that is never changed. Grants above the ceiling or before an open gate are refused, and an answer to
a gate counts only for the very text that the signed offer held. The clocks that run in metered time hear when the meter
starts and stops.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from pomost.contracts.queries import terms_of
from pomost.journal.actions import record
from pomost.remote.errors import SessionRefused
from pomost.remote.models import RemoteSession, SessionEvent
from pomost.remote.offers import answers, gates_of
from pomost.rules.consent import open_gates
from pomost.rules.levels import LEVELS_BY_WORD, Level
from pomost.rules.terms.model import said
from pomost.tickets.actions import ConsentGiven, record_clock_event, record_consent
from pomost.tickets.models import Consent, Ticket
from pomost.wire.offer import Gate, Offer
from pomost.wire.shape import read

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

METER_STARTS: Final = "meter.started"
METER_STOPS: Final = "meter.stopped"
METER_HELD: Final = "meter.held"
METER_RELEASED: Final = "meter.released"
LINK_LOST: Final = "link.lost"
LINK_BACK: Final = "link.back"
LEVEL_NAMES: Final["Mapping[Level, StrPromise]"] = {
    Level.NONE: pgettext_lazy("level", "nothing"),
    Level.LOOK: pgettext_lazy("level", "look"),
    Level.POINT: pgettext_lazy("level", "point"),
    Level.ACT: pgettext_lazy("level", "act"),
    Level.CHANGE_MANY: pgettext_lazy("level", "change many"),
}
HOLDS: Final = frozenset({METER_HELD, METER_RELEASED})
LINKS: Final = frozenset({LINK_LOST, LINK_BACK})


def append(session: RemoteSession, kind: str, at: datetime, **data: object) -> SessionEvent:
    """Write an event of an open session; what is empty is left out."""
    kept = {key: value for key, value in data.items() if value not in ("", None)}
    return SessionEvent.objects.create(session=session, kind=kind, data=kept, at=at)


def note_meter(session: RemoteSession, *, runs: bool, happened_at: datetime, at: datetime) -> None:
    """Tell the request's clocks that the meter starts or stops; saying the same twice tells them once."""
    said = METER_STARTS if runs else METER_STOPS
    last = session.events.filter(kind__in=(METER_STARTS, METER_STOPS)).order_by("-id").first()
    if session.ticket is None or (last.kind if last else METER_STOPS) == said:
        return
    append(session, said, happened_at)
    record_clock_event(session.ticket, said, happened_at=happened_at, by="desk", at=at)


def may_be_metered(session: RemoteSession) -> bool:
    """Return whether time counts now by the events: granted at least once, not held, both ends there."""
    held, lost = False, set()
    for event in session.events.filter(kind__in=HOLDS | LINKS).order_by("id"):
        if event.kind in HOLDS:
            held = event.kind == METER_HELD
        elif event.kind == LINK_LOST:
            lost.add(event.data["side"])
        else:
            lost.discard(event.data["side"])
    return session.first_grant_at is not None and not held and not lost


def offer_of(session: RemoteSession) -> Offer:
    """Return the offer that the session was answered with.

    Raises:
        SessionRefused: it was not answered.
    """
    if session.offer is None:
        raise SessionRefused(_("This call was not answered."))
    return read(Offer, bytes(session.offer), named="The offer")


@transaction.atomic
def consent_answered(
    session: RemoteSession, *, gate: str, text_sha256: str, accepted: bool, at: datetime
) -> Consent:
    """Keep the customer's answer to a gate, given in the app, with the words that were shown.

    Raises:
        SessionRefused: the offer has no such gate, or the answer is to another text.
    """
    session, ticket = _live(session)
    offer = offer_of(session)
    asked = _gate(offer.gates, gate)
    if asked.text_sha256 != text_sha256:
        raise SessionRefused(
            _("The answer is to another text than the one that was asked. Nothing was recorded; ask again.")
        )
    consent = record_consent(
        ticket,
        ConsentGiven(gate, accepted, asked.text, offer.language.value),
        contact=ticket.contact,
        channel=Consent.Channel.APP,
        session=str(session.pk),
        by=f"contact:{ticket.contact_id}",
        at=at,
    )
    append(
        session,
        "consent.answered",
        at,
        gate=gate,
        text_sha256=text_sha256,
        accepted=accepted,
        consent=consent.pk,
    )
    return consent


@transaction.atomic
def level_asked(session: RemoteSession, level: Level, *, at: datetime) -> None:
    """Note that the technician asked for a level."""
    session, _ticket = _live(session)
    append(session, "level.asked", at, level=level.word)


@transaction.atomic
def level_granted(session: RemoteSession, level: Level, *, at: datetime) -> RemoteSession:
    """Note that the customer allowed a level.

    Raises:
        SessionRefused: it is above what the service allows, a gate before it is open, or it is no level.
    """
    session, ticket = _live(session)
    terms = terms_of(ticket.terms)
    ceiling = LEVELS_BY_WORD[session.ceiling]
    if level > ceiling:
        offered = offer_of(session).ceiling
        raise SessionRefused(
            _("“%(level)s” is not part of this service: %(sentence)s")
            % {"level": LEVEL_NAMES[level], "sentence": offered.text}
        )
    if level is Level.NONE:
        raise SessionRefused(_("To allow nothing is to withdraw."))
    gates = gates_of(ticket)
    for gate in open_gates(gates, answers(ticket, gates, str(session.pk))):
        if level >= gate.before:
            sentence = said(terms.clause(gate.clause).sentence, session.language)
            raise SessionRefused(_("Not yet: %(sentence)s") % {"sentence": sentence})
    session.level = level.word
    session.first_grant_at = session.first_grant_at or at
    session.save(update_fields=["level", "first_grant_at"])
    append(session, "level.granted", at, level=level.word)
    note_meter(session, runs=may_be_metered(session), happened_at=at, at=at)
    _fact(session, ticket, "granted", by=f"contact:{ticket.contact_id}", at=at, level=level.word)
    return session


@transaction.atomic
def level_withdrawn(session: RemoteSession, level_now: Level, *, at: datetime) -> RemoteSession:
    """Note that the level went down. It has happened already, so nothing refuses it but the end."""
    session, ticket = _live(session)
    session.level = min(level_now, LEVELS_BY_WORD[session.level]).word
    session.save(update_fields=["level"])
    append(session, "level.withdrawn", at, level=session.level)
    _fact(session, ticket, "withdrawn", by=f"contact:{ticket.contact_id}", at=at, level=session.level)
    return session


@transaction.atomic
def words_compared(session: RemoteSession, *, side: str, match: bool, at: datetime) -> RemoteSession:
    """Note what the person at one end said about the four words; once they differ, they differ for good."""
    session, ticket = _live(session)
    session.words_matched = match and session.words_matched is not False
    session.save(update_fields=["words_matched"])
    append(session, "words.compared", at, side=side, match=match)
    if not match:
        _fact(session, ticket, "words-differ", by="desk", at=at, side=side)
    return session


@transaction.atomic
def viewer_joined(session: RemoteSession, *, at: datetime) -> None:
    """Note that the technician's page is there."""
    session, _ticket = _live(session)
    append(session, "viewer.joined", at)


@transaction.atomic
def link_lost(session: RemoteSession, *, side: str, at: datetime) -> None:
    """Note that one end is gone; the meter stands still until it is back."""
    session, _ticket = _live(session)
    append(session, LINK_LOST, at, side=side)
    note_meter(session, runs=False, happened_at=at, at=at)


@transaction.atomic
def link_back(session: RemoteSession, *, side: str, at: datetime) -> None:
    """Note that an end came back; with both there and nothing held, time is counted again."""
    session, _ticket = _live(session)
    append(session, LINK_BACK, at, side=side)
    note_meter(session, runs=may_be_metered(session), happened_at=at, at=at)


@transaction.atomic
def meter_held(session: RemoteSession, *, at: datetime) -> None:
    """Note that an estimate is due or asked, so no time is counted."""
    session, _ticket = _live(session)
    append(session, METER_HELD, at)
    note_meter(session, runs=False, happened_at=at, at=at)


@transaction.atomic
def meter_released(session: RemoteSession, *, at: datetime) -> None:
    """Note that the estimate was accepted, so time is counted again."""
    session, _ticket = _live(session)
    append(session, METER_RELEASED, at)
    note_meter(session, runs=may_be_metered(session), happened_at=at, at=at)


@transaction.atomic
def inputs_counted(session: RemoteSession, *, counted: int, dropped: int, at: datetime) -> None:
    """Keep what the customer's guard took and dropped since the session began; smaller numbers change nothing."""
    session, _ticket = _live(session)
    session.inputs_accepted = max(session.inputs_accepted, counted)
    session.inputs_dropped = max(session.inputs_dropped, dropped)
    session.save(update_fields=["inputs_accepted", "inputs_dropped"])


def _gate(gates: Iterable[Gate], key: str) -> Gate:
    found = next((gate for gate in gates if gate.key == key), None)
    if found is None:
        raise SessionRefused(_("Nothing called “%(gate)s” was asked in this session.") % {"gate": key})
    return found


def _live(session: RemoteSession) -> tuple[RemoteSession, Ticket]:
    """Return the session, locked and read anew, and its request.

    Raises:
        SessionRefused: it has ended, or was never answered.
    """
    held = (
        RemoteSession.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vendor", "technician__person")
        .get(pk=session.pk)
    )
    if held.state != RemoteSession.State.ANSWERED or held.ticket is None:
        raise SessionRefused(_("This session is over. Nothing more is accepted."))
    return held, held.ticket


def _fact(
    session: RemoteSession, ticket: Ticket, what: str, *, by: str, at: datetime, **data: object
) -> None:
    data = {"session": str(session.pk)} | data
    record(
        f"session.{what}", vendor=session.vendor.slug, subject=f"ticket:{ticket.pk}", by=by, at=at, data=data
    )
