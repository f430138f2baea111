"""From the text of a terms file to Terms: wholly, or not at all with every reason.

Owns the entry, the limits on hostile input and the head of the file ([terms],
[vendor], [numbering], [[assumption]], [[clause]]). The other sections are read
in read_services.py, read_time.py and read_money.py; how they must agree is
check.py. The format is described in terms/README.md.
"""

import re
import tomllib
from hashlib import sha256
from typing import Final

from pomost.rules.terms import check, read_money, read_services, read_time
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import Assumption, Clause, HolidaySource, Numbering, Vendor
from pomost.rules.terms.problems import BadValue, Problem, TermsInvalid
from pomost.rules.terms.reading import LANGUAGES, Reading
from pomost.rules.terms.table import Table
from pomost.rules.terms.values import NumberPattern, number_pattern
from pomost.rules.terms.worded import worded

FORMAT: Final = 1

BYTES_MAX: Final = 256 * 1024
"""Ten times the longest file we have; the reader's work grows with the size."""

LINE_CHARACTERS_MAX: Final = 4000
"""Bounds dotted keys and numbers, which the TOML reader takes badly when they are endless."""

DEPTH_MAX: Final = 20
"""Brackets within brackets. The TOML reader is recursive, so endless nesting would break it."""

_SLUG: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
DOTS_MAX: Final = 40
"""In a line, outside texts. Keys of endless parts overwhelm the TOML reader too."""

