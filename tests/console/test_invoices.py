"""Invoices: what may be invoiced, and that nothing else can."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from console.scene import SignIn, june
from people import Cast, ask, by, desk_of
from pomost.billing.models import Invoice
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
