"""A price named before going on: what it says, who may answer, and what the answer does."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from billing.stories import Story, story_of
from people import by, customer_of
from pomost.billing.access import estimate_of_contact
from pomost.billing.actions import decide_estimate, propose_estimate
from pomost.billing.errors import BillingRefused
from pomost.billing.models import Estimate
from pomost.billing.queries import cost_so_far, estimate_due, open_estimate, question
from pomost.people.errors import NotFound
from pomost.remote.models import RemoteSession
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import ClockEvent, Consent, Ticket
from pomost.wire.control import Way, dump


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
def ticket(story: Story, ten: datetime) -> Ticket:
    return story.ticket("remote-help", ten, family="subiekt")


@pytest.fixture
def running(story: Story, ticket: Ticket, ten: datetime) -> RemoteSession:
    """A session that has measured 55 minutes."""
    return story.measured(story.granted(ticket, ten), 55)


def test_both_results_stand_in_the_question(
    story: Story, ticket: Ticket, running: RemoteSession, ten: datetime
) -> None:
    estimate = story.estimate(ticket, ten, more_minutes=180)

    assert (estimate.net_if_accepted, estimate.net_if_declined) == (Decimal("800.00"), Decimal("0.00"))
    assert "800,00" in estimate.text
    assert estimate.text.startswith("Trzeba odbudować indeks. ")
    assert (estimate.language, estimate.clause, estimate.decline_leaves_zero) == ("pl", "5.1", True)


def test_the_question_fits_the_wire(
    story: Story, ticket: Ticket, running: RemoteSession, ten: datetime
) -> None:
    asked = question(story.estimate(ticket, ten, more_minutes=180))

    assert (asked.if_yes.net, asked.if_no.net, asked.if_yes.currency) == ("800.00", "0.00", "PLN")
    assert '"ask_estimate"' in dump(Way.DESK_TO_AGENT, asked)


def test_the_answer_is_a_consent_to_the_very_text(
    story: Story, ticket: Ticket, running: RemoteSession, ten: datetime
) -> None:
    estimate = story.decided(story.estimate(ticket, ten, more_minutes=25), ten, accepted=True)

    assert estimate.consent is not None
    assert (estimate.consent.text, estimate.consent.text_sha256) == (estimate.text, estimate.text_sha256)
    assert (estimate.consent.channel, estimate.consent.by) == ("app", by(story.ada))
    heard = ClockEvent.objects.filter(ticket=ticket, name__startswith="estimate.").values_list(
        "name", flat=True
    )
    assert set(heard) == {"estimate.proposed", "estimate.accepted"}


def test_an_answer_to_another_text_is_refused(
    story: Story, ticket: Ticket, running: RemoteSession, ten: datetime
) -> None:
    estimate = story.estimate(ticket, ten, more_minutes=25)

    with pytest.raises(BillingRefused, match="another text"):
        decide_estimate(
            estimate,
            accepted=True,
            text_sha256="0" * 64,
            contact=story.ada,
            channel="portal",
            by=by(story.ada),
            at=ten,
        )
    assert not Consent.objects.filter(kind="estimate").exists()


@pytest.mark.parametrize("first", [True, False])
def test_the_first_answer_holds(
    story: Story, ticket: Ticket, running: RemoteSession, ten: datetime, first: bool
) -> None:
    estimate = story.decided(story.estimate(ticket, ten, more_minutes=25), ten, accepted=first)

    with pytest.raises(BillingRefused, match="first answer holds"):
        story.decided(estimate, ten, accepted=not first)


def test_a_contact_of_another_customer_neither_sees_nor_answers_it(
    story: Story, ticket: Ticket, running: RemoteSession, ten: datetime
) -> None:
    estimate = story.estimate(ticket, ten, more_minutes=25)
    _borealis, boris = customer_of(story.vendor, "Borealis", "Boris", "pl")

    with pytest.raises(NotFound):
        estimate_of_contact(boris, estimate.pk)
    with pytest.raises(TicketRefused, match="cannot answer for this customer"):
        decide_estimate(
            estimate,
            accepted=True,
            text_sha256=estimate.text_sha256,
            contact=boris,
            channel="portal",
            by=by(boris),
            at=ten,
        )
    assert estimate_of_contact(story.ada, estimate.pk) == open_estimate(ticket)


def test_one_question_at_a_time(story: Story, ticket: Ticket, running: RemoteSession, ten: datetime) -> None:
    story.estimate(ticket, ten, more_minutes=25)

    with pytest.raises(BillingRefused, match="waits for the customer's answer"):
        story.estimate(ticket, ten, more_minutes=30)


@pytest.mark.parametrize(("more_minutes", "reason"), [(0, "Indeks."), (-5, "Indeks."), (25, "  ")])
def test_an_estimate_says_how_long_and_why(
    story: Story, ticket: Ticket, ten: datetime, more_minutes: int, reason: str
) -> None:
    with pytest.raises(BillingRefused, match="how much longer"):
        story.estimate(ticket, ten, more_minutes=more_minutes, reason=reason)


@pytest.mark.parametrize("state", ["solved", "confirmed", "closed", "incomplete"])
def test_only_work_that_goes_on_is_estimated(story: Story, ticket: Ticket, ten: datetime, state: str) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(state=state)

    with pytest.raises(BillingRefused, match="not in work"):
        story.estimate(ticket, ten, more_minutes=25)


def test_work_without_a_rate_needs_a_fixed_sum(story: Story, ten: datetime) -> None:
    navireo = story.ticket("remote-help", ten, family="navireo")
    with pytest.raises(BillingRefused, match="Name a fixed sum"):
        story.estimate(navireo, ten, more_minutes=60)

    estimate = propose_estimate(
        navireo,
        technician=story.tess,
        more_seconds=3600,
        reason="Wycena.",
        quoted_net=Decimal("450.00"),
        by=by(story.tess),
        at=ten,
    )

    assert estimate.net_if_accepted == Decimal("450.00")


def test_a_fixed_sum_does_not_replace_a_rate(story: Story, ticket: Ticket, ten: datetime) -> None:
    with pytest.raises(BillingRefused, match="fixed sum cannot replace it"):
        propose_estimate(
            ticket,
            technician=story.tess,
            more_seconds=3600,
            reason="Wycena.",
            quoted_net=Decimal("100.00"),
            by=by(story.tess),
            at=ten,
        )


def test_an_accepted_fixed_sum_is_the_price_however_long_it_took(story: Story, ten: datetime) -> None:
    ticket = story.ticket("programming", ten, family="programming")
    estimate = propose_estimate(
        ticket,
        technician=story.tess,
        more_seconds=3600,
        reason="Wzorzec wydruku.",
        quoted_net=Decimal("450.00"),
        by=by(story.tess),
        at=ten,
    )
    story.decided(estimate, ten, accepted=True)
    story.worked(ticket, ten, 200)
    story.confirmed(ticket, ten + timedelta(hours=4))

    invoice = story.invoice([ticket], ten + timedelta(hours=5))

    line = invoice.lines.get()
    assert (line.net, line.quantity, line.unit_seconds) == (Decimal("450.00"), Decimal("1.0000"), None)
    assert line.detail.endswith("16.06.2026, 10:00.")


def test_the_desk_must_ask_when_the_hour_is_used_up_and_again_when_the_accepted_sum_is(
    story: Story, ticket: Ticket, running: RemoteSession, ten: datetime
) -> None:
    before, after = estimate_due(ticket, 3599), estimate_due(ticket, 3600)
    assert before is not None
    assert after is not None
    assert (before.demanded, after.demanded, after.may_work) == (False, True, False)

    story.decided(story.estimate(ticket, ten, more_minutes=25), ten, accepted=True)

    within, beyond = estimate_due(ticket, 7199), estimate_due(ticket, 7200)
    assert within is not None
    assert beyond is not None
    assert (within.demanded, within.may_work) == (False, True)
    assert (beyond.demanded, beyond.may_work) == (True, False)


def test_terms_that_ask_for_no_estimate_never_hold_work(db: None) -> None:
    story = story_of("bonus")
    at = story.at("2026-06-16 10:00")
    ticket = story.ticket("direct-connection", at, package="licence")

    assert estimate_due(ticket, 100_000) is None


def test_where_a_no_leaves_the_time_worked_the_request_stays_open(db: None) -> None:
    story = story_of("bonus")
    at = story.at("2026-06-16 10:00")
    ticket = story.ticket("direct-connection", at)
    Ticket.objects.filter(pk=ticket.pk).update(verdict=ticket.verdict | {"outcome": "paid", "level": "act"})
    ticket.refresh_from_db()
    story.worked(ticket, at, 20)

    estimate = story.decided(story.estimate(ticket, at, more_minutes=60), at, accepted=False)

    ticket.refresh_from_db()
    assert (estimate.decline_leaves_zero, estimate.net_if_declined) == (False, Decimal("5300.00"))
    assert (estimate.net_if_accepted, ticket.state) == (Decimal("6600.00"), "open")
    assert cost_so_far(ticket, now=at).bill.net.amount == Decimal("5300.00")
    assert Estimate.objects.get().state == "declined"
