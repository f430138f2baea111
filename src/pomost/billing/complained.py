"""How work stands after its confirmation: until when it may be complained of, and how far the vendor is liable.

Reads only. The window and its verdict are rules/warranty.py's; what was paid for the work is corrected.py's.
"""

from datetime import datetime

from pomost.billing.corrected import pay_received
from pomost.billing.models import Complaint, InvoiceLine
from pomost.contracts.calendars import CalendarBook
from pomost.contracts.queries import terms_of
from pomost.rules.decision import Decision, Fact, Subject
from pomost.rules.money import Money
from pomost.rules.warranty import judge_complaint
from pomost.tickets.models import Ticket


def next_service_at(ticket: Ticket, confirmed_at: datetime) -> datetime | None:
    """Return when the next service that the customer ordered begins, agreed or real; None where there is none.

    What is registered to look at a complaint is no order.
    """
    later = Ticket.objects.filter(customer=ticket.customer_id, sequence__gt=ticket.sequence, complaint=None)
    rows = later.values_list("booking__starts_at", "began_at")
    return min((at for row in rows for at in row if at is not None and at > confirmed_at), default=None)


def judged(ticket: Ticket, at: datetime) -> Decision:
    """Return how a complaint about a confirmed ticket would stand that came at `at`.

    Raises:
        ValueError: the ticket was never confirmed.
    """
    if ticket.confirmed_at is None:
        raise ValueError(f"{ticket.number} was never confirmed, so nothing can be complained of.")
    terms = CalendarBook.of(ticket.vendor_id).applied_to(terms_of(ticket.terms))
    return judge_complaint(terms, ticket.confirmed_at, at, next_service_at(ticket, ticket.confirmed_at))


def liability(ticket: Ticket) -> Decision | None:
    """Return how far the vendor is liable for the work on a ticket: at most the pay received for it (D8).

    None where the terms do not limit it.
    """
    terms = terms_of(ticket.terms)
    clause = terms.warranty.liability_cap_clause if terms.warranty else None
    if clause is None:
        return None
    line = InvoiceLine.objects.select_related("invoice").filter(settlement__ticket=ticket).first()
    paid = pay_received(line.invoice, ticket.pk) if line else Money.zero(terms.vendor.currency)
    return Decision(
        Subject.LIABILITY, "pay-received", clause, (Fact.of("pay-received", paid),), terms.version
    )


def complaints_about(ticket: Ticket) -> list[Complaint]:
    """Return what was complained of, the newest first."""
    rows = Complaint.objects.select_related("contact", "follow_up").filter(ticket=ticket)
    return list(rows.order_by("-received_at", "-pk"))
