"""Each invariant finds what it is about: with every guard of the database taken away, one statement breaks the tables and is seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from attacks import drop_constraints, drop_guards
from billing.stories import story_of
from laws.invariants import INVARIANTS, breaches
from people import by, desk_of, with_package
from pomost.billing.actions import complain, correct_invoice, examine_complaint
from pomost.contracts.quotas import set_allowance
from pomost.rules.quota import Beyond, Carry, Grant, Period
from pomost.tickets.actions import Slot, begin_work, book
from tickets.desk_of_quotas import included, june, worked

TABLES = (
    "billing_invoice",
    "billing_invoiceline",
    "billing_estimate",
    "billing_oneofffee",
    "billing_correction",
    "billing_correctionline",
    "billing_complaint",
    "contracts_quotaperiod",
    "tickets_quotadraw",
    "tickets_ticket",
    "tickets_clock",
    "tickets_severityproposal",
    "tickets_booking",
    "tickets_overrun",
    "tickets_restriction",
    "tickets_visit",
)
KEYS = {
    "COUNTED": "(SELECT ticket_id FROM tickets_quotadraw LIMIT 1)",
    "CHARGED": "(SELECT ticket_id FROM billing_settlement LIMIT 1)",
    "CLOSED": "(SELECT id FROM tickets_ticket WHERE state = 'closed' LIMIT 1)",
}
MONEY: Mapping[str, str] = {
    "an invoice is the sum of its lines": "UPDATE billing_invoice SET net = net + 1, gross = gross + 1",
    "gross is net and VAT": "UPDATE billing_invoice SET gross = gross + 1",
    "VAT is that of each rate's sum, half up": "UPDATE billing_invoice SET vat = vat + 0.01, gross = gross + 0.01",
    "nothing is charged after a no that leaves nothing": "UPDATE billing_estimate SET state = 'declined'",
    "every answer to a price is signed": "UPDATE billing_estimate SET text = 'Something else'",
    "there is no invoice before the confirmed solution": "UPDATE billing_settlement SET settled_at = '2020-01-01'",
    "no work is charged that is in the package or refused": """UPDATE tickets_ticket
        SET verdict = replace(CAST(verdict AS text), '"outcome": "paid"', '"outcome": "included"')::jsonb""",
    "work is charged once, on its own request": "UPDATE worklog_entry SET ticket_id = CLOSED",
    "a one-off fee is charged once a customer": """INSERT INTO billing_oneofffee (customer_id, fee, settlement_id)
        SELECT customer_id, 'connection', s.id FROM billing_settlement s JOIN tickets_ticket t ON t.id = s.ticket_id,
        generate_series(1, 2)""",
    "corrections never take back more than was charged": "UPDATE billing_correctionline SET net = -1000",
    "an invoice that is taken back in parts never falls below zero": "UPDATE billing_correction SET net = -1000",
    "what a complaint is looked at in costs no work": "UPDATE billing_complaint SET follow_up_id = CHARGED",
    "each state has its moments": "UPDATE tickets_ticket SET solved_at = NULL WHERE state = 'confirmed'",
    "what goes on elsewhere is closed": "UPDATE tickets_ticket SET merged_into_id = CLOSED WHERE id = CHARGED",
    "the severity is the customer's word": """INSERT INTO tickets_severityproposal
        (ticket_id, before, after, proposed_by, proposed_at, state) VALUES (CHARGED, 'a', 'b', 'desk', now(), 'agreed')""",
    "nobody is booked twice": """INSERT INTO tickets_booking (ticket_id, technician_id, starts_at, ends_at)
        SELECT CLOSED, technician_id, starts_at + interval '30 minutes', ends_at FROM tickets_booking""",
    "nobody is on a visit and elsewhere": """INSERT INTO tickets_visit (ticket_id, state, city, address, wish, technician_id,
        starts_at, ends_at, needs_approval, sequence, asked_by, asked_at)
        SELECT CLOSED, 'proposed', 'X', '', '', technician_id, starts_at, ends_at, false, 1, 'desk', now()
        FROM tickets_booking""",
    "a visit's day is the customer's word": """INSERT INTO tickets_visit (ticket_id, state, city, address, wish, technician_id,
        starts_at, ends_at, needs_approval, sequence, asked_by, asked_at)
        SELECT CLOSED, 'agreed', 'X', '', '', technician_id, now(), now() + interval '1 hour', false, 1, 'desk', now()
        FROM tickets_booking""",
    "numbers are used once and without a gap": "UPDATE tickets_ticket SET sequence = 9000 WHERE id = CHARGED",
}
COUNTING: Mapping[str, str] = {
    "a quota is neither negative nor overdrawn": "UPDATE contracts_quotaperiod SET used = granted + carried + 1",
    "what is used of a quota is the sum of its draws": "UPDATE contracts_quotaperiod SET used = used + 0.5",
    "no request gives back more than it drew": "UPDATE tickets_quotadraw SET kind = 'given-back'",
    "what is closed without a solution uses no quota": "UPDATE tickets_ticket SET state = 'closed' WHERE id = COUNTED",
    "nothing falls due on a closed request": "UPDATE tickets_ticket SET state = 'closed' WHERE id = COUNTED",
    "a promise that was kept has stopped in time": "UPDATE tickets_clock SET met = true, stopped_at = NULL",
    "a clock stops after it began": "UPDATE tickets_clock SET started_at = '2030-01-01', due_at = '2020-01-01'",
    "work does not begin on what is incomplete": "UPDATE tickets_ticket SET state = 'incomplete' WHERE id = COUNTED",
    "no work goes on under a restriction": """INSERT INTO tickets_restriction (vendor_id, occasion_id, customer_id, contact_id,
        scope, refusal, clause, terms_id, what_happened, imposed_by, starts_at, review_at)
        SELECT vendor_id, id, customer_id, contact_id, 'contact', 'conduct', '1', terms_id, 'x', 'desk', now(), now()
        FROM tickets_ticket WHERE id = COUNTED""",
    "a stopped promise holds work until something lets it go on": """WITH broken AS (UPDATE tickets_clock SET met = false
        WHERE ticket_id = COUNTED AND key = 'solve' RETURNING ticket_id)
        INSERT INTO tickets_overrun (ticket_id, clock, clause, service, state, stopped_at)
        SELECT ticket_id, 'solve', '3.4', '', 'price-due', now() FROM broken""",
}


def money_moved() -> None:
    """Let a request be charged and corrected, another one declined, and a complaint looked at."""
    story = story_of("satisoft")
    began = story.at("2026-06-08 09:00")
    charged = story.ticket("remote-help", began, family="subiekt")
    session = story.measured(story.granted(charged, began), 55)
    story.decided(
        story.estimate(charged, began + timedelta(minutes=55), more_minutes=25), began, accepted=True
    )
    story.ended(session, 80)
    story.confirmed(charged, began + timedelta(hours=2))
    invoice = story.invoice([charged], began + timedelta(hours=3))
    at = began + timedelta(hours=4)
    correct_invoice(invoice, {1: Decimal("100.00")}, reason="Half.", by="desk", at=at)
    refused = story.ticket("remote-help", at, family="subiekt")
    session = story.measured(story.granted(refused, at), 55)
    asked = story.estimate(refused, at + timedelta(minutes=55), more_minutes=180)
    story.decided(asked, at + timedelta(minutes=56), accepted=False)
    later = began + timedelta(days=1)
    about = complain(charged, "Again.", contact=story.ada, channel="portal", by=by(story.ada), at=later)
    looked_at = examine_complaint(about, by=by(story.tess), at=later)
    slot = Slot(story.tess, later + timedelta(hours=1), later + timedelta(hours=2))
    book(looked_at, slot, by=by(story.tess), at=later)


def use_counted() -> None:
    """Let work on a request of a package that counts hours go on, with clocks that run."""
    desk = desk_of("kryzhik")
    contract = with_package(desk.acme, "nadezhny")
    grant = Grant("hours", Decimal(5), Period.MONTH, Carry.NONE, Beyond.ASK, date(2026, 1, 1))
    set_allowance(contract, grant, by="system", at=june(8))
    ticket = worked(desk, included(desk, june(9)), 40, june(10))
    begin_work(ticket, by=by(desk.tess), at=june(10))


CASES = [
    *((sentence, money_moved, attack) for sentence, attack in MONEY.items()),
    *((sentence, use_counted, attack) for sentence, attack in COUNTING.items()),
]


@pytest.mark.usefixtures("both_databases")
@pytest.mark.parametrize("which_database", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("sentence", "live", "attack"), CASES, ids=[case[0] for case in CASES])
def test_what_must_not_be_is_found(sentence: str, live: Callable[[], None], attack: str) -> None:
    live()
    assert breaches() == {}
    drop_guards()
    drop_constraints(*TABLES)
    for name, key in KEYS.items():
        attack = attack.replace(name, key)

    with connection.cursor() as cursor:
        cursor.execute(attack)
        assert cursor.rowcount > 0

    assert sentence in breaches()


def test_every_invariant_is_attacked() -> None:
    assert sorted(INVARIANTS) == sorted([*MONEY, *COUNTING])
