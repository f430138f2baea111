"""The entry of the `pomost` command: which subcommands there are, and how each ends.

Owns the registry and the exit codes: 0 well, 1 the answer is “no” (problems,
differences), 2 the input cannot be used, with a sentence on standard error. Each
subcommand is a module with `add_to(subcommands)`.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import Final

from pomost.cli import audit, demo, replay, serve, terms
from pomost.cli.errors import Unusable

SUBCOMMANDS: Final = (serve, demo, terms, audit, replay)
"""Modules in the order of the help; a new subcommand is added here."""

EXIT_UNUSABLE: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="pomost", description="A remote support desk that runs by its terms."
    )
    subcommands = parser.add_subparsers(title="subcommands", metavar="COMMAND", required=True)
    for module in SUBCOMMANDS:
        module.add_to(subcommands)
    chosen = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name of a file may hold what the terminal's encoding does not; an escape is better than a crash.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = int(chosen.run(chosen))
        sys.stdout.flush()
    except Unusable as unusable:
        print(f"pomost: {unusable}", file=sys.stderr)
        return EXIT_UNUSABLE
    except BrokenPipeError:
        # The reader of our output has gone (a pager, `head`). Nothing more can be printed, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_UNUSABLE
    return code
