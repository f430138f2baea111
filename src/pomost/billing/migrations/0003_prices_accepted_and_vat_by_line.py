"""An estimate names whose prices it stands on and how far its sum reaches; each line of an invoice has its own VAT.

The guards of 0002 are taken down while the tables change and put up again with what is new: the accepted text is
compared word for word, its hash is that of the text, and none of the new columns moves once written. On SQLite the hash
is computed by a function that Django lends the connection: a bare one can read everything and put no estimate.
"""

from importlib import import_module

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

before = import_module("pomost.billing.migrations.0002_nothing_without_consent")

CHANGED = (
    """
    CREATE TRIGGER billing_estimate_begins_as_a_question BEFORE INSERT ON billing_estimate
    WHEN NEW.state <> 'proposed' OR NEW.text_sha256 <> SHA256(NEW.text)
      OR EXISTS (SELECT 1 FROM billing_estimate WHERE id = NEW.id OR (ticket_id = NEW.ticket_id AND state = 'proposed'))
      OR EXISTS (SELECT 1 FROM billing_settlement WHERE ticket_id = NEW.ticket_id)
    BEGIN SELECT RAISE(ABORT, 'billing: an estimate begins as the only open question of a request that is not settled'); END
    """,
    """
    CREATE TRIGGER billing_estimate_is_answered_once BEFORE UPDATE ON billing_estimate
    WHEN OLD.state <> 'proposed' OR NEW.state = 'proposed'
      OR NEW.id IS NOT OLD.id OR NEW.ticket_id IS NOT OLD.ticket_id OR NEW.technician_id IS NOT OLD.technician_id
      OR NEW.more_seconds IS NOT OLD.more_seconds OR NEW.net_if_accepted IS NOT OLD.net_if_accepted
      OR NEW.net_if_declined IS NOT OLD.net_if_declined OR NEW.currency IS NOT OLD.currency
      OR NEW.quoted_net IS NOT OLD.quoted_net OR NEW.decline_leaves_zero IS NOT OLD.decline_leaves_zero
      OR NEW.covers_seconds IS NOT OLD.covers_seconds OR NEW.priced_by_id IS NOT OLD.priced_by_id
      OR NEW.priced_on IS NOT OLD.priced_on
      OR NEW.reason IS NOT OLD.reason OR NEW.clause IS NOT OLD.clause OR NEW.text IS NOT OLD.text
      OR NEW.text_sha256 IS NOT OLD.text_sha256 OR NEW.language IS NOT OLD.language
      OR NEW.proposed_at IS NOT OLD.proposed_at
      OR EXISTS (SELECT 1 FROM billing_estimate WHERE consent_id = NEW.consent_id AND id <> OLD.id)
    BEGIN SELECT RAISE(ABORT, 'billing: an estimate is answered once and never changed otherwise'); END
    """,
    """
    CREATE TRIGGER billing_estimate_answer_is_the_customers BEFORE UPDATE ON billing_estimate
    WHEN NOT EXISTS (
      SELECT 1 FROM tickets_consent AS c WHERE c.id = NEW.consent_id AND c.ticket_id = NEW.ticket_id AND c.kind = 'estimate'
        AND c.text = NEW.text AND c.text_sha256 = NEW.text_sha256 AND c.accepted = (NEW.state = 'accepted'))
    BEGIN SELECT RAISE(ABORT, 'billing: the answer to an estimate is a consent of the customer to its very text'); END
    """,
    """
    CREATE TRIGGER billing_invoice_stays_as_it_is BEFORE UPDATE ON billing_invoice
    WHEN OLD.pdf IS NOT NULL OR NEW.pdf IS NULL
      OR NEW.id IS NOT OLD.id OR NEW.vendor_id IS NOT OLD.vendor_id OR NEW.year IS NOT OLD.year
      OR NEW.sequence IS NOT OLD.sequence OR NEW.number IS NOT OLD.number OR NEW.customer_id IS NOT OLD.customer_id
      OR NEW.language IS NOT OLD.language OR NEW.currency IS NOT OLD.currency OR NEW.issued_on IS NOT OLD.issued_on
      OR NEW.supplied_on IS NOT OLD.supplied_on OR NEW.due_on IS NOT OLD.due_on OR NEW.net IS NOT OLD.net
      OR NEW.vat IS NOT OLD.vat OR NEW.gross IS NOT OLD.gross
      OR NEW.seller IS NOT OLD.seller OR NEW.buyer IS NOT OLD.buyer OR NEW.issued_at IS NOT OLD.issued_at
    BEGIN SELECT RAISE(ABORT, 'billing: an issued invoice is never changed; its PDF is set once'); END
    """,
)


