"""Edits of calendars are never changed and never deleted: held by the database, whoever writes to it.

On SQLite, REPLACE deletes the row in its way without asking a delete trigger, so an insert under a taken id, or of a second
withdrawal, is refused as well. A migration that rebuilds the table must make these triggers again.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SAID = "calendars: an edit is never changed or deleted; make another one"

SQLITE = (
    f"""
    CREATE TRIGGER contracts_calendar_edit_replaces_none BEFORE INSERT ON contracts_calendaredit
    WHEN EXISTS (SELECT 1 FROM contracts_calendaredit WHERE id = NEW.id OR withdraws_id = NEW.withdraws_id)
    BEGIN SELECT RAISE(ABORT, '{SAID}'); END
    """,
    f"""
    CREATE TRIGGER contracts_calendar_edit_stays_as_it_is BEFORE UPDATE ON contracts_calendaredit
    BEGIN SELECT RAISE(ABORT, '{SAID}'); END
    """,
    f"""
    CREATE TRIGGER contracts_calendar_edit_stays BEFORE DELETE ON contracts_calendaredit
    BEGIN SELECT RAISE(ABORT, '{SAID}'); END
    """,
)

POSTGRESQL = (
    f"""
    CREATE FUNCTION contracts_calendar_edit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '{SAID}';
    END $$
    """,
    """
    CREATE TRIGGER contracts_calendar_edit_guard BEFORE UPDATE OR DELETE ON contracts_calendaredit
    FOR EACH ROW EXECUTE FUNCTION contracts_calendar_edit_guard()
    """,
    """
    CREATE TRIGGER contracts_calendar_edit_no_truncate BEFORE TRUNCATE ON contracts_calendaredit
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_calendar_edit_guard()
    """,
)

UNDO = {
    "sqlite": (
        "DROP TRIGGER contracts_calendar_edit_replaces_none",
        "DROP TRIGGER contracts_calendar_edit_stays_as_it_is",
        "DROP TRIGGER contracts_calendar_edit_stays",
    ),
    "postgresql": (
        "DROP TRIGGER contracts_calendar_edit_no_truncate ON contracts_calendaredit",
        "DROP TRIGGER contracts_calendar_edit_guard ON contracts_calendaredit",
        "DROP FUNCTION contracts_calendar_edit_guard()",
    ),
}


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers in the words of this database."""
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unguard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away again."""
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("contracts", "0006_visits_per_incident")]

    operations = [migrations.RunPython(guard, unguard)]
