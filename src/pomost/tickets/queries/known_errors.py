"""Reads of known errors and releases: the list with its counts, whom one concerns, what may fit a request, what is public.

What is public names no customer and no request: confirmed and mended errors with their workarounds.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, QuerySet

from pomost.people.models import Vendor
from pomost.rules.entitlement import Outcome
from pomost.rules.releases import newest, version_key
from pomost.tickets.models import ErrorLink, KnownError, Message, Release, ReleaseTold, Ticket
from pomost.tickets.versions import as_rules

PUBLIC: Final = (KnownError.State.CONFIRMED, KnownError.State.MENDED)
SUGGESTED_MAX: Final = 8
STEM_CHARACTERS: Final = 5
"""Words that begin alike count as one: endings change in every one of our languages."""
WORD_CHARACTERS_MIN: Final = 4

WORDS_FOR_A_LETTER: Final = 2

_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class ErrorCounted:
    """A known error with how many it concerns."""

    error: KnownError
    tickets: int
    customers: int


@dataclass(frozen=True, slots=True)
class Concerned:
    """A request that is about an error."""

    ticket: Ticket
    is_told: bool
    """Its contact heard of the release that mends it, under this request or another."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What whoever uses an outdated version gets: known solutions and the version to update to (product.md C6)."""

    version: str
    """The outdated one; empty where nobody named it."""
    newest: Release | None
    solutions: tuple[KnownError, ...]


def counted(errors: QuerySet[KnownError]) -> list[ErrorCounted]:
    """Return known errors with how many requests and customers they concern, in one query."""
    rows = errors.annotate(
        ticket_count=Count("links", distinct=True),
        customer_count=Count("links__ticket__customer", distinct=True),
    )
    return [ErrorCounted(each, each.ticket_count, each.customer_count) for each in rows]


def concerned_by(error: KnownError) -> list[Concerned]:
    """Return the requests about an error, the newest first, in two queries."""
    links = (
        ErrorLink.objects.filter(error=error)
        .select_related("ticket__customer", "ticket__contact")
        .order_by("-ticket__sequence")
    )
    told: set[int] = set()
    if error.release_id is not None:
        told = set(ReleaseTold.objects.filter(release=error.release_id).values_list("contact_id", flat=True))
    return [Concerned(link.ticket, link.ticket.contact_id in told) for link in links]


def errors_of(ticket: Ticket) -> list[KnownError]:
    """Return the known errors that a request is about, in their order."""
    return list(ticket.known_errors.select_related("release").order_by("sequence"))


def public_errors(vendor: Vendor, families: Collection[str] | None = None) -> list[KnownError]:
    """Return what customers may read of a vendor's known errors: open ones first, then the newest; None: of all products."""
    found = KnownError.objects.filter(vendor=vendor, state__in=PUBLIC).select_related("release")
    if families is not None:
        found = found.filter(family__in=families)
    return sorted(found, key=lambda each: (each.state == KnownError.State.MENDED, -each.sequence))


def suggested(ticket: Ticket, errors: Iterable[KnownError], *, words_min: int = 1) -> list[KnownError]:
    """Return the errors that may fit a request, the likeliest first: of its product, by the words that both have."""
    said = [ticket.subject, *Message.objects.filter(ticket=ticket).values_list("text", flat=True)]
    words = _stems(" ".join(said))
    fitting = [each for each in errors if each.family == ticket.family]
    shared = {each.pk: len(words & _stems(_all_words(each))) for each in fitting}
    found = [each for each in fitting if shared[each.pk] >= words_min]
    found.sort(key=lambda each: (-shared[each.pk], -each.sequence))
    return found[:SUGGESTED_MAX]


def advice_for(ticket: Ticket, today: date) -> Advice | None:
    """Return what a request about an outdated version gets; None where it gets more, or something else.

    Solutions are those that fit its words and can be used: a way to live with the error, or a release that mends it. They
    go into a letter that nobody reads before, so one word in common is not enough. What the request is tied to already is
    not among them.
    """
    if ticket.verdict["outcome"] != Outcome.KNOWN_SOLUTIONS_ONLY.value:
        return None
    tied = {each.pk for each in errors_of(ticket)}
    usable = [
        each
        for each in public_errors(ticket.vendor, [ticket.family])
        if each.pk not in tied and (each.workaround or each.state == KnownError.State.MENDED)
    ]
    return Advice(
        ticket.product_version,
        newest_release(ticket.vendor, ticket.family, today),
        tuple(suggested(ticket, usable, words_min=WORDS_FOR_A_LETTER)),
    )


def newest_release(vendor: Vendor, family: str, today: date) -> Release | None:
    """Return the release of a product to update to."""
    rows = list(Release.objects.filter(vendor=vendor, family=family).exclude(published_at=None))
    found = newest(as_rules(rows), today)
    return next((each for each in rows if found is not None and each.version == found.version), None)


def in_order(releases: Iterable[Release]) -> list[Release]:
    """Return releases by product, what is to come first, then the highest version first."""
    by_version = sorted(releases, key=lambda each: version_key(each.version), reverse=True)
    return sorted(by_version, key=lambda each: (each.family, each.published_at is not None))


def _all_words(error: KnownError) -> str:
    return " ".join([*error.title.values(), *error.symptom.values()])


def _stems(text: str) -> set[str]:
    return {
        word[:STEM_CHARACTERS] for word in _WORD.findall(text.casefold()) if len(word) >= WORD_CHARACTERS_MIN
    }
