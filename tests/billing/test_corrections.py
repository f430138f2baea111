"""Corrections and payments: documents beside the invoice, which stays as it was issued."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from attacks import refusal, refused, run_sql
from billing.rows import NOON, Rows, make_rows
from billing.stories import Story, story_of
from pomost.billing.actions import correct_invoice, note_payment, render_correction_pdf
from pomost.billing.corrected import pay_received, standing
from pomost.billing.correction_document import correction_html
from pomost.billing.errors import BillingRefused
from pomost.billing.models import Correction, CorrectionLine, Invoice, Payment
from pomost.journal.models import Fact


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def story(db: None) -> Story:
    return story_of("satisoft")


@pytest.fixture
def ten(story: Story) -> datetime:
    return story.at("2026-06-16 10:00")


@pytest.fixture
def invoice(story: Story, ten: datetime) -> Invoice:
    """400.00 for one request and 250.00 for another: 650.00 net, 149.50 VAT, 799.50 gross."""
    first = story.ticket("remote-help", ten, family="subiekt")
    session = story.measured(story.granted(first, ten), 55)
    story.decided(story.estimate(first, ten, more_minutes=25), ten, accepted=True)
    story.ended(session, 80)
    story.confirmed(first, ten + timedelta(hours=2))
    later = ten + timedelta(hours=3)
    second = story.ticket("remote-help", later, family="rewizor")
    story.worked(second, later, 20)
    story.confirmed(second, later + timedelta(hours=1))
    return story.invoice([first, second], ten + timedelta(hours=5))


def corrected(
    invoice: Invoice, nets: dict[int, str], at: datetime, reason: str = "Źle policzony czas."
) -> Correction:
    return correct_invoice(
        invoice, {place: Decimal(net) for place, net in nets.items()}, reason=reason, by="desk", at=at
    )


def test_a_correction_has_its_own_number_and_the_invoice_stays(invoice: Invoice, ten: datetime) -> None:
    correction = corrected(invoice, {1: "200.00"}, ten + timedelta(days=1))

    assert correction.number == "K/FS/2026/06/0001"
    assert (correction.net, correction.vat, correction.gross) == (
        Decimal("-200.00"),
        Decimal("-46.00"),
        Decimal("-246.00"),
    )
    assert Invoice.objects.get().gross == Decimal("799.50")
    assert standing(invoice).left.gross.amount == Decimal("553.50")
    assert Fact.objects.filter(kind="invoice.corrected").count() == 2


def test_what_is_taken_back_in_parts_ends_at_zero_and_no_further(invoice: Invoice, ten: datetime) -> None:
    corrected(invoice, {1: "133.33"}, ten + timedelta(days=1))
    corrected(invoice, {1: "0.01", 2: "99.99"}, ten + timedelta(days=2))
    last = corrected(invoice, {1: "0", 2: "0"}, ten + timedelta(days=3))

    assert last.number == "K/FS/2026/06/0003"
    assert standing(invoice).left.gross.amount == 0
    with pytest.raises(BillingRefused, match="lowers at least one line"):
        corrected(invoice, {1: "0"}, ten + timedelta(days=4))


@pytest.mark.parametrize("nets", [{}, {1: "400.00"}, {1: "400.01"}, {1: "-0.01"}, {2: "300"}])
def test_a_correction_never_raises_and_never_takes_more_than_is_left(
    invoice: Invoice, ten: datetime, nets: dict[int, str]
) -> None:
    with pytest.raises(BillingRefused, match="lowers at least one line"):
        corrected(invoice, nets, ten)
    assert not Correction.objects.exists()


def test_a_correction_says_why_and_of_which_line(invoice: Invoice, ten: datetime) -> None:
    with pytest.raises(BillingRefused, match="Say why"):
        corrected(invoice, {1: "0"}, ten, reason="  ")
    with pytest.raises(BillingRefused, match="no line 7"):
        corrected(invoice, {7: "0"}, ten)
    with pytest.raises(BillingRefused, match="two decimals"):
        corrected(invoice, {1: "1.005"}, ten)


def test_the_document_shows_what_stood_before_and_after_and_stays(invoice: Invoice, ten: datetime) -> None:
    corrected(invoice, {1: "300.00"}, ten + timedelta(days=1))
    second = corrected(invoice, {1: "100.00"}, ten + timedelta(days=2), reason="Rabat <b>za</b> zwłokę")

    page = correction_html(second).replace("\N{NO-BREAK SPACE}", " ")

    assert "300,00" in page
    assert "-200,00" in page.replace("\N{MINUS SIGN}", "-")
    assert "dwieście czterdzieści sześć złotych 00/100" in page
    assert invoice.number in page
    assert "<b>za</b>" not in page
    first = render_correction_pdf(second)
    assert first.startswith(b"%PDF")
    corrected(invoice, {1: "0"}, ten + timedelta(days=3))
    assert render_correction_pdf(second) == first
    assert correction_html(second).replace("\N{NO-BREAK SPACE}", " ") == page


# --- payments ------------------------------------------------------------------------------------------------------------------


def paid(invoice: Invoice, amount: str, day: str = "2026-06-20") -> Payment:
    at = datetime.fromisoformat("2026-06-25T10:00:00+00:00")
    return note_payment(
        invoice, Decimal(amount), received_on=date.fromisoformat(day), note="przelew", by="desk", at=at
    )


def test_what_was_paid_for_a_request_is_its_share(invoice: Invoice) -> None:
    first, second = (line.settlement.ticket_id for line in invoice.lines.order_by("position"))
    assert pay_received(invoice, first).amount == 0

    paid(invoice, "399.75")
    assert (pay_received(invoice, first).amount, pay_received(invoice, second).amount) == (
        Decimal("246.00"),
        Decimal("153.75"),
    )

    paid(invoice, "500.00")
    assert pay_received(invoice, first).amount == Decimal("492.00")
    assert standing(invoice).to_pay == Decimal("-100.25")


def test_what_was_taken_back_is_no_pay_received(invoice: Invoice, ten: datetime) -> None:
    paid(invoice, "799.50")
    corrected(invoice, {1: "0"}, ten + timedelta(days=1))
    first, second = (line.settlement.ticket_id for line in invoice.lines.order_by("position"))

    assert (pay_received(invoice, first).amount, pay_received(invoice, second).amount) == (
        Decimal("0.00"),
        Decimal("307.50"),
    )
    corrected(invoice, {2: "0"}, ten + timedelta(days=2))
    assert pay_received(invoice, second).amount == 0


def test_no_more_is_sent_back_than_came(invoice: Invoice) -> None:
    paid(invoice, "100.00")
    paid(invoice, "-40.00")
    for amount in ("-60.01", "0", "0.001"):
        with pytest.raises(BillingRefused):
            paid(invoice, amount)
    with pytest.raises(BillingRefused, match="yet to come"):
        paid(invoice, "1.00", "2026-06-26")
    assert standing(invoice).paid == Decimal("60.00")


# --- raw SQL, each attack beside what is allowed --------------------------------------------------------------------


@pytest.fixture
def rows(both_databases: object) -> Rows:
    return make_rows()


CORRECT = (
    "INSERT INTO billing_correction (vendor_id, year, sequence, number, invoice_id, issued_on, reason, net, vat, gross, issued_at)"
    " SELECT vendor_id, 2026, %s, %s, id, '2026-06-17', 'x', %s, 0, %s, %s FROM billing_invoice WHERE id = %s"
)
LINE = "INSERT INTO billing_correctionline (correction_id, line_id, net) VALUES (%s, %s, %s)"
PAY = (
    "INSERT INTO billing_payment (invoice_id, amount, received_on, note, recorded_at)"
    " VALUES (%s, %s, '2026-06-17', '', %s)"
)


def test_corrections_have_no_gap_and_never_exceed_the_invoice(rows: Rows) -> None:
    invoice = rows.invoice(net="0.30")

    assert "next number" in refusal(CORRECT, 2, "K2", "-0.10", "-0.10", NOON, invoice.pk)
    assert run_sql(CORRECT, 1, "K1", "-0.10", "-0.10", NOON, invoice.pk) == 1
    assert "more than the invoice" in refusal(CORRECT, 2, "K2", "-0.21", "-0.21", NOON, invoice.pk)
    assert run_sql(CORRECT, 2, "K2", "-0.20", "-0.20", NOON, invoice.pk) == 1
    refusal(CORRECT, 3, "K3", "0.10", "0.10", NOON, invoice.pk)


def test_a_correction_takes_back_lines_of_its_own_invoice_only(rows: Rows) -> None:
    invoice, other = rows.invoice(), rows.invoice(sequence=2)
    ours = rows.line(invoice, rows.settlement(rows.ticket()))
    theirs = rows.line(other, rows.settlement(rows.ticket()))
    run_sql(CORRECT, 1, "K1", "-60.00", "-60.00", NOON, invoice.pk)
    correction = Correction.objects.get()

    assert "its own invoice" in refusal(LINE, correction.pk, theirs.pk, "-10")
    assert "what is left" in refusal(LINE, correction.pk, ours.pk, "-60.01")
    assert run_sql(LINE, correction.pk, ours.pk, "-60") == 1
    refusal(LINE, correction.pk, ours.pk, "-1")
    run_sql(CORRECT, 2, "K2", "-40.00", "-40.00", NOON, invoice.pk)
    second = Correction.objects.get(sequence=2)
    Correction.objects.filter(pk=second.pk).update(pdf=b"%PDF")
    assert "what is left" in refusal(LINE, second.pk, ours.pk, "-40")


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE billing_correction SET net = -1, gross = -1 WHERE id > %s",
        "UPDATE billing_correction SET reason = 'other' WHERE id > %s",
        "UPDATE billing_correction SET pdf = NULL WHERE id > %s",
        "DELETE FROM billing_correction WHERE id > %s",
        "UPDATE billing_correctionline SET net = -1 WHERE id > %s",
        "DELETE FROM billing_correctionline WHERE id > %s",
        "UPDATE billing_payment SET amount = 1 WHERE id > %s",
        "DELETE FROM billing_payment WHERE id > %s",
    ],
)
def test_what_was_corrected_and_paid_stays_as_it_is(rows: Rows, attack: str) -> None:
    _attack_what_was_corrected(rows, attack)


@pytest.mark.parametrize("which_database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "attack",
    [
        "INSERT OR REPLACE INTO billing_payment SELECT * FROM billing_payment WHERE id > %s",
        "INSERT OR REPLACE INTO billing_correctionline SELECT * FROM billing_correctionline WHERE id > %s",
        "INSERT OR REPLACE INTO billing_correction SELECT * FROM billing_correction WHERE id > %s",
    ],
)
def test_replace_finds_no_way_round(rows: Rows, attack: str) -> None:
    _attack_what_was_corrected(rows, attack)


def _attack_what_was_corrected(rows: Rows, attack: str) -> None:
    invoice = rows.invoice()
    line = rows.line(invoice, rows.settlement(rows.ticket()))
    run_sql(CORRECT, 1, "K1", "-60.00", "-60.00", NOON, invoice.pk)
    run_sql(LINE, Correction.objects.get().pk, line.pk, "-60")
    run_sql(PAY, invoice.pk, "40.00", NOON)

    refusal(attack, 0)
    assert (CorrectionLine.objects.get().net, Payment.objects.get().amount) == (
        Decimal("-60.00"),
        Decimal("40.00"),
    )


def test_payments_never_fall_below_zero(rows: Rows) -> None:
    invoice = rows.invoice()
    run_sql(PAY, invoice.pk, "0.30", NOON)

    assert "sent back" in refusal(PAY, invoice.pk, "-0.31", NOON)
    assert run_sql(PAY, invoice.pk, "-0.30", NOON) == 1
    refused(
        "payment_is_something",
        lambda: Payment.objects.create(
            invoice=invoice, amount=0, received_on=date(2026, 6, 17), recorded_at=NOON
        ),
    )
