"""Laws of money over random histories, played by the actions: nothing without consent, nothing after a no, sums to the cent."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.stories import Story, story_of
from people import by
from pomost.billing.actions import correct_invoice
from pomost.billing.corrected import standing
from pomost.billing.errors import BillingRefused
from pomost.billing.models import Estimate, Invoice
from pomost.tickets.models import Ticket
from pomost.worklog.actions import enter_data_work

ONE_HOUR = Decimal("200.00")
"""What the budget of the terms allows without an estimate: one started hour."""
ASKED = st.none() | st.tuples(st.integers(1, 300), st.sampled_from(["accepted", "declined", "unanswered"]))
HISTORIES = st.lists(st.tuples(st.integers(1, 200), ASKED), min_size=1, max_size=3)


def play(story: Story, history: list[tuple[int, tuple[int, str] | None]]) -> Ticket:
    """Work, ask and answer; what the desk refuses is left out, as it would be."""
    at = story.at("2026-06-15 00:00")
    ticket = story.ticket("remote-help", at, family="subiekt")
    for minutes, asked in history:
        ticket.refresh_from_db()
        if ticket.state == Ticket.State.CLOSED:
            break
        at += timedelta(minutes=minutes)
        enter_data_work(
            ticket,
            technician=story.tess,
            worked_seconds=minutes * 60,
            started_at=at - timedelta(minutes=minutes),
            by=by(story.tess),
            at=at,
        )
        if asked is None or Estimate.objects.filter(ticket=ticket, state="proposed").exists():
            continue
        estimate = story.estimate(ticket, at, more_minutes=asked[0])
        if asked[1] != "unanswered":
            story.decided(estimate, at, accepted=asked[1] == "accepted")
    ticket.refresh_from_db()
    return ticket


@pytest.mark.django_db
@settings(max_examples=25)
@given(history=HISTORIES, share=st.integers(0, 99))
def test_no_history_charges_what_nobody_agreed_to(
    history: list[tuple[int, tuple[int, str] | None]], share: int
) -> None:
    with transaction.atomic():
        story = story_of("satisoft")
        _holds(story, play(story, history), share)
        transaction.set_rollback(True)


def _holds(story: Story, ticket: Ticket, share: int) -> None:
    later = story.at("2026-06-17 09:00")
    answers = list(Estimate.objects.filter(ticket=ticket).order_by("pk"))
    with pytest.raises(BillingRefused):
        story.invoice([ticket], later)  # before the solution there is no invoice
    if any(each.state == "declined" for each in answers):
        assert ticket.state == Ticket.State.CLOSED
        return
    story.confirmed(ticket, later)
    if any(each.state == "proposed" for each in answers):
        with pytest.raises(BillingRefused):
            story.invoice([ticket], later + timedelta(hours=1))
        return

    invoice = story.invoice([ticket], later + timedelta(hours=1))

    agreed = max([ONE_HOUR, *(each.net_if_accepted for each in answers)])
    assert invoice.net <= agreed
    assert invoice.net == sum(line.net for line in invoice.lines.all())
    assert invoice.gross == invoice.net + invoice.vat
    _taken_back(story, invoice, share)


def _taken_back(story: Story, invoice: Invoice, share: int) -> None:
    at = story.at("2026-06-18 09:00")
    line = invoice.lines.get()
    part = (line.net * share / 100).quantize(Decimal("0.01"))
    first = correct_invoice(invoice, {1: part}, reason="Part.", by="desk", at=at)
    left = standing(invoice).left
    assert (invoice.gross + first.gross, left.net.amount) == (left.gross.amount, part)
    if part:
        correct_invoice(invoice, {1: Decimal(0)}, reason="The rest.", by="desk", at=at)
    assert standing(invoice).left.gross.amount == 0
    with pytest.raises(BillingRefused):
        correct_invoice(invoice, {1: Decimal(0)}, reason="Again.", by="desk", at=at)
