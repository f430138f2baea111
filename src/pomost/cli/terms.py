"""`pomost terms`: check terms files, and explain what would happen by one.

Owns the two subcommands and what they print. Checking is rules/terms, explaining
rules/explain.py. Read next: terms/README.md.
"""

import argparse
import sys
from pathlib import Path

from pomost.cli.terms_files import terms_in
from pomost.rules.terms.problems import TermsInvalid


def add_to(subcommands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `terms` to the command."""
    parser = subcommands.add_parser("terms", help="check terms files and explain them")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    checks = verbs.add_parser("check", help="report every problem of terms files")
    checks.add_argument("files", nargs="+", type=Path, metavar="FILE")
    checks.set_defaults(run=check)


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
