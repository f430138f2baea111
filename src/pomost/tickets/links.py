"""One-click answers from a mail: a signed address that stands for one question to one contact.

Owns what is signed and how long it holds. A link needs no sign-in, so it can do one thing only: answer the proposal it
was made for, once, or appeal against one restriction. It says nothing itself; the page behind it asks again. Refuses what
is forged, expired or superseded.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from pomost.people.errors import NotFound, Refused
from pomost.people.models import Contact, Vendor
from pomost.tickets.models import Restriction, SeverityProposal
from pomost.tickets.restricted import with_names

SALT: Final = "pomost.tickets.severity"
RESTRICTION_SALT: Final = "pomost.tickets.restriction"
VALID_FOR: Final = timedelta(days=7)
"""Counted from the proposal, so that a mail that was tried for long gives no more time than another one."""
TOKEN_CHARACTERS_MAX: Final = 300
"""Ours have about 130; what is longer is not looked at."""


class LinkExpired(Refused):
    """The link was good once. `str(error)` says until when, and what to do now."""


@dataclass(frozen=True, slots=True)
class SeverityLink:
    """The question behind a link, and who was asked."""

    proposal: SeverityProposal
    contact: Contact


def severity_token(proposal: SeverityProposal, contact: Contact) -> str:
    """Return what stands in the address; the same each time, so that a mail that is tried again says the same."""
    until = int((proposal.proposed_at + VALID_FOR).timestamp())
    return _signer().sign_object({"p": proposal.pk, "c": contact.pk, "u": until})


def severity_link(token: str, vendor: Vendor, now: datetime) -> SeverityLink:
    """Return the question behind a token, answered or not: whether it is still open its `proposal.state` says.

    Raises:
        NotFound: it is not a token of ours, was changed on its way, or belongs to another vendor.
        LinkExpired: its time is over and nobody answered.
    """
    if len(token) > TOKEN_CHARACTERS_MAX:
        raise _unknown()
    try:
        signed = _signer().unsign_object(token)
        proposal_id, contact_id, until = (int(signed[key]) for key in ("p", "c", "u"))
    except (BadSignature, ValueError, KeyError, TypeError) as forged:
        raise _unknown() from forged
    proposal = (
        SeverityProposal.objects.select_related(
            "ticket__vendor", "ticket__customer", "ticket__contact", "ticket__terms__vendor", "consent"
        )
        .filter(pk=proposal_id, ticket__vendor=vendor)
        .first()
    )
    contact = Contact.objects.filter(pk=contact_id, customer__vendor=vendor).first()
    if proposal is None or contact is None or contact.customer_id != proposal.ticket.customer_id:
        raise _unknown()
    if now >= datetime.fromtimestamp(until, UTC) and proposal.state == SeverityProposal.State.OPEN:
        raise LinkExpired(
            _(
                "This link was good for %(days)d days and is not any more. Nothing has changed. "
                "Answer in the portal or by phone."
            )
            % {"days": VALID_FOR.days}
        )
    return SeverityLink(proposal, contact)


@dataclass(frozen=True, slots=True)
class RestrictionLink:
    """The restriction behind a link, and who was told of it."""

    restriction: Restriction
    contact: Contact


def restriction_token(restriction: Restriction, contact: Contact) -> str:
    """Return what stands in the address of a restriction; it holds as long as there is something to read."""
    return _signer(RESTRICTION_SALT).sign_object({"r": restriction.pk, "c": contact.pk})


def restriction_link(token: str, vendor: Vendor) -> RestrictionLink:
    """Return the restriction behind a token, whether it stands or has ended.

    Raises:
        NotFound: it is not a token of ours, was changed on its way, or belongs to another vendor or contact.
    """
    if len(token) > TOKEN_CHARACTERS_MAX:
        raise _unknown()
    try:
        signed = _signer(RESTRICTION_SALT).unsign_object(token)
        restriction_id, contact_id = (int(signed[key]) for key in ("r", "c"))
    except (BadSignature, ValueError, KeyError, TypeError) as forged:
        raise _unknown() from forged
    restriction = with_names(Restriction.objects.filter(pk=restriction_id, vendor=vendor)).first()
    contact = Contact.objects.filter(pk=contact_id, customer__vendor=vendor).first()
    if restriction is None or contact is None or contact.customer_id != restriction.customer_id:
        raise _unknown()
    return RestrictionLink(restriction, contact)


def _signer(salt: str = SALT) -> Signer:
    return Signer(salt=salt, sep=".")


def _unknown() -> NotFound:
    return NotFound(
        _("This link is not complete or was changed. Open it from the mail again, or answer by phone.")
    )
