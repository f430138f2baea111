"""Who hears of a release: every contact whose request is about an error that it mends, each once.

Owns the facts from which the mails are written: one on each such request, of which one for each contact says `tell`.
The table ReleaseTold holds that nobody is told twice, whoever writes at the same time.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from pomost.tickets.actions.hold import fact
from pomost.tickets.models import ErrorLink, KnownError, Release, ReleaseTold, Ticket


def tell_of_release(
    release: Release, errors: Sequence[KnownError], tickets: Sequence[Ticket], *, by: str, at: datetime
) -> int:
    """Record on each request that its error is mended; return how many contacts hear of it.

    The errors are locked by the caller, so no request joins them meanwhile. Two contacts of one customer with one mail
    address are one: they share the mail.
    """
    before = ReleaseTold.objects.filter(release=release).select_related("ticket__contact")
    heard = {_mailbox(each.ticket) for each in before}
    about = defaultdict[int, list[int]](list)
    for link in ErrorLink.objects.filter(error__in=errors, ticket__in=tickets).select_related("error"):
        about[link.ticket_id].append(link.error.sequence)
    told = 0
    for ticket in sorted(tickets, key=lambda each: -each.sequence):
        tells = _mailbox(ticket) not in heard
        if tells:
            _row, tells = ReleaseTold.objects.get_or_create(
                release=release, contact=ticket.contact, defaults={"ticket": ticket, "at": at}
            )
            heard.add(_mailbox(ticket))
            told += tells
        fact(
            ticket,
            "error-mended",
            by=by,
            at=at,
            release=release.pk,
            version=release.version,
            errors=sorted(about[ticket.pk]),
            tell=tells,
        )
    return told


def _mailbox(ticket: Ticket) -> tuple[int, str]:
    """Return where a contact is reached: the mail address within the customer, else the contact alone."""
    contact = ticket.contact
    return ticket.customer_id, contact.email.casefold() or f"contact:{contact.pk}"
