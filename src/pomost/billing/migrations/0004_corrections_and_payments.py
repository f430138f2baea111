"""Corrections take back at most what is left of an invoice, under a number without gaps; payments never fall below zero.

Held by the database, whoever writes: nothing here is changed or deleted, and the PDF of a correction is set once. On
SQLite, REPLACE deletes the row in its way without asking a delete trigger, so inserts that would replace a row are refused
as well. A migration that rebuilds one of these tables must make its triggers again.
"""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def cents(value: str) -> str:
    """Write a sum in whole cents: SQLite keeps decimals as binary fractions."""
    return f"CAST(ROUND({value} * 100) AS INTEGER)"


def total(column: str, table: str, where: str) -> str:
    return f"(SELECT COALESCE(SUM({cents(column)}), 0) FROM {table} WHERE {where})"


def stay(table: str, what: str) -> tuple[str, str]:
    return (
        f"CREATE TRIGGER {table}_stays_as_it_is BEFORE UPDATE ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'billing: {what} is never changed'); END",
        f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'billing: {what} is never deleted'); END",
    )


SQLITE = (
    f"""
    CREATE TRIGGER billing_correction_takes_the_next_number BEFORE INSERT ON billing_correction
    WHEN NEW.pdf IS NOT NULL
      OR NEW.sequence <> 1 + (
        SELECT COALESCE(MAX(sequence), 0) FROM billing_correction WHERE vendor_id = NEW.vendor_id AND year = NEW.year)
      OR EXISTS (
        SELECT 1 FROM billing_correction WHERE id = NEW.id OR (vendor_id = NEW.vendor_id AND number = NEW.number))
      OR NOT EXISTS (SELECT 1 FROM billing_invoice WHERE id = NEW.invoice_id AND vendor_id = NEW.vendor_id)
    BEGIN SELECT RAISE(ABORT, 'billing: a correction takes the next number of its year, for an invoice of its vendor'); END
    """,
    f"""
    CREATE TRIGGER billing_correction_takes_what_is_left BEFORE INSERT ON billing_correction
    WHEN EXISTS (
      SELECT 1 FROM billing_invoice AS i WHERE i.id = NEW.invoice_id AND (
        {cents("i.net")} + {cents("NEW.net")} + {total("net", "billing_correction", "invoice_id = NEW.invoice_id")} < 0
        OR {cents("i.vat")} + {cents("NEW.vat")} + {total("vat", "billing_correction", "invoice_id = NEW.invoice_id")} < 0))
    BEGIN SELECT RAISE(ABORT, 'billing: corrections never take back more than the invoice asks for'); END
    """,
    """
    CREATE TRIGGER billing_correction_stays_as_it_is BEFORE UPDATE ON billing_correction
    WHEN OLD.pdf IS NOT NULL OR NEW.pdf IS NULL
      OR NEW.id IS NOT OLD.id OR NEW.vendor_id IS NOT OLD.vendor_id OR NEW.year IS NOT OLD.year
      OR NEW.sequence IS NOT OLD.sequence OR NEW.number IS NOT OLD.number OR NEW.invoice_id IS NOT OLD.invoice_id
      OR NEW.issued_on IS NOT OLD.issued_on OR NEW.reason IS NOT OLD.reason OR NEW.net IS NOT OLD.net
      OR NEW.vat IS NOT OLD.vat OR NEW.gross IS NOT OLD.gross OR NEW.issued_at IS NOT OLD.issued_at
    BEGIN SELECT RAISE(ABORT, 'billing: an issued correction is never changed; its PDF is set once'); END
    """,
    """
    CREATE TRIGGER billing_correction_stays BEFORE DELETE ON billing_correction
    BEGIN SELECT RAISE(ABORT, 'billing: an issued correction is never deleted'); END
    """,
    f"""
    CREATE TRIGGER billing_correctionline_takes_what_is_left BEFORE INSERT ON billing_correctionline
    WHEN EXISTS (
        SELECT 1 FROM billing_correctionline
        WHERE id = NEW.id OR (correction_id = NEW.correction_id AND line_id = NEW.line_id))
      OR NOT EXISTS (
        SELECT 1 FROM billing_correction AS c JOIN billing_invoiceline AS l ON l.invoice_id = c.invoice_id
        WHERE c.id = NEW.correction_id AND l.id = NEW.line_id AND c.pdf IS NULL
          AND {cents("l.net")} + {cents("NEW.net")} + {total("net", "billing_correctionline", "line_id = NEW.line_id")} >= 0
          AND {cents("NEW.net")} + {total("net", "billing_correctionline", "correction_id = NEW.correction_id")}
            >= {cents("c.net")})
    BEGIN SELECT RAISE(ABORT, 'billing: a correction takes back what is left of a line of its own invoice'); END
    """,
    *stay("billing_correctionline", "a line of a correction"),
    f"""
    CREATE TRIGGER billing_payment_is_never_below_zero BEFORE INSERT ON billing_payment
    WHEN EXISTS (SELECT 1 FROM billing_payment WHERE id = NEW.id)
      OR {cents("NEW.amount")} + {total("amount", "billing_payment", "invoice_id = NEW.invoice_id")} < 0
    BEGIN SELECT RAISE(ABORT, 'billing: no more is sent back than came'); END
    """,
    *stay("billing_payment", "a payment"),
)

