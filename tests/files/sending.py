"""What tests of files share: permits and short ways to send something whole."""

import hashlib
from datetime import UTC, datetime, timedelta

from people import by
from pomost.files import actions
from pomost.files.chain import GENESIS, Content, link
from pomost.files.models import File, Upload, Version
from pomost.files.permits import Permit
from pomost.people.models import Contact, Technician
from pomost.tickets.actions import subject_of
from pomost.tickets.models import Ticket

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


def on_record(ticket: Ticket, contact: Contact, *, at: datetime = NOW) -> Version:
    """Write a version of a backup without any content, for tests that only look at what is said of it."""
    said = Content(1, "base.zip", 7, digest(b"content"), "", by(contact), at)
    file = File.objects.create(
        vendor=ticket.vendor, customer=ticket.customer, subject=subject_of(ticket), kind="backup", at=at
    )
    upload = Upload.objects.create(
        vendor=ticket.vendor,
        customer=ticket.customer,
        subject=file.subject,
        kind=file.kind,
        name=said.name,
        size=said.size,
        offset=said.size,
        by=said.by,
        begun_at=at,
        expires_at=at,
        state="done",
        ended_at=at,
    )
    return Version.objects.create(
        file=file,
        upload=upload,
        announced=True,
        link=link(GENESIS, said),
        keep_until=at + timedelta(days=90),
        **said._asdict(),
    )
