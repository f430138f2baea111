"""The draft of a vendor's next terms: begin it, keep what was typed, throw it away, publish it.

A draft may be wrong in every line; only publishing asks that it is right. It has an edition that grows with every change:
who saves names the edition that they had before them, so that of two people who edit at once the second is told, and
nothing of the first is overwritten unseen. Whether `by` may do it has been decided before, by the page's guard.
"""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.contracts.actions import other_desk, publish_terms
from pomost.contracts.errors import DraftMoved, TermsRefused
from pomost.contracts.holiday_years import draft_source
from pomost.contracts.models import TermsDraft, TermsVersion
from pomost.contracts.queries import local_day
from pomost.journal.actions import record
from pomost.people.models import Vendor
from pomost.rules.terms.head import with_head
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parse import BYTES_MAX, parse_terms
from pomost.rules.terms.problems import BadValue, Problem, TermsInvalid


@dataclass(frozen=True, slots=True)
class Checked:
    """What a text is: terms of this desk, or everything that is wrong with it."""

    terms: Terms | None
    problems: tuple[Problem, ...] = ()
    refusal: str = ""
    """Why terms that can be read are not for this desk."""


def checked(vendor: Vendor, text: str) -> Checked:
    """Read a text as the vendor's terms; nothing is kept and nothing is raised, however hostile the text is."""
    try:
        terms = parse_terms(text, file_of(vendor), draft_source(vendor.pk))
    except TermsInvalid as invalid:
        return Checked(None, invalid.problems)
    refusal = other_desk(vendor, terms)
    return Checked(None if refusal else terms, refusal=refusal)


def file_of(vendor: Vendor) -> str:
    """Return the name by which messages speak of a draft."""
    return f"{vendor.slug}.toml"


@transaction.atomic
def start_draft(
    based_on: TermsVersion, *, version: str, first_day: date, by: str, at: datetime
) -> TermsDraft:
    """Begin the next version with the text of a published one, under a name and from a day that can still change.

    A desk has one draft: where there is one already it is returned as it is, and nothing is recorded.
    """
    vendor = Vendor.objects.select_for_update(no_key=True).get(pk=based_on.vendor_id)
    known = TermsDraft.objects.select_related("vendor", "based_on").filter(vendor=vendor).first()
    if known is not None:
        return known
    draft = TermsDraft.objects.create(
        vendor=vendor,
        based_on=based_on,
        text=_dated(vendor, based_on.text, version, first_day),
        edited_at=at,
        edited_by=by,
    )
    _fact(draft, "terms.draft-started", by, at)
    return draft


@transaction.atomic
def save_draft(draft: TermsDraft, text: str, *, edition: int, by: str, at: datetime) -> TermsDraft:
    """Keep a text as the draft, right or wrong. Saving what is kept already records nothing.

    `edition` is the one that the writer had before them.

    Raises:
        DraftMoved: somebody saved, published or threw away the draft meanwhile; nothing is kept.
        TermsRefused: the text is longer than terms may be, or holds the letter NUL.
    """
    held = _held(draft, edition)
    if len(text) > BYTES_MAX:
        raise TermsRefused(
            _("The text has %(count)s characters; terms have at most %(most)s. Shorten it.")
            % {"count": len(text), "most": BYTES_MAX}
        )
    if "\x00" in text:
        raise TermsRefused(_("The text holds the letter NUL. Paste it as plain text."))
    if held.text == text:
        return held
    held.text = text
    held.edition += 1
    held.edited_at, held.edited_by = at, by
    held.save(update_fields=["text", "edition", "edited_at", "edited_by"])
    _fact(held, "terms.draft-saved", by, at)
    return held


@transaction.atomic
def discard_draft(draft: TermsDraft, *, edition: int, by: str, at: datetime) -> None:
    """Throw the draft away.

    Raises:
        DraftMoved: as save_draft.
    """
    held = _held(draft, edition)
    _fact(held, "terms.draft-discarded", by, at)
    held.delete()


@transaction.atomic
def publish_draft(
    draft: TermsDraft,
    text: str,
    *,
    edition: int,
    version: str,
    first_day: date,
    by: str,
    at: datetime,
) -> TermsVersion:
    """Publish a text as a version that holds from the vendor's local `first_day`; the draft is gone then.

    Version and day are written into the text, so that the file and the desk never say different things.

    Raises:
        DraftMoved: as save_draft.
        TermsRefused: the day is over, the version's name is taken, or publish_terms refuses. Nothing is kept then.
    """
    held = _held(draft, edition)
    today = local_day(held.vendor, at)
    if first_day < today:
        raise TermsRefused(
            _("%(day)s is over. Terms can begin today at the earliest: choose a later day.")
            % {"day": first_day.isoformat()}
        )
    if TermsVersion.objects.filter(vendor=held.vendor, version=version).exists():
        raise TermsRefused(
            _("There is a version %(version)s already. Give the new one another name.") % {"version": version}
        )
    dated = _dated(held.vendor, text, version, first_day)
    read = checked(held.vendor, dated).terms
    if read is not None and (read.version, read.in_force_from) != (version, first_day):
        raise TermsRefused(_("The text names its version or its first day twice. Leave one section [terms]."))
    published = publish_terms(held.vendor, dated, by=by, at=at)
    held.delete()
    return published


def _held(draft: TermsDraft, edition: int) -> TermsDraft:
    """Return the draft as it is now, locked.

    Raises:
        DraftMoved: it is not the edition that the writer had before them.
    """
    held = (
        TermsDraft.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vendor")
        .filter(pk=draft.pk)
        .first()
    )
    if held is None:
        raise DraftMoved(_("The draft was published or thrown away meanwhile."), None)
    if held.edition != edition:
        raise DraftMoved(_("The draft was changed meanwhile."), held)
    return held


def _dated(vendor: Vendor, text: str, version: str, first_day: date) -> str:
    try:
        return with_head(text, version=version, first_day=first_day)
    except BadValue as bad:
        raise TermsRefused(
            _("These terms cannot be published. Mend the places below and publish them again."),
            (Problem(file_of(vendor), None, "terms", bad.what, bad.do),),
        ) from bad


def _fact(draft: TermsDraft, kind: str, by: str, at: datetime) -> None:
    record(
        kind,
        vendor=draft.vendor.slug,
        subject=f"terms-draft:{draft.pk}",
        by=by,
        at=at,
        data={
            "based_on": draft.based_on.version,
            "edition": draft.edition,
            "sha256": sha256(draft.text.encode("utf-8", "surrogatepass")).hexdigest(),
        },
    )
