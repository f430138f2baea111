"""Facts are never changed and never deleted: held by the database, whoever writes to it.

Only the two columns of the chain may be filled, once. On SQLite, REPLACE deletes the row in its way without asking a
delete trigger, so inserts and updates that would replace a row are refused as well. A migration that rebuilds the
table must make these triggers again.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = (
    """
    CREATE TRIGGER journal_fact_begins_unsealed BEFORE INSERT ON journal_fact
    WHEN NEW.sequence IS NOT NULL OR NEW.hash <> '' OR EXISTS (SELECT 1 FROM journal_fact WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'journal: a new fact is unsealed and replaces none'); END
    """,
    """
    CREATE TRIGGER journal_fact_stays_as_it_is BEFORE UPDATE ON journal_fact
    WHEN OLD.sequence IS NOT NULL OR NEW.id IS NOT OLD.id OR NEW.vendor IS NOT OLD.vendor OR NEW.kind IS NOT OLD.kind
      OR NEW.subject IS NOT OLD.subject OR NEW."by" IS NOT OLD."by" OR NEW.at IS NOT OLD.at OR NEW.data IS NOT OLD.data
      OR EXISTS (SELECT 1 FROM journal_fact WHERE sequence = NEW.sequence)
    BEGIN SELECT RAISE(ABORT, 'journal: a fact is never changed; record another one'); END
    """,
    """
    CREATE TRIGGER journal_fact_stays BEFORE DELETE ON journal_fact
    BEGIN SELECT RAISE(ABORT, 'journal: a fact is never deleted'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION journal_fact_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        IF NEW.sequence IS NOT NULL OR NEW.hash <> '' THEN
          RAISE EXCEPTION 'journal: a new fact is unsealed and replaces none';
        END IF;
        RETURN NEW;
      END IF;
      IF TG_OP = 'UPDATE' THEN
        IF OLD.sequence IS NULL AND (NEW.id, NEW.vendor, NEW.kind, NEW.subject, NEW."by", NEW.at, NEW.data)
           IS NOT DISTINCT FROM (OLD.id, OLD.vendor, OLD.kind, OLD.subject, OLD."by", OLD.at, OLD.data) THEN
          RETURN NEW;
        END IF;
        RAISE EXCEPTION 'journal: a fact is never changed; record another one';
      END IF;
      RAISE EXCEPTION 'journal: a fact is never deleted';
    END $$
    """,
    """
    CREATE TRIGGER journal_fact_guard BEFORE INSERT OR UPDATE OR DELETE ON journal_fact
    FOR EACH ROW EXECUTE FUNCTION journal_fact_guard()
    """,
    """
    CREATE TRIGGER journal_fact_no_truncate BEFORE TRUNCATE ON journal_fact
    FOR EACH STATEMENT EXECUTE FUNCTION journal_fact_guard()
    """,
)

UNDO = {
    "sqlite": (
        "DROP TRIGGER journal_fact_begins_unsealed",
        "DROP TRIGGER journal_fact_stays_as_it_is",
        "DROP TRIGGER journal_fact_stays",
    ),
    "postgresql": (
        "DROP TRIGGER journal_fact_no_truncate ON journal_fact",
        "DROP TRIGGER journal_fact_guard ON journal_fact",
        "DROP FUNCTION journal_fact_guard()",
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
    dependencies = [("journal", "0001_first")]

    operations = [migrations.RunPython(guard, unguard)]
