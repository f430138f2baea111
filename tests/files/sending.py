"""What tests of files share: permits and short ways to send something whole."""

import hashlib
from datetime import UTC, datetime

from people import by
from pomost.files import actions
from pomost.files.models import Version
from pomost.files.permits import Permit
from pomost.people.models import Contact, Technician

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
SUBJECT = "ticket:1"


def nobody(version: Version) -> None:
    """Hear of a version and do nothing."""


def permit_of(
    person: Contact | Technician,
    owner: Contact,
    *,
    kind: str = "backup",
    parent: Version | None = None,
    subject: str = SUBJECT,
) -> Permit:
    """Return a permit to send a file of the owner's customer."""
    return Permit(owner.customer, subject, kind, parent, by(person), "en")


def digest(content: bytes) -> str:
    """Return the SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def sent(
    permit: Permit, content: bytes, *, name: str = "base.zip", note: str = "", at: datetime = NOW
) -> Version:
    """Send a file in one piece."""
    upload = actions.begin_upload(
        permit, name=name, size=len(content), sha256=digest(content), note=note, at=at
    )
    actions.append(upload.pk, 0, content, at=at)
    return actions.finish(upload.pk, arrived=nobody, at=at)
