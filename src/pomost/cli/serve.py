"""`pomost serve` and `pomost vendor`: the desk itself, and a first vendor with its owner.

What they need is named by a string and loaded when asked for, so that `pomost terms` stays quick and needs no Django.
"""

import argparse
import getpass
import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pomost.cli.errors import Unusable
from pomost.config.errors import CannotStart

START = "pomost.config.start"


def add_to(subcommands: Any) -> None:
    """Register both commands."""
    serve = subcommands.add_parser(
        "serve",
        help="serve the desk; its data lie in POMOST_DATA (default ./var) and, if given, in POMOST_DATABASE",
    )
    serve.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; put a server with HTTPS in front of it"
    )
    serve.add_argument("--port", type=int, default=8000)
    serve.set_defaults(run=_serve)

    vendor = subcommands.add_parser("vendor", help="open a desk for the vendor of a terms file")
    vendor.add_argument("file", type=Path, metavar="TERMS.toml")
    vendor.add_argument("--owner-name", required=True)
    vendor.add_argument("--owner-email", required=True)
    vendor.set_defaults(run=_vendor)


def _serve(chosen: argparse.Namespace) -> int:
    with _said_in_a_sentence():
        importlib.import_module(START).serve(chosen.host, chosen.port)
    return 0


@contextmanager
def _said_in_a_sentence() -> Iterator[None]:
    """Give up with a sentence where a setting or the database cannot be used."""
    try:
        yield
    except CannotStart as reason:
        raise Unusable(str(reason)) from reason


def _vendor(chosen: argparse.Namespace) -> int:
    if not chosen.file.is_file():
        raise Unusable(f"There is no file {chosen.file}. Give the path of the vendor's terms.")
    with _said_in_a_sentence():
        start = importlib.import_module(START)
    password = getpass.getpass(f"A password for {chosen.owner_email}: ")
    if getpass.getpass("Once more: ") != password:
        raise Unusable("The two passwords differ. Nothing was made; try again.")
    try:
        with _said_in_a_sentence():
            vendor = start.add_vendor_from(
                chosen.file, owner_name=chosen.owner_name, owner_email=chosen.owner_email, password=password
            )
    except start.REFUSALS as refusal:
        raise Unusable(f"Nothing was made. {refusal}") from refusal
    print(f"The desk of {vendor.name} is open at /{vendor.slug}/ once `pomost serve` runs.")
    return 0
