"""The secret address of a technician's calendar: made, looked up, revoked.

Whoever has the address reads the calendar without sign-in, as calendar programs do. The secret has 256 bits of chance, so one
SHA-256 is enough and looking it up by its hash tells nothing. A new address ends the old one.
"""

import secrets
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.journal.actions import record
from pomost.people.errors import NotFound
from pomost.people.models import CalendarKey, Technician, Vendor

SECRET_BYTES: Final = 32
SECRET_CHARACTERS_MAX: Final = 64


@transaction.atomic
def make_calendar_key(technician: Technician, *, by: str, at: datetime) -> str:
    """Return a new secret for the address; the one before holds no longer. It cannot be shown again."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    CalendarKey.objects.update_or_create(
        technician=technician, defaults={"secret_sha256": _hash(secret), "made_at": at}
    )
    _fact(technician, "made", by=by, at=at)
    return secret


@transaction.atomic
def revoke_calendar_key(technician: Technician, *, by: str, at: datetime) -> None:
    """Let the address hold no longer. Harmless without one."""
    if CalendarKey.objects.filter(technician=technician).delete()[0]:
        _fact(technician, "revoked", by=by, at=at)


def technician_of_key(vendor: Vendor, secret: str) -> Technician:
    """Return whose calendar has this secret.

    Raises:
        NotFound: nobody's of this vendor, or the person was switched off.
    """
    found = (
        CalendarKey.objects.select_related("technician__person", "technician__vendor")
        .filter(
            secret_sha256=_hash(secret),
            technician__vendor=vendor,
            technician__person__is_active=True,
        )
        .first()
        if len(secret) <= SECRET_CHARACTERS_MAX
        else None
    )
    if found is None:
        raise NotFound(_("No calendar has this address. Make a new one on the page of the calendar."))
    return found.technician


def _hash(secret: str) -> str:
    return sha256(secret.encode(errors="replace")).hexdigest()


def _fact(technician: Technician, verb: str, *, by: str, at: datetime) -> None:
    record(
        f"technician.calendar-address-{verb}",
        vendor=technician.vendor.slug,
        subject=f"technician:{technician.pk}",
        by=by,
        at=at,
        data={},
    )
