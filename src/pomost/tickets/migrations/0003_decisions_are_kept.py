"""What is decided about a ticket is kept with its reasons, never changed and never deleted: held by the database.

On SQLite, REPLACE deletes the row in its way without asking a delete trigger, so an insert under a taken id is refused
as well. A migration that rebuilds the table must make these triggers again.
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = (
    """
    CREATE TRIGGER tickets_decisionkept_replaces_none BEFORE INSERT ON tickets_decisionkept
    WHEN EXISTS (SELECT 1 FROM tickets_decisionkept WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'decision: what was decided is never replaced'); END
    """,
    """
    CREATE TRIGGER tickets_decisionkept_stays_as_it_is BEFORE UPDATE ON tickets_decisionkept
    BEGIN SELECT RAISE(ABORT, 'decision: what was decided is never changed; keep another one'); END
    """,
    """
    CREATE TRIGGER tickets_decisionkept_stays BEFORE DELETE ON tickets_decisionkept
    BEGIN SELECT RAISE(ABORT, 'decision: what was decided is never deleted'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION tickets_decisionkept_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'decision: what was decided is never changed or deleted; keep another one';
    END $$
    """,
    """
    CREATE TRIGGER tickets_decisionkept_guard BEFORE UPDATE OR DELETE ON tickets_decisionkept
    FOR EACH ROW EXECUTE FUNCTION tickets_decisionkept_guard()
    """,
    """
    CREATE TRIGGER tickets_decisionkept_no_truncate BEFORE TRUNCATE ON tickets_decisionkept
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_decisionkept_guard()
    """,
)

UNDO = {
    "sqlite": (
        "DROP TRIGGER tickets_decisionkept_replaces_none",
        "DROP TRIGGER tickets_decisionkept_stays_as_it_is",
        "DROP TRIGGER tickets_decisionkept_stays",
    ),
    "postgresql": (
        "DROP TRIGGER tickets_decisionkept_no_truncate ON tickets_decisionkept",
        "DROP TRIGGER tickets_decisionkept_guard ON tickets_decisionkept",
        "DROP FUNCTION tickets_decisionkept_guard()",
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

    dependencies = [
        ('tickets', '0002_consents_stay'),
    ]

    operations = [
        migrations.CreateModel(
            name='DecisionKept',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=20)),
                ('outcome', models.CharField(max_length=40)),
                ('clause', models.CharField(blank=True, max_length=60)),
                ('version', models.CharField(max_length=40)),
                ('body', models.JSONField()),
                ('by', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='tickets.ticket')),
            ],
            options={
                'indexes': [models.Index(fields=['ticket', 'subject', 'id'], name='decision_of_ticket')],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
