"""Files of a request as the customer meets them: send a backup or an attachment, fetch what came back, give a receipt.

The content itself never passes here: the page hands out permits (files/permits.py), and the addresses below /files/ take
and give it.
"""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from pomost.contracts.queries import terms_of
from pomost.files import access as files_access
from pomost.files.actions import acknowledge, note_taken
from pomost.files.models import File
from pomost.files.permits import fetching_permit, sending_permit
from pomost.people import formats
from pomost.people.requests import DeskRequest
from pomost.portal.guard import contact_page
from pomost.portal.shell import page
from pomost.remote.offers import gates_of
from pomost.rules.terms.parts import GateKind, PartKind
from pomost.tickets import access
from pomost.tickets.actions import subject_of
from pomost.tickets.models import Ticket
from pomost.ui.file_parts import PermitView, file_views

OVER = (Ticket.State.CONFIRMED, Ticket.State.CLOSED)


@contact_page
@require_safe
def files(request: DeskRequest, number: str) -> HttpResponse:
    """Show the files of a request, and the place to send another one."""
    ticket = access.ticket_of_contact(request.contact, number)
    context: dict[str, object] = {
        "ticket": ticket,
        "files": file_views(subject_of(ticket)),
        "permits": _permits(request, ticket) if ticket.state not in OVER else [],
        "size_max": formats.file_size(settings.FILE_BYTES_MAX),
        "keep_days": settings.FILES_KEEP_DAYS,
    }
    return page(request, "portal/files.html", "requests", context)


@contact_page
@require_POST
def file_fetch(request: DeskRequest, number: str, file_version: int) -> HttpResponse:
    """Note who fetches a version, and lead to its content."""
    ticket = access.ticket_of_contact(request.contact, number)
    version = files_access.version_of_contact(request.contact, subject_of(ticket), file_version)
    note_taken(version, by=f"contact:{request.contact.pk}", at=request.now)
    return redirect(f"/files/fetch/{fetching_permit(version, request.now)}")


@contact_page
@require_POST
def file_receipt(request: DeskRequest, number: str, file_version: int) -> HttpResponse:
    """Keep the customer's word that a version is there, whole."""
    ticket = access.ticket_of_contact(request.contact, number)
    version = files_access.version_of_contact(request.contact, subject_of(ticket), file_version)
    acknowledge(version, request.POST.get("sha256", ""), by=f"contact:{request.contact.pk}", at=request.now)
    messages.info(request, gettext("Thank you. The receipt is kept with the file."))
    return redirect("portal:files", request.vendor.slug, ticket.number)


def needs_backup(ticket: Ticket) -> bool:
    """Say whether the terms speak of a backup for this request: as a part of it, or before a session."""
    terms = terms_of(ticket.terms)
    return any(part.kind is PartKind.FILE for part in terms.parts_for(ticket.service)) or any(
        gate.kind is GateKind.BACKUP_ATTESTED for gate in gates_of(ticket)
    )


def _permits(request: DeskRequest, ticket: Ticket) -> list[PermitView]:
    """Return what may be sent here; a backup comes first where the terms speak of one."""
    kinds = [
        (File.Kind.BACKUP, pgettext("file", "Backup copy of the data")),
        (File.Kind.ATTACHMENT, pgettext("file", "Picture, log or another file")),
    ]
    return [
        PermitView(
            sending_permit(
                customer=ticket.customer,
                subject=subject_of(ticket),
                kind=kind,
                by=f"contact:{request.contact.pk}",
                language=request.LANGUAGE_CODE or "",
                at=request.now,
            ),
            label,
        )
        for kind, label in (kinds if needs_backup(ticket) else reversed(kinds))
    ]
