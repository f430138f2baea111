"""Entries of worked time are never changed or deleted, and none claims more than its session measured.

Held by the database, whoever writes to it. A correction is an entry of its own. On SQLite, REPLACE deletes the row in its
way without asking a delete trigger, so inserts that would replace a row are refused as well. That nothing is entered after
the settlement is held beside the settlements (billing's migration). A migration that rebuilds the table must make these
triggers again.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = (
    """
    CREATE TRIGGER worklog_entry_follows_its_session BEFORE INSERT ON worklog_entry
    WHEN NEW.session_id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM remote_remotesession AS s WHERE s.id = NEW.session_id AND s.state = 'ended'
        AND s.ticket_id = NEW.ticket_id AND s.technician_id = NEW.technician_id
        AND NEW.worked_seconds * 1000 <= s.metered_ms)
    BEGIN SELECT RAISE(ABORT, 'worklog: a session is entered after its end, for its own ticket, with no more than it measured'); END
    """,
    """
    CREATE TRIGGER worklog_entry_replaces_none BEFORE INSERT ON worklog_entry
    WHEN EXISTS (SELECT 1 FROM worklog_entry WHERE id = NEW.id OR session_id = NEW.session_id)
    BEGIN SELECT RAISE(ABORT, 'worklog: an entry replaces none, and a session is entered once'); END
    """,
    """
    CREATE TRIGGER worklog_entry_stays_as_it_is BEFORE UPDATE ON worklog_entry
    BEGIN SELECT RAISE(ABORT, 'worklog: an entry is never changed; enter a correction'); END
    """,
    """
    CREATE TRIGGER worklog_entry_stays BEFORE DELETE ON worklog_entry
    BEGIN SELECT RAISE(ABORT, 'worklog: an entry is never deleted'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION worklog_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        IF NEW.session_id IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM remote_remotesession AS s WHERE s.id = NEW.session_id AND s.state = 'ended'
            AND s.ticket_id = NEW.ticket_id AND s.technician_id = NEW.technician_id
            AND NEW.worked_seconds::bigint * 1000 <= s.metered_ms) THEN
          RAISE EXCEPTION 'worklog: a session is entered after its end, for its own ticket, with no more than it measured';
        END IF;
        RETURN NEW;
      END IF;
      RAISE EXCEPTION 'worklog: an entry is never changed or deleted; enter a correction';
    END $$
    """,
    """
    CREATE TRIGGER worklog_entry_guard BEFORE INSERT OR UPDATE OR DELETE ON worklog_entry
    FOR EACH ROW EXECUTE FUNCTION worklog_entry_guard()
    """,
    """
    CREATE TRIGGER worklog_entry_no_truncate BEFORE TRUNCATE ON worklog_entry
    FOR EACH STATEMENT EXECUTE FUNCTION worklog_entry_guard()
    """,
)

UNDO = {
    "sqlite": (
        "DROP TRIGGER worklog_entry_follows_its_session",
        "DROP TRIGGER worklog_entry_replaces_none",
        "DROP TRIGGER worklog_entry_stays_as_it_is",
        "DROP TRIGGER worklog_entry_stays",
    ),
    "postgresql": (
        "DROP TRIGGER worklog_entry_no_truncate ON worklog_entry",
        "DROP TRIGGER worklog_entry_guard ON worklog_entry",
        "DROP FUNCTION worklog_entry_guard()",
    ),
}


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unguard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("worklog", "0001_first"), ("remote", "0002_ended_is_ended")]

    operations = [migrations.RunPython(guard, unguard)]
