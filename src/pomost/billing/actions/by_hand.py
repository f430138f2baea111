"""Time entered by hand, asked first whether the customer agreed to it.

The desk never enters silently what nobody agreed to: without a word on how to go on the entry is refused, with the minutes
and the clause. What was worked is a fact, so it can be kept knowingly; it then costs nothing until a price is accepted.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.billing.actions.estimates import propose_estimate
from pomost.billing.by_hand import Beyond, BeyondAgreed, beyond_agreed
from pomost.billing.errors import BillingRefused
from pomost.billing.models import Estimate
from pomost.people.models import Technician
from pomost.tickets.models import Ticket
from pomost.worklog.actions import check_time, enter_call, enter_data_work
from pomost.worklog.models import Entry


class GoOn(StrEnum):
    """What becomes of the part that the customer did not agree to."""

    ASK = "ask"
    """Nobody has said yet: nothing is entered, and the answer says why."""
    FITTING = "fitting"
    """Only the part that was agreed to is entered."""
    UNCHARGED = "uncharged"
    """All is entered; the rest costs nothing until the customer accepts a price."""


@dataclass(frozen=True, slots=True)
class Worked:
    """Work that was done without a session."""

    source: str
    """`call` or `data`."""
    worked_seconds: int
    started_at: datetime
    note: str = ""
    service: str = ""
    """Its key in the terms; empty: what is worked on."""


@transaction.atomic
def enter_by_hand(
    ticket: Ticket, worked: Worked, *, technician: Technician, go_on: GoOn = GoOn.ASK, by: str, at: datetime
) -> Entry:
    """Enter work as far as the customer agreed to it, or as `go_on` says.

    Raises:
        BeyondAgreed: part of it was not agreed to, and `go_on` is ASK.
        BillingRefused: none of it was agreed to, so no part fits.
        EntryRefused: the request is over, or the time cannot be.
    """
    ticket, beyond = _looked_at(ticket, worked, at)
    if beyond is None or go_on is GoOn.UNCHARGED:
        return _enter(ticket, worked, worked.worked_seconds, technician=technician, by=by, at=at)
    if go_on is GoOn.ASK:
        raise BeyondAgreed(beyond)
    if not beyond.left_seconds:
        raise BillingRefused(
            _("Nothing is left of what the customer agreed to, so no part of the entry fits. Name a price.")
        )
    return _enter(ticket, worked, beyond.left_seconds, technician=technician, by=by, at=at)


@transaction.atomic
def enter_and_estimate(
    ticket: Ticket, worked: Worked, *, technician: Technician, by: str, at: datetime
) -> Estimate:
    """Enter the part that the customer agreed to, and name the price of the rest, with the note as its reason.

    Raises:
        BillingRefused: all of it was agreed to, or the price cannot be named.
        EntryRefused: the request is over, or the time cannot be.
    """
    ticket, beyond = _looked_at(ticket, worked, at)
    if beyond is None:
        raise BillingRefused(
            _("The customer agreed to all of this work. Enter it; no price has to be named.")
        )
    if beyond.left_seconds:
        _enter(ticket, worked, beyond.left_seconds, technician=technician, by=by, at=at)
    return propose_estimate(
        ticket,
        technician=technician,
        more_seconds=beyond.beyond_seconds,
        reason=worked.note,
        by=by,
        at=at,
    )


def _looked_at(ticket: Ticket, worked: Worked, at: datetime) -> tuple[Ticket, Beyond | None]:
    """Return the ticket, locked so that two entries at once cannot both take the last minutes, and how far this one reaches."""
    check_time(worked.worked_seconds, worked.started_at, at)
    ticket = (
        Ticket.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vendor", "customer", "contact", "terms__vendor")
        .get(pk=ticket.pk)
    )
    return ticket, beyond_agreed(ticket, worked.worked_seconds)


def _enter(
    ticket: Ticket, worked: Worked, seconds: int, *, technician: Technician, by: str, at: datetime
) -> Entry:
    """Enter the first `seconds` of what was worked."""
    enter = enter_call if worked.source == Entry.Source.CALL else enter_data_work
    return enter(
        ticket,
        technician=technician,
        service=worked.service,
        worked_seconds=seconds,
        started_at=worked.started_at,
        note=worked.note,
        by=by,
        at=at,
    )
