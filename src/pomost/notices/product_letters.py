"""What customers are told about the product: that a release mends their error, and how an outdated version is updated.

The language of the contact and the zone of the vendor have been made current by the caller, as for letters.py.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pomost.contracts.queries import local_day
from pomost.journal.models import Fact
from pomost.notices.letter import Letter
from pomost.people import formats
from pomost.tickets.models import ErrorLink, Release, Ticket
from pomost.tickets.queries import advice_for, in_language


def mended(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell a contact, once a release, which of their errors it mends; nothing where no request of theirs is about one now."""
    release = Release.objects.filter(pk=fact.data["release"]).first()
    if release is None or release.released_on is None:
        return None
    contact, language = ticket.contact, ticket.contact.language
    # Whoever shares the mailbox within the customer reads the same mail, so it names their requests too.
    links = list(
        ErrorLink.objects.filter(
            error__release=release,
            ticket__customer=ticket.customer,
            ticket__contact__email__iexact=contact.email,
        )
        .select_related("error", "ticket")
        .order_by("error__sequence", "ticket__sequence")
    )
    if not links:
        return None
    version = {"version": release.version}
    titles = list(dict.fromkeys(in_language(link.error.title, language) for link in links))
    numbers = list(dict.fromkeys(link.ticket.number for link in links))
    paragraphs = [
        ngettext(
            "Version %(version)s mends the error that you met:",
            "Version %(version)s mends the errors that you met:",
            len(titles),
        )
        % version,
        *(f"– {title}" for title in titles),
    ]
    if notes := in_language(release.notes, language):
        paragraphs.append(notes)
    return Letter(
        title=_("Request %(number)s: version %(version)s mends it") % {"number": ticket.number, **version},
        paragraphs=paragraphs,
        rows=[
            (_("Version"), release.version),
            (_("Released on"), formats.date_words(release.released_on)),
            (ngettext("Your request", "Your requests", len(numbers)), ", ".join(numbers)),
        ],
        closing=[_("Update, please. If the error comes back after that, answer under this number.")],
        button=_("Open the request"),
    )


def update_advice(ticket: Ticket) -> list[str]:
    """Return what to say about an outdated version: which one to update to, and what is known; nothing for others."""
    advice = advice_for(ticket, local_day(ticket.vendor, ticket.registered_at))
    if advice is None:
        return []
    language = ticket.contact.language
    update = (
        [_("Please update to version %(version)s.") % {"version": advice.newest.version}]
        if advice.newest
        else []
    )
    known = [
        f"{in_language(error.title, language)}: {way}"
        for error in advice.solutions
        if (way := in_language(error.workaround, language))
    ]
    return update + known
