"""Visits: asked for, proposed with a day, agreed to, moved, made, called off.

A time can be proposed only where the terms and the contract allow the visit, or a person said yes with a reason (a kept
decision). From the proposal on it takes the technician's time; the technician's row is the lock, as for bookings, and the
database refuses what slips by. What was worked on a visit is entered by worklog.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.people.models import Contact
from pomost.rules.decision import Decision
from pomost.rules.entitlement import Outcome
from pomost.rules.visits import ASKS_A_PERSON, CITY_CHARACTERS_MAX, REFUSED, WITHIN_TERMS, approved
from pomost.tickets.actions.absences import hold_technician
from pomost.tickets.actions.booking import Slot, refuse_filled
from pomost.tickets.actions.consents import ConsentGiven, keep_consent
from pomost.tickets.actions.explained import keep_decision
from pomost.tickets.actions.hold import NOT_OVER, UNSOLVED, bounded, fact, hold, iso
from pomost.tickets.errors import TicketRefused
from pomost.tickets.judgement import verdict_from_json
from pomost.tickets.models import DecisionKept, Ticket, Visit
from pomost.tickets.visiting import fits, has_begun, judged, open_visit, visit_words

State = Visit.State

CONSENT: Final = "visit"
"""Kind of the consent to a day."""
TEXT_CHARACTERS_MAX: Final = 200
REASON_CHARACTERS_MAX: Final = 500
NOT_GIVEN: Final = (Outcome.REFUSED, Outcome.ASK_PERSON, Outcome.KNOWN_SOLUTIONS_ONLY)
"""Verdicts on the request itself that leave no room for a visit."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visit goes."""

    city: str
    address: str = ""


@transaction.atomic
def ask_for_visit(ticket: Ticket, place: Place, *, wish: str = "", by: str, at: datetime) -> Visit:
    """Note that the customer wants a visit; what the terms say to it is kept. Staff propose the day.

    Raises:
        TicketRefused: one is open already, the service or the place is not visited, a text is too long or there is no
            city, the request itself is not given or undecided, or it is over.
    """
    ticket = hold(ticket, UNSOLVED)
    place = _checked(place)
    wish = bounded(wish, TEXT_CHARACTERS_MAX)
    if open_visit(ticket) is not None:
        raise TicketRefused(_("A visit for this request is open already. Ask for another day of it."))
    decision = _allowed(ticket, place)
    visit = Visit.objects.create(
        ticket=ticket,
        state=State.ASKED,
        city=place.city,
        address=place.address,
        wish=wish,
        needs_approval=decision.outcome in ASKS_A_PERSON,
        asked_by=by,
        asked_at=at,
    )
    keep_decision(ticket, decision, by=by, at=at)
    fact(ticket, "visit-asked", by=by, at=at, visit=visit.pk, city=visit.city, wish=visit.wish)
    return visit


@transaction.atomic
def propose_visit(
    ticket: Ticket, place: Place, slot: Slot, *, reason: str = "", by: str, at: datetime
) -> Visit:
    """Propose a day for a visit, the first or another one; it waits for the customer's word and is kept free.

    A day that was agreed on before is given up first, so that it leaves the calendars that it went into.

    `reason` is why it is made although the terms or the contract ask a person; a yes that was given for the same place
    holds on.

    Raises:
        TicketRefused: as `ask_for_visit`, one being open aside; nobody said yes where a person is asked; the time is past,
            reversed, or outside the working days and hours of visits; the technician is taken or works elsewhere.
    """
    ticket = hold(ticket, UNSOLVED)
    place = _checked(place)
    decision = _allowed(ticket, place)
    if slot.starts_at < at:
        raise TicketRefused(_("The day of the visit is past. Choose a later one."))
    fits(ticket, slot.starts_at, slot.ends_at)
    asked = open_visit(ticket)
    visit = asked or Visit(ticket=ticket, asked_by=by, asked_at=at)
    approval = _approval(ticket, visit, place, decision, reason, by=by, at=at)
    _free(slot, ticket, visit)
    if approval is None and (asked is None or asked.city != place.city or asked.needs_approval):
        keep_decision(ticket, decision, by=by, at=at)
    if visit.state == State.AGREED:
        _give_up_day(visit, by=by, at=at, wish="", new_starts_at=iso(slot.starts_at))
    visit.state, visit.city, visit.address = State.PROPOSED, place.city, place.address
    visit.technician, visit.starts_at, visit.ends_at = slot.technician, slot.starts_at, slot.ends_at
    visit.needs_approval, visit.approval = decision.outcome in ASKS_A_PERSON, approval
    visit.consent = None
    visit.sequence += 1
    visit.save()
    fact(ticket, "visit-proposed", by=by, at=at, **_told(visit))
    return visit


