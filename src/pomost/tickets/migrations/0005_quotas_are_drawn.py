"""A quota is never overdrawn, what is used of it is the sum of its draws, and draws stay: held by the database.

A draw adds to its period's `used` by trigger; the period's own constraint refuses what is not there. Nobody sets `used`
otherwise, a ticket gives back no more than it drew, and it draws only from its own customer's contract. Amounts are quarters
or coarser, which both databases add exactly. On SQLite, REPLACE deletes the row in its way without asking a delete trigger, so
an insert under a taken id is refused as well. A migration that rebuilds one of these tables, or contracts_quotaperiod, must make
its triggers again.
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = (
    """
    CREATE TRIGGER tickets_quotadraw_replaces_none BEFORE INSERT ON tickets_quotadraw
    WHEN EXISTS (SELECT 1 FROM tickets_quotadraw WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'quota: a draw is never replaced'); END
    """,
    """
    CREATE TRIGGER tickets_quotadraw_is_the_customers BEFORE INSERT ON tickets_quotadraw
    WHEN NEW.kind NOT IN ('drawn', 'given-back')
      OR NEW.amount * 4 <> CAST(NEW.amount * 4 AS INTEGER)
      OR NOT EXISTS (
        SELECT 1 FROM contracts_quotaperiod AS p JOIN contracts_contract AS c ON c.id = p.contract_id
        JOIN tickets_ticket AS t ON t.id = NEW.ticket_id
        WHERE p.id = NEW.period_id AND c.customer_id = t.customer_id)
      OR NOT EXISTS (
        SELECT 1 FROM tickets_decisionkept WHERE id = NEW.decision_id AND ticket_id = NEW.ticket_id)
    BEGIN SELECT RAISE(ABORT, 'quota: a draw is from a contract of the request''s customer, in quarters, for a reason of its own'); END
    """,
    """
    CREATE TRIGGER tickets_quotadraw_gives_back_what_was_drawn BEFORE INSERT ON tickets_quotadraw
    WHEN NEW.kind = 'given-back' AND NEW.amount > (
      SELECT COALESCE(SUM(CASE kind WHEN 'drawn' THEN amount ELSE -amount END), 0) FROM tickets_quotadraw
      WHERE ticket_id = NEW.ticket_id AND period_id = NEW.period_id)
    BEGIN SELECT RAISE(ABORT, 'quota: a request gives back no more than it drew'); END
    """,
    """
    CREATE TRIGGER tickets_quotadraw_counts AFTER INSERT ON tickets_quotadraw
    BEGIN
      UPDATE contracts_quotaperiod
      SET used = used + CASE NEW.kind WHEN 'drawn' THEN NEW.amount ELSE -NEW.amount END
      WHERE id = NEW.period_id;
    END
    """,
    """
    CREATE TRIGGER tickets_quotadraw_stays_as_it_is BEFORE UPDATE ON tickets_quotadraw
    BEGIN SELECT RAISE(ABORT, 'quota: a draw is never changed; give back or draw more'); END
    """,
    """
    CREATE TRIGGER tickets_quotadraw_stays BEFORE DELETE ON tickets_quotadraw
    BEGIN SELECT RAISE(ABORT, 'quota: a draw is never deleted; give it back'); END
    """,
    """
    CREATE TRIGGER tickets_quota_used_is_the_sum_of_draws BEFORE UPDATE ON contracts_quotaperiod
    WHEN NEW.used IS NOT OLD.used AND NEW.used <> (
      SELECT COALESCE(SUM(CASE kind WHEN 'drawn' THEN amount ELSE -amount END), 0) FROM tickets_quotadraw
      WHERE period_id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'quota: what is used is the sum of the draws'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION tickets_quotadraw_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'quota: a draw is never changed or deleted; give back or draw more';
      END IF;
      -- Whoever draws from this period waits here, so the sums below stay true until the commit.
      PERFORM 1 FROM contracts_quotaperiod WHERE id = NEW.period_id FOR UPDATE;
      IF NEW.kind NOT IN ('drawn', 'given-back')
         OR NEW.amount * 4 <> trunc(NEW.amount * 4)
         OR NOT EXISTS (
           SELECT 1 FROM contracts_quotaperiod AS p JOIN contracts_contract AS c ON c.id = p.contract_id
           JOIN tickets_ticket AS t ON t.id = NEW.ticket_id
           WHERE p.id = NEW.period_id AND c.customer_id = t.customer_id)
         OR NOT EXISTS (
           SELECT 1 FROM tickets_decisionkept WHERE id = NEW.decision_id AND ticket_id = NEW.ticket_id) THEN
        RAISE EXCEPTION 'quota: a draw is from a contract of the request''s customer, in quarters, for a reason of its own';
      END IF;
      IF NEW.kind = 'given-back' AND NEW.amount > (
        SELECT COALESCE(SUM(CASE kind WHEN 'drawn' THEN amount ELSE -amount END), 0) FROM tickets_quotadraw
        WHERE ticket_id = NEW.ticket_id AND period_id = NEW.period_id) THEN
        RAISE EXCEPTION 'quota: a request gives back no more than it drew';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION tickets_quotadraw_counts() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE contracts_quotaperiod
        SET used = used + CASE NEW.kind WHEN 'drawn' THEN NEW.amount ELSE -NEW.amount END
        WHERE id = NEW.period_id;
      RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION tickets_quota_used_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.used IS DISTINCT FROM OLD.used AND NEW.used <> (
        SELECT COALESCE(SUM(CASE kind WHEN 'drawn' THEN amount ELSE -amount END), 0) FROM tickets_quotadraw
        WHERE period_id = NEW.id) THEN
        RAISE EXCEPTION 'quota: what is used is the sum of the draws';
      END IF;
      RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER tickets_quotadraw_guard BEFORE INSERT OR UPDATE OR DELETE ON tickets_quotadraw"
    " FOR EACH ROW EXECUTE FUNCTION tickets_quotadraw_guard()",
    "CREATE TRIGGER tickets_quotadraw_counts AFTER INSERT ON tickets_quotadraw"
    " FOR EACH ROW EXECUTE FUNCTION tickets_quotadraw_counts()",
    "CREATE TRIGGER tickets_quotadraw_no_truncate BEFORE TRUNCATE ON tickets_quotadraw"
    " FOR EACH STATEMENT EXECUTE FUNCTION tickets_quotadraw_guard()",
    "CREATE TRIGGER tickets_quota_used_guard BEFORE UPDATE ON contracts_quotaperiod"
    " FOR EACH ROW EXECUTE FUNCTION tickets_quota_used_guard()",
)

