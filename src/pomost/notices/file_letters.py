"""What the customer is told of a file that the vendor sent: that it is there, what changed, and by which sum it is known.

A file that the customer sent is no news to them; what is on its way is none to anybody.
"""

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pomost.files.models import Version
from pomost.journal.models import Fact
from pomost.notices.letter import Letter
from pomost.notices.letters import Writer
from pomost.people.formats import file_size
from pomost.tickets.models import Ticket


def kept(fact: Fact, ticket: Ticket) -> Letter | None:
    """Say that a file of the vendor's is there to be fetched."""
    if fact.by.startswith("contact:"):
        return None
    version = Version.objects.get(pk=fact.data["version"])
    days = settings.FILES_KEEP_DAYS
    stays = ngettext("It stays for %(days)s day.", "It stays for %(days)s days.", days) % {"days": days}
    title = (
        _("Request %(number)s: a corrected copy is there")
        if version.number > 1
        else _("Request %(number)s: a file for you")
    )
    return Letter(
        title=title % {"number": ticket.number},
        rows=[
            (_("File"), f"{version.name}, {file_size(version.size)}"),
            ("SHA-256", version.sha256),
        ],
        quoted=version.note,
        quoted_from=_("What changed") if version.note else "",
        closing=[_("Fetch it on the page of the request and say there that it came whole."), stays],
        button=_("To the files"),
        address=reverse("portal:files", args=[ticket.vendor.slug, ticket.number]),
    )


FILE_WRITERS: Final[Mapping[str, tuple[str, Writer]]] = {"file.kept": ("file", kept)}
