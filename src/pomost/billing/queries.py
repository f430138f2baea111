"""Reads about money: what a request costs so far, what waits for an answer, what can be invoiced."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import translation

from pomost.billing.costs import (
    Cost,
    TermsOn,
    Work,
    agreed_of,
    cost_of,
    ended_at,
    fees_paid,
    work_entered,
    work_of,
)
from pomost.billing.meter import (
    RUNNING,
    MeterView,
    PlankShown,
    allowed_ms,
    cost_words,
    estimate_due,
    meter,
)
from pomost.billing.models import Estimate, Invoice
from pomost.billing.spoken import net_words
from pomost.contracts.queries import local_day, terms_in_force, terms_of, terms_on_days
from pomost.people.models import Customer, Vendor
from pomost.remote.models import RemoteSession
from pomost.rules.money import Money, VatRate
from pomost.tickets.models import Ticket
from pomost.tickets.overrun import working_service
from pomost.wire.control import AskEstimate
from pomost.wire.control import Cost as CostShown

__all__ = [
    "Billable",
    "Cost",
    "MeterView",
    "PlankShown",
    "allowed_ms",
    "billable",
    "cost_so_far",
    "cost_to_settle",
    "cost_words",
    "estimate_due",
    "fees_paid",
    "invoices_of",
    "meter",
    "open_estimate",
    "question",
    "running_seconds",
    "vat_on",
]

MS = 1000


@dataclass(frozen=True, slots=True)
class Billable:
    """What can be invoiced to one customer."""

    customer: Customer
    tickets: tuple[Ticket, ...]
    net: Money
    text: str
    """The net sum in words, in the active language."""


def running_seconds(ticket: Ticket) -> int:
    """Return what the open sessions of a ticket have measured so far."""
    open_ones = RemoteSession.objects.filter(ticket=ticket).exclude(state=RemoteSession.State.ENDED)
    return sum(open_ones.values_list("metered_ms", flat=True)) // MS


def cost_so_far(ticket: Ticket, *, now: datetime) -> Cost:
    """Return what a ticket costs so far: its entries and the running session.

    Raises:
        NoTermsInForce: the vendor has no terms today.
    """
    work = list(work_entered(ticket))
    today = local_day(ticket.vendor, now)
    unentered = running_seconds(ticket)
    if unentered:
        work.append(Work(working_service(ticket), ticket.family, RUNNING, unentered, today, today, None))
    return cost_of(ticket, work, on=today, agreed=agreed_of(ticket))


def work_days(ticket: Ticket) -> set[date]:
    """Return the vendor's days whose terms a settlement of the ticket looks at; entries and solution are loaded."""
    moments = [at for entry in ticket.entries.all() for at in (entry.started_at, ended_at(entry))]
    days = {local_day(ticket.vendor, at) for at in (*moments, ticket.solved_at) if at is not None}
    return days | {travel.travelled_on for travel in ticket.travels.all()}


def cost_to_settle(ticket: Ticket, terms_on: TermsOn | None = None) -> Cost:
    """Return what a confirmed ticket costs: its entries, each by the prices of its day.

    `terms_on` gives the terms of `work_days`, where the caller has them.

    Raises:
        NoTermsInForce: the vendor had no terms on that day.
        ValueError: the ticket was never solved.
    """
    if ticket.solved_at is None:
        raise ValueError(f"{ticket.number} was never solved, so it has no day of supply.")
    entries = sorted(ticket.entries.all(), key=lambda entry: (entry.started_at, entry.pk))
    on = local_day(ticket.vendor, ticket.solved_at)
    work = work_of(ticket.vendor, entries)
    return cost_of(ticket, work, on=on, agreed=agreed_of(ticket), terms_on=terms_on)


def open_estimate(ticket: Ticket) -> Estimate | None:
    """Return the estimate that waits for the customer's answer, or None."""
    return Estimate.objects.filter(ticket=ticket, state=Estimate.State.PROPOSED).first()


def question(estimate: Estimate) -> AskEstimate:
    """Return an estimate as the app asks it, in its own language: the text, its hash, both results side by side."""
    vendor = estimate.ticket.vendor
    clause = terms_of(estimate.ticket.terms).clause(estimate.clause).label
    vat = vat_on(vendor, local_day(vendor, estimate.proposed_at))

    def shown(net: Money) -> CostShown:
        with translation.override(estimate.language):
            return CostShown(str(net.amount), net.currency, net_words(net, vat), clause)

    return AskEstimate(
        estimate=str(estimate.pk),
        text=estimate.text,
        text_sha256=estimate.text_sha256,
        if_yes=shown(Money(estimate.net_if_accepted, estimate.currency)),
        if_no=shown(Money(estimate.net_if_declined, estimate.currency)),
    )


def billable(vendor: Vendor) -> list[Billable]:
    """Return what can be invoiced, by customer: confirmed, not invoiced, and with something to pay.

    A fixed number of queries, however many tickets there are.
    """
    tickets = list(
        Ticket.objects.select_related("customer", "contact", "vendor", "terms__vendor", "complaint")
        .defer("terms__text")
        .prefetch_related(
            "entries__session", "estimates__priced_by__vendor", "travels", "customer__one_off_fees"
        )
        .filter(vendor=vendor, state=Ticket.State.CONFIRMED, confirmed_at__isnull=False)
        .filter(Q(entries__isnull=False) | Q(travels__isnull=False), settlement__invoice_lines=None)
        .order_by("customer__name", "sequence")
        .distinct()
    )
    terms = terms_on_days(vendor, {day for ticket in tickets for day in work_days(ticket)})
    found: dict[Customer, tuple[list[Ticket], list[Cost]]] = {}
    for ticket in tickets:
        cost = cost_to_settle(ticket, terms.__getitem__)
        if cost.unpriced or cost.bill.net.amount > 0:
            kept = found.setdefault(ticket.customer, ([], []))
            kept[0].append(ticket)
            kept[1].append(cost)
    return [
        Billable(customer, tuple(theirs), net, net_words(net, costs[0].vat))
        for customer, (theirs, costs) in found.items()
        for net in (sum((cost.bill.net for cost in costs), Money.zero(costs[0].bill.currency)),)
    ]


def invoices_of(ticket: Ticket) -> list[Invoice]:
    """Return the invoices that charge a ticket, without their PDFs."""
    return list(
        Invoice.objects.defer("pdf").filter(lines__settlement__ticket=ticket).distinct().order_by("id")
    )


def vat_on(vendor: Vendor, day: date) -> VatRate:
    """Return the VAT rate of a vendor's day.

    Raises:
        NoTermsInForce: the vendor has no terms on that day.
    """
    _version, terms = terms_in_force(vendor, day)
    prices = terms.price_list(day)
    return prices.vat if prices else VatRate(None)
