"""`pomost terms`: check terms files, and explain what would happen by one.

Owns the two subcommands and what they print. Checking is rules/terms, explaining
rules/explain.py, English sentences sentences.py. Read next: terms/README.md.
"""

import argparse
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from textwrap import fill
from zoneinfo import ZoneInfo

from pomost.cli.errors import Unusable
from pomost.cli.sentences import clause_line, sentence
from pomost.cli.terms_files import terms_in
from pomost.rules.explain import Statement, explain
from pomost.rules.terms.model import Terms, Unknown
from pomost.rules.terms.problems import TermsInvalid
from pomost.wire.clock import SystemClock

LINE_CHARACTERS = 100


def add_to(subcommands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `terms` to the command."""
    parser = subcommands.add_parser("terms", help="check terms files and explain them")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    checks = verbs.add_parser("check", help="report every problem of terms files")
    checks.add_argument("files", nargs="+", type=Path, metavar="FILE")
    checks.set_defaults(run=check)
    tells = verbs.add_parser("explain", help="say what would happen to a request, with clauses")
    tells.add_argument("file", type=Path, metavar="FILE")
    tells.add_argument("--service", required=True, help="id of a service in the file")
    tells.add_argument("--package", help="id of a package; without it, the one for whoever names none")
    tells.add_argument("--severity", help="id of a severity, where the terms have them")
    tells.add_argument("--family", help="id of a product family, where the price depends on it")
    tells.add_argument("--not-shown", action="store_true", help="the customer cannot show the package")
    tells.add_argument(
        "--outdated", action="store_true", help="the customer's version of the product is outdated"
    )
    tells.add_argument(
        "--lang", choices=("ru", "pl", "en"), default="en", help="language of names and clauses"
    )
    tells.add_argument(
        "--at", help="moment of receipt, ISO 8601; without an offset, by the vendor's clock; default: now"
    )
    tells.set_defaults(run=tell)


def check(arguments: argparse.Namespace) -> int:
    """Print every problem of the files, and return 1 when there is any."""
    bad = 0
    for path in arguments.files:
        try:
            terms = terms_in(path)
        except TermsInvalid as invalid:
            bad += len(invalid.problems)
            for problem in invalid.problems:
                print(problem)
        else:
            print(
                f"{path}: {terms.vendor.name}, version {terms.version}, in force from {terms.in_force_from}. No problem."
            )
    if bad:
        print(f"{bad} problem{'s' if bad > 1 else ''}.", file=sys.stderr)
    return 1 if bad else 0


def tell(arguments: argparse.Namespace) -> int:
    """Print what would happen to a request, each sentence with its clause.

    Raises:
        Unusable: the file has problems, or knows no such package, service, severity or family.
    """
    try:
        terms = terms_in(arguments.file)
    except TermsInvalid as invalid:
        raise Unusable(f"{arguments.file} has problems; mend them first.\n{invalid}") from invalid
    try:
        statements = explain(
            terms,
            service=arguments.service,
            package=arguments.package,
            package_shown=not arguments.not_shown,
            severity=arguments.severity,
            family=arguments.family,
            version="outdated" if arguments.outdated else "current",
            at=_moment(arguments.at, terms),
        )
    except (Unknown, ValueError) as refused:
        raise Unusable(str(refused)) from refused
    print(f"{terms.vendor.name}, version {terms.version}, in force from {terms.in_force_from}")
    _print_statements(statements, terms, arguments.lang)
    return 0


def _print_statements(statements: Iterable[Statement], terms: Terms, language: str) -> None:
    """Print each statement under its topic, with its clause; a clause seen before only by its number."""
    topic = None
    seen: set[str] = set()
    for statement in statements:
        if statement.topic is not topic:
            topic = statement.topic
            print(f"\n{topic.value.capitalize()}")
        if statement.clause is None:
            clause = "(no clause: the terms are silent)"
        elif statement.clause in seen:
            clause = f"{terms.clause(statement.clause).label} (above)"
        else:
            clause = clause_line(terms, statement.clause, language)
            seen.add(statement.clause)
        for text, indent in ((sentence(statement, language), "  "), (clause, "      ")):
            print(fill(text, LINE_CHARACTERS, initial_indent=indent, subsequent_indent=indent))


def _moment(text: str | None, terms: Terms) -> datetime:
    """Return the moment of receipt; a clock time without an offset is the vendor's."""
    zone = ZoneInfo(terms.vendor.zone)
    if text is None:
        return SystemClock().now().astimezone(zone)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Unusable(f"“{text}” is not a moment. Write it like 2026-06-11T16:30.") from None
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)
