"""Reads about sessions: which ring, which run, and the record of one with its hash."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext as _

from pomost.people.models import Technician, Vendor
from pomost.remote.errors import SessionRefused
from pomost.remote.models import RemoteSession
from pomost.tickets.models import Restriction
from pomost.tickets.restricted import tickets_under
from pomost.wire.shape import canonical

State = RemoteSession.State


def find(session_id: UUID | str) -> RemoteSession:
    """Return a session by its id, for the engine, which knows no person.

    Raises:
        SessionRefused: there is none.
    """
    try:
        return RemoteSession.objects.select_related(
            "vendor", "technician__person", "ticket__contact", "ticket__vendor", "ticket__terms__vendor"
        ).get(pk=UUID(str(session_id)))
    except (ValueError, RemoteSession.DoesNotExist):
        raise SessionRefused(_("There is no such session.")) from None


def ringing(technician: Technician) -> RemoteSession | None:
    """Return the call that waits for a technician's answer, or None."""
    return (
        RemoteSession.objects.filter(technician=technician, state=State.RINGING).order_by("rung_at").first()
    )


def open_sessions(vendor: Vendor) -> list[RemoteSession]:
    """Return the vendor's sessions that ring or run, the oldest first."""
    return list(
        RemoteSession.objects.select_related("technician__person", "ticket__customer")
        .filter(vendor=vendor)
        .exclude(state=State.ENDED)
        .order_by("rung_at")
    )


def running_under(restriction: Restriction) -> list[RemoteSession]:
    """Return the sessions that run about requests under a restriction, the oldest first."""
    rows = (
        RemoteSession.objects.select_related("ticket", "technician__person")
        .filter(state=State.ANSWERED, ticket__customer_id=restriction.customer_id)
        .order_by("rung_at")
    )
    about = {each.ticket.pk: each.ticket for each in rows if each.ticket is not None}
    held = {each.pk for each in tickets_under(restriction, about.values())}
    return [each for each in rows if each.ticket_id in held]


def record_of(session: RemoteSession) -> bytes:
    """Return the record of a session as canonical JSON: who, what about, what was allowed when, how long, how it ended.

    It grows until the session ends and never changes after it, so its hash on an invoice names it for good.
    """
    events = session.events.order_by("id").values_list("kind", "at", "data")
    return canonical(
        {
            "session": str(session.pk),
            "vendor": session.vendor.slug,
            "technician": session.technician.person.name,
            "ticket": session.ticket.number if session.ticket else None,
            "caller": session.caller_name,
            "ceiling": session.ceiling,
            "offer_sha256": sha256(bytes(session.offer)).hexdigest() if session.offer else None,
            "metered_ms": session.metered_ms,
            "inputs": {"accepted": session.inputs_accepted, "dropped": session.inputs_dropped},
            "ended_at": _moment(session.ended_at) if session.ended_at else None,
            "events": [{"kind": kind, "at": _moment(at), "data": data} for kind, at, data in events],
        }
    )


def record_sha256(session: RemoteSession) -> str:
    """Return the SHA-256 of `record_of`, in hexadecimal."""
    return sha256(record_of(session)).hexdigest()


def _moment(at: datetime) -> str:
    """Write an instant in UTC, so that the same record has the same bytes wherever it is read."""
    return at.astimezone(UTC).isoformat()
