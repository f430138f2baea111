"""What holds for visits to one ticket: what the terms say, in which hours somebody comes, the words that are agreed to.

Owns the way from rows to rules/visits.py. Writes nothing: that is actions/visits.py. Read on: docs/explain/visits.md.
"""

from datetime import datetime

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pomost.contracts.calendars import CalendarBook
from pomost.contracts.queries import contract_of, local_day, terms_of
from pomost.people import formats
from pomost.rules.calendar import Calendar
from pomost.rules.decision import Decision
from pomost.rules.terms.model import Terms, said
from pomost.rules.terms.parts import Channel
from pomost.rules.visits import Incident, Misfit, judge, misfit
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Ticket, Visit

OPEN = (Visit.State.ASKED, Visit.State.PROPOSED, Visit.State.AGREED)
HOLDING = (Visit.State.PROPOSED, Visit.State.AGREED)
"""States in which a visit takes its technician's time."""


def open_visit(ticket: Ticket) -> Visit | None:
    """Return the visit that is asked for, proposed or agreed; there is at most one."""
    return Visit.objects.select_related("technician__person").filter(ticket=ticket, state__in=OPEN).first()


def with_open_visit(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Return the tickets with their open visits, read by a join; joined_visit gives each."""
    opened = FilteredRelation("visits", condition=Q(visits__state__in=OPEN))
    # Django sets nothing where the join finds nothing; the key tells that from a ticket that was read otherwise.
    known = tickets.annotate(open_visit=opened, open_visit_key=F("open_visit__pk"))
    return known.select_related("open_visit")  # type: ignore[misc]  # the checker knows fields alone


def joined_visit(ticket: Ticket) -> Visit | None:
    """Return the open visit of a ticket as it was read.

    Raises:
        KeyError: the ticket was not read by with_open_visit.
    """
    read = vars(ticket)
    return None if read["open_visit_key"] is None else read["open_visit"]


def has_begun(visit: Visit, at: datetime) -> bool:
    """Say whether an agreed visit has begun: it is what happens then, not a plan any more."""
    return visit.state == Visit.State.AGREED and visit.starts_at is not None and visit.starts_at <= at


def visit_in_the_way(
    technician_id: int, starts_at: datetime, ends_at: datetime, but: int | None = None
) -> Visit | None:
    """Return a visit that takes some of a technician's time in that span, the one called `but` aside."""
    held = Visit.objects.select_related("ticket").filter(
        technician_id=technician_id, state__in=HOLDING, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    return (held if but is None else held.exclude(pk=but)).first()


def visits_terms(terms: Terms, service: str) -> bool:
    """Say whether a visit can be asked for with a service: it has the channel, or the terms say nothing of visits."""
    return terms.visits is None or Channel.VISIT in terms.service(service).channels


def incident_of(ticket: Ticket) -> Incident:
    """Return what the customer's contract of the day of receipt allows for the ticket, and what was made."""
    contract = contract_of(ticket.customer, local_day(ticket.vendor, ticket.received_at))
    if contract is None or contract.package != ticket.package:
        contract = None
    made = Visit.objects.filter(ticket=ticket, state=Visit.State.DONE).count()
    allowed = contract.visits_per_incident if contract is not None else None
    return Incident(allowed, made, contract.number if contract is not None else "")


def judged(ticket: Ticket, city: str) -> Decision:
    """Return what the terms say to a visit for the ticket in a city.

    Raises:
        TicketRefused: the service is not given by visits.
    """
    terms = terms_of(ticket.terms)
    if not visits_terms(terms, ticket.service):
        others = [each for each in terms.services if Channel.VISIT in each.channels]
        raise TicketRefused(
            _("“%(service)s” is not done on a visit. Register a request for one of: %(services)s.")
            % {
                "service": said(terms.service(ticket.service).name, ticket.vendor.language),
                "services": ", ".join(said(each.name, ticket.vendor.language) for each in others),
            }
        )
    return judge(terms, ticket.service, city, incident_of(ticket))


def visiting_calendar(terms: Terms, vendor_id: int) -> Calendar | None:
    """Return the hours in which somebody comes, with the desk's exceptions; None where the terms name none."""
    if terms.visits is None:
        return None
    return CalendarBook.of(vendor_id).applied_to(terms).calendar(terms.visits.hours)


def fits(ticket: Ticket, starts_at: datetime, ends_at: datetime) -> None:
    """Refuse a time at which nobody comes.

    Raises:
        TicketRefused: with the clause and the hours.
    """
    terms = terms_of(ticket.terms)
    calendar = visiting_calendar(terms, ticket.vendor_id)
    why = misfit(calendar, starts_at, ends_at)
    if why is None:
        return
    clause = terms.visits.clause if terms.visits is not None else ""
    with timezone.override(ticket.vendor.zone):
        day = formats.day(starts_at, starts_at)
        words = {
            Misfit.REVERSED: _(
                "The visit would end before it begins, or last longer than a day. Check both times."
            ),
            Misfit.HOLIDAYS_UNKNOWN: _(
                "The holidays of %(day)s are not confirmed yet, so no visit can be promised (§ %(clause)s)."
            ),
            Misfit.CLOSED_DAY: _(
                "%(day)s is not a working day, and visits are made on working days (§ %(clause)s)."
            ),
            Misfit.OUTSIDE_HOURS: _(
                "On %(day)s visits are made %(hours)s (§ %(clause)s). Choose a time within."
            ),
        }[why]
        hours = (
            "" if calendar is None or why is not Misfit.OUTSIDE_HOURS else hours_words(calendar, starts_at)
        )
        raise TicketRefused(words % {"day": day, "hours": hours, "clause": clause})


def hours_words(calendar: Calendar, at: datetime) -> str:
    """Return the hours of a day, `9:00–17:00`, in the current zone."""
    spans = calendar.hours_on(calendar.local_date(at))
    return ", ".join(f"{formats.clock_time(a)}\N{EN DASH}{formats.clock_time(b)}" for a, b in spans)


def visit_words(visit: Visit, language: str) -> str:
    """Return the words to which the customer says yes, in their language and the vendor's zone.

    Raises:
        ValueError: the visit has no time.
    """
    if visit.starts_at is None or visit.ends_at is None or visit.technician is None:
        raise ValueError(f"Visit {visit.pk} has no time yet, so nobody can agree to it.")
    ticket = visit.ticket
    with translation.override(language), timezone.override(ticket.vendor.zone):
        place = f"{visit.city}, {visit.address}" if visit.address else visit.city
        return _(
            "Visit for request %(number)s: %(day)s, %(begins)s–%(ends)s. Place: %(place)s. Who comes: %(name)s."
        ) % {
            "number": ticket.number,
            "day": formats.day(visit.starts_at, visit.starts_at),
            "begins": formats.clock_time(visit.starts_at),
            "ends": formats.clock_time(visit.ends_at),
            "place": place,
            "name": visit.technician.person.name,
        }
