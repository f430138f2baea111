"""Versions and receipts stay as they are, content goes only when its version says so, an upload ends once: held by the database.

On SQLite, REPLACE deletes the row in its way without asking a delete trigger, so inserts that would replace a row are
refused as well. A migration that rebuilds one of these tables must make its triggers again.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SAID = {
    "file": "file: what it is about never changes, and it stays",
    "version": "file: a version never changes; its content may be erased, once",
    "version_new": "file: a new version replaces none and has its content",
    "receipt": "file: a receipt stays as it is",
    "piece": "file: a piece stays as it is while its version has its content",
    "upload": "file: an upload goes forward and ends once",
    "upload_stays": "file: an upload that began stays on record",
}
VERSION_FIXED = (
    "id", "file_id", "number", "parent_id", "upload_id", "name", "size", "sha256", "announced", "note", "by", "at",
    "link", "keep_until",
)
UPLOAD_FIXED = (
    "id", "vendor_id", "customer_id", "subject", "kind", "parent_id", "name", "note", "size", "sha256", "by", "begun_at",
)


def _differ(columns: tuple[str, ...]) -> str:
    return " OR ".join(f'NEW."{each}" IS NOT OLD."{each}"' for each in columns)


def _row(of: str, columns: tuple[str, ...]) -> str:
    return "(" + ", ".join(f'{of}."{each}"' for each in columns) + ")"


SQLITE = (
    f"""
    CREATE TRIGGER files_file_is_added BEFORE INSERT ON files_file
    WHEN EXISTS (SELECT 1 FROM files_file WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, '{SAID["file"]}'); END
    """,
    f"""
    CREATE TRIGGER files_file_stays_as_it_is BEFORE UPDATE ON files_file
    BEGIN SELECT RAISE(ABORT, '{SAID["file"]}'); END
    """,
    f"""
    CREATE TRIGGER files_file_stays BEFORE DELETE ON files_file
    BEGIN SELECT RAISE(ABORT, '{SAID["file"]}'); END
    """,
    f"""
    CREATE TRIGGER files_version_begins BEFORE INSERT ON files_version
    WHEN NEW.erased_at IS NOT NULL OR EXISTS (
      SELECT 1 FROM files_version WHERE id = NEW.id OR upload_id = NEW.upload_id OR parent_id = NEW.parent_id
        OR (file_id = NEW.file_id AND number = NEW.number))
    BEGIN SELECT RAISE(ABORT, '{SAID["version_new"]}'); END
    """,
    f"""
    CREATE TRIGGER files_version_stays_as_it_is BEFORE UPDATE ON files_version
    WHEN OLD.erased_at IS NOT NULL OR {_differ(VERSION_FIXED)}
    BEGIN SELECT RAISE(ABORT, '{SAID["version"]}'); END
    """,
    f"""
    CREATE TRIGGER files_version_stays BEFORE DELETE ON files_version
    BEGIN SELECT RAISE(ABORT, '{SAID["version"]}'); END
    """,
    f"""
    CREATE TRIGGER files_receipt_is_added BEFORE INSERT ON files_receipt
    WHEN EXISTS (SELECT 1 FROM files_receipt WHERE id = NEW.id OR version_id = NEW.version_id)
    BEGIN SELECT RAISE(ABORT, '{SAID["receipt"]}'); END
    """,
    f"""
    CREATE TRIGGER files_receipt_stays_as_it_is BEFORE UPDATE ON files_receipt
    BEGIN SELECT RAISE(ABORT, '{SAID["receipt"]}'); END
    """,
    f"""
    CREATE TRIGGER files_receipt_stays BEFORE DELETE ON files_receipt
    BEGIN SELECT RAISE(ABORT, '{SAID["receipt"]}'); END
    """,
    f"""
    CREATE TRIGGER files_piece_is_added BEFORE INSERT ON files_piece
    WHEN EXISTS (
      SELECT 1 FROM files_piece
      WHERE id = NEW.id OR "key" = NEW."key" OR (upload_id = NEW.upload_id AND "offset" = NEW."offset"))
      OR EXISTS (SELECT 1 FROM files_version WHERE upload_id = NEW.upload_id)
    BEGIN SELECT RAISE(ABORT, '{SAID["piece"]}'); END
    """,
    f"""
    CREATE TRIGGER files_piece_stays_as_it_is BEFORE UPDATE ON files_piece
    BEGIN SELECT RAISE(ABORT, '{SAID["piece"]}'); END
    """,
    f"""
    CREATE TRIGGER files_piece_stays BEFORE DELETE ON files_piece
    WHEN EXISTS (SELECT 1 FROM files_version WHERE upload_id = OLD.upload_id AND erased_at IS NULL)
    BEGIN SELECT RAISE(ABORT, '{SAID["piece"]}'); END
    """,
    f"""
    CREATE TRIGGER files_upload_begins BEFORE INSERT ON files_upload
    WHEN EXISTS (SELECT 1 FROM files_upload WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, '{SAID["upload_stays"]}'); END
    """,
    f"""
    CREATE TRIGGER files_upload_goes_forward BEFORE UPDATE ON files_upload
    WHEN OLD.state <> 'running' OR NEW."offset" < OLD."offset" OR {_differ(UPLOAD_FIXED)}
    BEGIN SELECT RAISE(ABORT, '{SAID["upload"]}'); END
    """,
    f"""
    CREATE TRIGGER files_upload_stays BEFORE DELETE ON files_upload
    BEGIN SELECT RAISE(ABORT, '{SAID["upload_stays"]}'); END
    """,
)

TABLES = ("files_file", "files_version", "files_receipt", "files_piece", "files_upload")
POSTGRESQL = (
    f"""
    CREATE FUNCTION files_file_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        RETURN NEW;
      END IF;
      RAISE EXCEPTION '{SAID["file"]}';
    END $$
    """,
    f"""
    CREATE FUNCTION files_version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        IF NEW.erased_at IS NOT NULL THEN
          RAISE EXCEPTION '{SAID["version_new"]}';
        END IF;
        RETURN NEW;
      END IF;
      IF TG_OP = 'UPDATE' THEN
        IF OLD.erased_at IS NULL AND {_row("NEW", VERSION_FIXED)} IS NOT DISTINCT FROM {_row("OLD", VERSION_FIXED)} THEN
          RETURN NEW;
        END IF;
      END IF;
      RAISE EXCEPTION '{SAID["version"]}';
    END $$
    """,
    f"""
    CREATE FUNCTION files_receipt_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        RETURN NEW;
      END IF;
      RAISE EXCEPTION '{SAID["receipt"]}';
    END $$
    """,
    f"""
    CREATE FUNCTION files_piece_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT 1 FROM files_version WHERE upload_id = NEW.upload_id) THEN
          RAISE EXCEPTION '{SAID["piece"]}';
        END IF;
        RETURN NEW;
      END IF;
      IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT 1 FROM files_version WHERE upload_id = OLD.upload_id AND erased_at IS NULL) THEN
          RETURN OLD;
        END IF;
      END IF;
      RAISE EXCEPTION '{SAID["piece"]}';
    END $$
    """,
    f"""
    CREATE FUNCTION files_upload_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        RETURN NEW;
      END IF;
      IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION '{SAID["upload_stays"]}';
      END IF;
      IF OLD.state <> 'running' OR NEW."offset" < OLD."offset"
         OR {_row("NEW", UPLOAD_FIXED)} IS DISTINCT FROM {_row("OLD", UPLOAD_FIXED)} THEN
        RAISE EXCEPTION '{SAID["upload"]}';
      END IF;
      RETURN NEW;
    END $$
    """,
    *(
        f"CREATE TRIGGER {table}_guard BEFORE INSERT OR UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {table}_guard()"
        for table in TABLES
    ),
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_guard()"
        for table in TABLES
    ),
)
UNDO = {
    "sqlite": tuple(f"DROP TRIGGER {statement.split()[2]}" for statement in SQLITE),
    "postgresql": tuple(f"DROP FUNCTION {table}_guard() CASCADE" for table in TABLES),
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
    dependencies = [("files", "0001_first")]

    operations = [migrations.RunPython(guard, unguard)]