_STRINGS: Final = re.compile(r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*')


def read_terms(data: bytes, file: str, holidays: HolidaySource) -> Terms:
    """Return the terms in the bytes of a file; `file` is its name for messages.

    Raises:
        TermsInvalid: not UTF-8, too large, or anything parse_terms refuses.
    """
    if len(data) > BYTES_MAX:
        raise _refused(
            file, worded("file-too-large", count=len(data), most=BYTES_MAX), worded("shorten-texts")
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as bad:
        line = data[: bad.start].count(b"\n") + 1
        raise _refused(
            file,
            worded("not-utf8", byte=f"{data[bad.start]:#04x}"),
            worded("save-utf8"),
            line,
        ) from None
    return parse_terms(text, file, holidays)


def parse_terms(text: str, file: str, holidays: HolidaySource) -> Terms:
    """Return the terms in a text; `file` is its name for messages.

    `holidays` gives the public holidays of the countries that calendars name.

    Raises:
        TermsInvalid: with every problem found, in the order of the lines.
    """
    values = _toml(text.removeprefix("\ufeff"), file)
    reading = Reading(file, text.removeprefix("\ufeff"), values)
    terms = _terms(Table(reading, values, (), ""), text, holidays)
    check.check(terms, reading)
    if reading.problems:
        raise TermsInvalid(tuple(sorted(reading.problems, key=lambda each: (each.line or 0, each.key))))
    return terms


def _refused(file: str, what: str, do: str, line: int | None = None) -> TermsInvalid:
    return TermsInvalid((Problem(file, line, "", what, do),))


def _toml(text: str, file: str) -> dict[str, object]:
    """Return the values of the text.

    Raises:
        TermsInvalid: it is not TOML, or built to overwhelm the reader of it.
    """
    if len(text) > BYTES_MAX:
        raise _refused(file, worded("terms-too-long", count=len(text), most=BYTES_MAX), worded("shorten-it"))
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LINE_CHARACTERS_MAX:
            what = worded("line-too-long", count=len(line), most=LINE_CHARACTERS_MAX)
            raise _refused(file, what, worded("break-line"), number)
        if "\0" in line:
            raise _refused(file, worded("line-nul"), worded("plain-text"), number)
    bare = _STRINGS.sub("", text)
    if any(line.count(".") > DOTS_MAX for line in bare.split("\n")):
        raise _refused(file, worded("line-dots"), worded("line-dots-most", most=DOTS_MAX))
    depth = 0
    for found in re.finditer(r"[\[{\]}]", bare):
        depth = depth + 1 if found[0] in "[{" else max(depth - 1, 0)
        if depth > DEPTH_MAX:
            raise _refused(
                file, worded("brackets-deep", depth=depth), worded("brackets-most", most=DEPTH_MAX)
            )
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as bad:
        where = re.search(r"line (\d+)", str(bad))
        said = re.sub(r" \(at .*\)$", "", str(bad))
        raise _refused(
            file,
            worded("not-toml", what=said),
            worded("not-toml-do"),
            int(where[1]) if where else None,
        ) from None


def _terms(top: Table, text: str, holidays: HolidaySource) -> Terms:
    """Read every section; problems are kept in the reading."""
    reading = top.reading
    if top.whole("format", 1, 999) != FORMAT:
        top.problem("format", worded("format-unknown"), worded("format-read", format=FORMAT))
    vendor = _vendor(top)
    head = _section(top, "terms", "version, from and title")
    first_day = head.day("from")
    terms = Terms(
        file=reading.file,
        sha256=sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        version=head.string("version", example='"1"', most=40),
        in_force_from=first_day,
        in_force_until=head.optional_day("until"),
        assumed=head.assumed(),
        title=head.said("title"),
        vendor=vendor,
        numbering=_numbering(top),
        assumptions=_assumptions(top),
        clauses=_clauses(top),
        families=read_services.families(top),
        packages=read_services.packages(top),
        services=read_services.services(top),
        matrix=read_services.matrix(top),
        severities=read_services.severities(top),
        severity_rule=read_services.severity_rule(top),
        version_rule=read_services.version_rule(top),
        hours=read_time.calendars(top, vendor.zone, first_day, holidays),
        promises=read_time.promises(top),
        price_lists=read_money.price_lists(top, vendor.currency),
        quotas=read_money.quotas(top),
        request_rule=read_services.request_rule(top),
        parts=read_services.request_parts(top),
        gates=read_services.gates(top),
        estimate=read_money.estimate(top),
        invoice=read_money.invoice(top),
        warranty=read_time.warranty(top),
        confirmation=read_time.confirmation(top),
        bookings=read_time.bookings(top),
        visits=read_time.visits(top),
        refusals=read_services.refusals(top),
    )
    head.close()
    top.close()
    return terms


def _section(top: Table, name: str, holds: str) -> Table:
    """Return a section that a file must have; what it lacks inside is reported only where it is there."""
    found = top.section(name)
    if found is not None:
        return found
    if name not in top.values:
        top.problem(name, worded("section-missing", section=name), worded("add-it-with", holds=holds))
    return top.absent(name)


def _vendor(top: Table) -> Vendor:
    """Read [vendor]; its languages hold for every text of the file."""
    table = _section(top, "vendor", "who gives the support")
    languages = table.words("languages", LANGUAGES, required=True)
    if languages and "en" not in languages:
        table.problem("languages", worded("english-missing"), worded("add-english"))
    top.reading.languages = languages or ("en",)
    vendor = Vendor(
        slug=table.value("slug", _slug, "", example='"my-firm"'),
        name=table.string("name"),
        mark=table.string("mark", most=2),
        languages=top.reading.languages,
        zone=table.value("zone", read_time.zone, "UTC", example='"Europe/Warsaw"'),
        currency=table.value("currency", _currency, "EUR", example='"PLN"'),
        country=table.string("country", example='"PL"', most=2),
        legal_name=table.string("legal_name"),
        tax_id=table.string("tax_id", most=20),
        address=table.string("address"),
        email=table.string("email", example='"desk@example.org"'),
        phone=table.string("phone", most=30),
    )
    table.close()
    return vendor


def _slug(text: str) -> str:
    if not _SLUG.fullmatch(text) or len(text) > 40:
        raise BadValue(worded("slug-not", text=text[:60]), worded("address-letters"))
    return text


def _currency(text: str) -> str:
    if not re.fullmatch("[A-Z]{3}", text):
        raise BadValue(worded("currency-not", text=text[:20]), worded("currency-form"))
    return text


def _numbering(top: Table) -> Numbering:
    table = _section(top, "numbering", "the patterns of numbers")
    no_pattern = NumberPattern("{n}")
    invoice = table.value("invoice", number_pattern, no_pattern, example='"FS/{year}/{month:02}/{n:04}"')
    numbering = Numbering(
        ticket=table.value("ticket", number_pattern, no_pattern, example='"A-{n}"'),
        ticket_first=table.whole("first", 1, 10**9),
        invoice=invoice,
        correction=table.value(
            "correction",
            number_pattern,
            NumberPattern(f"K/{invoice.text}"),
            required=False,
            example='"K/{year}/{n:04}"',
        ),
    )
    table.close()
    return numbering


def _assumptions(top: Table) -> tuple[Assumption, ...]:
    found = []
    for table in top.tables("assumption"):
        found.append(Assumption(id=table.own_id("assumption"), says=table.said("says")))
        table.close()
    return tuple(found)


def _clauses(top: Table) -> tuple[Clause, ...]:
    tables = top.tables("clause")
    if not tables:
        top.problem("clause", worded("clauses-none"), worded("clauses-add"))
    found = []
    for table in tables:
        source = table.section("source")
        if source is None and "source" not in table.values:
            table.problem(
                "source",
                worded("key-missing"),
                worded("add-key", key="source", example='{ file = "…", at = "…" }'),
            )
        found.append(
            Clause(
                id=table.own_id("clause"),
                sentence=table.said("sentence"),
                source_file=source.string("file") if source else "",
                source_at=source.string("at") if source else "",
                assumed=table.assumed(),
            )
        )
        if source is not None:
            source.close()
        table.close()
    return tuple(found)
