"""An audit in a terminal: plain text, no colours, nothing but what stands in it.

Owns the layout. The words are those of the page.
"""

from collections.abc import Iterator
from textwrap import fill

from django.utils.translation import gettext, ngettext

from pomost.audit import words
from pomost.audit.shown import AuditShown, LineShown
from pomost.sheets.columns import NAMES, name_of, other_names

LINE_CHARACTERS = 110


def text_of(shown: AuditShown) -> str:
    """Return the whole of an audit as text."""
    return "\n".join(_lines(shown)) + "\n"


def _lines(shown: AuditShown) -> Iterator[str]:
    yield shown.vendor
    yield shown.terms
    yield ""
    yield from _filled(". ".join(shown.headline) + ".", "")
    yield ""
    width = max(len(name) for name, _value in shown.facts)
    for name, value in shown.facts:
        yield f"  {name:<{width}}  {value}"
    for note in shown.notes:
        yield from _filled(note, "  ")
    if shown.has_sample_rates:
        yield from _filled(gettext("The rates of these terms are examples."), "  ")
    for section in shown.sections:
        yield ""
        sums = ""
        if section.has_money:
            parts = [gettext("net %(sum)s") % {"sum": section.net}]
            if shown.has_vat:
                parts.append(gettext("VAT %(sum)s") % {"sum": section.vat})
                parts.append(gettext("gross %(sum)s") % {"sum": section.gross})
            sums = " · " + ", ".join(parts)
        yield f"{section.title}: {section.count}{sums}"
        yield from _filled(section.meaning, "  ")
        for line in section.lines:
            yield from _finding(line)
        if section.more:
            yield f"  {section.more}"
    yield from _bad(shown)
    if shown.clauses:
        yield ""
        yield gettext("The clauses")
        for clause in shown.clauses:
            yield from _filled(f"{clause.label}  {clause.sentence}", "  ")


def _finding(line: LineShown) -> Iterator[str]:
    who = ", ".join(filter(None, (line.number, line.customer)))
    where = gettext("line %(rows)s") % {"rows": line.rows}
    head = f"{where} · {who}" if who else where
    tail = " · ".join(filter(None, (line.net, line.clause)))
    detail = f" ({line.detail})" if line.detail else ""
    yield from _filled(f"{head}: {line.sentence}{detail}" + (f" · {tail}" if tail else ""), "  ")


def _bad(shown: AuditShown) -> Iterator[str]:
    if not shown.bad:
        return
    yield ""
    yield ngettext("%(count)d row left out", "%(count)d rows left out", shown.left_out) % {
        "count": shown.left_out
    }
    for bad in shown.bad:
        where = gettext("line %(rows)s") % {"rows": bad.row}
        cell = f" · {bad.column}" if bad.column else ""
        value = f" “{bad.value}”" if bad.value else ""
        yield from _filled(f"{where}{cell}{value}: {bad.wrong} {bad.do}", "  ")
    if shown.bad_more:
        yield f"  {shown.bad_more}"


def columns_text(language: str) -> str:
    """Return what columns a table may have, with the other names that are understood."""
    lines = [
        gettext(
            "A table needs a first line with names; columns may come in any order, and most may be missing."
        ),
        "",
    ]
    for column in NAMES:
        lines += list(_filled(f"{name_of(column, language)}: {words.meaning(column)}", ""))
        lines += list(_filled(", ".join(other_names(column, language)[:6]), "    "))
    return "\n".join(lines) + "\n"


def _filled(text: str, indent: str) -> Iterator[str]:
    # The breaks that must not be are kept: textwrap takes a no-break space for a space.
    yield fill(
        text,
        LINE_CHARACTERS,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
