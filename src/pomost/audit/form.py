"""What is sent to /audit/: which terms, which table, which month; and every reason why it cannot be used.

Owns the limits of the page and the reading of its form. Refuses with sentences, one for each part. Nothing is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext

from pomost.audit import words
from pomost.contracts.calendars import CalendarBook
from pomost.contracts.errors import NoTermsInForce
from pomost.contracts.public_holidays import public_holidays
from pomost.contracts.queries import local_day, terms_in_force
from pomost.contracts.shipped_terms import SHIPPED_SAMPLES, SHIPPED_TERMS
from pomost.people.formats import file_size, number
from pomost.people.models import Vendor
from pomost.people.requests import DeskRequest
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parse import BYTES_MAX as TERMS_BYTES_MAX
from pomost.rules.terms.parse import read_terms
from pomost.rules.terms.problems import TermsInvalid
from pomost.sheets.history import Sheet, read_history
from pomost.sheets.problems import SheetUnusable
from pomost.ui.terms.problem_words import problem_line

TABLE_BYTES_MAX: Final = 2_000_000
"""The page sends the table back with the result, and a form may hold 2.5 MB; the command reads more."""
ROWS_MAX: Final = 5_000
"""Rows that the page judges: some seconds of work for anybody who asks. The command judges more."""
PROBLEMS_SHOWN: Final = 12
OWN: Final = "own"


@dataclass(frozen=True, slots=True)
class TermsChoice:
    """Terms that may be chosen."""

    key: str
    terms: Terms
    is_sample: bool
    """They come with the product; they are not of a vendor of this desk."""
    sample: Path | None
    """A sample table for them."""


@dataclass(slots=True)
class Asked:
    """What was sent, as far as it can be used."""

    key: str = ""
    own_terms: str = ""
    """The text of own terms, to be shown in the form again."""
    table: str = ""
    month: str = ""
    terms: Terms | None = None
    sheet: Sheet | None = None
    month_day: date | None = None
    terms_wrong: list[str] = field(default_factory=list)
    table_wrong: list[str] = field(default_factory=list)
    month_wrong: list[str] = field(default_factory=list)

    @property
    def is_usable(self) -> bool:
        """Whether all of it can be used."""
        return not (self.terms_wrong or self.table_wrong or self.month_wrong)


def choices(request: DeskRequest) -> list[TermsChoice]:
    """Return the vendors' terms in force, with the calendars as their desks keep them, then those of the product."""
    found = []
    for vendor in Vendor.objects.order_by("name"):
        try:
            _version, terms = terms_in_force(vendor, local_day(vendor, request.now))
        except NoTermsInForce:
            continue
        terms = CalendarBook.of(vendor.pk).applied_to(terms)
        found.append(TermsChoice(f"desk-{vendor.slug}", terms, False, _sample_of(vendor.slug)))
    here = {each.terms.vendor.slug for each in found}
    for terms in _shipped():
        slug = terms.vendor.slug
        if slug not in here:
            found.append(TermsChoice(f"sample-{slug}", terms, True, _sample_of(slug)))
    return found


@cache
def _shipped() -> tuple[Terms, ...]:
    paths = sorted(SHIPPED_TERMS.glob("*.toml"))
    return tuple(read_terms(path.read_bytes(), path.name, public_holidays) for path in paths)


def _sample_of(slug: str) -> Path | None:
    return next(iter(sorted(SHIPPED_SAMPLES.glob(f"{slug}-*.csv"))), None)


def asked(request: DeskRequest, known: list[TermsChoice]) -> Asked:
    """Return what a request asks for; what cannot be used is said in it."""
    found = Asked()
    sample = next((each for each in known if each.key == request.POST.get("sample")), None)
    if sample is not None and sample.sample is not None:
        found.key, found.terms = sample.key, sample.terms
        found.table = sample.sample.read_text(encoding="utf-8")
        _read_table(found, found.table.encode())
        return found
    found.key = request.POST.get("terms", "")
    found.month = request.POST.get("month", "").strip()
    _choose_terms(found, request, known)
    _choose_month(found)
    data = _table_bytes(found, request)
    if data is not None:
        _read_table(found, data)
    return found


