"""Terms as plain text for a terminal: Django's translations without a desk, its database or its data folder.

Owns the setting up of the least of Django that words need, and the laying out in lines. The words are ui/terms/.
Loaded by name when `pomost terms` is asked for words, so that its other verbs need no Django.
"""

from collections.abc import Iterable
from datetime import date
from textwrap import fill
from typing import Final

import django
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pomost.people import formats
from pomost.rules.terms.model import Terms, said
from pomost.rules.terms.problems import Problem
from pomost.ui.catalogues import CATALOGUES
from pomost.ui.terms.changes import ChangeSaid, changes_said
from pomost.ui.terms.document import Section, Table, document
from pomost.ui.terms.problem_words import problem_line

LINE_CHARACTERS: Final = 100


def _speak() -> None:
    """Make translations work where nothing else of a desk runs."""
    if not settings.configured:
        settings.configure(USE_I18N=True, USE_TZ=True, LOCALE_PATHS=[CATALOGUES])
        django.setup()


def checked(terms: Terms, file: str, language: str) -> str:
    """Return the line for a file without a problem."""
    _speak()
    with translation.override(language):
        return _("%(file)s: %(vendor)s, version %(version)s, in force from %(day)s. No problem.") % {
            "file": file,
            "vendor": terms.vendor.name,
            "version": terms.version,
            "day": terms.in_force_from,
        }


def problems_said(problems: Iterable[Problem], language: str) -> list[str]:
    """Return a line for each problem of a file."""
    _speak()
    with translation.override(language):
        return [problem_line(each) for each in problems]


def problems_counted(count: int, language: str) -> str:
    """Return how many problems there are."""
    _speak()
    with translation.override(language):
        return ngettext("%(count)s thing to mend", "%(count)s things to mend", count) % {"count": count}


def compared(before: Terms, after: Terms, language: str) -> str:
    """Return what changes between two versions, each change with its clauses and its day."""
    _speak()
    with translation.override(language):
        changes = changes_said(before, after, language)
        heading = _("%(vendor)s: what changes from version %(before)s to %(after)s") % {
            "vendor": after.vendor.name,
            "before": before.version,
            "after": after.version,
        }
        if not changes:
            return "\n\n".join([heading, _("Nothing changes for anybody.")])
        return "\n\n".join([heading, *(_change(each) for each in changes)])


def _change(change: ChangeSaid) -> str:
    lines = [_filled(change.what, "")]
    if change.before == change.after:
        lines += [_filled(change.after, "    ")]
    elif change.is_new:
        lines += [_filled(_("new: %(value)s") % {"value": change.after}, "    ")]
    elif change.is_gone:
        lines += [_filled(_("no more: %(value)s") % {"value": change.before}, "    ")]
    else:
        lines += [_filled(f"{change.before} → {change.after}", "    ")]
    since = _("from %(day)s") % {"day": formats.date_words(change.holds_from)}
    lines += [f"    ({_clauses(change)}{since})"]
    return "\n".join(lines)


def _clauses(change: ChangeSaid) -> str:
    before, after = (
        f"§{formats.NBSP}{key}" if key else "" for key in (change.clause_before, change.clause_after)
    )
    both = before if before == after else " → ".join(each for each in (before, after) if each)
    return f"{both}; " if both else ""


def _filled(text: str, first: str, rest: str | None = None) -> str:
    return fill(
        text,
        LINE_CHARACTERS,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_on_hyphens=False,
    )


def shown(terms: Terms, language: str, on: date) -> str:
    """Return a whole version as a text for customers; prices from the vendor's day `on`."""
    _speak()
    with translation.override(language):
        title = f"{terms.vendor.name}. {said(terms.title, language)}"
        since = _("Version %(version)s, in force from %(day)s") % {
            "version": terms.version,
            "day": formats.date_words(terms.in_force_from),
        }
        sections = [_section(each) for each in document(terms, language, on=on)]
        return "\n\n".join([f"{title}\n{'=' * len(title)}\n{since}", *sections])


def _section(section: Section) -> str:
    lines = [section.title, "-" * len(section.title)]
    lines += [_filled(section.note, "")] if section.note else []
    lines += _table(section.table) if section.table else []
    for line in section.lines:
        marks = [f"§{formats.NBSP}{line.clause}"] if line.clause and line.label != f"§ {line.clause}" else []
        marks += [_("assumed, %(id)s") % {"id": line.assumed}] if line.assumed else []
        text = ": ".join(each for each in (line.label, line.text) if each)
        lines.append(_filled(f"{text} ({', '.join(marks)})" if marks else text, "  ", "      "))
    return "\n".join(lines)


def _table(table: Table) -> list[str]:
    """Lay a table out: a line for each row and, below it, columns with the same cell together; no width is too small."""
    laid = []
    for row in table.rows:
        marks = f" (§{formats.NBSP}{row.clause})" if row.clause else ""
        columns: dict[str, list[str]] = {}
        for head, cell in zip(table.head[1:], row.cells[1:], strict=True):
            columns.setdefault(cell, []).append(head)
        if len(columns) == 1:
            laid.append(_filled(f"{row.cells[0]}: {next(iter(columns))}{marks}", "  ", "      "))
            continue
        laid.append(_filled(f"{row.cells[0]}{marks}", "  ", "      "))
        laid += [
            _filled(f"{', '.join(heads)}: {cell}", "      ", "          ") for cell, heads in columns.items()
        ]
    return laid
