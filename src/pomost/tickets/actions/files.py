"""What a file that arrived means for its request: the part that was asked for has come.

Files know their subject as a plain word; `subject_of` makes it and `file_came` reads it, and nobody else does.
"""

from pomost.contracts.queries import terms_of
from pomost.files.models import File, Version
from pomost.rules.terms.parts import PartKind
from pomost.tickets.actions.hold import UNSOLVED, hold
from pomost.tickets.actions.register import complete_missing
from pomost.tickets.models import Consent, Ticket

SUBJECT = "ticket:"


def subject_of(ticket: Ticket) -> str:
    """Return the word by which files and the journal know a ticket."""
    return f"{SUBJECT}{ticket.pk}"


def file_came(version: Version) -> None:
    """Note that a backup of the customer's has come, where the request lacked it. Any other file changes nothing.

    Call it in the transaction that keeps the version.
    """
    subject = version.file.subject
    is_backup = version.file.kind == File.Kind.BACKUP and version.by.startswith("contact:")
    if not is_backup or not subject.startswith(SUBJECT):
        return
    ticket = hold(int(subject.removeprefix(SUBJECT)))
    if ticket.state not in UNSOLVED:
        return
    asked = terms_of(ticket.terms).parts_for(ticket.service)
    parts = [part.id for part in asked if part.kind is PartKind.FILE and part.id in ticket.missing]
    if parts:
        complete_missing(ticket, parts=parts, channel=Consent.Channel.PORTAL, by=version.by, at=version.at)