def _choose_terms(found: Asked, request: HttpRequest, known: list[TermsChoice]) -> None:
    if found.key != OWN:
        chosen = next((each for each in known if each.key == found.key), None)
        if chosen is None:
            found.terms_wrong.append(gettext("Choose the terms to judge by."))
        else:
            found.terms = chosen.terms
        return
    upload = request.FILES.get("terms_file")
    text = request.POST.get("terms_text", "")
    data = _bytes_of(upload, TERMS_BYTES_MAX) if upload else text.encode("utf-8", "surrogatepass")
    if upload and data is not None:
        text = data.decode("utf-8", "replace")
    if data is None or len(data) > TERMS_BYTES_MAX:
        most = {"most": file_size(TERMS_BYTES_MAX)}
        found.terms_wrong.append(gettext("The terms file is too large: at most %(most)s are read.") % most)
        return
    found.own_terms = text
    if not data.strip():
        found.terms_wrong.append(gettext("Choose or paste your terms file."))
        return
    try:
        found.terms = read_terms(
            data, (upload.name or "terms.toml") if upload else "terms.toml", public_holidays
        )
    except TermsInvalid as invalid:
        found.terms_wrong += [problem_line(problem) for problem in invalid.problems[:PROBLEMS_SHOWN]]
        more = len(invalid.problems) - PROBLEMS_SHOWN
        if more > 0:
            found.terms_wrong.append(gettext("and %(count)d more") % {"count": more})


def _choose_month(found: Asked) -> None:
    if not found.month:
        return
    try:
        found.month_day = date.fromisoformat(f"{found.month}-01")
    except ValueError:
        found.month_wrong.append(gettext("This is no month. Write it like 2026-06."))


def _table_bytes(found: Asked, request: HttpRequest) -> bytes | None:
    """Return the table that was sent: a file goes before what stands in the field. None: it is too large."""
    upload = request.FILES.get("table_file")
    if upload is None:
        found.table = request.POST.get("table", "")
        data: bytes | None = found.table.encode("utf-8", "replace")
    else:
        data = _bytes_of(upload, TABLE_BYTES_MAX)
    if data is None or len(data) > TABLE_BYTES_MAX:
        most = {"most": file_size(TABLE_BYTES_MAX)}
        found.table_wrong.append(
            gettext("The table is too large: this page reads at most %(most)s. The command reads more.")
            % most
        )
        return None
    return data


def _bytes_of(upload: UploadedFile, most: int) -> bytes | None:  # type: ignore[type-arg]  # the stubs' own parameter
    """Return the bytes of a file, or None where it has more than `most`."""
    if (upload.size or 0) > most:
        return None
    return b"".join(upload.chunks())


def _read_table(found: Asked, data: bytes) -> None:
    if found.terms is None:
        if not data.strip():
            found.table_wrong.append(gettext("Choose or paste a table."))
        return
    try:
        sheet = read_history(data, found.terms)
    except SheetUnusable as refused:
        found.table_wrong.append(words.unusable(refused))
        return
    found.table = sheet.text
    if len(found.table.encode("utf-8", "replace")) > TABLE_BYTES_MAX or sheet.rows > ROWS_MAX:
        most = {"rows": number(ROWS_MAX)}
        found.table_wrong.append(
            gettext("The table is too long: this page judges at most %(rows)s rows. The command judges more.")
            % most
        )
        return
    found.sheet = sheet


def example_choice(known: list[TermsChoice], key: str) -> Terms | None:
    """Return the terms that a sample table was asked for."""
    return next((each.terms for each in known if each.key == key), None)


def with_samples(known: list[TermsChoice]) -> Iterator[TermsChoice]:
    """Yield those that a sample table comes with."""
    return (each for each in known if each.sample is not None)
