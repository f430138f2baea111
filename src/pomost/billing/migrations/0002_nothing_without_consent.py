"""No charge before the solution, none after a "no", and an issued invoice stays as it is: held by the database.

What rows cannot hold across tables is held here, whoever writes:
- an estimate is put as a question and answered once, by a consent to exactly its text;
- a settlement exists only for a confirmed request, with no question open, no session running and no "no" that costs nothing;
- an invoice takes the next number of its year; its lines stand on settlements of the same customer and never exceed it;
- estimates, settlements, fees, invoices and lines are not changed or deleted; the PDF of an invoice is set once.
On SQLite, REPLACE deletes the row in its way without asking a delete trigger, so inserts and updates that would replace a
row are refused as well. A migration that rebuilds one of these tables must make its triggers again.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = (
    """
    CREATE TRIGGER billing_estimate_begins_as_a_question BEFORE INSERT ON billing_estimate
    WHEN NEW.state <> 'proposed'
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
      OR NEW.reason IS NOT OLD.reason OR NEW.clause IS NOT OLD.clause OR NEW.text IS NOT OLD.text
      OR NEW.text_sha256 IS NOT OLD.text_sha256 OR NEW.language IS NOT OLD.language
      OR NEW.proposed_at IS NOT OLD.proposed_at
      OR EXISTS (SELECT 1 FROM billing_estimate WHERE consent_id = NEW.consent_id AND id <> OLD.id)
    BEGIN SELECT RAISE(ABORT, 'billing: an estimate is answered once and never changed otherwise'); END
    """,
    """
    CREATE TRIGGER billing_estimate_answer_is_the_customers BEFORE UPDATE ON billing_estimate
    WHEN NOT EXISTS (
      SELECT 1 FROM tickets_consent AS c WHERE c.id = NEW.consent_id AND c.ticket_id = NEW.ticket_id
        AND c.kind = 'estimate' AND c.text_sha256 = NEW.text_sha256 AND c.accepted = (NEW.state = 'accepted'))
    BEGIN SELECT RAISE(ABORT, 'billing: the answer to an estimate is a consent of the customer to its very text'); END
    """,
    """
    CREATE TRIGGER billing_estimate_stays BEFORE DELETE ON billing_estimate
    BEGIN SELECT RAISE(ABORT, 'billing: an estimate is never deleted'); END
    """,
    """
    CREATE TRIGGER billing_settlement_after_the_solution BEFORE INSERT ON billing_settlement
    WHEN NOT EXISTS (
      SELECT 1 FROM tickets_ticket WHERE id = NEW.ticket_id AND state = 'confirmed' AND confirmed_at IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'billing: nothing is charged before the solution is confirmed'); END
    """,
    """
    CREATE TRIGGER billing_settlement_not_after_a_no BEFORE INSERT ON billing_settlement
    WHEN EXISTS (
      SELECT 1 FROM billing_estimate WHERE ticket_id = NEW.ticket_id
        AND (state = 'proposed' OR (state = 'declined' AND decline_leaves_zero)))
    BEGIN SELECT RAISE(ABORT, 'billing: the estimate is unanswered or was declined, which leaves nothing to pay'); END
    """,
    """
    CREATE TRIGGER billing_settlement_of_finished_work BEFORE INSERT ON billing_settlement
    WHEN EXISTS (SELECT 1 FROM remote_remotesession WHERE ticket_id = NEW.ticket_id AND state <> 'ended')
      OR EXISTS (SELECT 1 FROM billing_settlement WHERE id = NEW.id OR ticket_id = NEW.ticket_id)
    BEGIN SELECT RAISE(ABORT, 'billing: a request is settled once, when no session of it is open'); END
    """,
    """
    CREATE TRIGGER billing_settlement_stays_as_it_is BEFORE UPDATE ON billing_settlement
    BEGIN SELECT RAISE(ABORT, 'billing: a settlement is never changed'); END
    """,
    """
    CREATE TRIGGER billing_settlement_stays BEFORE DELETE ON billing_settlement
    BEGIN SELECT RAISE(ABORT, 'billing: a settlement is never deleted'); END
    """,
    """
    CREATE TRIGGER billing_settled_takes_no_more_work BEFORE INSERT ON worklog_entry
    WHEN EXISTS (SELECT 1 FROM billing_settlement WHERE ticket_id = NEW.ticket_id)
    BEGIN SELECT RAISE(ABORT, 'billing: no work is entered after the settlement'); END
    """,
    """
    CREATE TRIGGER billing_settled_takes_no_session BEFORE UPDATE OF ticket_id ON remote_remotesession
    WHEN NEW.ticket_id IS NOT OLD.ticket_id AND EXISTS (SELECT 1 FROM billing_settlement WHERE ticket_id = NEW.ticket_id)
    BEGIN SELECT RAISE(ABORT, 'billing: no session is answered for a settled request'); END
    """,
    """
    CREATE TRIGGER billing_settled_ticket_stays_settled BEFORE UPDATE ON tickets_ticket
    WHEN EXISTS (SELECT 1 FROM billing_settlement WHERE ticket_id = OLD.id)
      AND (NEW.id IS NOT OLD.id OR NEW.vendor_id IS NOT OLD.vendor_id OR NEW.customer_id IS NOT OLD.customer_id
        OR NEW.confirmed_at IS NOT OLD.confirmed_at OR NEW.state NOT IN ('confirmed', 'closed'))
    BEGIN SELECT RAISE(ABORT, 'billing: a settled request keeps its customer and is not opened again'); END
    """,
    """
    CREATE TRIGGER billing_fee_once BEFORE INSERT ON billing_oneofffee
    WHEN EXISTS (
        SELECT 1 FROM billing_oneofffee WHERE id = NEW.id OR (customer_id = NEW.customer_id AND fee = NEW.fee))
      OR NOT EXISTS (
        SELECT 1 FROM billing_settlement AS s JOIN tickets_ticket AS t ON t.id = s.ticket_id
        WHERE s.id = NEW.settlement_id AND t.customer_id = NEW.customer_id)
    BEGIN SELECT RAISE(ABORT, 'billing: a fee is charged once a customer, for a request of that customer'); END
    """,
    """
    CREATE TRIGGER billing_fee_stays_as_it_is BEFORE UPDATE ON billing_oneofffee
    BEGIN SELECT RAISE(ABORT, 'billing: a charged fee is never changed'); END
    """,
    """
    CREATE TRIGGER billing_fee_stays BEFORE DELETE ON billing_oneofffee
    BEGIN SELECT RAISE(ABORT, 'billing: a charged fee is never deleted'); END
    """,
    """
    CREATE TRIGGER billing_invoice_takes_the_next_number BEFORE INSERT ON billing_invoice
    WHEN NEW.pdf IS NOT NULL
      OR NEW.sequence <> 1 + (
        SELECT COALESCE(MAX(sequence), 0) FROM billing_invoice WHERE vendor_id = NEW.vendor_id AND year = NEW.year)
      OR EXISTS (
        SELECT 1 FROM billing_invoice WHERE id = NEW.id OR (vendor_id = NEW.vendor_id AND number = NEW.number))
      OR NOT EXISTS (SELECT 1 FROM people_customer WHERE id = NEW.customer_id AND vendor_id = NEW.vendor_id)
    BEGIN SELECT RAISE(ABORT, 'billing: an invoice takes the next number of its year, for a customer of its vendor'); END
    """,
    """
    CREATE TRIGGER billing_invoice_stays_as_it_is BEFORE UPDATE ON billing_invoice
    WHEN OLD.pdf IS NOT NULL OR NEW.pdf IS NULL
      OR NEW.id IS NOT OLD.id OR NEW.vendor_id IS NOT OLD.vendor_id OR NEW.year IS NOT OLD.year
      OR NEW.sequence IS NOT OLD.sequence OR NEW.number IS NOT OLD.number OR NEW.customer_id IS NOT OLD.customer_id
      OR NEW.language IS NOT OLD.language OR NEW.currency IS NOT OLD.currency OR NEW.issued_on IS NOT OLD.issued_on
      OR NEW.supplied_on IS NOT OLD.supplied_on OR NEW.due_on IS NOT OLD.due_on OR NEW.net IS NOT OLD.net
      OR NEW.vat IS NOT OLD.vat OR NEW.gross IS NOT OLD.gross OR NEW.vat_percent IS NOT OLD.vat_percent
      OR NEW.seller IS NOT OLD.seller OR NEW.buyer IS NOT OLD.buyer OR NEW.issued_at IS NOT OLD.issued_at
    BEGIN SELECT RAISE(ABORT, 'billing: an issued invoice is never changed; its PDF is set once'); END
    """,
    """
    CREATE TRIGGER billing_invoice_stays BEFORE DELETE ON billing_invoice
    BEGIN SELECT RAISE(ABORT, 'billing: an issued invoice is never deleted'); END
    """,
    """
    CREATE TRIGGER billing_line_stands_on_its_settlement BEFORE INSERT ON billing_invoiceline
    WHEN NOT EXISTS (
        SELECT 1 FROM billing_settlement AS s JOIN tickets_ticket AS t ON t.id = s.ticket_id
        JOIN billing_invoice AS i ON i.id = NEW.invoice_id
        WHERE s.id = NEW.settlement_id AND t.customer_id = i.customer_id AND t.vendor_id = i.vendor_id AND i.pdf IS NULL)
      OR EXISTS (
        SELECT 1 FROM billing_invoiceline WHERE settlement_id = NEW.settlement_id AND invoice_id <> NEW.invoice_id)
    BEGIN SELECT RAISE(ABORT, 'billing: a line needs a settlement of the same customer that no other invoice charges'); END
    """,
    """
    CREATE TRIGGER billing_line_fits_its_invoice BEFORE INSERT ON billing_invoiceline
    WHEN EXISTS (
        SELECT 1 FROM billing_invoiceline
        WHERE id = NEW.id OR (invoice_id = NEW.invoice_id AND position = NEW.position))
      OR CAST(ROUND(NEW.net * 100) AS INTEGER) + (
          SELECT COALESCE(SUM(CAST(ROUND(net * 100) AS INTEGER)), 0) FROM billing_invoiceline
          WHERE invoice_id = NEW.invoice_id)
        > (SELECT CAST(ROUND(net * 100) AS INTEGER) FROM billing_invoice WHERE id = NEW.invoice_id)
    BEGIN SELECT RAISE(ABORT, 'billing: the lines of an invoice replace none and never exceed its sum'); END
    """,
    """
    CREATE TRIGGER billing_line_stays_as_it_is BEFORE UPDATE ON billing_invoiceline
    BEGIN SELECT RAISE(ABORT, 'billing: a line of an invoice is never changed'); END
    """,
    """
    CREATE TRIGGER billing_line_stays BEFORE DELETE ON billing_invoiceline
    BEGIN SELECT RAISE(ABORT, 'billing: a line of an invoice is never deleted'); END
    """,
    """
    CREATE TRIGGER billing_billed_entry_once BEFORE INSERT ON billing_billedentry
    WHEN EXISTS (SELECT 1 FROM billing_billedentry WHERE id = NEW.id OR entry_id = NEW.entry_id)
      OR NOT EXISTS (
        SELECT 1 FROM billing_invoiceline AS l JOIN billing_settlement AS s ON s.id = l.settlement_id
        JOIN worklog_entry AS e ON e.ticket_id = s.ticket_id WHERE l.id = NEW.line_id AND e.id = NEW.entry_id)
    BEGIN SELECT RAISE(ABORT, 'billing: an entry is billed once, by a line for its own request'); END
    """,
    """
    CREATE TRIGGER billing_billed_entry_stays_as_it_is BEFORE UPDATE ON billing_billedentry
    BEGIN SELECT RAISE(ABORT, 'billing: what was billed is never changed'); END
    """,
    """
    CREATE TRIGGER billing_billed_entry_stays BEFORE DELETE ON billing_billedentry
    BEGIN SELECT RAISE(ABORT, 'billing: what was billed is never deleted'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION billing_stays_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'billing: rows of % are never changed or deleted', TG_TABLE_NAME;
    END $$
    """,
    """
    CREATE FUNCTION billing_estimate_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM tickets_ticket WHERE id = NEW.ticket_id FOR UPDATE;
      IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed'
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
          AND c.kind = 'estimate' AND c.text_sha256 = NEW.text_sha256 AND c.accepted = (NEW.state = 'accepted')) THEN
        RAISE EXCEPTION 'billing: the answer to an estimate is a consent of the customer to its very text';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION billing_settlement_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      -- The lock keeps estimates, entries and the ticket itself from changing before the commit.
      PERFORM 1 FROM tickets_ticket
        WHERE id = NEW.ticket_id AND state = 'confirmed' AND confirmed_at IS NOT NULL FOR UPDATE;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'billing: nothing is charged before the solution is confirmed';
      END IF;
      IF EXISTS (
        SELECT 1 FROM billing_estimate WHERE ticket_id = NEW.ticket_id
          AND (state = 'proposed' OR (state = 'declined' AND decline_leaves_zero))) THEN
        RAISE EXCEPTION 'billing: the estimate is unanswered or was declined, which leaves nothing to pay';
      END IF;
      IF EXISTS (SELECT 1 FROM remote_remotesession WHERE ticket_id = NEW.ticket_id AND state <> 'ended') THEN
        RAISE EXCEPTION 'billing: a request is settled once, when no session of it is open';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION billing_settled_takes_no_more_work() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM tickets_ticket WHERE id = NEW.ticket_id FOR SHARE;
      IF EXISTS (SELECT 1 FROM billing_settlement WHERE ticket_id = NEW.ticket_id) THEN
        RAISE EXCEPTION 'billing: no work and no session for a request after its settlement';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION billing_settled_ticket_stays_settled() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT 1 FROM billing_settlement WHERE ticket_id = OLD.id)
         AND ((NEW.id, NEW.vendor_id, NEW.customer_id, NEW.confirmed_at)
                IS DISTINCT FROM (OLD.id, OLD.vendor_id, OLD.customer_id, OLD.confirmed_at)
              OR NEW.state NOT IN ('confirmed', 'closed')) THEN
        RAISE EXCEPTION 'billing: a settled request keeps its customer and is not opened again';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION billing_fee_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NOT EXISTS (
        SELECT 1 FROM billing_settlement AS s JOIN tickets_ticket AS t ON t.id = s.ticket_id
        WHERE s.id = NEW.settlement_id AND t.customer_id = NEW.customer_id) THEN
        RAISE EXCEPTION 'billing: a fee is charged once a customer, for a request of that customer';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION billing_invoice_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM people_vendor WHERE id = NEW.vendor_id FOR UPDATE;
        IF NEW.pdf IS NOT NULL
           OR NEW.sequence <> 1 + (
             SELECT COALESCE(MAX(sequence), 0) FROM billing_invoice WHERE vendor_id = NEW.vendor_id AND year = NEW.year)
           OR NOT EXISTS (SELECT 1 FROM people_customer WHERE id = NEW.customer_id AND vendor_id = NEW.vendor_id) THEN
          RAISE EXCEPTION 'billing: an invoice takes the next number of its year, for a customer of its vendor';
        END IF;
        RETURN NEW;
      END IF;
      IF OLD.pdf IS NOT NULL OR NEW.pdf IS NULL
         OR to_jsonb(NEW) - 'pdf' IS DISTINCT FROM to_jsonb(OLD) - 'pdf' THEN
        RAISE EXCEPTION 'billing: an issued invoice is never changed; its PDF is set once';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION billing_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM billing_invoice WHERE id = NEW.invoice_id FOR UPDATE;
      PERFORM 1 FROM billing_settlement WHERE id = NEW.settlement_id FOR UPDATE;
      IF NOT EXISTS (
          SELECT 1 FROM billing_settlement AS s JOIN tickets_ticket AS t ON t.id = s.ticket_id
          JOIN billing_invoice AS i ON i.id = NEW.invoice_id
          WHERE s.id = NEW.settlement_id AND t.customer_id = i.customer_id AND t.vendor_id = i.vendor_id AND i.pdf IS NULL)
         OR EXISTS (
          SELECT 1 FROM billing_invoiceline WHERE settlement_id = NEW.settlement_id AND invoice_id <> NEW.invoice_id) THEN
        RAISE EXCEPTION 'billing: a line needs a settlement of the same customer that no other invoice charges';
      END IF;
      IF NEW.net + (SELECT COALESCE(SUM(net), 0) FROM billing_invoiceline WHERE invoice_id = NEW.invoice_id)
         > (SELECT net FROM billing_invoice WHERE id = NEW.invoice_id) THEN
        RAISE EXCEPTION 'billing: the lines of an invoice replace none and never exceed its sum';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION billing_billed_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NOT EXISTS (
        SELECT 1 FROM billing_invoiceline AS l JOIN billing_settlement AS s ON s.id = l.settlement_id
        JOIN worklog_entry AS e ON e.ticket_id = s.ticket_id WHERE l.id = NEW.line_id AND e.id = NEW.entry_id) THEN
        RAISE EXCEPTION 'billing: an entry is billed once, by a line for its own request';
      END IF;
      RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER billing_estimate_guard BEFORE INSERT OR UPDATE ON billing_estimate"
    " FOR EACH ROW EXECUTE FUNCTION billing_estimate_guard()",
    "CREATE TRIGGER billing_estimate_stays BEFORE DELETE ON billing_estimate"
    " FOR EACH ROW EXECUTE FUNCTION billing_stays_guard()",
    "CREATE TRIGGER billing_settlement_guard BEFORE INSERT ON billing_settlement"
    " FOR EACH ROW EXECUTE FUNCTION billing_settlement_guard()",
    "CREATE TRIGGER billing_settlement_stays BEFORE UPDATE OR DELETE ON billing_settlement"
    " FOR EACH ROW EXECUTE FUNCTION billing_stays_guard()",
    "CREATE TRIGGER billing_settled_takes_no_more_work BEFORE INSERT ON worklog_entry"
    " FOR EACH ROW EXECUTE FUNCTION billing_settled_takes_no_more_work()",
    "CREATE TRIGGER billing_settled_takes_no_session BEFORE UPDATE OF ticket_id ON remote_remotesession"
    " FOR EACH ROW WHEN (NEW.ticket_id IS DISTINCT FROM OLD.ticket_id)"
    " EXECUTE FUNCTION billing_settled_takes_no_more_work()",
    "CREATE TRIGGER billing_settled_ticket_stays_settled BEFORE UPDATE ON tickets_ticket"
    " FOR EACH ROW EXECUTE FUNCTION billing_settled_ticket_stays_settled()",
    "CREATE TRIGGER billing_fee_guard BEFORE INSERT ON billing_oneofffee"
    " FOR EACH ROW EXECUTE FUNCTION billing_fee_guard()",
    "CREATE TRIGGER billing_fee_stays BEFORE UPDATE OR DELETE ON billing_oneofffee"
    " FOR EACH ROW EXECUTE FUNCTION billing_stays_guard()",
    "CREATE TRIGGER billing_invoice_guard BEFORE INSERT OR UPDATE ON billing_invoice"
    " FOR EACH ROW EXECUTE FUNCTION billing_invoice_guard()",
    "CREATE TRIGGER billing_invoice_stays BEFORE DELETE ON billing_invoice"
    " FOR EACH ROW EXECUTE FUNCTION billing_stays_guard()",
    "CREATE TRIGGER billing_line_guard BEFORE INSERT ON billing_invoiceline"
    " FOR EACH ROW EXECUTE FUNCTION billing_line_guard()",
    "CREATE TRIGGER billing_line_stays BEFORE UPDATE OR DELETE ON billing_invoiceline"
    " FOR EACH ROW EXECUTE FUNCTION billing_stays_guard()",
    "CREATE TRIGGER billing_billed_entry_guard BEFORE INSERT ON billing_billedentry"
    " FOR EACH ROW EXECUTE FUNCTION billing_billed_entry_guard()",
    "CREATE TRIGGER billing_billed_entry_stays BEFORE UPDATE OR DELETE ON billing_billedentry"
    " FOR EACH ROW EXECUTE FUNCTION billing_stays_guard()",
    *(
        f"CREATE TRIGGER billing_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION billing_stays_guard()"
        for table in (
            "billing_estimate",
            "billing_settlement",
            "billing_oneofffee",
            "billing_invoice",
            "billing_invoiceline",
            "billing_billedentry",
        )
    ),
)

