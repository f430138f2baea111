"""What a recomputation made of a clock is never changed and never deleted, nor is a recomputation that is finished.

Held by the database, whoever writes to it: it is what says why a promise is due at another time. On SQLite, REPLACE deletes
the row in its way without asking a delete trigger, so an insert under a taken id, or of a second recomputation of an edit, is
refused as well. A migration that rebuilds one of these tables must make its triggers again.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MOVED = "recomputation: what it made of a clock is never changed or deleted"
WORK = "recomputation: one that is finished is never changed, and none is deleted or begun anew"

SQLITE = (
    f"""
    CREATE TRIGGER tickets_movedclock_replaces_none BEFORE INSERT ON tickets_movedclock
    WHEN EXISTS (SELECT 1 FROM tickets_movedclock WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, '{MOVED}'); END
    """,
    f"""
    CREATE TRIGGER tickets_movedclock_stays_as_it_is BEFORE UPDATE ON tickets_movedclock
    BEGIN SELECT RAISE(ABORT, '{MOVED}'); END
    """,
    f"""
    CREATE TRIGGER tickets_movedclock_stays BEFORE DELETE ON tickets_movedclock
    BEGIN SELECT RAISE(ABORT, '{MOVED}'); END
    """,
    f"""
    CREATE TRIGGER tickets_recomputation_replaces_none BEFORE INSERT ON tickets_recomputation
    WHEN EXISTS (SELECT 1 FROM tickets_recomputation WHERE id = NEW.id OR edit_id = NEW.edit_id)
    BEGIN SELECT RAISE(ABORT, '{WORK}'); END
    """,
    f"""
    CREATE TRIGGER tickets_recomputation_stays_as_it_is BEFORE UPDATE ON tickets_recomputation
    WHEN OLD.finished_at IS NOT NULL OR NEW.id <> OLD.id OR NEW.edit_id <> OLD.edit_id OR NEW.started_at <> OLD.started_at
    BEGIN SELECT RAISE(ABORT, '{WORK}'); END
    """,
    f"""
    CREATE TRIGGER tickets_recomputation_stays BEFORE DELETE ON tickets_recomputation
    BEGIN SELECT RAISE(ABORT, '{WORK}'); END
    """,
)

POSTGRESQL = (
    f"""
    CREATE FUNCTION tickets_movedclock_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '{MOVED}';
    END $$
    """,
    """
    CREATE TRIGGER tickets_movedclock_guard BEFORE UPDATE OR DELETE ON tickets_movedclock
    FOR EACH ROW EXECUTE FUNCTION tickets_movedclock_guard()
    """,
    """
    CREATE TRIGGER tickets_movedclock_no_truncate BEFORE TRUNCATE ON tickets_movedclock
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_movedclock_guard()
    """,
    f"""
    CREATE FUNCTION tickets_recomputation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '{WORK}';
    END $$
    """,
    """
    CREATE TRIGGER tickets_recomputation_stays_as_it_is BEFORE UPDATE ON tickets_recomputation
    FOR EACH ROW WHEN (OLD.finished_at IS NOT NULL
      OR (NEW.id, NEW.edit_id, NEW.started_at) IS DISTINCT FROM (OLD.id, OLD.edit_id, OLD.started_at))
    EXECUTE FUNCTION tickets_recomputation_guard()
    """,
    """
    CREATE TRIGGER tickets_recomputation_stays BEFORE DELETE ON tickets_recomputation
    FOR EACH ROW EXECUTE FUNCTION tickets_recomputation_guard()
    """,
    """
    CREATE TRIGGER tickets_recomputation_no_truncate BEFORE TRUNCATE ON tickets_recomputation
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_recomputation_guard()
    """,
)

UNDO = {
    "sqlite": (
        "DROP TRIGGER tickets_movedclock_replaces_none",
        "DROP TRIGGER tickets_movedclock_stays_as_it_is",
        "DROP TRIGGER tickets_movedclock_stays",
        "DROP TRIGGER tickets_recomputation_replaces_none",
        "DROP TRIGGER tickets_recomputation_stays_as_it_is",
        "DROP TRIGGER tickets_recomputation_stays",
    ),
    "postgresql": (
        "DROP TRIGGER tickets_movedclock_guard ON tickets_movedclock",
        "DROP TRIGGER tickets_movedclock_no_truncate ON tickets_movedclock",
        "DROP FUNCTION tickets_movedclock_guard()",
        "DROP TRIGGER tickets_recomputation_stays_as_it_is ON tickets_recomputation",
        "DROP TRIGGER tickets_recomputation_stays ON tickets_recomputation",
        "DROP TRIGGER tickets_recomputation_no_truncate ON tickets_recomputation",
        "DROP FUNCTION tickets_recomputation_guard()",
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
    dependencies = [("tickets", "0015_one_index_less_for_clocks")]

    operations = [migrations.RunPython(guard, unguard)]
