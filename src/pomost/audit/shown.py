"""An audit as it is shown: the headline, a section for each kind, bad rows; the same for page, report and terminal.

Owns the choice of what comes first and how much of it. Decides nothing of the audit itself; words are words.py's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from pomost.audit import words
from pomost.people import formats
from pomost.rules.audit.findings import Audit, Finding, Kind
from pomost.rules.money import Money
from pomost.rules.terms.model import Terms, said
from pomost.rules.terms.parts import Clause
from pomost.sheets.history import Sheet
from pomost.sheets.problems import BadCell
from pomost.ui.parts import ClauseView

ROWS_NAMED: Final = 6
"""So many rows are named one by one in a line; the others are counted."""
MONEY_KINDS: Final = (Kind.NEVER_BILLED, Kind.UNDER_BILLED, Kind.OVER_BILLED, Kind.OVERRUN, Kind.UNASKED)


@dataclass(frozen=True, slots=True)
class LineShown:
    """A finding with its figures written."""

    rows: str
    number: str
    customer: str
    sentence: str
    detail: str
    """What the price is made of, where that is more than one thing."""
    clause: str
    """The number of the clause with its sign; empty: no clause can be named."""
    chip: ClauseView | None
    net: str
    vat: str
    gross: str


@dataclass(frozen=True, slots=True)
class SectionShown:
    """All findings of a kind."""

    kind: str
    title: str
    meaning: str
    count: int
    lines: tuple[LineShown, ...]
    more: str
    """How many findings are not shown here; empty: none."""
    has_money: bool
    net: str
    vat: str
    gross: str


@dataclass(frozen=True, slots=True)
class BadShown:
    """A cell that cannot be used."""

    row: int
    column: str
    value: str
    wrong: str
    do: str


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """A clause that stands behind a line."""

    label: str
    sentence: str


@dataclass(frozen=True, slots=True)
class AuditShown:
    """Everything, written."""

    vendor: str
    terms: str
    headline: tuple[str, ...]
    """The parts of the sentence that says it all."""
    facts: tuple[tuple[str, str], ...]
    """What was looked at, as name and value."""
    sections: tuple[SectionShown, ...]
    clauses: tuple[ClauseShown, ...]
    bad: tuple[BadShown, ...]
    bad_more: str
    left_out: int
    notes: tuple[str, ...]
    has_vat: bool
    has_sample_rates: bool
    is_clean: bool
    """Nothing is late, missing or billed wrongly."""


def show(terms: Terms, sheet: Sheet, audit: Audit, lines_most: int, bad_most: int) -> AuditShown:
    """Return an audit written in the current language, with at most so many lines a section and so many bad cells."""
    with timezone.override(ZoneInfo(terms.vendor.zone)):
        kinds = [kind for kind in Kind if audit.of(kind)]
        has_vat = any(each.vat is not None and each.vat.amount for each in audit.findings)
        behind = {each.clause for each in audit.findings if each.clause}
        used = [clause for clause in terms.clauses if clause.id in behind]
        return AuditShown(
            vendor=terms.vendor.name,
            terms=gettext("%(title)s, version %(version)s, in force from %(day)s")
            % {
                "title": said(terms.title, words.language()),
                "version": terms.version,
                "day": formats.date_figures(terms.in_force_from),
            },
            headline=headline(audit),
            facts=_facts(audit, sheet),
            sections=tuple(_section(terms, audit, kind, lines_most) for kind in kinds),
            clauses=tuple(
                ClauseShown(_label(clause), said(clause.sentence, words.language())) for clause in used
            ),
            bad=tuple(_bad(each) for each in sheet.bad[:bad_most]),
            bad_more=_more(len(sheet.bad) - bad_most),
            left_out=sheet.rows_left_out,
            notes=tuple(words.note(each) for each in sheet.notes),
            has_vat=has_vat,
            has_sample_rates=audit.has_sample_rates
            and any(audit.total(kind).net.amount for kind in MONEY_KINDS),
            is_clean=not has_faults(audit),
        )


def headline(audit: Audit) -> tuple[str, ...]:
    """Return what the month cost, in parts: promises missed, never billed, billed without a clause."""
    parts = []
    missed = len(audit.of(Kind.MISSED))
    if missed or audit.kept:
        missed_words = ngettext("%(count)d promise missed", "%(count)d promises missed", missed)
        parts.append(missed_words % {"count": missed})
    for kind, text in (
        (Kind.NEVER_BILLED, gettext("%(sum)s net never billed")),
        (Kind.UNDER_BILLED, gettext("%(sum)s net billed too little")),
        (Kind.UNASKED, gettext("%(sum)s net lost without asking")),
        (Kind.OVERRUN, gettext("%(sum)s net beyond quotas, not charged")),
        (Kind.OVER_BILLED, gettext("%(sum)s net billed without a clause")),
    ):
        whole = audit.total(kind).net
        is_clean = kind is Kind.NEVER_BILLED and audit.billed.amount and not has_faults(audit)
        if whole.amount or is_clean:
            parts.append(text % {"sum": _money(whole)})
    return tuple(f"{part[:1].upper()}{part[1:]}" for part in parts) or (
        gettext("Nothing to find fault with"),
    )


def has_faults(audit: Audit) -> bool:
    """Whether anything was found that is more than an open question."""
    return any(each.kind is not Kind.NOT_JUDGED for each in audit.findings)


def _facts(audit: Audit, sheet: Sheet) -> tuple[tuple[str, str], ...]:
    judged = audit.kept + len(audit.of(Kind.MISSED))
    facts = [(gettext("Tickets and calls"), formats.number(audit.cases))]
    if judged:
        facts.append((gettext("Promises kept"), f"{formats.number(audit.kept)} / {formats.number(judged)}"))
    if audit.running:
        facts.append((gettext("Not due yet"), formats.number(audit.running)))
    facts.append((gettext("Worked"), formats.hours(timedelta(seconds=audit.worked_seconds))))
    facts.append((gettext("Billed, net"), _money(audit.billed)))
    if sheet.rows_left_out:
        left_out = f"{formats.number(sheet.rows_left_out)} / {formats.number(sheet.rows)}"
        facts.append((gettext("Rows left out"), left_out))
    return tuple(facts)


def _section(terms: Terms, audit: Audit, kind: Kind, most: int) -> SectionShown:
    found = audit.of(kind)
    whole = audit.total(kind)
    has_money = whole.unpriced < whole.count
    return SectionShown(
        kind=kind.value,
        title=gettext(words.KIND_TITLES[kind]),
        meaning=gettext(words.KIND_MEANINGS[kind]),
        count=whole.count,
        lines=tuple(_line(terms, each) for each in found[:most]),
        more=_more(len(found) - most),
        has_money=has_money,
        net=_money(whole.net) if has_money else "",
        vat=_money(whole.vat) if has_money else "",
        gross=_money(whole.gross) if has_money else "",
    )


def _line(terms: Terms, finding: Finding) -> LineShown:
    clause = terms.clause(finding.clause) if finding.clause else None
    return LineShown(
        rows=_rows(finding.rows),
        number=finding.number,
        customer=finding.customer,
        sentence=words.sentence(finding),
        detail=_detail(terms, finding),
        clause=_label(clause) if clause else "",
        chip=ClauseView(_label(clause), said(clause.sentence, words.language())) if clause else None,
        net=_money(finding.net) if finding.net else "",
        vat=_money(finding.vat) if finding.vat else "",
        gross=_money(finding.gross) if finding.gross else "",
    )


def _detail(terms: Terms, finding: Finding) -> str:
    if len(finding.lines) < 2:
        return ""
    parts = (f"{_money(line.net.rounded())} {_label(terms.clause(line.clause))}" for line in finding.lines)
    return " + ".join(parts)


def _rows(rows: Sequence[int]) -> str:
    named = ", ".join(str(row) for row in rows[:ROWS_NAMED])
    return f"{named} {_more(len(rows) - ROWS_NAMED)}".rstrip()


def _more(count: int) -> str:
    return gettext("and %(count)d more") % {"count": count} if count > 0 else ""


def _bad(each: BadCell) -> BadShown:
    wrong, do = words.bad_cell(each)
    return BadShown(each.row, each.column, each.value, wrong, do)


def _label(clause: Clause) -> str:
    return clause.label.replace(" ", formats.NBSP)


def _money(amount: Money) -> str:
    return formats.money(amount.amount, amount.currency)
