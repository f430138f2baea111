"""When a technician is not there. What was booked before stays booked: staff are shown it and settle it with the customer.

The technician's row is the lock, as for bookings: a booking and an absence made at the same moment see each other.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.journal.actions import record
from pomost.people.models import Technician
from pomost.tickets.actions.hold import bounded, iso
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Absence


@transaction.atomic
def note_absence(
    technician: Technician, starts_at: datetime, ends_at: datetime, *, reason: str = "", by: str, at: datetime
) -> Absence:
    """Note that a technician is not there; bookings in that time stay (`queries.absences` shows them).

    Raises:
        TicketRefused: the time is reversed or past, the reason is too long, or they are away then already.
    """
    held = hold_technician(technician)
    name = held.person.name
    if ends_at <= starts_at:
        raise TicketRefused(_("The absence would end before it begins. Check both."))
    if ends_at <= at:
        raise TicketRefused(_("This time is past: nobody can be booked in it any more."))
    kept = bounded(" ".join(reason.split()), Absence._meta.get_field("reason").max_length or 0)
    if Absence.objects.filter(technician=held, starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise TicketRefused(
            _("%(name)s is away then already. Take the other absence back first.") % {"name": name}
        )
    absence = Absence.objects.create(
        technician=held, starts_at=starts_at, ends_at=ends_at, reason=kept, by=by, at=at
    )
    _fact("absence-noted", absence, by=by, at=at)
    return absence


@transaction.atomic
def withdraw_absence(absence: Absence, *, by: str, at: datetime) -> None:
    """Take an absence back: the technician can be booked then again. Harmless if somebody did so already."""
    hold_technician(absence.technician)
    held = Absence.objects.select_related("technician__vendor").filter(pk=absence.pk).first()
    if held is not None:
        _fact("absence-withdrawn", held, by=by, at=at)
        held.delete()


def hold_technician(technician: Technician) -> Technician:
    """Return the technician, locked: whoever changes what fills their day waits here."""
    return (
        Technician.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person", "vendor")
        .get(pk=technician.pk)
    )


def _fact(verb: str, absence: Absence, *, by: str, at: datetime) -> None:
    record(
        f"technician.{verb}",
        vendor=absence.technician.vendor.slug,
        subject=f"technician:{absence.technician_id}",
        by=by,
        at=at,
        data={
            "absence": absence.pk,
            "starts_at": iso(absence.starts_at),
            "ends_at": iso(absence.ends_at),
            "reason": absence.reason,
        },
    )
