"""Restrictions of support: who, why and for whom never changes, each change of how long is a step, an appeal is decided once.

Held by the database, whoever writes to it: steps are only added, a restriction lasts as its last step says, and one that
ended is never opened again. On SQLite, REPLACE deletes the row in its way without asking a delete trigger, so inserts that
would replace a row are refused as well. A migration that rebuilds one of these tables must make its triggers again.
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SAID = {
    "begins": "restriction: it begins without an end reached, and replaces none",
    "fixed": "restriction: who, why and for whom never changes",
    "ended": "restriction: one that ended is never opened again",
    "step": "restriction: how long it lasts is what its last step says; add a step",
    "stays": "restriction: it is never deleted",
    "step_new": "restriction: no step replaces another, and none is added after the end",
    "step_stays": "restriction: a step is never changed or deleted",
    "appeal_new": "restriction: an appeal begins waiting, by a contact of the customer, against one that stands",
    "appeal_once": "restriction: an appeal is decided once, and its words never change",
    "appeal_stays": "restriction: an appeal is never deleted",
}
FIXED = (
    "id", "vendor_id", "occasion_id", "customer_id", "contact_id", "scope", "refusal", "clause", "terms_id",
    "what_happened", "imposed_by", "starts_at",
)
APPEAL_FIXED = ("id", "restriction_id", "contact_id", "text", "appealed_at", "by")
LAST_STEP = "FROM tickets_restrictionstep WHERE restriction_id = NEW.id ORDER BY id DESC LIMIT 1"
APPEAL_FITS = """
      NEW.state = 'waiting' AND EXISTS (
        SELECT 1 FROM tickets_restriction AS r JOIN people_contact AS p ON p.customer_id = r.customer_id
        WHERE r.id = NEW.restriction_id AND p.id = NEW.contact_id AND r.ended_at IS NULL)"""


def _differ(columns: tuple[str, ...]) -> str:
    return " OR ".join(f'NEW."{each}" IS NOT OLD."{each}"' for each in columns)


def _row(of: str, columns: tuple[str, ...]) -> str:
    return "(" + ", ".join(f'{of}."{each}"' for each in columns) + ")"


SQLITE = (
    f"""
    CREATE TRIGGER tickets_restriction_begins BEFORE INSERT ON tickets_restriction
    WHEN NEW.ended_at IS NOT NULL OR EXISTS (SELECT 1 FROM tickets_restriction WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, '{SAID["begins"]}'); END
    """,
    f"""
    CREATE TRIGGER tickets_restriction_is_fixed BEFORE UPDATE ON tickets_restriction
    WHEN {_differ(FIXED)}
    BEGIN SELECT RAISE(ABORT, '{SAID["fixed"]}'); END
    """,
    f"""
    CREATE TRIGGER tickets_restriction_ended_is_ended BEFORE UPDATE ON tickets_restriction
    WHEN OLD.ended_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, '{SAID["ended"]}'); END
    """,
    f"""
    CREATE TRIGGER tickets_restriction_lasts_as_its_step_says BEFORE UPDATE ON tickets_restriction
    WHEN NEW.until_at IS NOT (SELECT until_at {LAST_STEP}) OR NEW.review_at IS NOT (SELECT review_at {LAST_STEP})
      OR NEW.ended_at IS NOT (SELECT ended_at {LAST_STEP})
    BEGIN SELECT RAISE(ABORT, '{SAID["step"]}'); END
    """,
    f"""
    CREATE TRIGGER tickets_restriction_stays BEFORE DELETE ON tickets_restriction
    BEGIN SELECT RAISE(ABORT, '{SAID["stays"]}'); END
    """,
    f"""
    CREATE TRIGGER tickets_restrictionstep_is_added BEFORE INSERT ON tickets_restrictionstep
    WHEN EXISTS (SELECT 1 FROM tickets_restrictionstep WHERE id = NEW.id)
      OR EXISTS (SELECT 1 FROM tickets_restriction WHERE id = NEW.restriction_id AND ended_at IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, '{SAID["step_new"]}'); END
    """,
    f"""
    CREATE TRIGGER tickets_restrictionstep_stays_as_it_is BEFORE UPDATE ON tickets_restrictionstep
    BEGIN SELECT RAISE(ABORT, '{SAID["step_stays"]}'); END
    """,
    f"""
    CREATE TRIGGER tickets_restrictionstep_stays BEFORE DELETE ON tickets_restrictionstep
    BEGIN SELECT RAISE(ABORT, '{SAID["step_stays"]}'); END
    """,
    f"""
    CREATE TRIGGER tickets_restrictionappeal_begins BEFORE INSERT ON tickets_restrictionappeal
    WHEN NOT ({APPEAL_FITS}) OR EXISTS (
      SELECT 1 FROM tickets_restrictionappeal
      WHERE id = NEW.id OR (restriction_id = NEW.restriction_id AND state = 'waiting'))
    BEGIN SELECT RAISE(ABORT, '{SAID["appeal_new"]}'); END
    """,
    f"""
    CREATE TRIGGER tickets_restrictionappeal_is_decided_once BEFORE UPDATE ON tickets_restrictionappeal
    WHEN OLD.state <> 'waiting' OR {_differ(APPEAL_FIXED)}
    BEGIN SELECT RAISE(ABORT, '{SAID["appeal_once"]}'); END
    """,
    f"""
    CREATE TRIGGER tickets_restrictionappeal_stays BEFORE DELETE ON tickets_restrictionappeal
    BEGIN SELECT RAISE(ABORT, '{SAID["appeal_stays"]}'); END
    """,
)

TABLES = ("tickets_restriction", "tickets_restrictionstep", "tickets_restrictionappeal")
POSTGRESQL = (
    f"""
    CREATE FUNCTION tickets_restriction_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      last tickets_restrictionstep;
    BEGIN
      IF TG_OP = 'INSERT' THEN
        IF NEW.ended_at IS NOT NULL THEN
          RAISE EXCEPTION '{SAID["begins"]}';
        END IF;
        RETURN NEW;
      END IF;
      IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION '{SAID["stays"]}';
      END IF;
      IF {_row("NEW", FIXED)} IS DISTINCT FROM {_row("OLD", FIXED)} THEN
        RAISE EXCEPTION '{SAID["fixed"]}';
      END IF;
      IF OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION '{SAID["ended"]}';
      END IF;
      SELECT * INTO last {LAST_STEP};
      IF (NEW.until_at, NEW.review_at, NEW.ended_at)
         IS DISTINCT FROM (last.until_at, last.review_at, last.ended_at) THEN
        RAISE EXCEPTION '{SAID["step"]}';
      END IF;
      RETURN NEW;
    END $$
    """,
    f"""
    CREATE FUNCTION tickets_restrictionstep_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT 1 FROM tickets_restriction WHERE id = NEW.restriction_id AND ended_at IS NOT NULL) THEN
          RAISE EXCEPTION '{SAID["step_new"]}';
        END IF;
        RETURN NEW;
      END IF;
      RAISE EXCEPTION '{SAID["step_stays"]}';
    END $$
    """,
    f"""
    CREATE FUNCTION tickets_restrictionappeal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM tickets_restriction WHERE id = NEW.restriction_id FOR NO KEY UPDATE;
        IF NOT ({APPEAL_FITS}) THEN
          RAISE EXCEPTION '{SAID["appeal_new"]}';
        END IF;
        RETURN NEW;
      END IF;
      IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION '{SAID["appeal_stays"]}';
      END IF;
      IF OLD.state <> 'waiting' OR {_row("NEW", APPEAL_FIXED)} IS DISTINCT FROM {_row("OLD", APPEAL_FIXED)} THEN
        RAISE EXCEPTION '{SAID["appeal_once"]}';
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

    dependencies = [
        ('contracts', '0005_terms_drafts'),
        ('people', '0002_tokens'),
        ('tickets', '0011_an_edit_moves_clocks_where_they_lie'),
    ]

    operations = [
        migrations.CreateModel(
            name='Restriction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(choices=[('request', 'Request'), ('contact', 'Contact'), ('customer', 'Customer')], max_length=8)),
                ('refusal', models.CharField(max_length=60)),
                ('clause', models.CharField(max_length=60)),
                ('what_happened', models.TextField()),
                ('imposed_by', models.CharField(max_length=60)),
                ('starts_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(null=True)),
                ('review_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('next_at', models.DateTimeField(null=True)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restrictions', to='people.contact')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restrictions', to='people.customer')),
                ('occasion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restrictions', to='tickets.ticket')),
                ('terms', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restrictions', to='contracts.termsversion')),
                ('vendor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restrictions', to='people.vendor')),
            ],
        ),
        migrations.CreateModel(
            name='RestrictionAppeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('appealed_at', models.DateTimeField()),
                ('by', models.CharField(max_length=60)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('upheld', 'Upheld'), ('granted', 'Granted'), ('overtaken', 'Overtaken')], default='waiting', max_length=9)),
                ('decided_by', models.CharField(blank=True, max_length=60)),
                ('alone', models.BooleanField(default=False)),
                ('reason', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restriction_appeals', to='people.contact')),
                ('restriction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='tickets.restriction')),
            ],
        ),
        migrations.CreateModel(
            name='RestrictionStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('imposed', 'Imposed'), ('extended', 'Extended'), ('lifted', 'Lifted'), ('lapsed', 'Lapsed'), ('review-due', 'Review Due'), ('appealed', 'Appealed'), ('upheld', 'Upheld')], max_length=10)),
                ('person', models.CharField(blank=True, max_length=60)),
                ('text', models.TextField(blank=True)),
                ('until_at', models.DateTimeField(null=True)),
                ('review_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('by', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('restriction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='tickets.restriction')),
            ],
        ),
        migrations.AddIndex(
            model_name='restriction',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['customer'], name='restriction_stands'),
        ),
        migrations.AddIndex(
            model_name='restriction',
            index=models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='restriction_next'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('review_at__isnull', False), ('until_at', None)), models.Q(('review_at', None), ('until_at__isnull', False)), _connector='OR'), name='restriction_ends_or_is_looked_at'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.CheckConstraint(condition=models.Q(('until_at', None), ('until_at__gt', models.F('starts_at')), _connector='OR'), name='restriction_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), ('next_at', None), _connector='OR'), name='restriction_ended_waits_for_nothing'),
        ),
        migrations.AddConstraint(
            model_name='restrictionappeal',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('restriction',), name='restriction_one_open_appeal'),
        ),
        migrations.AddConstraint(
            model_name='restrictionappeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', ''), ('reason', ''), ('state', 'waiting')), models.Q(('decided_at__isnull', False), ('decided_by', ''), ('state', 'overtaken')), models.Q(('decided_at__isnull', False), ('state__in', ('upheld', 'granted')), models.Q(('decided_by', ''), _negated=True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='restriction_appeal_is_decided_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='restrictionstep',
            index=models.Index(fields=['restriction', 'id'], name='restriction_step_order'),
        ),
        migrations.RunPython(guard, unguard),
    ]
