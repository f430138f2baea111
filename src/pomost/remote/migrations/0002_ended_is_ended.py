"""A session that ended never comes back, and its record never changes: held by the database, whoever writes to it.

A session begins ringing and only goes forward; who, for which ticket and under which offer is set once; metered time and
counted inputs only grow. Events are only added, and none after the end. On SQLite, REPLACE deletes the row in its way
without asking a delete trigger, so inserts and updates that would replace a row are refused as well. A migration that
rebuilds these tables must make the triggers again.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = (
    """
    CREATE TRIGGER remote_session_begins_ringing BEFORE INSERT ON remote_remotesession
    WHEN NEW.state <> 'ringing' OR NEW.metered_ms <> 0
      OR EXISTS (SELECT 1 FROM remote_remotesession WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'remote: a session begins with a ring and replaces none'); END
    """,
    """
    CREATE TRIGGER remote_session_ended_is_ended BEFORE UPDATE ON remote_remotesession
    WHEN OLD.state = 'ended'
    BEGIN SELECT RAISE(ABORT, 'remote: an ended session is never changed or opened again'); END
    """,
    """
    CREATE TRIGGER remote_session_goes_forward BEFORE UPDATE ON remote_remotesession
    WHEN NEW.id IS NOT OLD.id OR NEW.vendor_id IS NOT OLD.vendor_id OR NEW.technician_id IS NOT OLD.technician_id
      OR NEW.rung_at IS NOT OLD.rung_at
      OR (OLD.state = 'answered' AND (NEW.state = 'ringing' OR NEW.ticket_id IS NOT OLD.ticket_id
          OR NEW.ceiling IS NOT OLD.ceiling OR NEW.offer IS NOT OLD.offer
          OR NEW.offer_signature IS NOT OLD.offer_signature OR NEW.answered_at IS NOT OLD.answered_at))
      OR (OLD.first_grant_at IS NOT NULL AND NEW.first_grant_at IS NOT OLD.first_grant_at)
      OR NEW.metered_ms < OLD.metered_ms
      OR NEW.inputs_accepted < OLD.inputs_accepted OR NEW.inputs_dropped < OLD.inputs_dropped
    BEGIN SELECT RAISE(ABORT, 'remote: a session only goes forward; its time and counts only grow'); END
    """,
    """
    CREATE TRIGGER remote_session_stays BEFORE DELETE ON remote_remotesession
    BEGIN SELECT RAISE(ABORT, 'remote: a session is never deleted'); END
    """,
    """
    CREATE TRIGGER remote_event_of_an_open_session BEFORE INSERT ON remote_sessionevent
    WHEN (SELECT state FROM remote_remotesession WHERE id = NEW.session_id) = 'ended'
      OR EXISTS (SELECT 1 FROM remote_sessionevent WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'remote: nothing is recorded after the end of a session, and no event replaces another'); END
    """,
    """
    CREATE TRIGGER remote_event_stays_as_it_is BEFORE UPDATE ON remote_sessionevent
    BEGIN SELECT RAISE(ABORT, 'remote: an event is never changed'); END
    """,
    """
    CREATE TRIGGER remote_event_stays BEFORE DELETE ON remote_sessionevent
    BEGIN SELECT RAISE(ABORT, 'remote: an event is never deleted'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION remote_session_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'ringing' OR NEW.metered_ms <> 0 THEN
          RAISE EXCEPTION 'remote: a session begins with a ring and replaces none';
        END IF;
        RETURN NEW;
      END IF;
      IF TG_OP = 'UPDATE' THEN
        IF OLD.state = 'ended' THEN
          RAISE EXCEPTION 'remote: an ended session is never changed or opened again';
        END IF;
        IF (NEW.id, NEW.vendor_id, NEW.technician_id, NEW.rung_at)
             IS DISTINCT FROM (OLD.id, OLD.vendor_id, OLD.technician_id, OLD.rung_at)
           OR (OLD.state = 'answered' AND (NEW.state = 'ringing'
             OR (NEW.ticket_id, NEW.ceiling, NEW.offer, NEW.offer_signature, NEW.answered_at)
             IS DISTINCT FROM (OLD.ticket_id, OLD.ceiling, OLD.offer, OLD.offer_signature, OLD.answered_at)))
           OR (OLD.first_grant_at IS NOT NULL AND NEW.first_grant_at IS DISTINCT FROM OLD.first_grant_at)
           OR NEW.metered_ms < OLD.metered_ms
           OR NEW.inputs_accepted < OLD.inputs_accepted OR NEW.inputs_dropped < OLD.inputs_dropped THEN
          RAISE EXCEPTION 'remote: a session only goes forward; its time and counts only grow';
        END IF;
        RETURN NEW;
      END IF;
      RAISE EXCEPTION 'remote: a session is never deleted';
    END $$
    """,
    """
    CREATE TRIGGER remote_session_guard BEFORE INSERT OR UPDATE OR DELETE ON remote_remotesession
    FOR EACH ROW EXECUTE FUNCTION remote_session_guard()
    """,
    """
    CREATE TRIGGER remote_session_no_truncate BEFORE TRUNCATE ON remote_remotesession
    FOR EACH STATEMENT EXECUTE FUNCTION remote_session_guard()
    """,
    """
    CREATE FUNCTION remote_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        -- The lock keeps the session from ending between this look and the commit.
        PERFORM 1 FROM remote_remotesession WHERE id = NEW.session_id AND state = 'ended' FOR SHARE;
        IF FOUND THEN
          RAISE EXCEPTION 'remote: nothing is recorded after the end of a session, and no event replaces another';
        END IF;
        RETURN NEW;
      END IF;
      RAISE EXCEPTION 'remote: an event is never changed or deleted';
    END $$
    """,
    """
    CREATE TRIGGER remote_event_guard BEFORE INSERT OR UPDATE OR DELETE ON remote_sessionevent
    FOR EACH ROW EXECUTE FUNCTION remote_event_guard()
    """,
    """
    CREATE TRIGGER remote_event_no_truncate BEFORE TRUNCATE ON remote_sessionevent
    FOR EACH STATEMENT EXECUTE FUNCTION remote_event_guard()
    """,
)

UNDO = {
    "sqlite": (
        "DROP TRIGGER remote_session_begins_ringing",
        "DROP TRIGGER remote_session_ended_is_ended",
        "DROP TRIGGER remote_session_goes_forward",
        "DROP TRIGGER remote_session_stays",
        "DROP TRIGGER remote_event_of_an_open_session",
        "DROP TRIGGER remote_event_stays_as_it_is",
        "DROP TRIGGER remote_event_stays",
    ),
    "postgresql": (
        "DROP TRIGGER remote_event_no_truncate ON remote_sessionevent",
        "DROP TRIGGER remote_event_guard ON remote_sessionevent",
        "DROP FUNCTION remote_event_guard()",
        "DROP TRIGGER remote_session_no_truncate ON remote_remotesession",
        "DROP TRIGGER remote_session_guard ON remote_remotesession",
        "DROP FUNCTION remote_session_guard()",
    ),
}


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unguard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("remote", "0001_first")]

    operations = [migrations.RunPython(guard, unguard)]
