"""What the customer and the technician are told of a visit: the proposed day, the agreed one with a calendar file, its end.

Owns the words. A visit keeps one event for life, and each agreed change of it is newer than the last (SEQUENCE), so that
calendars replace it; what these letters share with those of agreed times is appointments.py.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pomost.journal.models import Fact
from pomost.notices.appointments import file_for_customer, file_for_staff, letter_to_staff, technician_of
from pomost.notices.letter import Attachment, Letter
from pomost.notices.letters import Writer
from pomost.people.calendar_file import Method
from pomost.tickets.models import Ticket, Visit
from pomost.tickets.queries import visit_name
from pomost.tickets.queries.sentences import moment_words
from pomost.tickets.visiting import visit_words


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


def agreed_for_staff(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell the technician that the customer agreed to the day."""
    visit = _as_told(fact, ticket, Visit.State.AGREED)
    if visit is None:
        return None
    return _to_staff(fact, ticket, _("Visit agreed: request %(number)s"), [], Method.REQUEST)


def off_for_staff(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell the technician that their time is free again, and what the customer wants or staff propose instead."""
    new = fact.data.get("new_starts_at")
    if new:
        title = _("Visit moved: request %(number)s")
        words = _("Proposed to the customer instead: %(moment)s.")
        more = words % {"moment": moment_words(datetime.fromisoformat(new))}
    elif fact.kind == "ticket.visit-moved":
        title, more = _("Another day is wanted: request %(number)s"), fact.data["wish"]
    else:
        title, more = _("Visit called off: request %(number)s"), fact.data["reason"]
    return _to_staff(fact, ticket, title, [more] if more else [], Method.CANCEL)


def _to_staff(fact: Fact, ticket: Ticket, title: str, words: list[str], method: Method) -> Letter | None:
    technician, place = technician_of(fact), _place(fact)
    if technician is None:
        return None
    address = reverse("console:visits", args=[ticket.vendor.slug, ticket.number])
    name = visit_name(ticket.vendor, fact.data["visit"], fact.data["sequence"])
    file = file_for_staff(fact, ticket, technician, name, method, place, address=address)
    return letter_to_staff(fact, ticket, title, file, address=address, words=words, place=place)


def _as_told(fact: Fact, ticket: Ticket, state: Visit.State) -> Visit | None:
    """Return the visit as the fact tells of it; None where it was answered, moved or called off since."""
    found = Visit.objects.select_related("technician__person", "ticket__vendor").filter(
        pk=fact.data["visit"], ticket=ticket, state=state, sequence=fact.data["sequence"]
    )
    return found.first()


def _place(fact: Fact) -> str:
    visit = Visit.objects.get(pk=fact.data["visit"])
    return ", ".join(each for each in (visit.city, visit.address) if each)


def _file(fact: Fact, ticket: Ticket, method: Method) -> Attachment | None:
    technician = technician_of(fact)
    if technician is None:
        return None
    name = visit_name(ticket.vendor, fact.data["visit"], fact.data["sequence"])
    return file_for_customer(fact, ticket, technician, name, method, _place(fact))


VISIT_WRITERS: Final[Mapping[str, tuple[str, Writer]]] = {
    "ticket.visit-proposed": ("visit", proposed),
    "ticket.visit-agreed": ("visit", agreed),
    "ticket.visit-moved": ("visit", off),
    "ticket.visit-cancelled": ("visit", off),
}
"""Kind of fact to the kind of mail and its writer, for the customer."""

VISIT_STAFF_WRITERS: Final[Mapping[str, tuple[str, Writer]]] = {
    "ticket.visit-agreed": ("visit", agreed_for_staff),
    "ticket.visit-moved": ("visit", off_for_staff),
    "ticket.visit-cancelled": ("visit", off_for_staff),
}
"""And for the technicians whom the fact names."""
