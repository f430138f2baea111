"""Every trigger that a migration makes is there when all migrations have run; no lock takes more than it needs."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection

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


# A plain FOR UPDATE also stops every insert that only points at the row; two of them soon wait for each other
# (tests/races/test_money.py shows how).


def test_no_row_is_locked_together_with_its_key() -> None:
    calls = [
        (file.relative_to(SOURCE), call)
        for file in SOURCE.rglob("*.py")
        for call in re.findall(r"select_for_update\(([^)]*\)?[^)]*)\)", file.read_text())
    ]

    assert len(calls) > 10
    assert [place for place, call in calls if "no_key=True" not in call] == []


@pytest.mark.parametrize("which_database", ["postgresql"], indirect=True)
def test_no_trigger_locks_a_key_either(both_databases: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
        )
        functions = dict(cursor.fetchall())

    assert len(functions) > 10
    assert any(" FOR NO KEY UPDATE" in source for source in functions.values())
    assert [name for name, source in functions.items() if " FOR UPDATE" in source] == []
