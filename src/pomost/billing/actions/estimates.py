"""A price named before work goes on, and the customer's signed answer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from pomost.billing.costs import Agreed, Cost, Work, agreed_of, cost_of, estimate_rule, work_entered
from pomost.billing.errors import BillingRefused
from pomost.billing.meter import RUNNING
from pomost.billing.models import Estimate
from pomost.billing.queries import open_estimate, running_seconds
from pomost.billing.spoken import net_words
from pomost.contracts.models import TermsVersion
from pomost.contracts.queries import local_day, terms_in_force
from pomost.journal.actions import record
from pomost.people.formats import length_words
from pomost.people.models import Contact, Technician
from pomost.rules.decision import Fact
from pomost.rules.money import Money, VatRate
from pomost.tickets.actions import (
    ConsentGiven,
    close,
    give_back,
    price_answered,
    price_named,
    record_clock_event,
    record_consent,
)
from pomost.tickets.models import Ticket
from pomost.tickets.overrun import holding, working_service

State = Estimate.State


@transaction.atomic
def propose_estimate(
    ticket: Ticket,
    *,
    technician: Technician,
    more_seconds: int,
    reason: str,
    quoted_net: Decimal | None = None,
    by: str,
    at: datetime,
) -> Estimate:
    """Name the price of going on, and of stopping here, in the customer's language.

    Args:
        ticket: work on it goes on.
        technician: who names it.
        more_seconds: work still to come, beyond what is worked already, a running session included.
        reason: why it takes longer, in words for the customer.
        quoted_net: a fixed net sum for the whole work, where the tariff is by quotation.
        by: as in the journal.
        at: aware.

    Raises:
        BillingRefused: the request is not in work, an estimate waits for its answer, there is nothing to price, or
            the terms state no rate and no sum is given.
    """
    ticket = _held(ticket)
    if ticket.state not in (Ticket.State.OPEN, Ticket.State.WAITING):
        raise BillingRefused(
            _("Request %(number)s is not in work, so there is nothing to estimate.")
            % {"number": ticket.number}
        )
    if open_estimate(ticket) is not None:
        raise BillingRefused(_("An estimate waits for the customer's answer. Wait for it first."))
    if more_seconds <= 0 or not reason.strip():
        raise BillingRefused(_("Say how much longer it takes, and why."))
    offer = _offer(ticket, more_seconds, quoted_net, at)
    now, then, vat = offer.so_far.bill.net, offer.whole.bill.net, offer.whole.vat
    rule, over = estimate_rule(ticket), holding(ticket)
    leaves_zero = rule is not None and rule.rule.declined_leaves == "nothing"
    if_no = Money.zero(now.currency) if leaves_zero else now
    language = ticket.contact.language
    with translation.override(language):
        text = _text(reason.strip(), more_seconds, then, if_no, vat)
    estimate = Estimate.objects.create(
        ticket=ticket,
        technician=technician,
        more_seconds=more_seconds,
        net_if_accepted=then.amount,
        net_if_declined=if_no.amount,
        currency=then.currency,
        quoted_net=quoted_net,
        covers_seconds=offer.covers_seconds,
        priced_by=offer.version,
        priced_on=offer.priced_on,
        decline_leaves_zero=leaves_zero,
        reason=reason.strip(),
        clause=over.clause if over else rule.rule.clause if rule else ticket.verdict["clause"],
        text=text,
        text_sha256=sha256(text.encode()).hexdigest(),
        language=language,
        proposed_at=at,
    )
    record_clock_event(ticket, "estimate.proposed", happened_at=at, by=by, at=at)
    price_named(ticket, by=by, at=at)
    _fact(estimate, "proposed", by=by, at=at)
    return estimate


@dataclass(frozen=True, slots=True)
class _Offer:
    """What an estimate names: the price so far and of the whole, and how far the sum reaches."""

    so_far: Cost
    whole: Cost
    version: TermsVersion
    """Whose prices it names."""
    priced_on: date
    covers_seconds: int | None


def _offer(ticket: Ticket, more_seconds: int, quoted_net: Decimal | None, at: datetime) -> _Offer:
    """Return what going on would cost: by the prices accepted before, or else by today's."""
    today = local_day(ticket.vendor, at)
    done = list(work_entered(ticket))
    running = running_seconds(ticket)
    service = working_service(ticket)

    def with_running(seconds: int) -> list[Work]:
        more = Work(service, ticket.family, RUNNING, seconds, today, today, None)
        return [*done, more] if seconds else done

    agreed = agreed_of(ticket)
    so_far = cost_of(ticket, with_running(running), on=today, agreed=agreed)
    version, day = agreed.priced_by, agreed.priced_on
    if version is None:
        (version, _terms), day = terms_in_force(ticket.vendor, today), today
    quoted = None if quoted_net is None else Money(quoted_net, so_far.bill.currency)
    accepted = Agreed("accepted", quoted or agreed.quoted, None, version, day)
    whole = cost_of(ticket, with_running(running + more_seconds), on=today, agreed=accepted)
    if not whole.jobs:
        raise BillingRefused(_("This work is included, so there is nothing to estimate."))
    if quoted is not None and all(job.tariff.tariff.kind != "quoted" for job in whole.jobs):
        raise BillingRefused(_("This work has a rate in the price list; a fixed sum cannot replace it."))
    if whole.unpriced:
        raise BillingRefused(_("The terms state no rate for this work. Name a fixed sum."))
    return _Offer(so_far, whole, version, day, _covered(whole, accepted))


