"""Errors of the product: found in a request, put into words, confirmed, joined by further requests (product.md C9).

Who is told when one is mended is releases.py; a request that is joined to an error already mended is told there as well.
Rows are locked in one order: the release, the errors by key, the request, the vendor.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from pomost.journal import actions as journal
from pomost.people.actions import LANGUAGES
from pomost.people.models import Vendor
from pomost.tickets.actions.hold import bounded, fact, hold
from pomost.tickets.actions.telling import tell_of_release
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import ErrorLink, KnownError, Ticket

TITLE_CHARACTERS_MAX: Final = 200
TEXT_CHARACTERS_MAX: Final = 5000
State = KnownError.State

Words = Mapping[str, str]
"""The same in several languages, by language."""


@transaction.atomic
def report_error(
    ticket: Ticket,
    *,
    title: Words,
    symptom: Words,
    workaround: Words | None = None,
    found_in: str = "",
    by: str,
    at: datetime,
) -> KnownError:
    """Keep a new error of the product that was found in a request; only staff see it until it is confirmed.

    Raises:
        TicketRefused: there is no title, a text is too long, or in a language that the desk does not speak.
    """
    ticket = hold(ticket)
    # Locked after the ticket, as a split does: the next count is nobody else's until this transaction ends.
    vendor = Vendor.objects.select_for_update(no_key=True).get(pk=ticket.vendor_id)
    last = KnownError.objects.filter(vendor=vendor).aggregate(last=Max("sequence"))["last"]
    error = KnownError.objects.create(
        vendor=vendor,
        sequence=(last or 0) + 1,
        family=ticket.family,
        title=_title(title),
        symptom=words(symptom),
        workaround=words(workaround or {}),
        found_in=(found_in or ticket.product_version).strip()[:40],
        reported_at=at,
        reported_by=by,
    )
    _record(error, "reported", by=by, at=at, title=error.title, ticket=ticket.number)
    _link(ticket, error, by=by, at=at)
    return error


@transaction.atomic
def link_error(ticket: Ticket, error: KnownError, *, by: str, at: datetime) -> KnownError:
    """Note that a request is about a known error; if a release has mended it already, the customer hears of that.

    Saying it twice changes and records nothing.

    Raises:
        TicketRefused: the error is another vendor's.
    """
    error = hold_error(error)
    ticket = hold(ticket)
    if error.vendor_id != ticket.vendor_id:
        raise TicketRefused(_("This error is not one of this desk's."))
    if not ErrorLink.objects.filter(error=error, ticket=ticket).exists():
        _link(ticket, error, by=by, at=at)
        if error.state == State.MENDED and error.release is not None:
            tell_of_release(error.release, [error], [ticket], by=by, at=at)
    return error


@transaction.atomic
def unlink_error(ticket: Ticket, error: KnownError, *, by: str, at: datetime) -> KnownError:
    """Take back that a request is about an error. Harmless where nobody said so."""
    error = hold_error(error)
    ticket = hold(ticket)
    gone, _each = ErrorLink.objects.filter(error=error, ticket=ticket).delete()
    if gone:
        fact(ticket, "error-unlinked", by=by, at=at, error=error.sequence, title=error.title)
    return error


@transaction.atomic
def reword_error(
    error: KnownError,
    *,
    title: Words,
    symptom: Words,
    workaround: Words,
    found_in: str,
    by: str,
    at: datetime,
) -> KnownError:
    """Put an error into other words: its title, how it shows, how to live with it until it is mended.

    Saying the same again records nothing.

    Raises:
        TicketRefused: as report_error.
    """
    error = hold_error(error)
    before = (error.title, error.symptom, error.workaround, error.found_in)
    after = (_title(title), words(symptom), words(workaround), found_in.strip()[:40])
    if before == after:
        return error
    error.title, error.symptom, error.workaround, error.found_in = after
    error.save(update_fields=["title", "symptom", "workaround", "found_in"])
    _record(error, "reworded", by=by, at=at, title=error.title)
    return error


@transaction.atomic
def confirm_error(error: KnownError, *, by: str, at: datetime) -> KnownError:
    """Say that it is the product's error: from now on customers can read it. Saying it twice is harmless."""
    error = hold_error(error)
    if error.state == State.FOUND:
        error.state = State.CONFIRMED
        error.save(update_fields=["state"])
        _record(error, "confirmed", by=by, at=at, title=error.title)
    return error


def hold_error(error: KnownError) -> KnownError:
    """Return the error locked and read anew.

    Not joined to its release: who has waited for the lock gets the row as it is now, beside what was joined to it before.
    """
    return (
        KnownError.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vendor")
        .get(pk=error.pk)
    )


def words(given: Words) -> dict[str, str]:
    """Return a text by language without blank ones.

    Raises:
        TicketRefused: it is too long, or in a language that the desk does not speak.
    """
    kept = {language: bounded(text, TEXT_CHARACTERS_MAX) for language, text in given.items() if text.strip()}
    for language in kept:
        if language not in LANGUAGES:
            raise TicketRefused(
                _("The desk does not speak this language: %(language)s.") % {"language": language[:8]}
            )
    return kept


def _title(given: Words) -> dict[str, str]:
    kept = {language: " ".join(text.split()) for language, text in words(given).items()}
    if not kept:
        raise TicketRefused(_("Name the error in one line."))
    longest = max(map(len, kept.values()))
    if longest > TITLE_CHARACTERS_MAX:
        raise TicketRefused(
            _("The title has %(count)s characters; %(most)s fit. Say the rest in the description.")
            % {"count": longest, "most": TITLE_CHARACTERS_MAX}
        )
    return kept


def _link(ticket: Ticket, error: KnownError, *, by: str, at: datetime) -> None:
    ErrorLink.objects.create(error=error, ticket=ticket, linked_by=by, linked_at=at)
    fact(ticket, "error-linked", by=by, at=at, error=error.sequence, title=error.title)


def _record(error: KnownError, verb: str, *, by: str, at: datetime, **data: object) -> None:
    journal.record(
        f"known-error.{verb}",
        vendor=error.vendor.slug,
        subject=f"known-error:{error.pk}",
        by=by,
        at=at,
        data={"error": error.sequence, **data},
    )
