"""Which day's prices and VAT count: of the work, of the accepted estimate, of the supply."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from billing.stories import TERMS, Story, story_of
from people import by
from pomost.billing.actions import make_invoice
from pomost.billing.document import html_of
from pomost.billing.models import Invoice, InvoiceLine
from pomost.billing.queries import billable, cost_so_far
from pomost.contracts.actions import add_contract, publish_terms
from pomost.tickets.models import Ticket
from pomost.worklog.actions import enter_data_work


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def with_vat_from_2026(vat_2025: str) -> Story:
    """A desk in roubles whose VAT rises with the new year, by a second price list with the same tariffs."""
    story = story_of("bonus", edit=lambda text: _two_lists(text, vat_2025))
    add_contract(
        customer=story.customer,
        number="L-1",
        package="licence",
        valid_from=date(2025, 1, 1),
        by="desk",
        at=story.at("2025-01-02 00:00"),
    )
    return story


def _two_lists(text: str, vat_2025: str) -> str:
    head, _, rest = text.partition("[[price_list]]")
    body, _, after = rest.partition("\n# ----")
    first = body.replace('vat = "none"', f'vat = "{vat_2025}"')
    tables = body[body.index("[[price_list.") :]
    clause = next(line for line in body.splitlines() if line.startswith("vat_clause"))
    second = f'\n[[price_list]]\nid = "2026"\nfrom = 2026-01-01\nvat = "22"\n{clause}\n\n{tables}'
    return f"{head}[[price_list]]{first}{second}\n# ----{after}"


def data_work(story: Story, at: str, minutes: int = 60) -> Ticket:
    began = story.at(at)
    ticket = story.ticket("backup-by-mail", began, package="licence")
    Ticket.objects.filter(pk=ticket.pk).update(state=Ticket.State.OPEN, missing=[])
    enter_data_work(
        ticket,
        technician=story.tess,
        worked_seconds=minutes * 60,
        started_at=began,
        by=by(story.tess),
        at=began + timedelta(minutes=minutes),
    )
    return story.confirmed(ticket, began + timedelta(minutes=minutes))


def sums(invoice: Invoice) -> list[tuple[Decimal | None, Decimal]]:
    return [(line.vat_percent, line.net) for line in invoice.lines.order_by("position")]


@pytest.mark.django_db
def test_work_of_31_december_and_of_1_january_are_two_vat_sums_on_one_invoice() -> None:
    story = with_vat_from_2026("20")
    old, new = data_work(story, "2025-12-31 15:00"), data_work(story, "2026-01-01 15:00")

    invoice = make_invoice([old, new], by="desk", at=story.at("2026-01-02 10:00"))

    assert sums(invoice) == [(Decimal("20.00"), Decimal("1300.00")), (Decimal("22.00"), Decimal("1300.00"))]
    assert (invoice.net, invoice.vat, invoice.gross) == (
        Decimal("2600.00"),
        Decimal("546.00"),
        Decimal("3146.00"),
    )
    assert invoice.supplied_on == date(2026, 1, 1)
    page = html_of(Invoice.objects.select_related("vendor", "customer").get(pk=invoice.pk))
    assert "НДС 20" in page
    assert "НДС 22" in page


@pytest.mark.django_db
def test_none_before_and_a_rate_after_are_two_sums_too() -> None:
    story = with_vat_from_2026("none")
    old, new = data_work(story, "2025-12-31 15:00"), data_work(story, "2026-01-01 15:00")

    invoice = make_invoice([old, new], by="desk", at=story.at("2026-01-02 10:00"))

    assert sums(invoice) == [(None, Decimal("1300.00")), (Decimal("22.00"), Decimal("1300.00"))]
    assert invoice.vat == Decimal("286.00")


@pytest.mark.django_db
def test_what_ends_after_midnight_has_the_new_vat_and_the_old_price() -> None:
    story = with_vat_from_2026("20")
    ticket = data_work(story, "2025-12-31 23:30")

    invoice = make_invoice([ticket], by="desk", at=story.at("2026-01-02 10:00"))

    assert sums(invoice) == [(Decimal("22.00"), Decimal("1300.00"))]


@pytest.mark.django_db
def test_what_is_exempt_says_so_and_why() -> None:
    story = story_of("bonus", edit=lambda text: text.replace('vat = "none"', 'vat = "exempt"'))
    add_contract(
        customer=story.customer,
        number="L-1",
        package="licence",
        valid_from=date(2025, 1, 1),
        by="desk",
        at=story.at("2025-01-02 00:00"),
    )
    invoice = make_invoice([data_work(story, "2026-02-02 15:00")], by="desk", at=story.at("2026-02-03 10:00"))

    line = invoice.lines.get()
    assert (line.vat_percent, line.vat_exempt) == (None, True)
    assert line.vat_clause_text
    page = html_of(Invoice.objects.select_related("vendor", "customer").get(pk=invoice.pk))
    assert line.vat_clause_text in page
    assert "НДС не облагается" in page


# --- prices that change between the yes and the work ---------------------------------------------------------------------


def dearer(text: str) -> str:
    """The same terms from the next day on, with doubled rates."""
    return (
        text.replace('version = "1"', 'version = "2"')
        .replace("from = 2024-01-01", "from = 2026-06-17", 1)
        .replace('rate_per_hour = "200.00"', 'rate_per_hour = "400.00"')
    )


@pytest.fixture
def story(db: None) -> Story:
    return story_of("satisoft")


@pytest.fixture
def ten(story: Story) -> datetime:
    return story.at("2026-06-16 10:00")


def raise_prices(story: Story, at: datetime) -> None:
    publish_terms(story.vendor, dearer((TERMS / "satisoft.toml").read_text()), by="system", at=at)


def test_a_price_that_was_accepted_stays_whatever_the_price_list_says_later(
    story: Story, ten: datetime
) -> None:
    ticket = story.ticket("remote-help", ten, family="subiekt")
    story.worked(ticket, ten, 40)
    estimate = story.decided(
        story.estimate(ticket, ten + timedelta(hours=1), more_minutes=60), ten, accepted=True
    )
    raise_prices(story, ten + timedelta(hours=2))
    tomorrow = ten + timedelta(days=1)
    story.worked(ticket, tomorrow, 60)
    story.confirmed(ticket, tomorrow + timedelta(hours=2))

    invoice = story.invoice([ticket], tomorrow + timedelta(hours=3))

    assert (invoice.net, estimate.net_if_accepted) == (Decimal("400.00"), Decimal("400.00"))
    line = invoice.lines.get()
    assert (line.unit_price_net, line.clause_from) == (Decimal("200.00"), date(2024, 1, 1))


def test_without_an_accepted_price_work_has_the_price_of_its_day(story: Story, ten: datetime) -> None:
    ticket = story.ticket("remote-help", ten, family="subiekt")
    story.worked(ticket, ten, 20)
    raise_prices(story, ten + timedelta(hours=2))
    tomorrow = ten + timedelta(days=1)
    story.worked(ticket, tomorrow, 20)
    story.confirmed(ticket, tomorrow + timedelta(hours=2))
    assert [each.net.amount for each in billable(story.vendor)] == [Decimal("600.00")]

    invoice = story.invoice([ticket], tomorrow + timedelta(hours=3))

    assert [(line.net, line.clause_from) for line in invoice.lines.order_by("position")] == [
        (Decimal("200.00"), date(2024, 1, 1)),
        (Decimal("400.00"), date(2026, 6, 17)),
    ]


def test_a_further_estimate_keeps_the_prices_of_the_first(story: Story, ten: datetime) -> None:
    ticket = story.ticket("remote-help", ten, family="subiekt")
    story.worked(ticket, ten, 40)
    story.decided(story.estimate(ticket, ten, more_minutes=60), ten, accepted=True)
    raise_prices(story, ten + timedelta(hours=2))
    tomorrow = ten + timedelta(days=1)
    story.worked(ticket, tomorrow, 60)

    further = story.estimate(ticket, tomorrow + timedelta(hours=2), more_minutes=60)

    assert (further.net_if_accepted, further.priced_on) == (Decimal("600.00"), date(2026, 6, 16))


def test_time_beyond_the_budget_that_nobody_agreed_to_costs_nothing(story: Story, ten: datetime) -> None:
    ticket = story.ticket("remote-help", ten, family="subiekt")
    enter_data_work(
        ticket,
        technician=story.tess,
        worked_seconds=3 * 3600,
        started_at=ten,
        by=by(story.tess),
        at=ten + timedelta(hours=4),
    )

    cost = cost_so_far(ticket, now=ten + timedelta(hours=4))

    assert (cost.bill.net.amount, cost.worked_seconds, cost.unagreed_seconds) == (
        Decimal("200.00"),
        3 * 3600,
        2 * 3600,
    )


def test_an_invoice_never_asks_for_more_than_the_accepted_sum(story: Story, ten: datetime) -> None:
    ticket = story.ticket("remote-help", ten, family="subiekt")
    story.worked(ticket, ten, 40)
    estimate = story.decided(story.estimate(ticket, ten, more_minutes=60), ten, accepted=True)
    enter_data_work(
        ticket,
        technician=story.tess,
        worked_seconds=5 * 3600,
        started_at=ten + timedelta(hours=1),
        by=by(story.tess),
        at=ten + timedelta(hours=7),
    )
    story.confirmed(ticket, ten + timedelta(hours=8))

    invoice = story.invoice([ticket], ten + timedelta(hours=9))

    assert invoice.net == estimate.net_if_accepted
    assert InvoiceLine.objects.get().worked_seconds == 40 * 60 + 5 * 3600
