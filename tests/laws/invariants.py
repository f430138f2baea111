"""What must stand in the tables whatever was done, asked with raw queries: they know nothing of the actions that wrote it.

Each invariant is one query that finds what must not be, with a sentence for it. Time is compared as the database keeps it.
"""

from collections.abc import Mapping
from typing import Final

from django.db import connection

INVARIANTS: Final[Mapping[str, str]] = {
    "an invoice is the sum of its lines": """
        SELECT i.number, i.net, sum(l.net) FROM billing_invoice i JOIN billing_invoiceline l ON l.invoice_id = i.id
        GROUP BY i.id, i.number, i.net HAVING abs(i.net - sum(l.net)) > 0.001""",
    "gross is net and VAT": """
        SELECT number, net, vat, gross FROM billing_invoice WHERE abs(gross - net - vat) > 0.001""",
    "VAT is that of each rate's sum, half up": """
        SELECT i.number, i.vat, sum(r.vat) FROM billing_invoice i JOIN (
            SELECT invoice_id, floor(sum(round(net * 100)) * coalesce(vat_percent, 0) / 100 + 0.5) / 100 AS vat
            FROM billing_invoiceline GROUP BY invoice_id, vat_percent, vat_exempt
        ) r ON r.invoice_id = i.id GROUP BY i.id, i.number, i.vat HAVING abs(i.vat - sum(r.vat)) > 0.001""",
    "nothing is charged after a no that leaves nothing": """
        SELECT t.number, l.net FROM billing_invoiceline l JOIN billing_settlement s ON s.id = l.settlement_id
        JOIN tickets_ticket t ON t.id = s.ticket_id JOIN billing_estimate e ON e.ticket_id = t.id
        WHERE e.state = 'declined' AND e.decline_leaves_zero""",
    "every answer to a price is signed": """
        SELECT e.id FROM billing_estimate e LEFT JOIN tickets_consent c ON c.id = e.consent_id
        WHERE e.state <> 'proposed' AND (c.id IS NULL OR c.kind <> 'estimate' OR c.text <> e.text
            OR c.ticket_id <> e.ticket_id OR c.accepted <> (e.state = 'accepted'))""",
    "there is no invoice before the confirmed solution": """
        SELECT t.number FROM billing_settlement s JOIN tickets_ticket t ON t.id = s.ticket_id
        WHERE t.state <> 'confirmed' OR t.confirmed_at IS NULL OR t.confirmed_at > s.settled_at OR NOT EXISTS (
            SELECT 1 FROM tickets_clockevent c WHERE c.ticket_id = t.id AND c.name = 'solution.proposed'
            AND c.at <= s.settled_at)""",
    "no work is charged that is in the package or refused": """
        SELECT t.number, t.verdict FROM billing_invoiceline l JOIN billing_settlement s ON s.id = l.settlement_id
        JOIN tickets_ticket t ON t.id = s.ticket_id JOIN billing_billedentry b ON b.line_id = l.id
        JOIN worklog_entry w ON w.id = b.entry_id
        WHERE l.kind = 'work' AND w.service = t.service AND (
            CAST(t.verdict AS text) LIKE '%"outcome": "included"%' OR CAST(t.verdict AS text) LIKE '%"outcome": "from-quota"%'
            OR CAST(t.verdict AS text) LIKE '%"outcome": "refused"%')""",
    "work is charged once, on its own request": """
        SELECT w.id FROM billing_billedentry b JOIN worklog_entry w ON w.id = b.entry_id
        JOIN billing_invoiceline l ON l.id = b.line_id JOIN billing_settlement s ON s.id = l.settlement_id
        WHERE w.ticket_id <> s.ticket_id""",
    "a one-off fee is charged once a customer": """
        SELECT customer_id, fee FROM billing_oneofffee GROUP BY customer_id, fee HAVING count(*) > 1""",
    "corrections never take back more than was charged": """
        SELECT l.id, l.net, sum(c.net) FROM billing_invoiceline l JOIN billing_correctionline c ON c.line_id = l.id
        GROUP BY l.id, l.net HAVING l.net + sum(c.net) < -0.001""",
    "an invoice that is taken back in parts never falls below zero": """
        SELECT i.number FROM billing_invoice i JOIN billing_correction c ON c.invoice_id = i.id
        GROUP BY i.id, i.number, i.net, i.vat, i.gross HAVING i.net + sum(c.net) < -0.001 OR i.vat + sum(c.vat) < -0.001
        OR i.gross + sum(c.gross) < -0.001""",
    "what a complaint is looked at in costs no work": """
        SELECT t.number FROM billing_complaint c JOIN tickets_ticket t ON t.id = c.follow_up_id
        JOIN billing_settlement s ON s.ticket_id = t.id JOIN billing_invoiceline l ON l.settlement_id = s.id
        WHERE l.kind <> 'travel' OR c.state <> 'rejected'""",
    "a quota is neither negative nor overdrawn": """
        SELECT id, granted, carried, used FROM contracts_quotaperiod
        WHERE used < 0 OR carried < 0 OR (granted IS NOT NULL AND used > granted + carried)""",
    "what is used of a quota is the sum of its draws": """
        SELECT p.id, p.used FROM contracts_quotaperiod p LEFT JOIN tickets_quotadraw d ON d.period_id = p.id
        GROUP BY p.id, p.used HAVING
        abs(p.used - coalesce(sum(CASE WHEN d.kind = 'drawn' THEN d.amount ELSE -d.amount END), 0)) > 0.001""",
    "no request gives back more than it drew": """
        SELECT ticket_id, period_id FROM tickets_quotadraw GROUP BY ticket_id, period_id
        HAVING sum(CASE WHEN kind = 'drawn' THEN amount ELSE -amount END) < -0.001""",
    "what is closed without a solution uses no quota": """
        SELECT t.number FROM tickets_ticket t JOIN tickets_quotadraw d ON d.ticket_id = t.id WHERE t.state = 'closed'
        AND NOT EXISTS (SELECT 1 FROM tickets_overrun o WHERE o.ticket_id = t.id)
        GROUP BY t.id, t.number HAVING sum(CASE WHEN d.kind = 'drawn' THEN d.amount ELSE -d.amount END) <> 0""",
    "nothing falls due on a closed request": """
        SELECT t.number, c.key FROM tickets_ticket t JOIN tickets_clock c ON c.ticket_id = t.id
        WHERE t.state = 'closed' AND c.met IS NULL AND c.stopped_at IS NULL AND c.due_at IS NOT NULL""",
    "a promise that was kept has stopped in time": """
        SELECT ticket_id, key FROM tickets_clock WHERE met AND (stopped_at IS NULL OR stopped_at > due_at)""",
    "a clock stops after it began": """
        SELECT ticket_id, key FROM tickets_clock WHERE stopped_at < started_at OR due_at < started_at""",
    "each state has its moments": """
        SELECT number, state FROM tickets_ticket WHERE (state = 'solved' AND (solved_at IS NULL OR confirmed_at IS NOT NULL))
        OR (state = 'confirmed' AND (solved_at IS NULL OR confirmed_at IS NULL OR confirmed_at < solved_at))
        OR (state IN ('open', 'waiting', 'incomplete') AND (solved_at IS NOT NULL OR confirmed_at IS NOT NULL))
        OR (state = 'waiting') <> (waiting_since IS NOT NULL) OR registered_at < received_at
        OR (told_at IS NULL) = (notice = 'told')""",
    "work does not begin on what is incomplete": """
        SELECT number FROM tickets_ticket WHERE state = 'incomplete' AND (began_at IS NOT NULL OR CAST(missing AS text) = '[]')""",
    "what goes on elsewhere is closed": """
        SELECT t.number FROM tickets_ticket t JOIN tickets_ticket i ON i.id = t.merged_into_id
        WHERE t.state <> 'closed' OR i.customer_id <> t.customer_id OR i.id = t.id""",
    "the severity is the customer's word": """
        SELECT p.id FROM tickets_severityproposal p LEFT JOIN tickets_consent c ON c.id = p.consent_id
        WHERE (p.state = 'agreed' AND (c.id IS NULL OR NOT c.accepted))
        OR (p.state = 'refused' AND (c.id IS NULL OR c.accepted))""",
    "nobody is booked twice": """
        SELECT a.id FROM tickets_booking a JOIN tickets_booking b ON a.technician_id = b.technician_id AND a.id < b.id
        AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at""",
    "nobody is on a visit and elsewhere": """
        SELECT v.id FROM tickets_visit v JOIN tickets_booking b ON b.technician_id = v.technician_id
        WHERE v.state IN ('proposed', 'agreed') AND v.starts_at < b.ends_at AND b.starts_at < v.ends_at
        UNION SELECT v.id FROM tickets_visit v JOIN tickets_visit w ON w.technician_id = v.technician_id AND v.id < w.id
        WHERE v.state IN ('proposed', 'agreed') AND w.state IN ('proposed', 'agreed')
        AND v.starts_at < w.ends_at AND w.starts_at < v.ends_at""",
    "a visit's day is the customer's word": """
        SELECT v.id FROM tickets_visit v LEFT JOIN tickets_consent c ON c.id = v.consent_id
        WHERE v.state = 'agreed' AND (c.id IS NULL OR NOT c.accepted)""",
    "no work goes on under a restriction": """
        SELECT t.number FROM tickets_ticket t JOIN tickets_restriction r ON r.ended_at IS NULL AND r.until_at IS NULL
        AND r.vendor_id = t.vendor_id AND ((r.scope = 'request' AND r.occasion_id = t.id)
        OR (r.scope = 'contact' AND r.contact_id = t.contact_id) OR (r.scope = 'customer' AND r.customer_id = t.customer_id))
        WHERE t.began_at IS NOT NULL AND t.state IN ('incomplete', 'open', 'waiting')""",
    "numbers are used once and without a gap": """
        SELECT vendor_id FROM tickets_ticket GROUP BY vendor_id HAVING count(*) <> max(sequence) - min(sequence) + 1""",
    "a stopped promise holds work until something lets it go on": """
        SELECT t.number FROM tickets_overrun o JOIN tickets_ticket t ON t.id = o.ticket_id
        WHERE o.state IN ('price-due', 'price-asked', 'person-due', 'price-declined') AND t.began_at IS NOT NULL
        AND EXISTS (SELECT 1 FROM tickets_clock c WHERE c.ticket_id = t.id AND c.key = o.clock AND c.met = {false})""",
}
"""Each with the query that finds what must not be."""


def breaches() -> dict[str, list[tuple[object, ...]]]:
    """Return what must not be in the tables, by invariant; empty where all hold."""
    found = {}
    with connection.cursor() as cursor:
        for sentence, query in INVARIANTS.items():
            cursor.execute(
                query.replace("{false}", "false" if connection.vendor == "postgresql" else "0").replace(
                    "%", "%%"
                ),
                [],
            )
            rows = cursor.fetchall()
            if rows:
                found[sentence] = rows[:5]
    return found
