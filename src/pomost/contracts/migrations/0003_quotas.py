"""What contracts give per period. Allowances are never changed or deleted, and a period keeps its place: held by the database.

That what is used is the sum of the draws is held beside the draws (tickets' migration). On SQLite, REPLACE deletes the row
in its way without asking a delete trigger, so an insert under a taken id is refused as well. A migration that rebuilds one of
these tables must make its triggers again.
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = (
    """
    CREATE TRIGGER contracts_allowance_replaces_none BEFORE INSERT ON contracts_allowance
    WHEN EXISTS (SELECT 1 FROM contracts_allowance WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'quota: what a contract gives is never replaced'); END
    """,
    """
    CREATE TRIGGER contracts_allowance_stays_as_it_is BEFORE UPDATE ON contracts_allowance
    BEGIN SELECT RAISE(ABORT, 'quota: what a contract gives is never changed; give a newer allowance'); END
    """,
    """
    CREATE TRIGGER contracts_allowance_stays BEFORE DELETE ON contracts_allowance
    BEGIN SELECT RAISE(ABORT, 'quota: what a contract gives is never deleted'); END
    """,
    """
    CREATE TRIGGER contracts_quotaperiod_begins_unused BEFORE INSERT ON contracts_quotaperiod
    WHEN NEW.used <> 0 OR EXISTS (
      SELECT 1 FROM contracts_quotaperiod WHERE id = NEW.id
        OR (contract_id = NEW.contract_id AND unit = NEW.unit AND first_day = NEW.first_day))
    BEGIN SELECT RAISE(ABORT, 'quota: a period begins with nothing used and replaces none'); END
    """,
    """
    CREATE TRIGGER contracts_quotaperiod_keeps_its_place BEFORE UPDATE ON contracts_quotaperiod
    WHEN NEW.id IS NOT OLD.id OR NEW.contract_id IS NOT OLD.contract_id OR NEW.unit IS NOT OLD.unit
      OR NEW.first_day IS NOT OLD.first_day
    BEGIN SELECT RAISE(ABORT, 'quota: a period keeps its contract, its unit and its first day'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION contracts_allowance_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'quota: what a contract gives is never changed or deleted; give a newer allowance';
    END $$
    """,
    """
    CREATE TRIGGER contracts_allowance_guard BEFORE UPDATE OR DELETE ON contracts_allowance
    FOR EACH ROW EXECUTE FUNCTION contracts_allowance_guard()
    """,
    """
    CREATE TRIGGER contracts_allowance_no_truncate BEFORE TRUNCATE ON contracts_allowance
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_allowance_guard()
    """,
    """
    CREATE FUNCTION contracts_quotaperiod_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        IF NEW.used <> 0 THEN
          RAISE EXCEPTION 'quota: a period begins with nothing used and replaces none';
        END IF;
      ELSIF (NEW.id, NEW.contract_id, NEW.unit, NEW.first_day)
            IS DISTINCT FROM (OLD.id, OLD.contract_id, OLD.unit, OLD.first_day) THEN
        RAISE EXCEPTION 'quota: a period keeps its contract, its unit and its first day';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER contracts_quotaperiod_guard BEFORE INSERT OR UPDATE ON contracts_quotaperiod
    FOR EACH ROW EXECUTE FUNCTION contracts_quotaperiod_guard()
    """,
)

UNDO = {
    "sqlite": (
        "DROP TRIGGER contracts_allowance_replaces_none",
        "DROP TRIGGER contracts_allowance_stays_as_it_is",
        "DROP TRIGGER contracts_allowance_stays",
        "DROP TRIGGER contracts_quotaperiod_begins_unused",
        "DROP TRIGGER contracts_quotaperiod_keeps_its_place",
    ),
    "postgresql": (
        "DROP FUNCTION contracts_allowance_guard() CASCADE",
        "DROP FUNCTION contracts_quotaperiod_guard() CASCADE",
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
        ('contracts', '0002_versions_stay'),
    ]

    operations = [
        migrations.CreateModel(
            name='Allowance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.CharField(choices=[('requests', 'Requests'), ('hours', 'Hours')], max_length=8)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=8)),
                ('period', models.CharField(choices=[('month', 'MONTH'), ('quarter', 'QUARTER'), ('year', 'YEAR'), ('term', 'TERM')], max_length=7)),
                ('carry', models.CharField(choices=[('none', 'NONE'), ('one', 'ONE'), ('unlimited', 'UNLIMITED')], max_length=9)),
                ('beyond', models.CharField(choices=[('ask', 'ASK'), ('paid', 'PAID')], max_length=4)),
                ('valid_from', models.DateField()),
                ('given_at', models.DateTimeField()),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allowances', to='contracts.contract')),
            ],
            options={
                'indexes': [models.Index(fields=['contract', 'unit', 'valid_from', 'id'], name='allowance_in_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='allowance_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='QuotaPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.CharField(choices=[('requests', 'Requests'), ('hours', 'Hours')], max_length=8)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField(null=True)),
                ('granted', models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                ('carried', models.DecimalField(decimal_places=2, default=0, max_digits=10)),
                ('used', models.DecimalField(decimal_places=2, default=0, max_digits=10)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quota_periods', to='contracts.contract')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('contract', 'unit', 'first_day'), name='quota_period_once'), models.CheckConstraint(condition=models.Q(('carried__gte', 0), ('used__gte', 0), models.Q(('granted', None), ('granted__gte', 0), _connector='OR')), name='quota_amounts_not_negative'), models.CheckConstraint(condition=models.Q(('granted', None), ('used__lte', django.db.models.expressions.CombinedExpression(models.F('granted'), '+', models.F('carried'))), _connector='OR'), name='quota_never_negative'), models.CheckConstraint(condition=models.Q(('last_day', None), ('last_day__gte', models.F('first_day')), _connector='OR'), name='quota_period_ends_after_it_begins')],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
