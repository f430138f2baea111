"""`pomost replay KIND FILE`: decide a file of cases by the terms and rules in force, and compare.

Owns the output: one JSON line a case, `{"id", "got", "ok"}`, then one with the
counts; exit 1 when any case differs. The cases are read in cases.py and decided
there, in billing_cases.py or in source_cases.py; what a case expects is only compared, with its names
choosing which parts of the answer are shown.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

from pomost.cli.billing_cases import billing_answer
from pomost.cli.cases import Answer, Case, expected, same, sla_answer
from pomost.cli.errors import Unusable
from pomost.cli.source_cases import ANSWERS, source_answer
from pomost.cli.terms_files import TermsFolder, bytes_of
from pomost.contracts.shipped_terms import SHIPPED_TERMS

BY_THEMSELVES: Final[Mapping[str, Callable[[Case], Answer]]] = {"sla": sla_answer, "billing": billing_answer}
"""Kinds whose cases carry their own rules."""

KINDS: Final = (*BY_THEMSELVES, *ANSWERS)

CASES_BYTES_MAX: Final = 64 * 1024 * 1024


def add_to(subcommands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `replay` to the command."""
    parser = subcommands.add_parser(
        "replay", help="decide a file of cases and compare with what each expects"
    )
    parser.add_argument("kind", choices=KINDS, metavar="KIND", help=f"one of: {', '.join(KINDS)}")
    parser.add_argument("file", type=Path, metavar="FILE", help="a JSON array of cases")
    parser.add_argument(
        "--terms",
        type=Path,
        default=SHIPPED_TERMS,
        metavar="DIR",
        help="folder of terms files (default: the shipped ones)",
    )
    parser.set_defaults(run=replay)


def replay(arguments: argparse.Namespace) -> int:
    """Decide every case of the file, print the answers, and return 1 when any differs.

    Raises:
        Unusable: the file, a case in it or the terms cannot be used; then nothing is printed.
    """
    kind: str = arguments.kind
    cases = _cases(arguments.file)
    folder = None if kind in BY_THEMSELVES else TermsFolder(arguments.terms)
    lines = []
    differ = 0
    for case in cases:
        got: object = BY_THEMSELVES[kind](case) if folder is None else source_answer(kind, case, folder)
        wanted = expected(case)
        if isinstance(got, Mapping) and isinstance(wanted, Mapping):
            got = {name: value for name, value in got.items() if name in wanted}
        ok = _is_right(case, got, wanted)
        differ += not ok
        lines.append({"id": case.id, "got": got, "ok": ok})
    for line in [*lines, {"kind": kind, "cases": len(lines), "ok": len(lines) - differ, "differ": differ}]:
        print(
            json.dumps(line, default=_as_number)
        )  # ASCII: an id may hold half a character that no terminal can take
    return 1 if differ else 0


def _is_right(case: Case, got: object, wanted: Answer) -> bool:
    """Compare; minutes by their seconds where the case gives them, since minutes may not be round."""
    seconds = case.values.get("expected_seconds")
    if isinstance(got, int | float) and isinstance(seconds, int) and not isinstance(seconds, bool):
        return round(got * 60_000_000) == seconds * 1_000_000
    return same(got, wanted)


def _cases(path: Path) -> list[Case]:
    data = bytes_of(path)
    if len(data) > CASES_BYTES_MAX:
        raise Unusable(f"{path} has {len(data)} bytes; at most {CASES_BYTES_MAX} are read. Split it.")
    try:
        values = json.loads(data, parse_float=Decimal, parse_constant=_no_number)
    except RecursionError:
        raise Unusable(f"{path} is nested too deeply. It must be a JSON array of cases.") from None
    except ValueError as bad:
        raise Unusable(f"{path} is not JSON in UTF-8: {bad}. It must be a JSON array of cases.") from bad
    if not isinstance(values, list):
        raise Unusable(f"{path} must be a JSON array of cases, such as [{{…}}, {{…}}].")
    cases = [Case(f"{path}: case {number}", each) for number, each in enumerate(values, start=1)]
    most, count = max(Counter(case.id for case in cases).items(), key=lambda each: each[1], default=("", 0))
    if count > 1:
        raise Unusable(f"{path}: the id “{most[:40]}” stands on {count} cases. Give each its own.")
    return cases


def _as_number(value: object) -> int | float:
    """Write an exact decimal as JSON's number; it was compared before."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    raise TypeError(f"{value!r} has no place in an answer.")


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is not a number")
