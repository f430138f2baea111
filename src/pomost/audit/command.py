"""What `pomost audit` loads: reading, printing and reporting in a language, without a desk.

Owns the way from values to text for the command. Raises NotReadable with a sentence in the language asked for.
"""

from django.utils import translation

from pomost.audit import printed as terminal
from pomost.audit import report as paper
from pomost.audit import words
from pomost.audit.shown import has_faults, show
from pomost.rules.audit.findings import Audit
from pomost.rules.terms.model import Terms
from pomost.rules.terms.problems import TermsInvalid
from pomost.sheets.example import example_csv
from pomost.sheets.history import Sheet, read_history
from pomost.sheets.problems import SheetUnusable
from pomost.ui.terms.problem_words import problem_line

LINES_MOST = 1000
BAD_MOST = 50

__all__ = ["NotReadable", "columns", "example", "has_faults", "printed", "read", "report", "terms_problems"]


class NotReadable(Exception):
    """Nothing of the table can be read; the sentence says why and what to do."""


def read(data: bytes, terms: Terms, language: str) -> Sheet:
    """Return the table in the bytes of a file.

    Raises:
        NotReadable: nothing of it can be read.
    """
    try:
        return read_history(data, terms)
    except SheetUnusable as refused:
        with translation.override(language):
            raise NotReadable(words.unusable(refused)) from refused


def terms_problems(invalid: TermsInvalid, language: str) -> str:
    """Return what is wrong with a terms file, a line for each problem."""
    with translation.override(language):
        return "\n".join(problem_line(each) for each in invalid.problems)


def printed(terms: Terms, sheet: Sheet, audit: Audit, language: str) -> str:
    """Return what the terminal shows."""
    with translation.override(language):
        return terminal.text_of(show(terms, sheet, audit, LINES_MOST, BAD_MOST))


def report(terms: Terms, sheet: Sheet, audit: Audit, language: str, suffix: str) -> bytes:
    """Return the report as a file of this kind, ".pdf" or ".html"."""
    with translation.override(language):
        shown = show(terms, sheet, audit, paper.LINES_MOST, paper.BAD_MOST)
        return paper.pdf_of(shown) if suffix.lower() == ".pdf" else paper.whole_html_of(shown).encode()


def columns(language: str) -> str:
    """Return what the columns mean."""
    with translation.override(language):
        return terminal.columns_text(language)


def example(terms: Terms, language: str) -> str:
    """Return a sample table for some terms."""
    return example_csv(terms, language)
