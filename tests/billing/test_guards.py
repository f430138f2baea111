"""Attacks on the money tables with raw SQL, each beside what is allowed (its negative control)."""

from decimal import Decimal

import pytest

from attacks import refusal, refused, run_sql, truncation
from billing.rows import NOON, Rows, make_rows
from pomost.billing.models import Estimate, Invoice
from pomost.tickets.models import Ticket


@pytest.fixture
def rows(both_databases: object) -> Rows:
    return make_rows()


SETTLE = "INSERT INTO billing_settlement (ticket_id, settled_at, clause) VALUES (%s, %s, '6')"


def test_a_confirmed_request_can_be_settled(rows: Rows) -> None:
    assert run_sql(SETTLE, rows.ticket().pk, NOON) == 1


@pytest.mark.parametrize("state", [state for state in Ticket.State if state != Ticket.State.CONFIRMED])
def test_nothing_is_settled_before_the_solution_is_confirmed(rows: Rows, state: Ticket.State) -> None:
    assert "before the solution is confirmed" in refusal(SETTLE, rows.ticket(state).pk, NOON)


def test_a_confirmation_without_its_moment_settles_nothing(rows: Rows) -> None:
    ticket = rows.ticket()
    Ticket.objects.filter(pk=ticket.pk).update(confirmed_at=None)

    assert "before the solution is confirmed" in refusal(SETTLE, ticket.pk, NOON)


def test_after_a_no_that_costs_nothing_there_is_no_settlement(rows: Rows) -> None:
    ticket = rows.ticket()
    rows.answered(rows.estimate(ticket), accepted=False)

    assert "leaves nothing to pay" in refusal(SETTLE, ticket.pk, NOON)


def test_after_a_no_that_leaves_the_worked_time_there_is(rows: Rows) -> None:
    ticket = rows.ticket()
    rows.answered(rows.estimate(ticket, leaves_zero=False), accepted=False)

    assert run_sql(SETTLE, ticket.pk, NOON) == 1


def test_after_a_yes_there_is_a_settlement(rows: Rows) -> None:
    ticket = rows.ticket()
    rows.answered(rows.estimate(ticket), accepted=True)

    assert run_sql(SETTLE, ticket.pk, NOON) == 1


def test_an_unanswered_estimate_holds_the_settlement_back(rows: Rows) -> None:
    ticket = rows.ticket()
    rows.estimate(ticket)

    assert "unanswered" in refusal(SETTLE, ticket.pk, NOON)


def test_a_running_session_holds_the_settlement_back(rows: Rows) -> None:
    ticket = rows.ticket()
    rows.session(ticket, state="answered")

    assert "no session of it is open" in refusal(SETTLE, ticket.pk, NOON)


def test_a_request_is_settled_once(rows: Rows) -> None:
    ticket = rows.ticket()
    rows.settlement(ticket)

    refusal(SETTLE, ticket.pk, NOON)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE billing_settlement SET ticket_id = %s",
        "UPDATE billing_settlement SET clause = clause WHERE ticket_id <> %s",
        "DELETE FROM billing_settlement WHERE ticket_id <> %s",
    ],
)
def test_a_settlement_stays_as_it_is(rows: Rows, attack: str) -> None:
    rows.settlement(rows.ticket())
    declined = rows.ticket()

    refusal(attack, declined.pk)


def test_a_settled_request_takes_no_more_work(rows: Rows) -> None:
    settled, other = rows.ticket(), rows.ticket()
    rows.settlement(settled)
    enter = (
        "INSERT INTO worklog_entry (ticket_id, technician_id, source, service, family, started_at, worked_seconds, note,"
        " recorded_at) VALUES (%s, %s, 'data', 'help', '', %s, 60, '', %s)"
    )

    assert run_sql(enter, other.pk, rows.cast.tess.pk, NOON, NOON) == 1
    assert "settlement" in refusal(enter, settled.pk, rows.cast.tess.pk, NOON, NOON)


