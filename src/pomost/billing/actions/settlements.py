"""The step from a confirmed solution to what may be charged."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.billing.errors import BillingRefused
from pomost.billing.models import Complaint, Estimate, Settlement
from pomost.contracts.queries import terms_of
from pomost.journal.actions import record
from pomost.remote.models import RemoteSession
from pomost.tickets.models import Ticket
from pomost.tickets.visiting import has_begun, open_visit


@transaction.atomic
def settle(ticket: Ticket, *, by: str, at: datetime) -> Settlement:
    """Say that a request's work may be charged. Settling twice is harmless.

    Raises:
        BillingRefused: its solution is not confirmed, an estimate was declined where a "no" costs nothing, one waits
            for its answer, a session still runs, a visit that has begun is not entered, or it looks at a complaint that is
            not rejected.
    """
    ticket = (
        Ticket.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vendor", "terms__vendor")
        .get(pk=ticket.pk)
    )
    settled = Settlement.objects.filter(ticket=ticket).first()
    if settled is not None:
        return settled
    number = {"number": ticket.number}
    complaint = Complaint.objects.filter(follow_up=ticket).first()
    if complaint is not None and complaint.state != Complaint.State.REJECTED:
        raise BillingRefused(
            _("%(number)s looks at a complaint, and that is free unless it is rejected.") % number
        )
    estimates = Estimate.objects.filter(ticket=ticket)
    if estimates.filter(state=Estimate.State.DECLINED, decline_leaves_zero=True).exists():
        raise BillingRefused(
            _("The customer declined the estimate of %(number)s, and the terms then leave nothing to pay.")
            % number
        )
    if ticket.state != Ticket.State.CONFIRMED or ticket.confirmed_at is None:
        raise BillingRefused(
            _("The solution of %(number)s is not confirmed, so nothing can be charged yet.") % number
        )
    if estimates.filter(state=Estimate.State.PROPOSED).exists():
        raise BillingRefused(_("An estimate of %(number)s waits for the customer's answer.") % number)
    if RemoteSession.objects.filter(ticket=ticket).exclude(state=RemoteSession.State.ENDED).exists():
        raise BillingRefused(_("A session about %(number)s still runs. End it first.") % number)
    visit = open_visit(ticket)
    if visit is not None and has_begun(visit, at):
        raise BillingRefused(
            _("A visit for %(number)s has begun and is not entered. Enter it, or call it off.") % number
        )
    terms = terms_of(ticket.terms)
    clause = terms.invoice.clause if terms.invoice else ticket.verdict["clause"]
    settlement = Settlement.objects.create(ticket=ticket, settled_at=at, clause=clause)
    record(
        "ticket.settled",
        vendor=ticket.vendor.slug,
        subject=f"ticket:{ticket.pk}",
        by=by,
        at=at,
        data={"settlement": settlement.pk, "clause": clause},
    )
    return settlement
