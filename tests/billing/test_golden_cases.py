"""The golden cases of money, each played from the request to the invoice by the product's own actions."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from attacks import refusal
from billing.stories import story_of
from people import by
from pomost.billing.actions import make_invoice, settle
from pomost.billing.errors import BillingRefused
from pomost.billing.models import Invoice, OneOffFee
from pomost.billing.queries import billable, cost_so_far
from pomost.contracts.actions import add_contract
from pomost.tickets.models import Ticket
from pomost.worklog.actions import enter_data_work


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


both = pytest.mark.usefixtures("both_databases")


def amounts(invoice: Invoice) -> list[tuple[str, Decimal]]:
    return [(line.kind, line.net) for line in invoice.lines.order_by("position")]


@both
def test_g_s1_two_started_hours_after_an_accepted_estimate_cost_400_net() -> None:
    story = story_of("satisoft")
    began = story.at("2026-06-16 10:02")
    ticket = story.ticket("remote-help", began, family="subiekt")
    session = story.granted(ticket, began)
    story.measured(session, 55)
    estimate = story.estimate(ticket, began + timedelta(minutes=55), more_minutes=25)
    story.decided(estimate, began + timedelta(minutes=56), accepted=True)
    story.ended(session, 80)
    story.confirmed(ticket, began + timedelta(minutes=82))

    invoice = story.invoice([ticket], began + timedelta(minutes=90))

    assert amounts(invoice) == [("work", Decimal("400.00"))]
    assert (invoice.net, invoice.vat, invoice.gross) == (
        Decimal("400.00"),
        Decimal("92.00"),
        Decimal("492.00"),
    )
    assert (estimate.net_if_accepted, estimate.net_if_declined) == (Decimal("400.00"), Decimal("0.00"))
    assert (invoice.number, invoice.lines.get().vat_percent) == ("FS/2026/06/0001", Decimal("23.00"))


@both
def test_g_s1_database_repair_is_priced_by_time() -> None:
    story = story_of("satisoft")
    began = story.at("2026-06-12 13:10")
    ticket = story.ticket("database-repair", began, family="database-repair")
    session = story.measured(story.granted(ticket, began), 50)
    story.decided(
        story.estimate(ticket, began + timedelta(minutes=50), more_minutes=30), began, accepted=True
    )
    story.ended(session, 80)
    story.confirmed(ticket, began + timedelta(minutes=82))

    invoice = story.invoice([ticket], began + timedelta(minutes=90))

    assert amounts(invoice) == [("work", Decimal("533.33"))]
    assert (invoice.vat, invoice.gross) == (Decimal("122.67"), Decimal("656.00"))


@both
def test_g_s2_after_a_no_nothing_is_to_pay_and_no_invoice_can_be_made() -> None:
    story = story_of("satisoft")
    began = story.at("2026-06-16 10:02")
    ticket = story.ticket("remote-help", began, family="subiekt")
    session = story.granted(ticket, began)
    story.measured(session, 55)
    estimate = story.estimate(ticket, began + timedelta(minutes=55), more_minutes=180)

    story.decided(estimate, began + timedelta(minutes=56), accepted=False)
    story.ended(session, 55)

    ticket.refresh_from_db()
    assert ticket.state == Ticket.State.CLOSED
    assert cost_so_far(ticket, now=began).bill.gross.amount == 0
    assert billable(story.vendor) == []
    with pytest.raises(BillingRefused, match="leave nothing to pay"):
        settle(ticket, by="desk", at=began)
    with pytest.raises(BillingRefused, match="leave nothing to pay"):
        make_invoice([ticket], by="desk", at=began)
    # Nor by a hand that goes round every action, even after opening the request and confirming it by force.
    Ticket.objects.filter(pk=ticket.pk).update(state="confirmed", solved_at=began, confirmed_at=began)
    assert "leaves nothing to pay" in refusal(
        "INSERT INTO billing_settlement (ticket_id, settled_at, clause) VALUES (%s, %s, '6')",
        ticket.pk,
        began,
    )
    assert not Invoice.objects.exists()


@both
def test_g_b1_work_on_a_copy_costs_at_least_one_hour() -> None:
    story = story_of("bonus")
    began = story.at("2026-11-20 10:00")
    ticket = story.ticket("backup-by-mail", began, package="licence")
    Ticket.objects.filter(pk=ticket.pk).update(state=Ticket.State.OPEN, missing=[])
    enter_data_work(
        ticket,
        technician=story.tess,
        worked_seconds=35 * 60,
        started_at=began,
        by=by(story.tess),
        at=began + timedelta(hours=1),
    )
    story.confirmed(ticket, began + timedelta(hours=2))

    invoice = story.invoice([ticket], began + timedelta(hours=3))

    assert amounts(invoice) == [("work", Decimal("1300.00"))]
    assert (invoice.gross, invoice.lines.get().vat_percent, invoice.currency) == (
        Decimal("1300.00"),
        None,
        "RUB",
    )


@both
def test_g_b2_the_connection_is_charged_with_the_first_session_only() -> None:
    story = story_of("bonus")
    add_contract(
        customer=story.customer,
        number="L-1",
        package="licence",
        valid_from=story.at("2026-01-01 00:00").date(),
        by="desk",
        at=story.at("2026-01-02 00:00"),
    )
    first_at, second_at = story.at("2026-11-19 10:00"), story.at("2026-11-20 10:00")
    first, second = story.ticket("direct-connection", first_at), story.ticket("direct-connection", second_at)
    story.worked(first, first_at, 95)
    story.confirmed(first, first_at + timedelta(hours=2))
    invoice = story.invoice([first], first_at + timedelta(hours=3))
    story.worked(second, second_at, 20)
    story.confirmed(second, second_at + timedelta(hours=2))

    later = story.invoice([second], second_at + timedelta(hours=3))

    assert amounts(invoice) == [("connection", Decimal("4000.00")), ("work", Decimal("2058.33"))]
    assert invoice.gross == Decimal("6058.33")
    assert amounts(later) == [("work", Decimal("1300.00"))]
    assert (invoice.number, later.number) == ("2026-0001", "2026-0002")
    assert OneOffFee.objects.get().settlement.ticket == first


@both
def test_g_b2_two_sessions_on_one_invoice_are_two_minimums_and_one_connection() -> None:
    story = story_of("bonus")
    add_contract(
        customer=story.customer,
        number="L-1",
        package="licence",
        valid_from=story.at("2026-01-01 00:00").date(),
        by="desk",
        at=story.at("2026-01-02 00:00"),
    )
    began = story.at("2026-11-19 10:00")
    one, two = story.ticket("direct-connection", began), story.ticket("direct-connection", began)
    for number, ticket in enumerate((one, two)):
        story.worked(ticket, began + timedelta(hours=2 * number), 20)
        story.confirmed(ticket, began + timedelta(hours=2 * number + 1))

    invoice = story.invoice([one, two], began + timedelta(hours=5))

    assert amounts(invoice) == [
        ("connection", Decimal("4000.00")),
        ("work", Decimal("1300.00")),
        ("work", Decimal("1300.00")),
    ]


@both
@pytest.mark.parametrize(("package", "units", "unit_seconds"), [("sla", 3, 1800), ("none", 2, 3600)])
def test_g_d1_the_contract_decides_the_unit(package: str, units: int, unit_seconds: int) -> None:
    story = story_of("damal")
    began = story.at("2026-06-16 10:00")
    if package == "sla":
        add_contract(
            customer=story.customer,
            number="SLA-1",
            package="sla",
            valid_from=story.at("2026-01-01 00:00").date(),
            by="desk",
            at=story.at("2026-01-02 00:00"),
        )
    ticket = story.ticket("remote-consultation", began)
    story.worked(ticket, began, 61)

    (job,) = cost_so_far(ticket, now=began + timedelta(hours=2)).jobs

    assert (job.charge.units, job.charge.unit_seconds, job.worked_seconds) == (units, unit_seconds, 3660)
