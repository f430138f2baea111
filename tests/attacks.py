"""Attacks on the database: each must be refused, and go through when what refuses it is taken away.

The second half is the control: an attack that would fail anyway (a slip in its SQL, no row to touch) proves nothing about
the guard. It runs in a savepoint that is taken back. Triggers can be taken away in both databases, constraints in
PostgreSQL only: on SQLite an attack that a constraint of the table itself refuses has its control on the other.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

Value = str | int | bytes | datetime | None

CONSTRAINTS_MAX = 5
"""How many constraints may hold one attack."""


def run_sql(statement: str, *values: Value) -> int:
    """Run one raw statement in a savepoint and return how many rows it touched; -1: all there were."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def refusal(statement: str, *values: Value) -> str:
    """Run a raw statement and return the database's reason for refusing it.

    Raises:
        AssertionError: the database did it, or refuses it even without its guards.
    """
    try:
        touched = run_sql(statement, *values)
    except DatabaseError as error:
        _control(lambda: run_sql(statement, *values))
        return str(error)
    raise AssertionError(f"The database let it happen, to {touched} rows: {statement}")


def refused(match: str, attack: Callable[[], object]) -> None:
    """Expect the database to refuse an attack for a reason, and go on with the transaction around it.

    Raises:
        AssertionError: the database did it, said something else, or refuses it even without its guards.
    """
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        attack()
    _control(attack)


def trigger_names() -> set[str]:
    """Return the names of all triggers that the migrations made."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        return {name for (name,) in cursor.fetchall()}


def drop_guards() -> None:
    """Take all triggers away, until the transaction is taken back."""
    if connection.vendor == "sqlite":
        for name in trigger_names():
            run_sql(f"DROP TRIGGER {name}")
        return
    _finish_what_is_deferred()
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        tables = [table for (table,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def drop_constraints(*tables: str) -> None:
    """Take away what keeps rows of tables from being alike, in each other's way or odd by themselves. PostgreSQL only."""
    for table in tables:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('u', 'x', 'c')",
                [table],
            )
            constraints = [name for (name,) in cursor.fetchall()]
            for name in constraints:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")
            cursor.execute(
                "SELECT indexrelid::regclass::text FROM pg_index"
                " WHERE indrelid = %s::regclass AND indisunique AND NOT indisprimary",
                [table],
            )
            indexes = [name for (name,) in cursor.fetchall()]
            for name in indexes:
                cursor.execute(f"DROP INDEX {name}")


def truncation(table: str) -> str:
    """Return the reason why a table is not emptied. PostgreSQL only."""
    _finish_what_is_deferred()
    return refusal(f"TRUNCATE {table} CASCADE")


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _control(attack: Callable[[], object]) -> None:
    with _taken_back():
        drop_guards()
        for _each in range(CONSTRAINTS_MAX):
            try:
                with transaction.atomic():
                    touched = attack()
            except IntegrityError as error:
                if connection.vendor == "sqlite":
                    return
                _drop_constraint(error)
            else:
                assert touched != 0, "The attack touches no row, with or without guards: it shows nothing."
                return
        raise AssertionError(f"More than {CONSTRAINTS_MAX} constraints hold this attack.")


def _finish_what_is_deferred() -> None:
    """PostgreSQL changes no table that has checks to do at the end of the transaction; do them now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _drop_constraint(error: IntegrityError) -> None:
    """Take away the constraint that raised `error`."""
    raised = error.__cause__
    diag = getattr(raised, "diag", None)
    assert diag is not None, f"No constraint raised this: {error}"
    table, name, column = diag.table_name, diag.constraint_name, diag.column_name
    if name is None:
        run_sql(f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [name])
        is_constraint = cursor.fetchone() is not None
    run_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE" if is_constraint else f"DROP INDEX {name}")
