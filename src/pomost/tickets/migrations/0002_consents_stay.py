"""Consents are never changed and never deleted: held by the database, whoever writes to it.

On SQLite, REPLACE deletes the row in its way without asking a delete trigger, so an insert under a taken id is refused
as well. A migration that rebuilds the table must make these triggers again.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = (
    """
    CREATE TRIGGER tickets_consent_replaces_none BEFORE INSERT ON tickets_consent
    WHEN EXISTS (SELECT 1 FROM tickets_consent WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'consent: an answer is never replaced'); END
    """,
    """
    CREATE TRIGGER tickets_consent_stays_as_it_is BEFORE UPDATE ON tickets_consent
    BEGIN SELECT RAISE(ABORT, 'consent: an answer is never changed; record another one'); END
    """,
    """
    CREATE TRIGGER tickets_consent_stays BEFORE DELETE ON tickets_consent
    BEGIN SELECT RAISE(ABORT, 'consent: an answer is never deleted'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION tickets_consent_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'consent: an answer is never changed or deleted; record another one';
    END $$
    """,
    """
    CREATE TRIGGER tickets_consent_guard BEFORE UPDATE OR DELETE ON tickets_consent
    FOR EACH ROW EXECUTE FUNCTION tickets_consent_guard()
    """,
    """
    CREATE TRIGGER tickets_consent_no_truncate BEFORE TRUNCATE ON tickets_consent
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_consent_guard()
    """,
)

UNDO = {
    "sqlite": (
        "DROP TRIGGER tickets_consent_replaces_none",
        "DROP TRIGGER tickets_consent_stays_as_it_is",
        "DROP TRIGGER tickets_consent_stays",
    ),
    "postgresql": (
        "DROP TRIGGER tickets_consent_no_truncate ON tickets_consent",
        "DROP TRIGGER tickets_consent_guard ON tickets_consent",
        "DROP FUNCTION tickets_consent_guard()",
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
    dependencies = [("tickets", "0001_first")]

    operations = [migrations.RunPython(guard, unguard)]
