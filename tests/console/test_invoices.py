"""Invoices: what may be invoiced, and that nothing else can."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from console.scene import SignIn
from moments import june
from people import Cast, ask, by, desk_of
from pomost.billing.models import Correction, Invoice
from pomost.tickets import actions
from pomost.tickets.models import Ticket
from pomost.worklog.actions import enter_call

LIST = "/satisoft/console/invoices/"


@pytest.fixture
def paid_desk(db: None) -> Cast:
    made = desk_of("satisoft")
    made.bela.person.language = "en"
    made.bela.person.save(update_fields=["language"])
    return made


@pytest.fixture
def bela(paid_desk: Cast, sign_in: SignIn) -> Client:
    return sign_in(paid_desk.bela)


@pytest.fixture
def worked(paid_desk: Cast) -> Ticket:
    """A paid request with forty minutes of work, not solved yet."""
    ticket = ask(paid_desk.ada, "remote-help", june(15, 8), family="subiekt")
    enter_call(
        ticket,
        technician=paid_desk.tess,
        worked_seconds=2400,
        started_at=june(15, 8, 10),
        by=by(paid_desk.tess),
        at=june(15, 8, 50),
    )
    return ticket


def solved_and_confirmed(ticket: Ticket, desk: Cast) -> None:
    actions.propose_solution(ticket, "Done.", technician=desk.tess, by=by(desk.tess), at=june(15, 8, 55))
    actions.confirm_solution(ticket, contact=desk.ada, channel="portal", by=by(desk.ada), at=june(15, 9))


def test_what_is_not_confirmed_is_not_offered_and_cannot_be_invoiced(bela: Client, worked: Ticket) -> None:
    assert worked.number not in bela.get(LIST).content.decode()

    answer = bela.post(f"{LIST}new/", {"ticket": worked.number})

    assert answer.status_code == 409
    assert Invoice.objects.count() == 0


def test_a_confirmed_request_becomes_an_invoice_with_its_document(
    bela: Client, worked: Ticket, paid_desk: Cast
) -> None:
    solved_and_confirmed(worked, paid_desk)
    assert worked.number in bela.get(LIST).content.decode()

    bela.post(f"{LIST}new/", {"ticket": worked.number})

    invoice = Invoice.objects.get()
    assert invoice.number in bela.get(LIST).content.decode()
    document = bela.get(f"{LIST}{invoice.number}/pdf/")
    assert document["Content-Type"] == "application/pdf"
    assert document.content.startswith(b"%PDF")


def test_nothing_chosen_makes_nothing(bela: Client) -> None:
    assert bela.post(f"{LIST}new/").status_code == 409


def test_a_document_of_another_vendor_does_not_exist_here(paid_desk: Cast, sign_in: SignIn) -> None:
    assert sign_in(paid_desk.nils).get("/neighbour/console/invoices/FS/2026/06/0001/pdf/").status_code == 404


def test_more_to_invoice_needs_no_more_queries(
    bela: Client,
    worked: Ticket,
    paid_desk: Cast,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    solved_and_confirmed(worked, paid_desk)
    for place in range(6):
        contact = paid_desk.ada if place % 2 else paid_desk.boris
        ticket = ask(contact, "remote-help", june(14, 8, place), family="subiekt")
        enter_call(
            ticket,
            technician=paid_desk.tess,
            worked_seconds=2400,
            started_at=june(14, 9),
            by=by(paid_desk.tess),
            at=june(14, 10),
        )
        actions.propose_solution(ticket, "Done.", technician=paid_desk.tess, by="desk", at=june(14, 11))
        actions.confirm_solution(ticket, contact=contact, channel="portal", by=by(contact), at=june(14, 12))

    with django_assert_max_num_queries(16):
        html = bela.get(LIST).content.decode()

    assert html.count('name="ticket"') == 7


@pytest.fixture
def invoice(bela: Client, worked: Ticket, paid_desk: Cast) -> Invoice:
    solved_and_confirmed(worked, paid_desk)
    bela.post(f"{LIST}new/", {"ticket": worked.number})
    return Invoice.objects.get()


def test_an_invoice_is_corrected_and_both_documents_stay(bela: Client, invoice: Invoice) -> None:
    address = f"{LIST}{invoice.number}/"
    assert "The invoice itself is never changed" in bela.get(address).content.decode()

    bela.post(f"{address}correct/", {"net-1": "50.00", "reason": "Counted twice."})

    correction = Correction.objects.get()
    page = bela.get(address).content.decode()
    assert correction.number in page
    assert "Counted twice." in page
    document = bela.get(f"/satisoft/console/corrections/{correction.number}/pdf/")
    assert document.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"net-1": "50.00", "reason": ""}, 422),
        ({"net-1": "250.00", "reason": "More."}, 422),
        ({"net-1": "much", "reason": "Typo."}, 422),
        ({"net-1": "NaN", "reason": "Typo."}, 422),
        ({"net-1": "200.00", "reason": "The same."}, 409),
    ],
)
def test_a_correction_that_cannot_be_keeps_what_was_typed(
    bela: Client, invoice: Invoice, typed: dict[str, str], status: int
) -> None:
    answer = bela.post(f"{LIST}{invoice.number}/correct/", typed)

    assert answer.status_code == status
    assert typed["reason"] in answer.content.decode()
    assert not Correction.objects.exists()


def test_a_payment_is_noted_and_what_is_still_to_pay_falls(bela: Client, invoice: Invoice) -> None:
    address = f"{LIST}{invoice.number}/"

    bela.post(f"{address}pay/", {"amount": "100.00", "received_on": "2026-06-15", "note": "transfer"})

    assert "146.00" in bela.get(address).content.decode()
    refused = bela.post(f"{address}pay/", {"amount": "-100.01", "received_on": "2026-06-15"})
    assert refused.status_code == 409
    assert "More cannot be sent back than came." in refused.content.decode()
