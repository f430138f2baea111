"""The life of a session in the records: it rings, is answered or declined, is measured, and ends for good.

An action is told who acts and when; it never asks the request or the clock. Whether `by` may do it has been decided
before (remote/access.py). What happens inside a running session is record.py's. The tables' triggers hold that nothing
goes back: an ended session, a reading of the meter, an event.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from pomost.contracts.queries import terms_of
from pomost.journal.actions import record
from pomost.people.actions import set_presence
from pomost.people.models import Contact, Technician
from pomost.remote.errors import SessionRefused
from pomost.remote.models import RemoteSession
from pomost.remote.offers import Proposal, proposal, signed_offer
from pomost.remote.record import append, note_meter
from pomost.rules.decision import Decision, Subject
from pomost.rules.decision import Fact as DecisionFact
from pomost.rules.entitlement import Outcome
from pomost.rules.terms.model import said
from pomost.tickets.actions import ConsentGiven, begin_work, decide, keep_decision, record_consent
from pomost.tickets.models import Consent, Ticket

State = RemoteSession.State

CHOSEN_BY_HAND = (Technician.Presence.FREE, Technician.Presence.BUSY, Technician.Presence.OFF)
"""CALL is not among them: that a session makes, and its end undoes."""
WHAT_HAPPENED_CHARACTERS_MAX = 1000
LEFT_OPEN = "The desk was restarted."
"""Why a session that a restart found open has ended."""


@transaction.atomic
def ring(
    technician: Technician,
    *,
    caller_name: str,
    caller_company: str = "",
    language: str,
    by: str = "desk",
    at: datetime,
) -> RemoteSession:
    """Note a customer's call. Nobody has proved who calls; the technician ties it to a request when answering.

    Raises:
        SessionRefused: that technician cannot be called now, or the caller gave no name.
    """
    technician = (
        Technician.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vendor", "person")
        .get(pk=technician.pk)
    )
    name = technician.person.name
    if (
        not technician.takes_calls
        or not technician.person.is_active
        or technician.presence == Technician.Presence.OFF
    ):
        raise SessionRefused(_("%(name)s is not on line. Choose somebody else or call us.") % {"name": name})
    if technician.presence != Technician.Presence.FREE or _open_sessions(technician):
        raise SessionRefused(_("%(name)s is busy. Choose somebody else or try again later.") % {"name": name})
    if not caller_name.strip():
        raise SessionRefused(_("Give your name, so that the technician knows who calls."))
    session = RemoteSession.objects.create(
        vendor=technician.vendor,
        technician=technician,
        state=State.RINGING,
        caller_name=caller_name.strip(),
        caller_company=caller_company.strip(),
        language=language,
        rung_at=at,
    )
    set_presence(technician, Technician.Presence.CALL, by=by, at=at)
    _fact(session, "rung", by=by, at=at, technician=technician.pk, caller=session.caller_name)
    return session


@transaction.atomic
def choose_presence(technician: Technician, wanted: str, *, by: str, at: datetime) -> Technician:
    """Let a technician say whether they can be called: "free", "busy" (on the phone) or "off".

    Whoever says "free" in a session stays in it; its end then frees them. The other two outlast the session.

    Raises:
        SessionRefused: it is none of the three.
    """
    if wanted not in CHOSEN_BY_HAND:
        raise SessionRefused(_("Choose whether you can help, are on a call, or are away."))
    presence = Technician.Presence(wanted)
    if presence is Technician.Presence.FREE and _open_sessions(technician):
        presence = Technician.Presence.CALL
    return set_presence(technician, presence, by=by, at=at)


@transaction.atomic
def answer(
    session: RemoteSession,
    ticket: Ticket,
    *,
    technician: Technician,
    fees_paid: Collection[str],
    noted: Collection[str] = (),
    decided: str = Outcome.PAID,
    reason: str = "",
    by: str,
    at: datetime,
) -> RemoteSession:
    """Take the call and tie it to a request; the session then holds the signed offer that the app is shown.

    Included and paid services are offered up to their level, the paid ones with their price. What the terms refuse is
    refused here with the clause's sentence. Where the terms are silent, the technician decides with the answer:
    `decided` and `reason` are kept as tickets.actions.decide keeps them.

    Args:
        session: the ringing call.
        ticket: of the same vendor, complete and not over.
        technician: who was called.
        fees_paid: keys of the one-off fees that the customer has paid (billing.queries.fees_paid).
        noted: keys of the gates that the technician notes with this answer, such as the phone call before.
        decided: "included" or "paid", where the terms are silent.
        reason: needed where the terms are silent (proposal.needs_reason).
        by: as in the journal.
        at: aware.

    Raises:
        SessionRefused: see above; also a call that is over or somebody else's, or a gate of the staff left open.
        TicketRefused: work on the request cannot begin.
    """
    session = _held(session)
    if session.state != State.RINGING:
        raise SessionRefused(_("This call is over or answered already. The customer can call again."))
    if session.technician_id != technician.pk:
        raise SessionRefused(_("This call is for %(name)s.") % {"name": session.technician.person.name})
    ticket = Ticket.objects.select_related("vendor", "terms__vendor", "contact", "customer").get(pk=ticket.pk)
    _fits(session, ticket)
    proposed = proposal(ticket, language=session.language, fees_paid=fees_paid, at=at)
    if proposed.needs_reason and not reason.strip():
        raise SessionRefused(
            _("The terms do not say whether this is included: %(sentence)s Decide, and write your reason.")
            % {"sentence": proposed.clause_text}
        )
    if proposed.needs_reason:
        ticket = decide(ticket, decided, reason, by=by, at=at)
        proposed = proposal(ticket, language=session.language, fees_paid=fees_paid, at=at)
    _note_gates(session, ticket, proposed, noted, by=by, at=at)
    _note_backup(session, ticket, proposed, at=at)
    session.state, session.ticket, session.answered_at = State.ANSWERED, ticket, at
    session.ceiling = proposed.ceiling.word
    session.offer, session.offer_signature = signed_offer(session, ticket, proposed, technician, at)
    session.save(update_fields=["state", "ticket", "answered_at", "ceiling", "offer", "offer_signature"])
    outcome, why = proposed.verdict.outcome.value, reason.strip()
    append(session, "answered", at, ticket=ticket.number, outcome=outcome, clause=proposed.clause, reason=why)
    if ticket.began_at is None:
        begin_work(ticket, by=by, at=at)
    _fact(
        session,
        "answered",
        by=by,
        at=at,
        technician=technician.pk,
        outcome=outcome,
        clause=proposed.clause,
        reason=why,
    )
    return session


def _fits(session: RemoteSession, ticket: Ticket) -> None:
    """Refuse a request that this call cannot be about."""
    number = {"number": ticket.number}
    if ticket.vendor_id != session.vendor_id:
        raise SessionRefused(_("Request %(number)s belongs to another desk.") % number)
    if ticket.state == Ticket.State.INCOMPLETE:
        raise SessionRefused(
            _("Request %(number)s is not complete yet: ask for what is missing first.") % number
        )
    if ticket.state in (Ticket.State.CONFIRMED, Ticket.State.CLOSED):
        raise SessionRefused(_("Request %(number)s is over. Register a new one for this call.") % number)


def _note_gates(
    session: RemoteSession,
    ticket: Ticket,
    proposed: Proposal,
    noted: Collection[str],
    *,
    by: str,
    at: datetime,
) -> None:
    """Record the gates that the technician notes; refuse while one of the staff's gates is left open."""
    open_ones = [each for each in proposed.noted_by_staff if each.gate.id not in noted]
    if open_ones:
        raise SessionRefused(
            _("Before the session: %(what)s Tick it when it is done.")
            % {"what": " ".join(each.words.text for each in open_ones)}
        )
    for each in proposed.noted_by_staff:
        record_consent(
            ticket,
            ConsentGiven(each.gate.id, True, each.words.text, proposed.language),
            contact=ticket.contact,
            channel=Consent.Channel.PHONE,
            session=str(session.pk),
            by=by,
            at=at,
        )