UNDO = {
    "sqlite": (
        "DROP TRIGGER tickets_quotadraw_replaces_none",
        "DROP TRIGGER tickets_quotadraw_is_the_customers",
        "DROP TRIGGER tickets_quotadraw_gives_back_what_was_drawn",
        "DROP TRIGGER tickets_quotadraw_counts",
        "DROP TRIGGER tickets_quotadraw_stays_as_it_is",
        "DROP TRIGGER tickets_quotadraw_stays",
        "DROP TRIGGER tickets_quota_used_is_the_sum_of_draws",
    ),
    "postgresql": (
        "DROP FUNCTION tickets_quotadraw_guard() CASCADE",
        "DROP FUNCTION tickets_quotadraw_counts() CASCADE",
        "DROP FUNCTION tickets_quota_used_guard() CASCADE",
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
        ('contracts', '0003_quotas'),
        ('tickets', '0004_severity_proposals'),
    ]

    operations = [
        migrations.AddField(
            model_name='ticket',
            name='counted_seconds',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='tickets.ticket'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='split_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='split_off', to='tickets.ticket'),
        ),
        migrations.CreateModel(
            name='QuotaDraw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('drawn', 'Drawn'), ('given-back', 'Given Back')], max_length=10)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=8)),
                ('at', models.DateTimeField()),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.decisionkept')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='draws', to='contracts.quotaperiod')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quota_draws', to='tickets.ticket')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='quota_draw_of_something')],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
