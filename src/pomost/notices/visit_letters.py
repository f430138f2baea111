"""What the customer is told of a visit: the proposed day, the agreed one with a file for their calendar, its end.

Owns the words and the events of the calendar file; the file itself is people/calendar_file.py. A visit keeps one event for
life, and each agreed change of it is newer than the last (SEQUENCE), so that calendars replace it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pomost.journal.models import Fact
from pomost.notices.letter import Attachment, Letter
from pomost.notices.letters import Writer
from pomost.people.calendar_file import Agreed, Method, Party, calendar_file, media_type
from pomost.people.models import Technician
from pomost.tickets.models import Ticket, Visit
from pomost.tickets.queries.sentences import moment_words
from pomost.tickets.visiting import visit_uid, visit_words

FILE_NAME: Final = "visit.ics"


def proposed(fact: Fact, ticket: Ticket) -> Letter | None:
    """Ask for a word on the proposed day."""
    visit = _as_told(fact, ticket, Visit.State.PROPOSED)
    if visit is None:
        return None
    return Letter(
        title=_("Request %(number)s: the day of a visit") % {"number": ticket.number},
        paragraphs=[visit_words(visit, get_language() or ticket.contact.language)],
        closing=[_("The time is kept free for you. Agree to it, or ask for another day.")],
        button=_("Answer about the day"),
    )


def agreed(fact: Fact, ticket: Ticket) -> Letter | None:
    """Confirm the agreed day, with a file for the calendar."""
    visit = _as_told(fact, ticket, Visit.State.AGREED)
    if visit is None:
        return None
    return Letter(
        title=_("Request %(number)s: the visit is agreed") % {"number": ticket.number},
        paragraphs=[visit_words(visit, get_language() or ticket.contact.language)],
        closing=[_("If the day does not suit you any more, ask for another one on the page of the request.")],
        button=_("Open the request"),
        attachment=_file(fact, ticket, Method.REQUEST),
    )


def off(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell that somebody does not come then: called off, or another day is wanted."""
    if fact.data["starts_at"] is None:
        return None  # no day stood
    when = moment_words(datetime.fromisoformat(fact.data["starts_at"]))
    moved = fact.kind == "ticket.visit-moved"
    told = [_("The visit on %(moment)s does not take place.") % {"moment": when}]
    told += [_("We propose another day.")] if moved else list(filter(None, [fact.data["reason"]]))
    return Letter(
        title=_("Request %(number)s: no visit on that day") % {"number": ticket.number},
        paragraphs=told,
        button=_("Open the request"),
        attachment=_file(fact, ticket, Method.CANCEL),
    )


def _as_told(fact: Fact, ticket: Ticket, state: Visit.State) -> Visit | None:
    """Return the visit as the fact tells of it; None where it was answered, moved or called off since."""
    found = Visit.objects.select_related("technician__person", "ticket__vendor").filter(
        pk=fact.data["visit"], ticket=ticket, state=state, sequence=fact.data["sequence"]
    )
    return found.first()


def _file(fact: Fact, ticket: Ticket, method: Method) -> Attachment:
    technician = Technician.objects.select_related("person").get(pk=fact.data["technician"])
    visit = Visit.objects.get(pk=fact.data["visit"])
    event = Agreed(
        uid=visit_uid(ticket, visit.pk),
        sequence=fact.data["sequence"],
        starts_at=datetime.fromisoformat(fact.data["starts_at"]),
        ends_at=datetime.fromisoformat(fact.data["ends_at"]),
        zone=ticket.vendor.zone,
        title=_("Visit: %(vendor)s, request %(number)s")
        % {"vendor": ticket.vendor.name, "number": ticket.number},
        text=_("Who comes: %(name)s.") % {"name": technician.person.name},
        place=f"{visit.city}, {visit.address}" if visit.address else visit.city,
        organizer=Party(ticket.vendor.name, ticket.vendor.sender),
        attendees=[Party(ticket.contact.name, ticket.contact.email)],
    )
    return Attachment(FILE_NAME, calendar_file([event], method, at=fact.at), media_type(method))


VISIT_WRITERS: Final[Mapping[str, tuple[str, Writer]]] = {
    "ticket.visit-proposed": ("visit", proposed),
    "ticket.visit-agreed": ("visit", agreed),
    "ticket.visit-moved": ("visit", off),
    "ticket.visit-cancelled": ("visit", off),
}
"""Kind of fact to the kind of mail and its writer."""
