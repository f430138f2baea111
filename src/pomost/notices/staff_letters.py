"""What the desk mails to its own staff: a promise that is about to break, and one that did.

Owns the words, in the language of the technician; who is told stands in the fact itself (`technicians`). What customers
are told, and the shape of a letter, is letters.py.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pomost.contracts.queries import terms_of
from pomost.journal.models import Fact
from pomost.notices.letter import Letter
from pomost.notices.letters import Writer
from pomost.rules.terms.model import said
from pomost.tickets.models import Clock, Ticket
from pomost.tickets.queries.sentences import moment_words


def warning(fact: Fact, ticket: Ticket) -> Letter | None:
    """Warn staff that a promise is about to break; nothing where it was kept or moved in the meantime."""
    clock = _clock_as_told(fact, ticket)
    if clock is None or clock.met is False:
        return None
    return Letter(
        title=_("Soon due: request %(number)s") % {"number": ticket.number},
        paragraphs=[_("%(promise)s: by %(moment)s (§ %(clause)s).") % _promise(clock, ticket)],
        rows=_for_staff(ticket),
        button=_("Open the request"),
        address=reverse("console:ticket", args=[ticket.vendor.slug, ticket.number]),
    )


def escalation(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell staff that a promise was missed; nothing where it turned out kept in the meantime."""
    clock = _clock_as_told(fact, ticket)
    if clock is None:
        return None
    return Letter(
        title=_("Late: request %(number)s") % {"number": ticket.number},
        paragraphs=[_("%(promise)s was due %(moment)s (§ %(clause)s).") % _promise(clock, ticket)],
        rows=_for_staff(ticket),
        button=_("Open the request"),
        address=reverse("console:ticket", args=[ticket.vendor.slug, ticket.number]),
    )


def _clock_as_told(fact: Fact, ticket: Ticket) -> Clock | None:
    """Return the clock that an alert is about while it still runs towards the same moment."""
    due_at = datetime.fromisoformat(fact.data["due_at"])
    return Clock.objects.filter(ticket=ticket, key=fact.data["clock"], due_at=due_at, stopped_at=None).first()


def _promise(clock: Clock, ticket: Ticket) -> dict[str, str]:
    language = get_language() or "en"
    names = {each.id: said(each.name, language) for each in terms_of(ticket.terms).promises}
    return {
        "promise": names[clock.key],
        "moment": moment_words(clock.due_at) if clock.due_at else "",
        "clause": clock.clause,
    }


def _for_staff(ticket: Ticket) -> list[tuple[str, str]]:
    who = ticket.assigned_to.person.name if ticket.assigned_to else _("nobody")
    return [
        (_("Number"), ticket.number),
        (_("Subject"), ticket.subject),
        (_("Customer"), ticket.customer.name),
        (_("In charge"), who),
    ]


STAFF_WRITERS: Final[Mapping[str, tuple[str, Writer]]] = {
    "ticket.promise-warned": ("warning", warning),
    "ticket.promise-escalated": ("escalation", escalation),
}
"""Kind of fact to the kind of mail and its writer, for the staff that the fact names (`technicians`)."""