def _note_backup(session: RemoteSession, ticket: Ticket, proposed: Proposal, *, at: datetime) -> None:
    """Record that the customer's own file passed the gate of the backup, with its SHA-256."""
    backup = proposed.backup
    if backup is None:
        return
    contact = Contact.objects.get(pk=backup.by.removeprefix("contact:"))
    with translation.override(proposed.language):
        proof = _("Sent as “%(name)s”, SHA-256 %(sha256)s.") % {"name": backup.name, "sha256": backup.sha256}
    for each in proposed.passed_by_backup:
        record_consent(
            ticket,
            ConsentGiven(each.gate.id, True, f"{each.words.text} {proof}", proposed.language),
            contact=contact,
            channel=Consent.Channel.PORTAL,
            session=str(session.pk),
            by=backup.by,
            at=at,
        )
        append(
            session,
            "backup.kept",
            at,
            gate=each.gate.id,
            file=backup.name,
            sha256=backup.sha256,
            version=backup.pk,
        )


@transaction.atomic
def decline(session: RemoteSession, *, why: str, by: str, at: datetime) -> RemoteSession:
    """Do not take the call; `why` is shown to the caller.

    Raises:
        SessionRefused: the call is over or was answered.
    """
    session = _held(session)
    if session.state != State.RINGING:
        raise SessionRefused(_("This call is over or answered already. The customer can call again."))
    return _close(session, "declined", why=why, by=by, at=at)


