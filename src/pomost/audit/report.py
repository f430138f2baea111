"""The report of an audit for print: A4, in the current language, as PDF or as one HTML file without anything beside it.

Owns what is on paper. Layout: static/audit/report.css and paper.css.
"""

from pathlib import Path
from typing import Final

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from pomost.audit.shown import AuditShown
from pomost.people.paper import pdf_from

LINES_MOST: Final = 200
"""Lines of a kind on paper; more of them nobody reads, and each costs time to set."""
BAD_MOST: Final = 50
SHEETS: Final = ("ui/tokens.css", "audit/paper.css", "audit/report.css")


def html_of(shown: AuditShown) -> str:
    """Return the page that the PDF is made from."""
    return render_to_string("audit/report.html", {"shown": shown, "sheets": SHEETS})


def pdf_of(shown: AuditShown) -> bytes:
    """Return the report as a PDF.

    Raises:
        DocumentFailed: a style sheet or a font is not installed.
    """
    return pdf_from(html_of(shown))


def whole_html_of(shown: AuditShown) -> str:
    """Return the report as one file: styles within, fonts those of the reader's machine."""
    page = render_to_string("audit/report.html", {"shown": shown, "sheets": ()})
    styles = "\n".join(_text_of(sheet) for sheet in SHEETS if sheet != "audit/paper.css")
    return page.lstrip().replace("</head>", f"<style>\n{styles}\n</style>\n</head>", 1)


def _text_of(sheet: str) -> str:
    found = finders.find(sheet)
    if not isinstance(found, str):
        raise FileNotFoundError(f"The style sheet {sheet} is not installed. Install the package anew.")
    return Path(found).read_text(encoding="utf-8")
