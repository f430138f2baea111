"""The real requests of a month as facts, for a draft of the terms to be tried on, and the trial itself.

Owns the way from rows to the facts of rules/trial/, in a fixed number of queries, and which version the draft is held
against: the one that it would follow, so that what differs is the draft's doing alone. Writes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from pomost.billing.costs import BY_HAND, Agreed, agreed_by
from pomost.billing.models import Complaint, Estimate, OneOffFee
from pomost.contracts.calendars import CalendarBook
from pomost.contracts.models import TermsVersion
from pomost.contracts.queries import local_day, terms_of
from pomost.people.models import Vendor
from pomost.rules.clocks import Event, in_order
from pomost.rules.entitlement import Outcome, decide
from pomost.rules.terms.model import Terms
from pomost.rules.trial.compare import Trial, try_terms
from pomost.rules.trial.facts import Answered, Decided, Request, Stretch, Way
from pomost.tickets.models import ClockEvent, Ticket
from pomost.worklog.models import Entry, Travel

REQUESTS_MAX: Final = 5000
"""That are tried at once; of a busier month the first ones."""
READ: Final = (
    "number",
    "subject",
    "customer",
    "terms",
    "received_at",
    "service",
    "family",
    "package_claimed",
    "package_shown",
    "outdated",
    "severity",
    "verdict",
    "state",
    "counted_seconds",
)
"""Columns of a request that a trial, or the page of one, needs."""
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
    tickets = tuple(inside.only(*READ).order_by("sequence")[:REQUESTS_MAX])
    known = _known(vendor, tickets, begin)
    count = inside.count() if len(tickets) == REQUESTS_MAX else len(tickets)
    return Gathered(
        month=first,
        tickets=tickets,
        requests=tuple(_request(ticket, known, now) for ticket in tickets),
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


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known beside the rows of the requests, by their keys; read in as many queries as there are tables."""

    vendor: Vendor
    events: Mapping[int, Sequence[Event]]
    work: Mapping[int, Sequence[Stretch]]
    ways: Mapping[int, Sequence[Way]]
    agreed: Mapping[int, Agreed]
    complaints: Mapping[int, str]
    """The state of the complaint that a request looks into."""
    merged: Mapping[int, Sequence[_Merged]]
    terms: Mapping[int, Terms]
    """By key of the version."""
    said: dict[tuple[object, ...], Outcome] = field(default_factory=dict)
    """What the terms say of a case; the cases of a month are few."""


def _known(vendor: Vendor, tickets: Sequence[Ticket], begin: datetime) -> _Known:
    keys = [ticket.pk for ticket in tickets]
    versions = TermsVersion.objects.select_related("vendor").in_bulk({each.terms_id for each in tickets})
    events: dict[int, list[Event]] = {}
    for key, name, at in ClockEvent.objects.filter(ticket__in=keys).values_list("ticket", "name", "at"):
        events.setdefault(key, []).append(Event(name, at))
    work: dict[int, list[Stretch]] = {}
    entries = Entry.objects.filter(ticket__in=keys).order_by("started_at", "pk")
    for key, service, family, seconds, source, session, began in entries.values_list(
        "ticket", "service", "family", "worked_seconds", "source", "session", "started_at"
    ):
        counted_over = str(session) if source == Entry.Source.SESSION else BY_HAND
        work.setdefault(key, []).append(
            Stretch(service, family, counted_over, seconds, local_day(vendor, began))
        )
    ways: dict[int, list[Way]] = {}
    travels = Travel.objects.filter(ticket__in=keys).order_by("travelled_on", "pk")
    for key, price, quantity, on, agreed in travels.values_list(
        "ticket", "key", "quantity", "travelled_on", "agreed_net"
    ):
        ways.setdefault(key, []).append(Way(price, quantity, on, agreed))
    estimates: dict[int, list[Estimate]] = {}
    for estimate in Estimate.objects.select_related("priced_by").filter(ticket__in=keys):
        estimates.setdefault(estimate.ticket_id, []).append(estimate)
    return _Known(
        vendor=vendor,
        events=events,
        work=work,
        ways=ways,
        agreed={key: agreed_by(rows) for key, rows in estimates.items()},
        complaints=dict(Complaint.objects.filter(follow_up__in=keys).values_list("follow_up", "state")),
        merged=_merged(vendor, begin),
        terms={key: terms_of(version) for key, version in versions.items()},
    )


def _request(ticket: Ticket, known: _Known, now: datetime) -> Request:
    key = ticket.pk
    events = tuple(in_order(known.events.get(key, ())))
    is_over = ticket.state == Ticket.State.CLOSED
    ends = [event.at for event in events if event.name == "request.closed"] if is_over else []
    agreed = known.agreed.get(key, Agreed())
    others = known.merged.get(key, [])
    return Request(
        number=ticket.number,
        customer=ticket.customer_id,
        day=local_day(known.vendor, ticket.received_at),
        service=ticket.service,
        family=ticket.family,
        package_claimed=ticket.package_claimed,
        package_shown=ticket.package_shown,
        outdated=ticket.outdated,
        severity=ticket.severity,
        decided=_decided(ticket, known),
        events=events,
        until=min(now, *ends) if ends else now,
        work=tuple(known.work.get(key, ())),
        ways=tuple(known.ways.get(key, ())),
        answered=Answered(
            answer=agreed.answer,
            quoted=None if agreed.quoted is None else agreed.quoted.amount,
            covers_seconds=agreed.covers_seconds,
        ),
        counted_seconds=(ticket.counted_seconds or 0) + sum(each.seconds for each in others),
        began=any(event.name == "work.began" for event in events) or any(each.began for each in others),
        is_charged=not is_over,
        complaint=_of_complaint(known.complaints.get(key)),
    )


def _of_complaint(state: str | None) -> Literal["", "free", "rejected"]:
    if state is None:
        return ""
    return "rejected" if state == Complaint.State.REJECTED else "free"


def _decided(ticket: Ticket, known: _Known) -> Decided | None:
    """Return what a person made of the verdict, by the terms that the ticket was judged by; None where it stands."""
    day = local_day(known.vendor, ticket.received_at)
    case = (
        ticket.terms_id,
        ticket.package_claimed,
        ticket.package_shown,
        ticket.service,
        ticket.outdated,
        ticket.family,
        day,
    )
    if case not in known.said:
        known.said[case] = decide(
            known.terms[ticket.terms_id],
            ticket.package_claimed or None,
            ticket.package_shown,
            ticket.service,
            "outdated" if ticket.outdated else "current",
            family=ticket.family or None,
            on=day,
        ).outcome
    said, outcome = known.said[case], Outcome(ticket.verdict["outcome"])
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
