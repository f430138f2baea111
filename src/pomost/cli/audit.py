"""`pomost audit`: what a month cost, told from a terms file and a table of tickets, calls and hours.

Owns the options and the exit codes: 0 nothing to find fault with, 1 something was found, 2 the input cannot be used.
Needs no database and no desk. The judgement is rules/audit, the table sheets, words and report audit/.

What speaks three languages is named by a string and loaded when asked for, so that other subcommands need no Django.
"""

import argparse
import importlib
import re
from datetime import date
from pathlib import Path

from pomost.cli.errors import Unusable
from pomost.cli.terms_files import bytes_of, terms_in
from pomost.rules.audit.audit import audit
from pomost.rules.terms.problems import TermsInvalid

ALONE = "pomost.audit.alone"
COMMAND = "pomost.audit.command"
EXITS = (
    "Exit codes: 0 nothing to find fault with; 1 promises missed, or sums that differ from the terms; "
    "2 the terms or the table cannot be used. Rows that cannot be read are named and left out."
)


def add_to(subcommands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `audit` to the command."""
    parser = subcommands.add_parser(
        "audit", help="say what a month cost: promises missed, work never billed", epilog=EXITS
    )
    parser.add_argument("terms", type=Path, nargs="?", metavar="TERMS.toml")
    parser.add_argument("history", type=Path, nargs="?", metavar="HISTORY.csv")
    parser.add_argument("--lang", choices=("ru", "pl", "en"), default="en")
    parser.add_argument("--month", type=_month, metavar="2026-06", help="only tickets of this month")
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="also write a report: FILE.pdf or FILE.html"
    )
    parser.add_argument("--columns", action="store_true", help="explain the columns of the table, and stop")
    parser.add_argument("--example", action="store_true", help="print a sample table for the terms, and stop")
    parser.set_defaults(run=run)


def _month(text: str) -> date:
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text):
        raise argparse.ArgumentTypeError(f"“{text}” is no month. Write it like 2026-06.")
    return date.fromisoformat(f"{text}-01")


def run(arguments: argparse.Namespace) -> int:
    """Print what was found, and return 1 when there is any fault.

    Raises:
        Unusable: the terms, the table or the report's name cannot be used.
    """
    importlib.import_module(ALONE).prepare()
    command = importlib.import_module(COMMAND)
    if arguments.columns:
        print(command.columns(arguments.lang), end="")
        return 0
    if arguments.terms is None:
        raise Unusable("Name a terms file: pomost audit TERMS.toml HISTORY.csv")
    try:
        terms = terms_in(arguments.terms)
    except TermsInvalid as invalid:
        told = command.terms_problems(invalid, arguments.lang)
        raise Unusable(f"{arguments.terms}:\n{told}") from invalid
    if arguments.example:
        print(command.example(terms, arguments.lang), end="")
        return 0
    if arguments.history is None:
        raise Unusable("Name a table: pomost audit TERMS.toml HISTORY.csv (--example prints one)")
    if arguments.report is not None and arguments.report.suffix.lower() not in (".pdf", ".html"):
        raise Unusable(f"{arguments.report} is neither .pdf nor .html. Give the report such a name.")
    try:
        sheet = command.read(bytes_of(arguments.history), terms, arguments.lang)
    except command.NotReadable as refused:
        raise Unusable(f"{arguments.history}: {refused}") from refused
    found = audit(terms, sheet.history, arguments.month)
    print(command.printed(terms, sheet, found, arguments.lang), end="")
    if arguments.report is not None:
        _write(arguments.report, command.report(terms, sheet, found, arguments.lang, arguments.report.suffix))
    return 1 if command.has_faults(found) else 0


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as failed:
        raise Unusable(
            f"{path} cannot be written: {failed.strerror}. Check the name and the rights."
        ) from failed