@transaction.atomic
def agree_visit(
    ticket: Ticket,
    *,
    contact: Contact,
    channel: str,
    language: str = "",
    words_sha256: str = "",
    by: str,
    at: datetime,
) -> Visit:
    """Note that the customer agrees to the day; the yes is kept with its words. Saying it twice is harmless.

    `words_sha256` is of the words that were shown; empty: nothing was shown, it was said on the phone.

    Raises:
        TicketRefused: no day is proposed, another one was proposed since, it is past, or the contact is another
            customer's.
    """
    ticket = hold(ticket)
    visit = _open(ticket)
    if visit.state == State.AGREED:
        return visit
    if visit.state != State.PROPOSED or visit.starts_at is None:
        raise TicketRefused(_("No day is proposed yet, so there is nothing to agree to."))
    if visit.starts_at < at:
        raise TicketRefused(_("The proposed day is past. Ask for another day."))
    visit.ticket = ticket
    words = visit_words(visit, language or contact.language)
    if words_sha256 and words_sha256 != sha256(words.encode()).hexdigest():
        raise TicketRefused(
            _("Something has changed since the question was shown. Read it again, then answer.")
        )
    visit.consent = keep_consent(
        ticket,
        ConsentGiven(CONSENT, True, words, language or contact.language),
        contact=contact,
        channel=channel,
        by=by,
        at=at,
    )
    visit.state = State.AGREED
    visit.sequence += 1
    visit.save(update_fields=["consent", "state", "sequence"])
    fact(ticket, "visit-agreed", by=by, at=at, **_told(visit), technicians=_whom(visit))
    return visit


@transaction.atomic
def ask_for_another_day(ticket: Ticket, wish: str, *, by: str, at: datetime) -> Visit:
    """Note that the day does not suit the customer; the time is given up and staff propose another one.

    Raises:
        TicketRefused: no visit is open, the request is over, the wish is too long, or the customer says it of an agreed
            visit that has begun.
    """
    ticket = hold(ticket, NOT_OVER)
    visit = _open(ticket)
    _refuse_begun(visit, by, at)
    visit.wish = bounded(wish, TEXT_CHARACTERS_MAX)
    _give_up_day(visit, by=by, at=at, wish=visit.wish)
    visit.state = State.ASKED
    visit.technician = visit.starts_at = visit.ends_at = visit.consent = None
    visit.save()
    return visit


def _give_up_day(visit: Visit, *, by: str, at: datetime, **data: object) -> None:
    """Tell those who know of the day of a visit that it does not stand; who calls this writes the visit."""
    visit.sequence += 1
    fact(visit.ticket, "visit-moved", by=by, at=at, **_told(visit), technicians=_whom(visit), **data)


@transaction.atomic
def cancel_visit(ticket: Ticket, reason: str = "", *, by: str, at: datetime) -> Visit | None:
    """Call off the open visit. Harmless if there is none. Staff can do it afterwards too: nobody may have come.

    Raises:
        TicketRefused: the reason is too long, or the customer says it of an agreed visit that has begun.
    """
    ticket = hold(ticket)
    visit = open_visit(ticket)
    if visit is not None:
        _refuse_begun(visit, by, at)
    return give_up_visit(ticket, bounded(reason, REASON_CHARACTERS_MAX), by=by, at=at)


def give_up_visit(ticket: Ticket, reason: str = "", *, by: str, at: datetime) -> Visit | None:
    """Call off the open visit of a ticket that is held; None: there is none."""
    visit = open_visit(ticket)
    if visit is None:
        return None
    visit.state = State.CANCELLED
    visit.sequence += 1
    visit.save(update_fields=["state", "sequence"])
    fact(ticket, "visit-cancelled", by=by, at=at, **_told(visit), technicians=_whom(visit), reason=reason)
    return visit