POSTGRESQL = (
    """
    CREATE FUNCTION billing_correction_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'UPDATE' THEN
        IF OLD.pdf IS NOT NULL OR NEW.pdf IS NULL OR to_jsonb(NEW) - 'pdf' IS DISTINCT FROM to_jsonb(OLD) - 'pdf' THEN
          RAISE EXCEPTION 'billing: an issued correction is never changed; its PDF is set once';
        END IF;
        RETURN NEW;
      END IF;
      PERFORM 1 FROM people_vendor WHERE id = NEW.vendor_id FOR UPDATE;
      PERFORM 1 FROM billing_invoice WHERE id = NEW.invoice_id FOR UPDATE;
      IF NEW.pdf IS NOT NULL
         OR NEW.sequence <> 1 + (
           SELECT COALESCE(MAX(sequence), 0) FROM billing_correction WHERE vendor_id = NEW.vendor_id AND year = NEW.year)
         OR NOT EXISTS (SELECT 1 FROM billing_invoice WHERE id = NEW.invoice_id AND vendor_id = NEW.vendor_id) THEN
        RAISE EXCEPTION 'billing: a correction takes the next number of its year, for an invoice of its vendor';
      END IF;
      IF EXISTS (
        SELECT 1 FROM billing_invoice AS i WHERE i.id = NEW.invoice_id AND (
          i.net + NEW.net + (SELECT COALESCE(SUM(net), 0) FROM billing_correction WHERE invoice_id = i.id) < 0
          OR i.vat + NEW.vat + (SELECT COALESCE(SUM(vat), 0) FROM billing_correction WHERE invoice_id = i.id) < 0)) THEN
        RAISE EXCEPTION 'billing: corrections never take back more than the invoice asks for';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION billing_correctionline_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM billing_correction WHERE id = NEW.correction_id FOR UPDATE;
      PERFORM 1 FROM billing_invoiceline WHERE id = NEW.line_id FOR UPDATE;
      IF NOT EXISTS (
        SELECT 1 FROM billing_correction AS c JOIN billing_invoiceline AS l ON l.invoice_id = c.invoice_id
        WHERE c.id = NEW.correction_id AND l.id = NEW.line_id AND c.pdf IS NULL
          AND l.net + NEW.net + (SELECT COALESCE(SUM(net), 0) FROM billing_correctionline WHERE line_id = l.id) >= 0
          AND NEW.net + (SELECT COALESCE(SUM(net), 0) FROM billing_correctionline WHERE correction_id = c.id) >= c.net)
      THEN
        RAISE EXCEPTION 'billing: a correction takes back what is left of a line of its own invoice';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION billing_payment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM billing_invoice WHERE id = NEW.invoice_id FOR UPDATE;
      IF NEW.amount + (SELECT COALESCE(SUM(amount), 0) FROM billing_payment WHERE invoice_id = NEW.invoice_id) < 0 THEN
        RAISE EXCEPTION 'billing: no more is sent back than came';
      END IF;
      RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER billing_correction_guard BEFORE INSERT OR UPDATE ON billing_correction"
    " FOR EACH ROW EXECUTE FUNCTION billing_correction_guard()",
    "CREATE TRIGGER billing_correction_stays BEFORE DELETE ON billing_correction"
    " FOR EACH ROW EXECUTE FUNCTION billing_stays_guard()",
    "CREATE TRIGGER billing_correctionline_guard BEFORE INSERT ON billing_correctionline"
    " FOR EACH ROW EXECUTE FUNCTION billing_correctionline_guard()",
    "CREATE TRIGGER billing_payment_guard BEFORE INSERT ON billing_payment"
    " FOR EACH ROW EXECUTE FUNCTION billing_payment_guard()",
    *(
        f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION billing_stays_guard()"
        for table in ("billing_correctionline", "billing_payment")
    ),
    *(
        f"CREATE TRIGGER billing_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION billing_stays_guard()"
        for table in ("billing_correction", "billing_correctionline", "billing_payment")
    ),
)

POSTGRESQL_FUNCTIONS = ("billing_correction_guard", "billing_correctionline_guard", "billing_payment_guard")
UNDO = {
    "sqlite": tuple(f"DROP TRIGGER {statement.split()[2]}" for statement in SQLITE),
    "postgresql": tuple(f"DROP FUNCTION {name}() CASCADE" for name in POSTGRESQL_FUNCTIONS),
}


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unguard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0003_prices_accepted_and_vat_by_line'),
        ('people', '0002_tokens'),
    ]

    operations = [
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('sequence', models.PositiveIntegerField()),
                ('number', models.CharField(max_length=50)),
                ('issued_on', models.DateField()),
                ('reason', models.TextField()),
                ('net', models.DecimalField(decimal_places=2, max_digits=14)),
                ('vat', models.DecimalField(decimal_places=2, max_digits=14)),
                ('gross', models.DecimalField(decimal_places=2, max_digits=14)),
                ('issued_at', models.DateTimeField()),
                ('pdf', models.BinaryField(null=True)),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='billing.invoice')),
                ('vendor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='people.vendor')),
            ],
        ),
        migrations.CreateModel(
            name='CorrectionLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('net', models.DecimalField(decimal_places=2, max_digits=14)),
                ('correction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='billing.correction')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='billing.invoiceline')),
            ],
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                ('received_on', models.DateField()),
                ('note', models.CharField(blank=True, max_length=200)),
                ('recorded_at', models.DateTimeField()),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='billing.invoice')),
            ],
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.UniqueConstraint(fields=('vendor', 'year', 'sequence'), name='correction_sequence_once'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.UniqueConstraint(fields=('vendor', 'number'), name='correction_number_once'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('gross', django.db.models.functions.math.Round(django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('vat')), 2))), name='correction_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('net__lt', 0), ('vat__lte', 0)), name='correction_takes_back'),
        ),
        migrations.AddConstraint(
            model_name='correctionline',
            constraint=models.UniqueConstraint(fields=('correction', 'line'), name='correction_line_once'),
        ),
        migrations.AddConstraint(
            model_name='correctionline',
            constraint=models.CheckConstraint(condition=models.Q(('net__lt', 0)), name='correction_line_takes_back'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='payment_is_something'),
        ),
        migrations.RunPython(guard, unguard),
    ]
