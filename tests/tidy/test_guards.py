"""Every trigger that a migration makes is there when all migrations have run, in both databases."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from attacks import trigger_names

SOURCE = Path(__file__).resolve().parents[2] / "src"


def made(vendor: str) -> Iterator[str]:
    """Return the names of the triggers that the migrations make in one database."""
    for file in sorted(SOURCE.glob("pomost/*/migrations/0*.py")):
        module = import_module(".".join(file.relative_to(SOURCE).with_suffix("").parts))
        for statement in getattr(module, vendor.upper(), ()):
            yield from re.findall(r"CREATE TRIGGER (\w+)", statement)


def test_every_guard_is_still_there_after_all_migrations(both_databases: str) -> None:
    # A migration that rebuilds a table on SQLite loses its triggers without a word.
    names = set(made(both_databases))

    assert len(names) > 10
    assert names - trigger_names() == set()