SQLITE_NAMES = (
    "billing_estimate_begins_as_a_question",
    "billing_estimate_is_answered_once",
    "billing_estimate_answer_is_the_customers",
    "billing_estimate_stays",
    "billing_settlement_after_the_solution",
    "billing_settlement_not_after_a_no",
    "billing_settlement_of_finished_work",
    "billing_settlement_stays_as_it_is",
    "billing_settlement_stays",
    "billing_settled_takes_no_more_work",
    "billing_settled_takes_no_session",
    "billing_settled_ticket_stays_settled",
    "billing_fee_once",
    "billing_fee_stays_as_it_is",
    "billing_fee_stays",
    "billing_invoice_takes_the_next_number",
    "billing_invoice_stays_as_it_is",
    "billing_invoice_stays",
    "billing_line_stands_on_its_settlement",
    "billing_line_fits_its_invoice",
    "billing_line_stays_as_it_is",
    "billing_line_stays",
    "billing_billed_entry_once",
    "billing_billed_entry_stays_as_it_is",
    "billing_billed_entry_stays",
)

POSTGRESQL_FUNCTIONS = (
    "billing_stays_guard",
    "billing_estimate_guard",
    "billing_settlement_guard",
    "billing_settled_takes_no_more_work",
    "billing_settled_ticket_stays_settled",
    "billing_fee_guard",
    "billing_invoice_guard",
    "billing_line_guard",
    "billing_billed_entry_guard",
)

UNDO = {
    "sqlite": tuple(f"DROP TRIGGER {name}" for name in SQLITE_NAMES),
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
        ("billing", "0001_first"),
        ("people", "0001_first"),
        ("remote", "0002_ended_is_ended"),
        ("tickets", "0001_first"),
        ("worklog", "0002_entries_stay"),
    ]

    operations = [migrations.RunPython(guard, unguard)]
