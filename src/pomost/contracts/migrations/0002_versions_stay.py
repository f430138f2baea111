"""Published terms are never changed and never deleted: held by the database, whoever writes to it.

On SQLite, REPLACE deletes the row in its way without asking a delete trigger, so an insert under a taken id is refused
as well. A migration that rebuilds the table must make these triggers again.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = (
    """
    CREATE TRIGGER contracts_terms_replace_none BEFORE INSERT ON contracts_termsversion
    WHEN EXISTS (
      SELECT 1 FROM contracts_termsversion
      WHERE id = NEW.id OR (vendor_id = NEW.vendor_id AND (version = NEW.version OR valid_from = NEW.valid_from))
    )
    BEGIN SELECT RAISE(ABORT, 'terms: a published version is never replaced'); END
    """,
    """
    CREATE TRIGGER contracts_terms_stay_as_they_are BEFORE UPDATE ON contracts_termsversion
    BEGIN SELECT RAISE(ABORT, 'terms: a published version is never changed; publish a newer one'); END
    """,
    """
    CREATE TRIGGER contracts_terms_stay BEFORE DELETE ON contracts_termsversion
    BEGIN SELECT RAISE(ABORT, 'terms: a published version is never deleted'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION contracts_terms_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'terms: a published version is never changed or deleted; publish a newer one';
    END $$
    """,
    """
    CREATE TRIGGER contracts_terms_guard BEFORE UPDATE OR DELETE ON contracts_termsversion
    FOR EACH ROW EXECUTE FUNCTION contracts_terms_guard()
    """,
    """
    CREATE TRIGGER contracts_terms_no_truncate BEFORE TRUNCATE ON contracts_termsversion
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_terms_guard()
    """,
)

UNDO = {
    "sqlite": (
        "DROP TRIGGER contracts_terms_replace_none",
        "DROP TRIGGER contracts_terms_stay_as_they_are",
        "DROP TRIGGER contracts_terms_stay",
    ),
    "postgresql": (
        "DROP TRIGGER contracts_terms_no_truncate ON contracts_termsversion",
        "DROP TRIGGER contracts_terms_guard ON contracts_termsversion",
        "DROP FUNCTION contracts_terms_guard()",
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
    dependencies = [("contracts", "0001_first")]

    operations = [migrations.RunPython(guard, unguard)]