def test_no_session_is_answered_for_a_settled_request(rows: Rows) -> None:
    settled, other = rows.ticket(), rows.ticket()
    rows.settlement(settled)
    rows.session(None, state="ringing")

    assert "settle" in refusal(
        "UPDATE remote_remotesession SET ticket_id = %s, state = 'answered'", settled.pk
    )
    assert run_sql("UPDATE remote_remotesession SET ticket_id = %s, state = 'answered'", other.pk) == 1


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE tickets_ticket SET state = 'open' WHERE id = %s",
        "UPDATE tickets_ticket SET confirmed_at = NULL WHERE id = %s",
        "UPDATE tickets_ticket SET customer_id = (SELECT MAX(id) FROM people_customer) WHERE id = %s",
    ],
)
def test_a_settled_request_is_not_opened_or_moved(rows: Rows, attack: str) -> None:
    settled, free = rows.ticket(), rows.ticket()
    rows.settlement(settled)

    assert run_sql(attack, free.pk) == 1
    assert "is not opened again" in refusal(attack, settled.pk)
    assert run_sql("UPDATE tickets_ticket SET state = 'closed' WHERE id = %s", settled.pk) == 1


# --- estimates -------------------------------------------------------------------------------------------------------

ANSWER = "UPDATE billing_estimate SET state = %s, consent_id = %s, decided_at = %s WHERE id = %s"


def test_an_estimate_is_answered_by_a_consent_to_its_text(rows: Rows) -> None:
    estimate = rows.estimate(rows.ticket(Ticket.State.OPEN))
    consent = rows.consent(estimate, accepted=True)

    assert run_sql(ANSWER, "accepted", consent.pk, NOON, estimate.pk) == 1


def test_a_no_is_not_turned_into_a_yes(rows: Rows) -> None:
    estimate = rows.estimate(rows.ticket(Ticket.State.OPEN))
    no = rows.consent(estimate, accepted=False)

    assert "consent of the customer" in refusal(ANSWER, "accepted", no.pk, NOON, estimate.pk)


def test_a_consent_to_something_else_answers_nothing(rows: Rows) -> None:
    estimate = rows.estimate(rows.ticket(Ticket.State.OPEN))
    other = rows.estimate(rows.ticket(Ticket.State.OPEN))
    declaration = rows.consent(estimate, accepted=True, kind="declaration")
    elsewhere = rows.consent(other, accepted=True)

    assert "consent of the customer" in refusal(ANSWER, "accepted", declaration.pk, NOON, estimate.pk)
    assert "consent of the customer" in refusal(ANSWER, "accepted", elsewhere.pk, NOON, estimate.pk)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE billing_estimate SET state = 'accepted' WHERE id = %s",
        "UPDATE billing_estimate SET state = 'proposed', consent_id = NULL WHERE id = %s",
        "UPDATE billing_estimate SET decline_leaves_zero = (1 = 0) WHERE id = %s",
        "UPDATE billing_estimate SET ticket_id = (SELECT MAX(id) FROM tickets_ticket) WHERE id = %s",
        "DELETE FROM billing_estimate WHERE id = %s",
    ],
)
def test_a_declined_estimate_stays_declined(rows: Rows, attack: str) -> None:
    declined = rows.answered(rows.estimate(rows.ticket(Ticket.State.OPEN)), accepted=False)
    rows.ticket(Ticket.State.OPEN)

    refusal(attack, declined.pk)


def test_the_price_of_an_open_question_is_not_changed(rows: Rows) -> None:
    estimate = rows.estimate(rows.ticket(Ticket.State.OPEN))

    refusal("UPDATE billing_estimate SET net_if_accepted = 1 WHERE id = %s", estimate.pk)
    refusal("UPDATE billing_estimate SET text = 'Nothing more' WHERE id = %s", estimate.pk)


# --- invoices --------------------------------------------------------------------------------------------------------


def test_a_line_stands_on_a_settlement_of_the_same_customer(rows: Rows) -> None:
    ours, theirs = rows.settlement(rows.ticket()), rows.settlement(rows.ticket(other=True))
    invoice = rows.invoice()
    insert = (
        "INSERT INTO billing_invoiceline (invoice_id, settlement_id, position, kind, description, detail, clause, clause_from, clause_text,"
        " worked_seconds, billed_seconds, quantity, unit_price_net, net, vat_exempt, vat_clause, vat_clause_text, supplied_on)"
        " VALUES (%s, %s, 1, 'work', 'Help', '', '4', '2026-01-01', '', 60, 3600, 1, 100, 100, (1 = 0), '', '', '2026-06-16')"
    )

    assert "settlement of the same customer" in refusal(insert, invoice.pk, theirs.pk)
    refusal(insert, invoice.pk, None)
    assert run_sql(insert, invoice.pk, ours.pk) == 1


