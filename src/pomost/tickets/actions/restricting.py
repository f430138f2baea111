"""Support is restricted for misuse or conduct, for longer, or no more; and what time alone does to a restriction.

A reason of the terms carries it ([[refusal]]); without one nobody is restricted. It comes up in a request, which is its
occasion, and holds for that request, for who reported it, or for their firm. Each change is a step that is never changed
(triggers hold it), each request under it gets the decision with its clause. Appeals are actions/appealing.py, what a
restriction refuses is tickets/restricted.py.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from pomost.contracts.queries import local_day, terms_in_force
from pomost.journal import actions as journal
from pomost.people.models import Technician, Vendor
from pomost.people.roles import at_least, may
from pomost.rules import restriction as rules
from pomost.rules.decision import Fact, Subject
from pomost.rules.restriction import RESTRICTING, Scope, Unfit
from pomost.rules.terms.model import Unknown
from pomost.tickets.actions.explained import keep_decision
from pomost.tickets.actions.hold import NOT_OVER, OPEN, bounded, given, hold, iso
from pomost.tickets.actions.work import stop_work
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import DecisionKept, Restriction, RestrictionAppeal, RestrictionStep, Ticket
from pomost.tickets.restricted import (
    concerned,
    standing_among,
    standing_for,
    tickets_under,
    value_of,
    with_names,
)

WORDS_CHARACTERS_MAX: Final = 1000
"""Of what happened, and of every reason: the customer reads them."""

RESTRICTS: Final = Technician.Role.DISPATCHER
"""The narrowest role that may."""

Kind = RestrictionStep.Kind


@transaction.atomic
def restrict(
    occasion: Ticket,
    *,
    scope: str,
    refusal: str,
    what_happened: str,
    until_at: datetime | None = None,
    review_at: datetime | None = None,
    technician: Technician,
    by: str,
    at: datetime,
) -> Restriction:
    """Restrict support from now on; work that goes on under it is put aside.

    Args:
        occasion: the request in which it came up, in whatever state.
        scope: "request", "contact" (who reported it) or "customer".
        refusal: key of a reason in the terms of today.
        what_happened: in words that the customer reads.
        until_at: the first moment at which it holds no more; None: without an end, and `review_at` is needed.
        review_at: when somebody looks at it again.
        technician: whose decision it is; a dispatcher at least.
        by: as in the journal: the technician, or the program that notes it.
        at: aware.

    Raises:
        TicketRefused: the terms name no such reason, the time does not fit, nothing is said of what happened, the
            technician may not decide it, or the same is restricted for the same reason already.
    """
    _may_restrict(technician, occasion.vendor_id)
    kept = words(what_happened)
    _fits(until_at, review_at, at)
    # Tickets before the vendor, the older first, as everybody who locks several does.
    held = {each.pk: hold(each.pk) for each in _open_of(occasion, Scope(scope))}
    occasion = held.get(occasion.pk) or hold(occasion)
    # New requests wait for this lock: none is registered between the decision and its being kept with all of them.
    vendor = Vendor.objects.select_for_update(no_key=True).get(pk=occasion.vendor_id)
    version, terms = terms_in_force(vendor, local_day(vendor, at))
    try:
        reason = terms.refusal(refusal)
    except Unknown as unknown:
        raise TicketRefused(
            _("The terms name no such reason to refuse support. Choose one that they name.")
        ) from unknown
    same = Restriction.objects.filter(
        customer_id=occasion.customer_id, scope=scope, refusal=refusal, ended_at=None
    )
    about = concerned(occasion)
    # One whose time is over does not stand in the way, though the sweep that ends it may still be to come.
    if any(each.holds(at) and each.concerns(about) for each in map(value_of, with_names(same))):
        raise TicketRefused(_("This is restricted for this reason already. Make that restriction longer."))
    row = Restriction.objects.create(
        vendor=vendor,
        occasion=occasion,
        customer=occasion.customer,
        contact=occasion.contact,
        scope=scope,
        refusal=refusal,
        clause=reason.clause,
        terms=version,
        what_happened=kept,
        imposed_by=f"technician:{technician.pk}",
        starts_at=at,
        until_at=until_at,
        review_at=review_at,
        next_at=until_at or review_at,
    )
    keep_step(row, Kind.IMPOSED, person=row.imposed_by, text=kept, by=by, at=at)
    restriction_fact(
        row,
        "imposed",
        by=by,
        at=at,
        refusal=refusal,
        clause=row.clause,
        version=version.version,
        scope=scope,
        until_at=iso(until_at),
        review_at=iso(review_at),
    )
    for ticket in under(row):
        keep_decision(ticket, rules.decision(value_of(row), "restricted"), by=by, at=at)
        if ticket.pk in held and ticket.state in OPEN and ticket.began_at is not None:
            stop_work(ticket, reason=row.clause, by=by, at=at)
    return row


@transaction.atomic
def extend_restriction(
    row: Restriction,
    reason: str,
    *,
    until_at: datetime | None = None,
    review_at: datetime | None = None,
    technician: Technician,
    by: str,
    at: datetime,
) -> Restriction:
    """Let a restriction last longer, or shorter: until another moment, or without an end until it is looked at.

    Raises:
        TicketRefused: it has ended, the time does not fit or is the same, there is no reason, or the technician may not.
    """
    _may_restrict(technician, row.vendor_id)
    row = hold_restriction(row, at)
    kept = words(reason)
    _fits(until_at, review_at, at)
    if (until_at, review_at) == (row.until_at, row.review_at):
        raise TicketRefused(_("It lasts so already. Choose another day."))
    row.until_at, row.review_at, row.next_at = until_at, review_at, until_at or review_at
    keep_step(row, Kind.EXTENDED, person=f"technician:{technician.pk}", text=kept, by=by, at=at)
    row.save(update_fields=["until_at", "review_at", "next_at"])
    restriction_fact(
        row,
        "extended",
        by=by,
        at=at,
        until_at=iso(until_at),
        review_at=iso(review_at),
        reason=kept,
        clause=row.clause,
    )
    changed = rules.decision(
        value_of(row), "restricted", Fact("decided-by", f"technician:{technician.pk}"), Fact("reason", kept)
    )
    for ticket in under(row):
        keep_decision(ticket, changed, by=by, at=at)
    return row


@transaction.atomic
def lift_restriction(
    row: Restriction, reason: str, *, technician: Technician, by: str, at: datetime
) -> Restriction:
    """End a restriction before its time; an appeal that waits is overtaken by it.

    Raises:
        TicketRefused: it has ended, there is no reason, or the technician may not.
    """
    _may_restrict(technician, row.vendor_id)
    row = hold_restriction(row, at)
    kept = words(reason)
    keep_end(row, Kind.LIFTED, person=f"technician:{technician.pk}", text=kept, ended_at=at, by=by, at=at)
    _overtake(row, at)
    return row


@transaction.atomic
def pass_time(row_id: int, now: datetime) -> bool:
    """Do what has fallen due: a restriction lapses, or somebody is to look at one without an end."""
    row = _held(row_id)
    if row.next_at is None or row.next_at > now:
        return False  # it was lifted or made longer in the meantime
    if row.until_at is not None:
        keep_end(row, Kind.LAPSED, person="", text="", ended_at=row.until_at, by="desk", at=now)
        _overtake(row, now)
        return True
    keep_step(row, Kind.REVIEW_DUE, person="", text="", by="desk", at=now)
    row.next_at = None
    row.save(update_fields=["next_at"])
    whom = Technician.objects.filter(
        vendor_id=row.vendor_id, role__in=at_least(RESTRICTS), person__is_active=True
    ).order_by("pk")
    restriction_fact(
        row, "review-due", by="desk", at=now, technicians=list(whom.values_list("pk", flat=True))
    )
    return True


def keep_step(row: Restriction, kind: Kind, *, person: str, text: str, by: str, at: datetime) -> None:
    """Add a step with how long the restriction lasts after it; the row itself is saved afterwards."""
    RestrictionStep.objects.create(
        restriction=row,
        kind=kind,
        person=person,
        text=text,
        until_at=row.until_at,
        review_at=row.review_at,
        ended_at=row.ended_at,
        by=by,
        at=at,
    )


def keep_end(
    row: Restriction,
    kind: Kind,
    *,
    person: str,
    text: str,
    ended_at: datetime,
    by: str,
    at: datetime,
    **data: object,
) -> None:
    """End a restriction that is held, and tell each request that was under it what holds now; `data` joins the fact."""
    row.ended_at, row.next_at = ended_at, None
    keep_step(row, kind, person=person, text=text, by=by, at=at)
    row.save(update_fields=["ended_at", "next_at"])
    restriction_fact(
        row,
        str(kind),
        by=by,
        at=at,
        reason=text,
        clause=row.clause,
        **data,
    )
    more = (Fact("decided-by", person), Fact("answer", text)) if person else ()
    told = _told_of(row)
    others = standing_among(told, at)
    for ticket in told:
        other = others.get(ticket.pk)
        value = value_of(other or row)
        over = rules.decision(value, "restricted" if other else str(kind), *(() if other else more))
        keep_decision(ticket, over, by=by, at=at)


def keep_restricted(ticket: Ticket, *, by: str, at: datetime) -> None:
    """Keep with a new request that is held that support is restricted for it, where it is."""
    row = standing_for(ticket, at)
    if row is not None:
        keep_decision(ticket, rules.decision(value_of(row), "restricted"), by=by, at=at)


def hold_restriction(row: Restriction, at: datetime) -> Restriction:
    """Return the restriction locked and read anew.

    Raises:
        TicketRefused: it has ended, or its time is over.
    """
    held = _held(row.pk)
    if not value_of(held).holds(at):
        raise TicketRefused(_("This restriction has ended. Nothing is changed."))
    return held


def words(text: str) -> str:
    """Return a reason without blank edges.

    Raises:
        TicketRefused: nothing is left of it, or it is too long.
    """
    return bounded(given(text), WORDS_CHARACTERS_MAX)


def under(row: Restriction) -> list[Ticket]:
    """Return the requests under a restriction that are not over, and its occasion in any case, the oldest first."""
    found = tickets_under(row, _tickets(row).filter(state__in=NOT_OVER))
    if row.occasion_id not in {each.pk for each in found}:
        found.append(row.occasion)
    return sorted(found, key=lambda each: each.pk)


def restriction_fact(row: Restriction, verb: str, /, *, by: str, at: datetime, **data: object) -> None:
    """Record what happened to a restriction, at its occasion: "restriction." and `verb`."""
    journal.record(
        f"restriction.{verb}",
        vendor=row.vendor.slug,
        subject=f"ticket:{row.occasion_id}",
        by=by,
        at=at,
        data={"restriction": row.pk} | data,
    )


def _told_of(row: Restriction) -> list[Ticket]:
    """Return the requests under a restriction whose last word about restrictions is that one stands."""
    last = dict(
        DecisionKept.objects.filter(subject=Subject.RESTRICTION.value, ticket__customer_id=row.customer_id)
        .order_by("id")
        .values_list("ticket_id", "outcome")
    )
    told = [key for key, outcome in last.items() if outcome in RESTRICTING]
    return tickets_under(row, _tickets(row).filter(pk__in=told).order_by("pk"))


def _tickets(row: Restriction) -> QuerySet[Ticket]:
    return Ticket.objects.select_related("vendor", "terms__vendor", "contact", "customer").filter(
        customer_id=row.customer_id
    )


def _open_of(occasion: Ticket, scope: Scope) -> QuerySet[Ticket]:
    """Return the requests that are not over and would fall under a restriction, the oldest first."""
    reach = {
        Scope.CUSTOMER: Q(customer_id=occasion.customer_id),
        Scope.CONTACT: Q(contact_id=occasion.contact_id),
        Scope.REQUEST: Q(pk=occasion.pk) | Q(split_from=occasion) | Q(pk=occasion.merged_into_id),
    }[scope]
    return Ticket.objects.filter(reach, state__in=NOT_OVER).order_by("pk")


def _held(key: int) -> Restriction:
    # The vendor first, as who restricts and who registers: what a new request hears of it is true once we let go.
    Vendor.objects.select_for_update(no_key=True).get(
        pk__in=Restriction.objects.filter(pk=key).values("vendor")
    )
    return with_names(Restriction.objects.select_for_update(of=("self",), no_key=True)).get(pk=key)


def _overtake(row: Restriction, at: datetime) -> None:
    """Let an appeal that waits be over, since nothing is left to decide."""
    RestrictionAppeal.objects.filter(restriction=row, state=RestrictionAppeal.State.WAITING).update(
        state=RestrictionAppeal.State.OVERTAKEN, decided_at=at
    )


def _may_restrict(technician: Technician, vendor_id: int) -> None:
    if technician.vendor_id != vendor_id or not technician.person.is_active:
        raise TicketRefused(_("%(name)s does not work for this vendor.") % {"name": technician.person.name})
    if not may(technician, RESTRICTS):
        raise TicketRefused(_("Only a dispatcher or the owner restricts support. Tell them what happened."))


def _fits(until_at: datetime | None, review_at: datetime | None, now: datetime) -> None:
    why = rules.unfit(until_at, review_at, now)
    if why is Unfit.NO_END:
        raise TicketRefused(_("Say until when it holds, or when somebody looks at it again: one of the two."))
    if why is Unfit.PAST:
        raise TicketRefused(_("That day is over. Choose a later one."))
    if why is Unfit.TOO_FAR:
        raise TicketRefused(
            _("Nobody is restricted for longer than a year without another look. Choose a day within a year.")
        )
