"""The real requests of a month as facts, for a draft of the terms to be tried on, and the trial itself.

Owns the way from rows to the facts of rules/trial/, in a fixed number of queries, and which version the draft is held
against: the one that it would follow, so that what differs is the draft's doing alone. Writes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from pomost.billing.costs import BY_HAND, agreed_of, complaint_of
from pomost.billing.models import Complaint, OneOffFee
from pomost.contracts.calendars import CalendarBook
from pomost.contracts.queries import local_day, terms_of
from pomost.people.models import Vendor
from pomost.rules.clocks import Event, in_order
from pomost.rules.entitlement import decide
from pomost.rules.terms.model import Terms
from pomost.rules.trial.compare import Trial, try_terms
from pomost.rules.trial.facts import Answered, Decided, Request, Stretch, Way
from pomost.tickets.judgement import verdict_from_json
from pomost.tickets.models import ClockEvent, Ticket

REQUESTS_MAX: Final = 5000
"""That are tried at once; of a busier month the first ones."""
MONTHS_BACK: Final = 12
"""That can be chosen besides the one that runs."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The requests of a month."""

    month: date
    """Its first day."""
    tickets: tuple[Ticket, ...]
    requests: tuple[Request, ...]
    """Of the tickets, in their order."""
    fees_paid: Mapping[int, frozenset[str]]
    """Keys of the one-off fees that each customer was charged for requests of earlier months."""
    count: int
    """How many requests the month had; more than there are here where it was cut."""


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def months_to_try(vendor: Vendor, now: datetime) -> list[date]:
    """Return the first days of the months that can be chosen, the running one first; the one before it is the usual."""
    months = [month_of(local_day(vendor, now))]
    while len(months) <= MONTHS_BACK:
        months.append(month_of(months[-1] - timedelta(days=1)))
    return months


def gathered(vendor: Vendor, month: date, now: datetime) -> Gathered:
    """Return what is known of the requests that were registered in a month of the vendor's calendar."""
    zone = ZoneInfo(vendor.zone)
    first = month_of(month)
    begin = datetime.combine(first, time(), zone)
    end = datetime.combine(month_of(first + timedelta(days=31)), time(), zone)
    inside = Ticket.objects.filter(vendor=vendor, registered_at__gte=begin, registered_at__lt=end)
    tickets = tuple(
        inside.select_related("vendor", "customer", "terms__vendor", "complaint")
        .defer("terms__text")
        .prefetch_related("clock_events", "entries", "estimates__priced_by", "travels")
        .order_by("sequence")[:REQUESTS_MAX]
    )
    merged = _merged(vendor, begin)
    count = inside.count() if len(tickets) == REQUESTS_MAX else len(tickets)
    return Gathered(
        month=first,
        tickets=tickets,
        requests=tuple(_request(ticket, merged, now) for ticket in tickets),
        fees_paid=_fees_paid(tickets, begin),
        count=count,
    )


def tried(vendor: Vendor, facts: Gathered, before: Terms, after: Terms) -> Trial:
    """Try `after` in place of `before`; both with the exceptions that the desk made to its calendars."""
    book = CalendarBook.of(vendor.pk)
    return try_terms(facts.requests, _edited(book, before), _edited(book, after), facts.fees_paid)


def _edited(book: CalendarBook, terms: Terms) -> Terms:
    # Not `applied_to`, which keeps what it made: every text that somebody tries would stay.
    return terms.with_calendars({each.id: book.calendar(each) for each in terms.hours}, {})


@dataclass(frozen=True, slots=True)
class _Merged:
    """A request that goes on as another one."""

    into: int
    seconds: int
    began: bool


def _merged(vendor: Vendor, begin: datetime) -> dict[int, list[_Merged]]:
    """Return, by the request that goes on, those that were merged into it; one is never merged into a later one."""
    rows = (
        Ticket.objects.filter(vendor=vendor, merged_into__isnull=False, received_at__gte=begin)
        .annotate(has_begun=Exists(ClockEvent.objects.filter(ticket=OuterRef("pk"), name="work.began")))
        .values_list("pk", "merged_into", "counted_seconds", "has_begun")
    )
    into: dict[int, list[tuple[int, int, bool]]] = {}
    for key, survivor, seconds, began in rows:
        if survivor is not None:
            into.setdefault(survivor, []).append((key, seconds or 0, began))

    def below(key: int) -> Iterable[_Merged]:
        for merged, seconds, began in into.get(key, ()):
            yield _Merged(key, seconds, began)
            yield from below(merged)

    return {key: list(below(key)) for key in into}


def _request(ticket: Ticket, merged: Mapping[int, list[_Merged]], now: datetime) -> Request:
    events = tuple(in_order(Event(row.name, row.at) for row in ticket.clock_events.all()))
    is_over = ticket.state == Ticket.State.CLOSED
    ends = [event.at for event in events if event.name == "request.closed"] if is_over else []
    agreed = agreed_of(ticket)
    others = merged.get(ticket.pk, [])
    complaint = complaint_of(ticket)
    return Request(
        number=ticket.number,
        customer=ticket.customer_id,
        day=local_day(ticket.vendor, ticket.received_at),
        service=ticket.service,
        family=ticket.family,
        package_claimed=ticket.package_claimed,
        package_shown=ticket.package_shown,
        outdated=ticket.outdated,
        severity=ticket.severity,
        decided=_decided(ticket),
        events=events,
        until=min(now, *ends) if ends else now,
        work=tuple(
            Stretch(
                service=entry.service,
                family=entry.family,
                session=str(entry.session_id) if entry.session_id else BY_HAND,
                seconds=entry.worked_seconds,
                on=local_day(ticket.vendor, entry.started_at),
            )
            for entry in sorted(ticket.entries.all(), key=lambda each: (each.started_at, each.pk))
        ),
        ways=tuple(
            Way(way.key, way.quantity, way.travelled_on, way.agreed_net)
            for way in sorted(ticket.travels.all(), key=lambda each: (each.travelled_on, each.pk))
        ),
        answered=Answered(
            answer=agreed.answer,
            quoted=None if agreed.quoted is None else agreed.quoted.amount,
            covers_seconds=agreed.covers_seconds,
        ),
        counted_seconds=(ticket.counted_seconds or 0) + sum(each.seconds for each in others),
        began=any(event.name == "work.began" for event in events) or any(each.began for each in others),
        is_charged=not is_over,
        complaint=_of_complaint(complaint),
    )


def _of_complaint(complaint: Complaint | None) -> Literal["", "free", "rejected"]:
    if complaint is None:
        return ""
    return "rejected" if complaint.state == Complaint.State.REJECTED else "free"


def _decided(ticket: Ticket) -> Decided | None:
    """Return what a person made of the verdict, by the terms that the ticket was judged by; None where it stands."""
    said = decide(
        terms_of(ticket.terms),
        ticket.package_claimed or None,
        ticket.package_shown,
        ticket.service,
        "outdated" if ticket.outdated else "current",
        family=ticket.family or None,
        on=local_day(ticket.vendor, ticket.received_at),
    ).outcome
    outcome = verdict_from_json(ticket.verdict).outcome
    return None if outcome is said else Decided(said, outcome)


def _fees_paid(tickets: Iterable[Ticket], begin: datetime) -> dict[int, frozenset[str]]:
    customers = {ticket.customer_id for ticket in tickets}
    rows = OneOffFee.objects.filter(
        customer__in=customers, settlement__ticket__registered_at__lt=begin
    ).values_list("customer", "fee")
    found: dict[int, frozenset[str]] = {}
    for customer, fee in rows:
        found[customer] = found.get(customer, frozenset()) | {fee}
    return found