@transaction.atomic
def hang_up(session: RemoteSession, *, by: str = "desk", at: datetime) -> RemoteSession:
    """Note that the caller gave up before the answer. A call that is over already stays as it is."""
    session = _held(session)
    if session.state == State.ENDED:
        return session
    if session.state == State.ANSWERED:
        return _close(session, "ended", why="The caller hung up.", by=by, at=at)
    return _close(session, "missed", why="The caller hung up.", by=by, at=at)


@transaction.atomic
def metered(session: RemoteSession, total_ms: int, *, at: datetime) -> RemoteSession:
    """Keep the meter's reading, in milliseconds since the first grant; a smaller one than before changes nothing.

    It is no fact of its own: the reading at the end is.

    Raises:
        SessionRefused: the session has ended, or was never answered.
    """
    session = _held(session)
    if session.state != State.ANSWERED:
        raise SessionRefused(_("This session is over. Nothing more is counted."))
    session.metered_ms, session.metered_at = max(session.metered_ms, total_ms), at
    session.save(update_fields=["metered_ms", "metered_at"])
    return session


@transaction.atomic
def end(
    session: RemoteSession, *, why: str, total_ms: int = 0, side: str = "", by: str = "desk", at: datetime
) -> RemoteSession:
    """End a session for good. Nothing is accepted after it; a second end changes and records nothing.

    `total_ms` is the meter's last reading; `side` is the end that stopped it: "agent", "viewer", or neither.
    """
    session = _held(session)
    if session.state == State.ENDED:
        return session
    if session.state == State.ANSWERED and total_ms > session.metered_ms:
        session.metered_ms, session.metered_at = total_ms, at
        session.save(update_fields=["metered_ms", "metered_at"])
    return _close(session, "ended", why=why, by=by, at=at, side=side)


