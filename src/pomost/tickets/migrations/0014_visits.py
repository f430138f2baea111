"""Visits of technicians, and nobody in two places: held by the database, whoever writes to it.

A visit that is proposed or agreed takes its technician's time, as a booking does. PostgreSQL compares the visits of one
technician in an index; against bookings a trigger looks, which first locks the technician's row, so that two who write to
the two tables at once come one after the other. SQLite has one writer; triggers look both ways.
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

HOLDS = "state IN ('proposed', 'agreed')"
IN_THE_WAY = "starts_at < NEW.ends_at AND ends_at > NEW.starts_at"
ABORT = "BEGIN SELECT RAISE(ABORT, 'visit: the technician has something else in that time'); END"

VISIT_IN_THE_WAY = f"""
    WHEN NEW.{HOLDS} AND (
      EXISTS (SELECT 1 FROM tickets_visit WHERE technician_id = NEW.technician_id AND id IS NOT NEW.id
        AND {HOLDS} AND {IN_THE_WAY})
      OR EXISTS (SELECT 1 FROM tickets_booking WHERE technician_id = NEW.technician_id AND {IN_THE_WAY}))
    {ABORT}
"""
BOOKING_IN_THE_WAY = f"""
    WHEN EXISTS (SELECT 1 FROM tickets_visit WHERE technician_id = NEW.technician_id
      AND {HOLDS} AND {IN_THE_WAY})
    {ABORT}
"""

SQLITE = (
    f"CREATE TRIGGER tickets_visit_made_where_free BEFORE INSERT ON tickets_visit {VISIT_IN_THE_WAY}",
    f"CREATE TRIGGER tickets_visit_moved_where_free BEFORE UPDATE ON tickets_visit {VISIT_IN_THE_WAY}",
    f"CREATE TRIGGER tickets_booking_made_beside_visits BEFORE INSERT ON tickets_booking {BOOKING_IN_THE_WAY}",
    f"CREATE TRIGGER tickets_booking_moved_beside_visits BEFORE UPDATE ON tickets_booking {BOOKING_IN_THE_WAY}",
)

POSTGRESQL = (
    f"""
    ALTER TABLE tickets_visit ADD CONSTRAINT visit_nobody_twice EXCLUDE USING gist (
      int8range(technician_id, technician_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&)
      WHERE ({HOLDS})
    """,
    f"""
    CREATE FUNCTION tickets_visit_beside_bookings() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM people_technician WHERE id = NEW.technician_id FOR NO KEY UPDATE;
      IF EXISTS (SELECT 1 FROM tickets_booking WHERE technician_id = NEW.technician_id AND {IN_THE_WAY}) THEN
        RAISE EXCEPTION 'visit: the technician has something else in that time' USING ERRCODE = '23P01';
      END IF;
      RETURN NEW;
    END $$
    """,
    f"""
    CREATE FUNCTION tickets_booking_beside_visits() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM people_technician WHERE id = NEW.technician_id FOR NO KEY UPDATE;
      IF EXISTS (SELECT 1 FROM tickets_visit
        WHERE technician_id = NEW.technician_id AND {HOLDS} AND {IN_THE_WAY}) THEN
        RAISE EXCEPTION 'visit: the technician has something else in that time' USING ERRCODE = '23P01';
      END IF;
      RETURN NEW;
    END $$
    """,
    f"""
    CREATE TRIGGER tickets_visit_beside_bookings BEFORE INSERT OR UPDATE ON tickets_visit
      FOR EACH ROW WHEN (NEW.{HOLDS}) EXECUTE FUNCTION tickets_visit_beside_bookings()
    """,
    """
    CREATE TRIGGER tickets_booking_beside_visits BEFORE INSERT OR UPDATE ON tickets_booking
      FOR EACH ROW EXECUTE FUNCTION tickets_booking_beside_visits()
    """,
)

UNDO = {
    "sqlite": (
        "DROP TRIGGER tickets_visit_made_where_free",
        "DROP TRIGGER tickets_visit_moved_where_free",
        "DROP TRIGGER tickets_booking_made_beside_visits",
        "DROP TRIGGER tickets_booking_moved_beside_visits",
    ),
    "postgresql": (
        "DROP TRIGGER tickets_visit_beside_bookings ON tickets_visit",
        "DROP TRIGGER tickets_booking_beside_visits ON tickets_booking",
        "DROP FUNCTION tickets_visit_beside_bookings()",
        "DROP FUNCTION tickets_booking_beside_visits()",
        "ALTER TABLE tickets_visit DROP CONSTRAINT visit_nobody_twice",
    ),
}


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the guards in the words of this database."""
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unguard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away again."""
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_tokens'),
        ('tickets', "0013_known_errors_and_releases"),
    ]

    operations = [
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('proposed', 'Proposed'), ('agreed', 'Agreed'), ('done', 'Done'), ('cancelled', 'Cancelled')], max_length=9)),
                ('city', models.CharField(max_length=80)),
                ('address', models.CharField(blank=True, max_length=200)),
                ('wish', models.CharField(blank=True, max_length=200)),
                ('starts_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('needs_approval', models.BooleanField(default=False)),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('asked_by', models.CharField(max_length=60)),
                ('asked_at', models.DateTimeField()),
                ('approval', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visit_approved', to='tickets.decisionkept')),
                ('consent', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visit', to='tickets.consent')),
                ('technician', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='people.technician')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='tickets.ticket')),
            ],
            options={
                'indexes': [models.Index(fields=['technician', 'starts_at'], name='visit_of_technician')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('asked', 'proposed', 'agreed'))), fields=('ticket',), name='visit_one_open_a_ticket'), models.CheckConstraint(condition=models.Q(('state__in', ('asked', 'cancelled')), models.Q(('ends_at__gt', models.F('starts_at')), ('technician__isnull', False)), _connector='OR'), name='visit_has_its_time'), models.CheckConstraint(condition=models.Q(('state__in', ('asked', 'cancelled')), ('needs_approval', False), ('approval__isnull', False), _connector='OR'), name='visit_is_approved_where_needed'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('agreed', 'done')), _negated=True), ('consent__isnull', False), _connector='OR'), name='visit_day_is_agreed')],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
