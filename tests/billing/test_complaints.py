"""Complaints: when they are in time, what is decided, what they cost, and what the database holds."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from attacks import refusal, run_sql
from billing.rows import NOON, Rows, make_rows
from billing.stories import Story, story_of
from people import by, customer_of
from pomost.billing.actions import (
    accept_complaint,
    appeal_complaint,
    complain,
    examine_complaint,
    note_payment,
    reject_complaint,
    settle,
)
from pomost.billing.complained import judged, liability
from pomost.billing.errors import BillingRefused
from pomost.billing.models import Complaint, Invoice
from pomost.billing.queries import billable, cost_so_far
from pomost.contracts.queries import local_day
from pomost.tickets.actions import Slot, book, confirm_solution, propose_solution, sweep
from pomost.tickets.models import DecisionKept, Ticket
from pomost.worklog.actions import TravelAgreed, enter_call, enter_travel
from pomost.worklog.errors import EntryRefused


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def story(db: None) -> Story:
    return story_of("damal")


@pytest.fixture
def done(story: Story) -> Ticket:
    """Work that was confirmed on Thursday, 30 April 2026, before two holidays and a Saturday."""
    began = story.at("2026-04-30 09:00")
    ticket = story.ticket("remote-consultation", began)
    story.worked(ticket, began, 61)
    return story.confirmed(ticket, story.at("2026-04-30 11:57"))


def complaint(story: Story, ticket: Ticket, at: str) -> Complaint:
    return complain(
        ticket, "Znowu nie drukuje.", contact=story.ada, channel="portal", by=by(story.ada), at=story.at(at)
    )


def rejected(story: Story, about: Complaint, at: str) -> Complaint:
    return reject_complaint(
        about,
        reason="Drukarka nie ma papieru.",
        clause="4",
        technician=story.tess,
        by=by(story.tess),
        at=story.at(at),
    )


def invoiced(story: Story, ticket: Ticket) -> Invoice:
    return story.invoice([ticket], story.at("2026-04-30 13:00"))


# --- G-D2: the window ---------------------------------------------------------------------------------------------------------------


def test_g_d2_without_another_order_a_complaint_is_in_time_until_the_third_working_day_ends(
    story: Story, done: Ticket
) -> None:
    assert complaint(story, done, "2026-05-06 23:59").outcome == "in-time"

    kept = DecisionKept.objects.get(subject="complaint")
    assert (kept.outcome, kept.clause) == ("in-time", "1")
    facts = {fact["name"]: fact["value"] for fact in kept.body["facts"]}
    assert facts["complaint-until"] == "2026-05-07T00:00:00+02:00"
    assert facts["guarantee-until"] == "2026-05-14"


def test_g_d2_the_next_ordered_service_closes_the_window(story: Story, done: Ticket) -> None:
    later = story.ticket("remote-consultation", story.at("2026-05-04 09:00"))
    starts = story.at("2026-05-05 10:00")
    book(
        later,
        Slot(story.tess, starts, starts + timedelta(hours=1)),
        by=by(story.tess),
        at=story.at("2026-05-04 09:05"),
    )

    assert judged(done, story.at("2026-05-05 09:59")).outcome == "in-time"
    assert judged(done, starts).outcome == "under-guarantee"
    assert judged(done, starts).value("complaint-until") == "2026-05-05T10:00:00+02:00"


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        ("2026-05-07 00:00", "under-guarantee"),
        ("2026-05-14 23:59", "under-guarantee"),
        ("2026-05-15 00:00", "late"),
    ],
)
def test_after_the_window_the_guarantee_holds_until_its_last_day_ends(
    story: Story, done: Ticket, at: str, outcome: str
) -> None:
    assert complaint(story, done, at).outcome == outcome


def test_what_a_complaint_is_looked_at_in_is_no_order(story: Story, done: Ticket) -> None:
    about = complaint(story, done, "2026-05-04 09:00")
    looked_at = examine_complaint(about, by=by(story.tess), at=story.at("2026-05-04 09:10"))
    story.worked(looked_at, story.at("2026-05-04 10:00"), 20)

    assert judged(done, story.at("2026-05-06 12:00")).outcome == "in-time"


def test_terms_without_a_rule_leave_it_to_a_person(db: None) -> None:
    story = story_of("satisoft")
    at = story.at("2026-06-16 10:00")
    ticket = story.confirmed(story.ticket("remote-help", at, family="subiekt"), at)

    about = complain(
        ticket, "No.", contact=story.ada, channel="phone", by=by(story.tess), at=at + timedelta(hours=1)
    )

    assert (about.outcome, about.clause) == ("unstated", "")
    with pytest.raises(BillingRefused, match="say why it is accepted as goodwill"):
        accept_complaint(about, by=by(story.tess), at=at + timedelta(hours=2))


# --- who may complain, and of what -----------------------------------------------------------------------------------------------


def test_only_confirmed_work_is_complained_of_and_once_at_a_time(story: Story, done: Ticket) -> None:
    open_one = story.ticket("remote-consultation", story.at("2026-05-04 09:00"))
    with pytest.raises(BillingRefused, match="not confirmed"):
        complaint(story, open_one, "2026-05-04 10:00")
    complaint(story, done, "2026-05-04 10:00")
    with pytest.raises(BillingRefused, match="waits for its decision"):
        complaint(story, done, "2026-05-04 10:01")


def test_a_contact_of_another_customer_cannot_complain(story: Story, done: Ticket) -> None:
    _borealis, boris = customer_of(story.vendor, "Borealis", "Boris", "pl")

    with pytest.raises(BillingRefused, match="cannot answer for this customer"):
        complain(
            done, "Mine too.", contact=boris, channel="portal", by=by(boris), at=story.at("2026-05-04 09:00")
        )
    with pytest.raises(BillingRefused, match="Describe what is wrong"):
        complain(
            done, " ", contact=story.ada, channel="portal", by=by(story.ada), at=story.at("2026-05-04 09:00")
        )


# --- accepted: a free repair --------------------------------------------------------------------------------------------------------


def test_an_accepted_complaint_is_repaired_free_in_a_request_of_its_own(story: Story, done: Ticket) -> None:
    about = accept_complaint(
        complaint(story, done, "2026-05-04 09:00"), by=by(story.tess), at=story.at("2026-05-04 10:00")
    )
    repair = about.follow_up
    assert repair is not None
    assert (repair.service, repair.verdict["outcome"], repair.verdict["clause"]) == (
        "guarantee-repair",
        "included",
        "1",
    )
    story.worked(repair, story.at("2026-05-04 11:00"), 90)
    story.confirmed(repair, story.at("2026-05-04 13:00"))

    assert cost_so_far(repair, now=story.at("2026-05-04 14:00")).bill.gross.amount == 0
    assert [each.tickets for each in billable(story.vendor)] == [(done,)]
    with pytest.raises(BillingRefused, match="looks at a complaint"):
        story.invoice([repair], story.at("2026-05-04 15:00"))


def test_a_late_complaint_is_accepted_only_as_goodwill_with_a_reason(story: Story, done: Ticket) -> None:
    about = complaint(story, done, "2026-05-20 09:00")
    with pytest.raises(BillingRefused, match="as goodwill"):
        accept_complaint(about, by=by(story.tess), at=story.at("2026-05-20 10:00"))

    about = accept_complaint(
        about, reason="Stały klient.", by=by(story.tess), at=story.at("2026-05-20 10:00")
    )

    assert (about.state, about.goodwill) == ("accepted", True)
    assert DecisionKept.objects.get(subject="guarantee").outcome == "goodwill"


def test_a_decision_stays(story: Story, done: Ticket) -> None:
    about = rejected(story, complaint(story, done, "2026-05-04 09:00"), "2026-05-04 10:00")

    with pytest.raises(BillingRefused, match="decided before"):
        rejected(story, about, "2026-05-04 11:00")
    with pytest.raises(BillingRefused, match="decided before"):
        accept_complaint(about, reason="x", by=by(story.tess), at=story.at("2026-05-04 11:00"))


# --- rejected: the travel is charged (D9) ----------------------------------------------------------------------------------------------


def travelled(story: Story, about: Complaint, *, net: str | None = "120.00") -> Ticket:
    looked_at = examine_complaint(about, by=by(story.tess), at=story.at("2026-05-04 09:10"))
    agreed = TravelAgreed(Decimal(net), story.ada, "phone") if net else None
    enter_travel(
        looked_at,
        technician=story.tess,
        key="travel",
        quantity=Decimal(1),
        travelled_on=date(2026, 5, 4),
        agreed=agreed,
        by=by(story.tess),
        at=story.at("2026-05-04 12:00"),
    )
    enter_call(
        looked_at,
        technician=story.tess,
        worked_seconds=3600,
        started_at=story.at("2026-05-04 10:00"),
        by=by(story.tess),
        at=story.at("2026-05-04 12:00"),
    )
    return looked_at


def test_d9_after_a_rejection_only_the_travel_is_charged_once_the_customer_had_a_say(
    story: Story, done: Ticket
) -> None:
    about = complaint(story, done, "2026-05-04 09:00")
    looked_at = travelled(story, about)
    assert cost_so_far(looked_at, now=story.at("2026-05-04 12:00")).bill.net.amount == 0

    rejected(story, about, "2026-05-04 12:30")
    with pytest.raises(BillingRefused, match="not confirmed"):
        settle(looked_at, by="desk", at=story.at("2026-05-04 13:00"))
    sweep(story.at("2026-05-08 00:00"))  # nobody objected for three working days

    looked_at.refresh_from_db()
    assert looked_at.state == Ticket.State.CONFIRMED
    invoice = story.invoice([looked_at], story.at("2026-05-08 09:00"))
    line = invoice.lines.get()
    assert (line.kind, line.clause, line.net, invoice.gross) == (
        "travel",
        "4",
        Decimal("120.00"),
        Decimal("147.60"),
    )


def test_a_travel_without_a_stated_price_asks_for_one(story: Story, done: Ticket) -> None:
    about = complaint(story, done, "2026-05-04 09:00")

    with pytest.raises(EntryRefused, match="state no price of travel"):
        travelled(story, about, net=None)


def test_travel_for_an_accepted_complaint_costs_nothing(story: Story, done: Ticket) -> None:
    about = complaint(story, done, "2026-05-04 09:00")
    looked_at = travelled(story, about)
    accept_complaint(about, by=by(story.tess), at=story.at("2026-05-04 12:30"))
    story.confirmed(looked_at, story.at("2026-05-04 13:00"))

    assert cost_so_far(looked_at, now=story.at("2026-05-04 14:00")).bill.gross.amount == 0
    assert "only after its rejection" in refusal(
        "INSERT INTO billing_settlement (ticket_id, settled_at, clause) VALUES (%s, %s, '1')",
        looked_at.pk,
        story.at("2026-05-04 15:00"),
    )


def test_a_rejection_without_travel_closes_what_it_was_looked_at_in(story: Story, done: Ticket) -> None:
    about = complaint(story, done, "2026-05-04 09:00")
    looked_at = examine_complaint(about, by=by(story.tess), at=story.at("2026-05-04 09:10"))

    rejected(story, about, "2026-05-04 12:30")

    looked_at.refresh_from_db()
    assert looked_at.state == Ticket.State.CLOSED


def test_a_rejection_names_a_clause_and_a_reason(story: Story, done: Ticket) -> None:
    about = complaint(story, done, "2026-05-04 09:00")
    for reason, clause, match in ((" ", "4", "Say why"), ("Nie.", "99", "Choose the clause")):
        with pytest.raises(BillingRefused, match=match):
            reject_complaint(
                about,
                reason=reason,
                clause=clause,
                technician=story.tess,
                by=by(story.tess),
                at=story.at("2026-05-04 10:00"),
            )


def test_a_rejection_is_appealed_against_once(story: Story, done: Ticket) -> None:
    about = complaint(story, done, "2026-05-04 09:00")
    at = story.at("2026-05-05 09:00")
    with pytest.raises(BillingRefused, match="Only a rejection"):
        appeal_complaint(about, "Ależ tak.", contact=story.ada, by=by(story.ada), at=at)
    rejected(story, about, "2026-05-04 12:30")

    about = appeal_complaint(about, "Papier jest.", contact=story.ada, by=by(story.ada), at=at)

    assert about.appeal == "Papier jest."
    with pytest.raises(BillingRefused, match="and once"):
        appeal_complaint(about, "Jest!", contact=story.ada, by=by(story.ada), at=at)


# --- liability -------------------------------------------------------------------------------------------------------------------------


def test_d8_liability_is_what_was_paid_for_this_work(story: Story, done: Ticket) -> None:
    invoice = invoiced(story, done)
    capped = liability(done)
    assert capped is not None
    assert (capped.clause, capped.value("pay-received")) == ("3", "0.00 PLN")

    at = story.at("2026-05-04 09:00")
    note_payment(invoice, Decimal("200.00"), received_on=local_day(story.vendor, at), by="desk", at=at)
    capped = liability(done)
    assert capped is not None
    assert capped.value("pay-received") == "200.00 PLN"
    complaint(story, done, "2026-05-04 10:00")
    assert DecisionKept.objects.get(subject="liability").outcome == "pay-received"


def test_terms_that_do_not_limit_it_have_no_cap(db: None) -> None:
    story = story_of("satisoft")
    at = story.at("2026-06-16 10:00")

    assert liability(story.confirmed(story.ticket("remote-help", at, family="subiekt"), at)) is None


# --- A12: silence ------------------------------------------------------------------------------------------------------------------------


def test_a12_silence_confirms_after_three_working_days_and_only_then_is_there_an_invoice(
    story: Story,
) -> None:
    began = story.at("2026-04-30 09:00")
    ticket = story.ticket("remote-consultation", began)
    story.worked(ticket, began, 61)
    propose_solution(
        ticket, "Gotowe.", technician=story.tess, by=by(story.tess), at=story.at("2026-04-30 11:00")
    )

    sweep(story.at("2026-05-06 23:59"))
    with pytest.raises(BillingRefused, match="not confirmed"):
        story.invoice([ticket], story.at("2026-05-06 23:59"))
    sweep(story.at("2026-05-07 00:00"))

    assert story.invoice([ticket], story.at("2026-05-07 08:00")).net == Decimal("360.00")
    ticket.refresh_from_db()
    assert judged(ticket, story.at("2026-05-12 23:59")).outcome == "in-time"
    assert judged(ticket, story.at("2026-05-13 00:00")).outcome == "under-guarantee"


# --- raw SQL, each attack beside what is allowed ------------------------------------------------------------------------------------


@pytest.fixture
def rows(both_databases: object) -> Rows:
    return make_rows()


COMPLAIN = (
    "INSERT INTO billing_complaint (ticket_id, contact_id, channel, text, received_at, outcome, clause, state, reason,"
    " decision_clause, goodwill, appeal) VALUES (%s, %s, 'portal', 'x', %s, %s, '1', 'open', '', '', (1 = 0), '')"
)


def row(rows: Rows, ticket: Ticket, outcome: str = "in-time") -> Complaint:
    assert run_sql(COMPLAIN, ticket.pk, rows.cast.ada.pk, NOON, outcome) == 1
    return Complaint.objects.latest("pk")


def test_a_complaint_is_about_confirmed_work_of_its_own_customer(rows: Rows) -> None:
    for state in ("open", "solved", "closed"):
        assert "confirmed work" in refusal(COMPLAIN, rows.ticket(state).pk, rows.cast.ada.pk, NOON, "in-time")
    ticket = rows.ticket()
    assert "its customer" in refusal(COMPLAIN, ticket.pk, rows.cast.boris.pk, NOON, "in-time")
    row(rows, ticket)
    refusal(COMPLAIN, ticket.pk, rows.cast.ada.pk, NOON, "in-time")


def test_a_late_one_is_not_accepted_without_goodwill_and_reason(rows: Rows) -> None:
    about, repair = row(rows, rows.ticket(), "late"), rows.ticket("open")
    accept = (
        "UPDATE billing_complaint SET state = 'accepted', decided_at = %s, follow_up_id = %s, goodwill = (1 = %s),"
        " reason = %s WHERE id = %s"
    )

    assert "goodwill" in refusal(accept, NOON, repair.pk, 0, "kept", about.pk)
    assert "goodwill" in refusal(accept, NOON, repair.pk, 1, "", about.pk)
    assert "decided once" in refusal(accept, NOON, rows.ticket("open", other=True).pk, 1, "kept", about.pk)
    assert "decided once" in refusal(accept, NOON, about.ticket_id, 1, "kept", about.pk)
    assert run_sql(accept, NOON, repair.pk, 1, "kept", about.pk) == 1


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE billing_complaint SET state = 'accepted', follow_up_id = ticket_id WHERE id > %s",
        "UPDATE billing_complaint SET state = 'open', decided_at = NULL, reason = '' WHERE id > %s",
        "UPDATE billing_complaint SET reason = 'other' WHERE id > %s",
        "UPDATE billing_complaint SET text = 'other', appeal = 'x', appealed_at = received_at WHERE id > %s",
        "DELETE FROM billing_complaint WHERE id > %s",
    ],
)
def test_a_rejection_stays_as_it_is(rows: Rows, attack: str) -> None:
    row(rows, rows.ticket())
    run_sql("UPDATE billing_complaint SET state = 'rejected', decided_at = %s, reason = 'No.'", NOON)

    refusal(attack, 0)
    appeal = "UPDATE billing_complaint SET appeal = 'Yes.', appealed_at = %s"
    assert run_sql(appeal, NOON) == 1
    assert "once" in refusal(appeal, NOON)


def test_of_a_complaint_only_travel_is_charged_and_only_after_a_rejection(rows: Rows) -> None:
    about, looked_at = row(rows, rows.ticket()), rows.ticket()
    run_sql("UPDATE billing_complaint SET follow_up_id = %s", looked_at.pk)
    settling = "INSERT INTO billing_settlement (ticket_id, settled_at, clause) VALUES (%s, %s, '6')"
    assert "only after its rejection" in refusal(settling, looked_at.pk, NOON)

    run_sql(
        "UPDATE billing_complaint SET state = 'rejected', decided_at = %s, reason = 'No.' WHERE id = %s",
        NOON,
        about.pk,
    )
    assert run_sql(settling, looked_at.pk, NOON) == 1
    insert = (
        "INSERT INTO billing_invoiceline (invoice_id, settlement_id, position, kind, description, detail, clause, clause_from,"
        " clause_text, worked_seconds, billed_seconds, quantity, unit_price_net, net, vat_exempt, vat_clause, vat_clause_text,"
        " supplied_on) SELECT %s, id, 1, %s, 'x', '', '4', '2026-01-01', '', 0, 0, 1, 100, 100, (1 = 0), '', '', '2026-06-16'"
        " FROM billing_settlement WHERE ticket_id = %s"
    )
    invoice = rows.invoice()
    assert "only the travel" in refusal(insert, invoice.pk, "work", looked_at.pk)
    assert run_sql(insert, invoice.pk, "travel", looked_at.pk) == 1


def test_travel_stays_and_an_agreed_sum_is_the_customers(rows: Rows) -> None:
    ticket, other = rows.ticket("open"), rows.ticket("open")
    insert = (
        "INSERT INTO worklog_travel (ticket_id, technician_id, key, quantity, travelled_on, agreed_net, consent_id, note,"
        " recorded_at) VALUES (%s, %s, '', 1, '2026-06-16', %s, %s, '', %s)"
    )
    tess = rows.cast.tess.pk
    yes, no = (rows.consent(rows.estimate(ticket), accepted=True, kind="travel") for _each in range(1)), None
    (agreed,) = yes
    refusal(insert, ticket.pk, tess, "50.00", no, NOON)
    assert "same request" in refusal(insert, other.pk, tess, "50.00", agreed.pk, NOON)
    assert run_sql(insert, ticket.pk, tess, "50.00", agreed.pk, NOON) == 1
    refusal(insert, ticket.pk, tess, "50.00", agreed.pk, NOON)
    for attack in ("UPDATE worklog_travel SET agreed_net = 1", "DELETE FROM worklog_travel"):
        refusal(attack)


def test_a_settled_request_takes_no_more_travel(story: Story, done: Ticket) -> None:
    settle(done, by="desk", at=story.at("2026-04-30 13:00"))

    assert "after the settlement" in refusal(
        "INSERT INTO worklog_travel (ticket_id, technician_id, key, quantity, travelled_on, note, recorded_at)"
        " VALUES (%s, %s, '', 1, '2026-06-16', '', %s)",
        done.pk,
        story.tess.pk,
        NOON,
    )


def test_a_confirmed_answer_to_the_rejection_lets_the_travel_be_charged_at_once(
    story: Story, done: Ticket
) -> None:
    about = complaint(story, done, "2026-05-04 09:00")
    looked_at = travelled(story, about)
    rejected(story, about, "2026-05-04 12:30")
    confirm_solution(
        looked_at, contact=story.ada, channel="portal", by=by(story.ada), at=story.at("2026-05-04 13:00")
    )

    assert story.invoice([looked_at], story.at("2026-05-04 14:00")).net == Decimal("120.00")


def test_the_moment_of_a_complaint_is_its_own(story: Story, done: Ticket) -> None:
    about = complaint(story, done, "2026-05-06 12:00")

    assert isinstance(about.received_at, datetime)
    assert about.received_at == story.at("2026-05-06 12:00")
