"""No technician has two bookings that overlap: held by the database, whoever writes to it.

PostgreSQL compares the spans of time of one technician in an index; the technician stands in it as a span of one number,
since a plain number would need an extension. On SQLite triggers look for a booking in the way.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

IN_THE_WAY = """
    WHEN EXISTS (
      SELECT 1 FROM tickets_booking WHERE technician_id = NEW.technician_id AND id IS NOT NEW.id
        AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at)
    BEGIN SELECT RAISE(ABORT, 'booking: the technician has another one in that time'); END
"""

SQLITE = (
    f"CREATE TRIGGER tickets_booking_made_where_free BEFORE INSERT ON tickets_booking {IN_THE_WAY}",
    f"CREATE TRIGGER tickets_booking_moved_where_free BEFORE UPDATE ON tickets_booking {IN_THE_WAY}",
)

POSTGRESQL = (
    """
    ALTER TABLE tickets_booking ADD CONSTRAINT booking_nobody_twice EXCLUDE USING gist (
      int8range(technician_id, technician_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&)
    """,
)

UNDO = {
    "sqlite": (
        "DROP TRIGGER tickets_booking_made_where_free",
        "DROP TRIGGER tickets_booking_moved_where_free",
    ),
    "postgresql": ("ALTER TABLE tickets_booking DROP CONSTRAINT booking_nobody_twice",),
}


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the guard in the words of this database."""
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unguard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take it away again."""
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_overruns")]

    operations = [migrations.RunPython(guard, unguard)]
