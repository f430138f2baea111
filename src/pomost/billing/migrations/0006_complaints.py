"""A complaint is decided once and stays; what it is looked at in costs nothing but travel, and that after a rejection.

Held by the database, whoever writes to it. On SQLite, REPLACE deletes the row in its way without asking a delete trigger,
so inserts that would replace a row are refused as well. A migration that rebuilds one of these tables must make its
triggers again.
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FITS = """
      NEW.state = 'open' AND NEW.follow_up_id IS NULL AND NEW.appealed_at IS NULL AND EXISTS (
        SELECT 1 FROM tickets_ticket AS t JOIN people_contact AS p ON p.customer_id = t.customer_id
        WHERE t.id = NEW.ticket_id AND p.id = NEW.contact_id AND t.state = 'confirmed' AND t.confirmed_at IS NOT NULL)"""
ALLOWED_STEP = """
      (OLD.state = 'open' AND NEW.appealed_at IS NULL
        AND (OLD.follow_up_id IS NULL OR NEW.follow_up_id = OLD.follow_up_id))
      OR (OLD.state = 'rejected' AND NEW.state = 'rejected' AND OLD.appealed_at IS NULL AND NEW.appealed_at IS NOT NULL)"""
OWN_FOLLOW_UP = """
      NEW.follow_up_id IS NULL OR (NEW.follow_up_id <> NEW.ticket_id AND EXISTS (
        SELECT 1 FROM tickets_ticket AS f JOIN tickets_ticket AS t ON t.customer_id = f.customer_id
        WHERE f.id = NEW.follow_up_id AND t.id = NEW.ticket_id))"""
FREE = "SELECT 1 FROM billing_complaint WHERE follow_up_id = NEW.ticket_id AND state <> 'rejected'"
ONLY_TRAVEL = (
    "SELECT 1 FROM billing_settlement AS s JOIN billing_complaint AS c ON c.follow_up_id = s.ticket_id"
    " WHERE s.id = NEW.settlement_id AND NEW.kind <> 'travel'"
)
SETTLED = "SELECT 1 FROM billing_settlement WHERE ticket_id = NEW.ticket_id"

SAID = {
    "fits": "billing: a complaint begins open, about confirmed work, by a contact of its customer",
    "once": "billing: a complaint is decided once, and appealed against once",
    "stays": "billing: a complaint is never deleted",
    "free": "billing: what is looked at under a complaint is charged only after its rejection",
    "travel": "billing: of a request that a complaint is looked at in only the travel is charged",
    "settled": "billing: no travel is entered after the settlement",
}

SQLITE = (
    f"""
    CREATE TRIGGER billing_complaint_begins_open BEFORE INSERT ON billing_complaint
    WHEN NOT ({FITS})
      OR EXISTS (SELECT 1 FROM billing_complaint WHERE id = NEW.id OR (ticket_id = NEW.ticket_id AND state = 'open'))
    BEGIN SELECT RAISE(ABORT, '{SAID["fits"]}'); END
    """,
    f"""
    CREATE TRIGGER billing_complaint_is_decided_once BEFORE UPDATE ON billing_complaint
    WHEN NOT ({ALLOWED_STEP})
      OR NOT ({OWN_FOLLOW_UP})
      OR NEW.id IS NOT OLD.id OR NEW.ticket_id IS NOT OLD.ticket_id OR NEW.contact_id IS NOT OLD.contact_id
      OR NEW.channel IS NOT OLD.channel OR NEW.text IS NOT OLD.text OR NEW.received_at IS NOT OLD.received_at
      OR NEW.outcome IS NOT OLD.outcome OR NEW.clause IS NOT OLD.clause
      OR (OLD.state <> 'open' AND (NEW.decided_at IS NOT OLD.decided_at OR NEW.reason IS NOT OLD.reason
        OR NEW.decision_clause IS NOT OLD.decision_clause OR NEW.goodwill IS NOT OLD.goodwill
        OR NEW.follow_up_id IS NOT OLD.follow_up_id))
      OR EXISTS (SELECT 1 FROM billing_complaint WHERE follow_up_id = NEW.follow_up_id AND id <> OLD.id)
    BEGIN SELECT RAISE(ABORT, '{SAID["once"]}'); END
    """,
    f"""
    CREATE TRIGGER billing_complaint_stays BEFORE DELETE ON billing_complaint
    BEGIN SELECT RAISE(ABORT, '{SAID["stays"]}'); END
    """,
    f"""
    CREATE TRIGGER billing_settlement_not_of_a_free_repair BEFORE INSERT ON billing_settlement
    WHEN EXISTS ({FREE})
    BEGIN SELECT RAISE(ABORT, '{SAID["free"]}'); END
    """,
    f"""
    CREATE TRIGGER billing_line_of_a_complaint_is_travel BEFORE INSERT ON billing_invoiceline
    WHEN EXISTS ({ONLY_TRAVEL})
    BEGIN SELECT RAISE(ABORT, '{SAID["travel"]}'); END
    """,
    f"""
    CREATE TRIGGER billing_settled_takes_no_more_travel BEFORE INSERT ON worklog_travel
    WHEN EXISTS ({SETTLED})
    BEGIN SELECT RAISE(ABORT, '{SAID["settled"]}'); END
    """,
)


def refusing(name: str, when: str, what: str) -> str:
    """Return a function for a trigger that refuses an insert when `when` finds a row."""
    return f"""
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS ({when}) THEN
        RAISE EXCEPTION '{what}';
      END IF;
      RETURN NEW;
    END $$
    """


POSTGRESQL = (
    f"""
    CREATE FUNCTION billing_complaint_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM tickets_ticket WHERE id = NEW.ticket_id FOR NO KEY UPDATE;
        IF NOT ({FITS}) THEN
          RAISE EXCEPTION '{SAID["fits"]}';
        END IF;
        RETURN NEW;
      END IF;
      IF NOT ({ALLOWED_STEP})
         OR NOT ({OWN_FOLLOW_UP})
         OR (OLD.state = 'open' AND to_jsonb(NEW)
             - ARRAY['state', 'follow_up_id', 'decided_at', 'reason', 'decision_clause', 'goodwill']
             IS DISTINCT FROM to_jsonb(OLD)
             - ARRAY['state', 'follow_up_id', 'decided_at', 'reason', 'decision_clause', 'goodwill'])
         OR (OLD.state <> 'open' AND to_jsonb(NEW) - ARRAY['appeal', 'appealed_at']
             IS DISTINCT FROM to_jsonb(OLD) - ARRAY['appeal', 'appealed_at']) THEN
        RAISE EXCEPTION '{SAID["once"]}';
      END IF;
      RETURN NEW;
    END $$
    """,
    refusing("billing_free_repair_guard", FREE, SAID["free"]),
    refusing("billing_only_travel_guard", ONLY_TRAVEL, SAID["travel"]),
    refusing("billing_settled_travel_guard", SETTLED, SAID["settled"]),
    "CREATE TRIGGER billing_complaint_guard BEFORE INSERT OR UPDATE ON billing_complaint"
    " FOR EACH ROW EXECUTE FUNCTION billing_complaint_guard()",
    "CREATE TRIGGER billing_complaint_stays BEFORE DELETE ON billing_complaint"
    " FOR EACH ROW EXECUTE FUNCTION billing_stays_guard()",
    "CREATE TRIGGER billing_no_truncate BEFORE TRUNCATE ON billing_complaint"
    " FOR EACH STATEMENT EXECUTE FUNCTION billing_stays_guard()",
    "CREATE TRIGGER billing_free_repair_guard BEFORE INSERT ON billing_settlement"
    " FOR EACH ROW EXECUTE FUNCTION billing_free_repair_guard()",
    "CREATE TRIGGER billing_only_travel_guard BEFORE INSERT ON billing_invoiceline"
    " FOR EACH ROW EXECUTE FUNCTION billing_only_travel_guard()",
    "CREATE TRIGGER billing_settled_travel_guard BEFORE INSERT ON worklog_travel"
    " FOR EACH ROW EXECUTE FUNCTION billing_settled_travel_guard()",
)

POSTGRESQL_FUNCTIONS = (
    "billing_complaint_guard",
    "billing_free_repair_guard",
    "billing_only_travel_guard",
    "billing_settled_travel_guard",
)
UNDO = {
    "sqlite": tuple(f"DROP TRIGGER {statement.split()[2]}" for statement in SQLITE),
    "postgresql": (
        "DROP TRIGGER billing_complaint_stays ON billing_complaint",
        "DROP TRIGGER billing_no_truncate ON billing_complaint",
        *(f"DROP FUNCTION {name}() CASCADE" for name in POSTGRESQL_FUNCTIONS),
    ),
}


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unguard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0005_locks_leave_keys_alone'),
        ('people', '0002_tokens'),
        ('tickets', '0006_overruns'),
        ('worklog', '0003_travel'),
    ]

    operations = [
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('portal', 'Portal'), ('app', 'App'), ('phone', 'Phone'), ('mail', 'Mail')], max_length=6)),
                ('text', models.TextField()),
                ('received_at', models.DateTimeField()),
                ('outcome', models.CharField(choices=[('in-time', 'In Time'), ('under-guarantee', 'Under Guarantee'), ('late', 'Late'), ('unstated', 'Unstated')], max_length=15)),
                ('clause', models.CharField(blank=True, max_length=60)),
                ('state', models.CharField(choices=[('open', 'Open'), ('accepted', 'Accepted'), ('rejected', 'Rejected')], default='open', max_length=8)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('decision_clause', models.CharField(blank=True, max_length=60)),
                ('goodwill', models.BooleanField(default=False)),
                ('appeal', models.TextField(blank=True)),
                ('appealed_at', models.DateTimeField(null=True)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='people.contact')),
                ('follow_up', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='complaint', to='tickets.ticket')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='tickets.ticket')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('ticket',), name='complaint_one_open_a_ticket'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'open')), models.Q(('decided_at__isnull', False), ('follow_up__isnull', False), ('state', 'accepted')), models.Q(('decided_at__isnull', False), ('state', 'rejected'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='complaint_is_decided_with_its_reason'), models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['late', 'unstated']), ('state', 'accepted'), _negated=True), models.Q(('goodwill', True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='complaint_beyond_the_terms_is_goodwill'), models.CheckConstraint(condition=models.Q(models.Q(('appeal', ''), ('appealed_at', None)), models.Q(('appealed_at__isnull', False), ('state', 'rejected'), models.Q(('appeal', ''), _negated=True)), _connector='OR'), name='complaint_appeal_is_against_a_rejection')],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