def _name(statement: str) -> str:
    return statement.split()[2]


_changed = {_name(statement): statement for statement in CHANGED}
SQLITE = tuple(_changed.get(_name(statement), statement) for statement in before.SQLITE)

ESTIMATE_GUARD = """
    CREATE OR REPLACE FUNCTION billing_estimate_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM tickets_ticket WHERE id = NEW.ticket_id FOR UPDATE;
      IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' OR NEW.text_sha256 <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex')
           OR EXISTS (SELECT 1 FROM billing_settlement WHERE ticket_id = NEW.ticket_id) THEN
          RAISE EXCEPTION 'billing: an estimate begins as the only open question of a request that is not settled';
        END IF;
        RETURN NEW;
      END IF;
      IF OLD.state <> 'proposed' OR NEW.state = 'proposed'
         OR to_jsonb(NEW) - ARRAY['state', 'decided_at', 'consent_id']
            IS DISTINCT FROM to_jsonb(OLD) - ARRAY['state', 'decided_at', 'consent_id'] THEN
        RAISE EXCEPTION 'billing: an estimate is answered once and never changed otherwise';
      END IF;
      IF NOT EXISTS (
        SELECT 1 FROM tickets_consent AS c WHERE c.id = NEW.consent_id AND c.ticket_id = NEW.ticket_id
          AND c.kind = 'estimate' AND c.text = NEW.text AND c.text_sha256 = NEW.text_sha256
          AND c.accepted = (NEW.state = 'accepted')) THEN
        RAISE EXCEPTION 'billing: the answer to an estimate is a consent of the customer to its very text';
      END IF;
      RETURN NEW;
    END $$
    """


def guards_down(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    before.unguard(apps, schema_editor)


def guards_back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    before.guard(apps, schema_editor)


def guards_up(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = {"sqlite": SQLITE, "postgresql": (*before.POSTGRESQL, ESTIMATE_GUARD)}
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


FILL = (
    "UPDATE billing_estimate SET priced_on = DATE(proposed_at),"
    " priced_by_id = (SELECT terms_id FROM tickets_ticket WHERE tickets_ticket.id = billing_estimate.ticket_id)",
    "UPDATE billing_invoiceline SET"
    " vat_percent = (SELECT vat_percent FROM billing_invoice AS i WHERE i.id = billing_invoiceline.invoice_id),"
    " supplied_on = (SELECT supplied_on FROM billing_invoice AS i WHERE i.id = billing_invoiceline.invoice_id)",
)
"""Old rows get what they stood on: the terms of their request, the VAT of their invoice."""


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in FILL:
        schema_editor.execute(statement)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the columns cannot change in this transaction


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_nothing_without_consent"), ("contracts", "0001_first")]

    operations = [
        migrations.RunPython(guards_down, guards_back),
        migrations.AddField("estimate", "covers_seconds", models.PositiveIntegerField(null=True)),
        migrations.AddField(
            "estimate",
            "priced_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="estimates",
                to="contracts.termsversion",
            ),
        ),
        migrations.AddField("estimate", "priced_on", models.DateField(null=True)),
        migrations.AddField(
            "invoiceline", "vat_percent", models.DecimalField(decimal_places=2, max_digits=5, null=True)
        ),
        migrations.AddField(
            "invoiceline", "vat_exempt", models.BooleanField(default=False), preserve_default=False
        ),
        migrations.AddField("invoiceline", "vat_clause", models.CharField(blank=True, default="", max_length=60)),
        migrations.AddField("invoiceline", "vat_clause_text", models.TextField(blank=True, default="")),
        migrations.AddField("invoiceline", "supplied_on", models.DateField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            "estimate",
            "priced_by",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="estimates",
                to="contracts.termsversion",
            ),
        ),
        migrations.AlterField("estimate", "priced_on", models.DateField()),
        migrations.AlterField("invoiceline", "vat_clause", models.CharField(blank=True, max_length=60)),
        migrations.AlterField("invoiceline", "vat_clause_text", models.TextField(blank=True)),
        migrations.AlterField("invoiceline", "supplied_on", models.DateField()),
        migrations.RemoveField("invoice", "vat_percent"),
        migrations.AddConstraint(
            "invoiceline",
            models.CheckConstraint(
                condition=models.Q(vat_exempt=False) | models.Q(vat_percent=None),
                name="invoice_line_exempt_has_no_rate",
            ),
        ),
        migrations.RunPython(guards_up, guards_down),
    ]