def test_a_line_of_another_vendors_request_is_refused(rows: Rows) -> None:
    neighbours = rows.settlement(rows.ticket(neighbours=True))
    invoice = rows.invoice()

    refused("settlement of the same customer", lambda: rows.line(invoice, neighbours))


def test_a_settlement_is_charged_by_one_invoice_only(rows: Rows) -> None:
    settlement = rows.settlement(rows.ticket())
    rows.line(rows.invoice(), settlement)
    second = rows.invoice(sequence=2)

    refused("no other invoice charges", lambda: rows.line(second, settlement))


def test_lines_never_exceed_the_sum_of_the_invoice(rows: Rows) -> None:
    settlement = rows.settlement(rows.ticket())
    invoice = rows.invoice(net="0.30")
    rows.line(invoice, settlement, position=1, net="0.10")
    rows.line(invoice, settlement, position=2, net="0.20")

    refused("never exceed its sum", lambda: rows.line(invoice, settlement, position=3, net="0.01"))


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE billing_invoice SET net = 1, gross = 1 WHERE id = %s",
        "UPDATE billing_invoice SET number = 'X' WHERE id = %s",
        "UPDATE billing_invoice SET pdf = NULL WHERE id = %s",
        "DELETE FROM billing_invoice WHERE id = %s",
        "UPDATE billing_invoiceline SET net = 1 WHERE invoice_id = %s",
        "UPDATE billing_invoiceline SET settlement_id = settlement_id WHERE invoice_id = %s",
        "DELETE FROM billing_invoiceline WHERE invoice_id = %s",
        "DELETE FROM billing_billedentry WHERE line_id IN (SELECT id FROM billing_invoiceline WHERE invoice_id = %s)",
        "UPDATE billing_oneofffee SET fee = 'other' WHERE id > 0 OR id = %s",
        "DELETE FROM billing_oneofffee WHERE id > 0 OR id = %s",
    ],
)
def test_what_was_issued_stays_as_it_is(rows: Rows, attack: str) -> None:
    ticket = rows.ticket()
    entry = rows.entry(ticket)
    settlement = rows.settlement(ticket)
    rows.fee(settlement)
    invoice = rows.invoice()
    rows.billed(rows.line(invoice, settlement), entry)

    refusal(attack, invoice.pk)


def test_the_pdf_is_set_once(rows: Rows) -> None:
    invoice = rows.invoice()

    assert Invoice.objects.filter(pk=invoice.pk).update(pdf=b"%PDF first") == 1
    assert "set once" in refusal(
        "UPDATE billing_invoice SET pdf = %s WHERE id = %s", b"%PDF second", invoice.pk
    )


def test_the_pdf_is_set_alone(rows: Rows) -> None:
    invoice = rows.invoice()

    assert "never changed" in refusal(
        "UPDATE billing_invoice SET pdf = %s, net = 1, gross = 1 WHERE id = %s", b"%PDF", invoice.pk
    )


def test_no_line_joins_an_invoice_whose_pdf_is_made(rows: Rows) -> None:
    settlement = rows.settlement(rows.ticket())
    invoice = rows.invoice()
    Invoice.objects.filter(pk=invoice.pk).update(pdf=b"%PDF")

    refused("a line needs a settlement", lambda: rows.line(invoice, settlement))


def test_numbers_have_no_gap(rows: Rows) -> None:
    rows.invoice(sequence=1)

    refused("next number", lambda: rows.invoice(sequence=3))
    rows.invoice(sequence=2)


def test_an_entry_is_billed_for_its_own_request_only(rows: Rows) -> None:
    ticket, other = rows.ticket(), rows.ticket()
    entry, foreign = rows.entry(ticket), rows.entry(other)
    line = rows.line(rows.invoice(), rows.settlement(ticket))

    refused("its own request", lambda: rows.billed(line, foreign))
    rows.billed(line, entry)


def test_a_fee_is_charged_for_a_request_of_its_customer(rows: Rows) -> None:
    theirs = rows.settlement(rows.ticket(other=True))

    refused("of that customer", lambda: rows.fee(theirs))


