"""Files of a request as the technician meets them: fetch the backup, return a corrected copy with what changed.

The content itself never passes here (files/server.py).
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from pomost.console.answers import actor
from pomost.console.guard import technician_page
from pomost.console.shell import page
from pomost.files import access as files_access
from pomost.files.actions import note_taken
from pomost.files.models import File, Version
from pomost.files.permits import fetching_permit, sending_permit
from pomost.people import formats
from pomost.people.requests import DeskRequest
from pomost.tickets import access
from pomost.tickets.actions import subject_of
from pomost.tickets.models import Ticket
from pomost.ui.file_parts import FileView, PermitView, file_views

OVER = (Ticket.State.CONFIRMED, Ticket.State.CLOSED)


@dataclass(frozen=True, slots=True)
class ReturnView:
    """A file, and the permit to return a corrected copy of its newest version; None where the request is over."""

    file: FileView
    permits: list[PermitView]


@technician_page()
@require_safe
def files(request: DeskRequest, number: str) -> HttpResponse:
    """Show the files of a request, a place to return each corrected, and one to send another."""
    ticket = access.ticket(request.technician, number)
    is_over = ticket.state in OVER
    views = file_views(subject_of(ticket))
    newest = Version.objects.in_bulk([each.newest.key for each in views])
    context: dict[str, object] = {
        "ticket": ticket,
        "returns": [
            ReturnView(
                each,
                [] if is_over or not each.is_backup else [_permit(request, ticket, newest[each.newest.key])],
            )
            for each in views
        ],
        "permits": [] if is_over else [_permit(request, ticket, None)],
        "size_max": formats.file_size(settings.FILE_BYTES_MAX),
    }
    return page(request, "console/files.html", "board", context)


@technician_page()
@require_POST
def file_fetch(request: DeskRequest, number: str, file_version: int) -> HttpResponse:
    """Note who fetches a version, and lead to its content."""
    ticket = access.ticket(request.technician, number)
    version = files_access.version(request.technician, subject_of(ticket), file_version)
    note_taken(version, by=actor(request), at=request.now)
    return redirect(f"/files/fetch/{fetching_permit(version, request.now)}")


def _permit(request: DeskRequest, ticket: Ticket, parent: Version | None) -> PermitView:
    return PermitView(
        sending_permit(
            customer=ticket.customer,
            subject=subject_of(ticket),
            kind=File.Kind.BACKUP if parent else File.Kind.ATTACHMENT,
            parent=parent,
            by=actor(request),
            language=request.technician.person.language,
            at=request.now,
        )
    )
