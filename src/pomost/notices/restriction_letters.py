"""What a mail says about a restriction of support: to the contact that it came up with, who appealed, and who decides.

Owns the words. The customer's letters carry a link that works without sign-in, so that everybody can appeal. The shape of a
letter is letters.py.
"""

from collections.abc import Mapping
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from pomost.journal.models import Fact
from pomost.notices.letter import Letter
from pomost.notices.letters import Writer, restriction_address
from pomost.people.models import Contact
from pomost.rules.restriction import APPEAL_AGAIN_AFTER
from pomost.tickets.models import Restriction, RestrictionAppeal, Ticket
from pomost.tickets.restricted import reason_words, standing_for, until_words, who_words, with_names
from pomost.ui.restriction_parts import restriction_lines, while_restricted


def imposed(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell that support is restricted, or lasts otherwise: why, by which clause, until when, and how to appeal."""
    row = _row(fact)
    if row is None or row.ended_at is not None:
        return None
    number = {"number": ticket.number}
    extended = fact.kind == "restriction.extended"
    paragraphs = restriction_lines(row, fact.at)
    if extended:
        paragraphs.append(_("Why it lasts otherwise now: %(reason)s") % {"reason": fact.data["reason"]})
    return Letter(
        title=(
            _("Request %(number)s: the restriction lasts otherwise")
            if extended
            else _("Request %(number)s: support is restricted")
        )
        % number,
        paragraphs=[*paragraphs, while_restricted()],
        closing=[_("If you do not agree, write why: somebody else than who restricted decides.")],
        button=_("Why, and appeal"),
        address=restriction_address(row, ticket.contact),
    )


def lifted(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell that a restriction holds no more, and why; and which one still does."""
    row = _row(fact)
    return None if row is None else _over(row, fact, ticket, ticket.contact, [])


def granted(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell who appealed that the restriction holds no more because of it."""
    row, reader = _row(fact), _appellant(fact)
    return None if row is None else _over(row, fact, ticket, reader, [_("Your appeal was granted.")])


def _over(row: Restriction, fact: Fact, ticket: Ticket, reader: Contact, first: list[str]) -> Letter:
    paragraphs = [
        *first,
        _("The restriction for %(who)s holds no more (%(reason)s, § %(clause)s).")
        % {"who": who_words(row), "reason": reason_words(row), "clause": row.clause},
    ]
    if fact.data["reason"]:
        paragraphs.append(_("Reason: %(reason)s") % {"reason": fact.data["reason"]})
    number = {"number": ticket.number}
    other = standing_for(ticket, fact.at)
    if other is None:
        return Letter(
            title=_("Request %(number)s: support is not restricted any more") % number,
            paragraphs=[*paragraphs, _("Requests go on as before.")],
            button=_("Open the request"),
        )
    title = _("Request %(number)s: another restriction still stands") % number
    if other.scope == Restriction.Scope.CONTACT and other.contact_id != reader.pk:
        # Why a colleague is restricted is nobody else's to read.
        words = _("Support is restricted for who reported this request, %(until)s.")
        return Letter(
            title=title,
            paragraphs=[*paragraphs, words % {"until": until_words(other, fact.at)}],
            button=_("Open the request"),
        )
    return Letter(
        title=title,
        paragraphs=[*paragraphs, *restriction_lines(other, fact.at), while_restricted()],
        closing=[_("If you do not agree, write why: somebody else than who restricted decides.")],
        button=_("Why, and appeal"),
        address=restriction_address(other, reader),
    )


def upheld(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell who appealed that the restriction stays, and why."""
    row = _row(fact)
    if row is None:
        return None
    return Letter(
        title=_("Request %(number)s: answer to your appeal") % {"number": ticket.number},
        paragraphs=[
            _("The restriction stays, %(until)s.") % {"until": until_words(row, fact.at)},
            _("Reason: %(reason)s") % {"reason": fact.data["reason"]},
            *([_("Decided by who restricted, because nobody else could.")] if fact.data["alone"] else []),
        ],
        closing=[
            _("Another appeal is possible %(days)s days after this answer.")
            % {"days": APPEAL_AGAIN_AFTER.days}
        ],
        button=_("See the restriction"),
        address=restriction_address(row, _appellant(fact)),
    )


def appealed(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell those who decide that an appeal waits; nothing where it was decided in the meantime."""
    row = _row(fact)
    waiting = RestrictionAppeal.objects.filter(
        pk=fact.data["appeal"], state=RestrictionAppeal.State.WAITING
    ).first()
    if row is None or waiting is None:
        return None
    return Letter(
        title=_("An appeal waits: request %(number)s") % {"number": ticket.number},
        paragraphs=restriction_lines(row, fact.at),
        quoted=waiting.text,
        quoted_from=waiting.contact.name,
        button=_("Answer the appeal"),
        address=_in_the_console(row),
    )


def review_due(fact: Fact, ticket: Ticket) -> Letter | None:
    """Remind staff to look at a restriction without an end; nothing where it was lifted or changed in the meantime."""
    row = _row(fact)
    if row is None or row.ended_at is not None or row.next_at is not None:
        return None
    return Letter(
        title=_("Look at the restriction again: request %(number)s") % {"number": ticket.number},
        paragraphs=[*restriction_lines(row, fact.at), _("Lift it, or say how long it lasts from now on.")],
        button=_("See the restriction"),
        address=_in_the_console(row),
    )


def _row(fact: Fact) -> Restriction | None:
    return with_names(Restriction.objects.filter(pk=fact.data["restriction"])).first()


def _appellant(fact: Fact) -> Contact:
    return Contact.objects.get(pk=fact.data["contact"])


def _in_the_console(row: Restriction) -> str:
    return reverse("console:restriction", args=[row.vendor.slug, row.pk])


RESTRICTION_WRITERS: Final[Mapping[str, tuple[str, Writer]]] = {
    "restriction.imposed": ("restriction", imposed),
    "restriction.extended": ("restriction", imposed),
    "restriction.lifted": ("restriction", lifted),
    "restriction.lapsed": ("restriction", lifted),
}
"""Kind of fact to the kind of mail and its writer, for the contact of the request."""
APPELLANT_WRITERS: Final[Mapping[str, tuple[str, Writer]]] = {
    "restriction.lifted": ("restriction", granted),
    "restriction.upheld": ("restriction", upheld),
}
"""The same for who appealed, where the fact names a contact: any of the customer may have."""
RESTRICTION_STAFF_WRITERS: Final[Mapping[str, tuple[str, Writer]]] = {
    "restriction.appealed": ("appeal", appealed),
    "restriction.review-due": ("review", review_due),
}
"""The same for the staff that the fact names."""
