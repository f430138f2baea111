"""Settling and invoicing: when, for whom, under which number, and what an invoice says."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from weasyprint.urls import FatalURLFetchingError

from billing.stories import Story, story_of
from people import customer_of
from pomost.billing import access
from pomost.billing.actions import make_invoice, render_pdf, settle
from pomost.billing.document import html_of, pdf_of, shares
from pomost.billing.errors import BillingRefused
from pomost.billing.models import Invoice, Settlement
from pomost.billing.queries import billable, cost_so_far, invoices_of
from pomost.journal.models import Fact
from pomost.people.errors import NotFound
from pomost.people.models import Contact, Customer, Vendor
from pomost.people.paper import DocumentFailed, OnlyOurStatics
from pomost.remote.models import RemoteSession
from pomost.remote.queries import record_sha256
from pomost.rules.money import Money, VatRate, vat_of
from pomost.tickets.models import Ticket


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


def done(
    story: Story,
    at: datetime,
    *,
    family: str = "subiekt",
    minutes: float = 30,
    contact: Contact | None = None,
) -> Ticket:
    """A request whose work is done and confirmed."""
    ticket = story.ticket("remote-help", at, family=family, contact=contact)
    story.worked(ticket, at, minutes)
    return story.confirmed(ticket, at + timedelta(hours=1), contact=contact)


@pytest.mark.parametrize("state", ["incomplete", "open", "waiting", "solved", "closed"])
def test_nothing_is_settled_before_the_customer_confirms(story: Story, ten: datetime, state: str) -> None:
    ticket = story.ticket("remote-help", ten, family="subiekt")
    story.worked(ticket, ten, 30)
    Ticket.objects.filter(pk=ticket.pk).update(state=state)

    with pytest.raises(BillingRefused, match="not confirmed"):
        settle(ticket, by="desk", at=ten)
    assert not Settlement.objects.exists()


def test_settling_twice_is_one_settlement(story: Story, ten: datetime) -> None:
    ticket = done(story, ten)

    assert settle(ticket, by="desk", at=ten) == settle(ticket, by="desk", at=ten)
    assert Fact.objects.filter(kind="ticket.settled").count() == 1
    assert Settlement.objects.get().clause == "6"


def test_an_unanswered_estimate_and_a_running_session_hold_the_settlement_back(
    story: Story, ten: datetime
) -> None:
    ticket = story.ticket("remote-help", ten, family="subiekt")
    session = story.granted(ticket, ten)
    story.estimate(ticket, ten, more_minutes=60)
    story.confirmed(ticket, ten)

    with pytest.raises(BillingRefused, match="waits for the customer's answer"):
        settle(ticket, by="desk", at=ten)
    story.decided(ticket.estimates.get(), ten, accepted=True)
    with pytest.raises(BillingRefused, match="still runs"):
        settle(ticket, by="desk", at=ten)
    story.ended(session, 5)
    settle(ticket, by="desk", at=ten)


def test_numbers_count_up_within_the_year_and_begin_again(story: Story) -> None:
    numbers = []
    for day in ("2026-11-30 10:00", "2026-12-31 10:00", "2027-01-01 10:00"):
        at = story.at(day)
        numbers.append(story.invoice([done(story, at)], at + timedelta(hours=2)).number)

    assert numbers == ["FS/2026/11/0001", "FS/2026/12/0002", "FS/2027/01/0001"]


def test_the_day_of_issue_is_the_vendors_own(story: Story) -> None:
    late = story.at("2026-12-31 23:30")
    ticket = done(story, late - timedelta(hours=2))

    invoice = story.invoice([ticket], late + timedelta(hours=1))

    assert (invoice.issued_on, invoice.supplied_on, invoice.due_on) == (
        date(2027, 1, 1),
        date(2026, 12, 31),
        date(2027, 1, 15),
    )


def test_a_request_is_invoiced_once(story: Story, ten: datetime) -> None:
    ticket = done(story, ten)
    invoice = story.invoice([ticket], ten + timedelta(hours=2))

    with pytest.raises(BillingRefused, match=f"stands on invoice {invoice.number}"):
        story.invoice([ticket], ten + timedelta(hours=3))
    assert invoices_of(ticket) == [invoice]
    assert Invoice.objects.count() == 1


def test_an_invoice_is_for_one_customer(story: Story, ten: datetime) -> None:
    _borealis, boris = customer_of(story.vendor, "Borealis", "Boris", "pl")
    ours, theirs = done(story, ten), done(story, ten + timedelta(hours=3), contact=boris)

    with pytest.raises(BillingRefused, match="for one customer"):
        story.invoice([ours, theirs], ten + timedelta(hours=9))
    assert [(each.customer.name, each.net.amount) for each in billable(story.vendor)] == [
        ("Acme", Decimal("200.00")),
        ("Borealis", Decimal("200.00")),
    ]


def test_nobody_sees_the_invoices_of_others(story: Story, ten: datetime) -> None:
    invoice = story.invoice([done(story, ten)], ten + timedelta(hours=2))
    _borealis, boris = customer_of(story.vendor, "Borealis", "Boris", "pl")

    assert access.invoice(story.tess, invoice.number) == invoice
    assert access.invoice_of_contact(story.ada, invoice.number) == invoice
    with pytest.raises(NotFound):
        access.invoice_of_contact(boris, invoice.number)


def test_an_invoice_of_nothing_is_not_made(story: Story, ten: datetime) -> None:
    ticket = story.ticket("remote-help", ten, family="subiekt")
    story.confirmed(ticket, ten)

    with pytest.raises(BillingRefused, match="nothing to pay"):
        story.invoice([ticket], ten + timedelta(hours=1))
    with pytest.raises(BillingRefused, match="Choose the requests"):
        make_invoice([], by="desk", at=ten)
    assert not Settlement.objects.exists()


def test_work_that_nobody_priced_is_not_invoiced(story: Story, ten: datetime) -> None:
    ticket = story.ticket("remote-help", ten, family="navireo")
    session = story.answered(ticket, ten, reason="Cena do uzgodnienia.")
    RemoteSession.objects.filter(pk=session.pk).update(first_grant_at=ten)
    session.refresh_from_db()
    story.ended(session, 30)
    story.confirmed(ticket, ten + timedelta(hours=1))

    with pytest.raises(BillingRefused, match="no rate"):
        story.invoice([ticket], ten + timedelta(hours=2))
    (each,) = billable(story.vendor)
    assert each.tickets == (ticket,)


def test_sessions_of_one_request_share_its_started_hours(story: Story, ten: datetime) -> None:
    ticket = story.ticket("remote-help", ten, family="subiekt")
    story.worked(ticket, ten, 20)
    story.worked(ticket, ten + timedelta(hours=1), 25)
    story.confirmed(ticket, ten + timedelta(hours=2))

    invoice = story.invoice([ticket], ten + timedelta(hours=3))

    line = invoice.lines.get()
    assert (line.net, line.quantity, line.worked_seconds) == (Decimal("200.00"), Decimal("1.0000"), 45 * 60)
    assert line.billed_entries.count() == 2
    assert "10:00–10:20, 11:00–11:25" in line.detail


def test_the_lines_name_their_clause_and_its_words(story: Story, ten: datetime) -> None:
    invoice = story.invoice([done(story, ten, family="rewizor", minutes=61)], ten + timedelta(hours=2))

    line = invoice.lines.get()

    assert (line.description, line.clause, line.clause_from) == (
        "Pomoc zdalna, Rewizor",
        "4.2",
        date(2024, 1, 1),
    )
    assert line.clause_text.startswith("Rachmistrz, Rewizor i Gratyfikant: 250 zł netto")


def test_the_parties_stay_as_they_were_on_the_day_of_issue(story: Story, ten: datetime) -> None:
    invoice = story.invoice([done(story, ten)], ten + timedelta(hours=2))
    Customer.objects.filter(pk=story.customer.pk).update(name="Acme & Sons")
    Vendor.objects.filter(pk=story.vendor.pk).update(name="Somebody Else")

    page = html_of(Invoice.objects.select_related("vendor", "customer").get(pk=invoice.pk))

    assert "Acme &amp; Sons" not in page
    assert "Somebody Else" not in page
    assert "SatiSoft (wzór)" in page


def test_the_page_says_why_and_who_confirmed_and_names_the_record(story: Story, ten: datetime) -> None:
    ticket = done(story, ten)
    invoice = story.invoice([ticket], ten + timedelta(hours=2))

    page = html_of(Invoice.objects.select_related("vendor", "customer").get(pk=invoice.pk)).replace(
        "\N{NO-BREAK SPACE}", " "
    )

    assert "Fakturę wystawiamy dopiero po rozwiązaniu sprawy." in page
    assert "Ada, 16.06.2026, 11:03" in page
    assert "dwieście czterdzieści sześć złotych 00/100" in page
    digest = record_sha256(RemoteSession.objects.get())
    assert digest in page.replace(" ", "")


def test_a_seller_whose_address_begins_with_the_name_is_named_once(story: Story, ten: datetime) -> None:
    invoice = story.invoice([done(story, ten)], ten + timedelta(hours=2))
    name = invoice.seller["name"]
    invoice.seller |= {"address": "ul. Cicha 1"}
    plain = html_of(invoice)
    invoice.seller |= {"address": f"{name}\nul. Cicha 1"}

    assert html_of(invoice) == plain


def test_names_that_look_like_markup_stay_names(story: Story, ten: datetime) -> None:
    Customer.objects.filter(pk=story.customer.pk).update(
        name='<img src="http://10.0.0.1/x">', address="</p><script>"
    )
    story.ada.customer.refresh_from_db()

    invoice = story.invoice([done(story, ten)], ten + timedelta(hours=2))

    assert "<img" not in html_of(invoice)
    assert "<script>" not in html_of(invoice)
    assert pdf_of(invoice).startswith(b"%PDF")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x.css",
        "https://example.org/x.css",
        "file:///etc/passwd",
        "data:text/css,body{}",
        "https://static.invalid/../../../../etc/passwd",
        "https://static.invalid/no/such.css",
        "https://static.invalid@example.org/ui/invoice.css",
        "//example.org/ui/invoice.css",
    ],
)
def test_the_pdf_maker_reads_nothing_but_our_static_files(url: str) -> None:
    with pytest.raises(FatalURLFetchingError, match="may not read"):
        OnlyOurStatics().fetch(url)


def test_the_pdf_maker_reads_our_static_files() -> None:
    found = OnlyOurStatics().fetch("https://static.invalid/ui/invoice.css")

    assert found.content_type == "text/css"
    assert b".a4" in found.read()


def test_a_pdf_that_asks_for_something_else_is_not_made(
    story: Story, ten: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = story.invoice([done(story, ten)], ten + timedelta(hours=2))
    monkeypatch.setattr(
        "pomost.billing.document.html_of", lambda _invoice: '<img src="https://example.org/pixel.png">'
    )

    with pytest.raises(DocumentFailed, match=r"may not read https://example\.org/pixel\.png"):
        pdf_of(invoice)


def test_the_pdf_is_made_once_and_kept(story: Story, ten: datetime) -> None:
    invoice = story.invoice([done(story, ten)], ten + timedelta(hours=2))

    first = render_pdf(invoice)

    assert first.startswith(b"%PDF")
    assert render_pdf(invoice) == first == bytes(Invoice.objects.get().pdf or b"")


@given(
    nets=st.lists(st.decimals(min_value="0.01", max_value="99999.99", places=2), min_size=1, max_size=12),
    percent=st.sampled_from(["0", "5", "8", "20", "22", "23"]),
)
def test_the_shares_of_the_tax_add_up_to_the_tax_on_the_sum(nets: list[Decimal], percent: str) -> None:
    rate = VatRate(Decimal(percent))
    sums = [Money(net, "PLN") for net in nets]

    found = shares(sums, rate)

    whole = vat_of(sum(sums, Money.zero("PLN")), rate)
    assert sum(found, Money.zero("PLN")) == whole
    assert all(
        abs(share.amount - vat_of(net, rate).amount) <= Decimal("0.02")
        for share, net in zip(found, sums, strict=True)
    )


def test_the_running_session_counts_in_what_it_costs_so_far(story: Story, ten: datetime) -> None:
    ticket = story.ticket("remote-help", ten, family="subiekt")
    story.measured(story.granted(ticket, ten), 12)

    cost = cost_so_far(ticket, now=ten + timedelta(minutes=12))

    assert (cost.worked_seconds, cost.bill.net.amount) == (720, Decimal("200.00"))
