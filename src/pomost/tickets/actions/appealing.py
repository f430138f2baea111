"""The customer says that a restriction is wrong, and somebody else than who restricted decides, once.

Who may decide and when an appeal is possible is rules/restriction.py. Granting an appeal lifts the restriction in the same
transaction; upholding leaves it as it is. Where nobody but the one who restricted can decide, the record says so.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.people.models import Contact, Technician
from pomost.rules import restriction as rules
from pomost.rules.decision import Fact
from pomost.rules.restriction import MayAppeal, MayDecide
from pomost.tickets.actions.explained import keep_decision
from pomost.tickets.actions.hold import bounded, given
from pomost.tickets.actions.restricting import (
    Kind,
    hold_restriction,
    keep_end,
    keep_step,
    restriction_fact,
    under,
    words,
)
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Restriction, RestrictionAppeal, RestrictionStep
from pomost.tickets.restricted import value_of

State = RestrictionAppeal.State

APPEAL_CHARACTERS_MAX: Final = 2000


@transaction.atomic
def appeal_restriction(
    row: Restriction, text: str, *, contact: Contact, by: str, at: datetime
) -> RestrictionAppeal:
    """Register what a contact of the restricted customer says against it.

    Raises:
        TicketRefused: it has ended, one waits for its answer, the last was answered lately, there is no text or too long
            a one, or the contact is another customer's.
    """
    row = hold_restriction(row, at)
    if contact.customer_id != row.customer_id or (
        row.scope == Restriction.Scope.CONTACT and contact.pk != row.contact_id
    ):
        raise TicketRefused(_("%(name)s cannot appeal against this restriction.") % {"name": contact.name})
    kept = bounded(given(text), APPEAL_CHARACTERS_MAX)
    may = may_appeal_now(row, at)
    if may is MayAppeal.WAITS:
        raise TicketRefused(_("Your appeal is here and waits for its answer."))
    if may is MayAppeal.TOO_SOON:
        raise TicketRefused(
            _("An appeal was answered lately. Another one is possible %(days)s days after the answer.")
            % {"days": rules.APPEAL_AGAIN_AFTER.days}
        )
    appeal = RestrictionAppeal.objects.create(
        restriction=row, contact=contact, text=kept, appealed_at=at, by=by
    )
    keep_step(row, Kind.APPEALED, person=f"contact:{contact.pk}", text=kept, by=by, at=at)
    whom = deciders_of(row) or _owners(row)
    restriction_fact(
        row,
        "appealed",
        by=by,
        at=at,
        appeal=appeal.pk,
        clause=row.clause,
        technicians=[each.pk for each in whom],
    )
    return appeal


@transaction.atomic
def decide_appeal(
    appeal: RestrictionAppeal,
    *,
    grant: bool,
    reason: str,
    technician: Technician,
    by: str,
    at: datetime,
) -> RestrictionAppeal:
    """Grant an appeal, which lifts the restriction, or uphold the restriction; the customer reads the reason.

    Raises:
        TicketRefused: it was decided already, the restriction has ended, there is no reason, or the technician may not:
            no owner, or who restricted while another owner can decide.
    """
    row = hold_restriction(appeal.restriction, at)
    appeal = RestrictionAppeal.objects.select_related("contact").get(pk=appeal.pk)
    if appeal.state != State.WAITING:
        raise TicketRefused(_("This appeal was decided already. Nothing is changed."))
    person = f"technician:{technician.pk}"
    may = rules.may_decide(person, restricted_by(row), [f"technician:{each.pk}" for each in _owners(row)])
    if may is MayDecide.NOT_OWNER:
        raise TicketRefused(_("Only an owner decides an appeal."))
    if may is MayDecide.OWN:
        raise TicketRefused(_("Who restricted does not decide the appeal. Another owner can."))
    kept = words(reason)
    appeal.state = State.GRANTED if grant else State.UPHELD
    appeal.decided_by, appeal.alone, appeal.reason, appeal.decided_at = (
        person,
        may is MayDecide.ALONE,
        kept,
        at,
    )
    appeal.save(update_fields=["state", "decided_by", "alone", "reason", "decided_at"])
    said = {"appeal": appeal.pk, "contact": appeal.contact_id, "alone": appeal.alone}
    if grant:
        keep_end(row, Kind.LIFTED, person=person, text=kept, ended_at=at, by=by, at=at, **said)
        return appeal
    keep_step(row, Kind.UPHELD, person=person, text=kept, by=by, at=at)
    restriction_fact(row, "upheld", by=by, at=at, reason=kept, clause=row.clause, **said)
    facts = [
        Fact("appeal", appeal.text),
        Fact.of("appealed-at", appeal.appealed_at),
        Fact("decided-by", person),
        Fact("answer", kept),
    ]
    if appeal.alone:
        facts.append(Fact.of("decided-alone", True))
    for ticket in under(row):
        keep_decision(ticket, rules.decision(value_of(row), "upheld", *facts), by=by, at=at)
    return appeal


def may_appeal_now(row: Restriction, now: datetime) -> MayAppeal:
    """Say whether an appeal against a restriction is possible now."""
    appeals = [
        rules.Appeal(each.appealed_at, each.decided_at)
        for each in RestrictionAppeal.objects.filter(restriction=row)
    ]
    extended = (
        RestrictionStep.objects.filter(restriction=row, kind=Kind.EXTENDED)
        .order_by("-id")
        .values_list("at", flat=True)
        .first()
    )
    return rules.may_appeal(value_of(row), appeals, extended, now)


def restricted_by(row: Restriction) -> set[str]:
    """Return whose decision it is that the restriction lasts as it does: who imposed it and who changed how long."""
    steps = RestrictionStep.objects.filter(restriction=row, kind__in=(Kind.IMPOSED, Kind.EXTENDED))
    return set(steps.values_list("person", flat=True))


def deciders_of(row: Restriction) -> list[Technician]:
    """Return the owners who may decide an appeal; empty where only who restricted is left."""
    own = restricted_by(row)
    return [each for each in _owners(row) if f"technician:{each.pk}" not in own]


def _owners(row: Restriction) -> list[Technician]:
    return list(
        Technician.objects.select_related("person")
        .filter(vendor_id=row.vendor_id, role=Technician.Role.OWNER, person__is_active=True)
        .order_by("pk")
    )
