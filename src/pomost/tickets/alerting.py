"""Tell staff before a promise breaks, and after it broke: each moment once, whatever is swept twice or restarted.

Owns what was told and to whom; when is rules/alerts.py. A moment counts as told once somebody was told at or after it,
so a clock that moves on is warned about anew, and one that only moves back is not. What is told is a fact; the mail
reads it (notices).
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from pomost.people.models import Technician
from pomost.rules.alerts import AlertDue, alerts_ahead
from pomost.rules.terms.parts import AlertTo
from pomost.tickets.models import AlertTold, Ticket
from pomost.tickets.running import Running, Standing

Told = Mapping[tuple[str, str], datetime]
"""When each (clock, step) was told last."""

Role = Technician.Role
OVER = (Ticket.State.CONFIRMED, Ticket.State.CLOSED)


def told_of(ticket: Ticket) -> Told:
    """Return what was told about the clocks of a ticket."""
    rows = AlertTold.objects.filter(ticket=ticket).order_by("told_at")
    return {(row.clock, row.step): row.told_at for row in rows}


def untold(running: Running, found: Standing, told: Told, now: datetime) -> list[AlertDue]:
    """Return the alerts of a clock that nobody was told yet, past and future, the earliest first."""
    key = running.promise.promise.key
    ahead = alerts_ahead(running.promise, running.state, found.events, now, found.others)
    left = [due for due in ahead if (last := told.get((key, due.alert.step))) is None or last < due.at]
    return sorted(left, key=lambda due: due.at)


def next_alert(
    ticket: Ticket, running: Running, found: Standing, told: Told, now: datetime
) -> datetime | None:
    """Return when staff are to be told about a clock next, which may be past; None: not any more, or not yet known."""
    if ticket.state in OVER:
        return None
    return next((due.at for due in untold(running, found, told, now)), None)


def keep_told(ticket: Ticket, running: Running, due: AlertDue, now: datetime) -> dict[str, object]:
    """Write down that an alert is told now, and return the data of its fact."""
    promise, due_at = running.promise.promise, running.state.due_at
    assert due_at is not None  # noqa: S101 (alerts_ahead yields none otherwise)
    whom = recipients(ticket, due.alert.to)
    AlertTold.objects.create(
        ticket=ticket,
        clock=promise.key,
        step=due.alert.step,
        due_at=due_at,
        at=due.at,
        told_at=now,
        technicians=[each.pk for each in whom],
    )
    return {
        "clock": promise.key,
        "clause": promise.clause,
        "step": due.alert.step,
        "due_at": due_at.isoformat(),
        "technicians": [each.pk for each in whom],
    }


def recipients(ticket: Ticket, to: Collection[AlertTo]) -> list[Technician]:
    """Return whom to tell, each once: where nobody has the request the dispatchers, where there are none the owners."""
    found: list[Technician] = []
    for who in to:
        if who is AlertTo.ASSIGNEE and ticket.assigned_to is not None:
            here = [ticket.assigned_to] if ticket.assigned_to.person.is_active else []
        else:
            here = _of_role(ticket, Role.OWNER if who is AlertTo.OWNER else Role.DISPATCHER)
        found += here or _of_role(ticket, Role.OWNER)
    return list(dict.fromkeys(found))


def _of_role(ticket: Ticket, role: Role) -> list[Technician]:
    return list(
        Technician.objects.select_related("person")
        .filter(vendor_id=ticket.vendor_id, role=role, person__is_active=True)
        .order_by("pk")
    )