def _covered(whole: Cost, accepted: Agreed) -> int | None:
    """Return the work that the named sum pays for: all of it, and what is left of the last unit or the minimum.

    None where a fixed sum pays for the work however long it takes.
    """
    last = whole.jobs[-1]
    if accepted.quoted is not None and last.tariff.tariff.kind == "quoted":
        return None
    return whole.worked_seconds + max(0, last.charge.billed_seconds - last.worked_seconds)


def _text(reason: str, more_seconds: int, whole: Money, if_no: Money, vat: VatRate) -> str:
    """Return the question, in the active language. Both results stand in it."""
    said = {
        "reason": reason if reason[-1] in ".!?…" else f"{reason}.",
        "more": length_words(timedelta(seconds=more_seconds)),
        "amount": net_words(whole, vat),
        "rest": net_words(if_no, vat),
    }
    if if_no.amount == 0:
        return _("%(reason)s More work: %(more)s; %(amount)s in all. If you decline, you pay nothing.") % said
    return (
        _("%(reason)s More work: %(more)s; %(amount)s in all. If you decline, you pay %(rest)s so far.")
        % said
    )


@transaction.atomic
def decide_estimate(
    estimate: Estimate,
    *,
    accepted: bool,
    text_sha256: str,
    contact: Contact,
    channel: str,
    session: str = "",
    by: str,
    at: datetime,
) -> Estimate:
    """Keep the customer's answer as a signed consent. It is final.

    After a "no" where the terms leave nothing to pay, the request is closed and can never be charged. Where they leave
    the time worked, the request stays open for what was done.

    Args:
        estimate: the open question.
        accepted: yes or no.
        text_sha256: hash of the text that the customer was shown.
        contact: who answers, of the same customer.
        channel: "portal", "app" or "phone".
        session: id of the session in which it was answered, else empty.
        by: the contact, or the technician who notes the call.
        at: aware.

    Raises:
        BillingRefused: it was answered before, or the answer is to another text.
        TicketRefused: the contact is at another customer.
    """
    ticket = _held(estimate.ticket)
    estimate = Estimate.objects.select_for_update(no_key=True).get(pk=estimate.pk)
    if estimate.state != State.PROPOSED:
        raise BillingRefused(_("This estimate was answered before. The first answer holds."))
    if estimate.text_sha256 != text_sha256:
        raise BillingRefused(
            _("The answer is to another text than the one that was asked. Read it again, then answer.")
        )
    estimate.consent = record_consent(
        ticket,
        ConsentGiven("estimate", accepted, estimate.text, estimate.language),
        contact=contact,
        channel=channel,
        session=session,
        by=by,
        at=at,
    )
    estimate.state, estimate.decided_at = (State.ACCEPTED if accepted else State.DECLINED), at
    estimate.save(update_fields=["consent", "state", "decided_at"])
    record_clock_event(ticket, f"estimate.{estimate.state}", happened_at=at, by=by, at=at)
    after_time = price_answered(ticket, accepted=accepted, by=by, at=at)
    _fact(estimate, estimate.state, by=by, at=at)
    if not accepted and not after_time:  # what was used of the package before its time ran out stays used
        give_back(ticket, Fact.of("estimate-declined", True), by=by, at=at)
    if not accepted and estimate.decline_leaves_zero:
        with translation.override(ticket.vendor.language):
            close(ticket, _("The customer declined the estimate; nothing is to be paid."), by=by, at=at)
    return estimate


def _held(ticket: Ticket) -> Ticket:
    return (
        Ticket.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vendor", "customer", "contact", "terms__vendor")
        .get(pk=ticket.pk)
    )


def _fact(estimate: Estimate, how: str, *, by: str, at: datetime) -> None:
    ticket = estimate.ticket
    record(
        f"estimate.{how}",
        vendor=ticket.vendor.slug,
        subject=f"ticket:{ticket.pk}",
        by=by,
        at=at,
        data={
            "estimate": estimate.pk,
            "more_seconds": estimate.more_seconds,
            "net_if_accepted": str(estimate.net_if_accepted),
            "net_if_declined": str(estimate.net_if_declined),
            "currency": estimate.currency,
        },
    )
