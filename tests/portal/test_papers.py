"""Documents and consents: what a customer keeps, and nobody else's."""

import pytest

from moments import june
from people import Cast, ask, by
from pomost.billing.actions import make_invoice
from pomost.billing.models import Invoice
from pomost.tickets import actions
from pomost.tickets.models import Consent
from pomost.worklog.actions import enter_call
from portal.scene import browser_of, page, queries_of, words


@pytest.fixture
def invoice(satisoft: Cast) -> Invoice:
    ticket = ask(satisoft.ada, "remote-help", june(8, 8), family="subiekt")
    tess = by(satisoft.tess)
    ticket = actions.begin_work(ticket, by=tess, at=june(8, 8, 5))
    enter_call(
        ticket,
        technician=satisoft.tess,
        worked_seconds=40 * 60,
        started_at=june(8, 8, 5),
        by=tess,
        at=june(8, 9),
    )
    ticket = actions.propose_solution(ticket, "Done.", technician=satisoft.tess, by=tess, at=june(8, 9))
    ticket = actions.confirm_solution(
        ticket, contact=satisoft.ada, channel="portal", by=by(satisoft.ada), at=june(8, 10)
    )
    return make_invoice([ticket], by=by(satisoft.bela), at=june(9, 9))


def test_an_invoice_stands_with_its_gross_sum_and_its_days(satisoft: Cast, invoice: Invoice) -> None:
    seen = words(page(browser_of(satisoft.ada), "/satisoft/documents/"))

    assert (
        f"Invoice {invoice.number} issued 9 June 2026, to be paid by 23 June 2026 246.00 PLN with VAT" in seen
    )


def test_the_document_is_the_same_byte_for_byte_each_time(satisoft: Cast, invoice: Invoice) -> None:
    browser = browser_of(satisoft.ada)
    first, second = (browser.get(f"/satisoft/invoices/{invoice.pk}.pdf") for _twice in range(2))

    assert first["Content-Type"] == "application/pdf"
    assert first.content.startswith(b"%PDF-")
    assert first.content == second.content


def test_another_customer_does_not_get_it(satisoft: Cast, invoice: Invoice) -> None:
    browser = browser_of(satisoft.boris)

    assert "No invoices yet." in words(page(browser, "/satisoft/documents/"))
    page(browser, f"/satisoft/invoices/{invoice.pk}.pdf", status=404)


def test_before_any_work_there_is_no_invoice_and_no_consent(satisoft: Cast) -> None:
    browser = browser_of(satisoft.ada)

    assert "One comes only after the work." in words(page(browser, "/satisoft/documents/"))
    assert "Nothing was agreed to or refused yet." in words(page(browser, "/satisoft/consents/"))


def test_each_consent_stands_with_its_words_its_answer_and_its_fingerprint(
    satisoft: Cast, invoice: Invoice
) -> None:
    consent = Consent.objects.get()

    html = page(browser_of(satisoft.ada), "/satisoft/consents/")

    assert consent.text in words(html)
    assert "Yes · 8 June, 9:00 · Ada" in words(html)
    assert consent.text_sha256 in html


def test_another_customers_consents_are_not_there(satisoft: Cast, invoice: Invoice) -> None:
    assert "Nothing was agreed to" in words(page(browser_of(satisoft.boris), "/satisoft/consents/"))


def test_a_list_of_consents_costs_the_same_for_one_as_for_many(satisoft: Cast, invoice: Invoice) -> None:
    browser = browser_of(satisoft.ada)
    page(browser, "/satisoft/consents/")
    before = queries_of(browser, "/satisoft/consents/")
    for _time in range(8):
        ticket = ask(satisoft.ada, "remote-help", june(8, 8), family="subiekt")
        actions.propose_solution(
            ticket, "Done.", technician=satisoft.tess, by=by(satisoft.tess), at=june(8, 9)
        )
        actions.reject_solution(
            ticket, "No.", contact=satisoft.ada, channel="portal", by=by(satisoft.ada), at=june(8, 10)
        )

    assert queries_of(browser, "/satisoft/consents/") == before
