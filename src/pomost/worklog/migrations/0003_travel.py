"""Travel is never changed or deleted, and a sum that the price list does not state stands on the customer's yes.

Held by the database, whoever writes to it. On SQLite, REPLACE deletes the row in its way without asking a delete trigger,
so inserts that would replace a row are refused as well. A migration that rebuilds the table must make these triggers again.
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AGREED = (
    "SELECT 1 FROM tickets_consent AS c WHERE c.id = NEW.consent_id AND c.ticket_id = NEW.ticket_id"
    " AND c.kind = 'travel' AND c.accepted"
)

SQLITE = (
    f"""
    CREATE TRIGGER worklog_travel_is_agreed BEFORE INSERT ON worklog_travel
    WHEN NEW.consent_id IS NOT NULL AND NOT EXISTS ({AGREED})
    BEGIN SELECT RAISE(ABORT, 'worklog: an agreed sum stands on a consent to it for the same request'); END
    """,
    """
    CREATE TRIGGER worklog_travel_replaces_none BEFORE INSERT ON worklog_travel
    WHEN EXISTS (SELECT 1 FROM worklog_travel WHERE id = NEW.id OR consent_id = NEW.consent_id)
    BEGIN SELECT RAISE(ABORT, 'worklog: travel replaces none, and a consent is for one way'); END
    """,
    """
    CREATE TRIGGER worklog_travel_stays_as_it_is BEFORE UPDATE ON worklog_travel
    BEGIN SELECT RAISE(ABORT, 'worklog: travel is never changed'); END
    """,
    """
    CREATE TRIGGER worklog_travel_stays BEFORE DELETE ON worklog_travel
    BEGIN SELECT RAISE(ABORT, 'worklog: travel is never deleted'); END
    """,
)

POSTGRESQL = (
    f"""
    CREATE FUNCTION worklog_travel_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        IF NEW.consent_id IS NOT NULL AND NOT EXISTS ({AGREED}) THEN
          RAISE EXCEPTION 'worklog: an agreed sum stands on a consent to it for the same request';
        END IF;
        RETURN NEW;
      END IF;
      RAISE EXCEPTION 'worklog: travel is never changed or deleted';
    END $$
    """,
    """
    CREATE TRIGGER worklog_travel_guard BEFORE INSERT OR UPDATE OR DELETE ON worklog_travel
    FOR EACH ROW EXECUTE FUNCTION worklog_travel_guard()
    """,
    """
    CREATE TRIGGER worklog_travel_no_truncate BEFORE TRUNCATE ON worklog_travel
    FOR EACH STATEMENT EXECUTE FUNCTION worklog_travel_guard()
    """,
)

UNDO = {
    "sqlite": tuple(f"DROP TRIGGER {statement.split()[2]}" for statement in SQLITE),
    "postgresql": ("DROP FUNCTION worklog_travel_guard() CASCADE",),
}


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unguard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_tokens'),
        ('tickets', '0006_overruns'),
        ('worklog', '0002_entries_stay'),
    ]

    operations = [
        migrations.CreateModel(
            name='Travel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(blank=True, max_length=60)),
                ('quantity', models.DecimalField(decimal_places=2, max_digits=8)),
                ('travelled_on', models.DateField()),
                ('agreed_net', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('recorded_at', models.DateTimeField()),
                ('consent', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='travel', to='tickets.consent')),
                ('technician', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='travels', to='people.technician')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='travels', to='tickets.ticket')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='travel_is_something'), models.CheckConstraint(condition=models.Q(models.Q(('agreed_net', None), ('consent', None)), models.Q(('agreed_net__gte', 0), ('consent__isnull', False)), _connector='OR'), name='travel_sum_is_agreed')],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
