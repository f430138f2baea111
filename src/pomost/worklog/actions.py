"""Enter worked time and travel: what a session measured, what was done by phone or on data, the way to the customer.

An entry is never changed or deleted, and a session is entered once (triggers hold both). Seconds are whole: of a
session's last second only a full one counts, so nobody pays for time that was not measured. What work uses of a quota is
drawn with its entry.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import Sum
from django.utils import translation
from django.utils.translation import gettext as _

from pomost.contracts.queries import local_day, terms_in_force
from pomost.journal.actions import record
from pomost.people.formats import money
from pomost.people.models import Contact, Technician
from pomost.remote.models import RemoteSession
from pomost.rules.money import CENT
from pomost.rules.tariff import TravelRate, travel_net
from pomost.tickets.actions import ConsentGiven, count_use, record_consent
from pomost.tickets.models import Consent, Ticket, Visit
from pomost.tickets.overrun import working_service
from pomost.worklog.errors import EntryRefused
from pomost.worklog.models import Entry, Travel

ENTRY_SECONDS_MAX: Final = 24 * 3600
"""Longer work is entered day by day."""
TRAVEL_CONSENT: Final = "travel"
"""Kind of the consent to a sum for the way."""
MS: Final = 1000


@transaction.atomic
def enter_session(session: RemoteSession, *, by: str = "desk", at: datetime) -> Entry | None:
    """Enter what an ended session measured; None where it measured less than a second, or was never answered.

    Entering the same session again returns its entry and records nothing.

    Raises:
        EntryRefused: the session still runs.
    """
    session = RemoteSession.objects.select_for_update(of=("self",), no_key=True).get(pk=session.pk)
    if session.state != RemoteSession.State.ENDED:
        raise EntryRefused(_("The session still runs. Its time is entered when it has ended."))
    entered = Entry.objects.filter(session=session).first()
    if entered is not None:
        return entered
    seconds = session.metered_ms // MS
    if session.ticket is None or session.first_grant_at is None or seconds == 0:
        return None
    entry = Entry.objects.create(
        ticket=session.ticket,
        technician=session.technician,
        source=Entry.Source.SESSION,
        session=session,
        service=working_service(session.ticket),
        family=session.ticket.family,
        started_at=session.first_grant_at,
        worked_seconds=seconds,
        recorded_at=at,
    )
    return _recorded(entry, by=by, at=at)


@transaction.atomic
def enter_call(
    ticket: Ticket,
    *,
    technician: Technician,
    service: str = "",
    worked_seconds: int,
    started_at: datetime,
    note: str = "",
    by: str,
    at: datetime,
) -> Entry:
    """Enter work done on the phone. `service` is its key in the terms; empty: what is worked on.

    Raises:
        EntryRefused: the request is over, or the time cannot be.
    """
    return _by_hand(
        ticket, Entry.Source.CALL, technician, service, worked_seconds, started_at, note, by=by, at=at
    )


@transaction.atomic
def enter_data_work(
    ticket: Ticket,
    *,
    technician: Technician,
    service: str = "",
    worked_seconds: int,
    started_at: datetime,
    note: str = "",
    by: str,
    at: datetime,
) -> Entry:
    """Enter work done on data that the customer sent. `service` is its key in the terms; empty: what is worked on.

    Raises:
        EntryRefused: the request is over, or the time cannot be.
    """
    return _by_hand(
        ticket, Entry.Source.DATA, technician, service, worked_seconds, started_at, note, by=by, at=at
    )


@transaction.atomic
def enter_visit_time(
    ticket: Ticket,
    *,
    technician: Technician,
    worked_seconds: int,
    started_at: datetime,
    note: str = "",
    by: str,
    at: datetime,
) -> Entry:
    """Enter work done on a visit to the customer; also on a request that was over before the visit was.

    Raises:
        EntryRefused: the request is not complete yet, or the time cannot be.
    """
    return _by_hand(
        ticket, Entry.Source.VISIT, technician, "", worked_seconds, started_at, note, by=by, at=at
    )


def _by_hand(
    ticket: Ticket,
    source: Entry.Source,
    technician: Technician,
    service: str,
    worked_seconds: int,
    started_at: datetime,
    note: str,
    *,
    by: str,
    at: datetime,
) -> Entry:
    ticket = _complete(ticket, technician) if source == Entry.Source.VISIT else _in_work(ticket, technician)
    check_time(worked_seconds, started_at, at)
    entry = Entry.objects.create(
        ticket=ticket,
        technician=technician,
        source=source,
        service=service or working_service(ticket),
        family=ticket.family,
        started_at=started_at,
        worked_seconds=worked_seconds,
        note=note.strip(),
        recorded_at=at,
    )
    return _recorded(entry, by=by, at=at)


def check_time(worked_seconds: int, started_at: datetime, at: datetime) -> None:
    """Check that so much work from `started_at` can have been done by `at`.

    Raises:
        EntryRefused: it cannot.
    """
    if not 0 < worked_seconds <= ENTRY_SECONDS_MAX:
        raise EntryRefused(_("Enter more than no time and at most 24 hours; longer work day by day."))
    if started_at + timedelta(seconds=worked_seconds) > at:
        raise EntryRefused(_("That work would end in the future. Check when it began and how long it took."))


@dataclass(frozen=True, slots=True)
class TravelAgreed:
    """A sum for the way that the customer agreed to, because the price list states none."""

    net: Decimal
    contact: Contact
    channel: str


@transaction.atomic
def enter_travel(
    ticket: Ticket,
    *,
    technician: Technician,
    key: str = "",
    quantity: Decimal,
    travelled_on: date,
    agreed: TravelAgreed | None = None,
    visit: Visit | None = None,
    note: str = "",
    by: str,
    at: datetime,
) -> Travel:
    """Enter a technician's way to the customer.

    Args:
        ticket: in work; with a visit it may be over.
        technician: who travelled.
        key: of a travel in the price list of that day; empty where it has none.
        quantity: visits, kilometres or hours, as the price list counts.
        travelled_on: the vendor's day.
        agreed: where the price list states no rate; the yes is kept as a consent.
        visit: the visit of the request that the way led to.
        note: for colleagues.
        by: as in the journal.
        at: aware.

    Raises:
        EntryRefused: the request is not in work, the price list has no such travel, the day is yet to come, no sum was
            agreed to where none is stated, or one was where the price list has it.
        TicketRefused: the contact is at another customer.
        NoTermsInForce: the vendor had no terms on that day.
    """
    ticket = _in_work(ticket, technician) if visit is None else _complete(ticket, technician)
    if travelled_on > local_day(ticket.vendor, at):
        raise EntryRefused(_("That way is yet to be travelled. Enter it afterwards."))
    _version, terms = terms_in_force(ticket.vendor, travelled_on)
    known = {each.travel.key: each.travel for each in terms.travels(travelled_on, ticket.service)}
    if key not in known and (key or known):
        raise EntryRefused(
            _("Choose one of the prices of travel: %(keys)s.") % {"keys": ", ".join(known) or "–"}
        )
    try:
        net = travel_net(known.get(key) or TravelRate(key, "", "hour", None), quantity)
    except ValueError as wrong:
        raise EntryRefused(_("Enter how much was travelled: more than nothing, and whole visits.")) from wrong
    if net is None and agreed is None:
        raise EntryRefused(_("The terms state no price of travel. Agree on a sum with the customer first."))
    if net is not None and agreed is not None:
        raise EntryRefused(_("The price list has a price of travel; an agreed sum cannot replace it."))
    if agreed is not None and (agreed.net < 0 or agreed.net != agreed.net.quantize(CENT)):
        raise EntryRefused(_("Give the agreed sum with at most two decimals."))
    travel = Travel.objects.create(
        ticket=ticket,
        technician=technician,
        key=key,
        quantity=quantity,
        travelled_on=travelled_on,
        agreed_net=agreed.net if agreed else None,
        consent=_travel_consent(ticket, agreed, by=by, at=at) if agreed else None,
        note=note.strip(),
        recorded_at=at,
    )
    data = {
        "travel": travel.pk,
        "key": key,
        "quantity": str(quantity),
        "travelled_on": travelled_on.isoformat(),
    }
    record(
        "travel.entered", vendor=ticket.vendor.slug, subject=f"ticket:{ticket.pk}", by=by, at=at, data=data
    )
    return travel


def _travel_consent(ticket: Ticket, agreed: TravelAgreed, *, by: str, at: datetime) -> Consent:
    language = agreed.contact.language
    with translation.override(language):
        amount = money(agreed.net, ticket.vendor.currency)
        text = _("The technician's travel for request %(number)s may cost %(amount)s net.") % {
            "number": ticket.number,
            "amount": amount,
        }
    given = ConsentGiven(TRAVEL_CONSENT, True, text, language)
    return record_consent(ticket, given, contact=agreed.contact, channel=agreed.channel, by=by, at=at)


def _in_work(ticket: Ticket, technician: Technician) -> Ticket:
    """Return the ticket, locked, when work on it goes on and the technician works for its vendor."""
    ticket = _complete(ticket, technician)
    if ticket.state in (Ticket.State.CONFIRMED, Ticket.State.CLOSED):
        raise EntryRefused(
            _("Request %(number)s is over, so no more work is entered on it.") % {"number": ticket.number}
        )
    return ticket


def _complete(ticket: Ticket, technician: Technician) -> Ticket:
    """Return the ticket, locked, when work on it could begin, be it over, and the technician works for its vendor."""
    ticket = (
        Ticket.objects.select_for_update(of=("self",), no_key=True).select_related("vendor").get(pk=ticket.pk)
    )
    if technician.vendor_id != ticket.vendor_id:
        raise EntryRefused(_("%(name)s does not work for this vendor.") % {"name": technician.person.name})
    if ticket.state == Ticket.State.INCOMPLETE:
        raise EntryRefused(
            _("Request %(number)s is not complete yet: ask for what is missing first.")
            % {"number": ticket.number}
        )
    return ticket


def _recorded(entry: Entry, *, by: str, at: datetime) -> Entry:
    data = {
        "entry": entry.pk,
        "source": entry.source,
        "worked_seconds": entry.worked_seconds,
        "note": entry.note,
    }
    ticket = entry.ticket
    record("work.entered", vendor=ticket.vendor.slug, subject=f"ticket:{ticket.pk}", by=by, at=at, data=data)
    own = Entry.objects.filter(ticket=ticket, service=ticket.service).aggregate(all=Sum("worked_seconds"))
    count_use(ticket, worked_seconds=own["all"] or 0, by=by, at=at)
    return entry
