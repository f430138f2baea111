"""The triggers of PostgreSQL lock rows, not their keys.

A plain FOR UPDATE also stops every insert that only points at the row: whoever wrote a consent waited at its vendor for an
invoice, which might wait at the ticket for the consent. FOR NO KEY UPDATE excludes the same writers and lets those pass.
The functions are rewritten as they stand in the database; a migration that makes one anew takes the weaker lock.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

WITH_LOCKS = """
    SELECT pg_get_functiondef(p.oid) FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
    WHERE p.pronamespace = current_schema()::regnamespace AND l.lanname = 'plpgsql' AND p.prosrc LIKE %s
"""


def _rewrite(schema_editor: BaseDatabaseSchemaEditor, old: str, new: str) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(WITH_LOCKS, [f"%{old}%"])
        definitions = [definition for (definition,) in cursor.fetchall()]
    for definition in definitions:
        schema_editor.execute(definition.replace(old, new), params=None)


def leave_keys_alone(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _rewrite(schema_editor, " FOR UPDATE", " FOR NO KEY UPDATE")


def lock_keys(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _rewrite(schema_editor, " FOR NO KEY UPDATE", " FOR UPDATE")


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0004_corrections_and_payments"),
        ("tickets", "0007_nobody_is_booked_twice"),
    ]

    operations = [migrations.RunPython(leave_keys_alone, lock_keys)]