@pytest.mark.parametrize("cents", [(10, 20), (53333, 12267), (1, 1), (93333, 21467), (99999999, 1)])
def test_sums_are_checked_to_the_cent_in_decimals(rows: Rows, cents: tuple[int, int]) -> None:
    net, vat = (Decimal(part) / 100 for part in cents)
    invoice = rows.invoice()
    values = {"sequence": 2, "number": "2", "net": net, "vat": vat}

    made = Invoice.objects.create(**_copy(invoice) | values | {"gross": net + vat})

    assert Invoice.objects.get(pk=made.pk).gross == net + vat
    wrong = {"sequence": 3, "number": "3", "gross": net + vat + Decimal("0.01")}
    refused("invoice_adds_up", lambda: Invoice.objects.create(**_copy(invoice) | values | wrong))


def _copy(invoice: Invoice) -> dict[str, object]:
    return {
        field.attname: getattr(invoice, field.attname)
        for field in Invoice._meta.concrete_fields
        if not field.primary_key
    }


# --- ways round a delete trigger: SQLite's REPLACE, ON CONFLICT of both, PostgreSQL's TRUNCATE -------------------------

only_sqlite = pytest.mark.parametrize("which_database", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("which_database", ["postgresql"], indirect=True)


def _billed(rows: Rows) -> None:
    """Put one row into each table that must not lose it."""
    ticket = rows.ticket()
    rows.answered(rows.estimate(ticket), accepted=True)
    entry = rows.entry(ticket)
    settlement = rows.settlement(ticket)
    rows.fee(settlement)
    rows.billed(rows.line(rows.invoice(), settlement), entry)


@only_sqlite
@pytest.mark.parametrize(
    "attack",
    [
        "INSERT OR REPLACE INTO billing_settlement (id, settled_at, clause, ticket_id)"
        " SELECT id, settled_at, 'other', ticket_id FROM billing_settlement",
        "INSERT OR REPLACE INTO billing_oneofffee (fee, customer_id, settlement_id)"
        " SELECT fee, customer_id, settlement_id FROM billing_oneofffee",
        "INSERT OR REPLACE INTO billing_billedentry (entry_id, line_id) SELECT entry_id, line_id FROM billing_billedentry",
        "UPDATE OR REPLACE billing_invoice SET number = 'I/1/2026'",
    ],
)
def test_replace_finds_no_way_round(rows: Rows, attack: str) -> None:
    _billed(rows)

    refusal(attack)


@pytest.mark.parametrize(
    "attack",
    [
        "INSERT INTO billing_settlement (settled_at, clause, ticket_id)"
        " SELECT settled_at, clause, ticket_id FROM billing_settlement WHERE id > 0"
        " ON CONFLICT (ticket_id) DO UPDATE SET clause = 'other'",
        "INSERT INTO billing_oneofffee (fee, customer_id, settlement_id)"
        " SELECT fee, customer_id, settlement_id FROM billing_oneofffee WHERE id > 0"
        " ON CONFLICT (customer_id, fee) DO UPDATE SET fee = 'other'",
        "INSERT INTO billing_billedentry (entry_id, line_id)"
        " SELECT entry_id, line_id FROM billing_billedentry WHERE id > 0"
        " ON CONFLICT (entry_id) DO UPDATE SET line_id = 0",
    ],
)
def test_a_conflict_finds_no_way_round(rows: Rows, attack: str) -> None:
    _billed(rows)

    assert "billing: " in refusal(attack)


@only_postgresql
@pytest.mark.parametrize(
    "table",
    [
        "billing_estimate",
        "billing_settlement",
        "billing_oneofffee",
        "billing_invoice",
        "billing_invoiceline",
        "billing_billedentry",
        "tickets_ticket",
        "people_vendor",
    ],
)
def test_no_table_of_money_is_emptied_nor_one_that_would_empty_it(rows: Rows, table: str) -> None:
    _billed(rows)

    assert "never changed or deleted" in truncation(table)


@only_sqlite
def test_replace_does_not_ask_a_declined_question_anew(rows: Rows) -> None:
    declined = rows.answered(rows.estimate(rows.ticket(Ticket.State.OPEN)), accepted=False)
    names = ", ".join(field.attname for field in Estimate._meta.concrete_fields)
    values = names.replace("state", "'proposed'").replace("consent_id", "NULL")

    assert "begins as the only open question" in refusal(
        f"INSERT OR REPLACE INTO billing_estimate ({names}) SELECT {values} FROM billing_estimate WHERE id = %s",  # noqa: S608 (our own column names)
        declined.pk,
    )