@transaction.atomic
def end_by_terms(
    session: RemoteSession,
    refusal: str,
    what_happened: str,
    *,
    technician: Technician,
    by: str,
    at: datetime,
) -> str:
    """Note that a running session is ended by a reason of the terms that allows it (`may-end`); return why, for both ends.

    The session ends when the engine is told (lines.end), so that its last second is counted as always.

    Args:
        session: running.
        refusal: key of a reason in the terms of the request.
        what_happened: in words that the customer reads.
        technician: of the same vendor; whoever is in the session may end it so.
        by: as in the journal.
        at: aware.

    Raises:
        SessionRefused: it does not run, it is ended so already, the terms name no such reason to end it, or nothing is said of what happened.
    """
    session = _held(session)
    ticket = session.ticket
    if session.state != State.ANSWERED or ticket is None:
        raise SessionRefused(_("This session does not run. There is nothing to end."))
    if technician.vendor_id != session.vendor_id:
        raise SessionRefused(_("%(name)s does not work for this vendor.") % {"name": technician.person.name})
    if session.events.filter(kind="ended-by-terms").exists():
        raise SessionRefused(_("This session is being ended by the terms already."))
    terms = terms_of(ticket.terms)
    reason = next((each for each in terms.refusals if (each.id, each.effect) == (refusal, "may-end")), None)
    if reason is None:
        raise SessionRefused(_("The terms name no such reason to end a session. Choose one that they name."))
    said_so = what_happened.strip()
    if not said_so or len(said_so) > WHAT_HAPPENED_CHARACTERS_MAX:
        raise SessionRefused(
            _("Write what happened, in at most %(most)s characters.") % {"most": WHAT_HAPPENED_CHARACTERS_MAX}
        )
    append(session, "ended-by-terms", at, refusal=refusal, clause=reason.clause, why=said_so)
    facts = (
        DecisionFact("refusal", refusal),
        DecisionFact("what-happened", said_so),
        DecisionFact("decided-by", f"technician:{technician.pk}"),
    )
    keep_decision(
        ticket, Decision(Subject.SESSION, "ended", reason.clause, facts, terms.version), by=by, at=at
    )
    _fact(session, "ended-by-terms", by=by, at=at, refusal=refusal, clause=reason.clause, reason=said_so)
    language = session.language if session.language in terms.vendor.languages else "en"
    with translation.override(language):
        return _("%(reason)s (§ %(clause)s)") % {
            "reason": said(reason.name, language),
            "clause": reason.clause,
        }


@transaction.atomic
def close_abandoned(*, at: datetime) -> list[RemoteSession]:
    """End the sessions that a restart finds open, at their last metered moment; return them.

    Their keys died with the process or the page that held them, so none of them could go on.
    """
    closed = []
    for session in RemoteSession.objects.exclude(state=State.ENDED).order_by("rung_at"):
        last = session.metered_at or session.answered_at or session.rung_at
        closed.append(
            _close(_held(session), "ended", why=LEFT_OPEN, by="desk", ended_at=min(last, at), at=at)
        )
    return closed


def _close(
    session: RemoteSession,
    how: str,
    *,
    why: str,
    side: str = "",
    by: str,
    at: datetime,
    ended_at: datetime | None = None,
) -> RemoteSession:
    """Write the last event and the end. Called under the session's lock, by actions that have looked at its state.

    `ended_at` is the moment of the end where it lies before `at`, when it is written down.
    """
    ended_at = ended_at or at
    note_meter(session, runs=False, happened_at=ended_at, at=at)
    append(session, how, ended_at, why=why, side=side, metered_ms=session.metered_ms, level=session.level)
    session.state, session.ended_at, session.end_reason, session.level = State.ENDED, ended_at, why, "none"
    session.save(update_fields=["state", "ended_at", "end_reason", "level"])
    technician = Technician.objects.get(pk=session.technician_id)
    if technician.presence == Technician.Presence.CALL and not _open_sessions(technician):
        set_presence(technician, Technician.Presence.FREE, by=by, at=at)
    _fact(session, how, by=by, at=at, metered_ms=session.metered_ms, why=why, side=side)
    return session


def _held(session: RemoteSession) -> RemoteSession:
    """Return the session locked and read anew; the copy that was given may be stale."""
    return (
        RemoteSession.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vendor", "technician__person")
        .get(pk=session.pk)
    )


def _open_sessions(technician: Technician) -> bool:
    return RemoteSession.objects.filter(technician=technician).exclude(state=State.ENDED).exists()


def _fact(session: RemoteSession, how: str, *, by: str, at: datetime, **data: object) -> None:
    """Record a fact about the request where there is one, else about the session."""
    subject = f"session:{session.pk}" if session.ticket_id is None else f"ticket:{session.ticket_id}"
    data = {"session": str(session.pk)} | data
    record(f"session.{how}", vendor=session.vendor.slug, subject=subject, by=by, at=at, data=data)
