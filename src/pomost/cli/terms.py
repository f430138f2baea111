"""`pomost terms`: check terms files, explain what would happen by one, show one, compare two.

Owns the verbs and what they print. Checking is rules/terms, explaining rules/explain.py with the English sentences of
sentences.py; what is written for customers, in their language, comes from config/terms_text.py, which is loaded by its
name when asked for: the other verbs need no Django. Read next: terms/README.md.
"""

import argparse
import importlib
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from textwrap import fill
from zoneinfo import ZoneInfo

from pomost.cli.errors import Unusable
from pomost.cli.sentences import clause_line, sentence
from pomost.cli.terms_files import terms_in
from pomost.rules.explain import Statement, explain
from pomost.rules.terms.diff import diff
from pomost.rules.terms.model import Terms, Unknown
from pomost.rules.terms.problems import TermsInvalid
from pomost.wire.clock import SystemClock

LINE_CHARACTERS = 100
WORDS = "pomost.config.terms_text"
LANGUAGES = ("ru", "pl", "en")


def add_to(subcommands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `terms` to the command."""
    parser = subcommands.add_parser("terms", help="check terms files and explain them")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    checks = verbs.add_parser("check", help="report every problem of terms files")
    checks.add_argument("files", nargs="+", type=Path, metavar="FILE")
    checks.add_argument(
        "--lang", choices=LANGUAGES, default="en", help="language of what is said; default: en"
    )
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
    tells.add_argument("--lang", choices=LANGUAGES, default="en", help="language of names and clauses")
    tells.add_argument(
        "--at", help="moment of receipt, ISO 8601; without an offset, by the vendor's clock; default: now"
    )
    tells.set_defaults(run=tell)
    compares = verbs.add_parser("diff", help="say what changes for whom between two versions")
    compares.add_argument("before", type=Path, metavar="OLD.toml")
    compares.add_argument("after", type=Path, metavar="NEW.toml")
    _add_language(compares)
    compares.set_defaults(run=compare)
    shows = verbs.add_parser("show", help="print a whole terms file as customers read it")
    shows.add_argument("file", type=Path, metavar="FILE")
    _add_language(shows)
    shows.add_argument(
        "--on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="prices from this day on; default: today"
    )
    shows.set_defaults(run=show)


def _add_language(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--lang", choices=LANGUAGES, help="language; without it, the vendor's own")


def check(arguments: argparse.Namespace) -> int:
    """Print every problem of the files, and return 1 when there is any."""
    bad = 0
    for path in arguments.files:
        try:
            terms = terms_in(path)
        except TermsInvalid as invalid:
            bad += len(invalid.problems)
            print("\n".join(_problems(invalid, arguments.lang)))
        else:
            print(_no_problem(terms, path, arguments.lang))
    if bad:
        print(_counted(bad, arguments.lang), file=sys.stderr)
    return 1 if bad else 0


def _problems(invalid: TermsInvalid, language: str) -> list[str]:
    if language == "en":
        return [str(problem) for problem in invalid.problems]
    said: list[str] = importlib.import_module(WORDS).problems_said(invalid.problems, language)
    return said


def _no_problem(terms: Terms, path: Path, language: str) -> str:
    if language == "en":
        return f"{path}: {terms.vendor.name}, version {terms.version}, in force from {terms.in_force_from}. No problem."
    said: str = importlib.import_module(WORDS).checked(terms, str(path), language)
    return said


def _counted(bad: int, language: str) -> str:
    if language == "en":
        return f"{bad} problem{'s' if bad > 1 else ''}."
    said: str = importlib.import_module(WORDS).problems_counted(bad, language)
    return said


def tell(arguments: argparse.Namespace) -> int:
    """Print what would happen to a request, each sentence with its clause.

    Raises:
        Unusable: the file has problems, or knows no such package, service, severity or family.
    """
    terms = _whole(arguments.file)
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


def compare(arguments: argparse.Namespace) -> int:
    """Print what changes for whom between two versions of a vendor's terms; return 1 where anything does.

    Raises:
        Unusable: a file has problems, or they are of two vendors.
    """
    before, after = _whole(arguments.before), _whole(arguments.after)
    if before.vendor.slug != after.vendor.slug:
        raise Unusable(
            f"{arguments.before} is of “{before.vendor.slug}”, {arguments.after} of “{after.vendor.slug}”. "
            "Compare two versions of one vendor."
        )
    language = arguments.lang or after.vendor.languages[0]
    print(importlib.import_module(WORDS).compared(before, after, language))
    return 1 if diff(before, after) else 0


def show(arguments: argparse.Namespace) -> int:
    """Print a whole terms file as a text for customers.

    Raises:
        Unusable: the file has problems.
    """
    terms = _whole(arguments.file)
    on = arguments.on or SystemClock().now().astimezone(ZoneInfo(terms.vendor.zone)).date()
    language = arguments.lang or terms.vendor.languages[0]
    print(importlib.import_module(WORDS).shown(terms, language, on))
    return 0


def _whole(path: Path) -> Terms:
    try:
        return terms_in(path)
    except TermsInvalid as invalid:
        raise Unusable(f"{path} has problems; mend them first.\n{invalid}") from invalid


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