def give_up_visit_ahead(ticket: Ticket, reason: str = "", *, by: str, at: datetime) -> None:
    """Call off the open visit of a ticket that is over, unless an agreed one has begun: then it is what happened."""
    visit = open_visit(ticket)
    if visit is not None and not has_begun(visit, at):
        give_up_visit(ticket, reason, by=by, at=at)


@transaction.atomic
def visit_made(ticket: Ticket, *, by: str, at: datetime) -> Visit:
    """Note that the agreed visit was made. Worklog, which enters its time, calls this.

    Raises:
        TicketRefused: no visit is agreed, or it has not begun.
    """
    ticket = hold(ticket)
    visit = open_visit(ticket)
    if visit is None or visit.state != State.AGREED or visit.starts_at is None:
        raise TicketRefused(_("No visit is agreed, so none can have been made."))
    if visit.starts_at > at:
        raise TicketRefused(_("The visit has not begun yet. Enter it afterwards."))
    visit.state = State.DONE
    visit.save(update_fields=["state"])
    fact(ticket, "visit-made", by=by, at=at, **_told(visit))
    return visit


def _open(ticket: Ticket) -> Visit:
    found = open_visit(ticket)
    if found is None:
        raise TicketRefused(_("No visit is open for request %(number)s.") % {"number": ticket.number})
    return found


def _refuse_begun(visit: Visit, by: str, at: datetime) -> None:
    if by.startswith("contact:") and has_begun(visit, at):
        raise TicketRefused(_("The visit has begun already. Call us if nobody came."))


def _checked(place: Place) -> Place:
    city = " ".join(place.city.split())
    if not city:
        raise TicketRefused(_("Name the city of the visit."))
    return Place(
        bounded(city, CITY_CHARACTERS_MAX),
        bounded(" ".join(place.address.split()), TEXT_CHARACTERS_MAX),
    )


def _allowed(ticket: Ticket, place: Place) -> Decision:
    """Return what the terms say to the place and the count, unless there can be no visit at all."""
    verdict = verdict_from_json(ticket.verdict)
    if verdict.outcome in NOT_GIVEN:
        raise TicketRefused(
            _("Decide first whether the request is given at all (§ %(clause)s).") % {"clause": verdict.clause}
            if verdict.outcome is Outcome.ASK_PERSON
            else _("The request is not given (§ %(clause)s), so nobody can come for it.")
            % {"clause": verdict.clause}
        )
    decision = judged(ticket, place.city)
    if decision.outcome == REFUSED:
        raise TicketRefused(
            _("%(city)s is not among the cities where visits are made (§ %(clause)s).")
            % {"city": place.city, "clause": decision.clause}
        )
    return decision


def _approval(
    ticket: Ticket, visit: Visit, place: Place, decision: Decision, reason: str, *, by: str, at: datetime
) -> DecisionKept | None:
    """Return the yes of a person where one is asked: given now, or before for the same place; None: nobody is asked."""
    if decision.outcome == WITHIN_TERMS:
        return None
    kept = bounded(reason, REASON_CHARACTERS_MAX)
    if not kept:
        if visit.approval is not None and visit.city == place.city:
            return visit.approval
        raise TicketRefused(
            _("The terms do not settle this visit by themselves (§ %(clause)s): say why it is made.")
            % {"clause": decision.clause}
        )
    return keep_decision(ticket, approved(decision, by=by, reason=kept), by=by, at=at)


def _free(slot: Slot, ticket: Ticket, visit: Visit) -> None:
    """Lock the technician and refuse a time that is taken."""
    technician = hold_technician(slot.technician)
    if technician.vendor_id != ticket.vendor_id:
        raise TicketRefused(_("%(name)s does not work for this vendor.") % {"name": technician.person.name})
    refuse_filled(technician, slot, but_visit=visit.pk)


def _whom(visit: Visit) -> list[int]:
    """Return the keys of the technicians who are told of it by mail: whose time it takes, or took."""
    return [] if visit.technician_id is None else [visit.technician_id]


def _told(visit: Visit) -> dict[str, object]:
    """Return a visit as a fact carries it."""
    return {
        "visit": visit.pk,
        "city": visit.city,
        "technician": visit.technician_id,
        "starts_at": iso(visit.starts_at),
        "ends_at": iso(visit.ends_at),
        "sequence": visit.sequence,
    }
